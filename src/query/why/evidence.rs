//! Evidence: the calls that a truth or a value rests on.

use super::super::holds::{
    Seen, anchor, decision, matched, matches, readings, setter, setter_of_group, value_at,
};
use super::super::predicate::{
    Asked, Check, Expr, Occurrence, Pattern, PersonLeaf, Point, Predicate, Rank, Test, Window,
};
use crate::model::{Event, EventId, Step, Text, Timestamp, Value};

/// A call that decided something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Its id.
    pub id: EventId,
    /// The event's name, or the kind of a call that is no event.
    pub name: Text,
    /// When it happened.
    pub when: Timestamp,
    /// Who sent it.
    pub source: Text,
}

impl Evidence {
    /// Of one predicate at most so many calls are kept.
    pub const KEPT_MAX: usize = 20;

    pub(super) fn of(call: &Event) -> Evidence {
        Evidence {
            id: call.id,
            name: call.name().unwrap_or(call.body.kind().name()).into(),
            when: call.when,
            source: call.source.clone(),
        }
    }
}

/// How many events were counted, and which; without any, the anchors that were looked from.
pub(super) fn of_occurrence<'a>(
    occurrence: &Occurrence,
    seen: Seen<'a>,
) -> (Value, Vec<&'a Event>) {
    let counted = matched(&occurrence.matcher, &occurrence.windows, seen);
    let count = Value::from(counted.len() as i64);
    if counted.is_empty() {
        (count, in_order(anchors(&occurrence.windows, seen)))
    } else {
        (count, counted)
    }
}

/// How many matches there are, and of what events; without any, the anchors
/// that were looked from.
pub(super) fn of_pattern<'a>(pattern: &Pattern, seen: Seen<'a>) -> (Value, Vec<&'a Event>) {
    let found = matches(pattern, seen);
    let n_matches = Value::from(found.len() as i64);
    let looked_from = || pattern.bare_windows().flat_map(Window::points);
    let events = match found.is_empty() {
        true => looked_from().flat_map(|point| of_point(point, seen)).collect(),
        false => found.concat(),
    };
    (n_matches, in_order(events))
}

/// The value tested, and what it and its operands were read of.
pub(super) fn of_test<'a>(test: &Test<PersonLeaf>, seen: Seen<'a>) -> (Value, Vec<&'a Event>) {
    (value_at(&test.subject, &seen), in_order(read(test, seen)))
}

fn read<'a>(test: &Test<PersonLeaf>, seen: Seen<'a>) -> Vec<&'a Event> {
    let mut calls = of_expr(&test.subject, seen);
    match &test.check {
        Check::Compare(_, other) | Check::Text { part: other, .. } => {
            calls.extend(of_expr(other, seen));
        }
        Check::Between(low, high) => {
            calls.extend(of_expr(low, seen));
            calls.extend(of_expr(high, seen));
        }
        Check::Has { elements, .. } => {
            calls.extend(elements.iter().flat_map(|element| of_expr(element, seen)));
        }
        Check::During(window, _) => calls.extend(anchors(std::slice::from_ref(window), seen)),
        Check::Version(all) => calls.extend(all.iter().flat_map(|(_, other)| of_expr(other, seen))),
        Check::InList(_)
        | Check::Known(_)
        | Check::OneOf { .. }
        | Check::Matches(_)
        | Check::InNetwork(_)
        | Check::Near { .. } => {}
    }
    calls
}

/// The value that a person is ranked by, and what it was read of.
pub(super) fn of_rank<'a>(rank: &Rank, seen: Seen<'a>) -> (Value, Vec<&'a Event>) {
    let decayed = rank.decayed();
    let value = value_at(decayed.as_ref().unwrap_or(&rank.value), &seen);
    (value, in_order(of_expr(&rank.value, seen)))
}

/// The call that decides a purpose.
pub(super) fn of_consent<'a>(purpose: &str, seen: Seen<'a>) -> Vec<&'a Event> {
    decision(purpose, seen).into_iter().collect()
}

fn of_expr<'a>(expr: &Expr<PersonLeaf>, seen: Seen<'a>) -> Vec<&'a Event> {
    match expr {
        Expr::Leaf(leaf) => of_leaf(leaf, seen),
        Expr::Literal(_) => Vec::new(),
        Expr::Arithmetic { left, right, .. } => {
            [of_expr(left, seen), of_expr(right, seen)].concat()
        }
        Expr::Negative(inner) => of_expr(inner, seen),
        Expr::Coalesce(parts) => parts.iter().flat_map(|part| of_expr(part, seen)).collect(),
        Expr::Elapsed { point, .. } => of_point(point, seen),
        Expr::Call { of, .. } => of_expr(of, seen),
        Expr::Choice(choice) => {
            let asked =
                choice.condition.leaves().into_iter().flat_map(|asked| of_asked(asked, seen));
            let values = [&choice.then, &choice.otherwise].into_iter();
            asked.chain(values.flat_map(|value| of_expr(value, seen))).collect()
        }
    }
}

fn of_asked<'a>(asked: &Asked<PersonLeaf>, seen: Seen<'a>) -> Vec<&'a Event> {
    let predicate = match asked {
        Asked::Is(test) => return read(test, seen),
        Asked::Person(predicate) => &**predicate,
    };
    match predicate {
        Predicate::Did(occurrence) => of_occurrence(occurrence, seen).1,
        Predicate::Pattern(pattern) => of_pattern(pattern, seen).1,
        Predicate::Is(test) => read(test, seen),
        Predicate::Ranked(rank) => of_rank(rank, seen).1,
        Predicate::Consent { purpose } => of_consent(purpose, seen),
        // Whose membership decides shows their own reasons when asked.
        Predicate::InAudience(_) | Predicate::Drawn(_) | Predicate::Listed(_) => Vec::new(),
    }
}

fn of_leaf<'a>(leaf: &PersonLeaf, seen: Seen<'a>) -> Vec<&'a Event> {
    match leaf {
        PersonLeaf::Attribute { path, .. } => match path.steps().first() {
            Some(Step::Key(key)) => setter(key, seen).into_iter().collect(),
            _ => Vec::new(),
        },
        PersonLeaf::GroupId => setter_of_group(seen).into_iter().collect(),
        PersonLeaf::UserId | PersonLeaf::Score(_) => Vec::new(),
        PersonLeaf::FirstSeen => seen.calls().next().into_iter().collect(),
        PersonLeaf::LastSeen => seen.calls().last().into_iter().collect(),
        PersonLeaf::Aggregate(aggregate) => {
            readings(aggregate, seen).into_iter().map(|reading| reading.event).collect()
        }
    }
}

fn anchors<'a>(windows: &[Window<PersonLeaf>], seen: Seen<'a>) -> Vec<&'a Event> {
    windows.iter().flat_map(Window::points).flat_map(|point| of_point(point, seen)).collect()
}

fn of_point<'a>(point: &Point<PersonLeaf>, seen: Seen<'a>) -> Vec<&'a Event> {
    match point {
        Point::Instant(_) | Point::Day { .. } => Vec::new(),
        Point::Anchor(which, matcher) => anchor(*which, matcher, seen).into_iter().collect(),
        Point::Value(expr, _) => of_expr(expr, seen),
    }
}

fn in_order(mut calls: Vec<&Event>) -> Vec<&Event> {
    calls.sort_by(|left, right| left.canonical(right));
    calls.dedup_by_key(|call| call.id);
    calls
}
