//! The tenures of a group, which lie in a ring, and those of an identifier, which lie in a row.

use super::{Groups, Tenure};
use crate::model::Timestamp;

impl Groups {
    /// The tenures of a group.
    pub(in crate::identity) fn ring(&self, slot: u32) -> Vec<Tenure> {
        let first = Tenure::first(slot);
        let mut ring = vec![first];
        let mut at = self.next(first);
        while at != first {
            ring.push(at);
            at = self.next(at);
        }
        ring
    }

    /// The tenures of an identifier, in order.
    pub(in crate::identity) fn tenures(&self, number: u32) -> impl Iterator<Item = Tenure> + '_ {
        let mut next = Some(Tenure::first(number));
        std::iter::from_fn(move || {
            let tenure = next?;
            next = self.after(tenure);
            Some(tenure)
        })
    }

    /// The tenure of an identifier that holds an instant; its last is looked at first.
    pub(in crate::identity) fn tenure_at(&self, number: u32, when: Timestamp) -> Tenure {
        let mut tenure = self.current(number);
        while self.from(tenure) > when && tenure.place().is_err() {
            tenure = self.later_of(tenure).before;
        }
        tenure
    }

    pub(in crate::identity) fn current(&self, number: u32) -> Tenure {
        self.node(number).last.unwrap_or(Tenure::first(number))
    }

    pub(in crate::identity) fn from(&self, tenure: Tenure) -> Timestamp {
        tenure.place().map_or_else(|_| self.later_of(tenure).from, |_| Timestamp::MIN)
    }

    pub(in crate::identity) fn to(&self, tenure: Tenure) -> Option<Timestamp> {
        self.after(tenure).map(|after| self.later_of(after).from)
    }

    pub(in crate::identity) fn number(&self, tenure: Tenure) -> u32 {
        tenure.place().map_or_else(|_| self.later_of(tenure).number, |number| number as u32)
    }

    pub(super) fn next(&self, tenure: Tenure) -> Tenure {
        tenure.place().map_or_else(|_| self.later_of(tenure).next, |n| self.node(n as u32).next)
    }

    fn after(&self, tenure: Tenure) -> Option<Tenure> {
        tenure.place().map_or_else(|_| self.later_of(tenure).after, |n| self.node(n as u32).second)
    }

    pub(super) fn set_next(&mut self, tenure: Tenure, next: Tenure) {
        match tenure.place() {
            Ok(number) => self.node_mut(number as u32).next = next,
            Err(_) => self.later_mut(tenure).next = next,
        }
    }
}
