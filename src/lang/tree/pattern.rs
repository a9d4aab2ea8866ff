//! Patterns: several events that belong together.

use super::super::Span;
use super::{Event, Matcher, Reach, ValuePath, Window};

/// Events one after another.
///
/// ```
/// use throng::lang::{parse, tree::{Condition, Gap, Link, Predicate, Reach, StatementKind, Step, Subject, Tail}};
/// let text = "create audience a is people who did (search then immediately search then no order within 1 hour) same query";
/// let parsed = parse(text);
/// let StatementKind::CreateAudience { people, .. } = &parsed.statements[0].kind else { panic!() };
/// let Some(Condition::Predicate(Predicate::Did { occurrence, .. }, _)) = &people.condition else { panic!() };
/// let Subject::Sequence(sequence) = &occurrence.subject else { panic!() };
/// let [Step { link, without, .. }] = &sequence.steps[..] else { panic!() };
/// assert_eq!((*link, without.len()), (Link::Immediately, 0));
/// let [Tail { gaps, .. }] = &sequence.tails[..] else { panic!() };
/// assert!(matches!(&gaps[..], [Gap::Within(Reach::Length(hour))] if hour.count == 1));
/// assert!(sequence.same.is_some() && sequence.total.is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// The event that comes first.
    pub first: Matcher,
    /// Those that follow.
    pub steps: Vec<Step>,
    /// What must not follow the last of them.
    pub tails: Vec<Tail>,
    /// `same PATH`: what all events agree on.
    pub same: Option<ValuePath>,
    /// `within 14 days` behind it: how long the whole may last.
    pub total: Option<Reach>,
    /// Where it stands.
    pub span: Span,
}

/// `then b within 2 days without c`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// How it follows the event before.
    pub link: Link,
    /// Which event.
    pub matcher: Matcher,
    /// How far from the event before.
    pub gaps: Vec<Gap>,
    /// `without c`: what may not lie between the two.
    pub without: Vec<Matcher>,
}

/// How an event follows another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// `then`: not earlier.
    Then,
    /// `then immediately`: the very next event of the person.
    Immediately,
    /// `then strictly`: later by a millisecond or more.
    Strictly,
}

/// How far an event lies behind another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// `within 2 days`: less than that.
    Within(Reach),
    /// `after at least 1 hour`: that or more.
    AtLeast(Reach),
}

/// `then no b within 4 hours`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tail {
    /// What must not follow.
    pub matcher: Matcher,
    /// Where it must not.
    pub gaps: Vec<Gap>,
}

/// Different events, one of each kind, in any order.
///
/// ```
/// use throng::lang::{parse, tree::{Condition, Predicate, Reach, StatementKind, Subject}};
/// let text = "create audience a is people who did 2 of (search, visit, order) within 7 days";
/// let parsed = parse(text);
/// let StatementKind::CreateAudience { people, .. } = &parsed.statements[0].kind else { panic!() };
/// let Some(Condition::Predicate(Predicate::Did { occurrence, .. }, _)) = &people.condition else { panic!() };
/// let Subject::Combination(combination) = &occurrence.subject else { panic!() };
/// assert_eq!((combination.needed, combination.events.len()), (Some(2), 3));
/// assert!(matches!(&combination.total, Some(Reach::Length(length)) if length.count == 7));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combination {
    /// How many kinds are needed; none: all.
    pub needed: Option<u64>,
    /// The kinds.
    pub events: Vec<Event>,
    /// `within 7 days` behind it: how long the whole may last.
    pub total: Option<Reach>,
    /// Where it stands.
    pub span: Span,
}

/// A window, and which events of a pattern it binds.
///
/// ```
/// use throng::lang::{parse, tree::{Binds, Condition, Placing, Predicate, StatementKind}};
/// let text = "create audience a is people who did (visit then order) ending in last 60 days";
/// let parsed = parse(text);
/// let StatementKind::CreateAudience { people, .. } = &parsed.statements[0].kind else { panic!() };
/// let Some(Condition::Predicate(Predicate::Did { occurrence, .. }, _)) = &people.condition else { panic!() };
/// let [Placing { binds, window }] = &occurrence.windows[..] else { panic!() };
/// assert_eq!(*binds, Binds::Last);
/// assert_eq!(&text[window.span.start as usize..], "in last 60 days");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placing {
    /// Which events.
    pub binds: Binds,
    /// Where they must lie.
    pub window: Window,
}

/// Which events of a pattern a window binds; one event alone is all three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binds {
    /// Every one.
    Each,
    /// `starting`: the first.
    First,
    /// `ending`: the last.
    Last,
}
