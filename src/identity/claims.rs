//! Claims, kept so that any of them may begin to matter later.
//!
//! Of two personal identifiers only the first claim is kept: the fold gives the
//! same with and without the others, for what the first could not join no later
//! one can (groups only grow), and personal identifiers never leave a group.
//! With a carrier in it every claim is kept, 32 bytes each: a late claim of
//! somebody else ends a tenure at its own instant, and the next claim of the
//! first holder, whichever of many that is, begins another.

use super::clusters::ClaimPlace;
use crate::model::{EventId, Timestamp};
use crate::shelf::{Column, Table};

#[derive(Clone, Debug, Default)]
pub(super) struct Claims {
    pub(super) kept: Column<Kept>,
    /// The newest claim on each identifier; older ones hang on it.
    pub(super) heads: Column<Option<ClaimPlace>>,
    /// The first claim of two personal identifiers, the smaller number first.
    pub(super) pairs: Table<(u32, u32), ClaimPlace>,
}

/// A claim on one identifier, hung to that identifier.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept {
    pub(super) when: Timestamp,
    // Two halves, since a u128 would align the whole to 16 bytes.
    pub(super) id: [u64; 2],
    /// Who claims; the top bit marks a `link`.
    pub(super) anchor: u32,
    pub(super) before: Option<ClaimPlace>,
}

pub(super) const COMMANDED: u32 = 1 << 31;

/// One claim on one identifier, as the fold takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) when: Timestamp,
    pub(super) id: EventId,
    pub(super) anchor: u32,
    pub(super) other: u32,
    pub(super) commanded: bool,
}

/// What became of a claim that was handed in to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Note {
    /// An earlier one says it already.
    Known,
    /// It is kept now.
    Kept(ClaimPlace),
}

impl Link {
    pub(super) fn key(&self) -> (Timestamp, EventId) {
        (self.when, self.id)
    }
}

impl Claims {
    pub(super) fn key(&self, place: ClaimPlace) -> (Timestamp, EventId) {
        let kept = self.at(place);
        (kept.when, EventId((u128::from(kept.id[0]) << 64) | u128::from(kept.id[1])))
    }

    /// Keeps a claim of two personal identifiers, if it is the first.
    pub(super) fn note_pair(&mut self, link: &Link) -> Note {
        let pair = (link.anchor.min(link.other), link.anchor.max(link.other));
        let Some(first) = self.pairs.get(&pair).copied() else {
            let place = self.keep(link);
            self.pairs.insert(pair, place);
            return Note::Kept(place);
        };
        if self.key(first) <= link.key() {
            return Note::Known;
        }
        let kept = self.kept.get_mut(first.get()).expect("a pair points at its claim");
        (kept.when, kept.id) = (link.when, halves(link.id));
        if kept.anchor != link.anchor {
            kept.anchor = link.anchor;
            self.rehang(first, link.anchor, link.other);
        }
        Note::Kept(first)
    }

    /// Takes a claim from one identifier's chain into another's.
    fn rehang(&mut self, place: ClaimPlace, from: u32, to: u32) {
        let before = self.at(place).before;
        let hung = |newer: &ClaimPlace| self.at(*newer).before == Some(place);
        let newer = self.on(from).map(|(newer, _)| newer).find(hung);
        match newer {
            Some(newer) => self.kept.get_mut(newer.get()).expect("it was just met").before = before,
            None => *self.heads.grown(from as usize, || None) = before,
        }
        let before = self.heads.grown(to as usize, || None).replace(place);
        self.kept.get_mut(place.get()).expect("a pair points at its claim").before = before;
    }

    /// Keeps a claim with a carrier in it, or a `link`.
    pub(super) fn keep(&mut self, link: &Link) -> ClaimPlace {
        let place = ClaimPlace::new(self.kept.len());
        let head = self.heads.grown(link.other as usize, || None);
        let before = head.replace(place);
        let anchor = if link.commanded { link.anchor | COMMANDED } else { link.anchor };
        self.kept.push(Kept { when: link.when, id: halves(link.id), anchor, before });
        place
    }

    /// Every claim on an identifier, with its place, the newest first.
    pub(super) fn on(&self, other: u32) -> impl Iterator<Item = (ClaimPlace, Link)> + '_ {
        let mut next = self.heads.get(other as usize).copied().flatten();
        std::iter::from_fn(move || {
            let place = next?;
            next = self.at(place).before;
            Some((place, self.link(place, other)))
        })
    }

    /// How many claims there are on all of these.
    pub(super) fn n_on(&self, others: &[u32]) -> usize {
        others.iter().map(|other| self.on(*other).count()).sum()
    }

    /// Takes away the claims on an identifier that are not to stay.
    pub(super) fn retain(&mut self, other: u32, stays: impl Fn(&Link) -> bool) {
        let all: Vec<(ClaimPlace, Link)> = self.on(other).collect();
        if all.iter().all(|(_, link)| stays(link)) {
            return;
        }
        let mut before = None;
        for (place, link) in all.into_iter().rev() {
            let kept = self.kept.get_mut(place.get()).expect("a chain leads to claims");
            if stays(&link) {
                kept.before = before;
                before = Some(place);
            } else {
                // Nothing of a claim that was taken back stays in memory.
                *kept = Kept { when: Timestamp::EPOCH, id: [0; 2], anchor: 0, before: None };
                let pair = (link.anchor.min(link.other), link.anchor.max(link.other));
                if self.pairs.get(&pair) == Some(&place) {
                    self.pairs.remove(&pair);
                }
            }
        }
        *self.heads.grown(other as usize, || None) = before;
    }

    fn link(&self, place: ClaimPlace, other: u32) -> Link {
        let kept = self.at(place);
        let (when, id) = self.key(place);
        let (anchor, commanded) = (kept.anchor & !COMMANDED, kept.anchor & COMMANDED != 0);
        Link { when, id, anchor, other, commanded }
    }

    fn at(&self, place: ClaimPlace) -> &Kept {
        self.kept.get(place.get()).expect("a claim lies at its place")
    }
}

fn halves(id: EventId) -> [u64; 2] {
    [(id.0 >> 64) as u64, id.0 as u64]
}
