//! Questions put to everybody.

use super::choose::Choice;
use super::pass::{Level, Together, fill, was_known};
use super::plan::Plan;
use super::plan::tree::{Decided, Expr};
use super::rank::{Everyone, Ranks};
use super::score::scores;
use super::slot::{Among, Held, Table};
use super::source::{ScanError, Source};
use super::value::{Here, value};
use crate::index::Seats;
use crate::model::{Ordinal, Timestamp, Value};
use crate::query::predicate::{self, Aggregate, Condition, PersonLeaf, Rank, Tree};
use crate::timeline::{ColumnKey, Wanted};
use std::sync::OnceLock;

/// Who of these people fulfils a condition at an instant.
///
/// ```
/// use throng::identity::Identity;
/// use throng::index::Seats;
/// use throng::model::{Ordinal, Timestamp};
/// use throng::query::predicate::Condition;
/// use throng::query::{Parties, scan};
/// use throng::timeline::{MemoryPages, Timeline};
///
/// let source = scan::Source {
///     timeline: &Timeline::default(),
///     pages: &MemoryPages::default(),
///     identity: &Identity::default(),
///     parties: &Parties::default(),
///     known: None,
///     columns: None,
///     stop: &|| false,
///     run: &scan::one_by_one,
///     written_max: scan::WRITTEN_BYTES,
/// };
/// let everyone: Seats = [Ordinal(1), Ordinal(7)].into_iter().collect();
/// let all = scan::scan(&Condition::always(), &everyone, &source, Timestamp::EPOCH);
/// assert_eq!(all, Ok(everyone));
/// ```
pub fn scan(
    condition: &Condition,
    everyone: &Seats,
    source: &Source<'_>,
    now: Timestamp,
) -> Result<Seats, ScanError> {
    let ranks = Ranks::of(&condition.ranks(), &|| Ok(everyone.clone()), source, now)?;
    among(condition, &ranks, everyone, source, now)
}

/// The same when it is known who is in which rank.
pub(super) fn among(
    condition: &Condition,
    ranks: &Ranks<'_>,
    everyone: &Seats,
    source: &Source<'_>,
    now: Timestamp,
) -> Result<Seats, ScanError> {
    let plan = Plan::new(now, ranks).knowing(source.columns);
    Told::of(plan, condition, &[], everyone, source).map(|told| told.people)
}

/// So many chunks of people are not worth parting where nobody is looked at alone.
const FEW_CHUNKS: usize = 8;

/// Those who fulfil a condition, and what values of theirs are read from.
pub(super) struct Told<'c> {
    pub people: Seats,
    pub plan: Plan<'c>,
    pub table: Table,
    pub exprs: Vec<Expr>,
}

impl<'c> Told<'c> {
    /// The rows that the condition asks for are read together with those of the values.
    pub fn of(
        mut plan: Plan<'c>,
        condition: &'c Condition,
        exprs: &[&'c predicate::Expr<PersonLeaf>],
        everyone: &Seats,
        source: &Source<'_>,
    ) -> Result<Told<'c>, ScanError> {
        let tree = plan.condition(condition);
        let given = exprs;
        let exprs: Vec<Expr> = exprs.iter().map(|expr| plan.value(expr)).collect();
        if !exprs.is_empty() && !plan.scores.is_empty() {
            // Scores are computed for those alone whom they are asked of.
            let people = Told::of(plan.anew(), condition, &[], everyone, source)?.people;
            return Told::by(plan.anew(), &people, given, source);
        }
        let mut table = begun(&plan, everyone, source)?;
        let (mut inside, mut open) = (Seats::default(), everyone.clone());
        for n_levels in 0..plan.n_levels() {
            let choice = choice(&plan, &tree, &table, source, n_levels);
            let parts = by_chunk(source, &open, |people| {
                let [surely, maybe] = choice.of(people);
                (&maybe - &surely, surely)
            })?;
            let (maybe, surely): (Vec<Seats>, Vec<Seats>) = parts.into_iter().unzip();
            inside |= &Seats::of_chunks(surely);
            open = Seats::of_chunks(maybe);
            let wanted = if exprs.is_empty() { open.clone() } else { &inside | &open };
            if wanted.is_empty() {
                return Ok(Told { people: inside, plan, table, exprs });
            }
            let among = (wanted != *everyone).then_some(&wanted);
            fill_level(&plan, &mut table, source, among, None, n_levels)?;
        }
        let choice = choice(&plan, &tree, &table, source, usize::MAX);
        if choice.is_quick() && open.chunks().count() <= FEW_CHUNKS {
            inside |= &choice.all_of(&open);
        } else {
            let last = by_chunk(source, &open, |people| choice.all_of(people))?;
            inside |= &Seats::of_chunks(last);
        }
        Ok(Told { people: inside, plan, table, exprs })
    }

