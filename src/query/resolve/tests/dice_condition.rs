//! Trees by chance: events, values and conditions.

use super::dice::Dice;
use crate::lang::Spanned;
use crate::lang::tree::*;
use crate::model::{Decimal, Pattern, Text};

/// Names of functions, and of none.
const FUNCTIONS: [&str; 8] =
    ["coalesce", "lower", "size", "anniversary", "hour_of_day", "season", "domain", "x"];

impl Dice {
    pub(super) fn arguments(&mut self, depth: u64) -> Vec<Value> {
        let n = if depth == 0 { 0 } else { self.roll(3) };
        (0..n).map(|_| self.value(depth - 1)).collect()
    }

    pub(super) fn member(&mut self, depth: u64) -> Member {
        match self.roll(9) {
            8 => Member::Rank(Box::new(self.rank(depth))),
            0 => Member::Meets(self.defined(), self.arguments(depth)),
            1 => Member::List(self.defined()),
            2 => Member::Sample { share: self.share(), seed: self.name() },
            3 => Member::Holdout(self.defined()),
            4 => Member::Variant { variant: self.defined(), experiment: self.defined() },
            5 => Member::Audience(self.name(), Vec::new()),
            _ => Member::Audience(self.defined(), self.arguments(depth)),
        }
    }

    fn rank(&mut self, depth: u64) -> Rank {
        let (share, count) = (self.share().node, self.count());
        let cuts = [
            Cut::Top(CutSize::Count(count)),
            Cut::Bottom(CutSize::Percent(share)),
            Cut::Part(Parts::Quintile, count),
        ];
        let cut = Spanned::new(self.of(&cuts), self.span());
        let inner = depth.saturating_sub(1);
        let among = (self.roll(3) == 0 && depth > 0).then(|| Box::new(self.condition(inner)));
        Rank { cut, value: self.value(inner), among }
    }

    pub(super) fn event(&mut self, depth: u64) -> Event {
        let filter = (self.roll(3) == 0 && depth > 0)
            .then(|| Box::new(self.condition(depth.saturating_sub(1))));
        Event { name: self.name(), filter }
    }

    pub(super) fn matcher(&mut self, depth: u64) -> Matcher {
        match self.roll(4) {
            0 if depth > 0 => {
                Matcher::AnyEvent(Some(Box::new(self.condition(depth - 1))), self.span())
            }
            1 => {
                Matcher::AnyOf((0..self.roll(3)).map(|_| self.event(depth)).collect(), self.span())
            }
            _ => Matcher::Event(self.event(depth)),
        }
    }

    pub(super) fn value(&mut self, depth: u64) -> Value {
        let operators = [Operator::Add, Operator::Subtract, Operator::Multiply, Operator::Divide];
        let inner = depth.saturating_sub(1);
        let kind = match self.roll(if depth == 0 { 2 } else { 10 }) {
            9 => ValueKind::Parameter(self.param()),
            8 => ValueKind::Choice(Box::new(Choice {
                condition: self.condition(inner),
                then: self.value(inner),
                otherwise: self.value(inner),
            })),
            0 => ValueKind::Literal(self.literal()),
            1 | 2 => ValueKind::Path(self.path()),
            3 => ValueKind::Arithmetic(
                self.of(&operators),
                Box::new(self.value(inner)),
                Box::new(self.value(inner)),
            ),
            4 => ValueKind::Negative(Box::new(self.value(inner))),
            5 => {
                let name = match self.roll(4) {
                    0 => self.defined(),
                    _ => Spanned::new(Text::from(self.of(&FUNCTIONS)), self.span()),
                };
                ValueKind::Call(name, (0..self.roll(3)).map(|_| self.value(inner)).collect())
            }
            6 => {
                let direction = self.of(&[Direction::Since, Direction::Until]);
                ValueKind::Elapsed(self.unit(), direction, self.bound(inner))
            }
            _ => ValueKind::Aggregate(Box::new(self.aggregate(inner))),
        };
        Value { kind, span: self.span() }
    }

    pub(super) fn aggregate(&mut self, depth: u64) -> Aggregate {
        let functions = [
            Function::Count,
            Function::Sum,
            Function::Avg,
            Function::Min,
            Function::Max,
            Function::Distinct,
            Function::First,
            Function::Last,
            Function::Median,
            Function::Stddev,
            Function::MostFrequent,
            Function::Collect,
            Function::ActiveDays,
            Function::ActiveWeeks,
            Function::TypicalGap,
            Function::Decayed,
        ];
        let function = Spanned::new(self.of(&functions), self.span());
        let stream = match self.roll(3) {
            0 => Stream::Union(self.matcher(depth)),
            _ => Stream::Event { name: self.name(), path: self.accessors() },
        };
        let half_life = (self.roll(3) == 0).then(|| {
            let literal = self.literal();
            Spanned::new(literal, self.span())
        });
        Aggregate {
            half_life,
            function,
            stream,
            value: (self.roll(3) == 0).then(|| self.value(depth)),
            filter: (self.roll(3) == 0).then(|| self.condition(depth)),
            window: (self.roll(3) == 0).then(|| self.window(depth)),
        }
    }

