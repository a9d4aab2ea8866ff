//! An audience joins the circuit: what is there already is shared.

use super::super::people::People;
use super::super::plan::{Feed, Need, Plan, Shape, Stores, plan, reach};
use super::{Circuit, Node, Question, Store, put};
use crate::index::Seats;
use crate::query::predicate::{Audience, Condition, Predicate, Tree};
use std::sync::Arc;

/// What an audience brought that was not there.
#[derive(Debug, Default)]
pub(in super::super) struct Added {
    /// Stores that are empty, or must reach further than they were filled.
    pub(in super::super) stores: Vec<u32>,
    pub(in super::super) questions: Vec<u32>,
    /// Inner ones first.
    pub(in super::super) nodes: Vec<u32>,
}

/// The parts of a node while its condition is walked.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) questions: Vec<u32>,
    pub(super) inner: Vec<u32>,
}

impl Circuit {
    /// The node of an audience, made if it is not there yet.
    pub(in super::super) fn add(
        &mut self,
        audience: &Arc<Audience>,
        people: &mut People,
        added: &mut Added,
    ) -> u32 {
        let same = |node: &Option<Node>| node.as_ref().is_some_and(|n| n.audience == *audience);
        if let Some(place) = self.nodes.iter().position(same) {
            return place as u32;
        }
        let mut parts = Parts::default();
        let formula = self.formula(&audience.condition, people, added, &mut parts);
        let node = Node {
            audience: audience.clone(),
            formula,
            rank: self.rank_above(&parts),
            stratum: self.stratum_above(&parts),
            questions: parts.questions,
            inner: parts.inner,
            column: people.bits.column(),
            uses: 0,
            label: None,
            members: Seats::default(),
            ranking: None,
        };
        let number = put(&mut self.nodes, node);
        added.nodes.push(number);
        number
    }

    /// The rank of what is made of these.
    pub(super) fn rank_above(&self, parts: &Parts) -> u32 {
        parts.inner.iter().map(|inner| self.node(*inner).rank + 1).max().unwrap_or(0)
    }

    /// The stratum of what is made of these.
    pub(super) fn stratum_above(&self, parts: &Parts) -> u32 {
        let inner = parts.inner.iter().map(|inner| self.node(*inner).stratum);
        let questions = parts.questions.iter().map(|question| self.stratum_of(*question));
        inner.chain(questions).max().unwrap_or(0)
    }

    pub(super) fn formula(
        &mut self,
        condition: &Condition,
        people: &mut People,
        added: &mut Added,
        parts: &mut Parts,
    ) -> Tree<u32> {
        let mut all = |many: &[Condition]| -> Vec<Tree<u32>> {
            many.iter().map(|one| self.formula(one, people, added, parts)).collect()
        };
        match condition {
            Tree::All(many) => Tree::All(all(many)),
            Tree::Any(many) => Tree::Any(all(many)),
            Tree::Not(one) => self.formula(one, people, added, parts).not(),
            Tree::Leaf(Predicate::InAudience(audience)) => {
                let inner = self.add(audience, people, added);
                self.node_mut(inner).uses += 1;
                parts.inner.push(inner);
                Tree::Leaf(self.node(inner).column)
            }
            Tree::Leaf(predicate @ Predicate::Ranked(rank)) => {
                let number = self.ask_rank(predicate, rank, people, added);
                parts.questions.push(number);
                Tree::Leaf(self.question(number).column)
            }
            Tree::Leaf(predicate) => {
                let number = self.ask(predicate, people, added);
                parts.questions.push(number);
                Tree::Leaf(self.question(number).column)
            }
        }
    }

    fn ask(&mut self, predicate: &Predicate, people: &mut People, added: &mut Added) -> u32 {
        let same = |q: &Option<Question>| {
            q.as_ref().is_some_and(|q| q.predicate == *predicate && q.ranks.is_none())
        };
        let number = match self.questions.iter().position(same) {
            Some(place) => place as u32,
            None => self.new_question(predicate, people, added),
        };
        if let Some(question) = &mut self.questions[number as usize] {
            question.uses += 1;
        }
        number
    }

    /// A plan reads its stores from here on.
    pub(super) fn use_stores(&mut self, plan: &Plan) {
        for kept in plan.kept() {
            if let Some(store) = &mut self.stores[kept.store as usize] {
                store.uses += 1;
            }
        }
    }

    fn new_question(
        &mut self,
        predicate: &Predicate,
        people: &mut People,
        added: &mut Added,
    ) -> u32 {
        let plan = plan(predicate, &mut Filling { stores: &mut self.stores, added });
        self.use_stores(&plan);
        let timed = plan != Plan::Rows && plan.is_timed();
        let question = Question {
            predicate: predicate.clone(),
            clock: timed.then(|| people.clocks.column()),
            plan,
            need: Need::of(predicate),
            reach: reach(predicate),
            column: people.bits.column(),
            ranks: None,
            part_of: None,
            uses: 0,
            cone: Vec::new(),
        };
        let number = put(&mut self.questions, question);
        added.questions.push(number);
        number
    }
}

/// Where plans ask for stores.
pub(super) struct Filling<'a> {
    pub(super) stores: &'a mut Vec<Option<Store>>,
    pub(super) added: &'a mut Added,
}

impl Stores for Filling<'_> {
    fn store(&mut self, feed: Feed, shape: Shape) -> u32 {
        let same = |store: &Option<Store>| {
            store.as_ref().is_some_and(|s| s.shape.is_like(shape) && s.feed == feed)
        };
        let place = self.stores.iter().position(same);
        let Some(place) = place else {
            let store = Store { feed, shape, uses: 0, asked: Vec::new() };
            let number = put(self.stores, store);
            self.added.stores.push(number);
            return number;
        };
        let number = place as u32;
        if let Some(store) = &mut self.stores[place] {
            let joined = store.shape.joined(shape);
            if joined != store.shape && !self.added.stores.contains(&number) {
                self.added.stores.push(number);
            }
            store.shape = joined;
        }
        number
    }
}
