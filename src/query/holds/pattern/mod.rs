//! Patterns: is there a choice of different events that fits together?

mod chain;
mod combination;
#[cfg(test)]
mod tests;

use super::super::predicate::{Binds, Form, Length, Pattern, RowLeaf, Sequence};
use super::calendar::{day_of, reaches};
use super::path::each;
use super::place::{Place, Row, Seen};
use super::window::Windows;
use crate::model::{Event, Value};
use chain::Chains;

/// Whether the right number of matches is there.
pub(super) fn did(pattern: &Pattern, seen: Seen<'_>) -> bool {
    pattern.count.contains(matches(pattern, seen).len() as u64)
}

/// The events of each match that counts: one for each first event that begins a
/// match, or for each key that matches; of a combination the first that is found.
pub(crate) fn matches<'a>(pattern: &Pattern, seen: Seen<'a>) -> Vec<Vec<&'a Event>> {
    let events: Vec<&Event> = seen.events().collect();
    let windows = |binds: Binds| {
        let bound = pattern.windows.iter().filter(move |placing| placing.binds == binds);
        bound.map(|placing| Windows::of(std::slice::from_ref(&placing.window), seen)).collect()
    };
    let windows = Bound {
        each: windows(Binds::Each),
        first: windows(Binds::First),
        last: windows(Binds::Last),
    };
    let ground = Ground { seen, events: &events, windows: &windows, total: pattern.total.as_ref() };
    let chosen = match &pattern.form {
        Form::Combination { kinds, needed } => {
            combination::chosen(&ground, kinds, *needed).into_iter().collect()
        }
        Form::Sequence(sequence) => in_sequence(&ground, sequence),
    };
    let events = |places: Vec<usize>| places.into_iter().map(|place| events[place]).collect();
    chosen.into_iter().map(events).collect()
}

/// Under `same` the first match of each key, else one for each first event.
fn in_sequence(ground: &Ground<'_, '_>, sequence: &Sequence) -> Vec<Vec<usize>> {
    let Some(same) = &sequence.same else {
        return Chains::among(ground, sequence, |_| true).of_each_first();
    };
    let keys: Vec<Vec<Value>> =
        ground.events.iter().map(|event| keys_of(same, Row::of(ground.seen, event))).collect();
    let mut different: Vec<&Value> = Vec::new();
    for key in keys.iter().flatten() {
        if !different.contains(&key) {
            different.push(key);
        }
    }
    let of_key = |key: &Value| {
        let agrees = |place: usize| keys[place].contains(key);
        Chains::among(ground, sequence, agrees).of_each_first().into_iter().next()
    };
    different.into_iter().filter_map(of_key).collect()
}

fn keys_of(same: &RowLeaf, row: Row<'_>) -> Vec<Value> {
    each(row.read(same))
}

/// What a choice is made from: the visible events in canonical order, and what
/// windows bind.
pub(super) struct Ground<'g, 'a> {
    seen: Seen<'a>,
    events: &'g [&'a Event],
    windows: &'g Bound,
    total: Option<&'g Length>,
}

/// Windows by the events that they bind.
struct Bound {
    each: Vec<Windows>,
    first: Vec<Windows>,
    last: Vec<Windows>,
}

impl Ground<'_, '_> {
    fn lies(&self, windows: &[Windows], place: usize) -> bool {
        windows.iter().all(|window| window.have(self.events[place], self.seen.now))
    }

    /// Whether the whole is short enough.
    fn is_short(&self, first: usize, last: usize) -> bool {
        self.total.is_none_or(|total| !self.is_past(first, last, total))
    }

    /// Whether an event lies a length or more behind another.
    fn is_past(&self, from: usize, to: usize, length: &Length) -> bool {
        self.has_passed(self.events[from], self.events[to].when, length)
    }

    /// Whether a length has passed since an event: by days of the calendar, once
    /// the day is there that ends it.
    fn has_passed(&self, since: &Event, at: crate::model::Timestamp, length: &Length) -> bool {
        match length {
            Length::Ms(ms) => at.since(since.when) >= *ms,
            Length::Months(months, local) => {
                let zone = self.seen.zone(local);
                reaches(day_of(&zone, at), day_of(&zone, since.when), *months)
            }
        }
    }
}
