//! Whether an instant or a day lies in a window.

use super::day::{DAY_MS, today};
use super::elapsed::{Spot, spot};
use super::{Leaves, Span};
use crate::model::Zone;
use crate::query::predicate::{Edge, Side, Window};

/// Whether it does, if it does or does not all through the stretch.
pub(crate) fn inside<L>(
    subject: Spot,
    window: &Window<L>,
    zone: &Zone,
    leaves: &impl Leaves<L>,
    span: Span,
) -> Option<bool> {
    if subject == Spot::Nowhere {
        return Some(false);
    }
    match window {
        Window::Last { ms } => aged(subject, zone, span, 0, *ms),
        Window::Ago { from_ms, to_ms } => aged(subject, zone, span, *from_ms, *to_ms),
        // Ahead by less than ms: an age above -ms and up to 0.
        Window::Next { ms } => aged(subject, zone, span, ms.checked_neg()?.saturating_add(1), 1),
        Window::Range { from, to } => Some(
            from.as_ref().is_none_or(|edge| not_before(subject, edge, zone, leaves, span))
                && to.as_ref().is_none_or(|edge| not_after(subject, edge, zone, leaves, span)),
        ),
        Window::Within { ms, side, point, zone } => {
            let distance = distance(subject, spot(point, leaves, span), zone);
            Some(distance.is_some_and(|distance| near(distance, *side, *ms)))
        }
    }
}

/// Whether the age lies in `least..too_great` all through the stretch, or never.
/// The age of a day is a number of whole days.
fn aged(subject: Spot, zone: &Zone, span: Span, least: i64, too_great: i64) -> Option<bool> {
    let age = |at: i64| match subject {
        Spot::Nowhere => None,
        Spot::Instant(when) => Some(at.saturating_sub(when)),
        Spot::Day { date, .. } => {
            Some((i64::from(today(zone, at).days()) - i64::from(date.days())) * DAY_MS)
        }
    };
    let (Some(youngest), Some(oldest)) = (age(span.from), age(span.to)) else {
        return Some(false);
    };
    if least <= youngest && oldest < too_great {
        Some(true)
    } else if oldest < least || too_great <= youngest {
        Some(false)
    } else {
        None
    }
}

fn not_before<L>(
    subject: Spot,
    edge: &Edge<L>,
    zone: &Zone,
    leaves: &impl Leaves<L>,
    span: Span,
) -> bool {
    match (subject, spot(&edge.point, leaves, span)) {
        (Spot::Nowhere, _) | (_, Spot::Nowhere) => false,
        (Spot::Instant(when), Spot::Instant(x)) => x < when || (edge.included && x == when),
        (Spot::Instant(when), Spot::Day { start, end, .. }) => {
            if edge.included {
                start <= when
            } else {
                end <= when
            }
        }
        (Spot::Day { date, .. }, bound) => {
            bound.day(zone).is_some_and(|day| day < date || (edge.included && day == date))
        }
    }
}

fn not_after<L>(
    subject: Spot,
    edge: &Edge<L>,
    zone: &Zone,
    leaves: &impl Leaves<L>,
    span: Span,
) -> bool {
    match (subject, spot(&edge.point, leaves, span)) {
        (Spot::Nowhere, _) | (_, Spot::Nowhere) => false,
        (Spot::Instant(when), Spot::Instant(x)) => when < x || (edge.included && x == when),
        (Spot::Instant(when), Spot::Day { start, end, .. }) => {
            if edge.included {
                when < end
            } else {
                when < start
            }
        }
        (Spot::Day { date, .. }, bound) => {
            bound.day(zone).is_some_and(|day| date < day || (edge.included && day == date))
        }
    }
}

/// From the point to the subject; in whole days if one of the two is a day.
fn distance(subject: Spot, point: Spot, zone: &Zone) -> Option<i64> {
    match (subject, point) {
        (Spot::Instant(when), Spot::Instant(x)) => Some(when.saturating_sub(x)),
        _ => {
            let (day, x) = (subject.day(zone)?, point.day(zone)?);
            Some((i64::from(day.days()) - i64::from(x.days())) * DAY_MS)
        }
    }
}

fn near(distance: i64, side: Side, ms: i64) -> bool {
    let after = 0 <= distance && distance < ms;
    let before = distance <= 0 && -distance < ms;
    match side {
        Side::After => after,
        Side::Before => before,
        Side::Either => after || before,
    }
}
