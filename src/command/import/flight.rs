//! Batches on their way: a few at once, so that they share a sync.

use super::How;
use super::report::{Rejected, Report};
use crate::command::failure::Failure;
use crate::engine::{Forgotten, Pending, Throng};
use crate::model::Call;
use crate::wire::{Batch, Forget, Incoming};
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
    /// The calls, by their place in the commit.
    calls: Vec<Of>,
}

/// Where a call comes from.
struct Of {
    /// Its line, by its place in the batch.
    line: usize,
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
        let (mut calls, mut of) = (Vec::with_capacity(batch.lines.len()), Vec::new());
        for place in 0..batch.lines.len() {
            match taken(&mut batch, place) {
                Some(Incoming::Call(call)) => {
                    of.push(Of { line: place, has_id: call.id.is_some() });
                    calls.push(call);
                }
                Some(Incoming::Forget(forget)) => {
                    let before = std::mem::take(&mut calls);
                    self.send(before, batch.clone(), std::mem::take(&mut of))?;
                    self.land()?;
                    self.forget(&batch, place, &forget)?;
                }
                None => self.reject(&batch, place)?,
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
            let Some(line) = sent.batch.lines.get(of.line) else { continue };
            self.report.without_id -= u64::from(!of.has_id);
            self.report.refuse(&sent.batch, line, refused)?;
        }
        Ok(())
    }

    fn reject(&mut self, batch: &Batch, place: usize) -> Result<(), Failure> {
        let line = &batch.lines[place];
        let Err(reject) = &line.call else { return Ok(()) };
        self.report.reject(batch, line, &Rejected::from(reject))
    }

    fn forget(&mut self, batch: &Batch, place: usize, forget: &Forget) -> Result<(), Failure> {
        match self.throng.forget(&forget.names, forget.suppress, self.how.time)? {
            Forgotten::Person => self.report.forgotten += 1,
            Forgotten::Nobody => self.report.nobody += 1,
            Forgotten::Refused(refused) => {
                self.report.refuse(batch, &batch.lines[place], &refused)?;
            }
        }
        Ok(())
    }
}

/// Takes the call out of a line; none if there is none.
fn taken(batch: &mut Batch, place: usize) -> Option<Incoming> {
    match &mut batch.lines[place].call {
        Ok(incoming) => Some(std::mem::replace(
            incoming,
            Incoming::Call(Call::new(
                "",
                crate::model::Body::Page { properties: Default::default() },
            )),
        )),
        Err(_) => None,
    }
}
