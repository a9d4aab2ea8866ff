//! One person computed afresh from their rows.

use super::super::delta::Cause;
use super::super::facts::{Facts, PageError, Wanted};
use super::super::keep::{Share, Stamp, put};
use super::super::people::Arrival;
use super::Live;
use super::event::{cause_of, gather};
use super::since::History;
use crate::model::{Event, Ordinal, Timestamp};

impl Live {
    /// Forgets what is kept of a person and computes everything from their rows.
    pub(super) fn renew(
        &mut self,
        seat: Ordinal,
        cause: Cause,
        facts: &dyn Facts,
        now: i64,
    ) -> Result<(), PageError> {
        let exists = facts.exists(seat);
        let history = self.history_of(seat, exists, facts, now)?;
        let before = self.blank(seat, exists, now);
        // Of somebody whose facts all lie ahead, every one matters: the first makes them exist.
        let need = self.circuit.need.clone();
        let wanted = if exists { need.wanted() } else { Wanted::All };
        self.refill(seat, &wanted, facts, now)?;
        self.conclude(seat, cause, history, before, now);
        Ok(())
    }

    /// What the questions that are answered from rows need, if there are any.
    pub(super) fn history_of(
        &mut self,
        seat: Ordinal,
        exists: bool,
        facts: &dyn Facts,
        now: i64,
    ) -> Result<Option<History>, PageError> {
        let wanted = exists && !self.circuit.rows.is_empty();
        wanted.then(|| self.rows_of(seat, now, facts)).transpose()
    }

    /// Answers everything about a person whose cells are filled.
    pub(super) fn conclude(
        &mut self,
        seat: Ordinal,
        cause: Cause,
        history: Option<History>,
        before: i64,
        now: i64,
    ) {
        let place = self.people.settle_in(seat);
        let exists = self.people.persons[place].exists;
        let mut moved = self.circuit.order.clone();
        if exists {
            let (kept, rows) = (self.circuit.kept.clone(), self.circuit.rows.clone());
            self.answer(place, &kept, now, &mut moved);
            if let Some(history) = &history {
                self.answer_rows(place, &rows, history, now, &mut moved);
            }
        }
        self.propagate(place, &mut moved, now, cause);
        self.await_next(seat, place, before);
        if !exists && self.waiting.first(seat).is_none() {
            self.people.leave(seat);
        }
    }

    /// An empty place for a person, whose deadlines are noted again whatever they were.
    pub(super) fn blank(&mut self, seat: Ordinal, exists: bool, now: i64) -> i64 {
        self.waiting.forget(seat);
        let place = self.people.settle_in(seat);
        let person = &mut self.people.persons[place];
        person.cells = Vec::new();
        self.people.clocks.clear_row(place);
        person.exists = exists;
        person.restart(now);
        i64::MIN
    }

    /// Reads a person's rows into stores. Rows that lie ahead wait.
    fn refill(
        &mut self,
        seat: Ordinal,
        wanted: &Wanted<'_>,
        facts: &dyn Facts,
        now: i64,
    ) -> Result<(), PageError> {
        let place = self.people.settle_in(seat);
        let mut shares = Vec::new();
        facts.events(seat, wanted, Timestamp::MIN, &mut |row| {
            gather(&self.circuit, row, &self.parties, None, &mut shares);
            self.pour(place, row, &mut shares, now);
        })
    }

    /// Puts what a row gives into a person's cells, or lets it wait.
    fn pour(&mut self, place: usize, row: &Event, shares: &mut Vec<Share>, now: i64) {
        let stamp = Stamp::of(row);
        let person = &mut self.people.persons[place];
        if stamp.when > now {
            let asks = self.circuit.entry(&row.body).rows.clone();
            let shares = std::mem::take(shares);
            let arrival = Arrival { shares, asks, cause: cause_of(&row.body) };
            return self.waiting.put(person.seat, stamp, arrival);
        }
        for share in shares.drain(..) {
            let shape = self.circuit.store(share.store).shape;
            put(&mut person.cells, share.store, shape, stamp, share.load, now);
        }
    }

    /// Sees to it that everybody wakes for whom something waits.
    pub(super) fn await_all(&mut self) {
        for (seat, when) in self.waiting.firsts() {
            if let Some(place) = self.people.find(seat) {
                let person = &mut self.people.persons[place];
                let before = person.wakes();
                person.until = person.until.min(when);
                self.remind(place, before);
            }
        }
    }

    /// Sees to it that the person wakes when the next thing becomes visible.
    pub(super) fn await_next(&mut self, seat: Ordinal, place: usize, before: i64) {
        if let Some(stamp) = self.waiting.first(seat) {
            let person = &mut self.people.persons[place];
            person.until = person.until.min(stamp.when);
        }
        self.remind(place, before);
    }
}
