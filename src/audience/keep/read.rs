//! Accumulators read, predicates decided, from cells alone.

use super::super::eval::{Horizon, Leaves, NEVER, judge};
use super::super::plan::{Aged, Kept, Plan, Reading};
use super::super::scan::{known, mean};
use super::cell::{Cell, Kind, find};
use crate::model::{Decimal, Timestamp, Value};
use crate::query::predicate::{CountRange, Matcher, Which};
use std::borrow::Cow;

/// A person's cells at an instant.
pub(crate) struct Stock<'a> {
    cells: &'a [Cell],
    at: i64,
    horizon: Horizon,
}

/// Whether a predicate holds at an instant, and until when that stays.
pub(crate) fn decide(plan: &Plan, cells: &[Cell], at: i64) -> (bool, i64) {
    match plan {
        Plan::Count { kept, range } => count_decided(find(cells, kept.store), kept, *range, at),
        Plan::Aged(aged) => age_decided(find(cells, aged.kept.store), aged, at),
        Plan::Consent { store } => consent_decided(find(cells, *store), at),
        Plan::Test { test, moves } => {
            let stock = Stock { cells, at, horizon: Horizon::default() };
            (judge(test, &stock, at, *moves), stock.horizon.get())
        }
        // Rows are read elsewhere; nothing is decided here.
        Plan::Rows => (false, NEVER),
    }
}

fn consent_decided(body: Option<&Kind>, at: i64) -> (bool, i64) {
    let Some(Kind::Decision(decision)) = body else { return (false, NEVER) };
    let end = decision.expires.map_or(NEVER, Timestamp::millis);
    let holds = decision.granted && at < end;
    (holds, if holds { end } else { NEVER })
}

fn age_decided(body: Option<&Kind>, aged: &Aged, at: i64) -> (bool, i64) {
    let when = match body {
        Some(Kind::Instant(when)) => *when,
        Some(Kind::Instants(all)) => match all.last() {
            Some(when) => *when,
            None => return (false, NEVER),
        },
        _ => return (false, NEVER),
    };
    let age = at - when;
    let until = match age {
        age if age < aged.least => when.saturating_add(aged.least),
        age if age < aged.too_great => when.saturating_add(aged.too_great),
        _ => NEVER,
    };
    (aged.least <= age && age < aged.too_great, until)
}

fn count_decided(body: Option<&Kind>, kept: &Kept, range: CountRange, at: i64) -> (bool, i64) {
    match (kept.reading, body) {
        (_, None) => (range.contains(0), NEVER),
        (Reading::CountAged { least, too_great }, Some(Kind::Instant(when))) => {
            aged(std::slice::from_ref(when), least, too_great, range, at)
        }
        (Reading::CountAged { least, too_great }, Some(Kind::Instants(all))) => {
            aged(all, least, too_great, range, at)
        }
        (_, Some(Kind::Tally(count))) => (range.contains(*count), NEVER),
        _ => (range.contains(0), NEVER),
    }
}

fn aged(all: &[i64], least: i64, too_great: i64, range: CountRange, at: i64) -> (bool, i64) {
    if least == 0 {
        recent(all, too_great, range, at)
    } else {
        band(all, least, too_great, range, at)
    }
}

/// A count in a window that reaches to now only falls while nothing happens, so
/// the instant at which it leaves or enters the range is that of one event. Every
/// event that is kept is visible: the newest is the last.
fn recent(all: &[i64], too_great: i64, range: CountRange, at: i64) -> (bool, i64) {
    let newest = |count: u64| {
        let place = all.len().checked_sub(usize::try_from(count).ok()?)?;
        all.get(place).map(|when| when.saturating_add(too_great)).filter(|leaves| at < *leaves)
    };
    if let Some(leaves) = range.most.and_then(|most| newest(most.saturating_add(1))) {
        // Too many, until the one too many leaves.
        return (false, leaves);
    }
    match (range.least, newest(range.least)) {
        (0, _) => (true, NEVER),
        (_, Some(leaves)) => (true, leaves),
        (_, None) => (false, NEVER),
    }
}

fn band(all: &[i64], least: i64, too_great: i64, range: CountRange, at: i64) -> (bool, i64) {
    let first = all.partition_point(|when| *when <= at.saturating_sub(too_great));
    // Windows that exclude one another leave a band without room.
    let end = all.partition_point(|when| *when <= at.saturating_sub(least)).max(first);
    let holds = range.contains((end - first) as u64);
    (holds, edges(all, first, end, least, too_great))
}

/// When the next event leaves a band or enters it.
fn edges(all: &[i64], first: usize, end: usize, least: i64, too_great: i64) -> i64 {
    let leaves = (first < end).then(|| all[first].saturating_add(too_great));
    let enters = all.get(end).map(|when| when.saturating_add(least));
    [leaves, enters].into_iter().flatten().min().unwrap_or(NEVER)
}

