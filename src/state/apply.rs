//! One record and what follows from it.

use super::crowd::rows_of;
use super::facts::StateFacts;
use super::hear::{News, Spent};
use super::{Again, State};
use crate::audience::{Cause, Delta, Live};
use crate::identity::{Named, Namespace, NamespaceKind};
use crate::lang;
use crate::lang::tree::{IdentifierKind, StatementKind};
use crate::model::{Event, Identifier, Input, Ordinal, Record, Text, Timestamp};
use crate::query::catalog::DeclaredIdentifier;
use crate::timeline::{PageError, Pages, Wanted};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// What a record changed.
#[derive(Debug, Default)]
pub struct Changes {
    /// Who entered and left which audience since the last announcement.
    pub deltas: Vec<Delta>,
    /// What a definition says of itself.
    pub message: Option<String>,
    /// Audiences that are to be activated by a record of their own.
    pub changed: Vec<Text>,
    /// Audiences that are no more.
    pub dropped: Vec<Text>,
    /// What is left of the record.
    pub spent: Spent,
    /// The record declared another policy: identity is to be derived again from
    /// every record before it, and whoever applies records has those.
    pub again: Option<Box<Again>>,
}

/// Why a record could not be applied.
///
/// ```
/// use throng::engine::ApplyError;
/// let error = ApplyError::Record { kind: "define", reason: "it holds 0 statements".into() };
/// assert_eq!(error.to_string(), "a `define` record cannot be applied: it holds 0 statements");
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum ApplyError {
    /// A page of sealed rows could not be read.
    Page(PageError),
    /// The record holds what the state cannot be told: it was damaged, or
    /// written by another version.
    Record {
        /// Which kind of record.
        kind: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

impl From<PageError> for ApplyError {
    fn from(error: PageError) -> ApplyError {
        ApplyError::Page(error)
    }
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ApplyError::Page(error) => error.fmt(f),
            ApplyError::Record { kind, reason } => {
                write!(f, "a `{kind}` record cannot be applied: {reason}")
            }
        }
    }
}

impl std::error::Error for ApplyError {}

impl State {
    /// Applies the next record: what falls due before it, in order, then what
    /// it says, then the audiences. `named` are the names that
    /// [`State::admit`] found; without them (a replay) they are read again.
    pub fn apply(
        &mut self,
        record: Record,
        named: Option<Vec<Named>>,
        pages: &dyn Pages,
    ) -> Result<Changes, ApplyError> {
        let kind = record.input.kind();
        let forgets = matches!(record.input, Input::Forget { .. });
        self.advance(record.at, pages)?;
        (self.lsn, self.at) = (record.lsn, record.at);
        let mut changes = Changes::default();
        let mut news = News::default();
        let mut resumed = None;
        match record.input {
            Input::Calls(calls) | Input::Bulk(calls) => self.take(calls, named, &mut news)?,
            Input::Define(text) => {
                let parties = self.catalog.parties().clone();
                let defined = self.define(&text, kind, &mut changes, pages);
                if parties != *self.catalog.parties() {
                    self.columns.clear();
                }
                resumed = defined?;
            }
            Input::Freeze { list, members } => {
                self.freeze(&list, &members, &mut changes, pages)?;
            }
            Input::ForgetEvent(message) => self.forget_event(&message, &mut changes),
            Input::Activate(name) => self.activate(&name, pages)?,
            Input::Link(a, b) => self.join(kind, &a, &b, &mut news, true)?,
            Input::Unlink(a, b) => self.join(kind, &a, &b, &mut news, false)?,
            Input::Forget { personal, tenures, suppress } => {
                self.columns.clear();
                self.forget_examples(&personal, &tenures, pages)?;
                let dead = self.forget(&personal, &tenures, suppress, &mut news);
                self.forget_listed(&dead, pages)?;
            }
            Input::Tick | Input::Settings(_) | Input::Zones(_) | Input::Recovered => {}
        }
        changes.spent = self.hear(news, pages)?;
        changes.deltas.extend(self.settle(pages)?);
        if forgets {
            changes.deltas.iter_mut().for_each(|delta| delta.cause = Cause::Forgotten);
        }
        self.hold_back(&mut changes, resumed);
        Ok(changes)
    }

    /// Begins to keep every audience that is defined, complete over all history.
    pub fn go_live(&mut self, pages: &dyn Pages) -> Result<(), PageError> {
        let facts = StateFacts { state: self, pages };
        let live = Live::of_all(self.catalog.audiences().cloned(), &facts, self.at)?;
        self.live = Some(live);
        Ok(())
    }

