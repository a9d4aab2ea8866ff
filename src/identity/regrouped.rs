//! Who regrouped: the seats that a change of identity touched.

use crate::model::Ordinal;

/// Seats whose stretches, identifiers or user id changed; sorted and distinct.
///
/// ```
/// use throng::identity::Regrouped;
/// use throng::model::Ordinal;
/// let mut change = Regrouped::new(vec![], vec![Ordinal(3)]);
/// change.then(Regrouped::new(vec![Ordinal(1), Ordinal(3)], vec![Ordinal(1)]));
/// assert_eq!(change, Regrouped::new(vec![Ordinal(1)], vec![Ordinal(1)]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regrouped {
    /// Those that were there before.
    pub before: Vec<Ordinal>,
    /// Those that are there after.
    pub after: Vec<Ordinal>,
    /// If nobody was parted from anything: who went whole into whom, in order.
    pub unions: Option<Vec<(Ordinal, Ordinal)>>,
}

impl Default for Regrouped {
    fn default() -> Regrouped {
        Regrouped { before: Vec::new(), after: Vec::new(), unions: Some(Vec::new()) }
    }
}

impl Regrouped {
    /// A change from these seats to those, in any order.
    pub fn new(mut before: Vec<Ordinal>, mut after: Vec<Ordinal>) -> Regrouped {
        for seats in [&mut before, &mut after] {
            seats.sort_unstable();
            seats.dedup();
        }
        Regrouped { before, after, unions: None }
    }

    /// An identifier is new, and somebody of whom nothing else is known.
    pub(super) fn born(number: u32) -> Regrouped {
        Regrouped { before: Vec::new(), after: vec![Ordinal(number)], unions: Some(Vec::new()) }
    }

    /// Two people are one from here on, under the lesser number.
    pub(super) fn joined(a: u32, b: u32) -> Regrouped {
        let (stays, goes) = (Ordinal(a.min(b)), Ordinal(a.max(b)));
        let (before, after) = (vec![stays, goes], vec![stays]);
        Regrouped { before, after, unions: Some(vec![(goes, stays)]) }
    }

    /// Whether nobody was touched.
    pub fn is_empty(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    /// Lets another change follow: a seat that came and went in between is not told.
    pub fn then(&mut self, next: Regrouped) {
        if next.is_empty() {
            return;
        }
        if self.is_empty() {
            *self = next;
            return;
        }
        let was_made = |seat: &Ordinal| {
            self.after.binary_search(seat).is_ok() && self.before.binary_search(seat).is_err()
        };
        let was_lost = |seat: &Ordinal| {
            next.before.binary_search(seat).is_ok() && next.after.binary_search(seat).is_err()
        };
        let before = next.before.iter().copied().filter(|seat| !was_made(seat));
        let before = before.chain(self.before.iter().copied()).collect();
        let after = self.after.iter().copied().filter(|seat| !was_lost(seat));
        let after = after.chain(next.after.iter().copied()).collect();
        let unions = self.unions.take().zip(next.unions);
        let unions = unions.map(|(mut first, then)| {
            first.extend(then);
            first
        });
        *self = Regrouped { unions, ..Regrouped::new(before, after) };
    }
}
