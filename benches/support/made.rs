//! Events and what is in them, made for a bench.
#![allow(dead_code, reason = "no bench uses all of it")]

use super::chance::Chance;
use throng::model::{
    Body, Decimal, Event, EventId, IdentifierNumber, Object, Text, Timestamp, Value,
};

/// 2026-03-15T12:00:00Z.
pub const NOW: i64 = 1_773_576_000_000;
pub const DAY: i64 = 86_400_000;

/// An instant, so many milliseconds after 1970.
pub fn at(ms: i64) -> Timestamp {
    Timestamp::from_millis(ms).expect("a time of this age")
}

/// An object of fields that differ.
pub fn object<K: Into<Text>>(fields: impl IntoIterator<Item = (K, Value)>) -> Object {
    let fields = fields.into_iter().map(|(key, value)| (key.into(), value));
    Object::new(fields.collect()).expect("each key once")
}

/// A price below so many hundredths.
pub fn price(chance: &mut Chance, n_hundredths: u64) -> Value {
    let billionths = i128::from(chance.below(n_hundredths)) * 10_000_000;
    Value::Number(Decimal::from_billionths(billionths).expect("a small number"))
}

/// What came under an identifier, received when it happened.
pub fn event(origin: u32, when: Timestamp, id: EventId, body: Body) -> Event {
    Event {
        when,
        received: when,
        ord: 0,
        id,
        origin: IdentifierNumber(origin),
        source: "web".into(),
        channel: None,
        body,
        context: Object::default(),
    }
}
