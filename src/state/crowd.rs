//! People as the oracle reads them: every row of each, in order.

use super::{Carried, View};
use crate::identity::{Identity, Stretch};
use crate::index::Seats;
use crate::model::{
    Event, Identifier, IdentifierNumber, Ordinal, ProfileId, Text, Timestamp, Value,
};
use crate::query::holds::Remembered;
use crate::query::predicate::{Aggregate, Audience, Condition, Expr, Pattern, PersonLeaf, Rank};
use crate::query::{Ahead, Crowd, CrowdError, Grouped, Others, Person, Reference};
use crate::timeline::{PageError, Pages, Timeline, Wanted};
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

/// Hands over the rows of these stretches from an instant on, in canonical order.
pub(super) fn rows_of(
    timeline: &Timeline,
    pages: &dyn Pages,
    stretches: &[Stretch],
    wanted: &Wanted<'_>,
    from: Timestamp,
    visit: &mut dyn FnMut(&Event),
) -> Result<(), PageError> {
    let read = |stretch: &Stretch, visit: &mut dyn FnMut(&Event)| {
        let from = stretch.from.max(from);
        timeline.rows(pages, stretch.origin, from, stretch.to, wanted, visit)
    };
    if let [one] = stretches {
        return read(one, visit);
    }
    let mut rows = Vec::new();
    for stretch in stretches {
        read(stretch, &mut |row| rows.push(row.clone()))?;
    }
    rows.sort_by(Event::canonical);
    rows.iter().for_each(visit);
    Ok(())
}

