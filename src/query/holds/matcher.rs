//! Which events fit, and which one is an anchor.

use super::super::predicate::{EventFilter, Matcher, Which};
use super::place::{Row, Seen};
use super::{passes, truth};
use crate::model::Event;

/// Whether an event, at this element of it, fits at least one of the filters.
pub(super) fn fits(matcher: &Matcher, row: &Row<'_>) -> bool {
    matcher.0.iter().any(|filter| is_named(filter, row.event) && is_let_through(filter, row))
}

/// Whether an event has one of the names, whatever the filters say.
pub(crate) fn names(matcher: &Matcher, event: &Event) -> bool {
    matcher.0.iter().any(|filter| is_named(filter, event))
}

fn is_named(filter: &EventFilter, event: &Event) -> bool {
    let name = event.name();
    name.is_some() && filter.name.as_deref().is_none_or(|wanted| name == Some(wanted))
}

fn is_let_through(filter: &EventFilter, row: &Row<'_>) -> bool {
    filter.filter.as_ref().is_none_or(|filter| truth(filter, &mut |test| passes(test, row)))
}

/// The person's first or last visible event that fits.
pub(crate) fn anchor<'a>(which: Which, matcher: &Matcher, seen: Seen<'a>) -> Option<&'a Event> {
    let mut fitting = seen.events().filter(|event| fits(matcher, &Row::of(seen, event)));
    match which {
        Which::First => fitting.next(),
        Which::Last => fitting.last(),
    }
}
