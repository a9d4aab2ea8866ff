//! Appending to the log and making it durable, in batches of different size,
//! and the bytes that an event takes there.
//!
//! `cargo bench --bench log`; the disk under the temporary directory is measured.

#![allow(missing_docs, reason = "the macro of the groups makes functions without")]

#[path = "support/chance.rs"]
mod chance;
#[path = "support/made.rs"]
mod made;

use chance::Chance;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use made::{object, price};
use std::cell::RefCell;
use std::hint::black_box;
use throng::model::{Body, Call, Input, Lsn, Record, Text, Timestamp, Value};
use throng::store::{Clock, Directory, Log, Manifest, Options};

const BATCHES: [usize; 4] = [1, 100, 1_000, 10_000];

/// One of 100,000 people did one of ten things: three texts, a whole number and a price.
fn small_event(chance: &mut Chance, n: u64, has_id: bool) -> Call {
    const COUNTRIES: [&str; 8] = ["sk", "cz", "de", "at", "pl", "hu", "fr", "it"];
    let text = |text: String| Value::Text(text.into());
    let properties = object([
        ("country", text(COUNTRIES[chance.below(8) as usize].to_owned())),
        ("device", text(["ios", "android", "web"][chance.below(3) as usize].to_owned())),
        ("price", price(chance, 50_000)),
        ("quantity", Value::from(1 + chance.below(10) as i64)),
        ("sku", text(format!("sku-{}", chance.below(1_000)))),
    ]);
    let event: Text = format!("event_{}", chance.below(10)).into();
    let user_id = Some(format!("user-{}", chance.below(100_000)).into());
    let when = Timestamp::from_millis(1_760_000_000_000 + n as i64 * 40 + chance.below(40) as i64);
    let id = chance.id();
    Call {
        id: has_id.then_some(id),
        when,
        user_id,
        ..Call::new("web", Body::Track { event, properties })
    }
}

fn record(lsn: u64, n_events: usize, has_id: bool) -> Record {
    let mut chance = Chance(lsn);
    let from = lsn * n_events as u64;
    let calls = (0..n_events).map(|n| small_event(&mut chance, from + n as u64, has_id)).collect();
    let at = Timestamp::from_millis(1_760_000_000_000 + from as i64 * 40).unwrap();
    Record { lsn: Lsn(lsn), at, first_identifier: 1, input: Input::Calls(calls) }
}

fn empty_log() -> (tempfile::TempDir, Directory, Log) {
    let place = tempfile::tempdir().unwrap();
    let manifest = Manifest::new(Timestamp::EPOCH, Clock::Given).unwrap();
    let options = Options { reserve_bytes: 0, ..Options::default() };
    let directory = Directory::create(place.path(), manifest, options).unwrap();
    let (log, _) = Log::open(&directory).unwrap();
    (place, directory, log)
}

/// Tells how many bytes of log an event takes.
fn bytes_per_event(n_events: usize, has_id: bool) -> f64 {
    let (_place, _directory, mut log) = empty_log();
    let before = log.bytes();
    let n_records = (100_000 / n_events).clamp(1, 1_000);
    for lsn in 1..=n_records as u64 {
        log.append(&record(lsn, n_events, has_id)).unwrap();
    }
    log.sync().unwrap();
    (log.bytes() - before) as f64 / (n_records * n_events) as f64
}

fn append(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("append and sync");
    for n_events in BATCHES {
        let [without, with] = [false, true].map(|has_id| bytes_per_event(n_events, has_id));
        println!("{n_events} events: {without:.1} bytes each, {with:.1} with message ids");
        let (_place, _directory, mut log) = empty_log();
        let mut lsn = 0;
        group.throughput(Throughput::Elements(n_events as u64)).sample_size(20);
        group.bench_function(format!("{n_events}"), |bencher| {
            bencher.iter_batched_ref(
                || {
                    lsn += 1;
                    record(lsn, n_events, false)
                },
                |record| {
                    log.append(record).unwrap();
                    log.sync().unwrap();
                },
                BatchSize::PerIteration,
            );
        });
    }
}

fn encode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("append alone");
    for n_events in BATCHES {
        let (_place, _directory, log) = empty_log();
        let log = RefCell::new(log);
        let mut lsn = 0;
        group.throughput(Throughput::Elements(n_events as u64)).sample_size(20);
        group.bench_function(format!("{n_events}"), |bencher| {
            bencher.iter_batched_ref(
                || {
                    lsn += 1;
                    if lsn % 200 == 0 {
                        log.borrow_mut().sync().unwrap();
                    }
                    record(lsn, n_events, false)
                },
                |record| log.borrow_mut().append(record).unwrap(),
                BatchSize::PerIteration,
            );
        });
    }
}

fn read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read");
    for n_events in BATCHES {
        let (_place, _directory, mut log) = empty_log();
        let n_records = 20_000 / n_events as u64;
        for lsn in 1..=n_records {
            log.append(&record(lsn, n_events, false)).unwrap();
        }
        log.sync().unwrap();
        group.throughput(Throughput::Elements(n_records * n_events as u64)).sample_size(20);
        group.bench_function(format!("{n_events}"), |bencher| {
            bencher.iter(|| log.read(Lsn(0)).for_each(|record| _ = black_box(record.unwrap())));
        });
    }
}

criterion_group!(log, append, encode, read);
criterion_main!(log);
