//! Values computed: whatever is missing makes the whole missing, except under `coalesce`.

use super::super::predicate::{Asked, Expr, Operator};
use super::elapsed::elapsed;
use super::place::Place;
use super::point::bound;
use super::scalar::scalar;
use super::{passes, predicate_holds, truth};
use crate::model::{Decimal, Value};

/// The value of an expression.
pub(crate) fn value<L>(expr: &Expr<L>, at: &dyn Place<L>) -> Value {
    match expr {
        Expr::Leaf(leaf) => at.read(leaf),
        Expr::Literal(value) => value.clone(),
        Expr::Arithmetic { operator, left, right } => {
            arithmetic(*operator, &value(left, at), &value(right, at))
        }
        Expr::Negative(inner) => number(&value(inner, at)).map(|number| -number).into(),
        Expr::Coalesce(parts) => {
            let mut values = parts.iter().map(|part| value(part, at));
            values.find(|value| !value.is_null()).unwrap_or_default()
        }
        Expr::Elapsed { unit, direction, point, zone } => match bound(point, at) {
            Some(point) => elapsed(*unit, *direction, point, at.seen().now, &at.seen().zone(zone)),
            None => Value::Null,
        },
        Expr::Call { function, of, zone } => {
            scalar(*function, &value(of, at), at.seen().now, &at.seen().zone(zone))
        }
        Expr::Choice(choice) => match truth(&choice.condition, &mut |asked| is_so(asked, at)) {
            true => value(&choice.then, at),
            false => value(&choice.otherwise, at),
        },
    }
}

fn is_so<L>(asked: &Asked<L>, at: &dyn Place<L>) -> bool {
    match asked {
        Asked::Is(test) => passes(test, at),
        Asked::Person(predicate) => predicate_holds(predicate, at.seen()),
    }
}

/// Sums and differences are exact, products and quotients are rounded once;
/// division by zero and a result beyond 10^29 are missing.
fn arithmetic(operator: Operator, left: &Value, right: &Value) -> Value {
    let (Some(left), Some(right)) = (number(left), number(right)) else { return Value::Null };
    match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Divide => left.checked_div(right),
    }
    .into()
}

/// Arithmetic reads numbers: a value of another kind is missing.
fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => Some(*number),
        _ => None,
    }
}
