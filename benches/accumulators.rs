//! What one more event costs each aggregate of the language that is kept of
//! 20,000 people, their rows behind it for those that read again.
//! `cargo bench --bench accumulators`.
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
use shop::{EACH_MS, OneByOne, SEED, Shop};
use std::time::Duration;

const PEOPLE: u64 = 20_000;
/// What everybody has done before, on average.
const EVENTS_EACH: u64 = 20;

const KINDS: [(&str, &str); 53] = [
    ("of other events", "did refund"),
    ("did, ever", "did order"),
    ("did, sliding", "did order in last 30 days"),
    ("did not, sliding", "did not order in last 60 days"),
    ("did, filtered, sliding", "did order where (category = \"shoes\") in last 90 days"),
    ("did, filtered by the person", "did order where (category = profile.country) in last 90 days"),
    ("count, ever", "count(order) >= 12"),
    ("count, sliding", "count(order in last 90 days) >= 3"),
    ("count, between", "count(order between 30 and 90 days ago) >= 2"),
    ("count, of months", "count(order in last 3 months) >= 3"),
    ("count, this month", "did order this month"),
    ("count, since an event", "did not order since last page_view"),
    ("count, after an event", "did order within 7 days after first added_to_cart"),
    ("sum, ever", "sum(order.total) > 2000"),
    ("sum, sliding", "sum(order.total in last 90 days) > 600"),
    ("sum of products, sliding", "sum(order: total * quantity in last 90 days) > 1500"),
    ("sum of items, ever", "sum(order.items: price * quantity) > 1500"),
    ("sum of items, sliding", "sum(order.items: price * quantity in last 90 days) > 600"),
    ("avg, ever", "avg(order.total) >= 200"),
    ("avg, sliding", "avg(order.total in last 90 days) >= 200"),
    ("min, ever", "min(order.total) < 10"),
    ("min, sliding", "min(order.total in last 90 days) < 50"),
    ("max, ever", "max(order.total) > 390"),
    ("max, sliding", "max(order.total in last 90 days) > 350"),
    ("first, ever", "first(order.total) > 200"),
    ("first, sliding", "first(order.total in last 90 days) > 200"),
    ("last, ever", "last(order.category) = \"shoes\""),
    ("last, sliding", "last(order.category in last 90 days) = \"shoes\""),
    ("distinct, ever", "distinct(order.category) >= 5"),
    ("distinct, sliding", "distinct(order.category in last 90 days) >= 3"),
    ("median, ever", "median(order.total) > 200"),
    ("median, sliding", "median(order.total in last 90 days) > 200"),
    ("stddev, ever", "stddev(order.total) > 115"),
    ("stddev, sliding", "stddev(order.total in last 90 days) > 100"),
    ("most_frequent, ever", "most_frequent(order.category) = \"shoes\""),
    ("most_frequent, sliding", "most_frequent(order.category in last 90 days) = \"shoes\""),
    ("collect, ever", "collect(order.category) has \"shoes\""),
    ("collect, sliding", "collect(order.category in last 90 days) has \"shoes\""),
    ("active_days, ever", "active_days(any event) >= 25"),
    ("active_days, sliding", "active_days(any event in last 28 days) >= 2"),
    ("active_weeks, sliding", "active_weeks(any event in last 90 days) >= 6"),
    ("active_months, sliding", "active_months(any event in last 180 days) >= 6"),
    ("typical_gap, ever", "typical_gap(order) < 20"),
    ("typical_gap, sliding", "typical_gap(order in last 180 days) < 20"),
    ("decayed", "decayed(order: 1, 14 days) >= 0.5"),
    ("decayed, of a property", "decayed(order: total, 30 days) >= 300"),
    ("days since last", "days since last order >= 30"),
    ("days since first", "days since first order >= 400"),
    ("months since last", "months since last order >= 2"),
    ("anniversary", "anniversary(first(order.when)) in next 30 days"),
    ("an attribute", "country = \"SK\""),
    (
        "one sliding by another",
        "count(order in last 30 days) > count(order between 30 and 60 days ago)",
    ),
    ("a share, ever", "sum(order.total) / count(any event) > 100"),
];

fn accumulators(criterion: &mut Criterion) {
    let mut shop = OneByOne::new(Shop::new(SEED, PEOPLE, EACH_MS), EVENTS_EACH);
    let mut group = criterion.benchmark_group("accumulators");
    // Short, so that nobody comes to a much longer history meanwhile.
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_millis(50)).measurement_time(Duration::from_millis(150));
    for (name, condition) in KINDS {
        for commit in [1, 100] {
            group.bench_function(BenchmarkId::new(name, commit), |bencher| {
                bencher.iter_custom(|n| shop.time(condition, n, commit));
            });
        }
        shop.tell(name, condition);
    }
    group.finish();
}

criterion_group!(benches, accumulators);
criterion_main!(benches);
