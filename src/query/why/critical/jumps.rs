//! Instants at which something jumps: a fact dated ahead becomes visible, an
//! event enters or leaves a window, a grant expires.

use super::super::super::holds::{Seen, day_of, names};
use super::super::super::predicate::{Gap, Length, Local, Window};
use super::super::gather::Gathered;
use super::calendar::turns;
use crate::model::{Body, Date, Event, Timestamp, Zone};
use std::collections::BTreeSet;

/// All of them after now, in order.
pub(super) fn jumps(gathered: &Gathered<'_>, seen: Seen<'_>) -> BTreeSet<Timestamp> {
    let calls = seen.person.events;
    let mut instants: BTreeSet<Timestamp> = calls.iter().map(|call| call.when).collect();
    instants.extend(calls.iter().filter_map(|call| expiry(call, &gathered.purposes)));
    for (matcher, window) in &gathered.windows {
        let ages = ages(window);
        for event in calls.iter().filter(|call| !ages.is_empty() && names(matcher, call)) {
            instants.extend(ages.iter().map(|age| event.when.plus_ms(*age)));
        }
        if let Window::Calendar(of, local) = window {
            for zone in zones(local, seen) {
                for event in calls.iter().filter(|call| names(matcher, call)) {
                    instants.extend(turns(*of, day_of(&zone, event.when), &zone, seen.now));
                }
            }
        }
    }
    for (matcher, gap) in &gathered.tails {
        for event in calls.iter().filter(|call| names(matcher, call)) {
            instants.extend(ends(event.when, gap, seen));
        }
    }
    instants.split_off(&seen.now.plus_ms(1))
}

/// The ages at which an event enters or leaves.
fn ages<L>(window: &Window<L>) -> Vec<i64> {
    match window {
        Window::Last { ms } => vec![*ms],
        Window::Ago { from_ms, to_ms } => vec![*from_ms, *to_ms],
        Window::Next { .. }
        | Window::Calendar(..)
        | Window::Range { .. }
        | Window::Within { .. }
        | Window::WithinMonths { .. } => Vec::new(),
    }
}

/// Instants of which one is the end of a gap: a length of the calendar ends as a
/// day begins, on the day itself or, held at its month's end, some days before it.
fn ends(when: Timestamp, gap: &Gap, seen: Seen<'_>) -> Vec<Timestamp> {
    let (Gap::Within(length) | Gap::AtLeast(length)) = gap;
    match length {
        Length::Ms(ms) => vec![when.plus_ms(*ms)],
        Length::Months(months, local) => {
            let ends = |zone| months_after(when, *months, &zone);
            zones(local, seen).into_iter().flat_map(ends).collect()
        }
    }
}

fn months_after(when: Timestamp, months: i32, zone: &Zone) -> Vec<Timestamp> {
    let (year, month, day) = day_of(zone, when).ymd();
    let count = year * 12 + month as i32 - 1 + months;
    let (year, month) = (count.div_euclid(12), count.rem_euclid(12) as u32 + 1);
    let days = (day.min(28)..=day).filter_map(|day| Date::from_ymd(year, month, day));
    days.map(|date| zone.start_of(date)).collect()
}

/// The zones that are the person's from now on: a call that lies ahead may
/// bring another.
fn zones(local: &Local, seen: Seen<'_>) -> Vec<Zone> {
    let mut found = vec![seen.zone(local)];
    if local.is_theirs() {
        let ahead = seen.person.events.iter().map(|call| call.when).filter(|when| *when > seen.now);
        found.extend(ahead.map(|when| seen.as_of(when).zone(local)));
        found.sort_by(|a, b| a.name().cmp(b.name()));
        found.dedup();
    }
    found
}

fn expiry(call: &Event, purposes: &[&str]) -> Option<Timestamp> {
    match &call.body {
        Body::Consent { purpose, expires, .. } if purposes.contains(&&**purpose) => *expires,
        _ => None,
    }
}
