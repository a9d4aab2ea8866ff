//! What all jobs have found becomes one, slot by slot.

use super::{Found, Level, judge};
use crate::query::scan::slot::{Fold, Log, Slots, Ties};
use crate::query::scan::source::ScanError;
use std::sync::{Mutex, OnceLock, PoisonError};

/// What all jobs have found for one slot.
struct OfSlot {
    slot: usize,
    fold: Fold,
    /// What they have put in its places.
    placed: Mutex<Vec<Slots>>,
    /// What they have written down and not put in its place yet.
    logs: Vec<Log>,
}

/// A part of a slot: what is in its places already, or what is written of a chunk of people.
struct Part<'f> {
    of: &'f OfSlot,
    written: Option<u32>,
}

/// All slots in which something was found, with their numbers.
pub fn united(
    level: Level<'_>,
    found: Vec<Found>,
) -> Result<(Vec<(usize, Slots)>, Ties), ScanError> {
    let mut ties = Ties { has_ids: level.has_ids, torn: found.iter().any(|found| found.is_torn) };
    let slots = by_slot(level, found);
    let parts: Vec<Part<'_>> = slots.iter().flat_map(OfSlot::parts).collect();
    let made: Vec<OnceLock<(Slots, Ties)>> = parts.iter().map(|_| OnceLock::new()).collect();
    (level.source.run)(parts.len(), &|n| {
        made[n].get_or_init(|| parts[n].made(level.has_ids));
    });
    let mut all: Vec<(usize, Slots)> = Vec::with_capacity(slots.len());
    for (part, made) in parts.iter().zip(made) {
        let (new, of_part) = made.into_inner().ok_or(ScanError::Cancelled)?;
        ties.torn |= of_part.torn;
        match all.last_mut().filter(|(slot, _)| *slot == part.of.slot) {
            // Written parts are of different people; what was placed before may be of any.
            Some((_, own)) => own.absorb(new, part.of.fold, &mut ties),
            None => all.push((part.of.slot, new)),
        }
    }
    for (slot, slots) in &mut all {
        if let Slots::Marks(marks) = slots {
            // Judged together, a job for each page of people.
            *slots = judge::judged(level, *slot, std::mem::take(marks), &mut ties)?;
        }
    }
    Ok((all, ties))
}

fn by_slot(level: Level<'_>, found: Vec<Found>) -> Vec<OfSlot> {
    let folds = level.plan.folds.iter().enumerate();
    let of = |(slot, fold): (usize, &Fold)| OfSlot {
        slot,
        fold: *fold,
        placed: Mutex::default(),
        logs: Vec::new(),
    };
    let mut all: Vec<OfSlot> = folds.map(of).collect();
    for Found { slots, logs, .. } in found {
        for ((of, placed), log) in all.iter_mut().zip(slots).zip(logs) {
            of.placed.get_mut().unwrap_or_else(PoisonError::into_inner).extend(placed);
            of.logs.push(log);
        }
    }
    all
}

impl OfSlot {
    fn parts(&self) -> Vec<Part<'_>> {
        let is_placed = !self.placed.lock().unwrap_or_else(PoisonError::into_inner).is_empty();
        let mut chunks: Vec<u32> = self.logs.iter().flat_map(Log::chunks).collect();
        chunks.sort_unstable();
        chunks.dedup();
        let written = chunks.into_iter().map(Some);
        let parts = is_placed.then_some(None).into_iter().chain(written);
        parts.map(|written| Part { of: self, written }).collect()
    }
}

impl Part<'_> {
    fn made(&self, has_ids: bool) -> (Slots, Ties) {
        let OfSlot { fold, placed, logs, .. } = self.of;
        let mut ties = Ties { has_ids, torn: false };
        if let Some(chunk) = self.written {
            let logs: Vec<&Log> = logs.iter().collect();
            return (Log::slots(&logs, chunk, *fold), ties);
        }
        let placed = std::mem::take(&mut *placed.lock().unwrap_or_else(PoisonError::into_inner));
        let mut own = Slots::new(*fold);
        placed.into_iter().for_each(|part| own.absorb(part, *fold, &mut ties));
        let own = match own {
            Slots::Marks(_) => own,
            own => own.settled(&mut ties),
        };
        (own, ties)
    }
}
