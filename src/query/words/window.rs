//! Windows, points in time and lengths in words.

use super::calendar::calendar;
use super::{InWords, matcher, operand};
use crate::model::{FixedUnit, Unit, agreeing};
use crate::query::predicate::{Edge, PersonLeaf, Point, Side, Which, Window};

pub(in crate::query) fn windows(found: &[Window<PersonLeaf>]) -> String {
    found.iter().map(window).collect()
}

/// A window, with a space before it.
pub(super) fn window<L: InWords>(found: &Window<L>) -> String {
    match found {
        Window::Last { ms } => format!(" in last {}", length(*ms)),
        Window::Next { ms } => format!(" in next {}", length(*ms)),
        Window::Ago { from_ms, to_ms } => {
            let (unit_ms, unit) = unit_of(&[*from_ms, *to_ms]);
            format!(" between {} and {} {unit}s ago", from_ms / unit_ms, to_ms / unit_ms)
        }
        Window::Calendar(of, _) => format!(" {}", calendar(*of)),
        Window::Range { from, to } => {
            edge(from.as_ref(), "since", "after") + &edge(to.as_ref(), "until", "before")
        }
        Window::Within { ms, side, point: at, .. } => {
            format!(" within {} {} {}", length(*ms), side_words(*side), point(at))
        }
        Window::WithinMonths { months, side, point: at, .. } => {
            format!(" within {} {} {}", months_words(*months), side_words(*side), point(at))
        }
    }
}

fn side_words(side: Side) -> &'static str {
    match side {
        Side::After => "after",
        Side::Before => "before",
        Side::Either => "of",
    }
}

/// In the largest unit of which it is a whole number.
fn months_words(months: i32) -> String {
    let units = [(12, Unit::Year), (3, Unit::Quarter), (1, Unit::Month)];
    let fits = units.into_iter().find(|(length, _)| months % length == 0);
    let (count, unit) =
        fits.map_or((months, Unit::Month), |(length, unit)| (months / length, unit));
    format!("{count} {}{}", unit.name(), agreeing(count.unsigned_abs().into(), "", "s"))
}

fn edge<L: InWords>(edge: Option<&Edge<L>>, included: &str, excluded: &str) -> String {
    edge.map_or_else(String::new, |edge| {
        let word = if edge.included { included } else { excluded };
        format!(" {word} {}", point(&edge.point))
    })
}

pub(super) fn point<L: InWords>(point: &Point<L>) -> String {
    match point {
        Point::Instant(at) => at.to_string(),
        Point::Day { date, .. } => date.to_string(),
        Point::Anchor(which, found) => {
            let which = match which {
                Which::First => "first",
                Which::Last => "last",
            };
            format!("{which} {}", matcher(found))
        }
        Point::Value(found, _) => operand(found),
    }
}

/// The largest unit, up to a day, of which every length is a whole number.
fn unit_of(lengths_ms: &[i64]) -> (i64, &'static str) {
    [FixedUnit::Day, FixedUnit::Hour, FixedUnit::Minute, FixedUnit::Second]
        .into_iter()
        .find(|unit| lengths_ms.iter().all(|ms| ms % unit.ms() == 0))
        .map_or((1, "millisecond"), |unit| (unit.ms(), Unit::Fixed(unit).name()))
}

/// A length in the largest unit that divides it.
pub(super) fn length(ms: i64) -> String {
    let (unit_ms, unit) = unit_of(&[ms]);
    let count = ms / unit_ms;
    format!("{count} {unit}{}", agreeing(count.unsigned_abs(), "", "s"))
}
