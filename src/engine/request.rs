//! What is asked of the lane, and where its answer goes.

use super::info::Numbers;
use super::prepared::Prepared;
use super::{CommitError, CommitTime, Receipt};
use crate::model::{Identifier, Lsn, Text, Timestamp};
use crate::query::catalog::Catalog;
use crate::state::{Spent, View};
use crate::store::{Endpoint, Entries, Records};
use crossbeam::channel::Sender;

/// One request to the lane.
pub(super) struct Request {
    /// What is to be done.
    pub order: Order,
    /// Where the reply goes; a caller who is gone is no error.
    pub reply: Sender<Result<Reply, CommitError>>,
}

/// What is to be done.
pub(super) enum Order {
    /// Calls become one record.
    Calls { calls: Prepared, bulk: bool, time: CommitTime },
    /// What would become of calls; nothing is changed.
    Try { calls: Prepared, time: CommitTime },
    /// A change that is no call.
    Change { change: Change, time: CommitTime },
    /// Definitions of audiences that follow one another, as canonical texts.
    Define { texts: Vec<Text>, time: CommitTime },
    /// Time passes.
    Advance(Timestamp),
    /// A place to read from, no older than every commit that was acknowledged.
    View,
    /// Everything in memory goes to the rebuildable store.
    Checkpoint,
    /// Numbers about the database.
    Info,
    /// Others are told where this process answers, or that it does no more.
    Endpoint(Option<Endpoint>),
    /// The durable entries of the feed from a record on.
    Entries(Lsn),
    /// The records that are on disk.
    Records,
    /// The lane ends after what came before.
    Close,
}

/// A change that is no call.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// A definition, as canonical text.
    Define(Text),
    /// Several, as one: only while definitions are those that it was made for.
    Program { text: Text, base: Box<Catalog> },
    /// Two identifiers name one person.
    Link(Identifier, Identifier),
    /// They may not.
    Unlink(Identifier, Identifier),
    /// A list holds the members of an audience.
    Freeze { audience: Text, list: Text },
    /// The event of a message id is forgotten.
    ForgetEvent(Text),
    /// A person is forgotten.
    Forget { personal: Vec<u128>, tenures: Vec<(u128, Timestamp, Timestamp)>, suppress: bool },
}

/// What the lane replies.
pub(super) enum Reply {
    /// To calls; who made them also frees what is left of them.
    Receipt(Receipt, Spent),
    /// To a change: what it says of itself.
    Changed(Option<String>),
    /// To definitions: what they say of themselves, and what was wrong with the next one.
    Defined(Vec<String>, Option<CommitError>),
    /// To a view.
    View(Box<View>),
    /// To a question for numbers; who asked looks up what is missing.
    Info(Box<Numbers>),
    /// To a subscriber.
    Entries(Entries),
    /// To who reads the log.
    Records(Records),
    /// To the rest.
    Done,
}
