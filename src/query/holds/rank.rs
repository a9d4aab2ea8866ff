//! Ranks: how many stand ahead of a person, and how many there are.

use super::super::Person;
use super::super::predicate::{Cut, Rank, Size};
use super::compare::size;
use super::expression::value;
use super::fulfilled;
use super::place::Seen;
use crate::model::{Timestamp, Value};
use std::cell::RefCell;
use std::cmp::Ordering;
use std::rc::Rc;

/// Where a person stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Standing {
    /// The person's value.
    pub(crate) own: Value,
    /// The values of all who are ranked, the person's among them, ascending.
    pub(crate) all: Rc<[Value]>,
}

/// The value by which a person is ranked; none if they are not among those who are.
pub(crate) fn ranked(rank: &Rank, seen: Seen<'_>) -> Option<Value> {
    let own = value(&rank.value, &seen);
    (own.kind() == rank.reads && fulfilled(&rank.among, seen)).then_some(own)
}

/// Where a person stands among all who are ranked at that instant.
pub(crate) fn standing(rank: &Rank, seen: Seen<'_>) -> Option<Standing> {
    let own = ranked(rank, seen)?;
    Some(Standing { own, all: seen.person.others.ranked(rank, seen.now) })
}

/// Whether a person stands in that part of the order.
pub(super) fn is_in(rank: &Rank, seen: Seen<'_>) -> bool {
    standing(rank, seen).is_some_and(|standing| standing.is_in(&rank.cut))
}

impl Standing {
    /// How many are ranked.
    pub(crate) fn n(&self) -> usize {
        self.all.len()
    }

    /// How many have a smaller value.
    pub(crate) fn less(&self) -> usize {
        self.all.partition_point(|other| size(other, &self.own) == Some(Ordering::Less))
    }

    /// How many have a greater one.
    pub(crate) fn more(&self) -> usize {
        let upto = |other: &Value| size(other, &self.own).is_some_and(Ordering::is_le);
        self.n() - self.all.partition_point(upto)
    }

    fn is_in(&self, cut: &Cut) -> bool {
        match cut {
            Cut::Top(size) => (self.more() as u128) < at_most(*size, self.n()),
            Cut::Bottom(size) => (self.less() as u128) < at_most(*size, self.n()),
            Cut::Part { number, of } => {
                let [less, n] = [self.less(), self.n()].map(|count| count as u128);
                n > 0 && 1 + u128::from(*of) * less / n == u128::from(*number)
            }
        }
    }
}

/// How many that is, ties aside; a share is rounded up.
pub(crate) fn at_most(size: Size, n: usize) -> u128 {
    match size {
        Size::Count(count) => count.into(),
        Size::Share(share) => {
            let billionths = share.billionths().unsigned_abs() * n as u128;
            billionths.div_ceil(1_000_000_000)
        }
    }
}

/// What everybody is ranked by, remembered: it is asked once for each person.
#[derive(Debug, Default)]
pub struct Remembered(RefCell<Vec<Order>>);

/// The values of a rank at an instant, ascending.
type Order = (Rank, Timestamp, Rc<[Value]>);

impl Remembered {
    /// The values by which people are ranked at an instant, ascending; `each`
    /// shows everybody who exists then.
    pub fn ranked(
        &self,
        rank: &Rank,
        now: Timestamp,
        each: impl FnOnce(&mut dyn FnMut(&Person<'_>)),
    ) -> Rc<[Value]> {
        if let Some(all) = self.known(rank, now) {
            return all;
        }
        let mut all = Vec::new();
        each(&mut |person| all.extend(ranked(rank, Seen { person: *person, now })));
        all.sort_by(|a, b| size(a, b).unwrap_or(Ordering::Equal));
        self.keep(rank, now, all.into())
    }

    /// What is remembered of a rank at an instant.
    pub(crate) fn known(&self, rank: &Rank, now: Timestamp) -> Option<Rc<[Value]>> {
        let known = self.0.borrow();
        let found = known.iter().find(|(other, at, _)| *at == now && other == rank);
        found.map(|(_, _, all)| all.clone())
    }

    /// Remembers the values of a rank at an instant, which ascend.
    pub(crate) fn keep(&self, rank: &Rank, now: Timestamp, all: Rc<[Value]>) -> Rc<[Value]> {
        self.0.borrow_mut().push((rank.clone(), now, all.clone()));
        all
    }
}
