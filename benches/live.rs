//! Events per second through twenty standing audiences, fifteen of them with
//! sliding windows, time following the events. `cargo bench --bench live`.
#![allow(clippy::disallowed_methods, missing_docs, reason = "a bench reads the clock")]

#[path = "support/chance.rs"]
mod chance;
#[path = "support/made.rs"]
mod made;
#[path = "support/people.rs"]
mod people;

use chance::Chance;
use made::{DAY, event};
use people::People;
use std::sync::Arc;
use std::time::Instant;
use throng::audience::Live;
use throng::model::*;
use throng::query::predicate::*;

const PEOPLE: u64 = 100_000;
const EVENTS: u64 = 3_000_000;
const SPAN: i64 = 90 * DAY;
const SEED: u64 = 42;

fn matcher(name: &str, filter: Option<(&str, Comparison, Value)>) -> Matcher {
    let filter = filter.map(|(property, comparison, value)| {
        let path = Path::key(property);
        Tree::Leaf(Test {
            subject: Expr::Leaf(RowLeaf::Property { path, declared: None }),
            check: Check::Compare(comparison, Expr::Literal(value)),
        })
    });
    Matcher(vec![EventFilter { name: Some(name.into()), filter }])
}

fn did(matcher: Matcher, days: Option<i64>, least: u64) -> Condition {
    let windows = days.map(|days| Window::Last { ms: days * DAY }).into_iter().collect();
    let count = CountRange { least, most: None };
    Tree::Leaf(Predicate::Did(Occurrence { matcher, windows, count }))
}

fn spent(days: Option<i64>, function: Function, least: i64) -> Condition {
    let path = Path::key("total");
    let aggregate = Aggregate {
        function,
        matcher: matcher("order", None),
        items: None,
        value: Some(Expr::Leaf(RowLeaf::Property { path, declared: None })),
        windows: days.map(|days| Window::Last { ms: days * DAY }).into_iter().collect(),
    };
    is(
        Expr::Leaf(PersonLeaf::Aggregate(Box::new(aggregate))),
        Comparison::AtLeast,
        Value::from(least),
    )
}

fn is(subject: Expr<PersonLeaf>, comparison: Comparison, value: Value) -> Condition {
    let check = Check::Compare(comparison, Expr::Literal(value));
    Tree::Leaf(Predicate::Is(Test { subject, check }))
}

fn days_since_last(name: &str, least: i64) -> Condition {
    let point = Box::new(Point::Anchor(Which::Last, matcher(name, None)));
    let unit = Unit::Fixed(FixedUnit::Day);
    let subject =
        Expr::Elapsed { unit, direction: Direction::Since, point, zone: Zone::UTC.into() };
    is(subject, Comparison::AtLeast, Value::from(least))
}

fn attribute(name: &str, value: &str) -> Condition {
    let leaf = PersonLeaf::Attribute { path: Path::key(name), declared: None };
    is(Expr::Leaf(leaf), Comparison::Equal, Value::text(value))
}

fn audiences() -> Vec<Condition> {
    let plain = |name: &str| matcher(name, None);
    let big = || matcher("order", Some(("total", Comparison::AtLeast, Value::from(100))));
    let shoes =
        || matcher("page_view", Some(("category", Comparison::Equal, Value::text("shoes"))));
    vec![
        // Sliding: fifteen.
        did(plain("page_view"), Some(7), 1),
        did(plain("page_view"), Some(30), 10),
        did(plain("page_view"), Some(14), 3),
        did(shoes(), Some(14), 3),
        did(plain("order"), Some(30), 1),
        did(plain("order"), Some(60), 2),
        did(big(), Some(60), 1),
        spent(Some(30), Function::Sum, 200),
        spent(Some(60), Function::Sum, 500),
        spent(Some(60), Function::Avg, 90),
        did(plain("added_to_cart"), Some(3), 1).and(did(plain("order"), Some(3), 1).not()),
        did(plain("order"), None, 2).and(did(plain("order"), Some(45), 1).not()),
        days_since_last("page_view", 21),
        did(plain("email_click"), Some(10), 1).and(did(plain("email_click"), Some(30), 3).not()),
        did(plain("page_view"), Some(28), 5).and(attribute("country", "SK")),
        // Ever: five.
        did(plain("order"), None, 5),
        spent(None, Function::Sum, 1_000),
        spent(None, Function::Max, 300),
        attribute("country", "CZ").and(did(plain("order"), None, 1).not()),
        did(shoes(), None, 10),
    ]
}

