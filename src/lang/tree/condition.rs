//! Conditions: what people or events fulfil.

use super::super::{Span, Spanned};
use super::{Comparison, Literal, Name, Value, Window};
use crate::model::Text;

/// `everyone` or `people CONDITION`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct People {
    /// The condition; without one, everyone.
    pub condition: Option<Condition>,
    /// Where it stands.
    pub span: Span,
}

/// A condition on a person, or inside `where ( )` on an event.
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
}

/// Events, their count and their windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// Which events.
    pub matcher: Matcher,
    /// How many; the parser has refused a second count.
    pub times: Option<Times>,
    /// Where in time: in each of these.
    pub windows: Vec<Window>,
}

/// Which events.
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

impl Matcher {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Matcher::Event(event) => event.name.span,
            Matcher::AnyEvent(_, span) | Matcher::AnyOf(_, span) => *span,
        }
    }
}
