//! What rows cost: in the tail, in pages, to seal, to merge, to read.
//!
//! `cargo bench --bench timeline` prints the sizes first, then the times. The
//! rows are made from a fixed seed: 500,000 small events (six streams, three
//! properties) of 60,000 origins over 13 months, and 100,000 page views with
//! the context that a web client sends.

#![allow(missing_docs, reason = "the macros of criterion write no comments")]

#[path = "support/chance.rs"]
mod chance;
#[path = "support/made.rs"]
mod made;

use chance::Chance;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use made::{DAY, NOW, at, object, price};
use std::hint::black_box;
use throng::model::{Body, Event, IdentifierNumber, Object, Path, Stream, Text, Timestamp, Value};
use throng::timeline::{Cells, ColumnKey, MemoryPages, Timeline, Wanted};

const N_SMALL: usize = 500_000;
const N_FULL: usize = 100_000;
const N_ORIGINS: u64 = 60_000;

fn event(chance: &mut Chance, when: i64, body: Body, context: Object) -> Event {
    let skewed = chance.below(N_ORIGINS).min(chance.below(N_ORIGINS));
    let received = at(when + 40 + chance.below(400) as i64);
    let event = made::event(1 + skewed as u32, at(when), chance.id(), body);
    Event { received, context, ..event }
}

const STREAMS: [&str; 6] = ["order", "view", "view", "view", "add_to_cart", "email_open"];

fn small(chance: &mut Chance, when: i64) -> Event {
    let name: Text = STREAMS[chance.below(6) as usize].into();
    let properties = object([
        ("total", price(chance, 30_000)),
        ("category", Value::Text(format!("category {}", chance.below(12)).into())),
        ("product", Value::from(chance.below(5_000) as i64)),
    ]);
    event(chance, when, Body::Track { event: name, properties }, Object::default())
}

fn full(chance: &mut Chance, when: i64) -> Event {
    let page = format!("/shop/{}/{}", chance.below(40), chance.below(3_000));
    let device = format!("{:08x}-{:08x}", chance.roll() as u32, chance.below(50_000));
    let text = |text: &str| Value::Text(text.into());
    let context = object([
        ("ip", Value::Text(format!("10.{}.{}.7", chance.below(250), chance.below(250)).into())),
        ("locale", text("sk-SK")),
        ("userAgent", text(["Mozilla/5.0 (X11; Linux)", "Safari/605.1"][chance.below(2) as usize])),
        ("device", Value::Object(object([("id", Value::Text(device.into()))]))),
        ("library", Value::Object(object([("name", text("js")), ("version", text("2.1.0"))]))),
        (
            "page",
            Value::Object(object([
                ("path", Value::Text(page.as_str().into())),
                ("referrer", text("https://www.google.com/")),
                ("title", Value::Text(format!("Shop {}", chance.below(3_000)).into())),
            ])),
        ),
    ]);
    let properties = object([("path", Value::Text(page.into()))]);
    event(chance, when, Body::Page { properties }, context)
}

fn events(n_events: usize, make: fn(&mut Chance, i64) -> Event) -> Vec<Event> {
    let mut chance = Chance(7);
    let step = 395 * DAY / n_events as i64;
    (0..n_events).map(|n| make(&mut chance, NOW - 395 * DAY + n as i64 * step)).collect()
}

/// Sealed in so many parts, merged when there is something to merge.
struct Built {
    timeline: Timeline,
    pages: MemoryPages,
}

fn built(events: &[Event], n_parts: usize) -> Built {
    let mut built = Built { timeline: Timeline::default(), pages: MemoryPages::default() };
    for part in events.chunks(events.len().div_ceil(n_parts)) {
        part.iter().for_each(|event| built.timeline.append(event.clone()));
        let change = built.timeline.seal(at(NOW));
        built.pages.put(change.pages.iter().cloned());
        built.timeline.install(change).unwrap();
    }
    built
}

fn tail_of(events: &[Event]) -> Timeline {
    let mut timeline = Timeline::default();
    events.iter().for_each(|event| timeline.append(event.clone()));
    timeline
}

fn print_sizes(name: &str, events: &[Event]) {
    let tail = tail_of(events);
    let built = built(events, 1);
    let n_rows = events.len();
    let n_pages = built.pages.iter().count();
    let memory = built.timeline.memory();
    println!("{name}: tail {} B/row", tail.memory().tail / n_rows);
    println!(
        "{name}: pages {:.1} B/row of which ids 16, {n_pages} pages of {} B on average",
        built.pages.bytes() as f64 / n_rows as f64,
        built.pages.bytes() / n_pages.max(1),
    );
    println!("{name}: directory {:.2} B/row", memory.directory as f64 / n_rows as f64);
}

