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
        Expr::Negative(inner) => numbers(inner, seats, table)
            .map(|of| join(&whole(0, seats.len()), &of, Operator::Subtract)),
        Expr::Arithmetic { operator, left, right } => {
            let (left, right) = (numbers(left, seats, table)?, numbers(right, seats, table)?);
            Some(join(&left, &right, *operator))
        }
        _ => None,
    }
}

/// Which of them compare so; what is missing does not.
pub fn compared(how: Comparison, left: &Numbers, right: &Numbers) -> Vec<bool> {
    if let (Numbers::Whole(left), Numbers::Whole(right)) = (left, right) {
        return compared_whole(how, left, right);
    }
    let is_so = |order: Ordering| match how {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::AtMost => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::AtLeast => order.is_ge(),
    };
    let order = |(left, right): (Option<Decimal>, Option<Decimal>)| {
        Some(left?.billionths().cmp(&right?.billionths()))
    };
    left.each().zip(right.each()).map(|both| order(both).is_some_and(is_so)).collect()
}

/// A loop for each comparison: what is compared how is not asked for each number.
fn compared_whole(how: Comparison, left: &[i64], right: &[i64]) -> Vec<bool> {
    fn each(left: &[i64], right: &[i64], is_so: impl Fn(i64, i64) -> bool) -> Vec<bool> {
        left.iter().zip(right).map(|(left, right)| is_so(*left, *right)).collect()
    }
    match how {
        Comparison::Equal => each(left, right, |left, right| left == right),
        Comparison::NotEqual => each(left, right, |left, right| left != right),
        Comparison::Less => each(left, right, |left, right| left < right),
        Comparison::AtMost => each(left, right, |left, right| left <= right),
        Comparison::Greater => each(left, right, |left, right| left > right),
        Comparison::AtLeast => each(left, right, |left, right| left >= right),
    }
}

/// In whole numbers as long as they stay small.
fn join(left: &Numbers, right: &Numbers, operator: Operator) -> Numbers {
    if let (Numbers::Whole(left), Numbers::Whole(right)) = (left, right)
        && let Some(joined) = join_whole(left, right, operator)
    {
        return Numbers::Whole(joined);
    }
    let of_both = match operator {
        Operator::Add => Decimal::checked_add,
        Operator::Subtract => Decimal::checked_sub,
        Operator::Multiply => Decimal::checked_mul,
        Operator::Divide => Decimal::checked_div,
    };
    let both = left.each().zip(right.each());
    Numbers::Any(both.map(|(left, right)| of_both(left?, right?)).collect())
}

fn join_whole(left: &[i64], right: &[i64], operator: Operator) -> Option<Vec<i64>> {
    fn each(left: &[i64], right: &[i64], of: impl Fn(i64, i64) -> (i64, bool)) -> Option<Vec<i64>> {
        let mut is_too_great = false;
        let both = left.iter().zip(right).map(|(left, right)| {
            let (number, overflows) = of(*left, *right);
            is_too_great |= overflows;
            number
        });
        let joined = both.collect();
        (!is_too_great).then_some(joined)
    }
    match operator {
        Operator::Add => each(left, right, i64::overflowing_add),
        Operator::Subtract => each(left, right, i64::overflowing_sub),
        Operator::Multiply => each(left, right, i64::overflowing_mul),
        // A quotient is seldom whole.
        Operator::Divide => None,
    }
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
