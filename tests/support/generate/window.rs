//! Windows and points for events and for values.

use super::rows::matcher;
use super::{Random, calendar, local, now, zone};
use throng::model::{Date, Zone};
use throng::query::predicate::*;

pub const DAY: i64 = 86_400_000;

/// Lengths of windows; histories put events at these distances from now.
pub const LENGTHS: [i64; 6] = [3_600_000, DAY, 2 * DAY, 7 * DAY, 30 * DAY, 60 * DAY];

/// A window for events.
pub fn event_window(random: &mut Random, depth: u32) -> Window<PersonLeaf> {
    window(random, depth, &|random, depth| super::value::moment(random, depth))
}

/// A window of any kind; `value` makes the values that edges are computed of.
pub fn window<L>(
    random: &mut Random,
    depth: u32,
    value: &dyn Fn(&mut Random, u32) -> Expr<L>,
) -> Window<L> {
    match random.below(12) {
        11 => {
            let (point, zone) = around(random, depth, value);
            Window::WithinMonths {
                months: random.one_of(&[1, 1, 2, 3, 12]),
                side: random.one_of(&[Side::After, Side::Before, Side::Either]),
                point,
                zone,
            }
        }
        8..=10 => Window::Calendar(calendar(random), local(random)),
        0..=2 => Window::Last { ms: random.one_of(&LENGTHS) },
        3 => Window::Next { ms: random.one_of(&LENGTHS) },
        4 => {
            let place = random.below(LENGTHS.len() as u64 - 1) as usize;
            let from_ms = if random.chance(3) { 0 } else { LENGTHS[place] };
            Window::Ago { from_ms, to_ms: LENGTHS[place + 1] }
        }
        5 | 6 => {
            let which = random.below(3);
            let from = (which != 0).then(|| edge(random, depth, value));
            let to = (which != 1).then(|| edge(random, depth, value));
            Window::Range { from, to }
        }
        _ => {
            let (point, zone) = around(random, depth, value);
            Window::Within {
                ms: random.one_of(&LENGTHS),
                side: random.one_of(&[Side::After, Side::Before, Side::Either]),
                point,
                zone,
            }
        }
    }
}

/// A point, and the zone that tells its day: a text has one for both.
fn around<L>(
    random: &mut Random,
    depth: u32,
    value: &dyn Fn(&mut Random, u32) -> Expr<L>,
) -> (Point<L>, Local) {
    let zone = local(random);
    let point = match point(random, depth, value) {
        Point::Day { date, .. } => day(date, zone.common()),
        Point::Value(value, _) => Point::Value(value, zone.clone()),
        other => other,
    };
    (point, zone)
}

/// A length that reaches to now, or ended a while ago.
pub fn lately(random: &mut Random) -> Window<PersonLeaf> {
    if random.chance(4) {
        return Window::Calendar(calendar(random), local(random));
    }
    let place = random.below(LENGTHS.len() as u64 - 1) as usize;
    match random.chance(3) {
        true => Window::Ago { from_ms: LENGTHS[place], to_ms: LENGTHS[place + 1] },
        false => Window::Last { ms: LENGTHS[place] },
    }
}

fn edge<L>(
    random: &mut Random,
    depth: u32,
    value: &dyn Fn(&mut Random, u32) -> Expr<L>,
) -> Edge<L> {
    Edge { point: point(random, depth, value), included: random.chance(2) }
}

/// A point of any kind.
pub fn point<L>(
    random: &mut Random,
    depth: u32,
    value: &dyn Fn(&mut Random, u32) -> Expr<L>,
) -> Point<L> {
    match random.below(6) {
        0 => Point::Instant(now().plus_ms(-random.one_of(&LENGTHS))),
        1 => {
            let zone = zone(random);
            day(zone.local_day(now().plus_ms(-random.one_of(&LENGTHS))), &zone)
        }
        2 => Point::Value(value(random, depth), local(random)),
        _ => {
            let which = random.one_of(&[Which::First, Which::Last]);
            Point::Anchor(which, matcher(random, depth.saturating_sub(1)))
        }
    }
}

fn day<L>(date: Date, zone: &Zone) -> Point<L> {
    Point::Day { date, start: zone.start_of(date), end: zone.start_of(date.plus_days(1)) }
}
