//! `throng repair`: the rebuildable store built again, and what of a damaged
//! log or feed can be kept.

use super::arguments::Repair;
use super::failure::Failure;
use super::print::{counted, grouped, say, tell};
use crate::engine::{self, Damages, Info, Options};
use crate::store::Lost;
use std::process::ExitCode;

/// Builds the rebuildable store again from the log. Where the log or the feed
/// is damaged it says what that costs, and pays only if it was told to.
pub(super) fn run(repair: &Repair) -> Result<ExitCode, Failure> {
    if repair.accept_loss {
        return accept(repair);
    }
    if let Some(damages) = engine::damages(&repair.data)? {
        let told = lines(&damages, ["is lost", "are lost"]);
        return Err(Failure::Failed(format!(
            "{told}; nothing was changed: put back a backup, or go on without what is lost: \
             `throng repair --accept-loss --data {}` keeps what can be read and sets the rest aside",
            repair.data.display()
        )));
    }
    built(&engine::repair(&repair.data, Options::default())?)
}

fn accept(repair: &Repair) -> Result<ExitCode, Failure> {
    let repaired = engine::accept_loss(&repair.data, Options::default())?;
    match &repaired.damages {
        Some(damages) => tell(lines(damages, ["was given up", "were given up"])),
        None => tell("nothing is damaged, so nothing was given up"),
    }
    for aside in &repaired.asides {
        tell(format_args!("what was there lies in {}, and may be deleted", aside.display()));
    }
    built(&repaired.info)
}

fn built(info: &Info) -> Result<ExitCode, Failure> {
    let (record, calls) = (grouped(info.lsn.0), counted(info.calls as u64, "call", "calls"));
    say(format_args!("built again from the log up to record {record}, with {calls}"))?;
    Ok(ExitCode::SUCCESS)
}

/// Each damage, what can be read, and what is gone.
fn lines(damages: &Damages, is_gone: [&str; 2]) -> String {
    let (log, feed) = (&damages.loss.log, &damages.loss.feed);
    let mut lines = Vec::new();
    if let Some(damage) = &log.damage {
        let records = counted(log.n_kept, "record", "records");
        let calls = counted(log.n_calls, "call", "calls");
        lines.push(format!("{damage}; {records} with {calls} can be read"));
        lines.push(gone(log, &calls_gone(damages), is_gone));
    }
    if let Some(damage) = &feed.damage {
        let entries = counted(feed.n_kept, "entry", "entries");
        lines.push(format!("{damage}; {entries} can be read"));
        lines.push(
            "whoever follows an audience is told the difference between these entries and who is \
             in it, with the cause `recovered`"
                .to_owned(),
        );
    }
    lines.join("\n")
}

fn gone(log: &Lost, calls: &str, [is_gone, are_gone]: [&str; 2]) -> String {
    match log.gone() {
        None => "no record is gone".to_owned(),
        Some((first, last)) if first == last => format!("record {first} {is_gone}, {calls}"),
        Some((first, last)) => format!("records {first} to {last} {are_gone}, {calls}"),
    }
}

fn calls_gone(damages: &Damages) -> String {
    match (damages.n_calls_gone, damages.loss.log.n_calls_behind) {
        (Some(n), _) => format!("with {}", counted(n, "call", "calls")),
        (None, 0) => "with an unknown number of calls".to_owned(),
        (None, n) => format!("with at least {}", counted(n, "call", "calls")),
    }
}