fn body(chance: &mut Chance, names: &[Text], countries: &[Value]) -> Body {
    let object = |fields: Vec<(Text, Value)>| Object::new(fields).unwrap_or_default();
    let one = chance.below(100);
    if one < 3 {
        let country = countries[chance.below(countries.len() as u64) as usize].clone();
        return Body::Identify { traits: object(vec![(names[4].clone(), country)]) };
    }
    let (name, field, value) = match one {
        3..75 => {
            let category = if chance.below(4) == 0 { "shoes" } else { "coats" };
            (0, 5, Value::from(category))
        }
        75..87 => (1, 6, Value::from(chance.below(400) as i64)),
        87..94 => (2, 6, Value::from(chance.below(200) as i64)),
        _ => (3, 5, Value::from("spring")),
    };
    let properties = object(vec![(names[field].clone(), value)]);
    Body::Track { event: names[name].clone(), properties }
}

/// Half of the events are those of a tenth of the people.
fn events() -> Vec<(Ordinal, Event)> {
    let mut chance = Chance(SEED);
    let names =
        ["page_view", "added_to_cart", "order", "email_click", "country", "category", "total"]
            .map(Text::from);
    let countries = ["SK", "CZ", "HU", "AT"].map(Value::from);
    let start = "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap_or_default();
    let one = |n: u64| {
        let few = chance.below(2) == 0;
        let seat = 1 + chance.below(if few { PEOPLE / 10 } else { PEOPLE }) as u32;
        let when = start.plus_ms((n as i64).saturating_mul(SPAN) / EVENTS as i64);
        let body = body(&mut chance, &names, &countries);
        let event = event(seat, when, EventId(n.into()), body);
        (Ordinal(seat), event)
    };
    (0..EVENTS).map(one).collect()
}

fn run(events: &[(Ordinal, Event)], batch: usize) {
    // Nobody's rows: these audiences are answered from what is kept.
    let facts = People::default();
    let mut live = Live::default();
    let start = events[0].1.when;
    for (number, condition) in audiences().into_iter().enumerate() {
        let name = format!("a{number}").into();
        let audience = Audience { name, version: 1, condition, zone: Zone::UTC.into() };
        live.define(Arc::new(audience), &facts, start).expect("nothing is read");
    }
    let (clock, mut announced) = (Instant::now(), 0);
    for batch in events.chunks(batch) {
        let now = batch[batch.len() - 1].1.when;
        for (seat, event) in batch {
            live.event(*seat, event, now);
        }
        let deltas = live.settle(&facts, now).expect("nothing is read");
        announced += deltas.iter().map(|d| d.entered.len() + d.left.len()).sum::<usize>();
    }
    let took = clock.elapsed();
    let stats = live.stats();
    let per_event = took.as_nanos() as f64 / events.len() as f64;
    println!("batches of {batch}: {per_event:.0} ns per event, {:.0} events/s", 1e9 / per_event);
    println!(
        "  touches {} flips {} announced {announced} due {} rescans {}",
        stats.touches, stats.flips, stats.due, stats.rescans
    );
    println!(
        "  matchers {} accumulators {} predicates {}; {} people, {:.0} bytes each",
        stats.matchers,
        stats.accumulators,
        stats.predicates,
        stats.people,
        stats.bytes as f64 / stats.people as f64
    );
}

fn main() {
    let events = events();
    println!(
        "{PEOPLE} people, {EVENTS} events over 90 days, seed {SEED}, 20 audiences, 15 sliding"
    );
    [1, 1_000, 10_000].into_iter().for_each(|batch| run(&events, batch));
}
