//! Trees by chance: names, lengths, literals and windows.

use crate::lang::tree::*;
use crate::lang::{Span, Spanned};
use crate::model::{Date, Decimal, FixedUnit, Period, Text, Timestamp, Turn, Unit};

/// Numbers from a seed, by xorshift.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    pub(super) fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.roll(choices.len() as u64) as usize].clone()
    }

    pub(super) fn span(&mut self) -> Span {
        let start = self.roll(40) as u32;
        Span::new(start, start + self.roll(9) as u32)
    }

    pub(super) fn name(&mut self) -> Name {
        let names = [
            "order",
            "visit",
            "items",
            "price",
            "total",
            "tags",
            "country",
            "birthday",
            "when",
            "context",
            "call",
            "received",
            "ltv",
            "a",
            "b",
            "address",
            "p",
            "",
            "no such",
            "user_id",
            "first_seen",
            "timezone",
            "campaign",
            "Europe/Prague",
            "shipped_at",
        ];
        Spanned::new(Text::from(self.of(&names)), self.span())
    }

    pub(super) fn count(&mut self) -> u64 {
        self.of(&[0, 1, 2, 30, 1_000_000, u64::MAX - 1, u64::MAX])
    }

    pub(super) fn unit(&mut self) -> Unit {
        self.of(&[
            Unit::Fixed(FixedUnit::Millisecond),
            Unit::Fixed(FixedUnit::Day),
            Unit::Fixed(FixedUnit::Week),
            Unit::Month,
            Unit::Year,
        ])
    }

    pub(super) fn length(&mut self) -> Length {
        Length { count: self.count(), unit: self.unit(), span: self.span() }
    }

    pub(super) fn param(&mut self) -> Name {
        Spanned::new(Text::from(self.of(&["p", "q", "r"])), self.span())
    }

    pub(super) fn reach(&mut self) -> Reach {
        match self.roll(3) {
            0 => Reach::Parameter(self.param()),
            _ => Reach::Length(self.length()),
        }
    }

    pub(super) fn moment(&mut self) -> Moment {
        match self.roll(3) {
            0 => Moment::Parameter(self.param()),
            _ => Moment::Instant(self.instant()),
        }
    }

    /// Up to three, of any types.
    pub(super) fn params(&mut self) -> Vec<Parameter> {
        let names: Vec<&str> = ["p", "q", "r"].into_iter().take(self.roll(4) as usize).collect();
        let types = [
            TypeName::Text,
            TypeName::Number,
            TypeName::Duration,
            TypeName::Instant,
            TypeName::Date,
            TypeName::Geo,
        ];
        let mut param = |name: &str| {
            let default = (self.roll(2) == 0).then(|| Spanned::new(self.literal(), self.span()));
            let of = Spanned::new(self.of(&types), self.span());
            Parameter { name: Spanned::new(name.into(), self.span()), of, default }
        };
        names.into_iter().map(&mut param).collect()
    }

    pub(super) fn lets(&mut self) -> Vec<Let> {
        let n = self.roll(3).saturating_sub(1);
        (0..n).map(|_| Let { name: self.name(), value: self.value(2) }).collect()
    }

    pub(super) fn defined(&mut self) -> Name {
        Spanned::new(Text::from(self.of(&["a", "b", "ltv", "x", "c"])), self.span())
    }

    pub(super) fn share(&mut self) -> Spanned<Decimal> {
        let shares = [Decimal::ZERO, Decimal::from(1), Decimal::from(2), Decimal::from(-1)];
        Spanned::new(self.of(&shares), self.span())
    }

    pub(super) fn instant(&mut self) -> Instant {
        let span = self.span();
        if self.roll(2) == 0 {
            Instant::Date(self.of(&[Date::MIN, Date::default(), Date::MAX]), span)
        } else {
            Instant::Timestamp(self.of(&[Timestamp::MIN, Timestamp::EPOCH, Timestamp::MAX]), span)
        }
    }

    pub(super) fn literal(&mut self) -> Literal {
        match self.roll(9) {
            0 => Literal::Number(Decimal::from(self.roll(100) as i64)),
            1 => Literal::Percent(Decimal::ZERO),
            2 => Literal::Text(self.name().node),
            3 => Literal::Bool(true),
            4 => Literal::Missing,
            5 => Literal::Date(Date::MAX),
            6 => Literal::Timestamp(Timestamp::MIN),
            7 => Literal::Duration(self.length()),
            _ => Literal::Month(12),
        }
    }

    pub(super) fn literals(&mut self) -> Vec<Spanned<Literal>> {
        (0..self.roll(3)).map(|_| Spanned::new(self.literal(), self.span())).collect()
    }

    pub(super) fn accessors(&mut self) -> Vec<Spanned<Accessor>> {
        (0..self.roll(3))
            .map(|_| {
                let accessor = match self.roll(3) {
                    0 => Accessor::Index(u32::MAX),
                    _ => Accessor::Key(self.name().node),
                };
                Spanned::new(accessor, self.span())
            })
            .collect()
    }

    pub(super) fn path(&mut self) -> ValuePath {
        ValuePath {
            head: self.of(&[PathHead::Bare, PathHead::Bare, PathHead::Event, PathHead::Profile]),
            first: self.name(),
            rest: self.accessors(),
            span: self.span(),
        }
    }

    pub(super) fn bound(&mut self, depth: u64) -> Bound {
        match self.roll(5) {
            4 => Bound::Parameter(self.param()),
            0 => Bound::Instant(self.instant()),
            1 => Bound::First(Box::new(self.matcher(depth)), self.span()),
            2 => Bound::Last(Box::new(self.matcher(depth)), self.span()),
            _ => Bound::Path(self.path()),
        }
    }

    pub(super) fn window(&mut self, depth: u64) -> Window {
        let kind = match self.roll(12) {
            11 => WindowKind::Within(
                self.reach(),
                self.of(&[Side::After, Side::Before, Side::Of]),
                Box::new(self.bound(depth)),
            ),
            9 => WindowKind::Period(self.of(&[Turn::Last, Turn::Next]), Period::Week),
            10 => {
                let number = YearOf::Number(Spanned::new(self.count(), self.span()));
                WindowKind::Month(self.of(&[0, 2, 12, 255]), self.of(&[number, YearOf::Any]))
            }
            0 => WindowKind::Last(self.reach()),
            1 => WindowKind::Next(self.reach()),
            2 => WindowKind::Ago { from: self.count(), to: self.count(), unit: self.unit() },
            3 => WindowKind::Range(Moment::Instant(self.instant()), self.moment()),
            4 => WindowKind::On(Spanned::new(self.of(&[Date::MIN, Date::MAX]), self.span())),
            5 => WindowKind::Since(self.bound(depth)),
            6 => WindowKind::Until(self.bound(depth)),
            7 => WindowKind::Before(self.bound(depth)),
            _ => WindowKind::After(self.bound(depth)),
        };
        Window { kind, span: self.span() }
    }
}
