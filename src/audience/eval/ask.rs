//! Tests over a stretch of time.

use super::among::{has, in_list, is_any, one_of, reaches};
use super::compare::stands;
use super::elapsed::Spot;
use super::{Leaves, Moves, Over, Span, during, line, over, special};
use crate::model::{Value, Zone};
use crate::query::predicate::{Check, Comparison, Expr, Test};
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
        Check::OneOf { values, negated } => one_of(&subject, values, *negated).or_else(|| {
            is_any(&test.subject, values.iter(), leaves, span).map(|any| any != *negated)
        }),
        Check::InList(list) => in_list(&subject, list).or_else(|| {
            let reached = list.elements.values().filter(|value| reaches(&subject, value));
            is_any(&test.subject, reached, leaves, span)
        }),
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
pub(super) fn known<'a>(value: &'a Over<'_>) -> Option<Option<&'a Value>> {
    match value {
        Over::Is(value) => Some(Some(value.as_ref())),
        Over::Within(..) => Some(None),
        Over::Unsure => None,
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
