//! One person moved along: answers, then the audiences above them.

use super::super::circuit::Circuit;
use super::super::delta::Cause;
use super::super::eval::NEVER;
use super::super::keep::{Stamp, decide, worth};
use super::super::people::{Arrival, BitRow, Row};
use super::super::plan::Plan;
use super::super::scan::drawn;
use super::Live;
use super::flips::Flip;
use crate::model::Ordinal;
use crate::query::predicate::Tree;

/// What comes of moving people along, besides what is kept of them.
#[derive(Debug, Default)]
pub(super) struct Moves {
    pub(super) flips: Vec<Flip>,
    /// What orders of people are told, each by its number.
    ranked: Vec<(u32, Ranked)>,
    /// Who wakes when.
    pub(super) wakes: Vec<(i64, Ordinal)>,
    pub(super) n_due: u64,
    pub(super) n_touches: u64,
    /// What cannot be taken in yet, and whether it is visible.
    pub(super) waits: Vec<(Ordinal, Stamp, Arrival, bool)>,
    /// Who was told of something dated before what was answered already.
    pub(super) late: Vec<Ordinal>,
}

/// What an order of people is told of the person of a place.
#[derive(Debug)]
enum Ranked {
    Told(usize, Option<i128>),
    Inside(usize, bool),
}

impl Circuit {
    /// Answers questions from cells. The audiences above those whose answer has
    /// changed are added to `moved`.
    pub(super) fn answer(
        &self,
        row: &mut Row<'_>,
        asks: &[u32],
        at: i64,
        moved: &mut Vec<u32>,
        moves: &mut Moves,
    ) {
        for number in asks {
            let question = self.question(*number);
            let cells = &row.person.cells;
            let (holds, until) = match (&question.plan, question.ranks) {
                (Plan::Rank, _) => continue,
                (Plan::Value { expr, .. }, Some(ranking)) => {
                    let (value, until) = worth(expr, cells, at);
                    let key = self.ranking(ranking).key(&value);
                    moves.ranked.push((ranking, Ranked::Told(row.place, key)));
                    (key.is_some(), until)
                }
                (Plan::Drawn(draw), _) => (drawn(draw, row.person.seat), NEVER),
                (plan, _) => decide(plan, cells, at),
            };
            row.person.until = row.person.until.min(until);
            if let Some(clock) = question.clock {
                row.clock.set(clock, at, until);
            }
            if row.bits.set(question.column, holds) {
                moved.extend_from_slice(&question.cone);
            }
        }
    }

    /// The same audiences in the order in which they are worked out, each once.
    pub(super) fn put_in_order(&self, moved: &mut Vec<u32>) {
        if moved.len() > 1 {
            let circuit = self;
            moved.sort_unstable_by_key(|number| (circuit.rank(*number), *number));
            moved.dedup();
        }
    }

    /// Works out audiences anew, inner ones first, and notes who entered and left.
    pub(super) fn propagate(
        &self,
        row: &mut Row<'_>,
        in_order: &[u32],
        (at, cause): (i64, Cause),
        moves: &mut Moves,
    ) {
        let (seat, exists) = (row.person.seat, row.person.exists);
        for number in in_order {
            let node = self.node(*number);
            let inside = exists && holds(&node.formula, &row.bits);
            if !row.bits.set(node.column, inside) {
                continue;
            }
            if let Some(label) = node.label {
                moves.flips.push(Flip { label, seat, inside, at, cause });
            }
            if let Some(ranking) = node.ranking {
                moves.ranked.push((ranking, Ranked::Inside(row.place, inside)));
            }
        }
    }
}

impl Live {
    /// See [`Circuit::answer`].
    pub(super) fn answer(&mut self, place: usize, asks: &[u32], at: i64, moved: &mut Vec<u32>) {
        let row = &mut self.people.row(place);
        self.circuit.answer(row, asks, at, moved, &mut self.moves);
    }

    /// See [`Circuit::propagate`].
    pub(super) fn propagate(&mut self, place: usize, moved: &mut Vec<u32>, at: i64, cause: Cause) {
        self.circuit.put_in_order(moved);
        let row = &mut self.people.row(place);
        self.circuit.propagate(row, moved, (at, cause), &mut self.moves);
        moved.clear();
        self.rank(cause);
    }

    /// Orders of people hear what they were told.
    pub(super) fn rank(&mut self, cause: Cause) {
        for (number, told) in self.moves.ranked.drain(..) {
            let ranking = self.circuit.ranking_mut(number);
            match told {
                Ranked::Told(place, key) => ranking.told(place, key),
                Ranked::Inside(place, true) => ranking.enter(place),
                Ranked::Inside(place, false) => ranking.leave(place),
            }
        }
        self.circuit.sign(cause);
    }

    /// Takes in what came of moving others along.
    pub(super) fn take_moves(&mut self, moves: Moves) {
        let Moves { flips, wakes, n_due, n_touches, waits, late, .. } = moves;
        self.stats.due += n_due;
        self.stats.touches += n_touches;
        self.moves.flips.extend(flips);
        self.late.extend(late);
        wakes.into_iter().for_each(|(at, seat)| self.due.put(at, seat));
        self.take_waits(waits);
        self.tidy_due();
    }

    /// What cannot be taken in yet waits until the person is moved along.
    pub(super) fn take_waits(&mut self, waits: Vec<(Ordinal, Stamp, Arrival, bool)>) {
        for (seat, stamp, arrival, is_visible) in waits {
            self.waiting.put(seat, stamp, arrival);
            self.work.extend(is_visible.then_some(seat));
        }
    }

    /// Makes sure that those wake in time of whom that was noted.
    pub(super) fn remind_noted(&mut self) {
        self.stats.due += std::mem::take(&mut self.moves.n_due);
        while let Some((at, seat)) = self.moves.wakes.pop() {
            self.due.put(at, seat);
        }
        self.tidy_due();
    }

    /// Makes sure that the person wakes in time.
    pub(super) fn remind(&mut self, place: usize, before: i64) {
        let person = &self.people.persons[place];
        let wakes = person.wakes();
        if wakes != before && wakes != NEVER {
            self.due.put(wakes, person.seat);
            self.tidy_due();
        }
    }

    /// Old entries go when they are far more than there are people.
    fn tidy_due(&mut self) {
        if self.due.len() <= 4 * self.people.len() + 1_024 {
            return;
        }
        let people = &self.people;
        self.due.retain(|at, seat| {
            people.find(seat).is_some_and(|place| people.persons[place].wakes() == at)
        });
    }
}

fn holds(formula: &Tree<u32>, bits: &BitRow<'_>) -> bool {
    match formula {
        Tree::All(parts) => parts.iter().all(|part| holds(part, bits)),
        Tree::Any(parts) => parts.iter().any(|part| holds(part, bits)),
        Tree::Not(inner) => !holds(inner, bits),
        Tree::Leaf(column) => bits.get(*column),
    }
}
