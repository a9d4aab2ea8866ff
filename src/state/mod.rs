//! The state: what the inputs add up to. `(State, Record) -> Changes`.
//!
//! It reads no clock and writes no file: the same records give the same state
//! and the same changes. What it cannot know (pages of sealed rows) it is handed.

mod admit;
mod again;
mod ahead;
mod alive;
mod apply;
mod columns;
mod crowd;
mod deaths;
mod facts;
mod foresight;
mod forget_event;
mod hear;
mod kept;
mod ledger;
mod lists;
mod memory;
mod messages;
mod offer;
mod past;
mod paused;
mod program;
mod recall;
mod refused;
mod rest;
mod scan;
mod view;

pub use admit::{Admitted, Refused};
pub use again::{Again, Tally};
pub use apply::{ApplyError, Changes};
pub use foresight::{Foreseen, Foresight};
pub use hear::{Aside, Job, Spent};
pub use kept::{DeathsKept, FirstKept, HeadKept, Kept, LedgerKept, SeatsKept, Snapshot, ToldKept};
pub use ledger::Ledger;
pub use memory::Memory;
pub use offer::Offer;
pub use past::Past;
pub use scan::Carried;
pub use view::View;

use crate::audience::Live;
use crate::identity::{Identity, Policy};
use crate::index::Seats;
use crate::model::{Lsn, Text, Timestamp};
use crate::query::catalog::Catalog;
use crate::query::scan::{Runner, one_by_one};
use crate::timeline::Timeline;
use alive::Alive;
use columns::Columns;
use messages::Messages;
use refused::RefusedIds;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything that the inputs so far add up to.
pub struct State {
    lsn: Lsn,
    at: Timestamp,
    policy: Arc<Policy>,
    identity: Identity,
    catalog: Catalog,
    messages: Messages,
    timeline: Timeline,
    alive: Alive,
    ledger: Arc<Ledger>,
    /// Every definition as it was told.
    told: Arc<Vec<ToldKept>>,
    /// The greatest `when` that a call has said.
    newest: Timestamp,
    live: Option<Live>,
    /// Audiences of which changes are not announced, and who is known to be in them.
    paused: BTreeMap<Text, Seats>,
    /// Message ids that may not come in again.
    refused: RefusedIds,
    /// How a job is done while another one is.
    aside: Aside,
    /// How many jobs that are alike are done.
    run: Runner<'static>,
    /// What is known of everybody that questions have asked for.
    columns: Columns,
}

impl State {
    /// The state before the first record. The secret keys the hashes by which
    /// forgotten identifiers are known again.
    pub fn new(secret: u128) -> State {
        State {
            lsn: Lsn::default(),
            at: Timestamp::MIN,
            policy: Arc::new(Policy::standard()),
            identity: Identity::default(),
            catalog: Catalog::default(),
            messages: Messages::default(),
            timeline: Timeline::default(),
            alive: Alive::default(),
            ledger: Arc::new(Ledger::new(secret)),
            told: Arc::default(),
            newest: Timestamp::MIN,
            live: None,
            paused: BTreeMap::new(),
            refused: RefusedIds::default(),
            aside: Arc::new(|job| job()),
            run: &one_by_one,
            columns: Columns::default(),
        }
    }

    /// The number of the last record.
    pub fn lsn(&self) -> Lsn {
        self.lsn
    }

    /// The commit time of the last record.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The greatest `when` that a call has said.
    pub fn newest(&self) -> Timestamp {
        self.newest
    }

    /// What names are known.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Who is who.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// How calls name people.
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// The rows.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// The rows, for sealing and merging.
    pub fn timeline_mut(&mut self) -> &mut Timeline {
        &mut self.timeline
    }

    /// How many bytes may be kept of what is known of everybody.
    pub fn set_columns_budget(&self, bytes: usize) {
        self.columns.set_budget(bytes);
    }

    /// The standing audiences, once they are kept.
    pub fn live(&self) -> Option<&Live> {
        self.live.as_ref()
    }

    /// How many people exist.
    pub fn n_people(&self) -> u64 {
        self.alive.seats().len()
    }

    /// How many ids of calls are known.
    pub fn n_messages(&self) -> usize {
        self.messages.len()
    }

    /// The birth number that the next identifier gets.
    pub fn next_identifier(&self) -> u32 {
        self.identity.next_number()
    }
}
