//! Inputs: all that changes the database, and the record that commits one.

use super::{Call, Lsn, Text, Timestamp};

/// One commit: an input with its number, its time and the births in it.
///
/// ```
/// use throng::model::{Input, Lsn, Record, Timestamp};
/// let at = Timestamp::EPOCH;
/// let record = Record { lsn: Lsn(1), at, first_identifier: 1, input: Input::Tick };
/// assert_eq!(record.input.kind(), "tick");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its number; each record's is greater than the one before.
    pub lsn: Lsn,
    /// The commit time, never before the previous record's.
    pub at: Timestamp,
    /// The birth number of the first identifier that this record brings, so
    /// that rewriting the log keeps every number.
    pub first_identifier: u32,
    /// What it changes.
    pub input: Input,
}

/// What changes the database.
///
/// ```
/// use throng::model::Input;
/// assert_eq!(Input::Link("user_id:ada".into(), "email:a@b.c".into()).kind(), "link");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Calls that drive standing audiences one by one.
    Calls(Vec<Call>),
    /// Calls whose effect on standing audiences is computed once, at the end.
    Bulk(Vec<Call>),
    /// Time passes up to the commit time, nothing else.
    Tick,
    /// A definition, a declaration or its end, as canonical text of the language.
    Define(Text),
    /// A standing audience is complete over all history and live from here on.
    Activate(Text),
    /// Two identifiers, each `namespace:value`, name one person.
    Link(Text, Text),
    /// Two identifiers may not name one person.
    Unlink(Text, Text),
    /// A person is forgotten: keyed hashes of personal identifiers, tenures of
    /// carriers; never the identifiers themselves.
    Forget {
        /// 128-bit keyed hashes of the personal identifiers.
        personal: Vec<u128>,
        /// Of each carrier: its keyed hash, and the stretch that is forgotten.
        tenures: Vec<(u128, Timestamp, Timestamp)>,
        /// Whether facts dated after the commit are refused too.
        suppress: bool,
    },
    /// A list is to hold these people: the birth numbers of the identifiers by
    /// which they are named.
    Freeze {
        /// The list, made if it is not there.
        list: Text,
        /// Birth numbers of identifiers.
        members: Vec<u32>,
    },
    /// The event of a message id is forgotten, whoever sent it, and the id refused.
    ForgetEvent(Text),
    /// A setting of the workspace, as canonical text of the language.
    Settings(Text),
    /// The version of the time zone tables in use from here on.
    Zones(Text),
    /// The difference between the feed and the state that a writing open found.
    Recovered,
}

impl Input {
    /// The kind as the log and `info` name it.
    pub fn kind(&self) -> &'static str {
        match self {
            Input::Calls(_) => "calls",
            Input::Bulk(_) => "bulk",
            Input::Tick => "tick",
            Input::Define(_) => "define",
            Input::Activate(_) => "activate",
            Input::Link(..) => "link",
            Input::Unlink(..) => "unlink",
            Input::Forget { .. } => "forget",
            Input::Freeze { .. } => "freeze",
            Input::ForgetEvent(_) => "forget_event",
            Input::Settings(_) => "settings",
            Input::Zones(_) => "zones",
            Input::Recovered => "recovered",
        }
    }
}
