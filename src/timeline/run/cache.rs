//! Decoded stripes that are likely to be read again, under a budget of bytes.

use super::read::Stripe;
use crate::timeline::pages::{PageError, PageKey, Pages};
use foldhash::fast::FixedState;
use std::collections::{HashMap, VecDeque};
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const SHARDS: usize = 16;

/// Stripes by their first page; those not read for longest go first.
#[derive(Debug)]
pub struct Cache {
    shards: [Mutex<Shard>; SHARDS],
    budget: AtomicUsize,
}

#[derive(Debug, Default)]
struct Shard {
    kept: HashMap<PageKey, Kept, FixedState>,
    /// The order in which stripes came, or were last spared.
    queue: VecDeque<PageKey>,
    /// What the stripes held when it was last counted.
    memory: usize,
    reads: u64,
    misses: u64,
}

#[derive(Debug)]
struct Kept {
    stripe: Arc<Stripe>,
    memory: usize,
    read_again: bool,
}

impl Cache {
    pub fn new(budget: usize) -> Cache {
        Cache { shards: Default::default(), budget: AtomicUsize::new(budget) }
    }

    pub fn set_budget(&self, bytes: usize) {
        self.budget.store(bytes, Ordering::Relaxed);
        for shard in &self.shards {
            let mut shard = lock(shard);
            shard.count();
            shard.shrink_to(bytes / SHARDS);
        }
    }

    /// The stripe that begins on that page.
    pub fn stripe(
        &self,
        pages: &dyn Pages,
        at: PageKey,
        n_pages: u32,
    ) -> Result<Arc<Stripe>, PageError> {
        if let Some(stripe) = self.shard(&at).read(&at) {
            return Ok(stripe);
        }
        // Pages are read outside the lock: a slow disk holds up nobody else.
        let stripe = Arc::new(Stripe::open(pages, at, n_pages)?);
        let budget = self.budget.load(Ordering::Relaxed) / SHARDS;
        self.shard(&at).keep(at, stripe.clone(), budget);
        Ok(stripe)
    }

    /// Bytes held, and how many reads there were and how many missed.
    pub fn counts(&self) -> (usize, u64, u64) {
        self.shards.iter().fold((0, 0, 0), |(memory, reads, misses), shard| {
            let mut shard = lock(shard);
            shard.count();
            (memory + shard.memory, reads + shard.reads, misses + shard.misses)
        })
    }

    fn shard(&self, at: &PageKey) -> MutexGuard<'_, Shard> {
        let hash = FixedState::with_seed(0x7370_6163).hash_one(at);
        lock(&self.shards[(hash >> 48) as usize % SHARDS])
    }
}

/// A reader that panicked leaves a cache that is as good as before.
fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shard {
    fn read(&mut self, at: &PageKey) -> Option<Arc<Stripe>> {
        self.reads += 1;
        let kept = self.kept.get_mut(at);
        self.misses += u64::from(kept.is_none());
        kept.map(|kept| {
            kept.read_again = true;
            kept.stripe.clone()
        })
    }

    fn keep(&mut self, at: PageKey, stripe: Arc<Stripe>, budget: usize) {
        let memory = stripe.memory();
        let kept = Kept { stripe, memory, read_again: false };
        if self.kept.insert(at, kept).is_none() {
            self.queue.push_back(at);
        }
        self.memory += memory;
        // Stripes grow as more of their columns are decoded, so they are counted afresh now and then.
        if self.memory > budget
            || self.queue.len().is_power_of_two()
            || self.misses.is_multiple_of(64)
        {
            self.count();
        }
        self.shrink_to(budget);
    }

    /// The newest stays, however great it is: somebody is about to read it.
    fn shrink_to(&mut self, budget: usize) {
        while self.memory > budget && self.queue.len() > 1 {
            self.drop_oldest();
        }
    }

    fn count(&mut self) {
        self.memory = 0;
        for kept in self.kept.values_mut() {
            kept.memory = kept.stripe.memory();
            self.memory += kept.memory;
        }
    }

    fn drop_oldest(&mut self) {
        let Some(at) = self.queue.pop_front() else { return };
        let Some(kept) = self.kept.get_mut(&at) else { return };
        if std::mem::take(&mut kept.read_again) {
            self.queue.push_back(at);
        } else {
            self.memory = self.memory.saturating_sub(kept.memory);
            self.kept.remove(&at);
        }
    }
}
