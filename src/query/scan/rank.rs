//! Ranks: the value column of those who are ranked, cut where the part of the
//! order begins and where it ends.

use super::answer::{Told, among, values_by};
use super::orders::{self, Order};
use super::plan::Plan;
use super::source::{ScanError, Source};
use crate::index::Seats;
use crate::model::{Kind, Timestamp, Value};
use crate::query::predicate::{Condition, Expr, PersonLeaf, Rank};

/// Whoever exists, looked for only where somebody is ranked.
pub type Everyone<'a> = &'a dyn Fn() -> Result<Seats, ScanError>;

/// Who is in each rank that a question names, the inner ones found before the outer.
#[derive(Default)]
pub struct Ranks<'c> {
    found: Vec<(&'c Rank, Seats)>,
    /// Who fulfils the conditions by which people are ranked.
    among: Vec<(&'c Condition, Seats)>,
}

impl<'c> Ranks<'c> {
    /// Finds these among everyone; each stands behind those that it names itself.
    pub fn of(
        named: &[&'c Rank],
        everyone: Everyone<'_>,
        source: &Source<'_>,
        now: Timestamp,
    ) -> Result<Ranks<'c>, ScanError> {
        let mut ranks = Ranks::default();
        if named.is_empty() {
            return Ok(ranks);
        }
        let everyone = everyone()?;
        for rank in named {
            if ranks.members(rank).is_none() {
                let beside = ranks.beside(rank, named);
                ranks.cut(&beside, &everyone, source, now)?;
            }
        }
        Ok(ranks)
    }

    /// Those that are found with a rank: of the same people, by what is known already.
    fn beside(&self, rank: &Rank, named: &[&'c Rank]) -> Vec<&'c Rank> {
        let known = |inner: &Rank| self.members(inner).is_some();
        let mut beside: Vec<&Rank> = Vec::new();
        for other in named.iter().filter(|other| other.among == rank.among) {
            let is_new = !known(other) && !beside.contains(other);
            if is_new && other.inner().into_iter().all(known) {
                beside.push(other);
            }
        }
        beside
    }

    /// Cuts the orders of the same people, each value read and put in order once.
    fn cut(
        &mut self,
        ranks: &[&'c Rank],
        everyone: &Seats,
        source: &Source<'_>,
        now: Timestamp,
    ) -> Result<(), ScanError> {
        let Some(first) = ranks.first() else { return Ok(()) };
        let mut orders: Vec<Order<'_>> = Vec::new();
        for rank in ranks {
            match orders.iter_mut().find(|order| order.is_of(rank)) {
                Some(order) => order.ranks.push(rank),
                None => orders.push(Order { ranks: vec![rank] }),
            }
        }
        let values: Vec<&Expr<PersonLeaf>> = orders.iter().map(Order::value).collect();
        let plan = Plan::new(now, self).knowing(source.columns);
        let told = match self.asked(&first.among) {
            Some(people) => Told::by(plan, people, &values, source)?,
            None => Told::of(plan, &first.among, &values, everyone, source)?,
        };
        let found = orders::cut(&told, &orders, source)?;
        let people = told.people;
        let ranks = orders.into_iter().flat_map(|order| order.ranks);
        self.found.extend(ranks.zip(found.into_iter().flatten()));
        if self.asked(&first.among).is_none() {
            self.among.push((&first.among, people));
        }
        Ok(())
    }

    /// Who fulfils a condition, if people who do so were ranked.
    pub fn asked(&self, condition: &Condition) -> Option<&Seats> {
        self.among.iter().find(|(asked, _)| *asked == condition).map(|(_, people)| people)
    }

    /// Who is in a rank, if it was found.
    pub fn members(&self, rank: &Rank) -> Option<&Seats> {
        self.found.iter().find(|(found, _)| *found == rank).map(|(_, members)| members)
    }
}

/// The values of those who are ranked, ascending.
pub fn ranked(
    rank: &Rank,
    everyone: &Seats,
    source: &Source<'_>,
    now: Timestamp,
) -> Result<Vec<Value>, ScanError> {
    let ranks = Ranks::of(&rank.inner(), &|| Ok(everyone.clone()), source, now)?;
    let people = among(&rank.among, &ranks, everyone, source, now)?;
    let rows = values_by(Plan::new(now, &ranks), &[&rank.value], &people, source)?;
    let known = rows.into_iter().flatten().filter_map(|it| Some((key(&it, rank.reads)?, it)));
    let mut all: Vec<(i128, Value)> = known.collect();
    all.sort_by_key(|(key, _)| *key);
    Ok(all.into_iter().map(|(_, value)| value).collect())
}

/// A whole number in the order of the values of one kind.
pub(super) fn key(value: &Value, reads: Kind) -> Option<i128> {
    match (value, reads) {
        (Value::Number(number), Kind::Number) => Some(number.billionths()),
        (Value::Instant(at), Kind::Instant) => Some(at.millis().into()),
        (Value::Date(date), Kind::Date) => Some(date.days().into()),
        _ => None,
    }
}