impl<'a> Stock<'a> {
    /// The places of what lies in a window, by how many lie at or before an instant.
    fn inside(
        &self,
        (least, too_great): (i64, i64),
        upto: impl Fn(i64) -> usize,
        when: impl Fn(usize) -> Option<i64>,
    ) -> (usize, usize) {
        let first = upto(self.at.saturating_sub(too_great));
        let end = upto(self.at.saturating_sub(least)).max(first);
        if let Some(leaving) = when(first).filter(|_| first < end) {
            self.horizon.note(leaving.saturating_add(too_great));
        }
        if let Some(entering) = when(end) {
            self.horizon.note(entering.saturating_add(least));
        }
        (first, end)
    }

    fn instants_inside(&self, all: &[i64], ages: (i64, i64)) -> (usize, usize) {
        self.inside(
            ages,
            |when| all.partition_point(|other| *other <= when),
            |place| all.get(place).copied(),
        )
    }

    fn sum_inside(&self, body: &Kind, ages: (i64, i64)) -> (u64, i128) {
        let Kind::Amounts(all) = body else { return (0, 0) };
        let (first, end) = self.inside(ages, |when| all.upto(when), |place| all.when(place));
        ((end - first) as u64, all.sum(first, end))
    }

    fn picked_inside(&self, body: &'a Kind, ages: (i64, i64), last: bool) -> Cow<'a, Value> {
        let rows: &[_] = match body {
            Kind::Rows(rows) => rows,
            Kind::Picked(kept) => std::slice::from_ref(kept),
            _ => &[],
        };
        let (first, end) = self.inside(
            ages,
            |when| rows.partition_point(|other| other.0.when <= when),
            |place| rows.get(place).map(|row| row.0.when),
        );
        let picked = if last { rows[first..end].last() } else { rows[first..end].first() };
        picked.map_or(Cow::Owned(Value::Null), |row| Cow::Borrowed(&row.1))
    }

    fn read_body(&self, reading: Reading, body: &'a Kind) -> Cow<'a, Value> {
        let decimal = |number: Option<Decimal>| Cow::Owned(known(number));
        match (reading, body) {
            (Reading::Value, Kind::Picked(kept)) => Cow::Borrowed(&kept.1),
            (Reading::Value, Kind::Extreme(kept)) => Cow::Borrowed(kept.as_ref()),
            (Reading::Value, Kind::Said(kept)) => Cow::Borrowed(&kept.1),
            (Reading::Instant, Kind::Instant(when)) => instant(Some(when)),
            (Reading::Instant, Kind::Instants(all)) => instant(all.last()),
            (Reading::Count, Kind::Tally(count)) => count_value(*count),
            (Reading::Sum, Kind::Total(total)) => decimal(Decimal::from_billionths(total.1)),
            (Reading::Avg, Kind::Total(total)) => decimal(mean(total.1, total.0)),
            (Reading::CountAged { least, too_great }, Kind::Instants(all)) => {
                let (first, end) = self.instants_inside(all, (least, too_great));
                count_value((end - first) as u64)
            }
            (Reading::SumAged { least, too_great }, body) => {
                decimal(Decimal::from_billionths(self.sum_inside(body, (least, too_great)).1))
            }
            (Reading::AvgAged { least, too_great }, body) => {
                let (count, sum) = self.sum_inside(body, (least, too_great));
                decimal(mean(sum, count))
            }
            (Reading::FirstAged { least, too_great }, body) => {
                self.picked_inside(body, (least, too_great), false)
            }
            (Reading::LastAged { least, too_great }, body) => {
                self.picked_inside(body, (least, too_great), true)
            }
            _ => Cow::Owned(Value::Null),
        }
    }
}

/// What is read of those who gave nothing.
fn nothing(reading: Reading) -> Value {
    match reading {
        Reading::Count | Reading::Sum | Reading::CountAged { .. } | Reading::SumAged { .. } => {
            Value::Number(Decimal::ZERO)
        }
        _ => Value::Null,
    }
}

fn count_value(count: u64) -> Cow<'static, Value> {
    Cow::Owned(Value::from(i64::try_from(count).unwrap_or(i64::MAX)))
}

fn instant(when: Option<&i64>) -> Cow<'static, Value> {
    Cow::Owned(
        when.map_or(Value::Null, |when| Value::Instant(Timestamp::saturating_from_millis(*when))),
    )
}

impl Leaves<Kept> for Stock<'_> {
    fn read<'v>(&'v self, leaf: &'v Kept) -> Cow<'v, Value> {
        match find(self.cells, leaf.store) {
            Some(body) => self.read_body(leaf.reading, body),
            None => Cow::Owned(nothing(leaf.reading)),
        }
    }

    /// Plans put a store in the place of every anchor.
    fn anchor(&self, _: Which, _: &Matcher) -> Option<Timestamp> {
        None
    }

    fn horizon(&self) -> &Horizon {
        &self.horizon
    }
}
