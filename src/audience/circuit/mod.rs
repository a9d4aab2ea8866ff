//! What is asked of everybody: stores, predicates and audiences, each once
//! however many audiences share it, and which of them an event touches.

mod add;
mod anew;
mod cost;
mod dispatch;
mod rank;
mod release;

use super::eval::NEVER;
use super::plan::{Feed, Need, Plan, Shape};
use super::rank::Ranking;
use crate::index::Seats;
use crate::query::predicate::{Audience, Predicate, Tree};
use dispatch::Dispatch;
use std::sync::Arc;

pub(super) use add::Added;
pub(super) use anew::{Anew, Print};
pub use cost::{CellCost, Class, Part, cost};
pub(super) use dispatch::Entry;
pub(super) use release::Released;

/// What is kept of every person for some accumulators.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) feed: Feed,
    pub(super) shape: Shape,
    uses: u32,
    /// The predicates that read it.
    pub(super) asked: Vec<u32>,
}

/// One question about a person, and the column of its answers.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) predicate: Predicate,
    pub(super) plan: Plan,
    pub(super) need: Need,
    /// The age from which on a row does not matter to it.
    pub(super) reach: i64,
    pub(super) column: u32,
    /// The order of people by the value that it gives, if it gives one.
    pub(super) ranks: Option<u32>,
    /// The order that it asks for a part of.
    part_of: Option<u32>,
    /// The column of its deadlines, if it is answered from cells and time may change it.
    pub(super) clock: Option<u32>,
    uses: u32,
    /// The audiences that it may move, inner ones first.
    pub(super) cone: Vec<u32>,
}

/// An audience, standing or only named by one that stands.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) audience: Arc<Audience>,
    /// The condition over columns of answers.
    pub(super) formula: Tree<u32>,
    questions: Vec<u32>,
    inner: Vec<u32>,
    pub(super) column: u32,
    uses: u32,
    /// Inner audiences have a lower rank.
    rank: u32,
    /// The number under which changes are announced, while it stands.
    pub(super) label: Option<u32>,
    pub(super) members: Seats,
    /// The order of those who are in it.
    pub(super) ranking: Option<u32>,
    /// Whether, and over how many orders, others decide too.
    pub(super) stratum: u32,
}

/// All of it. A number names its store, question or node until that is released.
#[derive(Debug, Default)]
pub(super) struct Circuit {
    pub(super) stores: Vec<Option<Store>>,
    pub(super) questions: Vec<Option<Question>>,
    pub(super) nodes: Vec<Option<Node>>,
    pub(super) rankings: Vec<Option<Ranking>>,
    /// Every order, inner ones first.
    pub(super) strata: Vec<u32>,
    dispatch: Dispatch,
    /// Every question that is answered from cells.
    pub(super) kept: Vec<u32>,
    /// By column of deadlines the question.
    pub(super) timed: Vec<u32>,
    /// Every question that is answered from rows.
    pub(super) rows: Vec<u32>,
    /// What those read.
    pub(super) rows_need: Need,
    /// The age from which on rows do not matter to them.
    pub(super) rows_reach: i64,
    /// What everything reads.
    pub(super) need: Need,
    /// Whether an answer hangs on what people are called.
    pub(super) reads_names: bool,
    /// Every node, inner ones first.
    pub(super) order: Vec<u32>,
}

const LIVE: &str = "numbers are only kept of what is not released";

impl Store {
    /// Until when what happened is of no use to it, now and later.
    pub(super) fn gone(&self, now: i64) -> i64 {
        let begin = match &self.feed {
            Feed::Events { from, .. } => from.saturating_sub(1),
            _ => i64::MIN,
        };
        match self.shape.reach() {
            NEVER => begin,
            reach => begin.max(now.saturating_sub(reach)),
        }
    }
}

impl Circuit {
    pub(super) fn store(&self, number: u32) -> &Store {
        self.stores[number as usize].as_ref().expect(LIVE)
    }

    pub(super) fn question(&self, number: u32) -> &Question {
        self.questions[number as usize].as_ref().expect(LIVE)
    }

    pub(super) fn node(&self, number: u32) -> &Node {
        self.nodes[number as usize].as_ref().expect(LIVE)
    }

    pub(super) fn node_mut(&mut self, number: u32) -> &mut Node {
        self.nodes[number as usize].as_mut().expect(LIVE)
    }

    pub(super) fn ranking(&self, number: u32) -> &Ranking {
        self.rankings[number as usize].as_ref().expect(LIVE)
    }

    pub(super) fn ranking_mut(&mut self, number: u32) -> &mut Ranking {
        self.rankings[number as usize].as_mut().expect(LIVE)
    }

    pub(super) fn rank(&self, node: u32) -> u32 {
        self.node(node).rank
    }

    /// How many different matchers fill stores.
    pub(super) fn n_matchers(&self) -> usize {
        let mut found = Vec::new();
        for store in self.stores.iter().flatten() {
            if let Feed::Events { matcher, .. } = &store.feed
                && !found.contains(&matcher)
            {
                found.push(matcher);
            }
        }
        found.len()
    }

    /// How many different accumulators are read.
    pub(super) fn n_accumulators(&self) -> usize {
        let mut found = Vec::new();
        for kept in self.questions.iter().flatten().flat_map(|question| question.plan.kept()) {
            if !found.contains(&kept) {
                found.push(kept);
            }
        }
        found.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// What an event of that kind and name touches.
    pub(super) fn entry(&self, body: &crate::model::Body) -> &Entry {
        self.dispatch.entry(body)
    }
}

/// A free place in a list, or one at its end.
fn put<T>(list: &mut Vec<Option<T>>, item: T) -> u32 {
    let place = list.iter().position(Option::is_none).unwrap_or(list.len());
    if place == list.len() {
        list.push(None);
    }
    list[place] = Some(item);
    place as u32
}
