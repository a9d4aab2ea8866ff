//! A shop: what its people do, without an end, each of them as often whatever their number.
#![allow(dead_code, reason = "no bench uses all of it")]

use super::chance::Chance;
use super::made::{DAY, NOW, at, event, object, price};
use super::people::{People, audiences};
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};
use throng::audience::{Live, LiveStats};
use throng::model::{Body, Call, Event, Ordinal, Text, Timestamp, Value};
use throng::query::predicate::Audience;

/// What audiences may name.
pub const DECLARED: &str =
    "declare event order.total: number; declare event order.quantity: number;
     declare event order.category: text; declare event order.items.price: number;
     declare event order.items.quantity: number;
     declare event page_view.total: number; declare event page_view.category: text;
     declare event added_to_cart.total: number; declare event added_to_cart.category: text;
     declare event refund; declare attribute country: text;";

pub const SEED: u64 = 42;
/// How long until somebody does the next thing, on average.
pub const EACH_MS: i64 = 14 * DAY;
/// What everybody has done before, on average, where two sizes are compared.
pub const EVENTS_EACH: u64 = 10;

/// How many people there are in the two shops that are compared: 20,000 and 200,000, or what
/// the environment has in `THRONG_PEOPLE`, as `THRONG_PEOPLE=200000,2000000`.
pub fn sizes() -> [u64; 2] {
    let Ok(given) = std::env::var("THRONG_PEOPLE") else { return [20_000, 200_000] };
    let sizes: Vec<u64> = given.split(',').filter_map(|size| size.trim().parse().ok()).collect();
    sizes.try_into().expect("THRONG_PEOPLE has two numbers, by a comma")
}

/// Audiences of all kinds.
pub const TWENTY: [&str; 20] = [
    "did order in last 30 days",
    "did page_view at least 3 times in last 60 days",
    "did order at least 5 times",
    "did order at least 2 times and did not order in last 60 days",
    "sum(order.total in last 90 days) > 600",
    "did order this month",
    "avg(order.total in last 90 days) >= 220",
    "max(order.total in last 60 days) > 350",
    "last(order.category) = \"shoes\"",
    "distinct(order.category in last 90 days) >= 3",
    "median(order.total) > 200",
    "most_frequent(order.category) = \"hats\"",
    "collect(order.category in last 30 days) has \"coats\"",
    "active_days(any event in last 28 days) >= 2",
    "typical_gap(order) < 20",
    "decayed(page_view: 1, 14 days) >= 0.5",
    "days since last order >= 30",
    "country = \"SK\" and did added_to_cart in last 14 days",
    "did (page_view then added_to_cart then order within 14 days)",
    "in top 10% by sum(order.total in last 90 days)",
];

const EVENTS: [&str; 3] = ["order", "page_view", "added_to_cart"];
const FIELDS: [&str; 6] = ["total", "quantity", "category", "items", "price", "country"];

/// Who does what next.
#[derive(Clone)]
pub struct Shop {
    chance: Chance,
    n: u64,
    n_people: u64,
    /// How long it takes until a person does the next thing, on average.
    each_ms: i64,
    events: [Text; 3],
    fields: [Text; 6],
    categories: [Value; 5],
    countries: [Value; 4],
}

impl Shop {
    /// So many people, each of whom does something once in such a time.
    pub fn new(seed: u64, n_people: u64, each_ms: i64) -> Shop {
        Shop {
            chance: Chance(seed),
            n: 0,
            n_people,
            each_ms,
            events: EVENTS.map(Text::from),
            fields: FIELDS.map(Text::from),
            categories: ["shoes", "coats", "hats", "bags", "belts"].map(Value::from),
            countries: ["SK", "CZ", "HU", "AT"].map(Value::from),
        }
    }

    /// The instant of the event that was given last.
    pub fn now(&self) -> Timestamp {
        at(NOW + (i128::from(self.each_ms) * i128::from(self.n) / i128::from(self.n_people)) as i64)
    }

    /// What somebody does next.
    pub fn next(&mut self) -> (Ordinal, Event) {
        self.n += 1;
        let seat = 1 + self.chance.below(self.n_people) as u32;
        let (body, id) = (self.body(), self.chance.id());
        (Ordinal(seat), event(seat, self.now(), id, body))
    }

    /// The same as a call.
    pub fn call(&mut self) -> Call {
        let (seat, event) = self.next();
        Call {
            id: Some(event.id),
            when: Some(event.when),
            user_id: Some(format!("u{}", seat.0).into()),
            ..Call::new("web", event.body)
        }
    }

