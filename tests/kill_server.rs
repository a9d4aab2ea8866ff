//! A server that is killed at any moment has kept every request that it answered.
//!
//! `THRONG_KILLS` says how often it is killed; ten times unless it does.
#![cfg(all(feature = "shell", feature = "server", unix))]
#![allow(clippy::disallowed_methods, reason = "a test has threads, time and sockets")]

#[path = "support/command.rs"]
mod command;
mod support;

use command::Serving;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use support::generate::Random;
use support::kill::n_kills;
use support::live::check_feed;
use throng::engine::{Endpoint, Options, Throng};
use throng::model::Value;

const SEED: u64 = 815;
const TOKEN: &str = "token-of-the-tests";
/// Those who send at once: their requests share syncs.
const N_SENDERS: u64 = 3;

fn open(home: &Path) -> Throng {
    let options = Options { reserve_bytes: 0, ..Options::default() };
    Throng::open(home.join("shop"), options).unwrap()
}

/// A call of that number, as the wire has it; everybody buys once.
fn call(n: u64) -> String {
    format!(
        "{{\"type\":\"track\",\"event\":\"order\",\"userId\":\"u-{n}\",\"messageId\":\"m-{n}\",\
         \"properties\":{{\"n\":{n}}}}}"
    )
}

/// Sends a request; whether it was answered that it is kept.
fn is_kept(address: &str, path: &str, body: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(address) else { return false };
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\nAuthorization: Bearer {TOKEN}\
         \r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let _killed = stream.write_all(request.as_bytes());
    let mut reply = Vec::new();
    let _killed = stream.read_to_end(&mut reply);
    assert!(reply.is_empty() || reply.starts_with(b"HTTP/1.1 2") || reply.len() < 12, "{reply:?}");
    reply.starts_with(b"HTTP/1.1 2")
}

/// Sends one call after another, alone or three together, until nobody
/// answers. Gives the numbers of those that are kept.
fn send(address: &str, next: &AtomicU64) -> Vec<u64> {
    let mut kept = Vec::new();
    loop {
        let first = next.fetch_add(3, Ordering::Relaxed);
        let alone = first.is_multiple_of(2);
        let numbers = if alone { vec![first] } else { vec![first, first + 1, first + 2] };
        let calls: Vec<String> = numbers.iter().map(|n| call(*n)).collect();
        let answered = match alone {
            true => is_kept(address, "/v1/track", &calls[0]),
            false => is_kept(address, "/v1/batch", &format!("{{\"batch\":[{}]}}", calls.join(","))),
        };
        if !answered {
            return kept;
        }
        kept.extend(numbers);
    }
}

/// Who bought what, as the database has it.
fn bought(throng: &Throng) -> BTreeMap<String, Value> {
    let list = "list user_id, first(order.n) of people who did order limit 1000000";
    let answers = throng.query(list).unwrap();
    let rows = &answers.answers[0].rows().unwrap().rows;
    rows.iter().map(|row| (row[0].as_text().unwrap().to_string(), row[1].clone())).collect()
}

#[test]
fn a_killed_server_has_kept_every_request_that_it_answered() {
    let home = tempfile::tempdir().unwrap();
    let throng = open(home.path());
    let create = "declare event order.n: number; create audience buyers is people who did order \
                  in last 7 days; create audience late is people whose sum(order.n) >= 100";
    throng.query(create).unwrap();
    throng.close().unwrap();
    let (mut random, next, mut kept) = (Random::new(SEED), AtomicU64::new(0), Vec::new());
    for round in 0..n_kills() {
        let wait = Duration::from_millis(random.between(1, 500) as u64);
        let mut serving = Serving::new(home.path(), &["--token", TOKEN]);
        let address = Endpoint::read(&home.path().join("shop")).unwrap().unwrap().address;
        std::thread::scope(|scope| {
            let senders: Vec<_> =
                (0..N_SENDERS).map(|_| scope.spawn(|| send(&address, &next))).collect();
            std::thread::sleep(wait);
            serving.0.kill().unwrap();
            serving.0.wait().unwrap();
            kept.extend(senders.into_iter().flat_map(|sender| sender.join().unwrap()));
        });
        let (throng, context) = (open(home.path()), format!("seed {SEED}, round {round}"));
        let bought = bought(&throng);
        for n in &kept {
            let found = bought.get(&format!("u-{n}"));
            assert_eq!(found, Some(&Value::from(*n as i64)), "{context}: u-{n} of {}", kept.len());
        }
        check_feed(&throng, &context);
        assert!(throng.verify().unwrap().iter().all(|it| it.differences == 0), "{context}");
        throng.close().unwrap();
    }
    println!("{} requests' calls were answered and kept", kept.len());
    assert!(kept.len() as u64 > 10 * n_kills(), "{} calls alone were sent", kept.len());
}
