//! `sum(order.total in last 90 days) > 400`: a number that is kept, against a constant.
//!
//! While nothing happens, a window that reaches to now only loses what is oldest.
//! So when such a comparison turns can be told ahead, however often the number
//! itself changes until then.

use super::leaf::{Kept, Reading};
use crate::model::{Decimal, Value};
use crate::query::predicate::{Check, Comparison, CountRange, Expr, Function, Test};

/// A sum or an average over a window that reaches to now, compared.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Amount {
    pub(crate) kept: Kept,
    pub(crate) function: Function,
    pub(crate) too_great: i64,
    pub(crate) comparison: Comparison,
    pub(crate) bound: Value,
}

impl Amount {
    /// What a test comes down to, if it is one of these.
    pub(crate) fn of(test: &Test<Kept>) -> Option<Amount> {
        let (kept, comparison, bound) = compared(test)?;
        match kept.reading {
            Reading::Aged { function, least: 0, too_great }
                if matches!(function, Function::Sum | Function::Avg) =>
            {
                let bound = Value::Number(bound);
                Some(Amount { kept, function, too_great, comparison, bound })
            }
            _ => None,
        }
    }
}

/// The range of a number of things that a test comes down to, if it does.
pub(crate) fn counted(test: &Test<Kept>) -> Option<(Kept, CountRange)> {
    let (kept, comparison, bound) = compared(test)?;
    let counts = match kept.reading {
        Reading::Count | Reading::Distinct => true,
        Reading::Aged { function: Function::Count, .. } => true,
        Reading::Aged { function: Function::Distinct, least, .. } => least == 0,
        _ => false,
    };
    Some((kept, range(comparison, bound).filter(|_| counts)?))
}

fn compared(test: &Test<Kept>) -> Option<(Kept, Comparison, Decimal)> {
    let (Expr::Leaf(kept), Check::Compare(comparison, Expr::Literal(Value::Number(bound)))) =
        (&test.subject, &test.check)
    else {
        return None;
    };
    Some((*kept, *comparison, *bound))
}

/// Which counts fulfil a comparison; nothing where that is no range, or an empty one.
fn range(comparison: Comparison, bound: Decimal) -> Option<CountRange> {
    let scaled = bound.billionths();
    let (floor, is_whole) = (scaled.div_euclid(ONE), scaled.rem_euclid(ONE) == 0);
    let ceiling = if is_whole { floor } else { floor + 1 };
    let from =
        |least: i128| Some(CountRange { least: u64::try_from(least.max(0)).ok()?, most: None });
    let upto = |most: i128| Some(CountRange { least: 0, most: Some(u64::try_from(most).ok()?) });
    match comparison {
        Comparison::AtLeast => from(ceiling),
        Comparison::Greater => from(floor + 1),
        Comparison::Less => upto(ceiling - 1),
        Comparison::AtMost => upto(floor),
        Comparison::Equal if is_whole => {
            let count = u64::try_from(floor).ok()?;
            Some(CountRange { least: count, most: Some(count) })
        }
        Comparison::Equal | Comparison::NotEqual => None,
    }
}

/// One in billionths.
const ONE: i128 = 1_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_holds_the_counts_that_fulfil_the_comparison() {
        for bound in ["-2", "-0.5", "0", "0.000000001", "1", "1.5", "7"] {
            let bound: Decimal = bound.parse().unwrap();
            for comparison in Comparison::ALL {
                let fulfils = |count: &i64| {
                    let (count, bound) = (Value::from(*count), Value::Number(bound));
                    super::super::super::eval::holds(comparison, &count, &bound)
                };
                let expected: Vec<i64> = (0..10).filter(fulfils).collect();
                match range(comparison, bound) {
                    Some(range) => {
                        let found = (0..10).filter(|count| range.contains(*count as u64));
                        assert_eq!(found.collect::<Vec<_>>(), expected, "{comparison:?} {bound}");
                    }
                    None => assert!(comparison == Comparison::NotEqual || expected.is_empty()),
                }
            }
        }
    }
}
