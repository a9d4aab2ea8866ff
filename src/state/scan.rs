//! Questions to everybody at once, put to the columns of a view.

use super::View;
use super::columns::AtNow;
use crate::identity::Identity;
use crate::index::Seats;
use crate::model::{Timestamp, Value};
use crate::query::predicate::{Aggregate, Condition, Expr, Pattern, PersonLeaf, Rank};
use crate::query::scan::{self, Runner, ScanError, Source};
use crate::query::{CrowdError, Grouped};

/// How a question to everybody is carried out.
#[derive(Clone, Copy)]
pub struct Carried<'a> {
    /// Whether the answer is no longer wanted.
    pub stop: &'a (dyn Fn() -> bool + Sync),
    /// How its jobs are run.
    pub run: Runner<'a>,
}

impl Carried<'_> {
    /// Job after job, to the end.
    pub const PLAINLY: Carried<'static> = Carried { stop: &|| false, run: &scan::one_by_one };
}

impl View {
    /// Who fulfils a condition at an instant.
    pub fn select_by(
        &self,
        carried: Carried<'_>,
        condition: &Condition,
        now: Timestamp,
    ) -> Result<Seats, CrowdError> {
        self.scanned(carried, now, |source| {
            scan::scan(condition, &self.existing(source, now)?, source, now)
        })
    }

    /// Who of some people comes how far in a sequence at an instant.
    pub fn reached_by(
        &self,
        carried: Carried<'_>,
        beginnings: &[&Pattern],
        people: &Seats,
        now: Timestamp,
    ) -> Result<Vec<Seats>, CrowdError> {
        self.scanned(carried, now, |source| {
            let everyone = || self.existing(source, now);
            scan::reached(beginnings, people, &everyone, source, now)
        })
    }

    /// What some people have of these values at an instant, a row for each.
    pub fn values_by(
        &self,
        carried: Carried<'_>,
        values: &[&Expr<PersonLeaf>],
        people: &Seats,
        now: Timestamp,
    ) -> Result<Vec<Vec<Value>>, CrowdError> {
        self.scanned(carried, now, |source| {
            let everyone = || self.existing(source, now);
            scan::values(values, people, &everyone, source, now)
        })
    }

    /// Who fulfils a condition at an instant, and who of them have the same values.
    pub fn grouped_by(
        &self,
        carried: Carried<'_>,
        condition: &Condition,
        values: &[&Expr<PersonLeaf>],
        now: Timestamp,
    ) -> Result<Grouped, CrowdError> {
        self.scanned(carried, now, |source| {
            let everyone = || self.existing(source, now);
            scan::grouped(condition, values, &everyone, source, now)
        })
    }

    /// The values of those who are ranked at an instant, ascending.
    pub fn ranked_by(
        &self,
        carried: Carried<'_>,
        rank: &Rank,
        now: Timestamp,
    ) -> Result<Vec<Value>, CrowdError> {
        self.scanned(carried, now, |source| {
            scan::ranked(rank, &self.existing(source, now)?, source, now)
        })
    }

    /// What aggregates come to over all people of a group together.
    pub fn totals_by(
        &self,
        carried: Carried<'_>,
        aggregates: &[&Aggregate],
        people: &Seats,
        groups: (&[u32], u32),
        now: Timestamp,
    ) -> Result<Vec<Vec<Value>>, CrowdError> {
        self.scanned(carried, now, |source| {
            let everyone = || self.existing(source, now);
            scan::totals(aggregates, people, groups, &everyone, source, now)
        })
    }

    /// The same for each of the periods between these edges.
    pub fn trends_by(
        &self,
        carried: Carried<'_>,
        aggregates: &[&Aggregate],
        people: &Seats,
        (groups, edges): ((&[u32], u32), &[Timestamp]),
        now: Timestamp,
    ) -> Result<Vec<Vec<Value>>, CrowdError> {
        self.scanned(carried, now, |source| {
            let everyone = || self.existing(source, now);
            scan::trends(aggregates, people, (groups, edges), &everyone, source, now)
        })
    }

    /// Puts a question to the columns, as of an instant.
    fn scanned<T>(
        &self,
        carried: Carried<'_>,
        now: Timestamp,
        question: impl FnOnce(&Source<'_>) -> Result<T, ScanError>,
    ) -> Result<T, CrowdError> {
        let identity = self.identity_at(now);
        let source = self.source(carried, &identity);
        let columns = AtNow::of(self, source, now);
        let columns = columns.as_ref().map(|at_now| at_now as &dyn scan::Columns);
        question(&Source { columns, ..source }).map_err(unread)
    }

    /// Who exists at an instant, by what identity says then.
    pub(super) fn existing_by(
        &self,
        carried: Carried<'_>,
        identity: &Identity,
        now: Timestamp,
    ) -> Result<Seats, CrowdError> {
        self.existing(&self.source(carried, identity), now).map_err(unread)
    }

    fn source<'a>(&'a self, carried: Carried<'a>, identity: &'a Identity) -> Source<'a> {
        Source {
            timeline: &self.timeline,
            pages: &*self.pages,
            identity,
            parties: self.catalog.parties(),
            known: self.known,
            columns: None,
            stop: carried.stop,
            run: carried.run,
            written_max: scan::WRITTEN_BYTES,
        }
    }

    /// Who exists at an instant: looked up where the view knows, and only the
    /// rows since then are read where nobody has been regrouped meanwhile.
    fn existing(&self, source: &Source<'_>, now: Timestamp) -> Result<Seats, ScanError> {
        if self.known.is_some() {
            return scan::existing(source, Timestamp::MIN, now);
        }
        if self.is_still(now) {
            return Ok(self.alive.clone());
        }
        if self.keeps_groups_until(now) {
            let since = scan::existing(source, self.at.plus_ms(1), now)?;
            return Ok(&self.alive | &since);
        }
        scan::existing(source, Timestamp::MIN, now)
    }

    /// Whether nothing takes effect between the view and an instant.
    pub(super) fn is_still(&self, now: Timestamp) -> bool {
        now >= self.at && self.facts_due.is_none_or(|due| now < due)
    }

    /// Whether identity at an instant is what it is in the view.
    pub(super) fn keeps_groups_until(&self, now: Timestamp) -> bool {
        now >= self.at && self.identity.due().is_none_or(|due| now < due)
    }
}

fn unread(error: ScanError) -> CrowdError {
    match error {
        ScanError::Cancelled => CrowdError::Cancelled,
        other => CrowdError::Page(other.to_string()),
    }
}
