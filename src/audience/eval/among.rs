//! Whether a value is one of several, or has one of several.

use super::ask::known;
use super::compare::{equal, order};
use super::{Leaves, Moves, Over, Span, line, over};
use crate::model::Value;
use crate::query::predicate::{Comparison, Expr, List};
use std::borrow::Cow;

pub(super) fn one_of(subject: &Over<'_>, values: &[Value], negated: bool) -> Option<bool> {
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

/// Whether a number that moves is one of some values, asked value by value: what it
/// is made of may keep it level.
pub(super) fn is_any<'v, L: Moves>(
    number: &Expr<L>,
    values: impl Iterator<Item = &'v Value>,
    leaves: &impl Leaves<L>,
    span: Span,
) -> Option<bool> {
    let mut any = false;
    for value in values.filter(|value| matches!(value, Value::Number(_))) {
        let value = Expr::Literal(value.clone());
        any |= line::compared(Comparison::Equal, number, &value, leaves, span)?;
    }
    Some(any)
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
pub(super) fn in_list(subject: &Over<'_>, list: &List) -> Option<bool> {
    match subject {
        Over::Unsure => None,
        Over::Is(value) => {
            let element = written(value).and_then(|text| list.elements.get(&*text));
            Some(element.is_some_and(|element| equal(element, value) == Some(true)))
        }
        Over::Within(..) => {
            if list.elements.values().any(|it| reaches(subject, it)) {
                None
            } else {
                Some(false)
            }
        }
    }
}

/// Whether a number that moves may come to a value.
pub(super) fn reaches(subject: &Over<'_>, value: &Value) -> bool {
    match (subject, value) {
        (Over::Within(low, high), Value::Number(number)) => low <= number && number <= high,
        _ => false,
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

pub(super) fn has<L: Moves>(
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
            wanted @ Over::Within(..) => {
                let reached = list.iter().filter(|value| reaches(&wanted, value));
                is_any(element, reached, leaves, span)
            }
            Over::Unsure => None,
        });
    }
    match (all, answers.contains(&Some(!all)), answers.contains(&None)) {
        (_, true, _) => Some(!all),
        (_, false, true) => None,
        (all, false, false) => Some(all),
    }
}
