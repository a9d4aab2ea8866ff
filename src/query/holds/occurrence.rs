//! `did`: matching events in the windows, counted.

use super::super::predicate::{Matcher, Occurrence, PersonLeaf, Window};
use super::matcher::fits;
use super::place::{Row, Seen};
use super::window::Windows;
use crate::model::Event;

/// Whether the right number of matching events lies in all of the windows.
pub(super) fn did(occurrence: &Occurrence, seen: Seen<'_>) -> bool {
    let n_events = matched(&occurrence.matcher, &occurrence.windows, seen).len();
    occurrence.count.contains(n_events as u64)
}

/// Those events, in canonical order.
pub(crate) fn matched<'a>(
    matcher: &Matcher,
    windows: &[Window<PersonLeaf>],
    seen: Seen<'a>,
) -> Vec<&'a Event> {
    let windows = Windows::of(windows, seen);
    seen.events()
        .filter(|event| windows.have(event, seen.now) && fits(matcher, &Row::of(seen, event)))
        .collect()
}
