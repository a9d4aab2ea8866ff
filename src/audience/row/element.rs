//! The values that an event gives to an aggregate.

use super::super::eval::{Over, Span, over};
use super::super::scan::Scan;
use super::source::{Row, RowSource, fits};
use crate::model::{Event, Object, Path, Step, Value};
use crate::query::predicate::{Expr, Matcher, RowLeaf};
use std::borrow::Cow;

/// Hands over each known value of an event, or nothing for the event itself,
/// after the filter; a list gives its elements. `matched` says that the event,
/// if it is taken as a whole, is known to fit.
pub(crate) fn each_value(
    event: &Event,
    matcher: &Matcher,
    items: Option<&Path>,
    value: Option<&Expr<RowLeaf>>,
    person: Option<&Scan<'_>>,
    matched: bool,
    visit: &mut dyn FnMut(Option<&Value>),
) {
    each_row(event, matcher, items, person, matched, &mut |row| match (value, row.element) {
        (None, Some(element)) => known(element, visit),
        _ => row_value(row, value, person, visit),
    });
}

/// Hands over the event, or each place in it that a path leads to, if it fits.
pub(crate) fn each_row<'v>(
    event: &'v Event,
    matcher: &Matcher,
    items: Option<&Path>,
    person: Option<&Scan<'_>>,
    matched: bool,
    visit: &mut dyn FnMut(Row<'v>),
) {
    let Some(path) = items else {
        let row = Row::of(event);
        if matched || fits(row, matcher, person) {
            visit(row);
        }
        return;
    };
    let Some(properties) = event.body.properties() else { return };
    let Some((Step::Key(key), rest)) = path.steps().split_first() else { return };
    let Some(start) = properties.get(key) else { return };
    expand(start, rest, None, &mut |element, object| {
        let row = Row { event, element: Some(element), object };
        if fits(row, matcher, person) {
            visit(row);
        }
    });
}

/// What an expression is of a row all through a stretch; a list gives its elements.
pub(crate) fn over_row(
    row: Row<'_>,
    expr: &Expr<RowLeaf>,
    person: &Scan<'_>,
    span: Span,
    visit: &mut dyn FnMut(Over<'static>),
) {
    let source = RowSource::new(row, Some(person));
    match over(expr, &source, span) {
        Over::Is(value) => known(&value, &mut |value| {
            value.into_iter().for_each(|value| visit(Over::Is(Cow::Owned(value.clone()))));
        }),
        Over::Within(low, high) => visit(Over::Within(low, high)),
        Over::Unsure => visit(Over::Unsure),
    }
    source.pass_horizon();
}

fn row_value(
    row: Row<'_>,
    value: Option<&Expr<RowLeaf>>,
    person: Option<&Scan<'_>>,
    visit: &mut dyn FnMut(Option<&Value>),
) {
    let Some(expr) = value else { return visit(None) };
    let source = RowSource::new(row, person);
    if let Over::Is(value) = over(expr, &source, Span::at(source.at())) {
        known(&value, visit);
    }
    source.pass_horizon();
}

fn known(value: &Value, visit: &mut dyn FnMut(Option<&Value>)) {
    match value {
        Value::Null | Value::Digits(_) => {}
        Value::List(list) => list.iter().for_each(|element| known(element, visit)),
        other => visit(Some(other)),
    }
}

/// Every array on the way and at its end is taken element by element.
fn expand<'v>(
    value: &'v Value,
    steps: &[Step],
    object: Option<&'v Object>,
    visit: &mut dyn FnMut(&'v Value, Option<&'v Object>),
) {
    match (value, steps.split_first()) {
        (Value::List(list), Some((Step::Index(index), rest))) => {
            if let Some(element) = list.get(*index as usize) {
                expand(element, rest, innermost(element, object), visit);
            }
        }
        (Value::List(list), _) => {
            for element in list {
                expand(element, steps, innermost(element, object), visit);
            }
        }
        (value, None) => visit(value, object),
        (Value::Object(fields), Some((Step::Key(key), rest))) => {
            if let Some(inner) = fields.get(key) {
                expand(inner, rest, object, visit);
            }
        }
        _ => {}
    }
}

fn innermost<'v>(element: &'v Value, object: Option<&'v Object>) -> Option<&'v Object> {
    match element {
        Value::Object(fields) => Some(fields),
        _ => object,
    }
}