    /// The next instant at which an answer may change by itself.
    pub fn due(&self) -> Option<Timestamp> {
        let live = self.live.as_ref().and_then(Live::due);
        [self.identity.due(), self.alive.due(), live].into_iter().flatten().min()
    }

    /// Time passes up to `at`: facts become visible, claims take effect.
    fn advance(&mut self, at: Timestamp, pages: &dyn Pages) -> Result<(), PageError> {
        while let Some(due) = self.next_fact().filter(|due| *due <= at) {
            self.at = due;
            let regrouped = self.identity.advance(&self.policy, due);
            let mut news = News::default();
            self.note(&mut news, regrouped);
            // Standing audiences wait for these facts themselves, and know them as events.
            self.columns.touch(self.alive.advance(&self.identity, due).into_iter().collect());
            self.hear(news, pages)?;
        }
        Ok(())
    }

    /// When a fact takes effect next: a row becomes visible, or a claim.
    pub(super) fn next_fact(&self) -> Option<Timestamp> {
        [self.identity.due(), self.alive.due()].into_iter().flatten().min()
    }

    fn define(
        &mut self,
        text: &str,
        kind: &'static str,
        changes: &mut Changes,
        pages: &dyn Pages,
    ) -> Result<Option<Text>, ApplyError> {
        let wrong = |reason: String| ApplyError::Record { kind, reason };
        let parsed = lang::parse(text);
        let [statement] = &parsed.statements[..] else {
            self.define_all(text, &parsed, changes, pages)?;
            return Ok(None);
        };
        // What lists hold is kept as it is.
        if !matches!(statement.kind, StatementKind::ChangeList { .. }) {
            self.remember(text);
        }
        let before = self.catalog.clone();
        let defined = self.catalog.define_again(statement, self.at).map_err(|diagnostics| {
            wrong(diagnostics.iter().map(|d| d.message.clone()).collect::<Vec<_>>().join("; "))
        })?;
        if let Some(namespace) = defined.identifier {
            changes.again = self.read_names_by(namespace_of(namespace));
        }
        let of_list = defined.dropped.is_empty();
        let cause = if of_list { Cause::List } else { Cause::Definition };
        self.renew(&defined.renewed, cause, pages)?;
        let mut resumed = None;
        match defined.announces {
            Some((name, true)) => resumed = Some(name),
            Some((name, false)) => self.pause(&name),
            None => {}
        }
        for name in &defined.dropped {
            let version = before.audience(name).map_or(0, |audience| audience.version);
            changes.deltas.extend(self.leave(name, version));
        }
        changes.message = Some(defined.message);
        changes.changed = defined.changed.iter().map(|audience| audience.name.clone()).collect();
        changes.dropped = defined.dropped;
        Ok(resumed)
    }

    /// Names are read by another policy from here on. If somebody is known, who
    /// is who is to be derived again by it.
    fn read_names_by(&mut self, namespace: Namespace) -> Option<Box<Again>> {
        self.read_all_names_by(vec![namespace])
    }

    /// The same for several namespaces, derived again once.
    pub(super) fn read_all_names_by(&mut self, namespaces: Vec<Namespace>) -> Option<Box<Again>> {
        let (before, name) = (self.policy.clone(), namespaces.last()?.name.clone());
        let policy = Arc::make_mut(&mut self.policy);
        namespaces.into_iter().for_each(|namespace| policy.declare(namespace));
        let differs = before != self.policy && self.identity.next_number() > 1;
        differs.then(|| Box::new(Again::begin(self, before, name)))
    }

    /// An audience goes: whoever was in it leaves.
    pub(super) fn leave(&mut self, name: &Text, version: u32) -> Option<Delta> {
        let live = self.live.as_mut()?;
        let at = self.at;
        let announced = self.paused.remove(name);
        let members = announced.as_ref().or_else(|| live.members(name))?;
        let left: Vec<_> = members.iter().map(|seat| (seat, at)).collect();
        live.drop(name);
        let (audience, entered) = (name.clone(), Vec::new());
        Some(Delta { audience, version, cause: Cause::Definition, entered, left })
    }

