//! What keeping an audience costs, as far as that is known without anybody's rows.

use super::super::eval::NEVER;
use super::super::people::People;
use super::super::plan::{Feed, Need, Plan, Shape};
use super::add::Added;
use super::{Circuit, Question};
use crate::model::{Stream, Text};
use crate::query::predicate::{Audience, Predicate};
use std::collections::BTreeSet;
use std::sync::Arc;

/// One predicate of an audience, and what keeping it answered takes.
///
/// ```
/// use std::sync::Arc;
/// use throng::audience::{Class, cost};
/// use throng::model::Zone;
/// use throng::query::predicate::*;
///
/// let order = Matcher(vec![EventFilter { name: Some("order".into()), filter: None }]);
/// let did = Predicate::Did(Occurrence { matcher: order, windows: Vec::new(), count: CountRange::SOME });
/// let condition = Condition::Leaf(did);
/// let audience = |name: &str| {
///     Arc::new(Audience { name: name.into(), version: 1, condition: condition.clone(), zone: Zone::UTC.into() })
/// };
/// let parts = cost(&audience("buyers"), &[audience("customers")]);
/// assert_eq!((parts[0].class, &*parts[0].shared[0]), (Class::Accumulator, "customers"));
/// assert_eq!((parts[0].cells.len(), parts[0].reach_ms), (1, None));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What is asked.
    pub predicate: Predicate,
    /// How it is answered.
    pub class: Class,
    /// Which audences ask the same, so that it is answered once.
    pub shared: Vec<Text>,
    /// What is kept of each person for it.
    pub cells: Vec<CellCost>,
    /// Whether a deadline is kept for each person.
    pub has_clock: bool,
    /// The age from which on rows do not matter; without one, all do.
    pub reach_ms: Option<i64>,
    /// Which calls touch it.
    pub touched_by: Vec<Stream>,
    /// Whether calls of every kind do.
    pub by_all: bool,
    /// Whether events of every name do.
    pub by_any_event: bool,
}

/// How a predicate is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// From a number or a value that each call changes.
    Accumulator,
    /// The same over a window: what leaves it is known beforehand.
    Sliding,
    /// From an instant, whose distance reaches a number at a time that is known.
    Crossing,
    /// From the latest decision on a purpose.
    Decision,
    /// From the events of a sequence or a combination that still matter.
    Marks,
    /// From the rows of a person, read again when one of these calls comes or it is due.
    Rescan,
    /// From an order of people.
    Rank,
    /// From the number of the person alone.
    Drawn,
}

/// What is kept of each person who gave something to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellCost {
    /// What is kept.
    pub what: &'static str,
    /// Bytes, whatever is in it.
    pub bytes: u64,
    /// Bytes for each row that matters.
    pub bytes_per_row: u64,
    /// Which other audiences read it.
    pub shared: Vec<Text>,
}

/// The predicates of an audience in the order of the text, those of audiences that
/// it names among them, beside others that stand.
pub fn cost(audience: &Arc<Audience>, others: &[Arc<Audience>]) -> Vec<Part> {
    let (mut circuit, mut people) = (Circuit::default(), People::default());
    let mut added = Added::default();
    let nodes: Vec<(Text, u32)> = others
        .iter()
        .map(|other| (other.name.clone(), circuit.add(other, &mut people, &mut added)))
        .collect();
    let asked: Vec<(Text, BTreeSet<u32>)> = nodes
        .into_iter()
        .map(|(name, node)| (name, circuit.questions_of(node).into_iter().collect()))
        .collect();
    let own = circuit.add(audience, &mut people, &mut added);
    let own = circuit.questions_of(own);
    own.into_iter().map(|number| circuit.part(number, &asked)).collect()
}

impl Circuit {
    /// The questions of a node and of those inside it, each once.
    fn questions_of(&self, node: u32) -> Vec<u32> {
        let node = self.node(node);
        let inner = node.inner.iter().flat_map(|inner| self.questions_of(*inner));
        let mut found = Vec::new();
        for number in node.questions.iter().copied().chain(inner) {
            if !found.contains(&number) {
                found.push(number);
            }
        }
        found
    }

    fn part(&self, number: u32, asked: &[(Text, BTreeSet<u32>)]) -> Part {
        let question = self.question(number);
        let shared = asked.iter().filter(|(_, all)| all.contains(&number));
        let need = self.need_of(question);
        let reach = self.reach_of(question);
        Part {
            predicate: question.predicate.clone(),
            class: class(&question.plan),
            shared: shared.map(|(name, _)| name.clone()).collect(),
            cells: self.cells(question, asked),
            has_clock: question.clock.is_some(),
            reach_ms: (reach != NEVER).then_some(reach),
            touched_by: need.streams.clone(),
            by_all: need.all,
            by_any_event: need.any_event,
        }
    }