fn writing(c: &mut Criterion, name: &str, events: &[Event]) {
    let now = at(NOW);
    let mut group = c.benchmark_group(format!("timeline/{name}"));
    group.sample_size(10).throughput(Throughput::Elements(events.len() as u64));
    group.bench_function("append", |b| {
        b.iter_batched(
            || events.to_vec(),
            |events| {
                let mut timeline = Timeline::default();
                events.into_iter().for_each(|event| timeline.append(event));
                timeline
            },
            BatchSize::PerIteration,
        );
    });
    let tail = tail_of(events);
    group.bench_function("seal", |b| b.iter(|| black_box(tail.seal(now).pages.len())));
    // Rows spread over all months in each of five seals: five runs per slice.
    let mut mixed = events.to_vec();
    let mut chance = Chance(3);
    (1..mixed.len()).for_each(|n| mixed.swap(n, chance.below(n as u64) as usize));
    let five = built(&mixed, 5);
    let first = five.timeline.merge(&five.pages, now).unwrap().expect("five runs are too many");
    group.throughput(Throughput::Elements(first.n_rows));
    group.bench_function("merge", |b| {
        b.iter(|| five.timeline.merge(&five.pages, now).unwrap().map(|change| change.n_rows));
    });
    group.finish();
}

fn reading(c: &mut Criterion, events: &[Event]) {
    let built = built(events, 1);
    let order = [Stream::Events("order".into())];
    let (ever, lately) = (Timestamp::MIN, at(NOW - 30 * DAY));
    let mut group = c.benchmark_group("timeline/rows");
    let cases = [
        ("one stream, 30 days", Wanted::Streams(&order), lately),
        ("one stream, ever", Wanted::Streams(&order), ever),
        ("all streams, ever", Wanted::All, ever),
    ];
    for (name, wanted, from) in cases {
        let (mut origin, mut n_rows, mut n_reads) = (0, 0u64, 0u64);
        group.bench_function(name, |b| {
            b.iter(|| {
                origin = origin % 20_000 + 1;
                n_reads += 1;
                let read = &mut |_: &Event| n_rows += 1;
                built
                    .timeline
                    .rows(&built.pages, IdentifierNumber(origin), from, None, &wanted, read)
                    .unwrap();
            });
        });
        println!("{name}: {:.2} rows a read", n_rows as f64 / n_reads as f64);
    }
    let tail = tail_of(events);
    let mut origin = 0;
    group.bench_function("all streams, ever, tail", |b| {
        b.iter(|| {
            origin = origin % 20_000 + 1;
            let mut n_rows = 0;
            let read = &mut |_: &Event| n_rows += 1;
            tail.rows(&built.pages, IdentifierNumber(origin), ever, None, &Wanted::All, read)
                .unwrap();
            n_rows
        });
    });
    group.finish();
}

/// The sum of a column and a count per code, as a scan would compute them.
fn sum(timeline: &Timeline, pages: &MemoryPages) -> (i128, u64) {
    let columns = ["total", "category"].map(|key| ColumnKey::Property(Path::key(key)));
    let view = [Stream::Events("view".into())];
    let scan = timeline.scan(Wanted::Streams(&view), &columns, Timestamp::MIN, None, false);
    let (mut total, mut n_rows) = (0i128, 0);
    for chunk in scan.chunks() {
        scan.chunk(pages, chunk, &mut |block| {
            n_rows += block.origins.len() as u64;
            if let Cells::Numbers { mantissas, scale } = &block.columns[0].cells {
                let sum: i64 = mantissas.iter().sum();
                total += i128::from(sum) * 10i128.pow(9 - u32::from(*scale));
            }
            if let Cells::Texts { codes, dictionary } = &block.columns[1].cells {
                let mut counts = vec![0u32; dictionary.len()];
                codes.iter().for_each(|code| counts[*code as usize] += 1);
                black_box(counts);
            }
        })
        .unwrap();
    }
    (total, n_rows)
}

fn scanning(c: &mut Criterion, events: &[Event]) {
    let built = built(events, 1);
    let (_, n_rows) = sum(&built.timeline, &built.pages);
    let mut group = c.benchmark_group("timeline/blocks");
    group.sample_size(20).throughput(Throughput::Elements(n_rows));
    group.bench_function("two columns, decoded", |b| {
        b.iter(|| sum(&built.timeline, &built.pages));
    });
    built.timeline.set_cache_budget(0);
    group.bench_function("two columns, from pages", |b| {
        b.iter(|| sum(&built.timeline, &built.pages));
    });
    let tail = tail_of(events);
    group.bench_function("two columns, tail", |b| b.iter(|| sum(&tail, &built.pages)));
    group.finish();
}

fn timeline(c: &mut Criterion) {
    let (small, full) = (events(N_SMALL, small), events(N_FULL, full));
    print_sizes("small", &small);
    print_sizes("full context", &full);
    writing(c, "small", &small);
    writing(c, "full context", &full);
    reading(c, &small);
    scanning(c, &small);
}

criterion_group!(benches, timeline);
criterion_main!(benches);
