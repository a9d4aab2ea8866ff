//! The state as plain values, piece by piece, and back: what a checkpoint keeps.
//!
//! The rows are not among them, nor the ids of calls: those lie in the runs.

use super::alive::Alive;
use super::messages::Messages;
use super::refused::RefusedIds;
use super::{Ledger, State};
use crate::identity::{self, Identity};
use crate::index::Seats;
use crate::lang;
use crate::model::{EventId, IdentifierNumber, Lsn, Ordinal, Text, Timestamp};
use crate::query::catalog::{Catalog, FactsKept, ListKept, Lists};
use crate::timeline::Timeline;
use std::sync::Arc;

/// Instants in one piece.
const PER_PIECE: usize = 4_096;

/// A piece of the state. The pieces of one kind follow one another, and the
/// kinds come in this order.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept {
    /// What is short.
    Head(HeadKept),
    /// Every definition, declaration and setting, as it was told.
    Told(Vec<ToldKept>),
    /// What lists hold.
    Lists(Vec<ListKept>),
    /// What facts have shown.
    Facts(FactsKept),
    /// Who was forgotten.
    Ledger(LedgerKept),
    /// Message ids that were forgotten.
    Refused(Vec<Text>),
    /// Who exists, of one chunk, as bytes of a set of seats.
    Seats(SeatsKept),
    /// The least `when` of the rows of each origin, from one on.
    First(FirstKept),
    /// Who is who.
    Identity(identity::Kept),
}

/// What is short.
#[allow(missing_docs, reason = "the names are those of the fields")]
#[derive(Clone, Debug, PartialEq)]
pub struct HeadKept {
    pub lsn: u64,
    pub at: i64,
    pub newest: i64,
    /// Facts that are not visible yet: their instants, and the origins of each.
    pub ahead: Vec<(i64, Vec<u32>)>,
    /// Ids of calls that look like those of calls without one.
    pub short_ids: Vec<u128>,
}

/// A definition as it was told.
#[derive(Clone, Debug, PartialEq)]
pub struct ToldKept {
    /// What was said.
    pub text: Text,
    /// The time of its commit.
    pub at: i64,
    /// The lists of objects that were known then.
    pub lists: Lists,
}

/// Who was forgotten, by keyed hash.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LedgerKept {
    /// Until when, and whether for good.
    pub personal: Vec<(u128, i64, bool)>,
    /// The stretch, whether for good, and the record that says so.
    pub tenures: Vec<(u128, i64, i64, bool, u64)>,
    /// What a derivation of identity must know of it.
    pub deaths: DeathsKept,
}

/// Which identifiers died when somebody was forgotten, and which calls.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeathsKept {
    /// By keyed hash: the record, and up to which instant facts are forgotten.
    pub ends: Vec<(u128, u64, i64)>,
    /// Ids of calls.
    pub struck: Vec<u128>,
    /// The record at which identity was last derived again.
    pub derived: u64,
}

/// Who exists, of one chunk.
#[derive(Clone, Debug, PartialEq)]
pub struct SeatsKept {
    /// The chunk.
    pub chunk: u32,
    /// A set of seats.
    pub seats: Vec<u8>,
}

/// The least `when` of origins.
#[derive(Clone, Debug, PartialEq)]
pub struct FirstKept {
    /// The first origin.
    pub first: u32,
    /// Milliseconds of each.
    pub whens: Vec<i64>,
}

impl Kept {
    /// The name of the piece: its kind, and its number among those of the kind.
    /// Names ascend in the order in which pieces are taken back.
    pub fn name(&self) -> (u8, u32) {
        match self {
            Kept::Head(_) => (0, 0),
            Kept::Told(_) => (1, 0),
            Kept::Lists(_) => (1, 1),
            Kept::Facts(_) => (2, 0),
            Kept::Ledger(_) => (3, 0),
            Kept::Refused(_) => (3, 1),
            Kept::Seats(kept) => (4, kept.chunk),
            Kept::First(kept) => (5, kept.first),
            Kept::Identity(identity::Kept::Numbers(kept)) => (6, kept.first),
            Kept::Identity(identity::Kept::Claims(kept)) => (7, kept.first),
            Kept::Identity(identity::Kept::Tenures(kept)) => (8, kept.first),
            Kept::Identity(identity::Kept::Rest(_)) => (9, 0),
        }
    }
}

/// The state at one record, without its rows: what a checkpoint writes while
/// the state goes on. It shares everything with it.
#[derive(Clone)]
pub struct Snapshot {
    lsn: Lsn,
    at: Timestamp,
    newest: Timestamp,
    identity: Identity,
    catalog: Catalog,
    told: Arc<Vec<ToldKept>>,
    alive: Alive,
    ledger: Arc<Ledger>,
    short_ids: Vec<u128>,
    refused: RefusedIds,
}

