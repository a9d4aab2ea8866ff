//! Batches taken to the process that holds the directory.

use super::How;
use super::report::{Rejected, Report};
use crate::command::failure::Failure;
use crate::engine::{CommitTime, Trial};
use crate::model::Call;
use crate::server::{self, Client, Imported};
use crate::wire::{Batch, Incoming, Line, json_of_call, json_of_forget};
use std::collections::HashSet;

/// Bytes of one request: well below what a server takes in one body.
const REQUEST_BYTES: usize = 4 << 20;

/// Takes batches to a server, one request after the other.
pub(super) struct Courier<'a> {
    client: &'a Client,
    how: server::How,
    report: &'a mut Report,
    /// A server that is not changed does not remember the requests before.
    trial: Option<&'a mut Trial>,
}

impl<'a> Courier<'a> {
    pub fn new(
        client: &'a Client,
        how: &How,
        report: &'a mut Report,
        trial: &'a mut Trial,
    ) -> Courier<'a> {
        let at = match how.time {
            CommitTime::At(at) => Some(at),
            CommitTime::Clock | CommitTime::Follow => None,
        };
        let replay = how.time == CommitTime::Follow;
        let How { bulk, dry_run, .. } = *how;
        let trial = dry_run.then_some(trial);
        Courier { client, how: server::How { at, replay, bulk, dry_run }, report, trial }
    }

    /// Sends a batch, in as many requests as its size asks for.
    pub fn take(&mut self, batch: &Batch) -> Result<(), Failure> {
        self.report.read(batch);
        let (mut calls, mut lines): (String, Vec<&Line>) = Default::default();
        for line in &batch.lines {
            let call = match &line.call {
                Ok(Incoming::Call(call)) if self.repeats(call) => continue,
                Ok(Incoming::Call(call)) => json_of_call(call),
                Ok(Incoming::Forget(forget)) => json_of_forget(forget),
                Err(reject) => {
                    self.report.reject(batch, line.spot(), &Rejected::from(reject))?;
                    continue;
                }
            };
            if calls.len() + call.len() > REQUEST_BYTES {
                self.send(batch, &mut calls, &mut lines)?;
            }
            if !calls.is_empty() {
                calls.push(',');
            }
            calls.push_str(&call);
            lines.push(line);
        }
        self.send(batch, &mut calls, &mut lines)
    }

    /// Counts a call whose id came in a request before.
    fn repeats(&mut self, call: &Call) -> bool {
        let same = self.trial.as_ref().and_then(|trial| trial.repeats(call));
        self.report.duplicates += u64::from(same == Some(true));
        self.report.conflicting += u64::from(same == Some(false));
        same.is_some()
    }

    fn send<'b>(
        &mut self,
        batch: &'b Batch,
        calls: &mut String,
        lines: &mut Vec<&'b Line>,
    ) -> Result<(), Failure> {
        if lines.is_empty() {
            return Ok(());
        }
        let envelope = format!("{{\"batch\":[{calls}]}}");
        let taken = self.client.import(envelope.as_bytes(), self.how)?;
        self.report.accepted += taken.accepted;
        self.report.duplicates += taken.duplicates;
        self.report.conflicting += taken.conflicting;
        self.report.forgotten += taken.forgotten;
        self.report.nobody += taken.nobody;
        self.report.without_id += lines.iter().filter(|line| is_without_id(line)).count() as u64;
        self.remember(lines, &taken);
        for rejected in &taken.rejected {
            let Some(line) = lines.get(rejected.index) else { continue };
            self.report.without_id -= u64::from(is_without_id(line));
            let (reason, message) = (&*rejected.reason, &*rejected.message);
            let remedy = &*rejected.remedy;
            self.report.reject(batch, line.spot(), &Rejected { reason, message, remedy })?;
        }
        calls.clear();
        lines.clear();
        Ok(())
    }

    /// Keeps the ids of what would have come in.
    fn remember(&mut self, lines: &[&Line], taken: &Imported) {
        let Some(trial) = &mut self.trial else { return };
        let rejected: HashSet<usize> = taken.rejected.iter().map(|call| call.index).collect();
        for (index, line) in lines.iter().enumerate() {
            if let Ok(Incoming::Call(call)) = &line.call
                && !rejected.contains(&index)
            {
                trial.add(call);
            }
        }
    }
}

fn is_without_id(line: &Line) -> bool {
    matches!(&line.call, Ok(Incoming::Call(call)) if call.id.is_none())
}
