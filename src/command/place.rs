//! Opening the database that the arguments name.

use super::arguments::Place;
use super::failure::Failure;
use super::print::tell;
use crate::engine::{Answers, Ask, Clock, Endpoint, OpenError, Options, Throng, Torn};
use crate::lang;
use crate::model::{Date, Timestamp, Zone, counted};
use crate::server::Client;
use crate::shell::{Database, Trouble};
use crate::store::StoreError;

/// What a command is going to do with a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Only ask.
    Read,
    /// Change something that is there.
    Change,
    /// Change something, and make the database if there is none. A first
    /// commit at a given time makes the clock given.
    Create { given: bool },
}

/// Opens the database.
pub(super) fn open(place: &Place, what: Use) -> Result<Throng, Failure> {
    Ok(try_open(place, what)?)
}

fn try_open(place: &Place, what: Use) -> Result<Throng, OpenError> {
    let clock = match what {
        Use::Create { given: true } => Some(Clock::Given),
        _ => None,
    };
    let options = Options {
        read_only: what == Use::Read,
        create: matches!(what, Use::Create { .. }),
        clock,
        accept_clock: place.accept_clock,
        ..Options::default()
    };
    let throng = Throng::open(&place.data, options)?;
    throng.torn().iter().for_each(|torn| say(torn, what == Use::Read));
    Ok(throng)
}

/// What a crash left is no loss, but nothing is cut in silence.
fn say(torn: &Torn, is_there: bool) {
    let (bytes, file) = (counted(torn.bytes, "byte", "bytes"), torn.file.display());
    let fate = match is_there {
        true => "the next change sets this aside".to_owned(),
        false => format!("this was cut off and lies in {}", torn.aside().display()),
    };
    tell(format_args!(
        "a crash left {bytes} at the end of {file}, no whole record and never acknowledged; {fate}"
    ));
}

/// A database within reach: open in this process, or held by one that answers.
pub(super) enum Reached {
    Here(Throng),
    There(Client),
}

/// Opens the database; where another process holds it and answers, that is asked.
pub(super) fn reach(place: &Place, what: Use) -> Result<Reached, Failure> {
    let held = match try_open(place, what) {
        Ok(throng) => return Ok(Reached::Here(throng)),
        Err(held @ OpenError::Store(StoreError::Locked { .. })) => held,
        Err(other) => return Err(other.into()),
    };
    match Endpoint::read(&place.data) {
        Ok(Some(endpoint)) => Ok(Reached::There(Client::new(endpoint))),
        Ok(None) => Err(held.into()),
        Err(error) => Err(Failure::Failed(error.to_string())),
    }
}

impl Reached {
    /// What answers statements.
    pub fn database(&self) -> &dyn Database {
        match self {
            Reached::Here(throng) => throng,
            Reached::There(client) => client,
        }
    }

    /// Closes what was opened here.
    pub fn close(self) -> Result<(), Failure> {
        match self {
            Reached::Here(throng) => Ok(throng.close()?),
            Reached::There(_) => Ok(()),
        }
    }
}

impl Database for Client {
    fn ask(&self, asked: &Ask<'_>) -> Result<Answers, Trouble> {
        Client::ask(self, asked).map_err(|error| match Trouble::from(error) {
            // What the server does meanwhile is not known here.
            Trouble::Cancelled if changes(asked.text) => Trouble::Failed(
                "no longer waited for; a change that had begun is done all the same".to_owned(),
            ),
            trouble => trouble,
        })
    }
}

/// Whether a text holds more than questions.
fn changes(text: &str) -> bool {
    lang::parse(text).statements.iter().any(|statement| !statement.kind.is_question())
}

/// An instant as an argument says it: RFC 3339, or a date for its start in UTC.
pub(super) fn instant(text: &str) -> Result<Timestamp, Failure> {
    let day = || text.parse::<Date>().map(|day| Zone::UTC.start_of(day));
    text.parse().or_else(|error| day().map_err(|_| error)).map_err(|error| {
        Failure::Wrong(format!("throng: `{text}` is no instant: {error}, or like 2026-03-01"))
    })
}
