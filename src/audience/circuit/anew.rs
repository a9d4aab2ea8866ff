//! The same circuit made anew: what has which number there, and by what it is known again.

use super::{Circuit, Node, Question, Store};
use sha2::{Digest, Sha256};
use std::fmt::{self, Write};

/// The numbers that things of a circuit have in one that was made anew of its audiences.
#[derive(Debug, Default)]
pub(in super::super) struct Anew {
    /// By number; none is asked for of what is no more.
    pub(in super::super) stores: Vec<u32>,
    pub(in super::super) questions: Vec<u32>,
    pub(in super::super) rankings: Vec<u32>,
    /// By column of deadlines.
    pub(in super::super) clocks: Vec<u32>,
    /// Columns of answers: here, and there.
    pub(in super::super) columns: Vec<(u32, u32)>,
}

/// The number of what is no more.
const NONE: u32 = u32::MAX;

impl Circuit {
    /// The numbers of everything in a circuit of the same audiences; none if that has
    /// more, or less, or keeps something else.
    pub(in super::super) fn numbers_in(&self, anew: &Circuit) -> Option<Anew> {
        let mut numbers = Anew {
            rankings: matched(&self.rankings, &anew.rankings, |a, b| {
                (&a.by, a.reads, a.falls, &a.among) == (&b.by, b.reads, b.falls, &b.among)
            })?,
            stores: matched(&self.stores, &anew.stores, Store::is_like)?,
            ..Anew::default()
        };
        numbers.questions =
            matched(&self.questions, &anew.questions, |a: &Question, b| numbers.are_one(a, b))?;
        let nodes =
            matched(&self.nodes, &anew.nodes, |a: &Node, b| match (a.ranking, b.ranking) {
                (Some(here), Some(there)) => numbers.rankings[here as usize] == there,
                (None, None) => a.audience == b.audience,
                _ => false,
            })?;
        for (here, there) in pairs(&self.questions, &numbers.questions) {
            let there = anew.question(there);
            numbers.columns.push((here.column, there.column));
            if let (Some(here), Some(there)) = (here.clock, there.clock) {
                let here = here as usize;
                numbers.clocks.resize(numbers.clocks.len().max(here + 1), NONE);
                numbers.clocks[here] = there;
            }
        }
        let nodes = pairs(&self.nodes, &nodes);
        numbers.columns.extend(nodes.map(|(here, there)| (here.column, anew.node(there).column)));
        Some(numbers)
    }

    /// By what it is known that two circuits are made alike: everything that says what is
    /// kept, where it lies and how it is read.
    pub(in super::super) fn print(&self, mut into: Print) -> [u8; 32] {
        for store in self.stores.iter().flatten() {
            into.say(&(&store.feed, store.shape));
        }
        for question in self.questions.iter().flatten() {
            into.say(&(&question.plan, question.column, question.clock));
            into.say(&(question.ranks, question.part_of, question.reach));
            // A part of an order is told by the order, which is told below.
            match question.part_of {
                None => into.say(&question.predicate),
                Some(_) => into.say(&question.cone),
            }
        }
        for node in self.nodes.iter().flatten() {
            into.say(&(&node.audience.name, node.audience.version, &node.audience.zone));
            into.say(&(&node.formula, node.column, node.stratum, node.ranking));
        }
        for ranking in self.rankings.iter().flatten() {
            into.say(&(&ranking.by, ranking.reads, ranking.falls, ranking.population));
            into.say(&ranking.cuts());
        }
        into.0.finalize().into()
    }
}

/// What says something is summed up.
#[derive(Default)]
pub(in super::super) struct Print(Sha256);

impl Print {
    /// Takes in what a thing says of itself.
    pub(in super::super) fn say(&mut self, thing: &dyn fmt::Debug) {
        let _never = write!(self, "{thing:?};");
    }
}

impl Write for Print {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

impl Store {
    fn is_like(&self, other: &Store) -> bool {
        self.feed == other.feed && self.shape == other.shape
    }
}

impl Anew {
    /// Whether two questions are the same, and read the same of what is kept.
    fn are_one(&self, a: &Question, b: &Question) -> bool {
        let number = |of: Option<u32>| of.map(|ranking| self.rankings[ranking as usize]);
        let is_asked = (number(a.ranks), number(a.part_of)) == (b.ranks, b.part_of);
        let (kept, others) = (a.plan.kept(), b.plan.kept());
        let is_read = kept.len() == others.len()
            && kept
                .iter()
                .zip(&others)
                .all(|(a, b)| self.stores[a.store as usize] == b.store && a.reading == b.reading);
        is_asked && is_read && a.clock.is_some() == b.clock.is_some() && a.predicate == b.predicate
    }
}

/// By number, the number of the same thing there; none unless each has exactly one.
fn matched<T>(
    here: &[Option<T>],
    there: &[Option<T>],
    is_same: impl Fn(&T, &T) -> bool,
) -> Option<Vec<u32>> {
    let mut taken = vec![false; there.len()];
    let numbers: Option<Vec<u32>> = here
        .iter()
        .map(|one| {
            let Some(one) = one else { return Some(NONE) };
            let same = |(n, other): (usize, &Option<T>)| {
                !taken[n] && other.as_ref().is_some_and(|other| is_same(one, other))
            };
            let found = there.iter().enumerate().position(same)?;
            taken[found] = true;
            Some(found as u32)
        })
        .collect();
    let is_whole = there.iter().zip(&taken).all(|(one, taken)| one.is_some() == *taken);
    numbers.filter(|_| is_whole)
}

/// Everything that is, with its number there.
fn pairs<'a, T>(here: &'a [Option<T>], there: &'a [u32]) -> impl Iterator<Item = (&'a T, u32)> {
    here.iter().zip(there).filter_map(|(one, number)| Some((one.as_ref()?, *number)))
}
