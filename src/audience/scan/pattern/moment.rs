//! Events of one instant, which have no order among each other.

use super::Bits;
use crate::model::Event;

/// An event and what it is good for.
#[derive(Clone, Copy)]
pub(super) struct Mark<'a> {
    /// Its place among all events of the person.
    pub(super) place: usize,
    pub(super) when: i64,
    pub(super) row: &'a Event,
    /// The steps that it may be.
    pub(super) steps: Bits,
    /// The steps before which it must not lie.
    pub(super) without: Bits,
    /// The tails that it breaks.
    pub(super) tails: Bits,
}

/// The events of one instant.
pub(super) struct Moment<'m, 'a> {
    pub(super) when: i64,
    pub(super) marks: &'m [Mark<'a>],
    pub(super) without: Bits,
    pub(super) tails: Bits,
}

/// Marks in canonical order, instant by instant.
pub(super) fn moments<'m, 'a>(marks: &'m [Mark<'a>]) -> Vec<Moment<'m, 'a>> {
    let together = marks.chunk_by(|left, right| left.when == right.when);
    together
        .map(|marks| Moment {
            when: marks[0].when,
            marks,
            without: marks.iter().fold(0, |bits, mark| bits | mark.without),
            tails: marks.iter().fold(0, |bits, mark| bits | mark.tails),
        })
        .collect()
}
