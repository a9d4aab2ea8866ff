//! Opening the database that the arguments name.

use super::arguments::Place;
use super::failure::Failure;
use crate::engine::{Clock, Options, Throng};
use crate::model::{Date, Timestamp, Zone};

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
    Throng::open(&place.data, options).map_err(Failure::from)
}

/// An instant as an argument says it: RFC 3339, or a date for its start in UTC.
pub(super) fn instant(text: &str) -> Result<Timestamp, Failure> {
    let day = || text.parse::<Date>().map(|day| Zone::UTC.start_of(day));
    text.parse().or_else(|error| day().map_err(|_| error)).map_err(|error| {
        Failure::Wrong(format!("throng: `{text}` is no instant: {error}, or like 2026-03-01"))
    })
}
