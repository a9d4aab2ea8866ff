//! Windows: literal bounds where the text and now say them, else those of the person.

use super::cell::Cell;
use super::clock::Clock;
use super::day::plus_months;
use super::expression::Leaf;
use super::point::{Bound, Day};
use super::refused::Made;
use super::sql::{Scope, Sql, all_of, any_of, surely};
use crate::model::{Date, FixedUnit, Kind};
use crate::query::predicate::{Calendar, Edge, PersonLeaf, Point, Side, Window};

impl Sql {
    /// Whether a visible event lies in all of the windows, and is the anchor of none.
    pub(super) fn in_windows<'w>(
        &mut self,
        windows: impl IntoIterator<Item = &'w Window<PersonLeaf>>,
        scope: &mut Scope,
    ) -> Made<Vec<String>> {
        let mut conditions = Vec::new();
        for window in windows {
            let t = scope.column("t");
            conditions.push(match window {
                Window::Next { .. } => "FALSE".to_owned(),
                Window::Calendar(of, _) if of.is_ahead() => "FALSE".to_owned(),
                window => self.has_instant(window, &t, scope)?,
            });
            for point in window.points() {
                if let Point::Anchor(which, matcher) = point {
                    let anchor = self.anchor(*which, matcher)?;
                    let (seq, own) = (scope.of_person(&anchor, "seq"), scope.column("seq"));
                    conditions.push(format!("({seq} IS NULL OR {own} <> {seq})"));
                }
            }
        }
        Ok(conditions)
    }

    /// Whether an instant or a day lies in a window.
    pub(super) fn during<L: Leaf>(
        &mut self,
        subject: &Cell,
        (window, clock): (&Window<L>, &Clock),
        scope: &mut Scope,
    ) -> Made<String> {
        let mut found = Vec::new();
        if subject.kind().is_none_or(|kind| kind == Kind::Instant) {
            let t = self.read(subject, Kind::Instant);
            found.push(self.has_instant(window, &t, scope)?);
        }
        if subject.kind().is_none_or(|kind| kind == Kind::Date) {
            let day = self.read(subject, Kind::Date);
            found.push(self.has_day(window, &day, clock, scope)?);
        }
        Ok(any_of(found))
    }

    fn has_instant<L: Leaf>(
        &mut self,
        window: &Window<L>,
        t: &str,
        scope: &mut Scope,
    ) -> Made<String> {
        let now = self.now.millis();
        Ok(match window {
            Window::Last { ms } => format!("({t} > {} AND {t} <= {now})", now - ms),
            Window::Next { ms } => format!("({t} >= {now} AND {t} < {})", now + ms),
            Window::Ago { from_ms, to_ms } => {
                format!("({t} > {} AND {t} <= {})", now - to_ms, now - from_ms)
            }
            Window::Calendar(of, local) => {
                let clock = self.clock(local, scope);
                self.instant_in_calendar(*of, t, &clock, scope)
            }
            Window::Range { from, to } => {
                let mut parts = Vec::new();
                if let Some(Edge { point, included }) = from {
                    let bound = self.point(point, scope)?;
                    parts.push(bound.reached(t, *included));
                }
                if let Some(Edge { point, included }) = to {
                    let bound = self.point(point, scope)?;
                    parts.push(bound.not_past(t, *included));
                }
                match parts.is_empty() {
                    true => format!("({t}) IS NOT NULL"),
                    false => all_of(parts),
                }
            }
            Window::Within { ms, side, point, zone } => {
                let bound = self.point(point, scope)?;
                let mut found = Vec::new();
                if let Some(x) = &bound.instant {
                    found.push(within(t, x, *side, *ms));
                }
                if let (Some(day), Some(days)) = (&bound.day, days(*ms)) {
                    let clock = self.clock(zone, scope);
                    let of = self.day_of(&clock, t);
                    found.push(within(&of, &day.number, *side, days));
                }
                any_of(found)
            }
            Window::WithinMonths { months, side, point, zone } => {
                let bound = self.point(point, scope)?;
                let clock = self.clock(zone, scope);
                self.within_months(t, &bound, (*side, *months), &clock)
            }
        })
    }

    fn instant_in_calendar(
        &mut self,
        of: Calendar,
        t: &str,
        clock: &Clock,
        scope: &mut Scope,
    ) -> String {
        let now = self.now.millis();
        let Some(days) = self.held(of, clock) else {
            return self.in_month(of, &self.day_of(clock, t));
        };
        let last = Date::MAX.days().to_string();
        let is_last = days[1] == last;
        let [from, to] = days.map(|day| self.midnight(clock, &day, scope));
        if of.ends_now() {
            return format!("({t} >= {from} AND {t} <= {now})");
        }
        let from = if of.is_ahead() { now.to_string() } else { from };
        // The last day of the calendar has no next.
        match is_last {
            true => format!("{t} >= {from}"),
            false => format!("({t} >= {from} AND {t} < {to})"),
        }
    }

    fn in_month(&self, of: Calendar, day: &str) -> String {
        let Calendar::AnyMonth { month } = of else { return "FALSE".to_owned() };
        format!("month({}) = {month}", self.dialect.date(day))
    }

    fn within_months(
        &self,
        t: &str,
        bound: &Bound,
        (side, months): (Side, i32),
        clock: &Clock,
    ) -> String {
        let mut found = Vec::new();
        let mut around = |begins: &str, ends: &str, day: &str| {
            let edge = |months: i32| {
                let literal = day.parse().ok().and_then(Date::from_days);
                match (clock, literal) {
                    (Clock::In(zone), Some(day)) => {
                        zone.start_of(plus_months(day, months)).millis().to_string()
                    }
                    _ => {
                        let day = self.dialect.plus_months(day, &months.to_string());
                        self.start_of(clock, &day)
                    }
                }
            };
            let after = format!("({t} >= {begins} AND {t} < {})", edge(months));
            let before = format!("({t} < {ends} AND {t} >= {})", edge(-months));
            found.push(match side {
                Side::After => after,
                Side::Before => before,
                Side::Either => format!("({} OR {})", surely(&after), surely(&before)),
            });
        };
        if let Some(x) = &bound.instant {
            let day = match (clock, x.parse::<i64>()) {
                (Clock::In(zone), Ok(ms)) => {
                    let at = crate::model::Timestamp::saturating_from_millis(ms);
                    super::day::of(zone, at).days().to_string()
                }
                _ => self.day_of(clock, x),
            };
            around(x, &format!("{x} + 1"), &day);
        }
        if let Some(Day { number, .. }) = &bound.day {
            let next = format!("{number} + 1");
            let [start, end] = [&**number, &*next].map(|day| self.start_of(clock, day));
            around(&start, &end, number);
        }
        any_of(found.iter().map(|one| surely(one)).collect())
    }

    /// Whole days are compared, today being the local day of now.
    fn has_day<L: Leaf>(
        &mut self,
        window: &Window<L>,
        day: &str,
        clock: &Clock,
        scope: &mut Scope,
    ) -> Made<String> {
        let lies = |sql: &Sql, from: Option<i64>, to: Option<i64>| match (from, to) {
            (Some(from), Some(to)) => {
                let [after, upto] = [-to, -from].map(|more| sql.days_from_today(clock, more));
                format!("({day} > {after} AND {day} <= {upto})")
            }
            _ => "FALSE".to_owned(),
        };
        Ok(match window {
            Window::Last { ms } => lies(self, Some(0), days(*ms)),
            Window::Ago { from_ms, to_ms } => lies(self, days(*from_ms), days(*to_ms)),
            Window::Next { ms } => match days(*ms) {
                Some(n) => {
                    let [today, end] = [0, n].map(|more| self.days_from_today(clock, more));
                    format!("({day} >= {today} AND {day} < {end})")
                }
                None => "FALSE".to_owned(),
            },
            Window::Calendar(of, local) => {
                let clock = self.clock(local, scope);
                match self.held(*of, &clock) {
                    Some([from, to]) => format!("({day} >= {from} AND {day} < {to})"),
                    None => self.in_month(*of, day),
                }
            }
            Window::Range { from, to } => {
                let mut parts = Vec::new();
                for (edge, signs) in [(from, [">=", ">"]), (to, ["<=", "<"])] {
                    if let Some(Edge { point, included }) = edge {
                        let bound = self.point(point, scope)?;
                        let sign = if *included { signs[0] } else { signs[1] };
                        let dates = self.dates(&bound, clock);
                        let parts_of = dates.iter().map(|date| format!("{day} {sign} {date}"));
                        parts.push(any_of(parts_of.map(|one| surely(&one)).collect()));
                    }
                }
                match parts.is_empty() {
                    true => format!("({day}) IS NOT NULL"),
                    false => all_of(parts),
                }
            }
            Window::Within { ms, side, point, .. } => {
                let bound = self.point(point, scope)?;
                let Some(n) = days(*ms) else { return Ok("FALSE".to_owned()) };
                let near = self.dates(&bound, clock).into_iter();
                any_of(near.map(|date| surely(&within(day, &date, *side, n))).collect())
            }
            Window::WithinMonths { months, side, point, .. } => {
                let bound = self.point(point, scope)?;
                let near = self.dates(&bound, clock).into_iter().map(|date| {
                    let edge = |months: i32| self.dialect.plus_months(&date, &months.to_string());
                    let after = format!("({day} >= {date} AND {day} < {})", edge(*months));
                    let before = format!("({day} <= {date} AND {day} >= {})", edge(-months));
                    match side {
                        Side::After => surely(&after),
                        Side::Before => surely(&before),
                        Side::Either => format!("({} OR {})", surely(&after), surely(&before)),
                    }
                });
                any_of(near.collect())
            }
        })
    }

    /// The day of a point, whichever it is.
    fn dates(&self, bound: &Bound, clock: &Clock) -> Vec<String> {
        let of_instant = bound.instant.iter().map(|x| self.day_of(clock, x));
        of_instant.chain(bound.day.iter().map(|day| day.number.clone())).collect()
    }
}