    pub(super) fn test(&mut self, depth: u64) -> Test {
        let comparisons = [Comparison::Equal, Comparison::NotEqual, Comparison::Less];
        match self.roll(12) {
            7 => Test::InList(self.defined()),
            8 => {
                let pattern = Pattern::new("/a/i").unwrap();
                Test::Matches(Spanned::new(pattern, self.span()))
            }
            9 => Test::InCidr(self.name()),
            10 => {
                let mut degrees =
                    || Spanned::new(Decimal::from(self.roll(200) as i64), self.span());
                Test::Near { km: degrees(), lat: degrees(), lon: degrees() }
            }
            0 => Test::Known(self.roll(2) == 0),
            1 => Test::Between(self.value(depth), self.value(depth)),
            2 => Test::OneOf { negated: self.roll(2) == 0, values: self.literals() },
            3 => Test::Has(self.value(depth)),
            4 => Test::HasOf { all: self.roll(2) == 0, values: self.literals() },
            5 => Test::Text {
                place: self.of(&[Place::Anywhere, Place::Start, Place::End]),
                part: self.value(depth),
                ignoring_case: true,
            },
            6 => Test::During(self.window(depth)),
            _ => Test::Compare(self.of(&comparisons), self.value(depth)),
        }
    }

    pub(super) fn condition(&mut self, depth: u64) -> Condition {
        let span = self.span();
        let inner = depth.saturating_sub(1);
        if depth > 0 && self.roll(3) == 0 {
            let parts = (0..self.roll(4)).map(|_| self.condition(inner)).collect();
            let quantifiers = [Quantifier::All, Quantifier::Any, Quantifier::None];
            return match self.roll(4) {
                0 => Condition::And(parts, span),
                1 => Condition::Or(parts, span),
                2 => Condition::Not(Box::new(self.condition(inner)), span),
                _ => Condition::Quantified(self.of(&quantifiers), parts, span),
            };
        }
        Condition::Predicate(self.predicate(inner), span)
    }

    pub(super) fn predicate(&mut self, depth: u64) -> Predicate {
        match self.roll(6) {
            0 | 1 => Predicate::Did {
                negated: self.roll(2) == 0,
                never: self.roll(5) == 0,
                occurrence: self.occurrence(depth),
            },
            2 => Predicate::Member(self.member(depth)),
            3 => Predicate::Consent { negated: self.roll(2) == 0, purpose: self.name() },
            _ => Predicate::Is(self.value(depth), self.test(depth)),
        }
    }

    pub(super) fn occurrence(&mut self, depth: u64) -> Occurrence {
        let amount = match self.roll(6) {
            0 => Amount::AtLeast(self.count()),
            1 => Amount::AtMost(self.count()),
            2 => Amount::Exactly(self.count()),
            3 => Amount::MoreThan(self.count()),
            4 => Amount::FewerThan(self.count()),
            _ => Amount::Between(self.count(), self.count()),
        };
        let times = (self.roll(2) == 0).then(|| Times { amount, span: self.span() });
        Occurrence {
            subject: self.subject(depth),
            times,
            windows: (0..self.roll(3)).map(|_| self.placing(depth)).collect(),
        }
    }

    pub(super) fn placing(&mut self, depth: u64) -> Placing {
        let binds = self.of(&[Binds::Each, Binds::First, Binds::Last]);
        Placing { binds, window: self.window(depth) }
    }

    pub(super) fn subject(&mut self, depth: u64) -> Subject {
        let total = (self.roll(3) == 0).then(|| self.reach());
        match self.roll(5) {
            0 => {
                let events = (0..self.roll(4)).map(|_| self.event(depth)).collect();
                let (needed, span) = ((self.roll(2) == 0).then(|| self.count()), self.span());
                Subject::Combination(Box::new(Combination { needed, events, total, span }))
            }
            1 => {
                let first = self.matcher(depth);
                let steps = (0..self.roll(3)).map(|_| self.step(depth)).collect();
                let tails = (0..self.roll(2)).map(|_| self.tail(depth)).collect();
                let same = (self.roll(2) == 0).then(|| self.path());
                let span = self.span();
                Subject::Sequence(Box::new(Sequence { first, steps, tails, same, total, span }))
            }
            _ => Subject::Events(self.matcher(depth)),
        }
    }

    pub(super) fn step(&mut self, depth: u64) -> Step {
        Step {
            link: self.of(&[Link::Then, Link::Immediately, Link::Strictly]),
            matcher: self.matcher(depth),
            gaps: self.gaps(),
            without: (0..self.roll(2)).map(|_| self.matcher(depth)).collect(),
        }
    }

    pub(super) fn tail(&mut self, depth: u64) -> Tail {
        Tail { matcher: self.matcher(depth), gaps: self.gaps() }
    }

    pub(super) fn gaps(&mut self) -> Vec<Gap> {
        let gap = |dice: &mut Dice| match dice.roll(2) {
            0 => Gap::Within(dice.reach()),
            _ => Gap::AtLeast(dice.reach()),
        };
        (0..self.roll(3)).map(|_| gap(self)).collect()
    }
}
