//! Whose days: those of one zone, or of each person.
//!
//! For a person's own zone the lake has the changes of its clocks, so days are
//! reckoned here and the engine's tables are not asked.

use super::Dialect;
use super::day;
use super::sql::{Scope, Sql, fresh};
use crate::model::{Date, Zone};
use crate::query::predicate::{Calendar, Local};

const DAY_MS: i64 = 86_400_000;

/// So many days are added before a division, which then never rounds up.
const LIFT: i64 = 1_000_000;

/// Where local days begin for the rows of a scope.
#[derive(Clone, Debug)]
pub(super) enum Clock {
    /// In one zone.
    In(Zone),
    /// In each person's: of that table, which is joined, are the clocks and today.
    Theirs(String),
}

impl Sql {
    /// Whose days the rows of a scope are told by.
    pub(super) fn clock(&mut self, local: &Local, scope: &mut Scope) -> Clock {
        let clock = self.clock_of(local);
        if let Clock::Theirs(table) = &clock {
            let _joined = scope.of_person(table, "today");
        }
        clock
    }

    /// The same where the table is joined otherwise.
    pub(super) fn clock_of(&mut self, local: &Local) -> Clock {
        match local {
            Local::In(zone) => Clock::In(zone.clone()),
            Local::Theirs(common) => Clock::Theirs(self.theirs(common)),
        }
    }

    /// The table of each person's clocks.
    fn theirs(&mut self, common: &Zone) -> String {
        let dialect = self.dialect;
        let spans = dialect.clocks();
        let text =
            format!("SELECT zone, {spans} AS spans FROM {} GROUP BY zone", dialect.table("zones"));
        let today = self.day_by("spans", &self.now.millis().to_string());
        let zones =
            self.table("zone", format!("SELECT zone, spans, {today} AS today FROM ({text})"));
        let profiles = dialect.table(self.profiles());
        let text = format!(
            "SELECT p.profile_id, z.spans, z.today FROM {profiles} p \
             JOIN {zones} z ON z.zone = COALESCE(p.zone, {})",
            dialect.text(common.name())
        );
        self.table("theirs", text)
    }

    /// Today and so many days more, as a number of days.
    pub(super) fn days_from_today(&self, clock: &Clock, more: i64) -> String {
        match clock {
            Clock::In(zone) => (i64::from(self.today(zone).days()) + more).to_string(),
            Clock::Theirs(table) if more == 0 => format!("{table}.today"),
            Clock::Theirs(table) => format!("({table}.today + {more})"),
        }
    }

    /// The days that a window holds, from one up to another; none of a month of every year.
    pub(super) fn held(&self, of: Calendar, clock: &Clock) -> Option<[String; 2]> {
        let table = match clock {
            Clock::In(zone) => {
                let days = day::held(of, self.today(zone))?;
                return Some(days.map(|day| day.days().to_string()));
            }
            Clock::Theirs(table) => table,
        };
        // No clock is a whole day away from UTC.
        let near = [-1, 0, 1].map(|n| self.today(&Zone::UTC).plus_days(n));
        let all = near.map(|today| Some((today, day::held(of, today)?)));
        let all: Vec<(Date, [Date; 2])> = all.into_iter().collect::<Option<_>>()?;
        Some([0, 1].map(|edge| {
            let first = all[0].1[edge];
            if all.iter().all(|(_, days)| days[edge] == first) {
                return first.days().to_string();
            }
            let cases = all
                .iter()
                .map(|(today, days)| format!(" WHEN {} THEN {}", today.days(), days[edge].days()));
            format!("CASE {table}.today{} END", cases.collect::<String>())
        }))
    }

