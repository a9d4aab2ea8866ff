//! A server that is killed at any moment has kept every request that it answered.
//!
//! `THRONG_KILLS` says how often it is killed; ten times unless it does.
#![cfg(all(feature = "shell", feature = "server", unix))]
#![allow(clippy::disallowed_methods, reason = "a test has threads, time and sockets")]

#[path = "support/command.rs"]
mod command;
#[path = "support/http.rs"]
mod http;
mod support;

use command::{Serving, terminate, throng};
use http::{TOKEN, get};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use support::generate::Random;
use support::kill::n_kills;
use support::live::check_feed;
use throng::engine::{CommitTime, Endpoint, Options, Throng};
use throng::model::{Body, Call, Lsn, Object, Value};

const SEED: u64 = 815;
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

/// Records enough that saying of each that it is taken in again fills a pipe.
const N_RECORDS: u64 = 2_000;
const DECLARED: &str = "declare identifier card: personal from \"properties.card\"";
const PATIENCE: Duration = Duration::from_secs(60);

/// A shop whose visitors show cards, two people the same.
fn cards(home: &Path) -> Lsn {
    let throng = open(home);
    let visit = |n: u64| {
        let card = Value::text(&format!("c{}", n / 2));
        let properties = Object::new(vec![("card".into(), card)]).unwrap();
        let mut call = Call::new("web", Body::Track { event: "visit".into(), properties });
        call.anonymous_id = Some(format!("a-{n}").as_str().into());
        throng.begin(vec![call], CommitTime::Clock, false).unwrap()
    };
    let all: Vec<_> = (0..N_RECORDS).map(visit).collect();
    all.into_iter().for_each(|visit| drop(visit.wait().unwrap()));
    let last = throng.info().unwrap().lsn;
    throng.close().unwrap();
    last
}

/// Serves; a derivation goes on only as far as somebody reads what is said of it.
fn held(home: &Path) -> Command {
    let arguments = ["serve", "--data", "shop", "--listen", "127.0.0.1:0", "--token", TOKEN];
    let mut command = throng(home, &arguments);
    command.env("RUST_LOG", "throng::engine::again=trace");
    command
}

/// The status with which it ends soon.
fn ended(child: &mut Child) -> Option<i32> {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("it goes on");
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < until, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_second_signal_ends_a_server_amid_a_derivation_and_the_next_opening_makes_it() {
    let home = tempfile::tempdir().unwrap();
    let last = cards(home.path());
    let mut serving = Serving::by(held(home.path()), false);
    let address = Endpoint::read(&home.path().join("shop")).unwrap().unwrap().address;
    std::thread::scope(|scope| {
        let question = serde_json::json!({ "query": DECLARED }).to_string();
        let declares = scope.spawn({
            let address = address.clone();
            move || is_kept(&address, "/v1/query", &question)
        });
        let next = format!("[\"last record\",{}]", last.0 + 1);
        wait_until("it is not logged", || {
            get(address.parse().unwrap(), "/v1/info").text().contains(&next)
        });
        terminate(&serving.0);
        wait_until("others still come in", || TcpStream::connect(&address).is_err());
        assert!(serving.0.try_wait().unwrap().is_none(), "who has come in is waited for");
        terminate(&serving.0);
        assert_eq!(ended(&mut serving.0), Some(130));
        assert!(!declares.join().unwrap());
    });

    // While it opens, and does that work, the first signal ends it.
    let mut opens = held(home.path()).stderr(Stdio::piped()).spawn().unwrap();
    let sign = format!("{} opens", opens.id());
    let lock = home.path().join("shop/LOCK");
    wait_until("it does not open", || std::fs::read_to_string(&lock).is_ok_and(|it| it == sign));
    terminate(&opens);
    assert_eq!(ended(&mut opens), Some(130));

    let throng = open(home.path());
    let info = throng.info().unwrap();
    assert_eq!((info.lsn, info.people), (Lsn(last.0 + 1), N_RECORDS / 2));
    assert!(throng.verify().unwrap().iter().all(|it| it.differences == 0));
    check_feed(&throng, "after two signals");
}
