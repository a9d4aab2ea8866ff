//! When values that move with now cross what they are compared with.
//!
//! Between two jumps the values of a test are affine in now, or quotients of
//! such: their order changes a few times at most, each found by halving.

use super::super::super::holds::{Place, bound_ms, order, passes, value_at};
use super::super::super::predicate::{Check, Expr, Test};
use super::super::gather::{Leaf, decays, elapsed_points, exprs, lengths};
use super::Moment;
use super::stepping::stepping;
use crate::model::{Timestamp, Value, Zone};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Roundings of lengths of time repeat after so many milliseconds: a week is
/// 378 times as many as make a whole number of billionths of it.
const ROUNDING_PERIOD_MS: i64 = 378;

/// Where one of two lengths grows by days, so many days ahead are looked at one by
/// one: two cycles of leap years, after which the calendar has shown what it does.
/// Who asks about one person asks less far; see [`FORESEEN_DAYS`](super::super::FORESEEN_DAYS).
const NEAR_DAYS: i32 = 3_000;

/// Orders change at most so often between two jumps; a bound for the hopeless.
const CHANGES_MAX: usize = 16;

/// The instants of a stretch at which the test may come out otherwise.
pub(super) fn crossings<L: Leaf, P: Place<L> + Moment>(
    test: &Test<L>,
    place: P,
    from: Timestamp,
    upto: Timestamp,
) -> BTreeSet<Timestamp> {
    let lengths = lengths(test);
    if lengths.is_empty() && !decays(test) {
        return BTreeSet::new();
    }
    let mut near = points(test, place, from, upto);
    let mut cuts = near.clone();
    let here = place.at(from);
    let mut zones: Vec<Zone> = Vec::new();
    for zone in stepping(test, &here).into_iter().map(|local| here.seen().zone(local)) {
        if !zones.contains(&zone) {
            cuts.extend(midnights(&zone, from, upto));
            zones.push(zone);
        }
    }
    for (value, other) in pairs(test, &place.at(from)) {
        let order_at = |at: Timestamp| compared(value, &other, &place.at(at));
        for (from, upto) in super::stretches(&cuts, upto) {
            near.extend(changes(&order_at, from, upto));
        }
    }
    cuts.extend(&near);
    if lengths.iter().filter(|length| length.by_ms).count() > 1 {
        cuts.extend(near.iter().flat_map(|cut| trembles(test, place, *cut, from, upto)));
    }
    cuts
}

/// Lengths that grow by whole days part and meet again at midnights.
fn midnights(zone: &Zone, from: Timestamp, upto: Timestamp) -> Vec<Timestamp> {
    let today = zone.local_day(from);
    let next = (1..=NEAR_DAYS).map(|days| zone.start_of(today.plus_days(days)));
    next.take_while(|midnight| *midnight <= upto).filter(|at| from < *at).collect()
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
    Value(Value),
    Nothing,
}

/// The comparisons that a test makes.
fn pairs<'a, L>(test: &'a Test<L>, at: &dyn Place<L>) -> Vec<(&'a Expr<L>, Other<'a, L>)> {
    let subject = &test.subject;
    match &test.check {
        Check::Compare(_, other) => vec![(subject, Other::Expr(other))],
        Check::Between(low, high) => {
            vec![(subject, Other::Expr(low)), (subject, Other::Expr(high))]
        }
        Check::OneOf { values, .. } => {
            values.iter().map(|value| (subject, Other::Value(value.clone()))).collect()
        }
        Check::InList(list) => {
            list.elements.values().map(|value| (subject, Other::Value(value.clone()))).collect()
        }
        Check::Known(_) => vec![(subject, Other::Nothing)],
        Check::Has { elements, .. } => match value_at(subject, at) {
            Value::List(there) => {
                let each = |value: Value| {
                    elements.iter().map(move |element| (element, Other::Value(value.clone())))
                };
                there.into_iter().flat_map(each).collect()
            }
            _ => Vec::new(),
        },
        Check::Text { .. }
        | Check::During(..)
        | Check::Matches(_)
        | Check::InNetwork(_)
        | Check::Near { .. }
        | Check::Version(_) => Vec::new(),
    }
}

fn compared<L>(left: &Expr<L>, right: &Other<'_, L>, at: &dyn Place<L>) -> Option<Ordering> {
    let left = value_at(left, at);
    let right = match right {
        Other::Expr(expr) => value_at(expr, at),
        Other::Value(value) => value.clone(),
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
) -> Vec<Timestamp> {
    let (mut from, last) = (from, order_at(upto));
    let mut found = Vec::new();
    while found.len() < CHANGES_MAX {
        let first = order_at(from);
        if first == last {
            break;
        }
        from = first_other(&|at| order_at(at) != first, from, upto);
        found.push(from);
    }
    found
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