    /// The milliseconds at which days begin that today alone decides on: a column of
    /// a table with a row for each person, so that nothing is reckoned for each event.
    pub(super) fn midnight(&mut self, clock: &Clock, day: &str, scope: &mut Scope) -> String {
        match (clock, day.parse().ok().and_then(Date::from_days)) {
            (Clock::In(zone), Some(day)) => zone.start_of(day).millis().to_string(),
            (Clock::In(_), None) => self.start_of(clock, day),
            (Clock::Theirs(table), _) => {
                let begins = self.start_of(clock, day);
                let text = format!("SELECT {table}.profile_id, {begins} AS v FROM {table}");
                let table = self.table("midnight", text);
                scope.of_person(&table, "v")
            }
        }
    }

    /// The local day of an instant, as a number of days.
    pub(super) fn day_of(&self, clock: &Clock, ms: &str) -> String {
        match clock {
            Clock::In(zone) => self.dialect.day_of(zone, ms),
            Clock::Theirs(table) => self.day_by(&format!("{table}.spans"), ms),
        }
    }

    /// The last day that has begun: clocks may have shown it earlier, and gone back.
    fn day_by(&self, spans: &str, ms: &str) -> String {
        self.once("v", ms, |t| {
            let z = fresh("z", &[t]);
            let shown = format!(
                "CASE WHEN {z}.since <= {t} THEN least({t}, {z}.until - 1) + {z}.ahead END"
            );
            let latest = self.dialect.greatest_of(&self.dialect.mapped(spans, &z, &shown));
            let days = self.dialect.quotient(&format!("{latest} + {}", LIFT * DAY_MS), DAY_MS);
            format!("({days} - {LIFT})")
        })
    }

    /// The hour that clocks show.
    pub(super) fn hour_of(&self, clock: &Clock, ms: &str) -> String {
        let table = match clock {
            Clock::In(zone) => return self.dialect.hour_of(zone, ms),
            Clock::Theirs(table) => table,
        };
        self.once("v", ms, |t| {
            let z = fresh("z", &[t]);
            let shown =
                format!("CASE WHEN {z}.since <= {t} AND {t} < {z}.until THEN {t} + {z}.ahead END");
            let spans = format!("{table}.spans");
            let shown = self.dialect.greatest_of(&self.dialect.mapped(&spans, &z, &shown));
            let of_day = format!("({shown} + {}) % {DAY_MS}", LIFT * DAY_MS);
            self.dialect.quotient(&of_day, 3_600_000)
        })
    }

    /// The milliseconds at which a local day begins: the first at which clocks show it or a later one.
    pub(super) fn start_of(&self, clock: &Clock, days: &str) -> String {
        let table = match clock {
            Clock::In(zone) => return self.dialect.start_of(zone, days),
            Clock::Theirs(table) => table,
        };
        self.once("v", days, |days| {
            let z = fresh("z", &[days]);
            let there = format!("CAST({days} AS BIGINT) * {DAY_MS} - {z}.ahead");
            let first = format!(
                "CASE WHEN {there} < {z}.until THEN CASE WHEN {there} < {z}.since \
                 THEN {z}.since ELSE {there} END END"
            );
            self.dialect.least_of(&self.dialect.mapped(&format!("{table}.spans"), &z, &first))
        })
    }
}

impl Dialect {
    fn clocks(self) -> String {
        let names = ["since", "until", "ahead"];
        let span = self.record(&names.map(|name| (name, name.to_owned())));
        match self {
            Dialect::DuckDb => format!("list({span})"),
            Dialect::Spark => format!("collect_list({span})"),
        }
    }

    fn greatest_of(self, list: &str) -> String {
        match self {
            Dialect::DuckDb => format!("list_max({list})"),
            Dialect::Spark => format!("array_max({list})"),
        }
    }

    fn least_of(self, list: &str) -> String {
        match self {
            Dialect::DuckDb => format!("list_min({list})"),
            Dialect::Spark => format!("array_min({list})"),
        }
    }

    /// The whole part of a quotient of numbers of 64 bits that are not negative.
    fn quotient(self, left: &str, right: i64) -> String {
        match self {
            Dialect::DuckDb => format!("(({left}) // {right})"),
            Dialect::Spark => format!("(({left}) DIV {right})"),
        }
    }
}
