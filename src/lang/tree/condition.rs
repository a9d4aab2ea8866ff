//! Conditions: what people or events fulfil.

use super::super::{Span, Spanned};
use super::{Combination, Comparison, Literal, Name, Placing, Rank, Sequence, Value, Window};
use crate::model::{Decimal, Pattern, Text};

/// `everyone` or `people CONDITION`.
///
/// ```
/// use throng::lang::{parse, tree::{People, StatementKind}};
/// let parsed = parse("create audience a is everyone");
/// let StatementKind::CreateAudience { people, .. } = &parsed.statements[0].kind else { panic!() };
/// assert!(matches!(people, People { condition: None, .. }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct People {
    /// The condition; without one, everyone.
    pub condition: Option<Condition>,
    /// Where it stands.
    pub span: Span,
}

/// A condition on a person, or inside `where ( )` on an event.
///
/// ```
/// use throng::lang::{parse, tree::{Condition, Quantifier, StatementKind}};
/// let text = "create audience a is people who none of (did order, did visit)";
/// let parsed = parse(text);
/// let StatementKind::CreateAudience { people, .. } = &parsed.statements[0].kind else { panic!() };
/// let condition = people.condition.as_ref().unwrap();
/// assert!(matches!(condition, Condition::Quantified(Quantifier::None, parts, _) if parts.len() == 2));
/// let span = condition.span();
/// assert_eq!(&text[span.start as usize..span.end as usize], "none of (did order, did visit)");
/// ```
#[allow(clippy::large_enum_variant, reason = "nearly all are predicates")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// `a and b and c`, at least two.
    And(Vec<Condition>, Span),
    /// `a or b or c`, at least two.
    Or(Vec<Condition>, Span),
    /// `not a`.
    Not(Box<Condition>, Span),
    /// `all of (a, b)`, `any of (a, b)`, `none of (a, b)`.
    Quantified(Quantifier, Vec<Condition>, Span),
    /// One predicate.
    Predicate(Predicate, Span),
}

/// How many of a list must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the language's")]
pub enum Quantifier {
    All,
    Any,
    None,
}

/// One predicate.
///
/// ```
/// use throng::lang::{parse, tree::{Condition, Member, Predicate, StatementKind}};
/// let parsed = parse("create audience a is people in audience b and no consent for \"email\"");
/// let StatementKind::CreateAudience { people, .. } = &parsed.statements[0].kind else { panic!() };
/// let Some(Condition::And(parts, _)) = &people.condition else { panic!() };
/// let [Condition::Predicate(first, _), Condition::Predicate(second, _)] = &parts[..] else { panic!() };
/// assert!(matches!(first, Predicate::Member(Member::Audience(name)) if &*name.node == "b"));
/// assert!(matches!(second, Predicate::Consent { negated: true, .. }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Predicate {
    /// `did ...`, `did not ...`, `never did ...` (negated, no clause).
    Did {
        /// `did not`.
        negated: bool,
        /// `never did`.
        never: bool,
        /// What.
        occurrence: Occurrence,
    },
    /// `in audience NAME` and its kin.
    Member(Member),
    /// `[no] consent for "purpose"`.
    Consent {
        /// `no`.
        negated: bool,
        /// For what.
        purpose: Spanned<Text>,
    },
    /// A value and what is asked of it.
    Is(Value, Test),
}

/// Membership predicates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Member {
    /// `in audience NAME`.
    Audience(Name),
    /// `in top 5% by VALUE among (CONDITION)`, `in quintile 5 of VALUE`.
    Rank(Box<Rank>),
}

/// Events, their count and their windows.
///
/// ```
/// use throng::lang::parse;
/// use throng::lang::tree::{Amount, Condition, Event, Matcher, Occurrence, Predicate};
/// use throng::lang::tree::{StatementKind, Subject, Times};
/// let text = "create audience a is people who did order where (total > 9) at least 2 times in last 90d";
/// let parsed = parse(text);
/// let StatementKind::CreateAudience { people, .. } = &parsed.statements[0].kind else { panic!() };
/// let Some(Condition::Predicate(Predicate::Did { occurrence, .. }, _)) = &people.condition else { panic!() };
/// let Occurrence { subject, times, windows } = occurrence;
/// assert!(matches!(times, Some(Times { amount: Amount::AtLeast(2), .. })));
/// assert!(matches!(subject, Subject::Events(Matcher::Event(Event { filter: Some(_), .. }))));
/// assert_eq!(windows.len(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// Which events.
    pub subject: Subject,
    /// How many; the parser has refused a second count.
    pub times: Option<Times>,
    /// Where in time: in each of these.
    pub windows: Vec<Placing>,
}

