//! One thing accumulated, for all people.

use super::any::Any;
use super::distinct::{Distinct, hash};
use super::fold::Fold;
use super::heard::Heard;
use super::kept::{Best, Kept};
use super::per_seat::PerSeat;
use super::rank::{Rank, Ties};
use super::spread::{Spread, median, summand, typical_gap};
use super::sum::Sum;
use crate::index::{CHUNK_WORDS, Known, Seats};
use crate::model::{Decimal, Ordinal, Timestamp, Value};
use crate::query::scan::pattern::Marks;
use crate::query::scan::value::Range;
use std::sync::Arc;

/// What people have of one thing.
#[derive(Clone, Debug)]
pub enum Slots {
    Counts(PerSeat<u64>),
    Any(Any),
    /// Who has any, once all jobs are taken in.
    Who(Seats),
    Sums(PerSeat<Sum>),
    Instants(PerSeat<Option<i64>>),
    Kept(PerSeat<Kept>),
    Best(PerSeat<Best>),
    Distinct(Distinct),
    Numbers(PerSeat<Vec<i128>>),
    Spreads(PerSeat<Spread>),
    Whens(PerSeat<Vec<i64>>),
    Heard(PerSeat<Heard>),
    Marks(Marks),
    /// What was known of everybody already.
    Known(Arc<Known>),
}

impl Slots {
    /// Nothing yet.
    pub fn new(fold: Fold) -> Slots {
        match fold {
            Fold::Count => Slots::Counts(PerSeat::default()),
            Fold::Any => Slots::Any(Any::default()),
            Fold::Sum | Fold::Avg => Slots::Sums(PerSeat::default()),
            Fold::Earliest | Fold::Latest => Slots::Instants(PerSeat::default()),
            Fold::First | Fold::Last => Slots::Kept(PerSeat::default()),
            Fold::Min | Fold::Max => Slots::Best(PerSeat::default()),
            Fold::Distinct => Slots::Distinct(Distinct::default()),
            Fold::Median => Slots::Numbers(PerSeat::default()),
            Fold::Stddev => Slots::Spreads(PerSeat::default()),
            Fold::TypicalGap => Slots::Whens(PerSeat::default()),
            Fold::MostFrequent
            | Fold::Collect
            | Fold::Decayed { .. }
            | Fold::DecayedOrder { .. } => Slots::Heard(PerSeat::default()),
            Fold::Marks => Slots::Marks(Marks::default()),
        }
    }

    /// Rows of a chunk of origins come next.
    pub fn move_to(&mut self, chunk: u32) {
        match self {
            Slots::Counts(slots) => slots.move_to(chunk),
            Slots::Sums(slots) => slots.move_to(chunk),
            Slots::Instants(slots) => slots.move_to(chunk),
            Slots::Kept(slots) => slots.move_to(chunk),
            Slots::Best(slots) => slots.move_to(chunk),
            Slots::Any(_)
            | Slots::Who(_)
            | Slots::Distinct(_)
            | Slots::Marks(_)
            | Slots::Known(_) => {}
            Slots::Numbers(slots) => slots.move_to(chunk),
            Slots::Spreads(slots) => slots.move_to(chunk),
            Slots::Whens(slots) => slots.move_to(chunk),
            Slots::Heard(slots) => slots.move_to(chunk),
        }
    }

    /// A known value of a row. One of a kind that the fold does not read is passed over.
    pub fn take(&mut self, seat: u32, rank: Rank, value: Value, fold: Fold, ties: &mut Ties) {
        match self {
            Slots::Counts(counts) => *counts.at(seat) += 1,
            Slots::Any(any) => any.insert(seat),
            Slots::Sums(sums) => {
                if let Value::Number(number) = value {
                    sums.at(seat).add(number);
                }
            }
            Slots::Instants(instants) => {
                if let Value::Instant(at) = value {
                    meet(instants.at(seat), at.millis(), fold);
                }
            }
            Slots::Kept(kept) => kept.at(seat).take(rank, value, fold, ties),
            Slots::Best(best) => best.at(seat).take(rank, value, fold, ties),
            Slots::Distinct(distinct) => distinct.take(seat, hash(&value)),
            Slots::Numbers(numbers) => numbers.at(seat).extend(summand(&value)),
            Slots::Spreads(spreads) => {
                summand(&value).into_iter().for_each(|number| spreads.at(seat).take(number));
            }
            Slots::Whens(whens) => whens.at(seat).push(rank.when),
            Slots::Heard(heard) => heard.at(seat).take(rank, value),
            // Marks are taken as such, and of what is known nothing is gathered.
            Slots::Marks(_) | Slots::Known(_) | Slots::Who(_) => {}
        }
    }