impl Bound {
    /// Whether an instant is not before it; left out, behind it.
    fn reached(&self, t: &str, included: bool) -> String {
        let mut found = Vec::new();
        if let Some(x) = &self.instant {
            found.push(surely(&format!("{t} {} {x}", if included { ">=" } else { ">" })));
        }
        if let Some(day) = &self.day {
            let edge = if included { &day.start } else { &day.end };
            found.push(surely(&format!("{t} >= {edge}")));
        }
        any_of(found)
    }

    fn not_past(&self, t: &str, included: bool) -> String {
        let mut found = Vec::new();
        if let Some(x) = &self.instant {
            found.push(surely(&format!("{t} {} {x}", if included { "<=" } else { "<" })));
        }
        if let Some(day) = &self.day {
            let edge = if included { &day.end } else { &day.start };
            found.push(surely(&format!("{t} < {edge}")));
        }
        any_of(found)
    }
}

/// `0 <= distance < length` on the right side.
fn within(t: &str, x: &str, side: Side, length: i64) -> String {
    match side {
        Side::After => format!("({t} >= {x} AND {t} - {x} < {length})"),
        Side::Before => format!("({t} <= {x} AND {x} - {t} < {length})"),
        Side::Either => format!("abs({t} - {x}) < {length}"),
    }
}

/// A length in whole days; units below a day say nothing about dates.
fn days(ms: i64) -> Option<i64> {
    (ms % FixedUnit::Day.ms() == 0).then(|| ms / FixedUnit::Day.ms())
}
