//! What forgetting left on identifiers that go on: stretches that are nobody's,
//! new names, and instants from which they begin anew.

use super::Stretch;
use crate::model::Timestamp;
use crate::shelf::Table;

/// What forgetting left on one identifier.
#[derive(Clone, Debug, Default)]
pub(super) struct Scar {
    /// Stretches that belong to nobody, half-open.
    pub(super) masks: Vec<(Timestamp, Timestamp)>,
    /// The number that names its first tenure, whose own name was forgotten.
    pub(super) name: Option<u32>,
    /// Where it began anew with nobody, under which name.
    pub(super) cuts: Vec<(Timestamp, u32)>,
}

/// Scars by the number of the identifier.
#[derive(Clone, Debug, Default)]
pub(super) struct Scars {
    by_number: Table<u32, Scar>,
    /// No cut lies after this instant.
    last_cut: Option<Timestamp>,
}

impl Scars {
    pub(super) fn is_empty(&self) -> bool {
        self.by_number.is_empty()
    }

    pub(super) fn get(&self, number: u32) -> Option<&Scar> {
        if self.is_empty() { None } else { self.by_number.get(&number) }
    }

    pub(super) fn insert(&mut self, number: u32, scar: Scar) {
        self.last_cut = scar.cuts.iter().map(|(when, _)| *when).chain(self.last_cut).max();
        self.by_number.insert(number, scar);
    }

    pub(super) fn remove(&mut self, number: u32) {
        self.by_number.remove(&number);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, &Scar)> {
        self.by_number.iter().map(|(number, scar)| (*number, scar))
    }

    pub(super) fn memory(&self) -> usize {
        self.by_number.memory()
    }

    /// Whether one of these identifiers begins anew after an instant.
    pub(super) fn cut_after(&self, when: Timestamp, mut numbers: impl FnMut() -> Vec<u32>) -> bool {
        let cut_later = |number: u32| {
            self.get(number).is_some_and(|scar| scar.cuts.iter().any(|(cut, _)| *cut > when))
        };
        self.last_cut.is_some_and(|last| last > when) && numbers().into_iter().any(cut_later)
    }

    /// Whether the rows of an identifier at an instant are nobody's.
    pub(super) fn masks(&self, number: u32, when: Timestamp) -> bool {
        let masks = self.get(number).map(|scar| &scar.masks[..]).unwrap_or_default();
        masks.iter().any(|(from, to)| *from <= when && when < *to)
    }

    /// A stretch without what was forgotten of it.
    pub(super) fn unmasked(&self, stretch: Stretch) -> Vec<Stretch> {
        let mut left = vec![stretch];
        for (from, to) in self.get(stretch.origin.0).into_iter().flat_map(|scar| &scar.masks) {
            left = left.into_iter().flat_map(|stretch| without(stretch, *from, *to)).collect();
        }
        left
    }
}

/// A stretch up to an instant, that one excluded; none if nothing is left.
pub(super) fn ending(stretch: Stretch, end: Timestamp) -> Option<Stretch> {
    let to = stretch.to.map_or(end, |to| to.min(end));
    (stretch.from < to).then_some(Stretch { to: Some(to), ..stretch })
}

/// A stretch without a piece: up to two.
fn without(stretch: Stretch, from: Timestamp, to: Timestamp) -> Vec<Stretch> {
    let before = ending(stretch, from);
    let after = Stretch { from: stretch.from.max(to), ..stretch };
    let after = after.to.is_none_or(|end| after.from < end).then_some(after);
    before.into_iter().chain(after).collect()
}
