//! Generated records for tests: the same seed, the same records.

use crate::model::{
    Body, Call, Date, Decimal, EventId, Input, Lsn, Object, Record, Text, Timestamp, Value,
};

/// A small generator of numbers (splitmix64).
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn bits(&mut self) -> u128 {
        u128::from(self.next()) << 64 | u128::from(self.next())
    }

    fn text(&mut self) -> Text {
        const WORDS: [&str; 8] = ["", "a", "Košice", "order", "x\u{1F600}y", "\n", "price", "id"];
        match self.below(4) {
            0 => format!("user-{}", self.below(50)).into(),
            1 => "long ".repeat(self.below(200) as usize).into(),
            _ => WORDS[self.below(8) as usize].into(),
        }
    }

    fn instant(&mut self) -> Timestamp {
        match self.below(8) {
            0 => Timestamp::MIN,
            1 => Timestamp::MAX,
            _ => Timestamp::saturating_from_millis(1_700_000_000_000 + self.below(1 << 33) as i64),
        }
    }

    fn decimal(&mut self) -> Decimal {
        let limit = 10i128.pow(38);
        let billionths = match self.below(8) {
            0 => limit,
            1 => -limit,
            2 => self.bits() as i128 % limit,
            3 => self.next() as i64 as i128,
            4 => 0,
            5 => i128::from(self.below(10_000)) * 10_000_000,
            _ => i128::from(self.below(1000)) * 1_000_000_000,
        };
        Decimal::from_billionths(billionths).unwrap()
    }

    pub(super) fn value(&mut self, depth: u32) -> Value {
        let kind = self.below(if depth == 0 { 9 } else { 12 });
        match kind {
            0 => Value::Null,
            1 => Value::Bool(self.one_in(2)),
            2 | 3 => Value::Number(self.decimal()),
            4 => Value::Digits("123456789012345678901234567890.5".into()),
            5 => Value::Instant(self.instant()),
            6 => Value::Date(Date::from_days(self.below(40_000) as i32 - 5_000).unwrap()),
            7 => Value::Duration(self.next() as i64),
            9 => Value::List((0..self.below(4)).map(|_| self.value(depth - 1)).collect()),
            10 | 11 => Value::Object(self.object(depth - 1)),
            _ => Value::Text(self.text()),
        }
    }

    fn object(&mut self, depth: u32) -> Object {
        let mut object = Object::default();
        for _ in 0..self.below(5) {
            object.insert(self.text(), self.value(depth));
        }
        object
    }

    fn body(&mut self) -> Body {
        match self.below(9) {
            0 => Body::Page { properties: self.object(3) },
            1 => Body::Screen { properties: self.object(1) },
            2 => Body::Identify { traits: self.object(3) },
            3 => Body::Group { group_id: self.text(), traits: self.object(1) },
            4 => Body::Alias { previous: self.text() },
            5 => {
                let expires = self.one_in(2).then(|| self.instant());
                Body::Consent { purpose: self.text(), granted: self.one_in(2), expires }
            }
            _ => Body::Track { event: self.text(), properties: self.object(3) },
        }
    }

    fn call(&mut self) -> Call {
        Call {
            id: self.one_in(2).then(|| EventId(self.bits())),
            when: (!self.one_in(4)).then(|| self.instant()),
            ord: if self.one_in(2) { 0 } else { self.next() as i64 },
            channel: self.one_in(3).then(|| self.text()),
            user_id: self.one_in(2).then(|| self.text()),
            anonymous_id: self.one_in(2).then(|| self.text()),
            context: self.object(2),
            extra: self.object(1),
            ..Call::new(self.text(), self.body())
        }
    }

    fn input(&mut self) -> Input {
        match self.below(16) {
            0 => Input::Tick,
            1 => Input::Define(self.text()),
            2 => Input::Activate(self.text()),
            3 => Input::Link(self.text(), self.text()),
            4 => Input::Unlink(self.text(), self.text()),
            5 => {
                let personal = (0..self.below(3)).map(|_| self.bits()).collect();
                let tenure =
                    |chance: &mut Chance| (chance.bits(), chance.instant(), chance.instant());
                let tenures = (0..self.below(3)).map(|_| tenure(self)).collect();
                Input::Forget { personal, tenures, suppress: self.one_in(2) }
            }
            6 => Input::Settings(self.text()),
            7 => Input::Zones(self.text()),
            8 => Input::Recovered,
            9 => Input::Bulk((0..self.below(60)).map(|_| self.call()).collect()),
            _ => Input::Calls((0..self.below(8)).map(|_| self.call()).collect()),
        }
    }

    pub(super) fn record(&mut self, lsn: u64) -> Record {
        let (at, first_identifier) = (self.instant(), self.next() as u32);
        Record { lsn: Lsn(lsn), at, first_identifier, input: self.input() }
    }
}
