//! Tests of one value. A missing operand makes each of them false, except `is unknown`.

use super::super::predicate::{Check, Comparison, Expr, Place as Where, Test, Window};
use super::compare::{equal, size};
use super::expression::value;
use super::place::Place;
use super::special;
use super::window::placed;
use crate::model::{Value, Zone};
use std::cmp::Ordering;
use unicode_casefold::UnicodeCaseFold;

/// Whether the value passes.
pub(crate) fn passes<L>(test: &Test<L>, at: &dyn Place<L>) -> bool {
    let subject = value(&test.subject, at);
    let operand = |expr: &Expr<L>| value(expr, at);
    match &test.check {
        Check::Compare(comparison, other) => compares(*comparison, &subject, &operand(other)),
        Check::Known(wanted) => subject.is_null() != *wanted,
        Check::OneOf { values, negated } => one_of(&subject, values, *negated),
        Check::Between(low, high) => {
            compares(Comparison::AtLeast, &subject, &operand(low))
                && compares(Comparison::AtMost, &subject, &operand(high))
        }
        Check::Text { place, part, ignoring_case } => {
            stands_in(*place, &subject, &operand(part), *ignoring_case)
        }
        Check::Has { elements, all } => {
            has(&subject, &elements.iter().map(operand).collect::<Vec<_>>(), *all)
        }
        Check::During(window, local) => during(&subject, window, &at.seen().zone(local), at),
        Check::InList(list) => super::list::has(list, &subject),
        Check::Matches(pattern) => subject.as_text().is_some_and(|text| pattern.finds(text)),
        Check::InNetwork(network) => special::in_network(&subject, *network),
        Check::Near { km, of } => special::is_near(&subject, *km, *of),
        Check::Version(all) => all
            .iter()
            .all(|(comparison, other)| special::compares(*comparison, &subject, &operand(other))),
    }
}

fn compares(comparison: Comparison, left: &Value, right: &Value) -> bool {
    let size = || size(left, right);
    match comparison {
        Comparison::Equal => equal(left, right) == Some(true),
        Comparison::NotEqual => equal(left, right) == Some(false),
        Comparison::Less => size() == Some(Ordering::Less),
        Comparison::AtMost => size().is_some_and(Ordering::is_le),
        Comparison::Greater => size() == Some(Ordering::Greater),
        Comparison::AtLeast => size().is_some_and(Ordering::is_ge),
    }
}

/// The literals say which kinds are read: a value of another kind is missing,
/// so it is not even `not one of`.
fn one_of(subject: &Value, values: &[Value], negated: bool) -> bool {
    if subject.is_null() || values.iter().any(Value::is_null) {
        return false;
    }
    let compared = || values.iter().filter_map(|value| equal(subject, value));
    match negated {
        false => compared().any(|equal| equal),
        true => (values.is_empty() || compared().next().is_some()) && !compared().any(|e| e),
    }
}

fn stands_in(place: Where, subject: &Value, part: &Value, ignoring_case: bool) -> bool {
    let (Value::Text(subject), Value::Text(part)) = (subject, part) else { return false };
    match ignoring_case {
        true => stands(place, &folded(subject), &folded(part)),
        false => stands(place, subject, part),
    }
}

fn stands(place: Where, subject: &str, part: &str) -> bool {
    match place {
        Where::Anywhere => subject.contains(part),
        Where::Start => subject.starts_with(part),
        Where::End => subject.ends_with(part),
    }
}

fn folded(text: &str) -> String {
    text.case_fold().collect()
}

fn has(subject: &Value, elements: &[Value], all: bool) -> bool {
    let Value::List(list) = subject else { return false };
    if elements.iter().any(Value::is_null) {
        return false;
    }
    let there = |element: &Value| list.iter().any(|other| equal(other, element) == Some(true));
    if all { elements.iter().all(there) } else { elements.iter().any(there) }
}

fn during<L>(subject: &Value, window: &Window<L>, zone: &Zone, at: &dyn Place<L>) -> bool {
    let now = at.seen().now;
    match subject {
        Value::Instant(instant) => placed(window, at).has_instant(*instant, now),
        Value::Date(date) => placed(window, at).has_day(*date, now, zone),
        _ => false,
    }
}
