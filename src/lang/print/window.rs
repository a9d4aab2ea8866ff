//! Windows, lengths and places in time.

use super::condition::matcher;
use super::name::path;
use crate::lang::parser::MONTHS;
use crate::lang::tree::{Bound, Instant, Length, Moment, Reach, Side, Window, WindowKind, YearOf};
use crate::model::{Period, Turn, agreeing};

pub(super) fn window(window: &Window) -> String {
    match &window.kind {
        WindowKind::Last(length) => format!("in last {}", reach(length)),
        WindowKind::Next(length) => format!("in next {}", reach(length)),
        WindowKind::Ago { from, to, unit } => {
            format!("between {from} and {to} {}s ago", unit.name())
        }
        WindowKind::Range(from, to) => format!("from {} to {}", moment(from), moment(to)),
        WindowKind::On(day) => format!("on {}", day.node),
        WindowKind::Since(bound) => format!("since {}", self::bound(bound)),
        WindowKind::Until(bound) => format!("until {}", self::bound(bound)),
        WindowKind::Before(bound) => format!("before {}", self::bound(bound)),
        WindowKind::After(bound) => format!("after {}", self::bound(bound)),
        WindowKind::Within(length, side, bound) => {
            format!("within {} {} {}", reach(length), self::side(*side), self::bound(bound))
        }
        WindowKind::Period(turn, period) => self::period(*turn, *period),
        WindowKind::Month(month, year) => self::month(*month, year),
    }
}

fn side(side: Side) -> &'static str {
    match side {
        Side::After => "after",
        Side::Before => "before",
        Side::Of => "of",
    }
}

fn period(turn: Turn, period: Period) -> String {
    match (turn, period) {
        (Turn::Last, Period::Day) => "yesterday".into(),
        (Turn::This, Period::Day) => "today".into(),
        (Turn::Next, Period::Day) => "tomorrow".into(),
        (turn, period) => format!("{} {}", self::turn(turn), period.name()),
    }
}

fn turn(turn: Turn) -> &'static str {
    match turn {
        Turn::Last => "last",
        Turn::This => "this",
        Turn::Next => "next",
    }
}

fn month(month: u8, year: &YearOf) -> String {
    let name = MONTHS[usize::from(month).saturating_sub(1).min(11)];
    match year {
        YearOf::Turn(Turn::This) => format!("in {name}"),
        YearOf::Turn(turn) => format!("in {name} of {} year", self::turn(*turn)),
        YearOf::Number(year) => format!("in {name} of {}", year.node),
        YearOf::Any => format!("in any {name}"),
    }
}

pub(super) fn length(length: &Length) -> String {
    format!("{} {}{}", length.count, length.unit.name(), agreeing(length.count, "", "s"))
}

pub(super) fn reach(reach: &Reach) -> String {
    match reach {
        Reach::Length(length) => self::length(length),
        Reach::Parameter(name) => format!("${}", name.node),
    }
}

fn moment(moment: &Moment) -> String {
    match moment {
        Moment::Instant(at) => instant(at),
        Moment::Parameter(name) => format!("${}", name.node),
    }
}

pub(super) fn bound(bound: &Bound) -> String {
    match bound {
        Bound::Instant(at) => instant(at),
        Bound::First(event, _) => format!("first {}", matcher(event)),
        Bound::Last(event, _) => format!("last {}", matcher(event)),
        Bound::Path(way) => path(way),
        Bound::Parameter(name) => format!("${}", name.node),
    }
}

pub(super) fn instant(instant: &Instant) -> String {
    match instant {
        Instant::Date(day, _) => day.to_string(),
        Instant::Timestamp(at, _) => at.to_string(),
    }
}
