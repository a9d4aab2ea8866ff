//! Tests of a value. What is missing passes none of them, except `is unknown`.

use super::compare::{same, size};
use super::expr::value;
use super::here::Here;
use super::read::in_place;
use super::special;
use super::time::{has_date, place_of_value};
use crate::model::{Text, Value};
use crate::query::predicate::{Comparison, List, Place};
use crate::query::scan::plan::tree::{Check, Expr, Test};
use std::cmp::Ordering;
use unicode_casefold::UnicodeCaseFold;

/// Whether the value of a test passes.
pub fn passes(test: &Test, here: &Here<'_>) -> bool {
    match in_place(&test.subject, here) {
        Some(subject) => verdict(&test.check, subject, here),
        None => verdict(&test.check, &value(&test.subject, here), here),
    }
}

/// Whether a value passes a check.
pub fn verdict(check: &Check, subject: &Value, here: &Here<'_>) -> bool {
    match check {
        Check::Known(wanted) => *wanted != subject.is_null(),
        Check::Compare(how, Expr::Literal(other)) => compares(*how, subject, other),
        Check::Compare(how, other) => compares(*how, subject, &value(other, here)),
        Check::Between(low, high) => {
            let above = size(subject, &value(low, here)).is_some_and(Ordering::is_ge);
            above && size(subject, &value(high, here)).is_some_and(Ordering::is_le)
        }
        Check::OneOf { values, negated } => one_of(subject, values, *negated),
        Check::Text { place, part, ignoring_case } => {
            contains(*place, subject, &value(part, here), *ignoring_case)
        }
        Check::Has { elements, all } => has(subject, elements, *all, here),
        Check::InList(list) => in_list(subject, list),
        Check::During(window, zone) => match subject {
            Value::Instant(at) => place_of_value(window, here).has(at.millis()),
            Value::Date(date) => has_date(window, *date, here, &zone.zone(here)),
            _ => false,
        },
        Check::Matches(pattern) => match subject {
            Value::Text(text) => pattern.finds(text),
            _ => false,
        },
        Check::InNetwork(network) => special::lies_in(*network, subject),
        Check::Near { km, of } => special::lies_near(*km, *of, subject),
        Check::Version(all) => {
            all.iter().all(|(how, other)| special::version(*how, subject, &value(other, here)))
        }
    }
}

fn compares(how: Comparison, left: &Value, right: &Value) -> bool {
    let size = match how {
        Comparison::Equal => return same(left, right) == Some(true),
        Comparison::NotEqual => return same(left, right) == Some(false),
        _ => size(left, right),
    };
    let Some(size) = size else { return false };
    match how {
        Comparison::Less => size == Ordering::Less,
        Comparison::AtMost => size != Ordering::Greater,
        Comparison::Greater => size == Ordering::Greater,
        Comparison::AtLeast => size != Ordering::Less,
        Comparison::Equal | Comparison::NotEqual => false,
    }
}

/// Values of other kinds than the literals have are missing, so `not one of`
/// needs one that could have been equal.
fn one_of(subject: &Value, values: &[Value], negated: bool) -> bool {
    if subject.is_null() || values.iter().any(Value::is_null) {
        return false;
    }
    let mut could_be = values.is_empty();
    for value in values {
        match same(subject, value) {
            Some(true) => return !negated,
            Some(false) => could_be = true,
            None => {}
        }
    }
    negated && could_be
}

/// Elements lie under the way they are written.
fn in_list(subject: &Value, list: &List) -> bool {
    let element = match subject {
        Value::Text(text) => list.elements.get(text),
        Value::Number(number) => list.elements.get(&*number.to_string()),
        Value::Date(date) => list.elements.get(&*date.to_string()),
        Value::Instant(at) => list.elements.get(&*at.to_string()),
        Value::Duration(ms) => list.elements.get(&*ms.to_string()),
        Value::Bool(held) => list.elements.get(if *held { "true" } else { "false" }),
        _ => None,
    };
    element.is_some_and(|element| same(element, subject) == Some(true))
}

fn contains(place: Place, subject: &Value, part: &Value, ignoring_case: bool) -> bool {
    let (Value::Text(subject), Value::Text(part)) = (subject, part) else { return false };
    if ignoring_case {
        let folded = |text: &Text| text.case_fold().collect::<String>();
        stands(place, &folded(subject), &folded(part))
    } else {
        stands(place, subject, part)
    }
}

fn stands(place: Place, text: &str, part: &str) -> bool {
    match place {
        Place::Start => text.starts_with(part),
        Place::End => text.ends_with(part),
        Place::Anywhere => text.contains(part),
    }
}

fn has(subject: &Value, elements: &[Expr], all: bool, here: &Here<'_>) -> bool {
    let Value::List(list) = subject else { return false };
    let wanted: Vec<Value> = elements.iter().map(|element| value(element, here)).collect();
    if wanted.iter().any(Value::is_null) {
        return false;
    }
    let is_there = |wanted: &Value| list.iter().any(|element| same(element, wanted) == Some(true));
    if all { wanted.iter().all(is_there) } else { wanted.iter().any(is_there) }
}
