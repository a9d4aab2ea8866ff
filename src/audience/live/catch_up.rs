//! Everybody brought up to an instant.

use super::super::delta::Cause;
use super::super::eval::{Leaves, NEVER, steady};
use super::super::facts::{Facts, PageError, Wanted};
use super::super::keep::put;
use super::super::people::AHEAD;
use super::since::History;
use super::{Live, Scratch};
use crate::model::{Event, Ordinal, Text, Timestamp};
use crate::query::Parties;
use crate::query::scan::Runner;
use std::sync::LazyLock;

/// What one step has to ask.
#[derive(Default)]
struct Step {
    rows: Vec<u32>,
    cause: Option<Cause>,
}

impl Live {
    /// Takes in everything that waits, and everything that falls due up to `now`.
    pub(super) fn catch_up(&mut self, facts: &dyn Facts, now: i64) -> Result<(), PageError> {
        if *facts.parties() != self.parties {
            self.parties = facts.parties().clone();
            let everybody: Vec<Ordinal> = self.people.each().map(|(seat, _)| seat).collect();
            self.compute_afresh(&everybody, Cause::Definition);
        }
        while let Some((seat, cause)) = self.afresh.first_key_value().map(|(s, c)| (*s, *c)) {
            self.renew(Ordinal(seat), cause, facts, now)?;
            self.afresh.remove(&seat);
        }
        self.carry_on(facts, now)
    }

    /// What can be done without anybody's rows is done before the rest.
    ///
    /// Nobody depends on anybody else, so whoever is to be computed afresh can wait;
    /// unless people are ranked among one another.
    pub fn settle_alone(&mut self, parties: &Parties, now: Timestamp, run: Runner<'_>) {
        if self.circuit.rows.is_empty() && *parties == self.parties && !self.has_ranks() {
            // Rows are read for questions that are answered from rows, and there is none.
            let _never = self.carry_on(&Unread(run), now.millis());
        }
    }

    /// Takes in what waits and what falls due, but for those to be computed afresh.
    fn carry_on(&mut self, facts: &dyn Facts, now: i64) -> Result<(), PageError> {
        while let Some(seat) = self.united.last().copied() {
            if !self.is_stale(seat) {
                self.decide_united(seat, facts, now)?;
            }
            self.united.pop();
        }
        while let Some(seat) = self.work.last().copied() {
            self.walk(seat, facts, now)?;
            self.work.pop();
        }
        // Who passes whom is a matter of the order in which people wake.
        while self.has_ranks()
            && let Some(next) = self.due.first().map(|(at, _)| at).filter(|at| *at < now)
        {
            self.wake_upto(facts, next)?;
            self.settle_ranks(next);
        }
        self.wake_upto(facts, now)?;
        self.settle_ranks(now);
        Ok(())
    }

    fn wake_upto(&mut self, facts: &dyn Facts, now: i64) -> Result<(), PageError> {
        let mut woken = std::mem::take(&mut self.scratch.woken);
        self.due.take(now, &mut woken);
        self.wake_apart(&mut woken, now, facts.run());
        let walked = self.wake(&mut woken, facts, now);
        self.scratch.woken = woken;
        walked
    }

    /// Moves those along whose deadline has come. People do not depend on one
    /// another, so several are read ahead while the ones before them are worked on.
    fn wake(
        &mut self,
        woken: &mut Vec<(i64, Ordinal)>,
        facts: &dyn Facts,
        now: i64,
    ) -> Result<(), PageError> {
        while !woken.is_empty() {
            let from = woken.len().saturating_sub(AHEAD);
            self.read_ahead(woken[from..].iter().map(|(_, seat)| *seat));
            while let Some((at, seat)) = woken.get(from..).and_then(<[_]>::last).copied() {
                let place = self.people.find(seat);
                if place.is_some_and(|place| self.people.persons[place].wakes() == at)
                    && let Err(error) = self.walk(seat, facts, now)
                {
                    woken.drain(..).for_each(|(at, seat)| self.due.put(at, seat));
                    return Err(error);
                }
                woken.pop();
            }
        }
        Ok(())
    }

    /// Whether everything of a person is to be read again.
    pub(super) fn is_stale(&self, seat: Ordinal) -> bool {
        !self.afresh.is_empty() && self.afresh.contains_key(&seat.0)
    }

    /// Moves one person along, from instant to instant.
    fn walk(&mut self, seat: Ordinal, facts: &dyn Facts, now: i64) -> Result<(), PageError> {
        let Some(place) = self.people.find(seat).filter(|_| !self.is_stale(seat)) else {
            return Ok(());
        };
        if self.circuit.rows.is_empty() && self.waiting.first(seat).is_none() && !self.has_ranks() {
            let Live { circuit, people, scratch, moves, .. } = self;
            circuit.walk_alone(&mut people.row(place), now, scratch, moves);
            self.remind_noted();
            return Ok(());
        }
        let before = self.people.persons[place].wakes();
        let waits = self.waiting.first(seat).is_some_and(|stamp| stamp.when <= now);
        let rows_due = self.people.persons[place].rows_until <= now;
        let history = if !self.circuit.rows.is_empty() && (waits || rows_due) {
            let first = self.waiting.first(seat).map_or(NEVER, |stamp| stamp.when).min(before);
            Some(self.rows_of(seat, first.max(self.people.persons[place].since), facts)?)
        } else {
            None
        };
        let mut scratch = std::mem::take(&mut self.scratch);
        loop {
            let waits = self.waiting.first(seat).map_or(NEVER, |stamp| stamp.when);
            let next = self.people.persons[place].wakes().min(waits);
            if next > now {
                break;
            }
            self.step(place, next, history.as_ref(), &mut scratch);
        }
        self.scratch = scratch;
        self.remind(place, before);
        Ok(())
    }

