//! An audience leaves the circuit: what nobody shares goes with it.

use super::super::people::People;
use super::Circuit;

/// What is no more.
#[derive(Debug, Default)]
pub(in super::super) struct Released {
    pub(in super::super) stores: Vec<u32>,
    pub(in super::super) questions: Vec<u32>,
}

impl Circuit {
    /// A node stays, whether it stands or not.
    pub(in super::super) fn hold(&mut self, node: u32) {
        self.node_mut(node).uses += 1;
    }

    /// A node is held no longer; whether nothing else needs it.
    pub(in super::super) fn end_hold(&mut self, node: u32) -> bool {
        let node = self.node_mut(node);
        node.uses -= 1;
        node.label.is_none() && node.uses == 0
    }

    /// Lets a node go if it neither stands nor is named by another.
    pub(in super::super) fn release(
        &mut self,
        number: u32,
        people: &mut People,
        gone: &mut Released,
    ) {
        let node = self.node(number);
        if node.label.is_some() || node.uses > 0 {
            return;
        }
        let Some(node) = self.nodes[number as usize].take() else { return };
        people.bits.release(node.column);
        for question in node.questions {
            self.release_question(question, people, gone);
        }
        for inner in node.inner {
            self.node_mut(inner).uses -= 1;
            self.release(inner, people, gone);
        }
    }

    fn release_question(&mut self, number: u32, people: &mut People, gone: &mut Released) {
        let Some(question) = &mut self.questions[number as usize] else { return };
        question.uses -= 1;
        if question.uses > 0 {
            return;
        }
        people.bits.release(question.column);
        if let Some(clock) = question.clock {
            people.clocks.release(clock);
        }
        let stores: Vec<u32> = question.plan.kept().iter().map(|kept| kept.store).collect();
        let question = self.questions[number as usize].take();
        gone.questions.push(number);
        stores.into_iter().for_each(|store| self.release_store(store, gone));
        let population = question.and_then(|question| self.uncut(&question, number));
        population.into_iter().for_each(|node| self.release(node, people, gone));
    }

    fn release_store(&mut self, number: u32, gone: &mut Released) {
        let Some(store) = &mut self.stores[number as usize] else { return };
        store.uses -= 1;
        if store.uses == 0 {
            self.stores[number as usize] = None;
            gone.stores.push(number);
        }
    }
}
