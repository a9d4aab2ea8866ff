//! `throng import`: files and standard input become commits, batch by batch.

mod courier;
mod flight;
mod input;
mod keep;
mod progress;
mod rehearsal;
mod report;
mod words;

use super::arguments::Import;
use super::failure::Failure;
use super::place::{self, Reached, Use};
use super::print::{self, say, tell};
use super::signal::{INTERRUPTED, Signals};
use crate::engine::{CommitTime, Stop, Throng, Trial};
use crate::store::Directory;
use crate::wire::Batch;
use courier::Courier;
use flight::Flight;
use input::Input;
use progress::Meter;
use rehearsal::Rehearsal;
use report::Report;
use std::io::Write;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// How long what is on its way may take to land after it was interrupted: a
/// line that does not come, or much that is to be written down, is not waited for.
const LAND_TIME: Duration = Duration::from_secs(10);

/// How calls become commits.
struct How {
    time: CommitTime,
    bulk: bool,
    /// Nothing is changed.
    dry_run: bool,
}

/// Takes the files in and prints what became of them.
pub(super) fn run(import: &Import) -> Result<ExitCode, Failure> {
    if let Some(file) = &import.map_draft {
        write!(print::out(), "{}", input::draft(file)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let inputs = input::all(import)?;
    let how = How { time: time_of(import)?, bulk: import.bulk, dry_run: import.dry_run };
    let begun = Instant::now();
    let mut report = Report::new(import)?;
    let signals = Signals::heard();
    let reached = reach(import, &inputs, &how)?;
    let stop = Stop::default();
    let sign = stop.clone();
    signals.end_by(LAND_TIME, move || sign.stop());
    let taken = input::check_namespaces(import, &inputs, reached.database())
        .and_then(|()| take(&reached, inputs, &how, &mut report, &stop));
    let closed = reached.close();
    taken?;
    closed?;
    report.finish()?;
    say(report.summary(begun.elapsed(), import.dry_run))?;
    Ok(status(import, &report, &stop))
}

/// The database that takes the calls in, or is asked what would become of them.
fn reach(import: &Import, inputs: &[Input], how: &How) -> Result<Reached, Failure> {
    let is_new = !Directory::is_store(&import.place.data);
    match (is_new, how.dry_run) {
        // What is tried makes no directory.
        (true, true) => return Ok(Reached::Here(Throng::temporary()?)),
        // What is wrong leaves none behind.
        (true, false) => input::check_namespaces(import, inputs, &Throng::temporary()?)?,
        (false, true) => return place::reach(&import.place, Use::Read),
        (false, false) => {}
    }
    place::reach(&import.place, Use::Create { given: how.time != CommitTime::Clock })
}

fn take(
    reached: &Reached,
    inputs: Vec<Input>,
    how: &How,
    report: &mut Report,
    stop: &Stop,
) -> Result<(), Failure> {
    let several = inputs.len() > 1;
    let mut trial = Trial::default();
    for input in inputs {
        let meter = Meter::new(&input);
        let name = input.name.clone();
        let words = input.words.clone();
        let batches = input.read()?;
        report.begin(several.then(|| name.clone()), &words, batches.header());
        let mut carrier = Carrier::new(reached, how, report, &mut trial);
        for batch in batches {
            if stop.is_stopped() {
                break;
            }
            let batch = batch.map_err(|error| Failure::at(&name, error))?;
            meter.at(&batch);
            carrier.take(batch)?;
        }
        carrier.land()?;
        meter.finish();
    }
    Ok(())
}

/// What takes batches where they belong.
enum Carrier<'a> {
    Here(Flight<'a>),
    There(Courier<'a>),
    Nowhere(Rehearsal<'a>),
}

impl<'a> Carrier<'a> {
    fn new(
        reached: &'a Reached,
        how: &'a How,
        report: &'a mut Report,
        trial: &'a mut Trial,
    ) -> Carrier<'a> {
        match reached {
            Reached::Here(throng) if how.dry_run => {
                Carrier::Nowhere(Rehearsal::new(throng, how, report, trial))
            }
            Reached::Here(throng) => Carrier::Here(Flight::new(throng, how, report)),
            Reached::There(client) => Carrier::There(Courier::new(client, how, report, trial)),
        }
    }

    fn take(&mut self, batch: Batch) -> Result<(), Failure> {
        match self {
            Carrier::Here(flight) => flight.take(batch),
            Carrier::There(courier) => courier.take(&batch),
            Carrier::Nowhere(rehearsal) => rehearsal.take(&batch),
        }
    }

    fn land(&mut self) -> Result<(), Failure> {
        match self {
            Carrier::Here(flight) => flight.land(),
            Carrier::There(_) | Carrier::Nowhere(_) => Ok(()),
        }
    }
}

fn time_of(import: &Import) -> Result<CommitTime, Failure> {
    match &import.at {
        Some(at) => place::instant(at).map(CommitTime::At),
        None if import.replay => Ok(CommitTime::Follow),
        None => Ok(CommitTime::Clock),
    }
}

fn status(import: &Import, report: &Report, stop: &Stop) -> ExitCode {
    if stop.is_stopped() && import.dry_run {
        tell("interrupted: nothing was changed");
        return ExitCode::from(INTERRUPTED);
    }
    if stop.is_stopped() {
        tell(format_args!(
            "interrupted: what was accepted is kept; run the same command again, and lines \
             with a message id go on without doubles{}",
            import.rejects.as_ref().map_or("", |_| "; give --rejects another file")
        ));
        return ExitCode::from(INTERRUPTED);
    }
    let known =
        report.accepted + report.duplicates + report.conflicting + report.forgotten + report.nobody;
    let nothing = known == 0 && report.n_rejected() > 0;
    let failed = nothing || (import.strict && report.n_rejected() > 0);
    ExitCode::from(u8::from(failed))
}