    /// Takes in what another job has found.
    pub fn absorb(&mut self, other: Slots, fold: Fold, ties: &mut Ties) {
        match (self, other) {
            (Slots::Counts(own), Slots::Counts(other)) => {
                own.absorb(other, |own, other| *own += other);
            }
            (Slots::Any(own), Slots::Any(other)) => own.absorb(&other),
            (Slots::Sums(own), Slots::Sums(other)) => own.absorb(other, Sum::absorb),
            (Slots::Instants(own), Slots::Instants(other)) => own.absorb(other, |own, other| {
                other.into_iter().for_each(|ms| meet(own, ms, fold));
            }),
            (Slots::Kept(own), Slots::Kept(other)) => {
                own.absorb(other, |own, other| own.absorb(other, fold, ties));
            }
            (Slots::Best(own), Slots::Best(other)) => {
                own.absorb(other, |own, other| own.absorb(other, fold, ties));
            }
            (Slots::Distinct(own), Slots::Distinct(other)) => own.absorb(other),
            (Slots::Numbers(own), Slots::Numbers(other)) => {
                own.absorb(other, |own, other| own.extend(other));
            }
            (Slots::Spreads(own), Slots::Spreads(other)) => own.absorb(other, Spread::absorb),
            (Slots::Whens(own), Slots::Whens(other)) => {
                own.absorb(other, |own, other| own.extend(other));
            }
            (Slots::Heard(own), Slots::Heard(other)) => own.absorb(other, Heard::absorb),
            (Slots::Marks(own), Slots::Marks(other)) => own.absorb(other),
            _ => unreachable!("a fold has slots of one kind"),
        }
    }

    /// All jobs are taken in: what was only noted is counted.
    pub fn settled(self, ties: &mut Ties) -> Slots {
        match self {
            Slots::Any(any) => Slots::Who(any.seats()),
            Slots::Distinct(distinct) => Slots::Counts(distinct.counts()),
            Slots::Best(mut best) => {
                best.each_mut().for_each(|best| best.settle(ties));
                Slots::Best(best)
            }
            Slots::Heard(mut heard) => {
                heard.each_mut().for_each(|heard| heard.settle(ties));
                Slots::Heard(heard)
            }
            // They are judged where people can be asked; nobody's come to nothing.
            Slots::Marks(_) => Slots::Counts(PerSeat::default()),
            other => other,
        }
    }

    /// The number that a person's slot comes to; none if it is not one of plain numbers.
    #[inline]
    pub fn number(&self, seat: u32, fold: Fold) -> Option<Option<Decimal>> {
        match self {
            Slots::Counts(counts) => Some(number(counts.get(seat).copied().unwrap_or_default())),
            Slots::Sums(sums) if fold == Fold::Sum => {
                Some(sums.get(seat).map_or(Some(Decimal::ZERO), Sum::total))
            }
            _ => None,
        }
    }

