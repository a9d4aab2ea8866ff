//! Expressions: what is missing makes the whole missing, except under `coalesce`.

use super::asked::is_true;
use super::elapsed::elapsed;
use super::here::Here;
use super::read::read;
use super::scalar::scalar;
use super::time::spot;
use crate::model::{Decimal, Value};
use crate::query::predicate::Operator;
use crate::query::scan::plan::tree::{Expr, Read};
use crate::timeline::Cells;

pub fn value(expr: &Expr, here: &Here<'_>) -> Value {
    match expr {
        Expr::Read(leaf) => read(leaf, here),
        Expr::Literal(value) => value.clone(),
        Expr::Arithmetic { .. } | Expr::Negative(_) => decimal(expr, here).into(),
        Expr::Coalesce(parts) => {
            for part in parts {
                let known = value(part, here);
                if !known.is_null() {
                    return known;
                }
            }
            Value::Null
        }
        Expr::Elapsed { unit, direction, point, zone } => {
            let spot = spot(point, here);
            spot.and_then(|spot| elapsed(*unit, *direction, &spot, here.now, &zone.zone(here)))
                .into()
        }
        Expr::Call { function, of, zone } => {
            scalar(*function, value(of, here), here.now, &zone.zone(here))
        }
        Expr::Choice(choice) => {
            let chosen = is_true(&choice.condition, here);
            value(if chosen { &choice.then } else { &choice.otherwise }, here)
        }
    }
}

/// The number that an expression gives; a value of another kind is missing.
pub fn decimal(expr: &Expr, here: &Here<'_>) -> Option<Decimal> {
    match expr {
        Expr::Arithmetic { operator, left, right } => {
            let (left, right) = (decimal(left, here)?, decimal(right, here)?);
            match operator {
                Operator::Add => left.checked_add(right),
                Operator::Subtract => left.checked_sub(right),
                Operator::Multiply => left.checked_mul(right),
                Operator::Divide => left.checked_div(right),
            }
        }
        Expr::Negative(inner) => decimal(inner, here).map(|number| -number),
        Expr::Literal(Value::Number(number)) => Some(*number),
        Expr::Read(leaf) => number_at(leaf, here).unwrap_or_else(|| number_of(&read(leaf, here))),
        other => number_of(&value(other, here)),
    }
}

fn number_of(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => Some(*number),
        _ => None,
    }
}

/// The number of a slot or a cell, straight from where numbers lie; none if it has
/// to be read in another way, and `Some(None)` if there is no number.
#[inline]
pub fn number_at(leaf: &Read, here: &Here<'_>) -> Option<Option<Decimal>> {
    use crate::query::predicate::Type;
    if let Read::Slot { slot, steps, declared: None | Some(Type::Number) } = leaf {
        return here.number(*slot).filter(|_| steps.is_empty());
    }
    let Read::Cell { column, path, declared: None | Some(Type::Number), .. } = leaf else {
        return None;
    };
    let row = here.row.as_ref().filter(|row| row.object.is_none() && path.steps().len() == 1)?;
    let column = row.column(*column);
    let billionths = match &column.cells {
        Cells::Numbers { scale, mantissas } => {
            i128::from(mantissas[row.place]) * 10i128.pow(9 - u32::from(*scale))
        }
        Cells::Wide(billionths) => billionths[row.place],
        Cells::Empty => return Some(None),
        _ => return None,
    };
    Some(column.present.get(row.place).then(|| Decimal::from_billionths(billionths)).flatten())
}