impl Crowd for View {
    fn each(
        &self,
        now: Timestamp,
        visit: &mut dyn FnMut(&Person<'_>) -> bool,
    ) -> Result<(), CrowdError> {
        let everybody = Everybody::of(self);
        everybody.each(now, visit)?;
        everybody.read()
    }

    fn select(&self, condition: &Condition, now: Timestamp) -> Result<Option<Seats>, CrowdError> {
        self.select_by(Carried::PLAINLY, condition, now).map(Some)
    }

    fn reached(
        &self,
        beginnings: &[&Pattern],
        people: &Seats,
        now: Timestamp,
    ) -> Result<Option<Vec<Seats>>, CrowdError> {
        self.reached_by(Carried::PLAINLY, beginnings, people, now).map(Some)
    }

    fn values(
        &self,
        values: &[&Expr<PersonLeaf>],
        people: &Seats,
        now: Timestamp,
    ) -> Result<Option<Vec<Vec<Value>>>, CrowdError> {
        self.values_by(Carried::PLAINLY, values, people, now).map(Some)
    }

    fn grouped(
        &self,
        condition: &Condition,
        values: &[&Expr<PersonLeaf>],
        now: Timestamp,
    ) -> Result<Option<Grouped>, CrowdError> {
        self.grouped_by(Carried::PLAINLY, condition, values, now).map(Some)
    }

    fn totals(
        &self,
        aggregates: &[&Aggregate],
        people: &Seats,
        groups: (&[u32], u32),
        now: Timestamp,
    ) -> Result<Option<Vec<Vec<Value>>>, CrowdError> {
        self.totals_by(Carried::PLAINLY, aggregates, people, groups, now).map(Some)
    }

    fn trends(
        &self,
        aggregates: &[&Aggregate],
        people: &Seats,
        groups: (&[u32], u32),
        edges: &[Timestamp],
        now: Timestamp,
    ) -> Result<Option<Vec<Vec<Value>>>, CrowdError> {
        self.trends_by(Carried::PLAINLY, aggregates, people, (groups, edges), now).map(Some)
    }

    fn regroups_after(&self, at: Timestamp) -> Option<Timestamp> {
        self.identity_at(at).due()
    }

    fn ahead(
        &self,
        audience: &Arc<Audience>,
        between: (Timestamp, Timestamp),
    ) -> Result<Ahead, CrowdError> {
        self.ahead_by(Carried::PLAINLY, audience, between)
    }

    fn one(
        &self,
        reference: &Reference,
        now: Timestamp,
        visit: &mut dyn FnMut(&Person<'_>),
    ) -> Result<bool, CrowdError> {
        let identity = self.identity_at(now);
        let Some(seat) = self.seat_of(&identity, reference) else { return Ok(false) };
        let everybody = Everybody { by_columns: true, ..Everybody::of(self) };
        let met = self.person(&identity, seat, now, &everybody, &mut |person| {
            visit(person);
            true
        })?;
        everybody.read()?;
        Ok(met.is_some())
    }
}

impl View {
    /// The seat that a reference names.
    pub(super) fn seat_of(&self, identity: &Identity, reference: &Reference) -> Option<Ordinal> {
        match reference {
            Reference::Identifier(identifier) => {
                identity.resolve(&self.policy.normalise(identifier)?)
            }
            Reference::Profile(profile) => {
                let seat = Ordinal(profile.0);
                (!identity.stretches(seat).is_empty()).then_some(seat)
            }
        }
    }

    /// Shows one person who exists at `now`; none if nobody of that seat does.
    fn person(
        &self,
        identity: &Identity,
        seat: Ordinal,
        now: Timestamp,
        others: &dyn Others,
        visit: &mut dyn FnMut(&Person<'_>) -> bool,
    ) -> Result<Option<bool>, CrowdError> {
        let mut events = Vec::new();
        let stretches = identity.stretches(seat);
        let read = rows_of(
            &self.timeline,
            &*self.pages,
            &stretches,
            &Wanted::All,
            Timestamp::MIN,
            &mut |row| {
                if self.known.is_none_or(|known| row.received <= known) {
                    events.push(row.clone());
                }
            },
        );
        read.map_err(|error| CrowdError::Page(error.to_string()))?;
        if !events.iter().any(|event| event.when <= now) {
            return Ok(None);
        }
        let names = identity.identifiers(seat);
        let identifiers = known(identity, &names);
        let user_id = identity.user_id(seat).and_then(|number| text_of(identity, number));
        let profile = ProfileId(seat.0);
        let parties = self.catalog.parties();
        Ok(Some(visit(&Person {
            profile,
            events: &events,
            identifiers: &identifiers,
            user_id: user_id.as_ref(),
            parties,
            others,
        })))
    }
}

/// Everybody of a view, and what they are ranked by.
struct Everybody<'v> {
    view: &'v View,
    ranked: Remembered,
    /// Whether one person is asked about, for whom all others are not read row by row.
    by_columns: bool,
    /// What could not be read of the others.
    failed: RefCell<Option<CrowdError>>,
}

impl<'v> Everybody<'v> {
    fn of(view: &'v View) -> Everybody<'v> {
        let (ranked, failed) = (Remembered::default(), RefCell::default());
        Everybody { view, ranked, by_columns: false, failed }
    }

    fn each(
        &self,
        now: Timestamp,
        visit: &mut dyn FnMut(&Person<'_>) -> bool,
    ) -> Result<(), CrowdError> {
        let identity = self.view.identity_at(now);
        for seat in identity.seats() {
            if self.view.person(&identity, seat, now, self, visit)? == Some(false) {
                break;
            }
        }
        Ok(())
    }

    /// Whether all that was asked for could be read.
    fn read(self) -> Result<(), CrowdError> {
        self.failed.into_inner().map_or(Ok(()), Err)
    }
}

impl Others for Everybody<'_> {
    fn ranked(&self, rank: &Rank, now: Timestamp) -> Rc<[Value]> {
        if self.by_columns {
            return self.ranked.known(rank, now).unwrap_or_else(|| {
                let read = self.view.ranked_by(Carried::PLAINLY, rank, now);
                let all = read.unwrap_or_else(|error| {
                    self.failed.replace(Some(error));
                    Vec::new()
                });
                self.ranked.keep(rank, now, all.into())
            });
        }
        self.ranked.ranked(rank, now, |visit| {
            let read = self.each(now, &mut |person| {
                visit(person);
                true
            });
            if let Err(error) = read {
                self.failed.replace(Some(error));
            }
        })
    }
}

impl fmt::Debug for Everybody<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "everybody at record {}", self.view.lsn().0)
    }
}

fn known(identity: &Identity, numbers: &[IdentifierNumber]) -> Vec<Identifier> {
    numbers.iter().filter_map(|number| identity.identifier(*number).cloned()).collect()
}

fn text_of(identity: &Identity, number: IdentifierNumber) -> Option<Text> {
    identity.identifier(number).map(|identifier| identifier.value.clone())
}