impl State {
    /// The state as it is now, without its rows.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            lsn: self.lsn,
            at: self.at,
            newest: self.newest,
            identity: self.identity.clone(),
            catalog: self.catalog.clone(),
            told: self.told.clone(),
            alive: self.alive.clone(),
            ledger: self.ledger.clone(),
            short_ids: self.messages.short().map(|id| id.0).collect(),
            refused: self.refused.clone(),
        }
    }

    /// The state of these pieces, in the order of their names; none if they are not
    /// whole. What it lacks is its rows, which [`State::over`] gives, and the ids of
    /// calls: see [`State::recall`].
    pub fn of_kept(secret: u128, pieces: impl IntoIterator<Item = Kept>) -> Option<State> {
        let mut state = State::new(secret);
        let mut pieces = pieces.into_iter().peekable();
        let mut facts = None;
        while let Some(piece) = pieces.next_if(|piece| !matches!(piece, Kept::Identity(_))) {
            match piece {
                Kept::Head(kept) => state.take_head(kept)?,
                Kept::Told(kept) => state.take_told(kept)?,
                Kept::Lists(kept) => {
                    kept.into_iter().try_for_each(|list| state.catalog.take_list(list))?;
                }
                Kept::Refused(kept) => state.refused = RefusedIds::of_messages(kept),
                Kept::Facts(kept) => facts = Some(kept),
                Kept::Ledger(kept) => state.ledger = Arc::new(Ledger::of_kept(secret, kept)?),
                Kept::Seats(kept) => state.alive.take_seats(&kept)?,
                Kept::First(kept) => state.alive.take_first(kept)?,
                Kept::Identity(_) => return None,
            }
        }
        state.catalog.take_facts(facts?)?;
        let identity = pieces.map_while(|piece| match piece {
            Kept::Identity(kept) => Some(kept),
            _ => None,
        });
        state.identity = Identity::of_kept(&state.policy, identity)?;
        Some(state)
    }

    /// The state over rows that are sealed.
    pub fn over(self, timeline: Timeline) -> State {
        State { timeline, ..self }
    }

    fn take_head(&mut self, kept: HeadKept) -> Option<()> {
        self.lsn = Lsn(kept.lsn);
        self.at = Timestamp::from_millis(kept.at)?;
        self.newest = Timestamp::from_millis(kept.newest)?;
        self.messages = Messages::of_short(kept.short_ids.into_iter().map(EventId));
        self.alive.take_ahead(kept.ahead)
    }

    fn take_told(&mut self, kept: Vec<ToldKept>) -> Option<()> {
        for told in &kept {
            self.tell_again(told)?;
        }
        self.told = Arc::new(kept);
        Some(())
    }

    fn tell_again(&mut self, told: &ToldKept) -> Option<()> {
        let parsed = lang::parse(&told.text);
        self.catalog.assume_lists(&told.lists);
        let at = Timestamp::from_millis(told.at)?;
        if parsed.statements.is_empty() || !parsed.diagnostics.is_empty() {
            return None;
        }
        let defined = self.catalog.define_all_again(&parsed.statements, at).ok()?;
        for namespace in defined.into_iter().filter_map(|defined| defined.identifier) {
            Arc::make_mut(&mut self.policy).declare(super::apply::namespace_of(namespace));
        }
        Some(())
    }

    /// Remembers a definition as it was told; called before it is applied.
    pub(super) fn remember(&mut self, text: &str) {
        let (at, lists) = (self.at.millis(), self.catalog.lists());
        Arc::make_mut(&mut self.told).push(ToldKept { text: text.into(), at, lists });
    }
}

impl Snapshot {
    /// The last record that it holds.
    pub fn lsn(&self) -> Lsn {
        self.lsn
    }

    /// Hands over every piece, in the order of their names.
    pub fn each_kept(&self, visit: &mut dyn FnMut(Kept)) {
        visit(Kept::Head(HeadKept {
            lsn: self.lsn.0,
            at: self.at.millis(),
            newest: self.newest.millis(),
            ahead: self.alive.ahead_kept(),
            short_ids: self.short_ids.clone(),
        }));
        visit(Kept::Told(self.told.to_vec()));
        let lists = self.catalog.lists_kept();
        if !lists.is_empty() {
            visit(Kept::Lists(lists));
        }
        visit(Kept::Facts(self.catalog.facts_kept()));
        visit(Kept::Ledger(self.ledger.kept()));
        let refused: Vec<Text> = self.refused.messages().cloned().collect();
        if !refused.is_empty() {
            visit(Kept::Refused(refused));
        }
        self.alive.each_kept(visit);
        self.identity.each_kept(&mut |kept| visit(Kept::Identity(kept)));
    }
}

impl Alive {
    fn each_kept(&self, visit: &mut dyn FnMut(Kept)) {
        for chunk in self.seats.chunks() {
            let seats = self.seats.chunk(chunk).to_bytes();
            visit(Kept::Seats(SeatsKept { chunk, seats }));
        }
        for first in (0..self.first.len()).step_by(PER_PIECE) {
            let places = first..self.first.len().min(first + PER_PIECE);
            let whens = places.filter_map(|place| self.first.get(place)).map(|at| at.millis());
            visit(Kept::First(FirstKept { first: first as u32, whens: whens.collect() }));
        }
    }

    fn ahead_kept(&self) -> Vec<(i64, Vec<u32>)> {
        let ahead = self.ahead.iter();
        ahead.map(|(at, origins)| (at.millis(), origins.iter().map(|o| o.0).collect())).collect()
    }

    fn take_ahead(&mut self, kept: Vec<(i64, Vec<u32>)>) -> Option<()> {
        for (at, origins) in kept {
            let origins = origins.into_iter().map(IdentifierNumber).collect();
            self.ahead.insert(Timestamp::from_millis(at)?, origins);
        }
        Some(())
    }

    fn take_seats(&mut self, kept: &SeatsKept) -> Option<()> {
        let seats = Seats::from_bytes(&kept.seats).ok()?;
        self.seats = &self.seats | &seats;
        seats.iter().all(|seat: Ordinal| seat.chunk() == kept.chunk).then_some(())
    }

    fn take_first(&mut self, kept: FirstKept) -> Option<()> {
        if kept.first as usize != self.first.len() {
            return None;
        }
        for when in kept.whens {
            self.first.push(Timestamp::from_millis(when)?);
        }
        Some(())
    }
}
