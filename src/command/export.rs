//! `throng export --lake DIR`: everybody as files in Parquet.

use super::arguments::Export;
use super::failure::Failure;
use super::place::{self, Reached, Use};
use super::print::{counted, say};
use crate::engine::Throng;
use crate::lake::{self, Lake, LakeError};
use crate::model::Timestamp;
use crate::server::Client;
use std::process::ExitCode;

/// Writes a lake and says what is in it.
pub(super) fn run(asked: &Export) -> Result<ExitCode, Failure> {
    let as_of = asked.as_of.as_deref().map(place::instant).transpose()?;
    let (people, events, now) = match place::reach(&asked.place, Use::Read)? {
        Reached::Here(throng) => here(throng, asked, as_of)?,
        Reached::There(client) => there(&client, asked, as_of)?,
    };
    let (people, events) =
        (counted(people, "person", "people"), counted(events, "event", "events"));
    say(format_args!("{people} and {events} as of {now} in {}", asked.lake.display()))?;
    Ok(ExitCode::SUCCESS)
}

type Written = (u64, u64, String);

fn here(throng: Throng, asked: &Export, as_of: Option<Timestamp>) -> Result<Written, Failure> {
    let (view, now) = throng.view_as_of(as_of)?;
    let lake = Lake::of(&view, view.catalog(), now);
    let exported = lake::export(&lake, &asked.lake).map_err(failed)?;
    throng.close()?;
    Ok((exported.people, exported.events, now.to_string()))
}

/// The process that holds the directory writes the files, and they are moved.
fn there(client: &Client, asked: &Export, as_of: Option<Timestamp>) -> Result<Written, Failure> {
    let exported = client.export(as_of)?;
    lake::fetch(&exported.directory, &asked.lake).map_err(failed)?;
    Ok((exported.people, exported.events, exported.now))
}

fn failed(error: LakeError) -> Failure {
    Failure::Failed(error.to_string())
}
