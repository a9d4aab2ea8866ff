//! What one more event costs standing audiences: sequences over people with
//! longer and longer histories, and ten, a hundred and a thousand audiences.
//! `cargo bench --bench standing`.
#![allow(clippy::disallowed_methods, missing_docs, reason = "a bench reads the clock")]

#[path = "support/chance.rs"]
mod chance;
#[path = "support/made.rs"]
mod made;
#[path = "support/people.rs"]
mod people;

use chance::Chance;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use made::{NOW, at, event, object};
use people::{People, audiences};
use std::hint::black_box;
use std::time::{Duration, Instant};
use throng::audience::Live;
use throng::model::*;

const SEED: u64 = 42;
const PEOPLE: u64 = 20_000;
const MINUTE: i64 = 60_000;

const EVENTS: [&str; 5] = ["page_view", "added_to_cart", "order", "email_click", "visit"];

/// Events without an end, minute by minute.
struct Stream {
    chance: Chance,
    n: u64,
    names: Vec<Text>,
    people: u64,
}

impl Stream {
    fn of(people: u64) -> Stream {
        let names = EVENTS.iter().map(|name| Text::from(*name)).collect();
        Stream { chance: Chance(SEED), n: 0, names, people }
    }

    fn next(&mut self) -> (Ordinal, Event) {
        self.n += 1;
        let seat = 1 + self.chance.below(self.people) as u32;
        let event = self.chance.one_of(&self.names).clone();
        let total = Value::from(self.chance.below(400) as i64);
        let category = Value::from(*self.chance.one_of(&["shoes", "coats", "hats"]));
        let properties = object([("total", total), ("category", category)]);
        (Ordinal(seat), call(seat, self.n, Body::Track { event, properties }))
    }

    /// The instant of the event that was given last.
    fn now(&self) -> Timestamp {
        at(NOW + self.n as i64 * MINUTE)
    }
}

/// What a person calls at a minute.
fn call(seat: u32, minute: u64, body: Body) -> Event {
    event(seat, at(NOW + minute as i64 * MINUTE), EventId(minute.into()), body)
}

/// Everybody says where they live, in one of so many countries.
fn settle_down(live: &mut Live, n_countries: usize) {
    for seat in 1..=PEOPLE as u32 {
        let country = (seat as usize % n_countries).to_string();
        let traits = object([("country", Value::from(&*country))]);
        let event = call(seat, 0, Body::Identify { traits });
        live.event(Ordinal(seat), &event, event.when);
    }
}

fn live_of(conditions: &[String]) -> Live {
    let declared =
        |name| format!("declare event {name}.total: number; declare event {name}.category: text;");
    let names = EVENTS.map(declared).concat() + "declare attribute country: text;";
    let standing = audiences(&names, conditions.iter().map(|text| &**text), at(NOW));
    Live::of_all(standing, &People::default(), at(NOW)).expect("nothing is read")
}

/// Somebody with that many events, and an audience of them, settled.
fn somebody(condition: &str, n_rows: u64) -> (Live, People, Stream) {
    let mut live = live_of(&[format!("who {condition}")]);
    let (mut stream, mut rows) = (Stream::of(1), People::default());
    for _ in 0..n_rows {
        let (seat, event) = stream.next();
        live.event(seat, &event, event.when);
        rows.push(seat, event);
    }
    let now = stream.now();
    live.settle(&rows, now).expect("nothing fails");
    (live, rows, stream)
}

/// The time of so many events, each settled by itself. Before somebody has a tenth
/// more of them than they had, another begins.
fn sequence_time(condition: &str, n_rows: u64, n: u64) -> Duration {
    let mut took = Duration::ZERO;
    let n_each = n_rows.div_ceil(10);
    for first in (0..n).step_by(n_each as usize) {
        let (mut live, mut rows, mut stream) = somebody(condition, n_rows);
        for _ in first..n.min(first + n_each) {
            let (seat, event) = stream.next();
            rows.push(seat, event.clone());
            let clock = Instant::now();
            live.event(seat, &event, event.when);
            black_box(live.settle(&rows, event.when).expect("nothing fails"));
            took += clock.elapsed();
        }
    }
    took
}

