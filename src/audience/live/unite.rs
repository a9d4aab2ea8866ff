//! Two people become one: what is kept of both is united, and no row is read.

use super::super::delta::Cause;
use super::super::facts::{Facts, PageError};
use super::super::keep::{put, unite};
use super::Live;
use crate::model::{Ordinal, Timestamp};

impl Live {
    /// From here on everything of `gone` is `stays`'s, who is decided anew at the next
    /// [`Live::settle`]. Until then events of theirs are only taken in.
    pub fn unite(&mut self, gone: Ordinal, stays: Ordinal, now: Timestamp) {
        if self.circuit.is_empty() {
            return;
        }
        if [gone, stays].iter().any(|seat| self.afresh.contains_key(&seat.0)) {
            return self.regrouped(&[gone, stays]);
        }
        let Some(from) = self.people.find(gone) else { return self.renamed(stays) };
        let into = self.people.settle_in(stays);
        let other = std::mem::take(&mut self.people.persons[from].cells);
        let exists = self.people.persons[from].exists;
        let person = &mut self.people.persons[into];
        unite(&mut person.cells, other, |store| self.circuit.store(store).shape);
        person.exists |= exists;
        self.waiting.hand_over(gone, stays);
        self.vanish(from, now.millis());
        self.open(into, stays);
    }

    /// A person has one more name, of which nothing else was known: whatever
    /// asks for names is to be decided anew.
    fn renamed(&mut self, seat: Ordinal) {
        if self.circuit.reads_names
            && let Some(place) = self.people.find(seat)
        {
            self.open(place, seat);
        }
    }

    /// Nobody is there any more: they leave every audience.
    fn vanish(&mut self, place: usize, now: i64) {
        let person = &mut self.people.persons[place];
        let seat = person.seat;
        person.exists = false;
        let mut moved = self.circuit.order.clone();
        self.propagate(place, &mut moved, now, Cause::Identity);
        self.people.leave(seat);
    }

    /// Puts the answers of a person off.
    fn open(&mut self, place: usize, seat: Ordinal) {
        let person = &mut self.people.persons[place];
        if !person.is_open {
            person.is_open = true;
            self.united.push(seat);
        }
    }

    /// Decides everything about a person who was put together of several.
    pub(super) fn decide_united(
        &mut self,
        seat: Ordinal,
        facts: &dyn Facts,
        now: i64,
    ) -> Result<(), PageError> {
        let place = self.people.find(seat).filter(|place| self.people.persons[*place].is_open);
        let Some(place) = place else { return Ok(()) };
        while let Some(stamp) = self.waiting.first(seat).filter(|stamp| stamp.when <= now) {
            let Some(arrival) = self.waiting.take(seat, stamp) else { break };
            let person = &mut self.people.persons[place];
            person.exists = true;
            for share in arrival.shares {
                let shape = self.circuit.store(share.store).shape;
                put(&mut person.cells, share.store, shape, stamp, share.load, now);
            }
        }
        let history = self.history_of(seat, self.people.persons[place].exists, facts, now)?;
        let before = self.people.persons[place].wakes();
        self.people.clocks.clear_row(place);
        self.people.persons[place].restart(now);
        self.conclude(seat, Cause::Identity, history, before, now);
        Ok(())
    }
}
