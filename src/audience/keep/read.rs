//! Accumulators read from cells.

use super::super::eval::{Horizon, Leaves};
use super::super::plan::{Kept, Reading};
use super::super::scan::{known, mean, ranked};
use super::amounts::Amounts;
use super::cell::{Cell, Kind, find};
use super::latest::Latest;
use super::share::Stamp;
use crate::model::{Decimal, Timestamp, Value, Zone};
use crate::query::predicate::{Function, Local, Matcher, Predicate, Which};
use foldhash::fast::FixedState;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashSet;

/// A person's cells at an instant.
pub(crate) struct Stock<'a> {
    cells: &'a [Cell],
    at: i64,
    horizon: Horizon,
}

impl<'a> Stock<'a> {
    pub(super) fn new(cells: &'a [Cell], at: i64) -> Stock<'a> {
        Stock { cells, at, horizon: Horizon::default() }
    }

    /// The places of what lies in a window, by how many lie at or before an instant.
    fn inside(
        &self,
        (least, too_great): (i64, i64),
        upto: impl Fn(i64) -> usize,
        when: impl Fn(usize) -> Option<i64>,
    ) -> (usize, usize) {
        let first = upto(self.at.saturating_sub(too_great));
        let end = upto(self.at.saturating_sub(least)).max(first);
        if let Some(entering) = when(end) {
            self.horizon.note(entering.saturating_add(least));
        }
        (first, end)
    }

    /// What left first would be one less.
    fn note_leaving(&self, when: Option<i64>, too_great: i64) {
        if let Some(when) = when {
            self.horizon.note(when.saturating_add(too_great));
        }
    }

    fn count_inside(&self, all: &[i64], ages: (i64, i64)) -> u64 {
        let (first, end) = self.inside(
            ages,
            |when| all.partition_point(|other| *other <= when),
            |place| all.get(place).copied(),
        );
        self.note_leaving(all[first..end].first().copied(), ages.1);
        (end - first) as u64
    }

    fn sum_inside(&self, all: &Amounts, ages: (i64, i64)) -> (u64, i128) {
        let (first, end) = self.inside(ages, |when| all.upto(when), |place| all.when(place));
        self.note_leaving(all.when(first).filter(|_| first < end), ages.1);
        ((end - first) as u64, all.sum(first, end))
    }

    fn rows_inside(&self, rows: &'a [(Stamp, Value)], ages: (i64, i64)) -> &'a [(Stamp, Value)] {
        let (first, end) = self.inside(
            ages,
            |when| rows.partition_point(|other| other.0.when <= when),
            |place| rows.get(place).map(|row| row.0.when),
        );
        &rows[first..end]
    }

    /// One value of those in a window, and when that goes.
    fn picked(
        &self,
        rows: &'a [(Stamp, Value)],
        function: Function,
        too_great: i64,
    ) -> Cow<'a, Value> {
        let further = |order: Ordering| match function {
            Function::Min => order.is_le(),
            _ => order.is_ge(),
        };
        let picked = match function {
            Function::First => rows.first(),
            Function::Last => rows.last(),
            // Of equal ones the newest stays longest.
            _ => rows.iter().filter(|row| ranked(&row.1, &row.1).is_some()).reduce(|best, row| {
                if ranked(&row.1, &best.1).is_some_and(further) { row } else { best }
            }),
        };
        // The last of a window is the last until it leaves.
        self.note_leaving(picked.map(|row| row.0.when), too_great);
        picked.map_or(Cow::Owned(Value::Null), |row| Cow::Borrowed(&row.1))
    }

    /// How many different values; any row that leaves may take one with it.
    fn distinct(&self, rows: &[(Stamp, Value)], too_great: i64) -> u64 {
        self.note_leaving(rows.first().map(|row| row.0.when), too_great);
        rows.iter().map(|row| &row.1).collect::<HashSet<_, FixedState>>().len() as u64
    }

    /// The same where no newer row has the value of any.
    fn latest(&self, all: &Latest, ages: (i64, i64)) -> u64 {
        let (first, end) = self.inside(ages, |when| all.upto(when), |place| all.when(place));
        self.note_leaving(all.when(first).filter(|_| first < end), ages.1);
        (end - first) as u64
    }

    fn read_aged(&self, function: Function, body: &'a Kind, ages: (i64, i64)) -> Cow<'a, Value> {
        let decimal = |number: Option<Decimal>| Cow::Owned(known(number));
        let rows: &[_] = match body {
            Kind::Instants(all) => return count_value(self.count_inside(all, ages)),
            Kind::Amounts(all) => {
                let (count, sum) = self.sum_inside(all, ages);
                return match function {
                    Function::Avg => decimal(mean(sum, count)),
                    _ => decimal(Decimal::from_billionths(sum)),
                };
            }
            Kind::Latest(all) => return count_value(self.latest(all, ages)),
            Kind::Rows(rows) => rows,
            Kind::Picked(kept) => std::slice::from_ref(kept),
            _ => return Cow::Owned(nothing_of(function)),
        };
        let rows = self.rows_inside(rows, ages);
        match function {
            Function::Distinct => count_value(self.distinct(rows, ages.1)),
            _ => self.picked(rows, function, ages.1),
        }
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
            (Reading::Distinct, Kind::Values(values)) => count_value(values.len() as u64),
            (Reading::Sum, Kind::Total(total)) => decimal(Decimal::from_billionths(total.1)),
            (Reading::Avg, Kind::Total(total)) => decimal(mean(total.1, total.0)),
            (Reading::Aged { function, least, too_great }, body) => {
                self.read_aged(function, body, (least, too_great))
            }
            _ => Cow::Owned(Value::Null),
        }
    }
}

/// What is read of those who gave nothing.
fn nothing(reading: Reading) -> Value {
    match reading {
        Reading::Count | Reading::Distinct => Value::Number(Decimal::ZERO),
        Reading::Sum => nothing_of(Function::Sum),
        Reading::Aged { function, .. } => nothing_of(function),
        _ => Value::Null,
    }
}

pub(super) fn nothing_of(function: Function) -> Value {
    match function {
        Function::Count | Function::Sum | Function::Distinct => Value::Number(Decimal::ZERO),
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

    /// What is told by the zone of each person is answered from rows.
    fn zone<'v>(&'v self, local: &'v Local) -> &'v Zone {
        local.common()
    }

    /// What asks the person is answered from rows.
    fn asked(&self, _: &Predicate) -> bool {
        false
    }

    fn horizon(&self) -> &Horizon {
        &self.horizon
    }
}
