//! Numbers of many people at once: the sums and products of what was accumulated.

use crate::model::{Decimal, Value};
use crate::query::predicate::{Comparison, Operator};
use crate::query::scan::plan::tree::{Expr, Read};
use crate::query::scan::slot::{Numbers, Table};
use std::cmp::Ordering;

/// What an expression gives for each of these people, who ascend; none if it asks
/// for more than numbers that were accumulated.
pub fn numbers(expr: &Expr, seats: &[u32], table: &Table) -> Option<Numbers> {
    match expr {
        Expr::Read(Read::Slot { slot, steps, declared: None }) if steps.is_empty() => {
            table.numbers(*slot, seats)
        }
        Expr::Literal(Value::Number(number)) => Some(same(*number, seats.len())),
        Expr::Negative(inner) => {
            numbers(inner, seats, table).map(|of| join(&whole(0, seats.len()), &of, SUBTRACT))
        }
        Expr::Arithmetic { operator, left, right } => {
            let (left, right) = (numbers(left, seats, table)?, numbers(right, seats, table)?);
            Some(join(&left, &right, operation(*operator)))
        }
        _ => None,
    }
}

/// Which of them compare so; what is missing does not.
pub fn compared(how: Comparison, left: &Numbers, right: &Numbers) -> Vec<bool> {
    let is_so = |order: Ordering| match how {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::AtMost => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::AtLeast => order.is_ge(),
    };
    if let (Numbers::Whole(left), Numbers::Whole(right)) = (left, right) {
        return left.iter().zip(right).map(|(left, right)| is_so(left.cmp(right))).collect();
    }
    let order = |(left, right): (Option<Decimal>, Option<Decimal>)| {
        Some(left?.billionths().cmp(&right?.billionths()))
    };
    left.each().zip(right.each()).map(|both| order(both).is_some_and(is_so)).collect()
}

/// An operation on whole numbers, as long as they stay small, and on all others.
#[derive(Clone, Copy)]
struct Operation {
    of_whole: fn(i64, i64) -> Option<i64>,
    of_all: fn(Decimal, Decimal) -> Option<Decimal>,
}

const SUBTRACT: Operation = Operation { of_whole: i64::checked_sub, of_all: Decimal::checked_sub };

fn operation(operator: Operator) -> Operation {
    match operator {
        Operator::Add => Operation { of_whole: i64::checked_add, of_all: Decimal::checked_add },
        Operator::Subtract => SUBTRACT,
        Operator::Multiply => {
            Operation { of_whole: i64::checked_mul, of_all: Decimal::checked_mul }
        }
        // A quotient is seldom whole.
        Operator::Divide => Operation { of_whole: |_, _| None, of_all: Decimal::checked_div },
    }
}

fn join(left: &Numbers, right: &Numbers, operation: Operation) -> Numbers {
    if let (Numbers::Whole(left), Numbers::Whole(right)) = (left, right) {
        let both = left.iter().zip(right);
        let joined: Option<Vec<i64>> =
            both.map(|(left, right)| (operation.of_whole)(*left, *right)).collect();
        if let Some(joined) = joined {
            return Numbers::Whole(joined);
        }
    }
    let both = left.each().zip(right.each());
    Numbers::Any(both.map(|(left, right)| (operation.of_all)(left?, right?)).collect())
}

fn whole(number: i64, n: usize) -> Numbers {
    Numbers::Whole(vec![number; n])
}

/// The same number so often.
fn same(number: Decimal, n: usize) -> Numbers {
    let unit = Decimal::from(1).billionths();
    match i64::try_from(number.billionths() / unit) {
        Ok(n_whole) if number.billionths() % unit == 0 => whole(n_whole, n),
        _ => Numbers::Any(vec![Some(number); n]),
    }
}
