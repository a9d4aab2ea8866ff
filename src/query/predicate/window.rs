//! Windows: ranges of ages, and ranges between points in time.

use super::{Calendar, Expr, Local, Matcher};
use crate::model::{Date, Timestamp};

/// Where in time an event or a value must lie. For events every window also
/// ends at `now`; for tests of a value only what looks back from now does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Window<L> {
    /// Ages `0 <= now - t < ms`; of a date, as many whole days.
    Last {
        /// The length in milliseconds.
        ms: i64,
    },
    /// `0 <= t - now < ms`; empty for events.
    Next {
        /// The length in milliseconds.
        ms: i64,
    },
    /// Ages `from_ms <= now - t < to_ms`.
    Ago {
        /// The least age.
        from_ms: i64,
        /// The age that is too great.
        to_ms: i64,
    },
    /// By the calendar of a zone.
    Calendar(Calendar, Local),
    /// From one edge to another; a missing edge is open, an edge at a missing
    /// point makes the window empty.
    Range {
        /// Not before this.
        from: Option<Edge<L>>,
        /// Not after this.
        to: Option<Edge<L>>,
    },
    /// Less than `ms` from a point.
    Within {
        /// The length in milliseconds.
        ms: i64,
        /// On which side of the point.
        side: Side,
        /// The point.
        point: Point<L>,
        /// Where local days begin, for a point that is a date: then whole days
        /// are counted.
        zone: Local,
    },
    /// Less than some months from a point: up to the start of the local day so
    /// many months after its day, or from the one before it on.
    WithinMonths {
        /// The length in months.
        months: i32,
        /// On which side of the point.
        side: Side,
        /// The point.
        point: Point<L>,
        /// Where local days begin.
        zone: Local,
    },
}

impl<L> Window<L> {
    /// The points that it names.
    pub fn points(&self) -> Vec<&Point<L>> {
        match self {
            Window::Range { from, to } => {
                [from, to].into_iter().flatten().map(|edge| &edge.point).collect()
            }
            Window::Within { point, .. } | Window::WithinMonths { point, .. } => vec![point],
            Window::Last { .. }
            | Window::Next { .. }
            | Window::Ago { .. }
            | Window::Calendar(..) => Vec::new(),
        }
    }
}

/// One end of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge<L> {
    /// Where it lies. A date stands for its whole local day.
    pub point: Point<L>,
    /// Whether the point (the whole day, for a date) belongs to the range:
    /// `since` and `until` say so, `after` and `before` do not.
    pub included: bool,
}

/// A point in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Point<L> {
    /// An instant of the text.
    Instant(Timestamp),
    /// A date of the text, with its local day.
    Day {
        /// The date.
        date: Date,
        /// The first instant of the day.
        start: Timestamp,
        /// The first instant of the next day.
        end: Timestamp,
    },
    /// The person's first or last matching visible event, which never counts itself.
    Anchor(Which, Matcher),
    /// An instant or a date that is computed; a date is a local day of the zone.
    Value(Expr<L>, Local),
}

/// Which of a person's events, in canonical order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Which {
    First,
    Last,
}

/// On which side of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// `0 <= t - point < ms`.
    After,
    /// `0 <= point - t < ms`.
    Before,
    /// Either of the two.
    Either,
}
