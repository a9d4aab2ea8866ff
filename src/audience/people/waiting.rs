//! What has arrived and cannot be taken in yet: it lies ahead, it came late, or
//! the person's rows must be read for it.

use super::super::delta::Cause;
use super::super::keep::{Share, Stamp};
use crate::model::Ordinal;
use std::collections::BTreeMap;

/// An event that waits: what it gives to stores, and what must be asked again.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub(crate) shares: Vec<Share>,
    /// Predicates that are answered by the person's rows.
    pub(crate) asks: Vec<u32>,
    pub(crate) cause: Cause,
}

/// Arrivals by person and place in canonical order.
#[derive(Debug, Default)]
pub(in super::super) struct Waiting(BTreeMap<(u32, Stamp), Arrival>);

impl Waiting {
    /// Puts an arrival in; what waits under the same stamp already is joined.
    pub(in super::super) fn put(&mut self, seat: Ordinal, stamp: Stamp, arrival: Arrival) {
        match self.0.get_mut(&(seat.0, stamp)) {
            Some(there) => {
                there.shares.extend(arrival.shares);
                there.asks.extend(arrival.asks);
            }
            None => drop(self.0.insert((seat.0, stamp), arrival)),
        }
    }

    /// For whom something waits, and when the first of it becomes visible.
    pub(in super::super) fn firsts(&self) -> Vec<(Ordinal, i64)> {
        let mut firsts: Vec<(Ordinal, i64)> =
            self.0.keys().map(|(seat, stamp)| (Ordinal(*seat), stamp.when)).collect();
        firsts.dedup_by_key(|(seat, _)| *seat);
        firsts
    }

    /// When the first of a person becomes visible.
    pub(in super::super) fn first(&self, seat: Ordinal) -> Option<Stamp> {
        if self.0.is_empty() {
            return None;
        }
        let from = (seat.0, Stamp::LEAST);
        let (key, _) = self.0.range(from..).next()?;
        (key.0 == seat.0).then_some(key.1)
    }

    pub(in super::super) fn take(&mut self, seat: Ordinal, stamp: Stamp) -> Option<Arrival> {
        self.0.remove(&(seat.0, stamp))
    }

    /// What waits for one person waits for another from here on.
    pub(in super::super) fn hand_over(&mut self, from: Ordinal, to: Ordinal) {
        while let Some(stamp) = self.first(from) {
            if let Some(arrival) = self.take(from, stamp) {
                self.put(to, stamp, arrival);
            }
        }
    }

    /// Forgets everything that waits for a person.
    pub(in super::super) fn forget(&mut self, seat: Ordinal) {
        while let Some(stamp) = self.first(seat) {
            self.0.remove(&(seat.0, stamp));
        }
    }

    /// Forgets what waits for a store that is no more, and for a question that is no more.
    pub(in super::super) fn release(&mut self, stores: &[u32], asks: &[u32]) {
        for arrival in self.0.values_mut() {
            arrival.shares.retain(|share| !stores.contains(&share.store));
            arrival.asks.retain(|ask| !asks.contains(ask));
        }
    }

    /// Everything, with whose it is and its place in canonical order.
    pub(in super::super) fn into_all(self) -> impl Iterator<Item = (Ordinal, Stamp, Arrival)> {
        self.0.into_iter().map(|((seat, stamp), arrival)| (Ordinal(seat), stamp, arrival))
    }

    /// Bytes, roughly.
    pub(in super::super) fn bytes(&self) -> usize {
        self.0.len() * (size_of::<(u32, Stamp)>() + size_of::<Arrival>() + size_of::<Share>())
    }
}
