//! Windows, lengths and places in time.

use super::condition::matcher;
use super::name::path;
use crate::lang::tree::{Bound, Instant, Length, Window, WindowKind};
use crate::model::agreeing;

pub(super) fn window(window: &Window) -> String {
    match &window.kind {
        WindowKind::Last(length) => format!("in last {}", self::length(length)),
        WindowKind::Next(length) => format!("in next {}", self::length(length)),
        WindowKind::Ago { from, to, unit } => {
            format!("between {from} and {to} {}s ago", unit.name())
        }
        WindowKind::Range(from, to) => format!("from {} to {}", instant(from), instant(to)),
        WindowKind::On(day) => format!("on {}", day.node),
        WindowKind::Since(bound) => format!("since {}", self::bound(bound)),
        WindowKind::Until(bound) => format!("until {}", self::bound(bound)),
        WindowKind::Before(bound) => format!("before {}", self::bound(bound)),
        WindowKind::After(bound) => format!("after {}", self::bound(bound)),
    }
}

pub(super) fn length(length: &Length) -> String {
    format!("{} {}{}", length.count, length.unit.name(), agreeing(length.count, "", "s"))
}

pub(super) fn bound(bound: &Bound) -> String {
    match bound {
        Bound::Instant(at) => instant(at),
        Bound::First(event, _) => format!("first {}", matcher(event)),
        Bound::Last(event, _) => format!("last {}", matcher(event)),
        Bound::Path(way) => path(way),
    }
}

pub(super) fn instant(instant: &Instant) -> String {
    match instant {
        Instant::Date(day, _) => day.to_string(),
        Instant::Timestamp(at, _) => at.to_string(),
    }
}
