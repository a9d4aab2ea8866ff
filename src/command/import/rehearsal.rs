//! `--dry-run` on a database that is open here: everything is checked, nothing is changed.

use super::How;
use super::report::{Rejected, Report};
use crate::command::failure::Failure;
use crate::engine::{Forgotten, Throng, Trial};
use crate::model::Call;
use crate::wire::{Batch, Forget, Incoming};

/// Counts what an import would accept; the database is asked for its ids, its
/// policy and whom it has forgotten.
pub(super) struct Rehearsal<'a> {
    throng: &'a Throng,
    how: &'a How,
    report: &'a mut Report,
    trial: &'a mut Trial,
}

impl<'a> Rehearsal<'a> {
    pub fn new(
        throng: &'a Throng,
        how: &'a How,
        report: &'a mut Report,
        trial: &'a mut Trial,
    ) -> Rehearsal<'a> {
        Rehearsal { throng, how, report, trial }
    }

    pub fn take(&mut self, batch: &Batch) -> Result<(), Failure> {
        self.report.read(batch);
        let (mut calls, mut places): (Vec<Call>, Vec<usize>) = Default::default();
        for (place, line) in batch.lines.iter().enumerate() {
            match &line.call {
                Ok(Incoming::Call(call)) => {
                    calls.push(call.clone());
                    places.push(place);
                }
                Ok(Incoming::Forget(forget)) => self.forget(batch, place, forget)?,
                Err(reject) => self.report.reject(batch, line.spot(), &Rejected::from(reject))?,
            }
        }
        self.send(batch, calls, &places)
    }

    fn send(&mut self, batch: &Batch, calls: Vec<Call>, places: &[usize]) -> Result<(), Failure> {
        if calls.is_empty() {
            return Ok(());
        }
        let without_id: Vec<bool> = calls.iter().map(|call| call.id.is_none()).collect();
        let receipt = self.trial.ingest(self.throng, calls, self.how.time)?;
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
