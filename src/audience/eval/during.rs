//! Whether an instant or a day lies in a window.

use super::ask::both;
use super::day::{DAY_MS, today};
use super::elapsed::{Spot, spot};
use super::{Leaves, Moves, Span};
use crate::model::Zone;
use crate::query::predicate::{Edge, Side, Window};

/// Whether it does, if it does or does not all through the stretch.
pub(crate) fn inside<L: Moves>(
    subject: Spot,
    window: &Window<L>,
    zone: &Zone,
    leaves: &impl Leaves<L>,
    span: Span,
) -> Option<bool> {
    let is_day = |spot: Spot| matches!(spot, Spot::Day { .. });
    if subject == Spot::Nowhere || (is_day(subject) && !has_whole_days(window)) {
        return Some(false);
    }
    // The days of a day are counted where it is a day.
    let of_window = |local| if is_day(subject) { zone } else { leaves.zone(local) };
    match window {
        Window::Last { ms } => aged(subject, zone, span, 0, *ms),
        Window::Ago { from_ms, to_ms } => aged(subject, zone, span, *from_ms, *to_ms),
        // Ahead by less than ms: an age above -ms and up to 0.
        Window::Next { ms } => aged(subject, zone, span, ms.checked_neg()?.saturating_add(1), 1),
        Window::Calendar(of, local) => {
            super::calendar::inside(*of, subject, leaves.zone(local), span)
        }
        Window::Range { from, to } => both(
            from.as_ref().map_or(Some(true), |edge| not_before(subject, edge, zone, leaves, span)),
            to.as_ref().map_or(Some(true), |edge| not_after(subject, edge, zone, leaves, span)),
        ),
        Window::Within { ms, side, point, zone } => {
            let (point, zone) = (spot(point, leaves, span)?, of_window(zone));
            if is_day(point) && !has_whole_days(window) {
                return Some(false);
            }
            let distance = distance(subject, point, zone);
            Some(distance.is_some_and(|distance| near(distance, *side, *ms)))
        }
        Window::WithinMonths { months, side, point, zone } => {
            let (point, zone) = (spot(point, leaves, span)?, of_window(zone));
            Some(super::around::inside(subject, point, *months, *side, zone))
        }
    }
}

/// Whether the lengths are whole days; others say nothing about dates.
fn has_whole_days<L>(window: &Window<L>) -> bool {
    match window {
        Window::Last { ms } | Window::Next { ms } | Window::Within { ms, .. } => ms % DAY_MS == 0,
        Window::Ago { from_ms, to_ms } => from_ms % DAY_MS == 0 && to_ms % DAY_MS == 0,
        Window::Range { .. } | Window::Calendar(..) | Window::WithinMonths { .. } => true,
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

fn not_before<L: Moves>(
    subject: Spot,
    edge: &Edge<L>,
    zone: &Zone,
    leaves: &impl Leaves<L>,
    span: Span,
) -> Option<bool> {
    Some(match (subject, spot(&edge.point, leaves, span)?) {
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
    })
}

fn not_after<L: Moves>(
    subject: Spot,
    edge: &Edge<L>,
    zone: &Zone,
    leaves: &impl Leaves<L>,
    span: Span,
) -> Option<bool> {
    Some(match (subject, spot(&edge.point, leaves, span)?) {
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
    })
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

#[cfg(test)]
mod tests {
    use super::super::super::scan::Scan;
    use super::*;
    use crate::query::Parties;
    use crate::query::predicate::{Local, PersonLeaf, Point};

    fn lies_in(subject: Spot, window: &Window<PersonLeaf>) -> bool {
        let parties = Parties::default();
        let nobody = Scan::new(&[], None, &parties, DAY_MS / 2);
        inside(subject, window, &Zone::UTC, &nobody, Span::at(DAY_MS / 2)).unwrap()
    }

    /// In Auckland an event of the evening is of the next day.
    #[test]
    fn where_a_day_is_measured_from_a_point_its_own_zone_says_what_day_that_is() {
        let auckland = Zone::named("Pacific/Auckland").unwrap();
        let (parties, evening) = (Parties::default(), DAY_MS * 3 / 4);
        let nobody = Scan::new(&[], None, &parties, DAY_MS);
        let date = crate::model::Date::from_ymd(1970, 1, 2).unwrap();
        let day = Spot::Day { date, start: DAY_MS, end: 2 * DAY_MS };
        let point = Point::Instant(crate::model::Timestamp::saturating_from_millis(evening));
        let side = Side::Either;
        let zone = Local::In(auckland.clone());
        let window: Window<PersonLeaf> = Window::Within { ms: DAY_MS, side, point, zone };
        let lies = |zone: &Zone| inside(day, &window, zone, &nobody, Span::at(DAY_MS)).unwrap();
        assert!(lies(&auckland) && !lies(&Zone::UTC));
    }

    #[test]
    fn a_length_below_a_day_says_nothing_about_a_date() {
        let [start, end] = [0, DAY_MS];
        let day = crate::model::Date::from_ymd(1970, 1, 1).unwrap();
        let today = Spot::Day { date: day, start, end };
        for (ms, is_inside) in [(DAY_MS, true), (DAY_MS / 2, false)] {
            assert_eq!(lies_in(today, &Window::Last { ms }), is_inside);
            let [start, end] = [start, end].map(crate::model::Timestamp::saturating_from_millis);
            let point = Point::Day { date: day, start, end };
            let around = Window::Within { ms, side: Side::Either, point, zone: Local::UTC };
            assert_eq!(lies_in(Spot::Instant(DAY_MS / 2), &around), is_inside);
        }
    }
}
