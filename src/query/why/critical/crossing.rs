//! When values that move with now cross what they are compared with.
//!
//! Between two jumps the values of a test are affine in now, or quotients of
//! such: their order changes a few times at most, each found by halving.

use super::super::super::holds::{Place, bound_ms, order, passes, value_at};
use super::super::super::predicate::{Check, Expr, Test};
use super::super::gather::{Leaf, elapsed_points, exprs, n_elapsed};
use super::Moment;
use crate::model::{Timestamp, Value};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Roundings of lengths of time repeat after so many milliseconds: a week is
/// 378 times as many as make a whole number of billionths of it.
const ROUNDING_PERIOD_MS: i64 = 378;

/// Orders change at most so often between two jumps; a bound for the hopeless.
const CHANGES_MAX: usize = 16;

/// The instants of a stretch at which the test may come out otherwise.
pub(super) fn crossings<L: Leaf, P: Place<L> + Moment>(
    test: &Test<L>,
    place: P,
    from: Timestamp,
    upto: Timestamp,
) -> BTreeSet<Timestamp> {
    let n_moving: usize = exprs(test).into_iter().map(n_elapsed).sum();
    if n_moving == 0 {
        return BTreeSet::new();
    }
    let mut cuts = points(test, place, from, upto);
    for other in others(test) {
        let mut found = Vec::new();
        for (from, upto) in super::stretches(&cuts, upto) {
            let order_at = |at: Timestamp| compared(&test.subject, &other, &place.at(at));
            changes(&order_at, from, upto, &mut found);
        }
        cuts.extend(found);
    }
    if n_moving > 1 {
        let near = cuts.iter().flat_map(|cut| trembles(test, place, *cut, from, upto));
        let near: Vec<Timestamp> = near.collect();
        cuts.extend(near);
    }
    cuts
}

/// The points that lengths of time are measured to: there quotients have poles.
fn points<L: Leaf, P: Place<L> + Moment>(
    test: &Test<L>,
    place: P,
    from: Timestamp,
    upto: Timestamp,
) -> BTreeSet<Timestamp> {
    let place = place.at(from);
    let points = exprs(test).into_iter().flat_map(elapsed_points);
    let instants = points.flat_map(|point| bound_ms(point, &place)).flatten();
    let cuts = instants.flat_map(|ms| [ms, ms.saturating_add(1)]);
    let cuts = cuts.filter_map(Timestamp::from_millis).filter(|at| from < *at && *at <= upto);
    cuts.chain([from]).collect()
}

/// What a value is compared with; with nothing, where only being known counts.
enum Other<'a, L> {
    Expr(&'a Expr<L>),
    Value(&'a Value),
    Nothing,
}

/// The comparisons that a test makes with its subject.
fn others<L>(test: &Test<L>) -> Vec<Other<'_, L>> {
    match &test.check {
        Check::Compare(_, other) => vec![Other::Expr(other)],
        Check::Between(low, high) => vec![Other::Expr(low), Other::Expr(high)],
        Check::OneOf { values, .. } => values.iter().map(Other::Value).collect(),
        Check::Known(_) => vec![Other::Nothing],
        Check::Text { .. } | Check::Has { .. } | Check::During(..) => Vec::new(),
    }
}

fn compared<L>(left: &Expr<L>, right: &Other<'_, L>, at: &dyn Place<L>) -> Option<Ordering> {
    let left = value_at(left, at);
    let right = match right {
        Other::Expr(expr) => value_at(expr, at),
        Other::Value(value) => (*value).clone(),
        Other::Nothing => left.clone(),
    };
    let known = !left.is_null() && left.kind() == right.kind();
    known.then(|| order(&left, &right))
}

/// Each instant after the first at which the order is no longer what it was,
/// as far as the order at the end shows.
fn changes(
    order_at: &dyn Fn(Timestamp) -> Option<Ordering>,
    from: Timestamp,
    upto: Timestamp,
    found: &mut Vec<Timestamp>,
) {
    let (mut from, last) = (from, order_at(upto));
    for _ in 0..CHANGES_MAX {
        let first = order_at(from);
        if first == last {
            return;
        }
        from = first_other(&|at| order_at(at) != first, from, upto);
        found.push(from);
    }
}

/// The first instant of which something holds that holds at the end and not at the beginning.
fn first_other(
    holds: &dyn Fn(Timestamp) -> bool,
    mut from: Timestamp,
    mut upto: Timestamp,
) -> Timestamp {
    while upto.since(from) > 1 {
        let middle = from.plus_ms(upto.since(from) / 2);
        if holds(middle) { upto = middle } else { from = middle }
    }
    upto
}

/// Where two moving values keep their distance, their roundings may still
/// change its last digit: each millisecond around a cut is looked at.
fn trembles<L, P: Place<L> + Moment>(
    test: &Test<L>,
    place: P,
    cut: Timestamp,
    from: Timestamp,
    upto: Timestamp,
) -> Vec<Timestamp> {
    let first = from.max(cut.plus_ms(-ROUNDING_PERIOD_MS));
    let last = upto.min(cut.plus_ms(ROUNDING_PERIOD_MS));
    let mut before = passes(test, &place.at(first));
    let mut found = Vec::new();
    for at in (1..=last.since(first)).map(|ms| first.plus_ms(ms)) {
        let now = passes(test, &place.at(at));
        if now != before {
            found.push(at);
        }
        before = now;
    }
    found
}
