//! Parsed calls on their way into commits.

use super::problem::Problem;
use crate::engine::{CommitTime, Forgotten, Pending, Receipt, Throng, Trial};
use crate::model::Call;
use crate::model::limits::{RECORD_BYTES_MAX, RECORD_CALLS_MAX};
use crate::state::Refused;
use crate::wire::{Forget, Incoming, Reject, weight};
use serde_json::{Value, json};

/// What became of the calls of a request.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub accepted: u64,
    pub duplicates: u64,
    pub conflicting: u64,
    pub forgotten: u64,
    /// Calls that wished somebody to be forgotten whom nobody knows.
    pub nobody: u64,
    pub rejected: Vec<Rejected>,
}

/// A call that was not taken.
#[derive(Debug)]
pub(super) struct Rejected {
    /// Its place among the calls of the request, from 0.
    pub index: usize,
    pub reason: &'static str,
    pub message: String,
    pub remedy: String,
}

impl Rejected {
    fn of(index: usize, refused: &Refused) -> Rejected {
        Rejected {
            index,
            reason: refused.reason(),
            message: refused.to_string(),
            remedy: refused.remedy().to_owned(),
        }
    }

    pub fn json(&self) -> Value {
        json!({
            "index": self.index,
            "reason": self.reason,
            "message": self.message,
            "remedy": self.remedy,
        })
    }
}

/// How calls are taken in.
#[derive(Clone, Copy)]
pub(super) struct Terms {
    pub time: CommitTime,
    pub bulk: bool,
    /// Nothing is changed: what would become of them is told.
    pub dry_run: bool,
}

impl Terms {
    /// Calls as they come, at the time of the clock.
    pub const LIVE: Terms = Terms { time: CommitTime::Clock, bulk: false, dry_run: false };
}

/// Takes calls in, in their order: as few commits as the limits of a record
/// allow, all on their way before the first one is waited for.
pub(super) fn take(
    throng: &Throng,
    calls: Vec<Result<Incoming, Reject>>,
    terms: Terms,
) -> Result<Taken, Problem> {
    let trial = terms.dry_run.then(Trial::default);
    let mut taking = Taking { throng, terms, trial, taken: Taken::default(), sent: Vec::new() };
    let (mut ready, mut n_bytes) = (Ready::default(), 0);
    for (index, incoming) in calls.into_iter().enumerate() {
        match incoming {
            Ok(Incoming::Call(call)) => {
                n_bytes += weight(&call);
                if ready.calls.len() == RECORD_CALLS_MAX || n_bytes > RECORD_BYTES_MAX {
                    taking.send(&mut ready)?;
                    n_bytes = weight(&call);
                }
                ready.calls.push(call);
                ready.places.push(index);
            }
            Ok(Incoming::Forget(forget)) => {
                taking.send(&mut ready)?;
                n_bytes = 0;
                taking.forget(index, &forget)?;
            }
            Err(reject) => taking.taken.rejected.push(Rejected {
                index,
                reason: reject.reason.name(),
                message: reject.message,
                remedy: reject.remedy,
            }),
        }
    }
    taking.end(&mut ready)?;
    taking.taken.rejected.sort_by_key(|rejected| rejected.index);
    Ok(taking.taken)
}

#[derive(Default)]
struct Ready {
    calls: Vec<Call>,
    places: Vec<usize>,
}

struct Taking<'a> {
    throng: &'a Throng,
    terms: Terms,
    /// Where nothing is to be changed.
    trial: Option<Trial>,
    taken: Taken,
    sent: Vec<(Pending, Vec<usize>)>,
}

impl Taking<'_> {
    fn send(&mut self, ready: &mut Ready) -> Result<(), Problem> {
        if ready.calls.is_empty() {
            return Ok(());
        }
        let Ready { calls, places } = std::mem::take(ready);
        match &mut self.trial {
            Some(trial) => {
                let receipt = trial.ingest(self.throng, calls, self.terms.time)?;
                self.count(&receipt, &places);
            }
            None => {
                let pending = self.throng.begin(calls, self.terms.time, self.terms.bulk)?;
                self.sent.push((pending, places));
            }
        }
        Ok(())
    }

    /// The last ones. If they are the first as well, nothing else is sent while they are waited for.
    fn end(&mut self, ready: &mut Ready) -> Result<(), Problem> {
        if self.trial.is_some() || !self.sent.is_empty() || ready.calls.is_empty() {
            self.send(ready)?;
            return self.land();
        }
        let Ready { calls, places } = std::mem::take(ready);
        let receipt = self.throng.ingest_at(calls, self.terms.time, self.terms.bulk)?;
        self.count(&receipt, &places);
        Ok(())
    }

    /// Waits for everything that was sent: only what is durable is acknowledged.
    fn land(&mut self) -> Result<(), Problem> {
        for (pending, places) in std::mem::take(&mut self.sent) {
            self.count(&pending.wait()?, &places);
        }
        Ok(())
    }

    fn count(&mut self, receipt: &Receipt, places: &[usize]) {
        self.taken.accepted += receipt.accepted;
        self.taken.duplicates += receipt.duplicates;
        self.taken.conflicting += receipt.conflicting.len() as u64;
        for (place, refused) in &receipt.refused {
            let index = places.get(*place).copied().unwrap_or(*place);
            self.taken.rejected.push(Rejected::of(index, refused));
        }
    }

    /// Who is to be forgotten is looked up after every call before it has landed.
    fn forget(&mut self, index: usize, forget: &Forget) -> Result<(), Problem> {
        self.land()?;
        let forgotten = match self.terms.dry_run {
            true => self.throng.would_forget(&forget.names)?,
            false => self.throng.forget(&forget.names, forget.suppress, self.terms.time)?,
        };
        match forgotten {
            Forgotten::Person => self.taken.forgotten += 1,
            Forgotten::Nobody => self.taken.nobody += 1,
            Forgotten::Refused(refused) => {
                self.taken.rejected.push(Rejected::of(index, &refused));
            }
        }
        Ok(())
    }
}