    /// Nine of twenty are orders, six page views, four carts, one tells where somebody lives.
    fn body(&mut self) -> Body {
        let name = match self.chance.below(20) {
            0 => {
                let country = self.chance.one_of(&self.countries).clone();
                return Body::Identify { traits: object([(self.fields[5].clone(), country)]) };
            }
            1..10 => 0,
            10..16 => 1,
            _ => 2,
        };
        let [total, quantity, category, items, _, _] = self.fields.clone();
        let mut fields = vec![
            (total, price(&mut self.chance, 40_000)),
            (category, self.chance.one_of(&self.categories).clone()),
        ];
        if name == 0 {
            fields.push((quantity, Value::from(1 + self.chance.below(4) as i64)));
            fields.push((items, self.items()));
        }
        Body::Track { event: self.events[name].clone(), properties: object(fields) }
    }

    fn items(&mut self) -> Value {
        let [_, quantity, _, _, the_price, _] = self.fields.clone();
        let n_items = 1 + self.chance.below(2);
        let item = |_| {
            let n = Value::from(1 + self.chance.below(3) as i64);
            let fields =
                [(the_price.clone(), price(&mut self.chance, 9_000)), (quantity.clone(), n)];
            Value::Object(object(fields))
        };
        Value::List((0..n_items).map(item).collect())
    }
}

/// A shop of which audiences are kept: what happens is told to them as it happens.
pub struct Kept {
    shop: Shop,
    people: People,
    /// Where a run begins again: what comes next then, and how many rows each had.
    base: (Shop, Vec<usize>),
    live: Live,
    n_told: u64,
    before: LiveStats,
}

impl Kept {
    /// A shop in which each has done so many things on average, and nobody asks yet.
    pub fn new(mut shop: Shop, n_each: u64) -> Kept {
        let mut people = People::default();
        for _ in 0..shop.n_people * n_each {
            let (seat, event) = shop.next();
            people.push(seat, event);
        }
        let base = (shop.clone(), people.lengths());
        let (live, before) = (Live::default(), LiveStats::default());
        Kept { shop, people, base, live, n_told: 0, before }
    }

    /// Begins again, with these audiences.
    pub fn keep(&mut self, audiences: &[Arc<Audience>]) {
        self.shop = self.base.0.clone();
        self.people.shrink_to(&self.base.1);
        let now = self.shop.now();
        self.live =
            Live::of_all(audiences.iter().cloned(), &self.people, now).expect("nothing fails");
        self.n_told = 0;
        self.before = self.live.stats();
    }

    /// How long so many events take, settled in commits of so many.
    pub fn time(&mut self, n: u64, commit: u64) -> Duration {
        let mut took = Duration::ZERO;
        for first in (0..n).step_by(commit as usize) {
            let events: Vec<_> = (first..n.min(first + commit)).map(|_| self.shop.next()).collect();
            let now = self.shop.now();
            events.iter().for_each(|(seat, event)| self.people.push(*seat, event.clone()));
            let clock = Instant::now();
            events.iter().for_each(|(seat, event)| self.live.event(*seat, event, now));
            black_box(self.live.settle(&self.people, now).expect("nothing fails"));
            took += clock.elapsed();
        }
        self.n_told += n;
        took
    }

    /// What an event has caused since these audiences are kept.
    pub fn told(&self) -> String {
        let (stats, before) = (self.live.stats(), self.before);
        let each = |now: u64, before: u64| (now - before) as f64 / self.n_told.max(1) as f64;
        format!(
            "{:.2} deadlines, {:.2} rescans, {:.2} entries and leaves, {:.1} of ranks; {} bytes a person",
            each(stats.due, before.due),
            each(stats.rescans, before.rescans),
            each(stats.flips, before.flips),
            each(stats.ranked, before.ranked),
            stats.bytes / stats.people.max(1),
        )
    }
}

/// A shop for rows of one audience each. It is made when the first row is timed, and
/// begins again whenever another audience is.
pub struct OneByOne {
    shop: Shop,
    n_each: u64,
    kept: Option<Kept>,
    condition: Option<&'static str>,
}

impl OneByOne {
    /// A shop in which each has done so many things on average.
    pub fn new(shop: Shop, n_each: u64) -> OneByOne {
        OneByOne { shop, n_each, kept: None, condition: None }
    }

    /// How long so many events take for this audience, settled in commits of so many.
    pub fn time(&mut self, condition: &'static str, n: u64, commit: u64) -> Duration {
        let kept = self.kept.get_or_insert_with(|| Kept::new(self.shop.clone(), self.n_each));
        if self.condition.replace(condition) != Some(condition) {
            kept.keep(&audiences(DECLARED, [condition], at(NOW)));
        }
        kept.time(n, commit)
    }

    /// Says what an event has caused, if this audience was timed last.
    pub fn tell(&self, name: &str, condition: &str) {
        if let Some(kept) = self.kept.as_ref().filter(|_| self.condition == Some(condition)) {
            eprintln!("{name}: per event {}\n", kept.told());
        }
    }
}
