//! `--dry-run`: everything is read and checked, nothing is changed.

use super::super::arguments::Import;
use super::super::failure::Failure;
use super::super::place::{self, Use};
use super::How;
use super::input::{self, Input};
use super::report::{Rejected, Report};
use crate::engine::{Forgotten, OpenError, Stop, Throng};
use crate::model::{Call, EventId};
use crate::store::{Directory, StoreError};
use crate::wire::{Batch, Forget, Incoming};
use std::collections::HashSet;

/// Reads all inputs and counts what an import would accept. Where a database is
/// there its ids, its policy and whom it has forgotten are asked.
pub(super) fn run(
    import: &Import,
    inputs: Vec<Input>,
    how: &How,
    report: &mut Report,
    stop: &Stop,
) -> Result<(), Failure> {
    let throng = opened(import)?;
    input::check_namespaces(import, &inputs, &throng)?;
    let mut trial = Trial { throng: &throng, how, report, seen: HashSet::new() };
    let several = inputs.len() > 1;
    for input in inputs {
        let name = input.name.clone();
        let words = input.words.clone();
        let batches = input.read()?;
        trial.report.begin(several.then(|| name.clone()), &words, batches.header());
        for batch in batches {
            if stop.is_stopped() {
                return Ok(());
            }
            trial.take(&batch.map_err(|error| Failure::at(&name, error))?)?;
        }
    }
    Ok(throng.close()?)
}

/// The database, to be read only; where there is none, a new one that goes away.
fn opened(import: &Import) -> Result<Throng, Failure> {
    if !Directory::is_store(&import.place.data) {
        return Throng::temporary().map_err(|error: OpenError| error.into());
    }
    match place::try_open(&import.place, Use::Read) {
        Err(held @ OpenError::Store(StoreError::Locked { .. })) => Err(Failure::Failed(format!(
            "{held}; a dry run reads the database itself: wait until that process ends"
        ))),
        opened => Ok(opened?),
    }
}

/// What would become of calls.
struct Trial<'a> {
    throng: &'a Throng,
    how: &'a How,
    report: &'a mut Report,
    /// Ids of the files, which the database has not taken in.
    seen: HashSet<EventId>,
}

impl Trial<'_> {
    fn take(&mut self, batch: &Batch) -> Result<(), Failure> {
        self.report.read(batch);
        let (mut calls, mut places): (Vec<Call>, Vec<usize>) = Default::default();
        for (place, line) in batch.lines.iter().enumerate() {
            match &line.call {
                Ok(Incoming::Call(call)) if self.is_new(call) => {
                    calls.push(call.clone());
                    places.push(place);
                }
                Ok(Incoming::Call(_)) => self.report.duplicates += 1,
                Ok(Incoming::Forget(forget)) => self.forget(batch, place, forget)?,
                Err(reject) => self.report.reject(batch, line.spot(), &Rejected::from(reject))?,
            }
        }
        self.send(batch, calls, &places)
    }

    fn is_new(&mut self, call: &Call) -> bool {
        call.id.is_none_or(|id| self.seen.insert(id))
    }

    fn send(&mut self, batch: &Batch, calls: Vec<Call>, places: &[usize]) -> Result<(), Failure> {
        if calls.is_empty() {
            return Ok(());
        }
        let without_id: Vec<bool> = calls.iter().map(|call| call.id.is_none()).collect();
        let receipt = self.throng.would_ingest(calls, self.how.time)?;
        self.report.commit(&receipt);
        self.report.without_id += without_id.iter().filter(|without| **without).count() as u64;
        for (place, refused) in &receipt.refused {
            self.report.without_id -= u64::from(without_id[*place]);
            self.report.refuse(batch, batch.lines[places[*place]].spot(), refused)?;
        }
        Ok(())
    }

    fn forget(&mut self, batch: &Batch, place: usize, forget: &Forget) -> Result<(), Failure> {
        match self.throng.would_forget(&forget.names)? {
            Forgotten::Person => self.report.forgotten += 1,
            Forgotten::Nobody => self.report.nobody += 1,
            Forgotten::Refused(refused) => {
                self.report.refuse(batch, batch.lines[place].spot(), &refused)?;
            }
        }
        Ok(())
    }
}
