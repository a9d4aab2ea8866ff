//! `days since X`: how far a point lies behind or ahead.

use super::day::{completed, today};
use super::{Leaves, Moves, Over, Span, over};
use crate::model::{Date, Decimal, FixedUnit, Timestamp, Unit, Value, Zone};
use crate::query::predicate::{Direction, Point};

/// Where a point lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    /// It is missing.
    Nowhere,
    /// At an instant.
    Instant(i64),
    /// A whole local day, from its first instant to the next day's.
    Day { date: Date, start: i64, end: i64 },
}

/// Where a point lies, if it lies there all through a stretch.
pub(crate) fn spot<L: Moves>(
    point: &Point<L>,
    leaves: &impl Leaves<L>,
    span: Span,
) -> Option<Spot> {
    Some(match point {
        Point::Instant(at) => Spot::Instant(at.millis()),
        Point::Day { date, start, end } => {
            Spot::Day { date: *date, start: start.millis(), end: end.millis() }
        }
        Point::Anchor(which, matcher) => leaves
            .anchor(*which, matcher)
            .map_or(Spot::Nowhere, |when| Spot::Instant(when.millis())),
        Point::Value(expr, local) => match over(expr, leaves, span) {
            Over::Is(value) => Spot::of(&value, leaves.zone(local)),
            // A number that moves is no point.
            Over::Within(..) => Spot::Nowhere,
            Over::Unsure => return None,
        },
    })
}

/// Notes when a point that moves may lie elsewhere: behind the longest stretch
/// in which it surely stays, found by halving.
pub(crate) fn note_point<L: Moves>(point: &Point<L>, leaves: &impl Leaves<L>, at: i64) {
    let here = spot(point, leaves, Span::at(at));
    let end = leaves.horizon().get().min(Timestamp::MAX.millis() + 1);
    let (mut same, mut other) = (at, end);
    while other - same > 1 {
        let middle = same + (other - same) / 2;
        let stays = spot(point, leaves, Span { from: at, to: middle }) == here;
        if stays { same = middle } else { other = middle }
    }
    leaves.horizon().note_after(at, other);
}

impl Spot {
    /// Where a value lies, if it is an instant or a date.
    fn of(value: &Value, zone: &Zone) -> Spot {
        match value {
            Value::Instant(at) => Spot::Instant(at.millis()),
            Value::Date(date) => Spot::Day {
                date: *date,
                start: zone.start_of(*date).millis(),
                end: zone.start_of(date.plus_days(1)).millis(),
            },
            _ => Spot::Nowhere,
        }
    }

    /// The local day that it lies in.
    pub(crate) fn day(self, zone: &Zone) -> Option<Date> {
        match self {
            Spot::Nowhere => None,
            Spot::Instant(at) => Some(today(zone, at)),
            Spot::Day { date, .. } => Some(date),
        }
    }
}

/// The distance over a stretch: it never decreases while time passes, so the ends bound it.
pub(super) fn elapsed(
    unit: Unit,
    direction: Direction,
    spot: Spot,
    zone: &Zone,
    span: Span,
) -> Over<'static> {
    let since = |at: i64| since(unit, spot, zone, at);
    let distance = match (since(span.from), since(span.to)) {
        (Some(low), Some(high)) => Over::between(low, high),
        _ => return Over::MISSING,
    };
    match direction {
        Direction::Since => distance,
        Direction::Until => distance.negated(),
    }
}

fn since(unit: Unit, spot: Spot, zone: &Zone, at: i64) -> Option<Decimal> {
    let whole = |number: i64| Some(Decimal::from(number));
    match (unit, spot) {
        (_, Spot::Nowhere) => None,
        (Unit::Fixed(unit), Spot::Instant(x)) => {
            Decimal::ratio(i128::from(at) - i128::from(x), i128::from(unit.ms()))
        }
        (Unit::Fixed(unit), Spot::Day { date, .. }) => {
            let days = i64::from(today(zone, at).days()) - i64::from(date.days());
            match unit {
                FixedUnit::Day => whole(days),
                FixedUnit::Week => Decimal::ratio(i128::from(days), 7),
                _ => None,
            }
        }
        (Unit::Month, _) => whole(completed(spot.day(zone)?, today(zone, at), 1)),
        (Unit::Quarter, _) => whole(completed(spot.day(zone)?, today(zone, at), 3)),
        (Unit::Year, _) => whole(completed(spot.day(zone)?, today(zone, at), 12)),
    }
}

impl From<Timestamp> for Spot {
    fn from(at: Timestamp) -> Spot {
        Spot::Instant(at.millis())
    }
}
