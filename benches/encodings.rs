//! What a row of one column costs a scan, by how the column is written: where
//! the pages were decoded before, and where they are read again each time.
//! `cargo bench --bench encodings`.
#![allow(missing_docs, reason = "the macros of criterion write no comments")]

#[path = "support/chance.rs"]
mod chance;
#[path = "support/made.rs"]
mod made;

use chance::Chance;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use made::{DAY, NOW, at, event, object, price};
use std::hint::black_box;
use std::time::Duration;
use throng::model::{Body, Decimal, Object, Path, Stream, Timestamp, Value};
use throng::timeline::{Cells, Column, ColumnKey, MemoryPages, Timeline, Wanted};

const N_ROWS: usize = 262_144;
const N_ORIGINS: u64 = 60_000;
const SEED: u64 = 7;

/// What a row has under `value`.
type Make = fn(&mut Chance) -> Option<Value>;

const ENCODINGS: [(&str, Make); 12] = [
    ("no column", |_| None),
    ("constant", |_| Some(Value::from("web"))),
    ("small integers", |chance| Some(Value::from(chance.below(100) as i64))),
    ("scaled decimals", |chance| Some(price(chance, 30_000))),
    ("wide numbers", |chance| Some(wide(chance))),
    ("instants", |chance| Some(Value::Instant(at(NOW - chance.below(1 << 35) as i64)))),
    ("text of 12 values", |chance| Some(text("category", chance.below(12)))),
    ("text of 1,000,000 values", |chance| Some(text("sku", chance.below(1_000_000)))),
    ("bools", |chance| Some(Value::Bool(chance.below(3) == 0))),
    ("mixed kinds", mixed),
    ("one row in 100", |chance| (chance.below(100) == 0).then(|| Value::from(7))),
    ("a list of texts", |chance| {
        let n = 1 + chance.below(3);
        Some(Value::List((0..n).map(|_| text("tag", chance.below(20))).collect()))
    }),
];

fn text(what: &str, n: u64) -> Value {
    Value::text(&format!("{what} {n}"))
}

/// A number whose billionths are more than 64 bits hold.
fn wide(chance: &mut Chance) -> Value {
    let billionths = (1i128 << 70) + i128::from(chance.roll());
    Value::Number(Decimal::from_billionths(billionths).expect("a number in range"))
}

fn mixed(chance: &mut Chance) -> Option<Value> {
    Some(match chance.below(3) {
        0 => Value::Bool(true),
        1 => Value::from(chance.below(100) as i64),
        _ => text("category", chance.below(12)),
    })
}

/// Sealed rows of one stream over 13 months.
fn sealed(make: Make) -> (Timeline, MemoryPages) {
    let (mut timeline, mut pages, mut chance) =
        (Timeline::default(), MemoryPages::default(), Chance(SEED));
    let step = 395 * DAY / N_ROWS as i64;
    for n in 0..N_ROWS as i64 {
        let fields = make(&mut chance).map(|value| ("value", value));
        let properties = fields.map_or_else(Object::default, |field| object([field]));
        let body = Body::Track { event: "order".into(), properties };
        let origin = 1 + chance.below(N_ORIGINS) as u32;
        timeline.append(event(origin, at(NOW - 395 * DAY + n * step), chance.id(), body));
    }
    let change = timeline.seal(at(NOW));
    pages.put(change.pages.iter().cloned());
    timeline.install(change).expect("nothing else has changed it");
    (timeline, pages)
}

/// Looks at every cell.
fn look(column: &Column) -> u64 {
    match &column.cells {
        Cells::Empty => 0,
        Cells::Bools(bits) => bits.count() as u64,
        Cells::Numbers { mantissas, .. } | Cells::Instants(mantissas) => {
            mantissas.iter().fold(0, |sum, mantissa| sum ^ *mantissa as u64)
        }
        Cells::Wide(billionths) => billionths.iter().fold(0, |sum, number| sum ^ *number as u64),
        Cells::Texts { codes, .. } | Cells::Mixed { codes, .. } => {
            codes.iter().map(|code| u64::from(*code)).sum()
        }
    }
}

/// Gives what was seen and how many rows there were.
fn scan(timeline: &Timeline, pages: &MemoryPages) -> (u64, usize) {
    let (streams, columns) =
        ([Stream::Events("order".into())], [ColumnKey::Property(Path::key("value"))]);
    let scan = timeline.scan(Wanted::Streams(&streams), &columns, Timestamp::MIN, None, false);
    let (mut seen, mut n_rows) = (0, 0);
    for chunk in scan.chunks() {
        scan.chunk(pages, chunk, &mut |block| {
            n_rows += block.origins.len();
            seen ^= look(&block.columns[0]);
        })
        .expect("pages in memory");
    }
    (seen, n_rows)
}

fn encodings(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("encodings");
    group.sample_size(10).throughput(Throughput::Elements(N_ROWS as u64));
    group.warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    for (name, make) in ENCODINGS {
        let mut made = None;
        for (how, budget) in [("decoded", 1 << 30), ("from pages", 0)] {
            group.bench_function(format!("{name}, {how}"), |bencher| {
                let (timeline, pages) = made.get_or_insert_with(|| sealed(make));
                timeline.set_cache_budget(budget);
                assert_eq!(scan(timeline, pages).1, N_ROWS);
                bencher.iter(|| black_box(scan(timeline, pages)));
            });
        }
        if let Some((_, pages)) = made {
            let bytes = pages.bytes() as f64 / N_ROWS as f64 - 16.0;
            eprintln!("{name}: {bytes:.2} bytes a row on pages, without the id\n");
        }
    }
    group.finish();
}

criterion_group!(benches, encodings);
criterion_main!(benches);
