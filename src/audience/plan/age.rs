//! `days since last e >= 180`: a distance against a constant is an age in a range.
//!
//! The distance of an instant, however it is rounded, depends on its age alone
//! and never falls while that grows. So which ages fulfil the comparison is
//! found once, when the audience is defined, by asking the comparison itself.

use super::leaf::{Kept, Reading};
use crate::model::{Decimal, FixedUnit, Unit, Value};
use crate::query::predicate::{Check, Comparison, Direction, Expr, Point, Test};

/// Ages beyond these do not occur: from year 1 to year 9999 and back.
const AGE_MAX: i64 = 320_000_000_000_000;

/// Ages `least <= now - instant < too_great` of a kept instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Aged {
    pub(crate) kept: Kept,
    pub(crate) least: i64,
    pub(crate) too_great: i64,
}

impl Aged {
    /// The range that a test comes down to, if it does.
    pub(crate) fn of(test: &Test<Kept>) -> Option<Aged> {
        let Expr::Elapsed { unit: Unit::Fixed(unit), direction: Direction::Since, point, .. } =
            &test.subject
        else {
            return None;
        };
        let Point::Value(Expr::Leaf(kept), _) = point.as_ref() else { return None };
        let Check::Compare(comparison, Expr::Literal(Value::Number(bound))) = &test.check else {
            return None;
        };
        let (least, too_great) = range(*comparison, *unit, *bound)?;
        (kept.reading == Reading::Instant).then_some(Aged { kept: *kept, least, too_great })
    }
}

fn range(comparison: Comparison, unit: FixedUnit, bound: Decimal) -> Option<(i64, i64)> {
    let reaches = |age: i64| distance(age, unit).is_some_and(|distance| distance >= bound);
    let passes = |age: i64| distance(age, unit).is_some_and(|distance| distance > bound);
    match comparison {
        Comparison::AtLeast => Some((first(reaches), i64::MAX)),
        Comparison::Greater => Some((first(passes), i64::MAX)),
        Comparison::Less => Some((i64::MIN, first(reaches))),
        Comparison::AtMost => Some((i64::MIN, first(passes))),
        Comparison::Equal => Some((first(reaches), first(passes))),
        Comparison::NotEqual => None,
    }
}

fn distance(age: i64, unit: FixedUnit) -> Option<Decimal> {
    Decimal::ratio(age.into(), unit.ms().into())
}

/// The least age with an answer that stays yes.
fn first(yes: impl Fn(i64) -> bool) -> i64 {
    let (mut no, mut known) = (-AGE_MAX, AGE_MAX);
    if yes(no) {
        return i64::MIN;
    }
    if !yes(known) {
        return i64::MAX;
    }
    while known - no > 1 {
        let middle = no + (known - no) / 2;
        if yes(middle) { known = middle } else { no = middle }
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_of_ages_is_where_the_rounded_distance_fulfils_the_comparison() {
        let bounds = ["180", "0", "-3", "0.000000012", "2.5", "0.333333333"];
        for bound in bounds.map(|text| text.parse::<Decimal>().unwrap()) {
            for unit in [FixedUnit::Day, FixedUnit::Hour, FixedUnit::Millisecond] {
                for comparison in Comparison::ALL {
                    let Some((least, too_great)) = range(comparison, unit, bound) else {
                        assert_eq!(comparison, Comparison::NotEqual);
                        continue;
                    };
                    let occurs = |at: &i64| (-AGE_MAX..AGE_MAX).contains(at);
                    let near = [least, too_great].into_iter().filter(occurs);
                    for age in near.flat_map(|at| [at - 1, at, at + 1]) {
                        let distance = Value::Number(distance(age, unit).unwrap());
                        let expected = super::super::super::eval::holds(
                            comparison,
                            &distance,
                            &Value::Number(bound),
                        );
                        let inside = least <= age && age < too_great;
                        assert_eq!(inside, expected, "{comparison:?} {bound} {unit:?} {age}");
                    }
                }
            }
        }
    }
}
