//! Orders of people settled: who passes a cut, and whom that moves further on.

use super::super::circuit::Circuit;
use super::super::delta::Cause;
use super::Live;
use crate::model::Value;

impl Live {
    /// Whether others decide on somebody's answers.
    pub(super) fn has_ranks(&self) -> bool {
        !self.circuit.strata.is_empty()
    }

    /// Finds the parts of every order that has moved, inner orders first: what
    /// comes of those may move the outer ones.
    pub(super) fn settle_ranks(&mut self, at: i64) {
        for place in 0..self.circuit.strata.len() {
            let number = self.circuit.strata[place];
            if self.circuit.ranking(number).is_open() {
                self.settle_rank(number, at);
            }
        }
    }

    fn settle_rank(&mut self, number: u32, at: i64) {
        let mut passed: Vec<(usize, u32)> = Vec::new();
        let Some(ranking) = &mut self.circuit.rankings[number as usize] else { return };
        let questions = &self.circuit.questions;
        let bits = &mut self.people.bits;
        ranking.settle(&mut |question, place, is_in| {
            let column = questions[question as usize].as_ref().map(|question| question.column);
            if column.is_some_and(|column| bits.set(place, column, is_in)) {
                passed.push((place, question));
            }
        });
        let cause = ranking.cause.take().unwrap_or(Cause::Time);
        passed.sort_unstable();
        let mut moved = Vec::new();
        for of_one in passed.chunk_by(|a, b| a.0 == b.0) {
            let cones = of_one.iter().map(|(_, question)| &self.circuit.question(*question).cone);
            cones.for_each(|cone| moved.extend_from_slice(cone));
            self.propagate(of_one[0].0, &mut moved, at, cause);
        }
    }
}

impl Circuit {
    /// The value of somebody is told to an order; whether it is one that is ordered.
    pub(super) fn told(&mut self, ranking: u32, place: usize, value: &Value) -> bool {
        let ranking = self.ranking_mut(ranking);
        let key = ranking.key(value);
        ranking.told(place, key);
        key.is_some()
    }

    /// What moved in an order did so for this cause.
    pub(super) fn sign(&mut self, cause: Cause) {
        for ranking in self.rankings.iter_mut().flatten().filter(|ranking| ranking.is_stirred) {
            ranking.is_stirred = false;
            ranking.cause = Some(ranking.cause.map_or(cause, |before| before.min(cause)));
        }
    }
}
