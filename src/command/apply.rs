//! `throng apply`: definitions made equal to files, a plan shown first.

use super::arguments::Apply;
use super::failure::Failure;
use super::place::{self, Reached, Use};
use super::print::{self, tell};
use crate::engine::{Plan, Source};
use crate::model::Timestamp;
use crate::store::Directory;
use std::io::{self, BufRead, IsTerminal, Write};
use std::process::ExitCode;

/// There is something to do, and it was not done.
const TO_DO: u8 = 3;

/// Shows the plan; does it, if that is wanted.
pub(super) fn run(asked: &Apply) -> Result<ExitCode, Failure> {
    let at = asked.at.as_deref().map(place::instant).transpose()?;
    let files = Source::of_files(&asked.files).map_err(Failure::Failed)?;
    let acts = asked.yes && !asked.dry_run;
    let asks = !asked.yes && !asked.dry_run && io::stdin().is_terminal();
    let is_new = !Directory::is_store(&asked.place.data);
    if is_new {
        return new(asked, &files, at, (acts, asks));
    }
    let how = if acts || asks { Use::Change } else { Use::Read };
    let reached = place::reach(&asked.place, how)?;
    let plan = reached.plan(&files, at)?;
    let done = finish(&plan, (acts, asks), || reached.apply(&files, &plan, at))?;
    reached.close()?;
    Ok(done)
}

/// Where nothing is yet, the plan is made in a database that is thrown away:
/// what is wrong, or not wanted, leaves no directory behind.
fn new(
    asked: &Apply,
    files: &[Source],
    at: Option<Timestamp>,
    how: (bool, bool),
) -> Result<ExitCode, Failure> {
    let plan = crate::engine::Throng::temporary()?.plan(files, at)?;
    finish(&plan, how, || {
        let reached = place::reach(&asked.place, Use::Create { given: at.is_some() })?;
        reached.apply(files, &plan, at)?;
        tell(format_args!("{} is a new database", asked.place.data.display()));
        reached.close()
    })
}

/// Shows a plan, asks where that is wanted, and does it.
fn finish(
    plan: &Plan,
    (acts, asks): (bool, bool),
    apply: impl FnOnce() -> Result<(), Failure>,
) -> Result<ExitCode, Failure> {
    plan.warnings.iter().for_each(|warning| tell(warning.trim_end()));
    let mut out = print::out();
    write!(out, "{plan}")?;
    out.flush()?;
    if plan.is_empty() {
        writeln!(out, "nothing to do")?;
        return Ok(ExitCode::SUCCESS);
    }
    if !acts && !asks {
        writeln!(out, "nothing was changed; `--yes` does it")?;
        return Ok(ExitCode::from(TO_DO));
    }
    if asks && !confirmed(&mut out)? {
        writeln!(out, "nothing was changed")?;
        return Ok(ExitCode::from(TO_DO));
    }
    apply()?;
    writeln!(out, "done, as one commit")?;
    Ok(ExitCode::SUCCESS)
}

fn confirmed(out: &mut dyn Write) -> Result<bool, Failure> {
    write!(out, "do it? only `yes` does: ")?;
    out.flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim() == "yes")
}

impl Reached {
    fn plan(&self, files: &[Source], at: Option<Timestamp>) -> Result<Plan, Failure> {
        match self {
            Reached::Here(throng) => Ok(throng.plan(files, at)?),
            Reached::There(client) => Ok(client.plan(files, None, at)?),
        }
    }

    fn apply(&self, files: &[Source], shown: &Plan, at: Option<Timestamp>) -> Result<(), Failure> {
        match self {
            Reached::Here(throng) => throng.apply(files, shown, at).map(drop)?,
            Reached::There(client) => client.plan(files, Some(&shown.program), at).map(drop)?,
        }
        Ok(())
    }
}