/// Of the events of one person a sequence of three steps, which each of them touches.
fn sequences(criterion: &mut Criterion) {
    let kinds = [
        ("three steps", "did (page_view then added_to_cart within 1 day then order within 1 day)"),
        ("undone", "did (order then added_to_cart then no order within 4 hours)"),
        ("of one category", "did (page_view then added_to_cart then order) same category"),
        ("counted", "did (page_view then added_to_cart then order within 1 hour) at least 3 times"),
        ("in last 7 hours", "did (page_view then added_to_cart then order) in last 7 hours"),
    ];
    for (name, condition) in kinds {
        let mut group = criterion.benchmark_group(format!("a sequence, {name}, per event"));
        // A round takes longer than what is measured of it.
        group.sample_size(10).measurement_time(Duration::from_secs(1));
        for n_rows in [10, 100, 1_000] {
            group.bench_function(BenchmarkId::from_parameter(n_rows), |bencher| {
                bencher.iter_custom(|n| sequence_time(condition, n_rows, n));
            });
        }
        group.finish();
    }
}

/// Audiences that put so many questions together, in pairs; those of a country ask for
/// one each as well.
fn alike(n: usize, n_kinds: usize, of_a_country: bool) -> Vec<String> {
    let kind = |n: usize| {
        let (name, days) = (EVENTS[n % EVENTS.len()], 1 + n % 40);
        match n / EVENTS.len() % 4 {
            0 => format!("did {name} at least {} times in last {days} days", 1 + n % 7),
            1 => format!("sum({name}.total in last {days} days) > {}", 50 * (1 + n % 9)),
            2 => format!("days since last {name} >= {days}"),
            _ => format!("did {name} where (category = \"shoes\") in last {days} days"),
        }
    };
    let audience = |n: usize| {
        let other = (n + n / n_kinds + 1) % n_kinds;
        let place = if of_a_country { format!("country = \"{n}\" and ") } else { String::new() };
        format!("who {place}{} and not {}", kind(n % n_kinds), kind(other))
    };
    (0..n).map(audience).collect()
}

fn standing(criterion: &mut Criterion) {
    let kinds = [
        ("of 20 questions, each of its country", Some(20), true),
        ("of 20 questions", Some(20), false),
        ("all different", None, false),
    ];
    for (title, kinds, of_a_country) in kinds {
        let mut group = criterion.benchmark_group(format!("standing audiences {title}, per event"));
        for n in [10, 100, 1_000] {
            let mut live = live_of(&alike(n, kinds.unwrap_or(n), of_a_country));
            let (mut stream, nobody) = (Stream::of(PEOPLE), People::default());
            settle_down(&mut live, n);
            let mut batch = |live: &mut Live| {
                let (seat, event) = stream.next();
                let clock = Instant::now();
                live.event(seat, &event, event.when);
                black_box(live.settle(&nobody, event.when).expect("nothing is read"));
                clock.elapsed()
            };
            let _filled: Duration = (0..4 * PEOPLE).map(|_| batch(&mut live)).sum();
            let before = live.stats();
            let _warmed: Duration = (0..PEOPLE).map(|_| batch(&mut live)).sum();
            let stats = live.stats();
            let per_event = |after: u64, before: u64| (after - before) as f64 / PEOPLE as f64;
            eprintln!(
                "{n} audiences {title}: {} matchers, {} accumulators, {} predicates, {} bytes a \
                 person; per event {:.1} deadlines, {:.1} entries and leaves",
                stats.matchers,
                stats.accumulators,
                stats.predicates,
                stats.bytes / stats.people.max(1),
                per_event(stats.due, before.due),
                per_event(stats.flips, before.flips),
            );
            group.bench_function(BenchmarkId::from_parameter(n), |bencher| {
                bencher.iter_custom(|n| (0..n).map(|_| batch(&mut live)).sum());
            });
        }
        group.finish();
    }
}

criterion_group!(benches, sequences, standing);
criterion_main!(benches);
