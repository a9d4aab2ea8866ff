//! `--dry-run`: everything is read and checked, nothing is changed.

use super::super::arguments::Import;
use super::super::failure::Failure;
use super::super::place::{self, Use};
use super::input::Input;
use super::report::{Rejected, Report};
use crate::engine::Stop;
use crate::identity::Policy;
use crate::model::EventId;
use crate::state::Refused;
use crate::store::Directory;
use crate::wire::{Batch, Incoming, Line};
use std::collections::HashSet;

/// Reads all inputs and counts what an import would accept. What the database
/// knows already is not looked at: ids count as duplicates within the files.
pub(super) fn run(
    import: &Import,
    inputs: Vec<Input>,
    report: &mut Report,
    stop: &Stop,
) -> Result<(), Failure> {
    let policy = policy(import)?;
    let mut seen = HashSet::new();
    let several = inputs.len() > 1;
    for input in inputs {
        let name = input.name.clone();
        report.begin(several.then(|| name.clone()));
        for batch in input.read()? {
            if stop.is_stopped() {
                return Ok(());
            }
            let batch = batch.map_err(|error| Failure::at(&name, error))?;
            report.records += batch.n_records;
            for line in &batch.lines {
                check(&policy, &mut seen, &batch, line, report)?;
            }
        }
    }
    Ok(())
}

fn check(
    policy: &Policy,
    seen: &mut HashSet<EventId>,
    batch: &Batch,
    line: &Line,
    report: &mut Report,
) -> Result<(), Failure> {
    let call = match &line.call {
        Ok(Incoming::Call(call)) => call,
        Ok(Incoming::Forget(forget)) => &forget.names,
        Err(reject) => {
            return report.reject(&Rejected {
                number: line.number,
                reason: reject.reason.name(),
                message: &reject.message,
                remedy: &reject.remedy,
                raw: batch.raw(line),
            });
        }
    };
    match policy.named(call).map_err(Refused::Names) {
        Err(refused) => report.reject(&Rejected {
            number: line.number,
            reason: refused.reason(),
            message: &refused.to_string(),
            remedy: refused.remedy(),
            raw: batch.raw(line),
        }),
        Ok(_) if call.id.is_none_or(|id| seen.insert(id)) => {
            report.accepted += 1;
            let is_call = matches!(line.call, Ok(Incoming::Call(_)));
            report.without_id += u64::from(is_call && call.id.is_none());
            Ok(())
        }
        Ok(_) => {
            report.duplicates += 1;
            Ok(())
        }
    }
}

/// How calls name people in the database; a new one has the standard policy.
fn policy(import: &Import) -> Result<Policy, Failure> {
    if !Directory::is_store(&import.place.data) {
        return Ok(Policy::standard());
    }
    let throng = place::open(&import.place, Use::Read)?;
    let policy = throng.view()?.policy().clone();
    throng.close()?;
    Ok(policy)
}
