//! A seeded generator of trees: every shape that a parser can give.

use crate::lang::tree::*;
use crate::lang::{Span, Spanned, keywords};
use crate::model::{Date, Decimal, FixedUnit, Pattern, Period, Text, Timestamp, Turn, Unit};

/// Grows trees out of a seed.
pub struct Grower {
    state: u64,
    /// How many more levels may come.
    depth: usize,
    has_param: bool,
}

pub const NOWHERE: Span = Span { start: 0, end: 0 };

pub fn at<T>(node: T) -> Spanned<T> {
    Spanned::new(node, NOWHERE)
}

fn has_total(subject: &Subject) -> bool {
    match subject {
        Subject::Events(_) => false,
        Subject::Sequence(sequence) => sequence.total.is_some(),
        Subject::Combination(combination) => combination.total.is_some(),
    }
}

impl Grower {
    pub fn new(seed: u64, depth: usize) -> Grower {
        Grower { state: seed, depth, has_param: false }
    }

    /// SplitMix64.
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize].clone()
    }

    pub fn maybe<T>(&mut self, grow: impl FnOnce(&mut Grower) -> T) -> Option<T> {
        self.one_in(2).then(|| grow(self))
    }

    pub fn some<T>(&mut self, least: u64, mut grow: impl FnMut(&mut Grower) -> T) -> Vec<T> {
        let n = least + self.below(3);
        (0..n).map(|_| grow(self)).collect()
    }

    /// One level deeper; false when there are none left.
    fn inside<T>(&mut self, grow: impl FnOnce(&mut Grower) -> T) -> T {
        self.depth -= 1;
        let grown = grow(self);
        self.depth += 1;
        grown
    }

    pub fn text(&mut self) -> Spanned<Text> {
        let texts =
            ["", "SK", "a b", "\"", "\\", "\n\t\r", "\u{0}\u{7f}", "é😀", "-- x", "`", "'", "/re/"];
        at(self.pick(&texts).into())
    }

    /// A name that could be written as a word, bare or in backticks.
    pub fn ident(&mut self) -> Name {
        if self.one_in(3) {
            return at(self.pick(keywords()).into());
        }
        let names =
            ["order", "x", "_", "Été", "a b", "a-b", "0", "WHERE", "Event", "\"", "x\u{302}"];
        at(self.pick(&names).into())
    }

    /// A name that may stand in quotes.
    pub fn name(&mut self) -> Name {
        match self.one_in(6) {
            true => at(self.pick(&["Order Completed", "`", "\n", "\\\"", "a.b", "日本"]).into()),
            false => self.ident(),
        }
    }

    /// Whether a definition is being grown that has a parameter `$p`.
    pub fn in_params<T>(&mut self, has: bool, grow: impl FnOnce(&mut Grower) -> T) -> T {
        let before = std::mem::replace(&mut self.has_param, has);
        let grown = grow(self);
        self.has_param = before;
        grown
    }

    fn param(&mut self) -> Option<Name> {
        (self.has_param && self.one_in(4)).then(|| at("p".into()))
    }

    pub fn people(&mut self) -> People {
        let condition = (!self.one_in(8)).then(|| self.condition());
        People { condition, span: NOWHERE }
    }

    pub fn condition(&mut self) -> Condition {
        if self.depth == 0 {
            return Condition::Predicate(self.predicate(), NOWHERE);
        }
        self.inside(|g| match g.below(8) {
            0 => Condition::And(g.some(2, Grower::condition), NOWHERE),
            1 => Condition::Or(g.some(2, Grower::condition), NOWHERE),
            2 => Condition::Not(Box::new(g.condition()), NOWHERE),
            3 => {
                let quantifier = g.pick(&[Quantifier::All, Quantifier::Any, Quantifier::None]);
                Condition::Quantified(quantifier, g.some(1, Grower::condition), NOWHERE)
            }
            _ => Condition::Predicate(g.predicate(), NOWHERE),
        })
    }

    fn predicate(&mut self) -> Predicate {
        match self.below(7) {
            6 => Predicate::Member(Member::Rank(Box::new(self.rank()))),
            0 => Predicate::Member(self.member()),
            1 => Predicate::Consent { negated: self.one_in(2), purpose: self.text() },
            2 | 3 => self.did(),
            _ => Predicate::Is(self.value(), self.test()),
        }
    }

    fn rank(&mut self) -> Rank {
        let size = match self.one_in(2) {
            true => CutSize::Percent(self.number().max(Decimal::ZERO)),
            false => CutSize::Count(self.pick(&[0, 1, 50, u64::MAX])),
        };
        let cut = match self.below(3) {
            0 => Cut::Top(size),
            1 => Cut::Bottom(size),
            _ => Cut::Part(self.pick(&Parts::ALL), self.below(12)),
        };
        let value = self.value();
        Rank { cut: at(cut), value, among: self.filter() }
    }

    fn member(&mut self) -> Member {
        match self.below(6) {
            0 => Member::Meets(self.ident(), self.arguments()),
            1 => Member::List(self.name()),
            2 => Member::Sample { share: self.share(), seed: self.text() },
            3 => Member::Holdout(self.text()),
            4 => Member::Variant { variant: self.text(), experiment: self.text() },
            _ => Member::Audience(self.name(), self.arguments()),
        }
    }

    fn arguments(&mut self) -> Vec<Value> {
        if self.depth == 0 { Vec::new() } else { self.inside(|g| g.some(0, Grower::value)) }
    }

    pub fn share(&mut self) -> Spanned<Decimal> {
        at(self.pick(&["0", "0.5", "0.333", "1", "7.5"]).parse().unwrap())
    }

    fn did(&mut self) -> Predicate {
        if self.one_in(4) {
            let subject = Subject::Events(self.matcher());
            let occurrence = Occurrence { subject, times: None, windows: Vec::new() };
            return Predicate::Did { negated: true, never: true, occurrence };
        }
        let times = self.maybe(|g| Times { amount: g.amount(), span: NOWHERE });
        let mut windows = self.some(0, Grower::placing);
        let subject = match self.below(4) {
            0 => Subject::Sequence(Box::new(self.sequence())),
            1 => Subject::Combination(Box::new(self.combination())),
            _ => Subject::Events(self.matcher()),
        };
        if has_total(&subject) && times.is_none() {
            // A length with such a window right behind it is another window.
            windows.retain(|placing| {
                let kind = &placing.window.kind;
                let hangs = matches!(kind, WindowKind::Before(_) | WindowKind::After(_));
                !hangs || placing.binds != Binds::Each
            });
        }
        let occurrence = Occurrence { subject, times, windows };
        Predicate::Did { negated: self.one_in(3), never: false, occurrence }
    }

    fn placing(&mut self) -> Placing {
        let binds = self.pick(&[Binds::Each, Binds::First, Binds::Last]);
        Placing { binds, window: self.window() }
    }

    pub fn sequence(&mut self) -> Sequence {
        let first = self.matcher();
        let steps = self.some(0, |g| Step {
            link: g.pick(&[Link::Then, Link::Immediately, Link::Strictly]),
            matcher: g.matcher(),
            gaps: g.some(0, Grower::gap),
            without: g.some(0, Grower::matcher),
        });
        let n_tails = u64::from(steps.is_empty());
        let tails =
            self.some(n_tails, |g| Tail { matcher: g.matcher(), gaps: g.some(0, Grower::gap) });
        let (same, total) = (self.maybe(Grower::path), self.maybe(Grower::reach));
        Sequence { first, steps, tails, same, total, span: NOWHERE }
    }

    fn gap(&mut self) -> Gap {
        if self.one_in(2) { Gap::Within(self.reach()) } else { Gap::AtLeast(self.reach()) }
    }

    fn combination(&mut self) -> Combination {
        let needed = self.maybe(|g| g.below(5));
        let events = self.some(1, Grower::event);
        Combination { needed, events, total: self.maybe(Grower::reach), span: NOWHERE }
    }

    fn amount(&mut self) -> Amount {
        let n = self.pick(&[0, 1, 2, 3, u64::MAX]);
        match self.below(6) {
            0 => Amount::AtLeast(n),
            1 => Amount::AtMost(n),
            2 => Amount::Exactly(n),
            3 => Amount::MoreThan(n),
            4 => Amount::FewerThan(n),
            _ => Amount::Between(n, self.below(9)),
        }
    }

    pub fn matcher(&mut self) -> Matcher {
        match self.below(5) {
            0 => Matcher::AnyEvent(self.filter(), NOWHERE),
            1 => Matcher::AnyOf(self.some(1, Grower::event), NOWHERE),
            _ => Matcher::Event(self.event()),
        }
    }

    fn event(&mut self) -> Event {
        Event { name: self.name(), filter: self.filter() }
    }

    fn filter(&mut self) -> Option<Box<Condition>> {
        let filtered = self.depth > 0 && self.one_in(2);
        filtered.then(|| Box::new(self.inside(Grower::condition)))
    }

    fn test(&mut self) -> Test {
        let comparisons = [
            Comparison::Equal,
            Comparison::NotEqual,
            Comparison::Less,
            Comparison::AtMost,
            Comparison::Greater,
            Comparison::AtLeast,
        ];
        match self.below(12) {
            7 => Test::InList(self.name()),
            8 => Test::Matches(at(Pattern::new(self.pick(&["/a/", "/\\/x\\//i", "//"])).unwrap())),
            9 => Test::InCidr(self.text()),
            10 => Test::Near {
                km: at(self.number().max(Decimal::ZERO)),
                lat: at(self.number()),
                lon: at(self.number()),
            },
            0 => Test::Known(self.one_in(2)),
            1 => Test::Between(self.value(), self.value()),
            2 => Test::OneOf { negated: self.one_in(2), values: self.literals() },
            3 => Test::Has(self.value()),
            4 => Test::HasOf { all: self.one_in(2), values: self.literals() },
            5 => Test::Text {
                place: self.pick(&[Place::Anywhere, Place::Start, Place::End]),
                part: self.value(),
                ignoring_case: self.one_in(2),
            },
            6 => Test::During(self.window()),
            _ => Test::Compare(self.pick(&comparisons), self.value()),
        }
    }

    fn literals(&mut self) -> Vec<Spanned<Literal>> {
        self.some(1, |g| at(g.literal()))
    }

    pub fn literal(&mut self) -> Literal {
        match self.below(9) {
            0 => Literal::Percent(self.number().max(Decimal::ZERO)),
            1 => Literal::Text(self.text().node),
            2 => Literal::Bool(self.one_in(2)),
            3 => Literal::Missing,
            4 => Literal::Date(self.date()),
            5 => Literal::Timestamp(self.timestamp()),
            6 => Literal::Duration(self.length()),
            7 => Literal::Month(self.below(12) as u8 + 1),
            _ => Literal::Number(self.number()),
        }
    }

    fn number(&mut self) -> Decimal {
        let numbers =
            ["0", "1", "0.5", "-3", "0.000000001", "999999999999999999.999999999", "1e17"];
        self.pick(&numbers).parse().unwrap()
    }

    fn date(&mut self) -> Date {
        let span = (Date::MAX.days() - Date::MIN.days()) as u64;
        Date::MIN.plus_days(self.below(span + 1) as i32)
    }

    fn timestamp(&mut self) -> Timestamp {
        let second = self.below(315_537_897_600) as i64 * 1_000;
        Timestamp::MIN.plus_ms(second + self.pick(&[0, 1, 999]))
    }

    fn unit(&mut self) -> Unit {
        use FixedUnit::*;
        match self.below(9) {
            0 => Unit::Month,
            1 => Unit::Quarter,
            2 => Unit::Year,
            _ => Unit::Fixed(self.pick(&[Millisecond, Second, Minute, Hour, Day, Week])),
        }
    }

    pub fn length(&mut self) -> Length {
        Length { count: self.pick(&[0, 1, 2, 90, 9_000]), unit: self.unit(), span: NOWHERE }
    }

    pub fn window(&mut self) -> Window {
        let kind = match self.below(12) {
            11 => WindowKind::Within(
                self.reach(),
                self.pick(&[Side::After, Side::Before, Side::Of]),
                Box::new(self.bound()),
            ),
            9 => WindowKind::Period(self.turn(), self.period()),
            10 => WindowKind::Month(self.below(12) as u8 + 1, self.year_of()),
            0 => WindowKind::Last(self.reach()),
            1 => WindowKind::Next(self.reach()),
            2 => WindowKind::Ago { from: self.below(99), to: self.below(99), unit: self.unit() },
            3 => WindowKind::Range(self.moment(), self.moment()),
            4 => WindowKind::On(at(self.date())),
            5 => WindowKind::Since(self.bound()),
            6 => WindowKind::Until(self.bound()),
            7 => WindowKind::Before(self.bound()),
            _ => WindowKind::After(self.bound()),
        };
        Window { kind, span: NOWHERE }
    }

    fn reach(&mut self) -> Reach {
        match self.param() {
            Some(name) => Reach::Parameter(name),
            None => Reach::Length(self.length()),
        }
    }

    fn moment(&mut self) -> Moment {
        match self.param() {
            Some(name) => Moment::Parameter(name),
            None => Moment::Instant(self.instant()),
        }
    }

    fn turn(&mut self) -> Turn {
        self.pick(&[Turn::Last, Turn::This, Turn::Next])
    }

    fn period(&mut self) -> Period {
        self.pick(&[Period::Day, Period::Week, Period::Month, Period::Quarter, Period::Year])
    }

    fn year_of(&mut self) -> YearOf {
        match self.below(3) {
            0 => YearOf::Turn(self.turn()),
            1 => YearOf::Number(at(self.below(3_000))),
            _ => YearOf::Any,
        }
    }

    pub fn instant(&mut self) -> Instant {
        match self.one_in(2) {
            true => Instant::Date(self.date(), NOWHERE),
            false => Instant::Timestamp(self.timestamp(), NOWHERE),
        }
    }

    fn bound(&mut self) -> Bound {
        if let Some(name) = self.param() {
            return Bound::Parameter(name);
        }
        match self.below(4) {
            0 => Bound::Instant(self.instant()),
            1 => Bound::First(Box::new(self.matcher()), NOWHERE),
            2 => Bound::Last(Box::new(self.matcher()), NOWHERE),
            _ => Bound::Path(self.path()),
        }
    }

    pub fn path(&mut self) -> ValuePath {
        let head = self.pick(&[PathHead::Bare, PathHead::Bare, PathHead::Event, PathHead::Profile]);
        let first = self.ident();
        ValuePath { head, first, rest: self.some(0, Grower::accessor), span: NOWHERE }
    }

    fn accessor(&mut self) -> Spanned<Accessor> {
        at(match self.one_in(3) {
            true => Accessor::Index(self.pick(&[0, 7, u32::MAX])),
            false => Accessor::Key(self.ident().node),
        })
    }

    pub fn value(&mut self) -> Value {
        if let Some(name) = self.param() {
            return Value { kind: ValueKind::Parameter(name), span: NOWHERE };
        }
        let shallow = self.depth == 0;
        let kind = match self.below(if shallow { 5 } else { 11 }) {
            10 => ValueKind::Choice(Box::new(Choice {
                condition: self.inside(Grower::condition),
                then: self.inside(Grower::value),
                otherwise: self.inside(Grower::value),
            })),
            0 | 1 => ValueKind::Literal(self.literal()),
            2 | 3 => ValueKind::Path(self.path()),
            4 => {
                let direction = self.pick(&[Direction::Since, Direction::Until]);
                ValueKind::Elapsed(self.unit(), direction, self.bound())
            }
            5 => ValueKind::Negative(Box::new(self.inside(Grower::value))),
            6 => ValueKind::Call(self.ident(), self.inside(|g| g.some(1, Grower::value))),
            7 => ValueKind::Aggregate(Box::new(self.inside(Grower::aggregate))),
            _ => {
                use Operator::*;
                let operator = self.pick(&[Add, Subtract, Multiply, Divide]);
                let [left, right] = [(); 2].map(|()| Box::new(self.inside(Grower::value)));
                ValueKind::Arithmetic(operator, left, right)
            }
        };
        Value { kind, span: NOWHERE }
    }

    pub fn aggregate(&mut self) -> Aggregate {
        use Function::*;
        let function = at(self.pick(&[
            Count,
            Sum,
            Avg,
            Min,
            Max,
            Distinct,
            First,
            Last,
            Median,
            Stddev,
            MostFrequent,
            Collect,
            ActiveDays,
            ActiveWeeks,
            ActiveMonths,
            TypicalGap,
            Decayed,
        ]));
        let stream = match self.below(5) {
            0 => Stream::Union(Matcher::AnyEvent(None, NOWHERE)),
            1 => Stream::Union(Matcher::AnyOf(self.some(1, Grower::event), NOWHERE)),
            _ => Stream::Event { name: self.name(), path: self.keyed_path() },
        };
        Aggregate {
            function,
            stream,
            value: self.maybe(Grower::value),
            filter: self.filter().map(|filter| *filter),
            window: self.maybe(Grower::window),
            half_life: self.maybe(|grower| at(Literal::Duration(grower.length()))),
        }
    }

    /// Accessors of which the first is a key, as behind an event's name.
    fn keyed_path(&mut self) -> Vec<Spanned<Accessor>> {
        let mut path = self.some(0, Grower::accessor);
        if let Some(first) = path.first_mut() {
            *first = at(Accessor::Key(self.ident().node));
        }
        path
    }
}
