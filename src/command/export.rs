//! `throng export --lake DIR`: everybody as files in Parquet.

use super::arguments::Export;
use super::failure::Failure;
use super::place::{self, Use};
use super::print::counted;
use crate::engine::{Endpoint, OpenError};
use crate::lake::{Lake, export};
use crate::store::StoreError;
use std::process::ExitCode;

/// Writes a lake and says what is in it.
pub(super) fn run(asked: &Export) -> Result<ExitCode, Failure> {
    let as_of = asked.as_of.as_deref().map(place::instant).transpose()?;
    let throng = place::try_open(&asked.place, Use::Read).map_err(|error| held(asked, error))?;
    let (view, now) = throng.view_as_of(as_of)?;
    let lake = Lake::of(&view, view.catalog(), now);
    let exported =
        export(&lake, &asked.lake).map_err(|error| Failure::Failed(error.to_string()))?;
    println!(
        "{} and {} as of {now} in {}",
        counted(exported.people, "person", "people"),
        counted(exported.events, "event", "events"),
        asked.lake.display()
    );
    throng.close()?;
    Ok(ExitCode::SUCCESS)
}

/// A process that holds the directory writes to what would be read.
fn held(asked: &Export, error: OpenError) -> Failure {
    let OpenError::Store(StoreError::Locked { .. }) = &error else { return error.into() };
    match Endpoint::read(&asked.place.data) {
        Ok(Some(endpoint)) => Failure::Failed(format!(
            "process {} serves {}; stop it, or export from a copy of the directory",
            endpoint.pid,
            asked.place.data.display()
        )),
        _ => error.into(),
    }
}
