//! What it costs to find people: over columns, and one by one by the oracle.
//!
//! `cargo bench --bench scan` makes, from a fixed seed, a shop of 100,000
//! people and 2,000,000 events (`THRONG_PEOPLE` says otherwise) over a year,
//! sealed; then it answers each condition over columns with one thread and
//! with two, and of a hundredth of the people by the oracle.

#![allow(missing_docs, clippy::disallowed_methods, reason = "a bench reads clock and environment")]

#[path = "support/chance.rs"]
mod chance;
#[path = "support/made.rs"]
mod made;

use chance::Chance;
use made::{DAY, NOW, at, object, price};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use throng::identity::{Identity, Policy};
use throng::index::Seats;
use throng::lang;
use throng::model::{
    Body, Call, Event, EventId, Object, Ordinal, ProfileId, Text, Timestamp, Value,
};
use throng::query::catalog::Catalog;
use throng::query::predicate::Audience;
use throng::query::{Nobody, Parties, Person, holds, scan};
use throng::timeline::{MemoryPages, Timeline, Wanted};

const SEED: u64 = 11;
const EVENTS_PER_PERSON: u64 = 20;

const CONDITIONS: [(&str, &str); 10] = [
    ("did order", "did order"),
    ("did, filtered, sliding", "did order where (total > 100) in last 90 days"),
    ("did not, sliding", "did order and did not view in last 30 days"),
    ("sum of a column", "sum(order.total in last 365 days) > 1000"),
    ("sum of products", "sum(order: total * quantity) > 5000"),
    ("distinct texts", "distinct(order.category in last 90 days) >= 3"),
    ("days since last", "days since last order >= 180"),
    ("an attribute", "country = \"SK\""),
    ("an anchor", "did view since last order"),
    ("a person in a filter", "did order where (category = profile.favourite)"),
];

struct Shop {
    timeline: Timeline,
    pages: MemoryPages,
    identity: Identity,
    everyone: Seats,
    parties: Parties,
}

fn now() -> Timestamp {
    at(NOW)
}

fn row(chance: &mut Chance, origin: u32, body: Body) -> Event {
    let when = now().plus_ms(-((chance.below(365 * DAY as u64)) as i64));
    made::event(origin, when, chance.id(), body)
}

fn category(chance: &mut Chance) -> Value {
    Value::Text(format!("category {}", chance.below(12)).into())
}

fn event(chance: &mut Chance) -> Body {
    let event: Text = ["order", "view", "view", "view", "search"][chance.below(5) as usize].into();
    let properties = object([
        ("total", price(chance, 30_000)),
        ("quantity", Value::from(1 + chance.below(4) as i64)),
        ("category", category(chance)),
        ("product", Value::from(chance.below(5_000) as i64)),
    ]);
    Body::Track { event, properties }
}

impl Shop {
    fn new(n_people: u32) -> Shop {
        let (mut chance, policy) = (Chance(SEED), Policy::standard());
        let (mut identity, mut timeline) = (Identity::default(), Timeline::default());
        let mut call = Call::new("web", Body::Page { properties: Object::default() });
        for n in 1..=n_people {
            call.user_id = Some(format!("u{n}").as_str().into());
            let named = policy.named(&call).unwrap();
            identity.take(&policy, &named, Timestamp::MIN, EventId(n.into()), now());
        }
        let mut shop = Shop {
            timeline: std::mem::take(&mut timeline),
            pages: MemoryPages::default(),
            identity,
            everyone: (1..=n_people).map(Ordinal).collect(),
            parties: Parties::default(),
        };
        let n_rows = u64::from(n_people) * EVENTS_PER_PERSON;
        for n in 0..n_rows {
            let origin = 1 + chance.below(n_people.into()) as u32;
            let body = event(&mut chance);
            shop.timeline.append(row(&mut chance, origin, body));
            if n % EVENTS_PER_PERSON == 0 {
                let country = Value::from(["SK", "CZ", "PL", "HU"][chance.below(4) as usize]);
                let traits = object([("country", country), ("favourite", category(&mut chance))]);
                let origin = 1 + (n / EVENTS_PER_PERSON) as u32;
                shop.timeline.append(row(&mut chance, origin, Body::Identify { traits }));
            }
            if shop.timeline.tail_len() > 1_000_000 {
                shop.seal();
            }
        }
        shop.seal();
        shop
    }

