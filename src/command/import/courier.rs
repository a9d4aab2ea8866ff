//! Batches taken to the process that holds the directory.

use super::How;
use super::report::{Rejected, Report};
use crate::command::failure::Failure;
use crate::engine::CommitTime;
use crate::server::{self, Client};
use crate::wire::{Batch, Incoming, Line, json_of_call, json_of_forget};

/// Bytes of one request: well below what a server takes in one body.
const REQUEST_BYTES: usize = 4 << 20;

/// Takes batches to a server, one request after the other.
pub(super) struct Courier<'a> {
    client: &'a Client,
    how: server::How,
    report: &'a mut Report,
}

impl<'a> Courier<'a> {
    pub fn new(client: &'a Client, how: &How, report: &'a mut Report) -> Courier<'a> {
        let at = match how.time {
            CommitTime::At(at) => Some(at),
            CommitTime::Clock | CommitTime::Follow => None,
        };
        let replay = how.time == CommitTime::Follow;
        Courier { client, how: server::How { at, replay, bulk: how.bulk }, report }
    }

    /// Sends a batch, in as many requests as its size asks for.
    pub fn take(&mut self, batch: &Batch) -> Result<(), Failure> {
        self.report.read(batch);
        let (mut calls, mut lines): (String, Vec<&Line>) = Default::default();
        for line in &batch.lines {
            let call = match &line.call {
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
}

fn is_without_id(line: &Line) -> bool {
    matches!(&line.call, Ok(Incoming::Call(call)) if call.id.is_none())
}
