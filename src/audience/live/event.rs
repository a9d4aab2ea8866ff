//! One more event of a person.

use super::super::circuit::Circuit;
use super::super::delta::Cause;
use super::super::keep::{Share, Stamp, put, shares_of};
use super::super::people::{AHEAD, Arrival};
use super::{Live, Scratch};
use crate::model::{Body, Event, Ordinal, Timestamp};
use crate::query::Parties;

impl Live {
    /// How many people are worth reading ahead.
    pub const AHEAD: usize = AHEAD;

    /// Brings near in memory what the next events of these people will need. It
    /// changes nothing but how long those take.
    pub fn read_ahead(&mut self, seats: impl Iterator<Item = Ordinal>) {
        let mut near = [usize::MAX; AHEAD];
        for (near, seat) in near.iter_mut().zip(seats) {
            *near = self.people.find(seat).unwrap_or(usize::MAX);
        }
        self.people.rows().read_ahead(near.into_iter());
    }

    /// Takes in one new row of a person. It may be late; one that lies ahead of
    /// `now` becomes visible by a deadline.
    pub fn event(&mut self, seat: Ordinal, event: &Event, now: Timestamp) {
        if self.circuit.is_empty() || self.afresh.contains_key(&seat.0) {
            return;
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.shares.clear();
        gather(&self.circuit, event, &self.parties, None, &mut scratch.shares);
        self.receive(seat, event, now.millis(), &mut scratch);
        self.scratch = scratch;
    }

    fn receive(&mut self, seat: Ordinal, event: &Event, now: i64, scratch: &mut Scratch) {
        let stamp = Stamp::of(event);
        let rows = &self.circuit.entry(&event.body).rows;
        let place = self.people.find(seat);
        let known = place.map(|place| &self.people.persons[place]);
        if known.is_some_and(|person| stamp.when <= person.since) {
            self.late.push(seat);
        }
        if scratch.shares.is_empty() && rows.is_empty() && known.is_some_and(|p| p.exists) {
            return;
        }
        self.stats.touches += 1;
        if let Some(place) = place.filter(|place| self.people.persons[*place].is_open) {
            return self.take_aside(place, stamp, event, now, scratch);
        }
        let at_once = stamp.when <= now
            && match known {
                Some(person) => {
                    let in_order = person.since <= stamp.when && stamp.when < person.wakes();
                    person.exists && in_order && rows.is_empty()
                }
                None => self.circuit.rows.is_empty(),
            };
        if at_once {
            self.take_in(seat, stamp, cause_of(&event.body), scratch);
        } else {
            let shares = std::mem::take(&mut scratch.shares);
            let arrival = Arrival { shares, asks: rows.clone(), cause: cause_of(&event.body) };
            self.wait(seat, stamp, arrival, now);
        }
    }

    /// An event of somebody whose answers are put off.
    fn take_aside(
        &mut self,
        place: usize,
        stamp: Stamp,
        event: &Event,
        now: i64,
        scratch: &mut Scratch,
    ) {
        if stamp.when > now {
            let asks = self.circuit.entry(&event.body).rows.clone();
            let shares = std::mem::take(&mut scratch.shares);
            let arrival = Arrival { shares, asks, cause: cause_of(&event.body) };
            let seat = self.people.persons[place].seat;
            return self.wait(seat, stamp, arrival, now);
        }
        let person = &mut self.people.persons[place];
        person.exists = true;
        for share in scratch.shares.drain(..) {
            let shape = self.circuit.store(share.store).shape;
            put(&mut person.cells, share.store, shape, stamp, share.load, now);
        }
    }

    /// An event in order: nothing else happens to the person before it.
    fn take_in(&mut self, seat: Ordinal, stamp: Stamp, cause: Cause, scratch: &mut Scratch) {
        let place = self.people.settle_in(seat);
        let person = &mut self.people.persons[place];
        let (born, before) = (!person.exists, person.wakes());
        (person.exists, person.since) = (true, stamp.when);
        scratch.asks.clear();
        let mut last_store = u32::MAX;
        for share in scratch.shares.drain(..) {
            let store = self.circuit.store(share.store);
            put(&mut person.cells, share.store, store.shape, stamp, share.load, stamp.when);
            if last_store != share.store && !born {
                scratch.asks.extend_from_slice(&store.asked);
            }
            last_store = share.store;
        }
        if born {
            scratch.asks.extend_from_slice(&self.circuit.kept);
        }
        self.answer(place, &scratch.asks, stamp.when, &mut scratch.moved);
        if born {
            scratch.moved.extend_from_slice(&self.circuit.order);
        }
        self.propagate(place, &mut scratch.moved, stamp.when, cause);
        self.remind(place, before);
    }

    /// Keeps an arrival until the person is moved along.
    pub(super) fn wait(&mut self, seat: Ordinal, stamp: Stamp, arrival: Arrival, now: i64) {
        let place = self.people.settle_in(seat);
        self.waiting.put(seat, stamp, arrival);
        if stamp.when <= now {
            self.work.push(seat);
        } else {
            let person = &mut self.people.persons[place];
            let before = person.wakes();
            person.until = person.until.min(stamp.when);
            self.remind(place, before);
        }
    }
}

/// What an event gives to every store that it touches, or to those alone that are
/// wanted; a matcher is asked once.
pub(super) fn gather(
    circuit: &Circuit,
    event: &Event,
    parties: &Parties,
    wanted: Option<&[bool]>,
    shares: &mut Vec<Share>,
) {
    let mut matched: (u32, Option<bool>) = (u32::MAX, None);
    for (number, matcher) in &circuit.entry(&event.body).stores {
        if wanted.is_some_and(|wanted| !wanted[*number as usize]) {
            continue;
        }
        let store = circuit.store(*number);
        let known = if matched.0 == *matcher { matched.1 } else { None };
        let answer = shares_of(event, *number, &store.feed, store.shape, known, parties, shares);
        matched = (*matcher, answer);
    }
}

/// Why an audience moves when that arrives.
pub(super) fn cause_of(body: &Body) -> Cause {
    match body {
        Body::Consent { .. } => Cause::Consent,
        _ => Cause::Event,
    }
}
