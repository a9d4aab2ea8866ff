//! What lies at a number: an identifier, its standing, and its tenures.

use super::Groups;
use crate::model::Timestamp;

/// An identifier; in the ring as its first tenure.
#[derive(Clone, Copy, Debug)]
pub(in crate::identity) struct Node {
    pub(in crate::identity) namespace: u16,
    pub(in crate::identity) standing: Standing,
    pub(in crate::identity) superseded: bool,
    /// Whether it was ever an end of a link that came under a carrier.
    pub(in crate::identity) beside: bool,
    /// Whether forgetting somebody has left something on it.
    pub(in crate::identity) scarred: bool,
    pub(in crate::identity) slot: u32,
    pub(in crate::identity) next: Tenure,
    /// Its second tenure and its last, where it was ever handed over.
    pub(in crate::identity) second: Option<Tenure>,
    pub(in crate::identity) last: Option<Tenure>,
}

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::identity) enum Standing {
    /// An identifier's.
    Alive,
    /// An identifier's whose first tenure was forgotten: it names nobody.
    Nameless,
    /// The name alone of what began when somebody was forgotten.
    Name,
    /// A forgotten identifier's.
    Dead,
}

/// A tenure that began with a hand-over.
#[derive(Clone, Copy, Debug)]
pub(in crate::identity) struct Later {
    pub(in crate::identity) number: u32,
    pub(in crate::identity) slot: u32,
    pub(in crate::identity) from: Timestamp,
    pub(in crate::identity) next: Tenure,
    pub(in crate::identity) after: Option<Tenure>,
    pub(in crate::identity) before: Tenure,
}

/// A tenure: the first of an identifier by its number, later ones from the top bit on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::identity) struct Tenure(pub(in crate::identity) std::num::NonZeroU32);

const LATER: u32 = 1 << 31;

impl Tenure {
    pub(in crate::identity) fn first(number: u32) -> Tenure {
        Tenure(std::num::NonZeroU32::new(number).expect("numbers count from one"))
    }

    pub(super) fn later(place: usize) -> Tenure {
        Tenure::first(LATER | place as u32)
    }

    pub(super) fn place(self) -> Result<usize, usize> {
        let bits = self.0.get();
        if bits & LATER == 0 { Ok(bits as usize) } else { Err((bits & !LATER) as usize) }
    }
}

impl Groups {
    pub(in crate::identity) fn namespace(&self, number: u32) -> usize {
        self.node(number).namespace.into()
    }

    pub(in crate::identity) fn standing(&self, number: u32) -> Standing {
        self.nodes.get(number as usize).map_or(Standing::Dead, |node| node.standing)
    }

    pub(in crate::identity) fn stand(&mut self, number: u32, standing: Standing) {
        self.node_mut(number).standing = standing;
        self.own(number);
    }

    pub(in crate::identity) fn is_superseded(&self, number: u32) -> bool {
        self.node(number).superseded
    }

    /// Whether a number is superseded; it counts from the next reset on.
    pub(in crate::identity) fn supersede(&mut self, number: u32, superseded: bool) {
        self.node_mut(number).superseded = superseded;
    }

    /// Notes a link that came under a carrier.
    pub(in crate::identity) fn note_beside(&mut self, a: u32, b: u32) {
        for number in [a, b] {
            if !self.node(number).beside {
                self.node_mut(number).beside = true;
            }
        }
    }

    pub(super) fn node(&self, number: u32) -> &Node {
        self.nodes.get(number as usize).expect("every number was admitted")
    }

    pub(super) fn node_mut(&mut self, number: u32) -> &mut Node {
        self.nodes.get_mut(number as usize).expect("every number was admitted")
    }

    pub(super) fn later_of(&self, tenure: Tenure) -> &Later {
        let place = tenure.place().expect_err("only later tenures are kept apart");
        self.later.get(place).expect("a later tenure lies at its place")
    }

    pub(super) fn later_mut(&mut self, tenure: Tenure) -> &mut Later {
        let place = tenure.place().expect_err("only later tenures are kept apart");
        self.later.get_mut(place).expect("a later tenure lies at its place")
    }
}
