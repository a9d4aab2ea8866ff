//! A check of plain numbers that two bounds decide.

use crate::model::{Decimal, Value};
use crate::query::predicate::Comparison;
use crate::query::scan::plan::tree::{Check, Expr};

/// Numbers that pass, in billionths, both ends included.
#[derive(Clone, Copy, Debug)]
pub struct Range(i128, i128);

impl Range {
    /// The range of a check that compares with literals.
    pub fn of(check: &Check) -> Option<Range> {
        let literal = |expr: &Expr| match expr {
            Expr::Literal(Value::Number(number)) => Some(Decimal::billionths(*number)),
            _ => None,
        };
        Some(match check {
            Check::Between(low, high) => Range(literal(low)?, literal(high)?),
            Check::Compare(how, other) => {
                let at = literal(other)?;
                match how {
                    Comparison::Equal => Range(at, at),
                    Comparison::Less => Range(i128::MIN, at - 1),
                    Comparison::AtMost => Range(i128::MIN, at),
                    Comparison::Greater => Range(at + 1, i128::MAX),
                    Comparison::AtLeast => Range(at, i128::MAX),
                    Comparison::NotEqual => return None,
                }
            }
            _ => return None,
        })
    }

    /// The least and the greatest.
    pub fn bounds(self) -> (i128, i128) {
        (self.0, self.1)
    }

    /// The least and the greatest that pass, of numbers in units of so many billionths.
    pub fn in_units(self, unit: i128) -> [i64; 2] {
        let within = |n: i128| n.clamp(i64::MIN.into(), i64::MAX.into()) as i64;
        let least = self.0.div_euclid(unit) + i128::from(self.0.rem_euclid(unit) != 0);
        [within(least), within(self.1.div_euclid(unit))]
    }

    /// Those of its numbers that are results: beyond those a number is missing.
    pub fn of_results(self) -> Range {
        let limit = Decimal::MAX.billionths();
        Range(self.0.max(-limit), self.1.min(limit))
    }

    #[inline]
    pub fn has(self, billionths: i128) -> bool {
        self.0 <= billionths && billionths <= self.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_inside_a_range_are_those_whose_billionths_are() {
        for (low, high) in [(0, 0), (-25, 25), (-20, -1), (1, 9), (11, 19), (i128::MIN, i128::MAX)]
        {
            let range = Range(low, high);
            let [least, most] = range.in_units(10);
            for n in -5..5i64 {
                let is_inside = (least..=most).contains(&n);
                assert_eq!(is_inside, range.has(i128::from(n) * 10), "{n} in {low} to {high}");
            }
        }
    }

    #[test]
    fn no_number_beyond_the_results_passes() {
        let (all, limit) = (Range(i128::MIN, i128::MAX).of_results(), Decimal::MAX.billionths());
        assert!(all.has(limit) && all.has(-limit) && !all.has(limit + 1) && !all.has(-limit - 1));
    }
}
