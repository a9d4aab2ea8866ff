//! Tests over a stretch of time.

use super::compare::{equal, order, stands};
use super::elapsed::Spot;
use super::{Leaves, Moves, Over, Span, during, line, over, special};
use crate::model::{Value, Zone};
use crate::query::predicate::{Check, Comparison, Expr, List, Test};
use std::borrow::Cow;

/// The answer, if it is the same all through a stretch in which no leaf changes.
pub(super) fn ask<L: Moves>(test: &Test<L>, leaves: &impl Leaves<L>, span: Span) -> Option<bool> {
    let subject = over(&test.subject, leaves, span);
    match &test.check {
        Check::Compare(comparison, other) => {
            compared(test, &subject, *comparison, other, leaves, span)
        }
        Check::Known(wanted) => match subject {
            Over::Is(value) => Some(value.is_null() != *wanted),
            Over::Within(..) => Some(*wanted),
            Over::Unsure => None,
        },
        Check::OneOf { values, negated } => one_of(&subject, values, *negated),
        Check::InList(list) => in_list(&subject, list),
        Check::Between(low, high) => {
            let side =
                |comparison, other| compared(test, &subject, comparison, other, leaves, span);
            both(side(Comparison::AtLeast, low), side(Comparison::AtMost, high))
        }
        Check::Text { place, part, ignoring_case } => {
            let part = over(part, leaves, span);
            let (Some(whole), Some(part)) = (known(&subject)?, known(&part)?) else {
                return Some(false);
            };
            let (Value::Text(whole), Value::Text(part)) = (whole, part) else { return Some(false) };
            Some(stands(whole, part, *place, *ignoring_case))
        }
        Check::Has { elements, all } => has(&subject, elements, *all, leaves, span),
        Check::During(window, local) => {
            let zone = leaves.zone(local);
            let Some(value) = known(&subject)? else { return Some(false) };
            during::inside(place(value, zone), window, zone, leaves, span)
        }
        Check::Matches(pattern) => known(&subject)
            .map(|value| value.and_then(Value::as_text).is_some_and(|it| pattern.finds(it))),
        Check::InNetwork(network) => {
            known(&subject).map(|value| value.is_some_and(|it| special::inside(it, *network)))
        }
        Check::Near { km, of } => {
            known(&subject).map(|value| value.is_some_and(|it| special::near(it, *km, *of)))
        }
        Check::Version(all) => versions(&subject, all, leaves, span),
    }
}

/// Whether a version compares so with each of some others.
fn versions<L: Moves>(
    subject: &Over<'_>,
    all: &[(Comparison, Expr<L>)],
    leaves: &impl Leaves<L>,
    span: Span,
) -> Option<bool> {
    let mut answer = Some(true);
    for (comparison, other) in all {
        let other = over(other, leaves, span);
        let compared = match (known(subject), known(&other)) {
            (Some(Some(left)), Some(Some(right))) => {
                Some(special::versions(*comparison, left, right))
            }
            (Some(_), Some(_)) => Some(false),
            _ => None,
        };
        answer = both(answer, compared);
    }
    answer
}

/// A comparison by the bounds of both sides, else by their difference.
fn compared<L: Moves>(
    test: &Test<L>,
    subject: &Over<'_>,
    comparison: Comparison,
    other: &Expr<L>,
    leaves: &impl Leaves<L>,
    span: Span,
) -> Option<bool> {
    let by_bounds = subject.compared(comparison, &over(other, leaves, span));
    by_bounds.or_else(|| line::compared(comparison, &test.subject, other, leaves, span))
}

