//! A check of plain numbers that two bounds decide.

use crate::model::{Decimal, Value};
use crate::query::predicate::Comparison;
use crate::query::scan::plan::tree::{Check, Expr};

/// Numbers that pass, in billionths, both ends included.
#[derive(Clone, Copy)]
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

    #[inline]
    pub fn has(self, billionths: i128) -> bool {
        self.0 <= billionths && billionths <= self.1
    }
}
