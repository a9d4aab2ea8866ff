//! What one more event costs a rank: the first so many, parts of an order, an
//! order of some; among 20,000 and among 200,000 people.
//! `cargo bench --bench rank`.
#![allow(clippy::disallowed_methods, missing_docs, reason = "a bench reads the clock")]

#[path = "support/chance.rs"]
mod chance;
#[path = "support/made.rs"]
mod made;
#[path = "support/people.rs"]
mod people;
#[path = "support/shop.rs"]
mod shop;

use criterion::{BenchmarkId, Criterion, SamplingMode, criterion_group, criterion_main};
use shop::{EACH_MS, EVENTS_EACH, OneByOne, SEED, Shop, sizes};
use std::time::Duration;

const RANKS: [(&str, &str); 8] = [
    ("the first 100, ever", "in top 100 by sum(order.total)"),
    ("the first 100, sliding", "in top 100 by sum(order.total in last 90 days)"),
    ("the first 10 %, sliding", "in top 10% by sum(order.total in last 90 days)"),
    ("a quintile of instants", "in quintile 1 of last(order.when)"),
    ("a decile with ties", "in decile 10 of count(order in last 90 days)"),
    ("a tenth among some", "in top 10% by sum(order.total) among (did order in last 30 days)"),
    ("what decays", "in top 10% by decayed(order: 1, 14 days)"),
    (
        "a rank in a rank",
        "in top 10% by last(order.total) among (in top 50% by sum(order.total in last 90 days))",
    ),
];

fn ranks(criterion: &mut Criterion) {
    for n_people in sizes() {
        let mut shop = OneByOne::new(Shop::new(SEED, n_people, EACH_MS), EVENTS_EACH);
        for commit in [1, 1_000] {
            let mut group = criterion.benchmark_group(format!("rank, commits of {commit}"));
            group.sample_size(10).sampling_mode(SamplingMode::Flat);
            group.warm_up_time(Duration::from_millis(200));
            group.measurement_time(Duration::from_millis(800));
            for (name, condition) in RANKS {
                group.bench_function(BenchmarkId::new(name, n_people), |bencher| {
                    bencher.iter_custom(|n| shop.time(condition, n, commit));
                });
                shop.tell(name, condition);
            }
            group.finish();
        }
    }
}

criterion_group!(benches, ranks);
criterion_main!(benches);