    /// Of a rank what is read is what the value reads that people are ordered by.
    fn need_of(&self, question: &Question) -> Need {
        match &question.predicate {
            Predicate::Ranked(rank) => {
                let mut need = Need::of_value(&rank.value);
                rank.among.leaves().into_iter().for_each(|leaf| need.join(&Need::of(leaf)));
                need
            }
            predicate => Need::of(predicate),
        }
    }

    fn reach_of(&self, question: &Question) -> i64 {
        match question.plan {
            Plan::Rank => NEVER,
            _ => question.reach,
        }
    }

    fn cells(&self, question: &Question, asked: &[(Text, BTreeSet<u32>)]) -> Vec<CellCost> {
        if question.plan == Plan::Rank {
            return vec![self.order_of(question, asked)];
        }
        let mut stores: Vec<u32> = Vec::new();
        for kept in question.plan.kept() {
            if !stores.contains(&kept.store) {
                stores.push(kept.store);
            }
        }
        stores.into_iter().map(|store| self.cell(store, asked)).collect()
    }

    /// An order of people is one for all its parts.
    fn order_of(&self, question: &Question, asked: &[(Text, BTreeSet<u32>)]) -> CellCost {
        let reads = |number: &u32| self.question(*number).part_of == question.part_of;
        let shared = asked.iter().filter(|(_, all)| all.iter().any(reads));
        CellCost {
            what: "the value and a place in the order",
            bytes: 96,
            bytes_per_row: 0,
            shared: shared.map(|(name, _)| name.clone()).collect(),
        }
    }

    fn cell(&self, number: u32, asked: &[(Text, BTreeSet<u32>)]) -> CellCost {
        let store = self.store(number);
        let reads = |question: &u32| {
            let kept = self.question(*question).plan.kept();
            kept.iter().any(|kept| kept.store == number)
        };
        let shared = asked.iter().filter(|(_, all)| all.iter().any(reads));
        let (what, bytes, bytes_per_row) = size(store.shape, &store.feed);
        let shared = shared.map(|(name, _)| name.clone()).collect();
        CellCost { what, bytes, bytes_per_row, shared }
    }
}

fn class(plan: &Plan) -> Class {
    match plan {
        Plan::Aged(_) => Class::Crossing,
        Plan::Consent { .. } => Class::Decision,
        Plan::Rows => Class::Rescan,
        Plan::Pattern(_) => Class::Marks,
        Plan::Rank => Class::Rank,
        Plan::Drawn(_) => Class::Drawn,
        Plan::Count { .. } | Plan::Amount(_) | Plan::Test { .. } | Plan::Value { .. } => {
            let ages = plan.kept().iter().any(|kept| kept.reading.ages());
            if ages { Class::Sliding } else { Class::Accumulator }
        }
    }
}

/// What a cell keeps, how large it is, and how much each row adds.
fn size(shape: Shape, feed: &Feed) -> (&'static str, u64, u64) {
    /// The place in a person's list of cells.
    const CELL: u64 = 32;
    match shape {
        Shape::Tally => ("a number", CELL, 0),
        Shape::Total => ("a number and a sum", CELL + 32, 0),
        Shape::Newest { depth, .. } => ("the newest instants", CELL + 8 * u64::from(depth), 0),
        Shape::Oldest => ("the oldest instant", CELL, 0),
        Shape::Instants { .. } => ("every instant in the window", CELL, 8),
        Shape::Amounts { .. } => ("every amount in the window", CELL + 48, 24),
        Shape::Rows { .. } => ("every value in the window", CELL + 24, 56),
        Shape::Values => ("every different value", CELL + 32, 33),
        Shape::Latest { .. } => ("every different value and when it was last", CELL + 24, 40),
        Shape::First => ("the first value", CELL + 56, 0),
        Shape::Last => ("the last value", CELL + 56, 0),
        Shape::Least => ("the least value", CELL + 32, 0),
        Shape::Greatest => ("the greatest value", CELL + 32, 0),
        Shape::Said => match feed {
            Feed::Attribute { .. } => ("the value of the attribute", CELL + 72, 0),
            _ => ("what was said last", CELL + 72, 0),
        },
        Shape::Marks { .. } => ("every event that may take part", CELL + 24, 40),
        Shape::Decision => ("the latest decision", CELL + 48, 0),
    }
}
