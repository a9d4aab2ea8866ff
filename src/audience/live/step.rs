//! One person moved along: answers, then the audiences above them.

use super::super::delta::Cause;
use super::super::eval::NEVER;
use super::super::keep::{decide, worth};
use super::super::people::Bits;
use super::super::plan::Plan;
use super::Live;
use super::flips::Flip;
use crate::query::predicate::Tree;

impl Live {
    /// Answers questions from cells. The audiences above those whose answer has
    /// changed are added to `moved`.
    pub(super) fn answer(&mut self, place: usize, asks: &[u32], at: i64, moved: &mut Vec<u32>) {
        let person = &mut self.people.persons[place];
        for number in asks {
            let question = self.circuit.question(*number);
            let (holds, until) = match (&question.plan, question.ranks) {
                (Plan::Rank, _) => continue,
                (Plan::Value { expr, .. }, Some(ranking)) => {
                    let (value, until) = worth(expr, &person.cells, at);
                    (self.circuit.told(ranking, place, &value), until)
                }
                (plan, _) => decide(plan, &person.cells, at),
            };
            let question = self.circuit.question(*number);
            person.until = person.until.min(until);
            if let Some(clock) = question.clock {
                self.people.clocks.set(place, clock, at, until);
            }
            if self.people.bits.set(place, question.column, holds) {
                moved.extend_from_slice(&question.cone);
            }
        }
    }

    /// Works out audiences anew, inner ones first, and notes who entered and left.
    pub(super) fn propagate(&mut self, place: usize, moved: &mut Vec<u32>, at: i64, cause: Cause) {
        if moved.is_empty() {
            return self.circuit.sign(cause);
        }
        if moved.len() > 1 {
            let circuit = &self.circuit;
            moved.sort_unstable_by_key(|number| (circuit.rank(*number), *number));
            moved.dedup();
        }
        let person = &self.people.persons[place];
        for number in moved.drain(..) {
            let node = self.circuit.node_mut(number);
            let inside = person.exists && holds(&node.formula, &self.people.bits, place);
            if !self.people.bits.set(place, node.column, inside) {
                continue;
            }
            if let Some(label) = node.label {
                node.members.set(person.seat, inside);
                self.stats.flips += 1;
                self.flips.push(Flip { label, seat: person.seat, inside, at, cause });
            }
            if let Some(ranking) = node.ranking {
                let ranking = self.circuit.ranking_mut(ranking);
                if inside { ranking.enter(place) } else { ranking.leave(place) }
            }
        }
        self.circuit.sign(cause);
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

fn holds(formula: &Tree<u32>, bits: &Bits, place: usize) -> bool {
    match formula {
        Tree::All(parts) => parts.iter().all(|part| holds(part, bits, place)),
        Tree::Any(parts) => parts.iter().any(|part| holds(part, bits, place)),
        Tree::Not(inner) => !holds(inner, bits, place),
        Tree::Leaf(column) => bits.get(place, *column),
    }
}