    /// The audience is kept from here on, complete when this returns.
    pub(super) fn activate(&mut self, name: &str, pages: &dyn Pages) -> Result<(), ApplyError> {
        let Some(mut live) = self.live.take() else { return Ok(()) };
        if let Some(audience) = self.catalog.audience(name) {
            let facts = StateFacts { state: self, pages };
            live.define(audience.clone(), &facts, self.at)?;
        }
        self.live = Some(live);
        Ok(())
    }

    /// Makes audiences ready that records to come activate: everybody is read once for
    /// all of them. It changes nothing but how long those take.
    pub fn prepare(&mut self, names: &[Text], pages: &dyn Pages) -> Result<(), PageError> {
        let Some(mut live) = self.live.take() else { return Ok(()) };
        let audiences = names.iter().filter_map(|name| self.catalog.audience(name).cloned());
        let audiences: Vec<_> = audiences.collect();
        let facts = StateFacts { state: self, pages };
        let prepared = live.prepare(&audiences, &facts, self.at);
        self.live = Some(live);
        prepared
    }

    /// Whatever was made ready and has not been activated is let go.
    pub fn end_preparing(&mut self) {
        self.live.iter_mut().for_each(Live::end_preparing);
    }

    fn join(
        &mut self,
        kind: &'static str,
        a: &str,
        b: &str,
        news: &mut News,
        link: bool,
    ) -> Result<(), ApplyError> {
        let read = |text: &str| {
            text.parse::<Identifier>()
                .map_err(|error| ApplyError::Record { kind, reason: error.to_string() })
        };
        let (a, b) = (read(a)?, read(b)?);
        let regrouped = match link {
            true => self.identity.link(&self.policy, &a, &b, self.lsn, self.at),
            false => self.identity.unlink(&self.policy, &a, &b, self.lsn, self.at),
        };
        self.note(news, regrouped);
        Ok(())
    }

    /// Gives the names that were theirs alone.
    fn forget(
        &mut self,
        personal: &[u128],
        tenures: &[(u128, Timestamp, Timestamp)],
        suppress: bool,
        news: &mut News,
    ) -> Vec<Identifier> {
        let mut dead = Vec::new();
        for seat in self.seats_of(personal, tenures) {
            let forgotten = self.identity.forget(&self.policy, seat, self.at);
            Arc::make_mut(&mut self.ledger).bury(&forgotten.dead, self.lsn, self.at);
            dead.extend(forgotten.dead);
            self.note(news, forgotten.regrouped);
            news.moved.insert(seat);
        }
        Arc::make_mut(&mut self.ledger).enter(personal, tenures, suppress, (self.at, self.lsn));
        dead
    }

    /// What the catalog shows as examples of values is nobody's who was forgotten.
    fn forget_examples(
        &mut self,
        personal: &[u128],
        tenures: &[(u128, Timestamp, Timestamp)],
        pages: &dyn Pages,
    ) -> Result<(), PageError> {
        for seat in self.seats_of(personal, tenures) {
            let stretches = self.identity.stretches(seat);
            let (at, catalog) = (self.at, &mut self.catalog);
            let forget = &mut |row: &Event| {
                if row.when <= at {
                    catalog.forget(row);
                }
            };
            rows_of(&self.timeline, pages, &stretches, &Wanted::All, Timestamp::MIN, forget)?;
        }
        Ok(())
    }

    /// The people that keyed hashes name: found by hashing every identifier.
    fn seats_of(
        &self,
        personal: &[u128],
        tenures: &[(u128, Timestamp, Timestamp)],
    ) -> BTreeSet<Ordinal> {
        let wanted: BTreeSet<u128> =
            personal.iter().copied().chain(tenures.iter().map(|(hash, _, _)| *hash)).collect();
        let mut seats = BTreeSet::new();
        for seat in self.identity.seats() {
            let named = self.identity.identifiers(seat);
            let known = named.iter().filter_map(|number| self.identity.identifier(*number));
            let personal_first = known.filter(|identifier| {
                self.policy.names_persons(&identifier.namespace) || personal.is_empty()
            });
            if personal_first.into_iter().any(|it| wanted.contains(&self.ledger.hash(it))) {
                seats.insert(seat);
            }
        }
        seats
    }
}

pub(super) fn namespace_of(declared: DeclaredIdentifier) -> Namespace {
    let kind = match declared.kind {
        IdentifierKind::Personal => NamespaceKind::Personal,
        IdentifierKind::Carrier => NamespaceKind::Carrier,
    };
    Namespace {
        name: declared.name,
        kind,
        priority: declared.priority,
        limit: declared.limit,
        from: declared.from,
        blocked: declared.blocked,
    }
}
