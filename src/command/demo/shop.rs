//! The sample shop as a whole: every call of its history, in order of time.

use super::customer::{Customer, HISTORY_DAYS};
use crate::model::{Call, Timestamp};

/// What the shop is made of.
pub(super) struct Shop {
    /// Which shop.
    pub seed: u64,
    /// How many customers it has.
    pub n_customers: u64,
    /// Its present: where history ends.
    pub present: Timestamp,
}

impl Shop {
    /// The shop of the demo: its present is 2026-06-30T20:00:00Z.
    pub fn new() -> Shop {
        let present = Timestamp::EPOCH.plus_ms(1_782_849_600_000);
        Shop { seed: 7, n_customers: 26_000, present }
    }

    /// The first day of history.
    pub fn opened(&self) -> Timestamp {
        self.present.plus_ms(-(HISTORY_DAYS + 1) * 86_400_000)
    }

    /// Every call, ordered by time.
    pub fn history(&self) -> Vec<Call> {
        let mut calls = Vec::new();
        for number in 0..self.n_customers {
            let (customer, mut random) = Customer::new(self.seed, number, self.present);
            customer.live(&mut random, self.present, &mut calls);
        }
        calls.retain(|call| call.when <= Some(self.present));
        calls.sort_by_key(|call| (call.when, call.id));
        calls
    }
}
