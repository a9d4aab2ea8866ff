//! Calls over HTTP, durable: one by one from few and from many clients, and in
//! batches. `cargo bench --bench http`.
#![allow(clippy::disallowed_methods, missing_docs, reason = "a bench reads the clock")]

#[path = "support/chance.rs"]
mod chance;

use chance::Chance;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};
use throng::engine::{Options, Throng};
use throng::server::{Server, Settings};

const SEED: u64 = 42;
const PEOPLE: u64 = 100_000;
const TOKEN: &str = "token-of-the-bench";
const LONG: Duration = Duration::from_secs(5);

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A sender that keeps its connection.
struct Client {
    stream: BufReader<TcpStream>,
    line: String,
    body: Vec<u8>,
}

impl Client {
    fn new(address: SocketAddr) -> Result<Client, Failure> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Client { stream: BufReader::new(stream), line: String::new(), body: Vec::new() })
    }

    /// Sends a request and reads its reply, which must be a good one.
    fn post(&mut self, request: &[u8]) -> Result<(), Failure> {
        self.stream.get_mut().write_all(request)?;
        let (mut status, mut length) = (String::new(), 0);
        loop {
            self.line.clear();
            self.stream.read_line(&mut self.line)?;
            let line = self.line.trim_end().to_ascii_lowercase();
            match line.strip_prefix("content-length:") {
                Some(told) => length = told.trim().parse()?,
                None if line.is_empty() => break,
                None if status.is_empty() => status = line,
                None => {}
            }
        }
        self.body.resize(length, 0);
        self.stream.read_exact(&mut self.body)?;
        match status.split(' ').nth(1) {
            Some("200") => Ok(()),
            _ => Err(format!("{status}: {}", String::from_utf8_lossy(&self.body)).into()),
        }
    }
}

/// A call as the shop of the race has them: about 220 bytes.
fn call(chance: &mut Chance) -> String {
    let (user, cents) = (chance.below(PEOPLE), chance.below(30_000));
    let event = ["Product Viewed", "Product Viewed", "Product Added", "Order Completed"];
    let event = event[chance.below(4) as usize];
    let id = (chance.below(1 << 31) << 31) | chance.below(1 << 31);
    format!(
        "{{\"type\":\"track\",\"event\":\"{event}\",\"userId\":\"u{user}\",\"messageId\":\"m-{id:016x}\",\
         \"properties\":{{\"product\":\"p{}\",\"category\":\"shoes\",\"price\":{}.{:02},\"quantity\":{}}}}}",
        chance.below(5_000),
        cents / 100,
        cents % 100,
        1 + chance.below(3),
    )
}

/// A request with so many calls.
fn request(chance: &mut Chance, n_calls: usize) -> Vec<u8> {
    let (path, body) = match n_calls {
        1 => ("track", call(chance)),
        n => {
            let calls: Vec<String> = (0..n).map(|_| call(chance)).collect();
            ("batch", format!("{{\"batch\":[{}]}}", calls.join(",")))
        }
    };
    let head = format!(
        "POST /v1/{path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {TOKEN}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    (head + &body).into_bytes()
}

/// What one client sends for a while, and how long each request took.
fn send(address: SocketAddr, seed: u64, n_calls: usize) -> Result<Vec<Duration>, Failure> {
    let (mut client, mut chance, mut took) = (Client::new(address)?, Chance(seed), Vec::new());
    let begun = Instant::now();
    while begun.elapsed() < LONG {
        let request = request(&mut chance, n_calls);
        let clock = Instant::now();
        client.post(&request)?;
        took.push(clock.elapsed());
    }
    Ok(took)
}

/// So many clients at once, each with so many calls in a request.
fn run(address: SocketAddr, n_clients: u64, n_calls: usize) -> Result<(), Failure> {
    let begun = Instant::now();
    let clients: Vec<_> = (0..n_clients)
        .map(|n| {
            let seed = SEED + 1_000 * n_clients + 7 * n_calls as u64 + n;
            thread::spawn(move || send(address, seed, n_calls))
        })
        .collect();
    let mut took = Vec::new();
    for client in clients {
        took.extend(client.join().map_err(|_| "a client failed")??);
    }
    let seconds = begun.elapsed().as_secs_f64();
    took.sort_unstable();
    let quantile =
        |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!(
        "{n_clients:3} clients, {n_calls:3} calls a request: {:9.0} calls/s, {:7.0} requests/s, \
         a request p50 {:.2} ms, p99 {:.2} ms",
        (took.len() * n_calls) as f64 / seconds,
        took.len() as f64 / seconds,
        quantile(0.5),
        quantile(0.99),
    );
    Ok(())
}

fn main() -> Result<(), Failure> {
    println!("durable calls over HTTP by keep-alive connections from this process, seed {SEED}");
    let directory = tempfile::tempdir()?;
    let throng = Throng::open(directory.path(), Options::default())?;
    let listen = "127.0.0.1:0".parse()?;
    let settings = Settings { listen, token: Some(TOKEN.to_owned()), ..Settings::default() };
    let server = Server::bind(throng, settings)?;
    let (address, stopper) = (server.address(), server.stopper());
    let running = thread::spawn(move || server.run());
    for (n_clients, n_calls) in [(1, 1), (8, 1), (64, 1), (1, 100), (8, 100), (64, 100)] {
        run(address, n_clients, n_calls)?;
    }
    stopper.stop();
    running.join().map_err(|_| "the server failed")??;
    Ok(())
}
