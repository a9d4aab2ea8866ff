//! Numbers of many people at once: the sums and products of what was accumulated.

use crate::model::{Decimal, Value};
use crate::query::predicate::{Comparison, Operator};
use crate::query::scan::plan::tree::{Expr, Read};
use crate::query::scan::slot::{Numbers, Places, Table};
use std::cmp::Ordering;

/// What an expression gives for each of these people; none if it asks for more than
/// numbers that were accumulated.
pub fn numbers(expr: &Expr, people: &Places, table: &Table) -> Option<Numbers> {
    match expr {
        Expr::Read(Read::Slot { slot, steps, declared: None }) if steps.is_empty() => {
            table.numbers(*slot, people)
        }
        Expr::Literal(Value::Number(number)) => Some(same(*number, people.len())),
        Expr::Negative(inner) => numbers(inner, people, table)
            .map(|of| join(&whole(0, people.len()), &of, Operator::Subtract)),
        Expr::Arithmetic { operator, left, right } => {
            let (left, right) = (numbers(left, people, table)?, numbers(right, people, table)?);
            Some(join(&left, &right, *operator))
        }
        _ => None,
    }
}

/// Which of them compare so; what is missing does not.
pub fn compared(how: Comparison, left: &Numbers, right: &Numbers) -> Vec<bool> {
    if let Some((left, right, _)) = in_one_unit(left, right) {
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

type Unit = fn(Vec<i64>) -> Numbers;

/// Numbers that are of the same unit, and which that is.
fn in_one_unit<'n>(left: &'n Numbers, right: &'n Numbers) -> Option<(&'n [i64], &'n [i64], Unit)> {
    match (left, right) {
        (Numbers::Whole(left), Numbers::Whole(right)) => Some((left, right, Numbers::Whole)),
        (Numbers::Small(left), Numbers::Small(right)) => Some((left, right, Numbers::Small)),
        _ => None,
    }
}

/// In few bits as long as numbers stay small.
fn join(left: &Numbers, right: &Numbers, operator: Operator) -> Numbers {
    let is_sum = matches!(operator, Operator::Add | Operator::Subtract);
    if let Some((left, right, unit)) = in_one_unit(left, right)
        && (is_sum || matches!(unit(Vec::new()), Numbers::Whole(_)))
        && let Some(joined) = join_whole(left, right, operator)
    {
        return unit(joined);
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

/// None if one of them overflows: told of all of them together, since a loop that stops at
/// the first is many times as slow.
fn join_whole(left: &[i64], right: &[i64], operator: Operator) -> Option<Vec<i64>> {
    let n = left.len().min(right.len());
    let (left, right, mut joined) = (&left[..n], &right[..n], vec![0; n]);
    // The sign of what is no longer the sum or the difference of both.
    let mut overflows = 0;
    match operator {
        Operator::Add => {
            for place in 0..n {
                let (left, right) = (left[place], right[place]);
                let sum = left.wrapping_add(right);
                overflows |= (left ^ sum) & (right ^ sum);
                joined[place] = sum;
            }
        }
        Operator::Subtract => {
            for place in 0..n {
                let (left, right) = (left[place], right[place]);
                let difference = left.wrapping_sub(right);
                overflows |= (left ^ right) & (left ^ difference);
                joined[place] = difference;
            }
        }
        Operator::Multiply if n_bits(left) + n_bits(right) < i64::BITS => {
            for place in 0..n {
                joined[place] = left[place] * right[place];
            }
        }
        // A quotient is seldom whole.
        Operator::Multiply | Operator::Divide => return None,
    }
    (overflows >= 0).then_some(joined)
}

/// How many bits the greatest of them has, without its sign.
fn n_bits(numbers: &[i64]) -> u32 {
    let all = numbers.iter().fold(0, |all, number| all | number.unsigned_abs());
    u64::BITS - all.leading_zeros()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_overflows_is_no_whole_number_and_what_does_not_is_exact() {
        let all = [0, 1, -1, 3, -7, 1 << 31, 1 << 62, i64::MAX, i64::MIN, i64::MIN + 1];
        for left in all {
            for right in all {
                let both = |operator| join_whole(&[5, left], &[-2, right], operator);
                let sum = left.checked_add(right).map(|sum| vec![3, sum]);
                assert_eq!(both(Operator::Add), sum, "{left} and {right}");
                let difference = left.checked_sub(right).map(|difference| vec![7, difference]);
                assert_eq!(both(Operator::Subtract), difference, "{left} and {right}");
                let product = left.checked_mul(right).map(|product| vec![-10, product]);
                // A product that only just fits may be left to others.
                let joined = both(Operator::Multiply);
                assert!(joined.is_none() || joined == product, "{left} and {right}");
                let is_small = left.unsigned_abs() < 1 << 31 && right.unsigned_abs() < 1 << 31;
                assert!(joined.is_some() || !is_small, "{left} and {right}");
            }
        }
    }
}
