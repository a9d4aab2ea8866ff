//! `throng shell`, and `throng` alone: statements at a prompt, or piped in.

use super::arguments::Shell;
use super::failure::Failure;
use super::place::{self, Reached, Use};
use super::signal::INTERRUPTED;
use crate::shell::{self, Database, Ended, Format, Interrupt, Settings};
use std::env;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Runs a session.
pub(super) fn run(arguments: &Shell) -> Result<ExitCode, Failure> {
    let at = arguments.at.as_deref().map(place::instant).transpose()?;
    let reached = place::reach(&arguments.place, Use::Change)?;
    let (database, place): (Arc<dyn Database>, String) = match &reached {
        Reached::Here(throng) => {
            (Arc::new(throng.clone()), arguments.place.data.display().to_string())
        }
        Reached::There(client) => {
            let place = format!("{} by {}", arguments.place.data.display(), client.address());
            (Arc::new(client.clone()), place)
        }
    };
    let format = arguments.format.map(Format::from);
    let settings = Settings { place, format, at, state: state() };
    let interrupt = Interrupt::default();
    let ended = shell::run(database, &settings, &interrupt, || take_back_on_signal(&interrupt));
    reached.close()?;
    Ok(match ended? {
        Ended::Well => ExitCode::SUCCESS,
        Ended::Failed => ExitCode::from(1),
        Ended::Wrong => ExitCode::from(2),
        Ended::Interrupted => ExitCode::from(INTERRUPTED),
    })
}

/// Ctrl-C takes back the question that is being answered; a second one ends the
/// process, which is safe in the midst of a change, too. At the prompt the
/// terminal makes no signal of it, so one that comes then asks for the end.
fn take_back_on_signal(interrupt: &Interrupt) {
    let interrupt = interrupt.clone();
    // Without a handler Ctrl-C ends the process, which loses nothing.
    let _set = ctrlc::set_handler(move || {
        if !interrupt.interrupt() {
            std::process::exit(INTERRUPTED.into());
        }
    });
}

/// Where state that outlives the process is kept.
fn state() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("XDG_STATE_HOME")
        .filter(|path| path.is_absolute())
        .or_else(|| set("HOME").map(|home| home.join(".local/state")))
}
