//! One more event of a person.

use super::super::circuit::Circuit;
use super::super::delta::Cause;
use super::super::keep::{Load, Share, Stamp, put, shares_of};
use super::super::pattern::Mark;
use super::super::people::{AHEAD, Arrival, Person, Row};
use super::super::plan::Plan;
use super::step::Moves;
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
        let is_new = self.people.find(seat).is_none();
        let place = self.people.settle_in(seat);
        let Live { circuit, people, parties, scratch, moves, .. } = self;
        circuit.receive(
            (&mut people.row(place), is_new),
            (event, parties),
            now.millis(),
            scratch,
            moves,
        );
        self.end_receiving(cause_of(&event.body));
    }

    /// Sees to what came of events besides what is kept of people.
    fn end_receiving(&mut self, cause: Cause) {
        self.rank(cause);
        self.remind_noted();
        self.stats.touches += std::mem::take(&mut self.moves.n_touches);
        self.late.append(&mut self.moves.late);
        let waits = std::mem::take(&mut self.moves.waits);
        self.take_waits(waits);
    }
}

impl Circuit {
    /// Takes in one new row of somebody, who may be new as well.
    pub(super) fn receive(
        &self,
        (row, is_new): (&mut Row<'_>, bool),
        (event, parties): (&Event, &Parties),
        now: i64,
        scratch: &mut Scratch,
        moves: &mut Moves,
    ) {
        scratch.shares.clear();
        gather(self, event, parties, None, &mut scratch.shares);
        let stamp = Stamp::of(event);
        let rows = &self.entry(&event.body).rows;
        let person = &mut *row.person;
        if !is_new && stamp.when <= person.since {
            moves.late.push(person.seat);
        }
        if scratch.shares.is_empty() && rows.is_empty() && person.exists {
            return;
        }
        moves.n_touches += 1;
        let is_visible = stamp.when <= now;
        if person.is_open && is_visible {
            return self.take_aside(person, stamp, now, scratch);
        }
        let in_order = person.since <= stamp.when && stamp.when < person.wakes();
        let at_once = match is_new {
            true => self.rows.is_empty(),
            false => person.exists && in_order && rows.is_empty(),
        };
        let cause = cause_of(&event.body);
        if is_visible && at_once && !person.is_open {
            return self.take_in(row, stamp, cause, scratch, moves);
        }
        let shares = std::mem::take(&mut scratch.shares);
        let arrival = Arrival { shares, asks: rows.clone(), cause };
        moves.waits.push((person.seat, stamp, arrival, is_visible));
        if !is_visible {
            let before = person.wakes();
            person.until = person.until.min(stamp.when);
            moves.remind(row, before);
        }
    }

    /// An event of somebody whose answers are put off.
    fn take_aside(&self, person: &mut Person, stamp: Stamp, now: i64, scratch: &mut Scratch) {
        person.exists = true;
        for share in scratch.shares.drain(..) {
            let shape = self.store(share.store).shape;
            put(&mut person.cells, share.store, shape, stamp, share.load, now);
        }
    }

    /// An event in order: nothing else happens to the person before it.
    fn take_in(
        &self,
        row: &mut Row<'_>,
        stamp: Stamp,
        cause: Cause,
        scratch: &mut Scratch,
        moves: &mut Moves,
    ) {
        let (born, before) = (!row.person.exists, row.person.wakes());
        let is_last = row.person.since < stamp.when;
        (row.person.exists, row.person.since) = (true, stamp.when);
        scratch.asks.clear();
        let mut last_store = u32::MAX;
        for share in scratch.shares.drain(..) {
            let store = self.store(share.store);
            match &share.load {
                _ if last_store == share.store || born => {}
                Load::Mark(mark, _) if is_last => {
                    let asked = store.asked.iter().filter(|ask| !self.stays(**ask, row, mark));
                    scratch.asks.extend(asked);
                }
                _ => scratch.asks.extend_from_slice(&store.asked),
            }
            let cells = &mut row.person.cells;
            put(cells, share.store, store.shape, stamp, share.load, stamp.when);
            last_store = share.store;
        }
        if born {
            scratch.asks.extend_from_slice(&self.kept);
        }
        self.answer(row, &scratch.asks, stamp.when, &mut scratch.moved, moves);
        if born {
            scratch.moved.extend_from_slice(&self.order);
        }
        self.put_in_order(&mut scratch.moved);
        self.propagate(row, &scratch.moved, (stamp.when, cause), moves);
        scratch.moved.clear();
        moves.remind(row, before);
    }

    /// Whether the answer to a question about a pattern need not be looked for again when
    /// an event comes that is later than all others of the person.
    fn stays(&self, ask: u32, row: &Row<'_>, mark: &Mark) -> bool {
        let question = self.question(ask);
        let Plan::Pattern(sought) = &question.plan else { return false };
        sought.stays(row.bits.get(question.column), mark)
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
