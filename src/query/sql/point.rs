//! Points in time, and how much time lies between them and now.

use super::cell::Cell;
use super::clock::Clock;
use super::expression::Leaf;
use super::refused::Made;
use super::sql::{Scope, Sql};
use crate::model::{Date, FixedUnit, Kind, Unit, Value};
use crate::query::predicate::{Direction, Matcher, Point, Which};

/// Where a point lies. Of what may be either, the one that it is not is NULL.
#[derive(Clone, Debug, Default)]
pub(super) struct Bound {
    /// The milliseconds of an instant.
    pub(super) instant: Option<String>,
    /// A local day.
    pub(super) day: Option<Day>,
}

/// A day: its number, and the milliseconds at which it and the next one begin.
#[derive(Clone, Debug)]
pub(super) struct Day {
    pub(super) number: String,
    pub(super) start: String,
    pub(super) end: String,
}

impl Sql {
    /// Where a point lies for the rows of a scope.
    pub(super) fn point<L: Leaf>(&mut self, point: &Point<L>, scope: &mut Scope) -> Made<Bound> {
        match point {
            Point::Instant(at) => Ok(Bound::at(at.millis().to_string())),
            Point::Day { date, start, end } => {
                let end = if *date == Date::MAX { i64::MAX } else { end.millis() };
                let [start, end] = [start.millis(), end].map(|ms| ms.to_string());
                let day = Day { number: date.days().to_string(), start, end };
                Ok(Bound { instant: None, day: Some(day) })
            }
            Point::Anchor(which, matcher) => {
                let anchor = self.anchor(*which, matcher)?;
                Ok(Bound::at(scope.of_person(&anchor, "t")))
            }
            Point::Value(expr, zone) => {
                let cell = self.value(expr, scope)?;
                let clock = self.clock(zone, scope);
                Ok(self.bound_of(&cell, &clock, scope))
            }
        }
    }

    fn bound_of(&mut self, cell: &Cell, clock: &Clock, scope: &mut Scope) -> Bound {
        let may_be = |kind: Kind| cell.kind().is_none_or(|of| of == kind);
        let mut day = || {
            if let Cell::Literal(Value::Date(date)) = cell {
                let edges = [*date, date.plus_days(1)].map(|day| day.days().to_string());
                let [start, end] = edges.map(|day| self.midnight(clock, &day, scope));
                return Day { number: date.days().to_string(), start, end };
            }
            let number = self.read(cell, Kind::Date);
            let next = format!("{number} + 1");
            let [start, end] = [&*number, &*next].map(|day| self.start_of(clock, day));
            Day { number, start, end }
        };
        let day = may_be(Kind::Date).then(&mut day);
        Bound { instant: may_be(Kind::Instant).then(|| self.read(cell, Kind::Instant)), day }
    }

    /// The table of each person's first or last matching event.
    pub(super) fn anchor(&mut self, which: Which, matcher: &Matcher) -> Made<String> {
        let mut scope = Scope::events(self);
        let fits = self.fits(matcher, &mut scope)?;
        let pick = if which == Which::First { "MIN" } else { "MAX" };
        let [person, seq, t] = ["profile_id", "seq", "t"].map(|name| scope.column(name));
        let columns = format!("{person}, {pick}({seq}) AS seq, {pick}({t}) AS t");
        let text = self.select(&scope, &columns, &[fits], &format!("GROUP BY {person}"));
        Ok(self.table("anchor", text))
    }

    /// `days since X` and its kin, a number.
    pub(super) fn elapsed(
        &self,
        unit: Unit,
        direction: Direction,
        bound: &Bound,
        clock: &Clock,
    ) -> String {
        let mut found = Vec::new();
        if let Some(instant) = &bound.instant {
            found.push(match unit {
                Unit::Fixed(unit) => {
                    let since = format!("{} - {instant}", self.now.millis());
                    self.ratio(&since, &unit.ms().to_string())
                }
                civil => self.completed(civil, &self.day_of(clock, instant), clock),
            });
        }
        if let Some(day) = &bound.day {
            let since = format!("{} - {}", self.days_from_today(clock, 0), day.number);
            match unit {
                Unit::Fixed(FixedUnit::Day) => found.push(self.ratio(&since, "1")),
                Unit::Fixed(FixedUnit::Week) => found.push(self.ratio(&since, "7")),
                Unit::Fixed(_) => {}
                civil => found.push(self.completed(civil, &day.number, clock)),
            }
        }
        let since = match found.len() {
            0 => "CAST(NULL AS DECIMAL(38,9))".to_owned(),
            1 => found.remove(0),
            _ => format!("COALESCE({})", found.join(", ")),
        };
        match direction {
            Direction::Since => since,
            Direction::Until => format!("(-{since})"),
        }
    }

    /// Completed months, quarters or years from a day to today.
    fn completed(&self, unit: Unit, day: &str, clock: &Clock) -> String {
        let months_of = match unit {
            Unit::Year => 12,
            Unit::Quarter => 3,
            Unit::Month | Unit::Fixed(_) => 1,
        };
        let (count, unfinished) = self.month_of_today(clock);
        self.once("v", day, |day| {
            let date = self.dialect.date(day);
            let of_month = self.dialect.of_month(day);
            let unfinished = unfinished.replace("{day}", &of_month);
            let months = format!("{count} - (year({date}) * 12 + month({date})){unfinished}");
            format!("CAST(floor(({months}) / {months_of}.0) AS DECIMAL(38,9))")
        })
    }

    /// Today's month, counted from year 0, and what is taken off for a `{day}` of the
    /// month that it has not reached: a day falls on its own number, or on the last of
    /// a shorter month.
    fn month_of_today(&self, clock: &Clock) -> (String, String) {
        match clock {
            Clock::In(zone) => {
                let today = self.today(zone);
                let (year, month, of_month) = today.ymd();
                let is_last = today.plus_days(1).ymd().1 != month || today == Date::MAX;
                let unfinished = match is_last {
                    true => String::new(),
                    false => format!(" - CASE WHEN {{day}} > {of_month} THEN 1 ELSE 0 END"),
                };
                ((i64::from(year) * 12 + i64::from(month)).to_string(), unfinished)
            }
            Clock::Theirs(_) => {
                let [today, next] = [0, 1].map(|more| self.days_from_today(clock, more));
                let date = self.dialect.date(&today);
                let [own, next] = [&today, &next].map(|day| self.dialect.of_month(day));
                (
                    format!("(year({date}) * 12 + month({date}))"),
                    format!(" - CASE WHEN {{day}} > {own} AND {next} > 1 THEN 1 ELSE 0 END"),
                )
            }
        }
    }
}

impl Bound {
    pub(super) fn at(ms: String) -> Bound {
        Bound { instant: Some(ms), day: None }
    }
}