    /// What the questions need that are answered from rows, from an instant on.
    pub(super) fn rows_of(
        &mut self,
        seat: Ordinal,
        at: i64,
        facts: &dyn Facts,
    ) -> Result<History, PageError> {
        self.stats.rescans += 1;
        let from = at.saturating_sub(self.circuit.rows_reach);
        History::wanted(seat, &self.circuit.rows_need.wanted(), from, facts)
    }

    fn step(&mut self, place: usize, next: i64, history: Option<&History>, scratch: &mut Scratch) {
        let existed = self.people.persons[place].exists;
        let at = next.max(self.people.persons[place].since);
        scratch.asks.clear();
        let mut step = self.arrive(place, at, scratch);
        let person = &mut self.people.persons[place];
        person.since = at;
        if person.exists && !existed {
            scratch.asks.clone_from(&self.circuit.kept);
            step.rows.clone_from(&self.circuit.rows);
            scratch.moved.extend_from_slice(&self.circuit.order);
        }
        self.stats.due += u64::from(person.wakes() <= at);
        if person.until <= at {
            let timed = &self.circuit.timed;
            let ask = |column: u32| scratch.asks.push(timed[column as usize]);
            let mut row = self.people.row(place);
            row.person.until = row.clock.due(at, ask);
        }
        let person = &mut self.people.persons[place];
        if person.rows_until <= at {
            person.rows_until = NEVER;
            step.rows.clone_from(&self.circuit.rows);
        }
        if self.people.persons[place].exists {
            self.answer(place, &scratch.asks, at, &mut scratch.moved);
            if let Some(history) = history {
                self.answer_rows(place, &step.rows, history, at, &mut scratch.moved);
            }
            self.propagate(place, &mut scratch.moved, at, step.cause.unwrap_or(Cause::Time));
        }
        let person = &mut self.people.persons[place];
        if let Some(stamp) = self.waiting.first(person.seat) {
            person.until = person.until.min(stamp.when.max(at + 1));
        }
    }

    /// Takes in what is visible at an instant.
    fn arrive(&mut self, place: usize, at: i64, scratch: &mut Scratch) -> Step {
        let mut step = Step::default();
        let person = &mut self.people.persons[place];
        while let Some(stamp) = self.waiting.first(person.seat).filter(|stamp| stamp.when <= at) {
            let Some(arrival) = self.waiting.take(person.seat, stamp) else { break };
            if stamp.when <= person.since {
                self.late.push(person.seat);
            }
            step.cause = Some(step.cause.map_or(arrival.cause, |cause| cause.min(arrival.cause)));
            step.rows.extend(arrival.asks);
            for share in arrival.shares {
                let store = self.circuit.store(share.store);
                put(&mut person.cells, share.store, store.shape, stamp, share.load, at);
                scratch.asks.extend_from_slice(&store.asked);
            }
            person.exists = true;
        }
        step
    }

    /// Answers questions from rows.
    pub(super) fn answer_rows(
        &mut self,
        place: usize,
        asks: &[u32],
        history: &History,
        at: i64,
        moved: &mut Vec<u32>,
    ) {
        let person = &mut self.people.persons[place];
        for number in asks {
            let question = self.circuit.question(*number);
            let scan = history.at(&self.parties, at);
            let holds = match question.ranks {
                Some(ranking) => {
                    let value = steady(&self.circuit.ranking(ranking).by, &scan, at);
                    self.circuit.told(ranking, place, &value)
                }
                None => scan.decide(&question.predicate),
            };
            let question = self.circuit.question(*number);
            person.rows_until = person.rows_until.min(scan.horizon().get());
            if self.people.bits.set(place, question.column, holds) {
                moved.extend_from_slice(&question.cone);
            }
        }
    }
}

/// Nobody's rows: nothing is asked of them.
struct Unread<'r>(Runner<'r>);

impl Facts for Unread<'_> {
    fn exists(&self, _: Ordinal) -> bool {
        false
    }

    fn each(&self, _: &mut dyn FnMut(Ordinal)) {}

    fn events(
        &self,
        _: Ordinal,
        _: &Wanted<'_>,
        _: Timestamp,
        _: &mut dyn FnMut(&Event),
    ) -> Result<(), PageError> {
        Ok(())
    }

    fn user_id(&self, _: Ordinal) -> Option<Text> {
        None
    }

    fn run(&self) -> Runner<'_> {
        self.0
    }

    fn parties(&self) -> &Parties {
        static NONE: LazyLock<Parties> = LazyLock::new(Parties::default);
        &NONE
    }
}
