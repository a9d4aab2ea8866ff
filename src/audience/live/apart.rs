//! Many people moved along at once: nobody depends on anybody else, so parts of
//! everybody are worked on by whoever has time.

use super::super::circuit::Circuit;
use super::super::delta::Cause;
use super::super::eval::NEVER;
use super::super::people::{AHEAD, Row, Rows};
use super::blank::Blank;
use super::step::Moves;
use super::{Live, Scratch};
use crate::model::{Event, Ordinal, Timestamp};
use crate::query::Parties;
use crate::query::scan::Runner;
use std::sync::{Mutex, PoisonError};

/// Into so many parts everybody is parted: several for each core, as some have
/// more to do than others.
const PARTS: usize = 16;
/// Fewer people are not worth it.
const MANY: usize = 512;

impl Live {
    /// Moves those along whose deadline has come, if they are many and need nothing but
    /// what is kept of each. Those for whom something waits stay in the list.
    pub(super) fn wake_apart(
        &mut self,
        woken: &mut Vec<(i64, Ordinal)>,
        now: i64,
        run: Runner<'_>,
    ) {
        if woken.len() < MANY || !self.circuit.rows.is_empty() || self.has_ranks() {
            return;
        }
        let n_places = self.part_len();
        let mut places: Vec<Vec<(i64, usize)>> = self.by_part();
        woken.retain(|(at, seat)| {
            let is_alone = !self.is_stale(*seat) && self.waiting.first(*seat).is_none();
            let place = self.people.find(*seat).filter(|_| is_alone);
            place.inspect(|place| places[place / n_places].push((*at, *place))).is_none()
        });
        self.in_parts(run, |(circuit, _), rows, scratch, moves| {
            let of_part = &places[rows.places().start / n_places];
            for some in of_part.chunks(AHEAD) {
                rows.read_ahead(some.iter().map(|(_, place)| *place));
                for (at, place) in some {
                    let row = &mut rows.row(*place);
                    if row.person.wakes() == *at {
                        circuit.walk_alone(row, now, scratch, moves);
                    }
                }
            }
        });
    }

    /// Takes in new rows of people, each person's in their order; see [`Live::event`].
    pub fn events(&mut self, news: &[(Ordinal, &Event)], now: Timestamp, run: Runner<'_>) {
        if self.circuit.is_empty() {
            return;
        }
        if news.len() < MANY || self.has_ranks() {
            return self.events_in_turn(news, now);
        }
        let mut new: Vec<usize> = Vec::new();
        for (n, (seat, _)) in news.iter().enumerate() {
            if !self.is_stale(*seat) && self.people.find(*seat).is_none() {
                self.people.settle_in(*seat);
                new.push(n);
            }
        }
        let n_places = self.part_len();
        let mut parts: Vec<Vec<(usize, usize)>> = self.by_part();
        for (n, (seat, _)) in news.iter().enumerate().filter(|(_, (s, _))| !self.is_stale(*s)) {
            if let Some(place) = self.people.find(*seat) {
                parts[place / n_places].push((place, n));
            }
        }
        self.in_parts(run, |(circuit, parties), rows, scratch, moves| {
            for some in parts[rows.places().start / n_places].chunks(AHEAD) {
                rows.read_ahead(some.iter().map(|(place, _)| *place));
                for (place, n) in some {
                    let row = (&mut rows.row(*place), new.binary_search(n).is_ok());
                    circuit.receive(row, (news[*n].1, parties), now.millis(), scratch, moves);
                }
            }
        });
    }

    fn events_in_turn(&mut self, news: &[(Ordinal, &Event)], now: Timestamp) {
        for some in news.chunks(AHEAD) {
            self.read_ahead(some.iter().map(|(seat, _)| *seat));
            some.iter().for_each(|(seat, event)| self.event(*seat, event, now));
        }
    }

    /// Answers questions about everybody, and works out the audiences above them.
    pub(super) fn answer_all(
        &mut self,
        (asks, in_order): (&[u32], &[u32]),
        (now, cause): (i64, Cause),
        run: Runner<'_>,
    ) {
        let blank = Blank::of(&self.circuit, asks, now);
        self.in_parts(run, |(circuit, _), rows, scratch, moves| {
            for place in rows.places() {
                let row = &mut rows.row(place);
                if !row.person.exists {
                    continue;
                }
                let before = row.person.wakes();
                row.person.since = now;
                blank.put(row, now, &mut scratch.asks);
                circuit.answer(row, &scratch.asks, now, &mut scratch.moved, moves);
                scratch.moved.clear();
                circuit.propagate(row, in_order, (now, cause), moves);
                moves.remind(row, before);
            }
        });
    }

    /// An empty list for each part of everybody.
    pub(super) fn by_part<T>(&self) -> Vec<Vec<T>> {
        let n_parts = self.people.persons.len().div_ceil(self.part_len()).max(1);
        (0..n_parts).map(|_| Vec::new()).collect()
    }

    /// How many places a part of everybody has.
    pub(super) fn part_len(&self) -> usize {
        self.people.persons.len().div_ceil(PARTS).max(1)
    }

    /// Does something with everybody, part by part.
    fn in_parts(
        &mut self,
        run: Runner<'_>,
        work: impl Fn((&Circuit, &Parties), &mut Rows<'_>, &mut Scratch, &mut Moves) + Sync,
    ) {
        let n_places = self.part_len();
        let known = (&self.circuit, &self.parties);
        let parts = self.people.rows().parts(n_places).into_iter();
        let parts: Vec<_> = parts.map(|rows| Mutex::new((rows, Moves::default()))).collect();
        run(parts.len(), &|n| {
            let (rows, moves) = &mut *parts[n].lock().unwrap_or_else(PoisonError::into_inner);
            work(known, rows, &mut Scratch::default(), moves);
        });
        let done = parts.into_iter();
        let all: Vec<Moves> =
            done.map(|part| part.into_inner().unwrap_or_else(PoisonError::into_inner).1).collect();
        all.into_iter().for_each(|moves| self.take_moves(moves));
    }
}

impl Circuit {
    /// Moves somebody along whom nothing waits for, from instant to instant, and
    /// who is answered from cells alone.
    pub(super) fn walk_alone(
        &self,
        row: &mut Row<'_>,
        now: i64,
        scratch: &mut Scratch,
        moves: &mut Moves,
    ) {
        let before = row.person.wakes();
        if row.person.rows_until <= now {
            // Of a question to rows that nobody asks any more.
            row.person.rows_until = NEVER;
        }
        while row.person.until <= now {
            let at = row.person.until.max(row.person.since);
            row.person.since = at;
            scratch.asks.clear();
            let asks = &mut scratch.asks;
            row.person.until = row.clock.due(at, |column| asks.push(self.timed[column as usize]));
            moves.n_due += 1;
            if row.person.exists {
                self.answer(row, &scratch.asks, at, &mut scratch.moved, moves);
                self.put_in_order(&mut scratch.moved);
                self.propagate(row, &scratch.moved, (at, Cause::Time), moves);
                scratch.moved.clear();
            }
        }
        moves.remind(row, before);
    }
}

impl Moves {
    /// Notes when the person wakes, if that is another instant than before.
    pub(super) fn remind(&mut self, row: &Row<'_>, before: i64) {
        let wakes = row.person.wakes();
        if wakes != before && wakes != NEVER {
            self.wakes.push((wakes, row.person.seat));
        }
    }
}
