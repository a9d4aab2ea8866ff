//! Events of every shape, from a seed.

use crate::model::{
    Body, Date, Decimal, Event, EventId, IdentifierNumber, Object, Stream, Text, Timestamp, Value,
};

/// A small generator of numbers.
pub struct Dice(pub u64);

/// 2026-03-15T12:00:00Z.
pub const NOW: i64 = 1_773_576_000_000;
const DAY: i64 = 86_400_000;

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.roll() % limit.max(1)
    }

    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize].clone()
    }
}

/// Mostly near now, now and then years ago, ahead, or at an end of time.
pub fn when(dice: &mut Dice) -> Timestamp {
    let ms = match dice.below(20) {
        0 => NOW - dice.below(4_000) as i64 * DAY,
        1 => NOW + dice.below(400) as i64 * DAY,
        2 => return dice.pick(&[Timestamp::MIN, Timestamp::MAX, Timestamp::EPOCH]),
        3..8 => NOW - dice.below(60) as i64 * DAY,
        _ => NOW - dice.below(400 * DAY as u64) as i64,
    };
    Timestamp::saturating_from_millis(ms)
}

pub fn event(dice: &mut Dice, id: u128) -> Event {
    let origin = match dice.below(8) {
        0 => 65_530 + dice.below(12) as u32,
        1 => u32::MAX - dice.below(2) as u32,
        _ => 1 + dice.below(12) as u32,
    };
    let sources: [Text; 2] = ["web".into(), "shop".into()];
    let expires = dice.one_in(2).then(|| when(dice));
    Event {
        when: when(dice),
        received: Timestamp::saturating_from_millis(NOW + dice.below(9_000) as i64),
        ord: if dice.one_in(9) { dice.roll() as i64 } else { dice.below(3) as i64 },
        id: EventId(if dice.one_in(2) { id } else { u128::from(dice.roll()) << 64 | id }),
        origin: IdentifierNumber(origin),
        source: dice.pick(&sources),
        channel: dice.one_in(3).then(|| "app".into()),
        body: body(dice, expires),
        context: if dice.one_in(3) { object(dice, 3) } else { Object::default() },
    }
}

fn body(dice: &mut Dice, expires: Option<Timestamp>) -> Body {
    match dice.below(14) {
        0 => Body::Page { properties: object(dice, 2) },
        1 => Body::Screen { properties: object(dice, 2) },
        2 => Body::Identify { traits: object(dice, 3) },
        3 => Body::Group { group_id: text(dice), traits: object(dice, 1) },
        4 => Body::Alias { previous: text(dice) },
        5 => Body::Consent { purpose: "mail".into(), granted: dice.one_in(2), expires },
        6 => Body::Track { event: "page_view".into(), properties: object(dice, 1) },
        7 => Body::Track { event: text(dice), properties: Object::default() },
        8..11 => Body::Track { event: "order".into(), properties: order(dice) },
        _ => Body::Track { event: "view".into(), properties: object(dice, 2) },
    }
}

/// The plain case: few keys, one kind each.
fn order(dice: &mut Dice) -> Object {
    let cents = Decimal::from_billionths(i128::from(dice.below(99_999)) * 10_000_000).unwrap();
    let mut fields = vec![
        ("total".into(), Value::Number(cents)),
        ("paid".into(), Value::Bool(dice.one_in(2))),
        ("coupon".into(), Value::Text(text(dice))),
    ];
    fields.truncate(dice.below(4) as usize);
    Object::new(fields).unwrap()
}

fn object(dice: &mut Dice, depth: u64) -> Object {
    let mut object = Object::default();
    for _ in 0..dice.below(5) {
        let key = if dice.one_in(40) { text(dice) } else { dice.pick(&KEYS).into() };
        object.insert(key, value(dice, depth));
    }
    object
}

const KEYS: [&str; 7] = ["a", "b", "a.b", "total", "items", "ž", ""];

pub fn value(dice: &mut Dice, depth: u64) -> Value {
    match dice.below(if depth == 0 { 12 } else { 15 }) {
        0 => Value::Null,
        1 => Value::Bool(dice.one_in(2)),
        2 => Value::Digits("123456789012345678901234567890".into()),
        3 => Value::Instant(when(dice)),
        4 => Value::Date(dice.pick(&[Date::MIN, Date::MAX, Date::default()])),
        5 => Value::Duration(dice.roll() as i64),
        6..9 => Value::Number(number(dice)),
        9..12 => Value::Text(text(dice)),
        12 => Value::List((0..dice.below(4)).map(|_| value(dice, depth - 1)).collect()),
        _ => Value::Object(object(dice, depth - 1)),
    }
}

fn number(dice: &mut Dice) -> Decimal {
    let billionths = match dice.below(5) {
        0 => i128::from(dice.roll() as i64),
        1 => i128::from(dice.roll() as i64) * 999_999_937,
        2 => -i128::from(dice.below(1_000)) * 1_000_000_000,
        _ => i128::from(dice.below(1_000)) * 10i128.pow(dice.below(12) as u32),
    };
    Decimal::from_billionths(billionths).unwrap()
}

fn text(dice: &mut Dice) -> Text {
    match dice.below(9) {
        0 => format!("{:x}", dice.roll()).into(),
        1 if dice.one_in(20) => "long ".repeat(dice.below(3_000) as usize).into(),
        _ => dice.pick(&["", "SK", "CZ", "žltý kôň", "x"]).into(),
    }
}

pub fn streams() -> Vec<Stream> {
    let names = ["order", "view", "page_view", "screen_view", "SK", "never", ""];
    let kinds = [Stream::Identify, Stream::Group, Stream::Alias, Stream::Consent];
    names.map(|name| Stream::Events(name.into())).into_iter().chain(kinds).collect()
}
