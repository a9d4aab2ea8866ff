//! Trees that nobody would write: no answer matters, only that there is one.

use super::shop::{now, shop};
use crate::lang::tree::*;
use crate::lang::{Span, Spanned, parse};
use crate::model::{Date, Decimal, FixedUnit, Pattern, Period, Text, Timestamp, Turn, Unit};
use crate::query::explain::explain;
use crate::query::resolve::{Explanation, Resolved, check};

/// Names of functions, and of none.
const FUNCTIONS: [&str; 8] =
    ["coalesce", "lower", "size", "anniversary", "hour_of_day", "season", "domain", "x"];

/// Numbers from a seed, by xorshift.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.roll(choices.len() as u64) as usize].clone()
    }

    fn span(&mut self) -> Span {
        let start = self.roll(40) as u32;
        Span::new(start, start + self.roll(9) as u32)
    }

    fn name(&mut self) -> Name {
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

    fn count(&mut self) -> u64 {
        self.of(&[0, 1, 2, 30, 1_000_000, u64::MAX - 1, u64::MAX])
    }

    fn unit(&mut self) -> Unit {
        self.of(&[
            Unit::Fixed(FixedUnit::Millisecond),
            Unit::Fixed(FixedUnit::Day),
            Unit::Fixed(FixedUnit::Week),
            Unit::Month,
            Unit::Year,
        ])
    }

    fn length(&mut self) -> Length {
        Length { count: self.count(), unit: self.unit(), span: self.span() }
    }

    fn param(&mut self) -> Name {
        Spanned::new(Text::from(self.of(&["p", "q", "r"])), self.span())
    }

    fn reach(&mut self) -> Reach {
        match self.roll(3) {
            0 => Reach::Parameter(self.param()),
            _ => Reach::Length(self.length()),
        }
    }

    fn moment(&mut self) -> Moment {
        match self.roll(3) {
            0 => Moment::Parameter(self.param()),
            _ => Moment::Instant(self.instant()),
        }
    }

    /// Up to three, of any types.
    fn params(&mut self) -> Vec<Parameter> {
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

    fn lets(&mut self) -> Vec<Let> {
        let n = self.roll(3).saturating_sub(1);
        (0..n).map(|_| Let { name: self.name(), value: self.value(2) }).collect()
    }

    fn defined(&mut self) -> Name {
        Spanned::new(Text::from(self.of(&["a", "b", "ltv", "x", "c"])), self.span())
    }

    fn share(&mut self) -> Spanned<Decimal> {
        let shares = [Decimal::ZERO, Decimal::from(1), Decimal::from(2), Decimal::from(-1)];
        Spanned::new(self.of(&shares), self.span())
    }

    fn arguments(&mut self, depth: u64) -> Vec<Value> {
        let n = if depth == 0 { 0 } else { self.roll(3) };
        (0..n).map(|_| self.value(depth - 1)).collect()
    }

    fn member(&mut self, depth: u64) -> Member {
        match self.roll(8) {
            0 => Member::Meets(self.defined(), self.arguments(depth)),
            1 => Member::List(self.defined()),
            2 => Member::Sample { share: self.share(), seed: self.name() },
            3 => Member::Holdout(self.defined()),
            4 => Member::Variant { variant: self.defined(), experiment: self.defined() },
            5 => Member::Audience(self.name(), Vec::new()),
            _ => Member::Audience(self.defined(), self.arguments(depth)),
        }
    }

    fn changing(&mut self) -> StatementKind {
        let (name, replace) = (self.defined(), self.roll(2) == 0);
        let kinds = [Kind::Audience, Kind::Trait, Kind::Condition, Kind::List, Kind::Experiment];
        match self.roll(7) {
            0 => {
                let (params, condition) = (self.params(), self.condition(3));
                StatementKind::CreateCondition { replace, name, params, condition }
            }
            1 => {
                let types = [ElementType::Text, ElementType::Number, ElementType::Id];
                let of = Spanned::new(self.of(&types), self.span());
                StatementKind::CreateList { replace, name, of }
            }
            2 => {
                let variant = |dice: &mut Dice| {
                    let share = Decimal::from_billionths(dice.roll(700_000_000).into());
                    let share = Spanned::new(share.unwrap_or(Decimal::ZERO), dice.span());
                    Variant { name: dice.defined(), share }
                };
                let variants = (0..self.roll(3)).map(|_| variant(self)).collect();
                StatementKind::CreateExperiment { replace, name, variants }
            }
            3 => {
                let elements = (0..self.roll(3)).map(|_| self.name()).collect();
                StatementKind::ChangeList { adds: self.roll(3) > 0, elements, list: name }
            }
            4 => StatementKind::Rename(self.of(&kinds), name, self.defined()),
            5 => StatementKind::Pause { resumes: self.roll(2) == 0, audience: name },
            _ => StatementKind::Drop(self.of(&kinds), name),
        }
    }

    fn instant(&mut self) -> Instant {
        let span = self.span();
        if self.roll(2) == 0 {
            Instant::Date(self.of(&[Date::MIN, Date::default(), Date::MAX]), span)
        } else {
            Instant::Timestamp(self.of(&[Timestamp::MIN, Timestamp::EPOCH, Timestamp::MAX]), span)
        }
    }

    fn literal(&mut self) -> Literal {
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

    fn literals(&mut self) -> Vec<Spanned<Literal>> {
        (0..self.roll(3)).map(|_| Spanned::new(self.literal(), self.span())).collect()
    }

    fn accessors(&mut self) -> Vec<Spanned<Accessor>> {
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

    fn path(&mut self) -> ValuePath {
        ValuePath {
            head: self.of(&[PathHead::Bare, PathHead::Bare, PathHead::Event, PathHead::Profile]),
            first: self.name(),
            rest: self.accessors(),
            span: self.span(),
        }
    }

    fn bound(&mut self, depth: u64) -> Bound {
        match self.roll(5) {
            4 => Bound::Parameter(self.param()),
            0 => Bound::Instant(self.instant()),
            1 => Bound::First(Box::new(self.matcher(depth)), self.span()),
            2 => Bound::Last(Box::new(self.matcher(depth)), self.span()),
            _ => Bound::Path(self.path()),
        }
    }

    fn window(&mut self, depth: u64) -> Window {
        let kind = match self.roll(12) {
            11 => WindowKind::Within(
                self.length(),
                self.of(&[Side::After, Side::Before, Side::Of]),
                Box::new(self.bound(depth)),
            ),
            9 => WindowKind::Period(self.of(&[Turn::Last, Turn::Next]), Period::Week),
            10 => {
                let number = YearOf::Number(Spanned::new(self.count(), self.span()));
                WindowKind::Month(self.of(&[0, 2, 12, 255]), self.of(&[number, YearOf::Any]))
            }
            0 => WindowKind::Last(self.reach()),
            1 => WindowKind::Next(Reach::Length(self.length())),
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

    fn event(&mut self, depth: u64) -> Event {
        let filter = (self.roll(3) == 0 && depth > 0)
            .then(|| Box::new(self.condition(depth.saturating_sub(1))));
        Event { name: self.name(), filter }
    }

    fn matcher(&mut self, depth: u64) -> Matcher {
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

    fn value(&mut self, depth: u64) -> Value {
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

    fn aggregate(&mut self, depth: u64) -> Aggregate {
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

    fn test(&mut self, depth: u64) -> Test {
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

    fn condition(&mut self, depth: u64) -> Condition {
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

    fn predicate(&mut self, depth: u64) -> Predicate {
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

    fn occurrence(&mut self, depth: u64) -> Occurrence {
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

    fn placing(&mut self, depth: u64) -> Placing {
        let binds = self.of(&[Binds::Each, Binds::First, Binds::Last]);
        Placing { binds, window: self.window(depth) }
    }

    fn subject(&mut self, depth: u64) -> Subject {
        let total = (self.roll(3) == 0).then(|| self.length());
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

    fn step(&mut self, depth: u64) -> Step {
        Step {
            link: self.of(&[Link::Then, Link::Immediately, Link::Strictly]),
            matcher: self.matcher(depth),
            gaps: self.gaps(),
            without: (0..self.roll(2)).map(|_| self.matcher(depth)).collect(),
        }
    }

    fn tail(&mut self, depth: u64) -> Tail {
        Tail { matcher: self.matcher(depth), gaps: self.gaps() }
    }

    fn gaps(&mut self) -> Vec<Gap> {
        let gap = |dice: &mut Dice| match dice.roll(2) {
            0 => Gap::Within(dice.length()),
            _ => Gap::AtLeast(dice.length()),
        };
        (0..self.roll(3)).map(|_| gap(self)).collect()
    }

    fn statement(&mut self) -> Statement {
        let name = Spanned::new(Text::from(self.of(&["a", "b", "ltv", "x"])), self.span());
        let replace = self.roll(2) == 0;
        let condition = Some(self.condition(4));
        let people = People { condition, span: self.span() };
        let options = match self.roll(4) {
            0 => vec![AudienceOption::Zone(self.name()), AudienceOption::Requiring(self.name())],
            1 => vec![AudienceOption::HoldingOut { share: self.share(), name: self.defined() }],
            _ => Vec::new(),
        };
        let types = [TypeName::Text, TypeName::Date, TypeName::ListOf(ElementType::Number)];
        let declared = Spanned::new(self.of(&types), self.span());
        let (params, lets) = (self.params(), self.lets());
        let kind = match self.roll(14) {
            8.. => self.changing(),
            0 | 1 => StatementKind::CreateAudience { replace, name, params, options, lets, people },
            2 => {
                let declared = (self.roll(2) == 0).then_some(declared);
                let value = self.value(4);
                StatementKind::CreateTrait { replace, name, params, declared, options, lets, value }
            }
            3 => StatementKind::Drop(self.of(&[Kind::Audience, Kind::Trait, Kind::Event]), name),
            4 => StatementKind::Declare(Declare::Attribute { name: self.name(), declared }),
            5 => {
                let path = (0..self.roll(3)).map(|_| self.name()).collect();
                let property = Some((path, declared));
                StatementKind::Declare(Declare::Event { name: self.name(), property })
            }
            6 => StatementKind::Set(self.name(), Spanned::new(self.literal(), self.span())),
            _ => StatementKind::Report(Report {
                kind: ReportKind::CountPeople {
                    people,
                    group: Some(Group { by: vec![self.value(3)], top: Some(self.count()) }),
                },
                as_of: Some(AsOf { at: self.instant(), hindsight: true, span: self.span() }),
                zone: Some(self.name()),
            }),
        };
        Statement { kind, span: self.span(), comments: vec![" x ".to_owned()] }
    }
}

#[test]
fn every_tree_gets_an_answer_and_an_error_changes_nothing() {
    for seed in 1_u64..200 {
        let mut dice = Dice(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(seed));
        let mut catalog = shop();
        for step in 0..100 {
            let statement = dice.statement();
            let (resolved, found) = check(&statement, &catalog, now());
            found.iter().for_each(|found| drop(found.render("count people", None)));
            if let Some(Resolved::Question { question, .. }) = resolved {
                explain(&Explanation::Question(Box::new(question)));
            }
            let before = format!("{catalog:?}");
            if catalog.define(&statement, now()).is_err() {
                assert_eq!(before, format!("{catalog:?}"), "seed {seed}, step {step}");
            }
        }
        for audience in catalog.audiences() {
            explain(&Explanation::Audience(audience.clone()));
        }
    }
}

#[test]
fn a_tree_deeper_than_the_limit_is_refused() {
    let mut catalog = shop();
    let span = Span::default();
    let mut condition = Condition::Predicate(
        Predicate::Consent { negated: false, purpose: Spanned::new("x".into(), span) },
        span,
    );
    for _ in 0..2_000 {
        condition = Condition::Not(Box::new(condition), span);
    }
    let people = People { condition: Some(condition), span };
    let name = Spanned::new("deep".into(), span);
    let (params, options, lets) = (Vec::new(), Vec::new(), Vec::new());
    let replace = false;
    let kind = StatementKind::CreateAudience { replace, name, params, options, lets, people };
    let statement = Statement { kind, span, comments: Vec::new() };
    let (resolved, found) = check(&statement, &catalog, now());
    assert_eq!((resolved, found.len()), (None, 1));
    assert!(found[0].message.contains("too large"), "{}", found[0].message);
    assert!(catalog.define(&statement, now()).is_err());
}

#[test]
fn traits_that_double_one_another_stop_at_the_limit() {
    let mut catalog = shop();
    let mut refused = None;
    for n in 0..64 {
        let value = if n == 0 { "age".to_owned() } else { format!("t{} + t{}", n - 1, n - 1) };
        let text = format!("create trait t{n} is {value}");
        if let Err(found) = catalog.define(&parse(&text).statements[0], now()) {
            refused = Some((n, found[0].message.clone()));
            break;
        }
    }
    let (n, message) = refused.unwrap();
    assert!(n < 20 && message.contains("too large"), "{n}: {message}");
}
