//! How fast calls come in and go out, on one core unless a name says otherwise.
//!
//! Lines are like a shop's: page views, product views and orders with items,
//! made from a fixed seed.

#![allow(missing_docs, reason = "a bench has no readers of documents")]

#[path = "support/chance.rs"]
mod chance;

use chance::Chance;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;
use throng::wire::csv::Mapping;
use throng::wire::{Defaults, Incoming, Reader, Shape, json_of_call, read};

const N_CALLS: usize = 50_000;

fn ndjson() -> String {
    let (mut chance, mut out) = (Chance(1), String::new());
    for n in 0..N_CALLS {
        let (user, product) = (chance.below(20_000), chance.below(4_800));
        let (second, cents) = (chance.below(86_400), chance.below(20_000));
        let when = format!(
            "2025-06-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            1 + n % 28,
            second / 3600,
            second / 60 % 60,
            second % 60,
            n % 1000
        );
        let price = format!("{}.{:02}", cents / 100, cents % 100);
        let head = format!(
            "{{\"type\":\"track\",\"messageId\":\"{:016x}\",\"userId\":\"u{user}\",\"timestamp\":\"{when}\",\"channel\":\"web\"",
            chance.below(u64::MAX)
        );
        let rest = match n % 4 {
            0 => format!(
                "\"event\":\"Page Viewed\",\"properties\":{{\"path\":\"/p/{product}\",\"referrer\":\"https://www.example.com/\"}}"
            ),
            1 | 2 => format!(
                "\"event\":\"Product Viewed\",\"properties\":{{\"product_id\":\"p{product}\",\"category\":\"shoes\",\"price\":{price},\"currency\":\"EUR\"}}"
            ),
            _ => format!(
                "\"event\":\"Order Completed\",\"properties\":{{\"order_id\":\"o{n}\",\"revenue\":{price},\"currency\":\"EUR\",\"products\":[{{\"product_id\":\"p{product}\",\"category\":\"shoes\",\"price\":{price},\"quantity\":1}}]}}"
            ),
        };
        writeln!(out, "{head},{rest}}}").expect("writing to a String does not fail");
    }
    out
}

fn csv() -> String {
    let (mut chance, mut out) = (
        Chance(2),
        String::from(
            "invoice_no,stock_code,description,quantity,invoice_date,unit_price,customer_id,country\n",
        ),
    );
    for n in 0..N_CALLS {
        let (user, code) = (chance.below(20_000), chance.below(4_000));
        writeln!(out, "{},{code},\"GLASS STAR, FROSTED\",{},2010-12-{:02} 08:26:00,4.25,{user},United Kingdom", 536_365 + n / 20, 1 + n % 12, 1 + n % 28)
            .expect("writing to a String does not fail");
    }
    out
}

fn parse(c: &mut Criterion) {
    let text = ndjson();
    let file = Defaults::file("import");
    let mut group = c.benchmark_group("ndjson");
    group.throughput(Throughput::Elements(N_CALLS as u64));
    println!("ndjson: {} bytes a call", text.len() / N_CALLS);
    group.bench_function("parse", |b| {
        b.iter(|| {
            let mut reader = Reader::default();
            text.lines()
                .filter(|line| black_box(reader.call(line.as_bytes(), &file)).is_ok())
                .count()
        });
    });
    for n_threads in [1, 2] {
        group.bench_function(format!("read, {n_threads} threads"), |b| {
            b.iter_batched(
                || Cursor::new(text.clone().into_bytes()),
                |source| {
                    read(source, Shape::Ndjson, file.clone(), n_threads)
                        .unwrap()
                        .map(|batch| batch.unwrap().lines.len())
                        .sum::<usize>()
                },
                BatchSize::LargeInput,
            );
        });
    }
    let mut reader = Reader::default();
    let calls: Vec<_> =
        text.lines().map(|line| reader.call(line.as_bytes(), &file).unwrap()).collect();
    group.bench_function("write", |b| {
        b.iter(|| {
            let lines = calls.iter().map(|call| match call {
                Incoming::Call(call) => json_of_call(call).len(),
                Incoming::Forget(_) => 0,
            });
            lines.sum::<usize>()
        });
    });
    group.finish();
}

fn rows(c: &mut Criterion) {
    let text = csv();
    let mapping =
        Arc::new(Mapping::from_toml(include_str!("../examples/online_retail.toml")).unwrap());
    let mut group = c.benchmark_group("csv");
    group.throughput(Throughput::Elements(N_CALLS as u64));
    for n_threads in [1, 2] {
        group.bench_function(format!("read, {n_threads} threads"), |b| {
            b.iter_batched(
                || Cursor::new(text.clone().into_bytes()),
                |source| {
                    let batches = read(
                        source,
                        Shape::Csv(mapping.clone()),
                        Defaults::file("import"),
                        n_threads,
                    )
                    .unwrap();
                    batches.map(|batch| batch.unwrap().lines.len()).sum::<usize>()
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

criterion_group! {
    name = wire;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(4));
    targets = parse, rows
}
criterion_main!(wire);
