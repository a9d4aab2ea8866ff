//! How far people come in a sequence.

use super::answer::{among, begun, by_chunk, fill_level};
use super::pattern::Sought;
use super::plan::{Plan, Wish};
use super::rank::{Everyone, Ranks};
use super::slot::{Slots, Table};
use super::source::{ScanError, Source};
use crate::index::Seats;
use crate::model::Timestamp;
use crate::query::predicate::{Pattern, Predicate, Tree};

/// Who of these people fulfils each of some patterns or a later one of them. All are told
/// by one reading of the rows where each is a step or a tail longer than the one before
/// and windows hold for every step; otherwise each by its own.
pub fn reached(
    beginnings: &[&Pattern],
    people: &Seats,
    everyone: Everyone<'_>,
    source: &Source<'_>,
    now: Timestamp,
) -> Result<Vec<Seats>, ScanError> {
    let Some(sought) = Sought::beginnings(beginnings) else {
        return apart(beginnings, people, everyone, source, now);
    };
    let whole = Tree::Leaf(Predicate::Pattern(Box::new(sought.whole.clone())));
    let ranks = Ranks::of(&whole.ranks(), everyone, source, now)?;
    let mut plan = Plan::new(now, &ranks).knowing(source.columns);
    let slot = plan.slot(Wish::Pattern(sought));
    let mut table = begun(&plan, people, source)?;
    for level in 0..plan.n_levels() {
        fill_level(&plan, &mut table, source, Some(people), None, level)?;
    }
    let further = |people: &Seats| -> Vec<Seats> {
        (0..beginnings.len() as u64).map(|n| further_than(n, &table, slot, people)).collect()
    };
    let mut parts = by_chunk(source, people, further)?;
    let of_all =
        |n: usize| Seats::of_chunks(parts.iter_mut().map(|part| std::mem::take(&mut part[n])));
    Ok((0..beginnings.len()).map(of_all).collect())
}

fn apart(
    beginnings: &[&Pattern],
    people: &Seats,
    everyone: Everyone<'_>,
    source: &Source<'_>,
    now: Timestamp,
) -> Result<Vec<Seats>, ScanError> {
    let mut reached = vec![Seats::default(); beginnings.len()];
    let mut further = Seats::default();
    for (reached, beginning) in reached.iter_mut().zip(beginnings).rev() {
        let condition = Tree::Leaf(Predicate::Pattern(Box::new(Pattern::clone(beginning))));
        let ranks = Ranks::of(&condition.ranks(), everyone, source, now)?;
        further = &further | &among(&condition, &ranks, people, source, now)?;
        reached.clone_from(&further);
    }
    Ok(reached)
}

fn further_than(n: u64, table: &Table, slot: usize, people: &Seats) -> Seats {
    match table.slots(slot).0 {
        Slots::Counts(counts) => counts.chosen(people, |_, reached| *reached > n),
        _ => Seats::default(),
    }
}