/// Whether both hold, as far as one alone or the two together say.
pub(super) fn both(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// `None`: unsure; `Some(None)`: a number that moves, so nothing that text or lists could be.
fn known<'a>(value: &'a Over<'_>) -> Option<Option<&'a Value>> {
    match value {
        Over::Is(value) => Some(Some(value.as_ref())),
        Over::Within(..) => Some(None),
        Over::Unsure => None,
    }
}

fn one_of(subject: &Over<'_>, values: &[Value], negated: bool) -> Option<bool> {
    match subject {
        Over::Unsure => None,
        _ if !one_of_reads(subject, values) => Some(false),
        Over::Is(value) => {
            Some(values.iter().any(|other| equal(value, other) == Some(true)) != negated)
        }
        Over::Within(low, high) => {
            let reached = |value: &Value| {
                let least = order(value, &Value::Number(*low)).is_some_and(|o| o.is_ge());
                least && order(value, &Value::Number(*high)).is_some_and(|o| o.is_le())
            };
            if values.iter().any(reached) { None } else { Some(negated) }
        }
    }
}

/// The literals say which kinds are read: a value of another kind is missing,
/// so it is not even `not one of`.
fn one_of_reads(subject: &Over<'_>, values: &[Value]) -> bool {
    let reads = |literal: &Value| match subject {
        Over::Is(value) => equal(value, literal).is_some(),
        _ => matches!(literal, Value::Number(_)),
    };
    let is_missing = matches!(subject, Over::Is(value) if value.is_null());
    let fits = values.is_empty() || values.iter().any(reads);
    fits && !is_missing && !values.iter().any(Value::is_null)
}

/// Elements lie under the way they are written; of a number that moves each
/// element that it may be is in doubt.
fn in_list(subject: &Over<'_>, list: &List) -> Option<bool> {
    match subject {
        Over::Unsure => None,
        Over::Is(value) => {
            let element = written(value).and_then(|text| list.elements.get(&*text));
            Some(element.is_some_and(|element| equal(element, value) == Some(true)))
        }
        Over::Within(low, high) => {
            let reached = |element: &Value| match element {
                Value::Number(number) => low <= number && number <= high,
                _ => false,
            };
            if list.elements.values().any(reached) { None } else { Some(false) }
        }
    }
}

fn written(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Text(text) => Some(Cow::Borrowed(text)),
        Value::Bool(held) => Some(held.to_string().into()),
        Value::Number(number) => Some(number.to_string().into()),
        Value::Instant(at) => Some(at.to_string().into()),
        Value::Date(date) => Some(date.to_string().into()),
        Value::Duration(ms) => Some(ms.to_string().into()),
        _ => None,
    }
}

fn has<L: Moves>(
    subject: &Over<'_>,
    elements: &[Expr<L>],
    all: bool,
    leaves: &impl Leaves<L>,
    span: Span,
) -> Option<bool> {
    let list = match known(subject)? {
        Some(Value::List(list)) => list,
        _ => return Some(false),
    };
    let mut answers = Vec::with_capacity(elements.len());
    for element in elements {
        answers.push(match over(element, leaves, span) {
            // Without an argument there is no test.
            Over::Is(wanted) if wanted.is_null() => return Some(false),
            Over::Is(wanted) => Some(list.iter().any(|value| equal(value, &wanted) == Some(true))),
            _ => None,
        });
    }
    match (all, answers.contains(&Some(!all)), answers.contains(&None)) {
        (_, true, _) => Some(!all),
        (_, false, true) => None,
        (all, false, false) => Some(all),
    }
}

fn place(value: &Value, zone: &Zone) -> Spot {
    match value {
        Value::Instant(at) => Spot::Instant(at.millis()),
        Value::Date(date) => Spot::Day {
            date: *date,
            start: zone.start_of(*date).millis(),
            end: zone.start_of(date.plus_days(1)).millis(),
        },
        _ => Spot::Nowhere,
    }
}

/// Left minus right of a comparison at one instant, in billionths.
pub(super) fn difference<L: Moves>(
    test: &Test<L>,
    leaves: &impl Leaves<L>,
    at: i64,
) -> Option<i128> {
    let Check::Compare(_, other) = &test.check else { return None };
    let number = |value: Over<'_>| match value {
        Over::Is(Cow::Borrowed(Value::Number(number))) => Some(number.billionths()),
        Over::Is(Cow::Owned(Value::Number(number))) => Some(number.billionths()),
        _ => None,
    };
    let left = number(over(&test.subject, leaves, Span::at(at)))?;
    left.checked_sub(number(over(other, leaves, Span::at(at)))?)
}

#[cfg(test)]
mod tests {
    use super::super::super::scan::Scan;
    use super::*;
    use crate::query::Parties;
    use crate::query::predicate::PersonLeaf;

    #[test]
    fn a_missing_argument_makes_a_test_of_a_list_false() {
        let list = Expr::<PersonLeaf>::Literal(Value::List(vec!["a".into(), "b".into()]));
        let parties = Parties::default();
        let nobody = Scan::new(&[], None, &parties, 0);
        let has = |second: Value, all: bool| {
            let elements = vec![Expr::Literal("a".into()), Expr::Literal(second)];
            let test = Test { subject: list.clone(), check: Check::Has { elements, all } };
            ask(&test, &nobody, Span::at(0))
        };
        assert_eq!(has("c".into(), false), Some(true));
        assert_eq!(has(Value::Null, false), Some(false));
        assert_eq!(has(Value::Null, true), Some(false));
    }
}
