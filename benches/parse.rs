//! The language: text to tree and back, the tree's JSON form both ways, and
//! what a definition means; of a short question, a long audience, and a file of
//! 1,000 definitions. Bytes are those of the text everywhere.
//! `cargo bench --bench parse`.
#![allow(clippy::disallowed_methods, missing_docs, reason = "a bench reads the clock")]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::{Duration, Instant};
use throng::lang::tree::Statement;
use throng::lang::{json, parse, print};
use throng::model::Timestamp;
use throng::query::catalog::Catalog;

const DECLARED: &str = "declare event order.total: number; declare event order.quantity: number;
     declare event order.category: text; declare event page_view.category: text;
     declare event added_to_cart.total: number; declare event refund.total: number;
     declare event email_open; declare attribute country: text; declare attribute age: number;
     declare attribute plan: text; declare attribute email: text;";

const SHORT: &str = "create audience buyers is people who did order in last 30 days";

const LONG: &str = r#"
-- Customers of three countries worth keeping, who are about to leave.
create audience leaving in timezone "Europe/Prague" requiring consent for "email" is
  let spent = sum(order.total in last 365 days) - sum(refund.total in last 365 days)
  let often = count(order where (total >= 20 and category not one of ("gift", "voucher")))
  people who did order where (total between 50 and 5000 and (category = "shoes" or category starts with "boot" ignoring case)) at least 3 times in last 365 days
  and country one of ("SK", "CZ", "PL")
  and (plan = "gold" or (plan is unknown and age between 18 and 65))
  and not email ends with "@example.org" ignoring case
  and spent > 300 and often >= 5
  and did not order in last 60 days
  and days since last page_view > 0.5 * days since first page_view
  and did (page_view then added_to_cart where (total > 80) within 2 days then no order within 7 days) starting in last 90 days
  and none of (did refund at least 2 times in last 6 months, did email_open at least 20 times in last 30 days)
  and in top 20% by sum(order: total * quantity) among (did order in last 2 years)
  and (if did order at least 10 times then spent else 2 * spent) > 1000
"#;

/// A definition like those that people write.
fn definition(n: usize) -> String {
    let (days, least) = (1 + n, 1 + n % 12);
    let condition = match n % 8 {
        0 => format!("who did order at least {least} times in last {days} days"),
        1 => format!(
            "who did page_view where (category = \"c{least}\") in last {days} days and did not order in last {days} days"
        ),
        2 => format!("whose sum(order.total in last {days} days) > {}", least * 50),
        3 => {
            format!("whose country one of (\"SK\", \"CZ\") and (age >= {days} or plan = \"gold\")")
        }
        4 => format!("who did (page_view then added_to_cart then order within {days} days)"),
        5 => format!("whose days since last order >= {days} and count(order) >= {least}"),
        6 => format!("in top {least}% by sum(order.total in last {days} days)"),
        _ => format!("none of (did refund in last {days} days, email contains \"x{least}\")"),
    };
    format!("create audience a{n} is\n  people {condition};\n")
}

fn file() -> String {
    (0..1_000).map(definition).collect()
}

fn statements(text: &str) -> Vec<Statement> {
    let parsed = parse(text);
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    parsed.statements
}

fn declared() -> Catalog {
    let mut catalog = Catalog::default();
    define(&mut catalog, &statements(DECLARED));
    catalog
}

fn define(catalog: &mut Catalog, statements: &[Statement]) {
    for statement in statements {
        catalog.define(statement, Timestamp::EPOCH).expect("the bench's own text");
    }
}

fn texts(criterion: &mut Criterion) {
    let texts = [("short", SHORT.to_owned()), ("long", LONG.to_owned()), ("file", file())];
    for (name, text) in texts {
        let mut group = criterion.benchmark_group("parse");
        group.sample_size(10).throughput(Throughput::Bytes(text.len() as u64));
        group.warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
        let trees = statements(&text);
        let forms: Vec<_> = trees.iter().map(json::to_json).collect();
        eprintln!("{name}: {} bytes, {} statements", text.len(), trees.len());
        group.bench_function(BenchmarkId::new("text to tree", name), |bencher| {
            bencher.iter(|| parse(black_box(&text)));
        });
        group.bench_function(BenchmarkId::new("tree to text", name), |bencher| {
            bencher.iter(|| trees.iter().map(|tree| print(tree).len()).sum::<usize>());
        });
        group.bench_function(BenchmarkId::new("tree to JSON", name), |bencher| {
            bencher.iter(|| trees.iter().for_each(|tree| _ = black_box(json::to_json(tree))));
        });
        group.bench_function(BenchmarkId::new("JSON to tree", name), |bencher| {
            let read = |form| json::from_json(form).expect("a form that was written");
            bencher.iter(|| forms.iter().for_each(|form| _ = black_box(read(form))));
        });
        group.bench_function(BenchmarkId::new("define", name), |bencher| {
            bencher.iter_custom(|n| (0..n).map(|_| time(&mut declared(), &trees)).sum());
        });
        group.finish();
    }
}

fn time(catalog: &mut Catalog, statements: &[Statement]) -> Duration {
    let clock = Instant::now();
    define(catalog, statements);
    clock.elapsed()
}

/// One more definition, where there are few and where there are many.
fn one_more(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("one more definition");
    group.sample_size(10).measurement_time(Duration::from_secs(1));
    let (one, gone) = (statements(SHORT), statements("drop audience buyers"));
    for n in [10, 100, 1_000] {
        let mut catalog = declared();
        let others: String = (0..n).map(definition).collect();
        define(&mut catalog, &statements(&others));
        group.bench_function(BenchmarkId::new("define", n), |bencher| {
            bencher.iter_custom(|n| {
                let one = |_| {
                    let took = time(&mut catalog, &one);
                    define(&mut catalog, &gone);
                    took
                };
                (0..n).map(one).sum()
            });
        });
        group.bench_function(BenchmarkId::new("drop", n), |bencher| {
            bencher.iter_custom(|n| {
                let drop = |_| {
                    define(&mut catalog, &one);
                    time(&mut catalog, &gone)
                };
                (0..n).map(drop).sum()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, texts, one_more);
criterion_main!(benches);