    /// What a person's slot comes to.
    pub fn value(&self, seat: u32, fold: Fold) -> Value {
        match self {
            Slots::Counts(counts) => number(counts.get(seat).copied().unwrap_or_default()).into(),
            Slots::Sums(sums) => {
                let none = Sum::default();
                let sum = sums.get(seat).unwrap_or(&none);
                if fold == Fold::Avg { sum.average() } else { sum.total() }.into()
            }
            Slots::Instants(instants) => {
                let at = instants.get(seat).copied().flatten().and_then(Timestamp::from_millis);
                at.map_or(Value::Null, Value::Instant)
            }
            Slots::Kept(kept) => {
                kept.get(seat).and_then(Kept::get).map_or(Value::Null, |(_, value)| value.clone())
            }
            Slots::Best(best) => best.get(seat).and_then(Best::value).cloned().unwrap_or_default(),
            Slots::Known(known) => known.get(Ordinal(seat)),
            Slots::Any(_) | Slots::Distinct(_) | Slots::Marks(_) => Value::Null,
            Slots::Who(who) => Value::Bool(who.contains(Ordinal(seat))),
            Slots::Numbers(numbers) => numbers.get(seat).map_or(Value::Null, |all| median(all)),
            Slots::Spreads(spreads) => {
                spreads.get(seat).copied().and_then(Spread::deviation).into()
            }
            Slots::Whens(whens) => whens.get(seat).map_or(Value::Null, |all| typical_gap(all)),
            Slots::Heard(heard) => Heard::value(heard.get(seat), fold),
        }
    }

    /// Under which rank a person's value was kept.
    pub fn rank(&self, seat: u32) -> Option<Rank> {
        match self {
            Slots::Kept(kept) => kept.get(seat)?.get().map(|(rank, _)| *rank),
            _ => None,
        }
    }

    /// Those of these people in whose slot something was put.
    pub fn touched(&self, people: &Seats) -> Seats {
        let parts = people.chunks().map(|chunk| {
            let mut words = [0; CHUNK_WORDS];
            if self.touch(chunk, &mut words) {
                &people.chunk(chunk) & &Seats::of_chunk(chunk, &words)
            } else {
                people.chunk(chunk)
            }
        });
        Seats::of_chunks(parts)
    }

    /// Adds the bits of those of a chunk in whose slot something was put; not if that
    /// may be anybody.
    pub fn touch(&self, chunk: u32, words: &mut [u64; CHUNK_WORDS]) -> bool {
        match self {
            Slots::Counts(slots) => slots.touch(chunk, words),
            Slots::Sums(slots) => slots.touch(chunk, words),
            Slots::Instants(slots) => slots.touch(chunk, words),
            Slots::Kept(slots) => slots.touch(chunk, words),
            Slots::Best(slots) => slots.touch(chunk, words),
            Slots::Distinct(_) => {}
            Slots::Numbers(slots) => slots.touch(chunk, words),
            Slots::Spreads(slots) => slots.touch(chunk, words),
            Slots::Whens(slots) => slots.touch(chunk, words),
            Slots::Heard(slots) => slots.touch(chunk, words),
            // These are read in other ways.
            Slots::Any(_) | Slots::Who(_) | Slots::Marks(_) | Slots::Known(_) => return false,
        }
        true
    }

    /// Those of these people with something in the slot whose number lies in a
    /// range; none if the slot does not hold plain numbers.
    pub fn in_range(&self, fold: Fold, people: &Seats, range: Range) -> Option<Seats> {
        match self {
            Slots::Counts(counts) => {
                let [least, most] = range.in_units(Decimal::from(1).billionths());
                let has = |n: i64| (least <= n) & (n <= most);
                Some(counts.chosen(people, |_, n| i64::try_from(*n).is_ok_and(has)))
            }
            Slots::Sums(sums) if fold == Fold::Sum => {
                let range = range.of_results();
                Some(sums.chosen(people, |_, sum| range.has(sum.billionths())))
            }
            _ => None,
        }
    }

    /// How many a person has, where that is what was accumulated.
    #[inline]
    pub fn count(&self, seat: u32) -> u64 {
        match self {
            Slots::Counts(counts) => counts.get(seat).copied().unwrap_or_default(),
            _ => 0,
        }
    }
}

fn number(n: u64) -> Option<Decimal> {
    i64::try_from(n).ok().map(Decimal::from)
}

/// The earlier of two instants, or the later.
#[inline]
pub fn meet(own: &mut Option<i64>, ms: i64, fold: Fold) {
    *own = Some(match *own {
        None => ms,
        Some(own) if fold == Fold::Earliest => own.min(ms),
        Some(own) => own.max(ms),
    });
}
