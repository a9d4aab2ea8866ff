//! Which lengths of time grow by whole days or months, for one person.
//!
//! Beside another that moves they are looked at midnight by midnight, so it
//! matters that an instant is no date although either might stand there.

use super::super::super::holds::{Place, value_at};
use super::super::super::predicate::{Expr, Local, Point, Test};
use super::super::gather::{Leaf, exprs, lengths, lengths_of};
use crate::model::{Unit, Value};

/// The zones whose midnights a test must be looked at, as its values are at a
/// place: none where one length alone moves, which is solved.
pub(super) fn stepping<'a, L: Leaf>(test: &'a Test<L>, place: &dyn Place<L>) -> Vec<&'a Local> {
    let mut found = Vec::new();
    if lengths(test).len() > 1 {
        exprs(test).into_iter().for_each(|expr| within(expr, place, &mut found));
    }
    found
}

fn within<'a, L: Leaf>(expr: &'a Expr<L>, place: &dyn Place<L>, found: &mut Vec<&'a Local>) {
    match expr {
        Expr::Elapsed { unit: Unit::Fixed(_), point, zone, .. } => {
            if is_day(point, place) {
                found.push(zone);
            }
        }
        Expr::Elapsed { zone, .. } => found.push(zone),
        Expr::Literal(_) => {}
        // Of many events, any may have a date.
        Expr::Leaf(_) => found.extend(lengths_of(expr).iter().filter_map(|length| length.by_days)),
        Expr::Arithmetic { left, right, .. } => {
            within(left, place, found);
            within(right, place, found);
        }
        Expr::Negative(inner) => within(inner, place, found),
        Expr::Coalesce(parts) => parts.iter().for_each(|part| within(part, place, found)),
        Expr::Call { of, .. } => within(of, place, found),
        Expr::Choice(choice) => {
            within(&choice.then, place, found);
            within(&choice.otherwise, place, found);
        }
    }
}

/// Whether a point is a day; one that moves may become one.
fn is_day<L: Leaf>(point: &Point<L>, place: &dyn Place<L>) -> bool {
    match point {
        Point::Instant(_) | Point::Anchor(..) => false,
        Point::Day { .. } => true,
        Point::Value(value, _) => {
            let is_none = || matches!(value_at(value, place), Value::Instant(_) | Value::Null);
            !lengths_of(value).is_empty() || !is_none()
        }
    }
}
