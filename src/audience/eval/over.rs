//! What a value is over a stretch of time.

use crate::model::{Decimal, Value};
use crate::query::predicate::{Comparison, Operator};
use std::borrow::Cow;

/// A closed stretch of instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: i64,
    pub(crate) to: i64,
}

/// A value over a stretch.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Over<'v> {
    /// The same all the time.
    Is(Cow<'v, Value>),
    /// A number that never leaves these bounds.
    Within(Decimal, Decimal),
    /// Nothing can be said.
    Unsure,
}

impl Span {
    /// One instant.
    pub(crate) fn at(instant: i64) -> Span {
        Span { from: instant, to: instant }
    }
}

impl<'v> Over<'v> {
    pub(crate) const MISSING: Over<'static> = Over::Is(Cow::Owned(Value::Null));

    /// A number between two.
    pub(crate) fn between(low: Decimal, high: Decimal) -> Over<'v> {
        if low == high { Over::Is(Cow::Owned(Value::Number(low))) } else { Over::Within(low, high) }
    }

    /// The bounds of a number; for anything else `Err` with what an operation
    /// on it gives: missing, or unsure.
    fn bounds(&self) -> Result<(Decimal, Decimal), Over<'static>> {
        match self {
            Over::Is(value) => match value.as_ref() {
                Value::Number(number) => Ok((*number, *number)),
                _ => Err(Over::MISSING),
            },
            Over::Within(low, high) => Ok((*low, *high)),
            Over::Unsure => Err(Over::Unsure),
        }
    }

    /// What one or the other of two may be.
    pub(crate) fn either(self, other: Over<'v>) -> Over<'v> {
        if self == other {
            return self;
        }
        match (self.bounds(), other.bounds()) {
            (Ok(left), Ok(right)) => Over::Within(left.0.min(right.0), left.1.max(right.1)),
            _ => Over::Unsure,
        }
    }

    /// The number with the other sign.
    pub(crate) fn negated(&self) -> Over<'static> {
        self.bounds().map_or_else(|other| other, |(low, high)| Over::between(-high, -low))
    }

    /// Two numbers joined by an operation.
    pub(crate) fn joined(&self, operator: Operator, other: &Over<'_>) -> Over<'static> {
        match (self.bounds(), other.bounds()) {
            (Ok(left), Ok(right)) => arithmetic(operator, left, right),
            (Err(Over::Is(_)), _) | (_, Err(Over::Is(_))) => Over::MISSING,
            _ => Over::Unsure,
        }
    }

    /// Whether a comparison holds, if it does or does not all the time.
    pub(crate) fn compared(&self, comparison: Comparison, other: &Over<'_>) -> Option<bool> {
        if let (Over::Is(left), Over::Is(right)) = (self, other) {
            return Some(super::compare::holds(comparison, left, right));
        }
        match (self, other) {
            // Nothing compares with what is missing; anything else may be of its kind.
            (Over::Unsure, Over::Is(known)) | (Over::Is(known), Over::Unsure) => {
                known.is_null().then_some(false)
            }
            _ => match (self.bounds(), other.bounds()) {
                (Ok(left), Ok(right)) => bounds_compared(comparison, left, right),
                (Err(Over::Is(_)), _) | (_, Err(Over::Is(_))) => Some(false),
                _ => None,
            },
        }
    }
}

/// Rounding never changes an order, so the ends bound everything between them.
fn arithmetic(
    operator: Operator,
    left: (Decimal, Decimal),
    right: (Decimal, Decimal),
) -> Over<'static> {
    let exact = left.0 == left.1 && right.0 == right.1;
    if operator == Operator::Divide && right.0 <= Decimal::ZERO && Decimal::ZERO <= right.1 {
        return if right.0 == right.1 { Over::MISSING } else { Over::Unsure };
    }
    let ends = [(left.0, right.0), (left.0, right.1), (left.1, right.0), (left.1, right.1)];
    let results = ends.map(|(a, b)| apply(operator, a, b));
    let known = results.iter().flatten();
    match (known.clone().min(), known.clone().max(), known.count()) {
        (Some(low), Some(high), 4) => Over::between(*low, *high),
        (.., 0) if exact || grows_outwards(operator, left, right) => Over::MISSING,
        _ => Over::Unsure,
    }
}

/// Whether results out of range at all ends are so everywhere between them: the
/// least product in size is one of the ends, unless zero lies between.
fn grows_outwards(operator: Operator, left: (Decimal, Decimal), right: (Decimal, Decimal)) -> bool {
    let one_side = |(low, high): (Decimal, Decimal)| high < Decimal::ZERO || Decimal::ZERO < low;
    let product = matches!(operator, Operator::Multiply | Operator::Divide);
    product && one_side(left) && one_side(right)
}

fn apply(operator: Operator, left: Decimal, right: Decimal) -> Option<Decimal> {
    match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Divide => left.checked_div(right),
    }
}

fn bounds_compared(
    comparison: Comparison,
    left: (Decimal, Decimal),
    right: (Decimal, Decimal),
) -> Option<bool> {
    let agrees = |order| super::compare::agrees(comparison, order);
    if left.1 < right.0 {
        return Some(agrees(std::cmp::Ordering::Less));
    }
    if left.0 > right.1 {
        return Some(agrees(std::cmp::Ordering::Greater));
    }
    match comparison {
        Comparison::AtMost if left.1 <= right.0 => Some(true),
        Comparison::Greater if left.1 <= right.0 => Some(false),
        Comparison::AtLeast if left.0 >= right.1 => Some(true),
        Comparison::Less if left.0 >= right.1 => Some(false),
        _ => None,
    }
}