    /// What these people have of values.
    pub fn by(
        mut plan: Plan<'c>,
        people: &Seats,
        exprs: &[&'c predicate::Expr<PersonLeaf>],
        source: &Source<'_>,
    ) -> Result<Told<'c>, ScanError> {
        let exprs: Vec<Expr> = exprs.iter().map(|expr| plan.value(expr)).collect();
        let mut table = begun(&plan, people, source)?;
        for level in 0..plan.n_levels() {
            fill_level(&plan, &mut table, source, Some(people), None, level)?;
        }
        Ok(Told { people: people.clone(), plan, table, exprs })
    }
}

/// What these people have of some values at an instant: a row for each, by seat.
/// Where a value ranks them, it is among everyone.
pub fn values(
    exprs: &[&predicate::Expr<PersonLeaf>],
    people: &Seats,
    everyone: Everyone<'_>,
    source: &Source<'_>,
    now: Timestamp,
) -> Result<Vec<Vec<Value>>, ScanError> {
    let named: Vec<&Rank> = exprs.iter().flat_map(|expr| expr.ranks()).collect();
    let ranks = Ranks::of(&named, everyone, source, now)?;
    values_by(Plan::new(now, &ranks).knowing(source.columns), exprs, people, source)
}

/// The same as of an instant of which nothing is seen yet.
pub(super) fn values_before(
    exprs: &[&predicate::Expr<PersonLeaf>],
    people: &Seats,
    source: &Source<'_>,
    now: Timestamp,
) -> Result<Vec<Vec<Value>>, ScanError> {
    let ranks = Ranks::default();
    values_by(Plan::before(now, &ranks), exprs, people, source)
}

pub(super) fn values_by<'c>(
    plan: Plan<'c>,
    exprs: &[&'c predicate::Expr<PersonLeaf>],
    people: &Seats,
    source: &Source<'_>,
) -> Result<Vec<Vec<Value>>, ScanError> {
    let Told { plan, table, exprs, .. } = Told::by(plan, people, exprs, source)?;
    let of = |seat: Ordinal| {
        let here = Here::of(seat.0, &table, source.identity, plan.now);
        exprs.iter().map(|expr| value(expr, &here)).collect()
    };
    let rows = by_chunk(source, people, |people| people.iter().map(of).collect::<Vec<_>>())?;
    Ok(rows.concat())
}

/// Aggregates over all people of a group together, a row for each group. The
/// people come by seat, with the number of their group, from 0.
pub fn totals(
    aggregates: &[&Aggregate],
    people: &Seats,
    (groups, n_groups): (&[u32], u32),
    everyone: Everyone<'_>,
    source: &Source<'_>,
    now: Timestamp,
) -> Result<Vec<Vec<Value>>, ScanError> {
    let together = Together::of(people, groups);
    let ranks = ranks_of(aggregates, everyone, source, now)?;
    let plan = Plan::new(now, &ranks).knowing(source.columns);
    together_totals(plan, aggregates, people, (&together, n_groups), source)
}

/// The same for each of the periods between these edges, which ascend: the rows
/// of a group follow one another, period by period.
pub fn trends(
    aggregates: &[&Aggregate],
    people: &Seats,
    ((groups, n_groups), edges): ((&[u32], u32), &[Timestamp]),
    everyone: Everyone<'_>,
    source: &Source<'_>,
    now: Timestamp,
) -> Result<Vec<Vec<Value>>, ScanError> {
    let edges: Vec<i64> = edges.iter().map(|edge| edge.millis()).collect();
    let n_periods = edges.len().saturating_sub(1) as u32;
    let together = Together::of(people, groups).in_periods(edges);
    let ranks = ranks_of(aggregates, everyone, source, now)?;
    let plan = Plan::new(now, &ranks).knowing(source.columns);
    together_totals(plan, aggregates, people, (&together, n_groups * n_periods), source)
}

fn ranks_of<'c>(
    aggregates: &[&'c Aggregate],
    everyone: Everyone<'_>,
    source: &Source<'_>,
    now: Timestamp,
) -> Result<Ranks<'c>, ScanError> {
    let named: Vec<&Rank> = aggregates.iter().flat_map(|of| of.ranks()).collect();
    Ranks::of(&named, everyone, source, now)
}

