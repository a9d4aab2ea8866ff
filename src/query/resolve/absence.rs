//! W204: absence counted from an event that may not be there.
//!
//! A window that hangs on a missing event is empty, so whatever holds of no events
//! at all holds then. That is said unless the event is asked for beside it.

use super::Resolver;
use crate::lang::tree::{self, Bound, Condition, Predicate, ValueKind, WindowKind};
use crate::lang::{Code, Span};
use crate::model::{Decimal, Text};
use crate::query::predicate::CountRange;

/// Events of which one is needed: no name stands for any event.
type Names = Vec<Text>;

impl Resolver<'_> {
    /// `did not order since last visit`; `range` says how many orders are allowed.
    pub(super) fn warn_of_absence(&mut self, occurrence: &tree::Occurrence, range: CountRange) {
        if range.contains(0) != self.is_denied {
            self.warn_of_anchors(occurrence.windows.iter().map(|placing| &placing.window));
        }
    }

    /// `count(order since last visit) < 3`.
    pub(super) fn warn_of_emptiness(
        &mut self,
        value: &tree::Value,
        comparison: tree::Comparison,
        other: &tree::Value,
    ) {
        let ValueKind::Aggregate(aggregate) = &value.kind else { return };
        let ValueKind::Literal(tree::Literal::Number(bound)) = &other.kind else { return };
        if is_zero_of_nothing(aggregate.function.node)
            && holds_of_zero(comparison, *bound) != self.is_denied
        {
            self.warn_of_anchors(aggregate.window.iter());
        }
    }

    fn warn_of_anchors<'w>(&mut self, windows: impl Iterator<Item = &'w tree::Window>) {
        for (names, span) in windows.filter_map(anchor_of) {
            let is_guarded = |guard: &Names| {
                names.is_empty()
                    || !guard.is_empty() && guard.iter().all(|name| names.contains(name))
            };
            if self.guards.iter().any(is_guarded) {
                continue;
            }
            let shown = shown(&names);
            let message = format!("this also holds for whoever never did `{shown}`");
            let help = Some(format!("if that is not meant, add `and did {shown}`"));
            self.warn(Code::UnguardedAbsence, span, message, help);
        }
    }
}

/// The events that must have happened where all of these conditions hold.
pub(super) fn guards(conditions: &[Condition]) -> Vec<Names> {
    conditions
        .iter()
        .flat_map(|condition| match condition {
            Condition::Predicate(predicate, _) => guard(predicate),
            _ => Vec::new(),
        })
        .collect()
}

fn guard(predicate: &Predicate) -> Vec<Names> {
    match predicate {
        Predicate::Did { negated: false, never: false, occurrence } => {
            let is_counted = occurrence.times.as_ref().is_none_or(|times| {
                super::occurrence::range_of(times.amount).is_some_and(|range| range.least > 0)
            });
            if is_counted { surely(&occurrence.subject) } else { Vec::new() }
        }
        Predicate::Is(value, test) => value_guard(value, test).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The events that have surely happened where this has.
fn surely(subject: &tree::Subject) -> Vec<Names> {
    match subject {
        tree::Subject::Events(matcher) => vec![names(matcher)],
        tree::Subject::Sequence(sequence) => {
            let steps = sequence.steps.iter().map(|step| &step.matcher);
            std::iter::once(&sequence.first).chain(steps).map(names).collect()
        }
        tree::Subject::Combination(combination) => match combination.needed {
            None => combination.events.iter().map(|event| vec![event.name.node.clone()]).collect(),
            Some(_) => Vec::new(),
        },
    }
}

/// A comparison with a distance from an event, or with a number of them, needs one.
fn value_guard(value: &tree::Value, test: &tree::Test) -> Option<Names> {
    match (&value.kind, test) {
        (ValueKind::Elapsed(_, _, bound), tree::Test::Compare(..) | tree::Test::Between(..)) => {
            anchored(bound)
        }
        (ValueKind::Aggregate(aggregate), tree::Test::Compare(comparison, other)) => {
            let ValueKind::Literal(tree::Literal::Number(bound)) = &other.kind else { return None };
            let needs_some =
                is_zero_of_nothing(aggregate.function.node) && !holds_of_zero(*comparison, *bound);
            match &aggregate.stream {
                tree::Stream::Event { name, .. } if needs_some => Some(vec![name.node.clone()]),
                tree::Stream::Union(matcher) if needs_some => Some(names(matcher)),
                _ => None,
            }
        }
        _ => None,
    }
}

fn anchor_of(window: &tree::Window) -> Option<(Names, Span)> {
    let bound = match &window.kind {
        WindowKind::Since(bound)
        | WindowKind::Until(bound)
        | WindowKind::Before(bound)
        | WindowKind::After(bound) => bound,
        WindowKind::Within(_, _, bound) => bound.as_ref(),
        _ => return None,
    };
    anchored(bound).map(|names| (names, window.span))
}

fn anchored(bound: &Bound) -> Option<Names> {
    match bound {
        Bound::First(matcher, _) | Bound::Last(matcher, _) => Some(names(matcher)),
        _ => None,
    }
}

fn names(matcher: &tree::Matcher) -> Names {
    match matcher {
        tree::Matcher::Event(event) => vec![event.name.node.clone()],
        tree::Matcher::AnyOf(events, _) => {
            events.iter().map(|event| event.name.node.clone()).collect()
        }
        tree::Matcher::AnyEvent(..) => Vec::new(),
    }
}

fn shown(names: &Names) -> String {
    match &names[..] {
        [] => "any event".to_owned(),
        [one] => one.to_string(),
        several => format!("any of ({})", several.join(", ")),
    }
}

/// Whether the function is 0 where nothing is there.
fn is_zero_of_nothing(function: tree::Function) -> bool {
    use tree::Function::{ActiveDays, ActiveMonths, ActiveWeeks, Count, Decayed, Distinct, Sum};
    matches!(function, Count | Sum | Distinct | ActiveDays | ActiveWeeks | ActiveMonths | Decayed)
}

fn holds_of_zero(comparison: tree::Comparison, bound: Decimal) -> bool {
    let zero = Decimal::ZERO;
    match comparison {
        tree::Comparison::Equal => zero == bound,
        tree::Comparison::NotEqual => zero != bound,
        tree::Comparison::Less => zero < bound,
        tree::Comparison::AtMost => zero <= bound,
        tree::Comparison::Greater => zero > bound,
        tree::Comparison::AtLeast => zero >= bound,
    }
}
