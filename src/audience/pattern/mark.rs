//! What events are good for, and those of one instant, which have no order
//! among each other.

/// Kinds or steps as bits.
pub(crate) type Bits = u32;

/// An event and what it is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) when: i64,
    /// Its place among all events of the person, where that matters.
    pub(crate) place: u32,
    /// The steps, or kinds, that it may be.
    pub(crate) steps: Bits,
    /// The steps before which it must not lie.
    pub(crate) without: Bits,
    /// The tails that it breaks.
    pub(crate) tails: Bits,
}

impl Mark {
    /// Whether it is good for anything.
    pub(crate) fn matters(&self) -> bool {
        self.steps | self.without | self.tails != 0
    }
}

/// The events of one instant.
pub(crate) struct Moment<'m> {
    pub(crate) when: i64,
    pub(crate) marks: &'m [Mark],
    pub(crate) without: Bits,
    pub(crate) tails: Bits,
}

/// Marks in canonical order, instant by instant.
pub(crate) fn moments(marks: &[Mark]) -> Vec<Moment<'_>> {
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