fn together_totals<'c>(
    mut plan: Plan<'c>,
    aggregates: &[&'c Aggregate],
    people: &Seats,
    (together, n_slots): (&Together, u32),
    source: &Source<'_>,
) -> Result<Vec<Vec<Value>>, ScanError> {
    let slots: Vec<usize> = aggregates.iter().map(|of| plan.total(of)).collect();
    let mut table = begun(&plan, people, source)?;
    for level in 0..plan.n_levels() {
        fill_level(&plan, &mut table, source, Some(people), Some(together), level)?;
    }
    let row = |slot| slots.iter().map(|of| table.value(*of, slot)).collect();
    Ok((1..=n_slots).map(row).collect())
}

/// Everybody of whom a fact is visible at an instant, dated after `from`.
pub fn existing(source: &Source<'_>, from: Timestamp, now: Timestamp) -> Result<Seats, ScanError> {
    let end = Some(now.plus_ms(1)).filter(|end| *end > now);
    let columns = source.known.map(|_| ColumnKey::Received);
    let scan = source.timeline.scan(Wanted::All, columns.as_slice(), from, end, false);
    let mut seats = std::collections::BTreeSet::new();
    for chunk in scan.chunks() {
        scan.chunk(source.pages, chunk, &mut |block| {
            for (row, (origin, when)) in block.origins.iter().zip(block.whens).enumerate() {
                if source.known.is_some_and(|known| !was_known(block, row, known)) {
                    continue;
                }
                let when = Timestamp::saturating_from_millis(*when);
                let origin = crate::model::IdentifierNumber(*origin);
                seats.extend(source.identity.owner(origin, when));
            }
        })?;
        if (source.stop)() {
            return Err(ScanError::Cancelled);
        }
    }
    Ok(seats.into_iter().collect())
}

/// What is there before the first level: what is known already, and what every
/// model that is named says of these people.
pub(super) fn begun(
    plan: &Plan<'_>,
    people: &Seats,
    source: &Source<'_>,
) -> Result<Table, ScanError> {
    let mut table = Table::new(&plan.folds);
    for (slot, known) in &plan.known {
        table.put(*slot, known.clone());
    }
    for score in &plan.scores {
        table.add_score(scores(score, people, source, plan.now)?);
    }
    Ok(table)
}

pub(super) fn fill_level(
    plan: &Plan<'_>,
    table: &mut Table,
    source: &Source<'_>,
    among: Option<&Seats>,
    groups: Option<&Together>,
    number: usize,
) -> Result<(), ScanError> {
    let among = among.filter(|among| among.len() * 4 < source.identity.next_number().into());
    let among = among.map(Among::of);
    let level = Level { source, plan, table, among: among.as_ref(), groups, has_ids: false };
    for (slot, slots) in fill(level, number)? {
        table.put(slot, Held::Own(slots));
    }
    Ok(())
}

fn choice<'a>(
    plan: &'a Plan<'_>,
    tree: &'a Tree<Decided>,
    table: &'a Table,
    source: &'a Source<'_>,
    n_levels: usize,
) -> Choice<'a> {
    let (audiences, identity) = (&plan.conditions[..], source.identity);
    Choice { tree, audiences, table, identity, now: plan.now, n_levels }
}

/// Does something with the people of each chunk, as jobs.
pub(super) fn by_chunk<T: Send + Sync>(
    source: &Source<'_>,
    people: &Seats,
    of: impl Fn(&Seats) -> T + Sync,
) -> Result<Vec<T>, ScanError> {
    let chunks: Vec<u32> = people.chunks().collect();
    jobs(source, chunks.len(), |n| of(&people.chunk(chunks[n])))
}

/// Does so many things, as jobs.
pub(super) fn jobs<T: Send + Sync>(
    source: &Source<'_>,
    n_jobs: usize,
    of: impl Fn(usize) -> T + Sync,
) -> Result<Vec<T>, ScanError> {
    let done: Vec<OnceLock<T>> = (0..n_jobs).map(|_| OnceLock::new()).collect();
    (source.run)(n_jobs, &|n| {
        if !(source.stop)() {
            done[n].get_or_init(|| of(n));
        }
    });
    done.into_iter().map(|done| done.into_inner().ok_or(ScanError::Cancelled)).collect()
}
