//! What becomes of an audience if nothing happens: time runs ahead of the clock.

use super::delta::Delta;
use super::facts::{Facts, PageError};
use super::live::Live;
use crate::model::Timestamp;
use crate::query::Ahead;
use crate::query::predicate::Audience;
use std::sync::Arc;

/// Lets time pass from deadline to deadline: people known at `from` move as they
/// would if these facts were all. Those of `until` and later are not told.
///
/// # Errors
/// If somebody's rows cannot be read.
pub fn ahead(
    audience: &Arc<Audience>,
    facts: &dyn Facts,
    (from, until): (Timestamp, Timestamp),
    stop: &dyn Fn() -> bool,
) -> Result<Ahead, PageError> {
    let mut live = Live::of_all([audience.clone()], facts, from)?;
    let inside = live.members(&audience.name).cloned().unwrap_or_default();
    let mut ahead = Ahead { inside, moves: Vec::new() };
    let mut at = from;
    while let Some(due) = live.due().filter(|due| *due < until && !stop()) {
        // A deadline may be early, and then lie before what was settled.
        at = at.max(due);
        live.settle(facts, at)?.iter().for_each(|delta| note(&mut ahead, delta));
    }
    ahead.moves.sort_unstable();
    Ok(ahead)
}

fn note(ahead: &mut Ahead, delta: &Delta) {
    ahead.moves.extend(delta.entered.iter().map(|(seat, at)| (*at, *seat, true)));
    ahead.moves.extend(delta.left.iter().map(|(seat, at)| (*at, *seat, false)));
}