/// What is looked for.
///
/// ```
/// use throng::lang::{parse, tree::{Condition, Predicate, StatementKind, Subject}};
/// let text = "create audience a is people who did (visit then order) in last 3 days";
/// let parsed = parse(text);
/// let StatementKind::CreateAudience { people, .. } = &parsed.statements[0].kind else { panic!() };
/// let Some(Condition::Predicate(Predicate::Did { occurrence, .. }, _)) = &people.condition else { panic!() };
/// let subject: &Subject = &occurrence.subject;
/// let span = subject.span();
/// assert_eq!(&text[span.start as usize..span.end as usize], "(visit then order)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Events, each by itself.
    Events(Matcher),
    /// `(a then b)`.
    Sequence(Box<Sequence>),
    /// `all of (a, b)`, `2 of (a, b, c)`.
    Combination(Box<Combination>),
}

/// Which events.
///
/// ```
/// use throng::lang::{Span, parse, tree::{Matcher, ReportKind, StatementKind}};
/// let parsed = parse("count events any of (order, refund)");
/// let StatementKind::Report(report) = &parsed.statements[0].kind else { panic!() };
/// let ReportKind::CountEvents { matcher, .. } = &report.kind else { panic!() };
/// assert!(matches!(matcher, Matcher::AnyOf(events, _) if events.len() == 2));
/// assert_eq!(matcher.span(), Span::new(13, 35));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matcher {
    /// One name.
    Event(Event),
    /// `any event [where (...)]`.
    AnyEvent(Option<Box<Condition>>, Span),
    /// `any of (a, b)`.
    AnyOf(Vec<Event>, Span),
}

/// An event's name and its filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its name.
    pub name: Name,
    /// `where (...)`.
    pub filter: Option<Box<Condition>>,
}

/// A count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Times {
    /// How it compares.
    pub amount: Amount,
    /// Where it stands.
    pub span: Span,
}

/// How a count compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the language's")]
pub enum Amount {
    AtLeast(u64),
    AtMost(u64),
    /// `once`, `twice` and `exactly n times`.
    Exactly(u64),
    MoreThan(u64),
    FewerThan(u64),
    Between(u64, u64),
}

/// What is asked of a value.
///
/// ```
/// use throng::lang::parse;
/// use throng::lang::tree::{Comparison, Condition, Literal, Place, Predicate};
/// use throng::lang::tree::{StatementKind, Test, ValueKind};
/// let parsed = parse("create audience a is people whose plan is \"gold\" and email ends with \".org\"");
/// let StatementKind::CreateAudience { people, .. } = &parsed.statements[0].kind else { panic!() };
/// let Some(Condition::And(parts, _)) = &people.condition else { panic!() };
/// let test = |place: usize| match &parts[place] {
///     Condition::Predicate(Predicate::Is(_, test), _) => test,
///     other => panic!("{other:?}"),
/// };
/// let Test::Compare(Comparison::Equal, gold) = test(0) else { panic!() };
/// assert_eq!(gold.kind, ValueKind::Literal(Literal::Text("gold".into())));
/// assert!(matches!(test(1), Test::Text { place: Place::End, ignoring_case: false, .. }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// `= v`, `< v`, `is v` (equal), `is not v` (not equal).
    Compare(Comparison, Value),
    /// `is known`, or with `false` `is unknown`.
    Known(bool),
    /// `between a and b`.
    Between(Value, Value),
    /// `[not] one of (...)`.
    OneOf {
        /// `not`.
        negated: bool,
        /// The literals.
        values: Vec<Spanned<Literal>>,
    },
    /// `has v`.
    Has(Value),
    /// `has any of (...)`, with `all` `has all of (...)`.
    HasOf {
        /// Whether each is needed.
        all: bool,
        /// The elements.
        values: Vec<Spanned<Literal>>,
    },
    /// `contains v`, `starts with v`, `ends with v`.
    Text {
        /// Where.
        place: Place,
        /// What.
        part: Value,
        /// `ignoring case`.
        ignoring_case: bool,
    },
    /// A window that the value must lie in.
    During(Window),
    /// `matches /re/`.
    Matches(Spanned<Pattern>),
    /// `in cidr "10.0.0.0/8"`.
    InCidr(Spanned<Text>),
    /// `within 25 km of (48.1, 17.1)`.
    Near {
        /// How many kilometres.
        km: Spanned<Decimal>,
        /// Degrees of latitude.
        lat: Spanned<Decimal>,
        /// Degrees of longitude.
        lon: Spanned<Decimal>,
    },
}

/// Where a text must stand in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Place {
    Anywhere,
    Start,
    End,
}

impl Condition {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Condition::And(_, span)
            | Condition::Or(_, span)
            | Condition::Not(_, span)
            | Condition::Quantified(_, _, span)
            | Condition::Predicate(_, span) => *span,
        }
    }
}

impl Subject {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Subject::Events(matcher) => matcher.span(),
            Subject::Sequence(sequence) => sequence.span,
            Subject::Combination(combination) => combination.span,
        }
    }
}

impl Matcher {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Matcher::Event(event) => event.name.span,
            Matcher::AnyEvent(_, span) | Matcher::AnyOf(_, span) => *span,
        }
    }
}
