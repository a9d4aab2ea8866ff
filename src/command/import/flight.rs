//! Batches on their way: a few at once, so that they share a sync.

use super::How;
use super::report::{Rejected, Report};
use crate::command::failure::Failure;
use crate::engine::{Forgotten, Pending, Throng};
use crate::model::Call;
use crate::wire::{Batch, Forget, Incoming, Reject, Spot};
use std::collections::VecDeque;

/// Batches that are on their way at once.
const IN_FLIGHT_MAX: usize = 8;

/// The batches that were sent and not answered yet.
pub(super) struct Flight<'a> {
    throng: &'a Throng,
    how: &'a How,
    report: &'a mut Report,
    waiting: VecDeque<Sent>,
}

struct Sent {
    pending: Pending,
    batch: Batch,
    /// Where the calls come from, by their place in the commit.
    calls: Vec<Of>,
}

/// Where a call comes from.
struct Of {
    /// Its line.
    spot: Spot,
    /// Whether it has a message id.
    has_id: bool,
}

impl<'a> Flight<'a> {
    pub fn new(throng: &'a Throng, how: &'a How, report: &'a mut Report) -> Flight<'a> {
        Flight { throng, how, report, waiting: VecDeque::new() }
    }

    /// Sends a batch; waits for the first one where too many are on their way.
    pub fn take(&mut self, mut batch: Batch) -> Result<(), Failure> {
        self.report.read(&batch);
        let lines = std::mem::take(&mut batch.lines);
        let (mut calls, mut of) = (Vec::with_capacity(lines.len()), Vec::new());
        for line in lines {
            let spot = line.spot();
            match line.call {
                Ok(Incoming::Call(call)) => {
                    of.push(Of { spot, has_id: call.id.is_some() });
                    calls.push(call);
                }
                Ok(Incoming::Forget(forget)) => {
                    let before = std::mem::take(&mut calls);
                    self.send(before, batch.clone(), std::mem::take(&mut of))?;
                    self.land()?;
                    self.forget(&batch, spot, &forget)?;
                }
                Err(reject) => self.reject(&batch, spot, &reject)?,
            }
        }
        self.send(calls, batch, of)
    }

    /// Waits for everything that is on its way.
    pub fn land(&mut self) -> Result<(), Failure> {
        while let Some(first) = self.waiting.pop_front() {
            self.settle(first)?;
        }
        Ok(())
    }

    fn send(&mut self, calls: Vec<Call>, batch: Batch, of: Vec<Of>) -> Result<(), Failure> {
        if calls.is_empty() {
            return Ok(());
        }
        let pending = self.throng.begin(calls, self.how.time, self.how.bulk)?;
        self.waiting.push_back(Sent { pending, batch, calls: of });
        if self.waiting.len() > IN_FLIGHT_MAX
            && let Some(first) = self.waiting.pop_front()
        {
            self.settle(first)?;
        }
        Ok(())
    }

    fn settle(&mut self, sent: Sent) -> Result<(), Failure> {
        let receipt = sent.pending.wait()?;
        self.report.commit(&receipt);
        self.report.without_id += sent.calls.iter().filter(|of| !of.has_id).count() as u64;
        for (place, refused) in &receipt.refused {
            let Some(of) = sent.calls.get(*place) else { continue };
            self.report.without_id -= u64::from(!of.has_id);
            self.report.refuse(&sent.batch, of.spot, refused)?;
        }
        Ok(())
    }

    fn reject(&mut self, batch: &Batch, spot: Spot, reject: &Reject) -> Result<(), Failure> {
        self.report.reject(batch, spot, &Rejected::from(reject))
    }

    fn forget(&mut self, batch: &Batch, spot: Spot, forget: &Forget) -> Result<(), Failure> {
        match self.throng.forget(&forget.names, forget.suppress, self.how.time)? {
            Forgotten::Person => self.report.forgotten += 1,
            Forgotten::Nobody => self.report.nobody += 1,
            Forgotten::Refused(refused) => {
                self.report.refuse(batch, spot, &refused)?;
            }
        }
        Ok(())
    }
}