    fn seal(&mut self) {
        let change = self.timeline.seal(now());
        self.pages.put(change.pages.iter().cloned());
        self.timeline.install(change).unwrap();
        while let Some(change) = self.timeline.merge(&self.pages, now()).unwrap() {
            self.pages.put(change.pages.iter().cloned());
            self.timeline.install(change).unwrap();
        }
    }

    fn scan(&self, audience: &Audience, run: scan::Runner<'_>) -> Seats {
        let source = scan::Source {
            known: None,
            columns: None,
            timeline: &self.timeline,
            pages: &self.pages,
            identity: &self.identity,
            parties: &self.parties,
            stop: &|| false,
            run,
            written_max: scan::WRITTEN_BYTES,
        };
        scan::scan(&audience.condition, &self.everyone, &source, now()).unwrap()
    }

    /// Whom the oracle finds among every hundredth person.
    fn some(&self, audience: &Audience) -> Vec<Ordinal> {
        let mut found = Vec::new();
        for seat in self.everyone.iter().step_by(100) {
            let mut events = Vec::new();
            for stretch in self.identity.stretches(seat) {
                let (from, to) = (stretch.from, stretch.to);
                let mut push = |event: &Event| events.push(event.clone());
                let rows = &self.timeline;
                rows.rows(&self.pages, stretch.origin, from, to, &Wanted::All, &mut push).unwrap();
            }
            let (profile, parties) = (ProfileId(seat.0), &self.parties);
            let identifiers = &[];
            let (events, user_id, others) = (&events[..], None, &Nobody);
            let person = Person { profile, events, identifiers, user_id, parties, others };
            if holds::holds(&audience.condition, &person, now()) {
                found.push(seat);
            }
        }
        found
    }
}

fn audiences() -> BTreeMap<Text, Arc<Audience>> {
    let mut catalog = Catalog::default();
    let mut text = "declare event order.total: number; declare event order.quantity: number;
        declare event order.category: text; declare event view; declare event search;
        declare attribute country: text; declare attribute favourite: text;"
        .to_owned();
    for (n, (_, condition)) in CONDITIONS.iter().enumerate() {
        let whose = if condition.starts_with("did") { "who" } else { "whose" };
        text += &format!("create audience a{n} is people {whose} {condition};");
    }
    let parsed = lang::parse(&text);
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    for statement in parsed.statements {
        catalog.define(&statement, now()).unwrap();
    }
    catalog.audiences().map(|audience| (audience.name.clone(), audience.clone())).collect()
}

fn on_two(n_jobs: usize, job: &(dyn Fn(usize) + Sync)) {
    std::thread::scope(|scope| {
        for first in 0..2 {
            scope.spawn(move || (first..n_jobs).step_by(2).for_each(job));
        }
    });
}

fn timed<T>(mut what: impl FnMut() -> T) -> (T, Duration) {
    let (mut best, mut answer) = (Duration::MAX, None);
    for _ in 0..3 {
        let start = Instant::now();
        answer = Some(what());
        best = best.min(start.elapsed());
    }
    (answer.unwrap(), best)
}

fn main() {
    let asked = std::env::var("THRONG_PEOPLE").ok().and_then(|text| text.parse().ok());
    let n_people: u32 = asked.unwrap_or(100_000);
    let shop = Shop::new(n_people);
    let n_rows = shop.timeline.sealed_len();
    println!("{n_people} people, {n_rows} rows, seed {SEED}; milliseconds, best of 3");
    println!(
        "{:24}{:>9}{:>9}{:>9}{:>11}{:>8}",
        "", "people", "1 core", "2 cores", "oracle", "ratio"
    );
    let audiences = audiences();
    for (n, (name, _)) in CONDITIONS.iter().enumerate() {
        let audience = &audiences[format!("a{n}").as_str()];
        let (found, one) = timed(|| shop.scan(audience, &scan::one_by_one));
        let (again, two) = timed(|| shop.scan(audience, &on_two));
        let (some, oracle) = timed(|| shop.some(audience));
        let part = shop.everyone.iter().step_by(100).filter(|seat| found.contains(*seat));
        assert!(found == again && part.eq(some), "{name}: the scan and the oracle differ");
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        let whole = ms(oracle) * 100.0;
        let (one, two, n_found) = (ms(one), ms(two), found.len());
        println!("{name:24}{n_found:>9}{one:>9.1}{two:>9.1}{whole:>11.0}{:>7.0}x", whole / one);
    }
}
