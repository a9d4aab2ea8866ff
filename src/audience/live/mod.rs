//! Standing audiences, kept exact while events arrive and time passes.
//!
//! Every person has a clock of their own: `since`, the instant for which their
//! answers were last computed, and the deadline until which those hold. People
//! do not depend on one another, so each is moved along alone: what has arrived
//! and what falls due is taken in the order of its instants.

mod apart;
mod blank;
mod catch_up;
mod define;
mod event;
mod flips;
mod rank;
mod refill;
mod renew;
mod rest;
mod resume;
mod since;
mod stats;
mod step;
mod unite;

pub use rest::Rest;
pub use resume::PeopleOf;
pub use stats::LiveStats;

use super::circuit::Circuit;
use super::delta::{Cause, Delta};
use super::facts::{Facts, PageError};
use super::keep::Share;
use super::people::{Due, People, Waiting};
use crate::index::Seats;
use crate::model::{Ordinal, Text, Timestamp};
use crate::query::Parties;
use std::collections::BTreeMap;
use step::Moves;

/// Standing audiences and everything that keeps them exact.
///
/// ```
/// use std::sync::Arc;
/// use throng::audience::{Facts, Live, PageError, Wanted};
/// use throng::model::{Body, Event, EventId, IdentifierNumber, Object, Ordinal, Text, Timestamp, Zone};
/// use throng::query::Parties;
/// use throng::query::predicate::*;
///
/// /// Nobody's rows: what happens is told as it happens.
/// struct Nothing(Parties);
/// impl Facts for Nothing {
///     fn exists(&self, _: Ordinal) -> bool { false }
///     fn each(&self, _: &mut dyn FnMut(Ordinal)) {}
///     fn events(&self, _: Ordinal, _: &Wanted<'_>, _: Timestamp, _: &mut dyn FnMut(&Event)) -> Result<(), PageError> { Ok(()) }
///     fn user_id(&self, _: Ordinal) -> Option<Text> { None }
///     fn parties(&self) -> &Parties { &self.0 }
/// }
///
/// let order = Matcher(vec![EventFilter { name: Some("order".into()), filter: None }]);
/// let week_ms = 7 * 86_400_000;
/// let did = Predicate::Did(Occurrence { matcher: order, windows: vec![Window::Last { ms: week_ms }], count: CountRange::SOME });
/// let recent = Audience { name: "recent".into(), version: 1, condition: Condition::Leaf(did), zone: Zone::UTC.into() };
///
/// let (mut live, facts, now) = (Live::default(), Nothing(Parties::default()), Timestamp::EPOCH);
/// live.define(Arc::new(recent), &facts, now).unwrap();
/// let body = Body::Track { event: "order".into(), properties: Object::default() };
/// let event = Event { when: now, received: now, ord: 0, id: EventId(1), origin: IdentifierNumber(1), source: "web".into(), channel: None, body, context: Object::default() };
/// live.event(Ordinal(1), &event, now);
/// assert_eq!(live.settle(&facts, now).unwrap()[0].entered, [(Ordinal(1), now)]);
/// assert_eq!(live.due(), Some(now.plus_ms(week_ms)));
/// // The window closes on its own.
/// assert_eq!(live.settle(&facts, now.plus_ms(week_ms)).unwrap()[0].left, [(Ordinal(1), now.plus_ms(week_ms))]);
/// ```
#[derive(Debug, Default)]
pub struct Live {
    circuit: Circuit,
    people: People,
    waiting: Waiting,
    due: Due,
    /// Standing audiences by name.
    names: BTreeMap<Text, u32>,
    /// Names under which changes are announced; a number is never another's.
    labels: Vec<Text>,
    /// Seats for which something visible waits.
    work: Vec<Ordinal>,
    /// Seats to be computed afresh, and why.
    afresh: BTreeMap<u32, Cause>,
    /// Seats that were put together of several, to be decided anew.
    united: Vec<Ordinal>,
    /// Who entered and left since the last time, and what else came of it.
    moves: Moves,
    /// Seats that were told of something dated before what was answered already.
    late: Vec<Ordinal>,
    /// Nodes that were made ready to stand.
    prepared: Vec<u32>,
    parties: Parties,
    stats: LiveStats,
    scratch: Scratch,
}

/// Room that is used again and again.
#[derive(Debug, Default)]
struct Scratch {
    shares: Vec<Share>,
    asks: Vec<u32>,
    moved: Vec<u32>,
    /// Who wakes, and for when that was noted.
    woken: Vec<(i64, Ordinal)>,
}

impl Live {
    /// These people's rows have changed in other ways than by one more event:
    /// they are computed afresh, or are gone.
    pub fn regrouped(&mut self, seats: &[Ordinal]) {
        self.compute_afresh(seats, Cause::Identity);
    }

    /// Rows of these people are no more because somebody was forgotten.
    pub fn forgotten(&mut self, seats: &[Ordinal]) {
        self.compute_afresh(seats, Cause::Forgotten);
    }

    fn compute_afresh(&mut self, seats: &[Ordinal], cause: Cause) {
        if self.circuit.is_empty() {
            return;
        }
        for seat in seats {
            let why = self.afresh.entry(seat.0).or_insert(cause);
            *why = cause.max(*why);
        }
    }

    /// The instant at which something falls due next; early is possible, late never.
    pub fn due(&self) -> Option<Timestamp> {
        self.due.first().map(|(at, _)| Timestamp::saturating_from_millis(at))
    }

    /// Brings everybody up to `now` and gives what has changed since the last
    /// time: for each audience and cause who entered and who left, and from when on.
    pub fn settle(&mut self, facts: &dyn Facts, now: Timestamp) -> Result<Vec<Delta>, PageError> {
        self.catch_up(facts, now.millis())?;
        self.announce(facts, now.millis())
    }

    /// Who belongs to a standing audience, as of the last event told and the last
    /// instant settled.
    pub fn members(&self, audience: &str) -> Option<&Seats> {
        self.names.get(audience).map(|node| &self.circuit.node(*node).members)
    }
}
