//! One person as the oracle reads them, and a crowd of such persons.

use super::Reference;
use super::predicate::{Aggregate, Audience, Condition, Expr, Pattern, PersonLeaf, Rank};
use crate::index::Seats;
use crate::model::{Event, Identifier, Ordinal, Party, ProfileId, Text, Timestamp, Value};
use std::collections::BTreeSet;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

/// One person's facts, as identity folds them at the instant asked about.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// The name for the world.
    pub profile: ProfileId,
    /// Every call of the person, events and others, in canonical order. Those
    /// dated after the instant asked about may be there: they are not visible.
    pub events: &'a [Event],
    /// The identifiers that name the person at that instant, by birth.
    pub identifiers: &'a [Identifier],
    /// The user id that no alias has superseded.
    pub user_id: Option<&'a Text>,
    /// Which sources are third parties.
    pub parties: &'a Parties,
    /// Among whom the person stands.
    pub others: &'a dyn Others,
}

/// Those among whom a person is ranked.
pub trait Others: fmt::Debug {
    /// The values by which people are ranked at an instant, ascending: of all
    /// who exist then, are ranked, and have one. The person asked about is one of them.
    fn ranked(&self, rank: &Rank, now: Timestamp) -> Rc<[Value]>;
}

/// Nobody is ranked.
///
/// ```
/// use throng::query::{Nobody, Parties, Person};
/// use throng::model::ProfileId;
/// let parties = Parties::default();
/// let (profile, events, identifiers, user_id) = (ProfileId(1), &[], &[], None);
/// let person = Person { profile, events, identifiers, user_id, parties: &parties, others: &Nobody };
/// assert!(person.events.is_empty());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Nobody;

impl Others for Nobody {
    fn ranked(&self, _: &Rank, _: Timestamp) -> Rc<[Value]> {
        Rc::from([])
    }
}

/// The sources declared to be third parties; every other one is a first party.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parties {
    third: BTreeSet<Text>,
}

impl Parties {
    /// Declares whose data a source sends.
    pub fn declare(&mut self, source: Text, party: Party) {
        match party {
            Party::Third => self.third.insert(source),
            Party::First => self.third.remove(&source),
        };
    }

    /// Whose data a source sends.
    pub fn of(&self, source: &str) -> Party {
        if self.third.contains(source) { Party::Third } else { Party::First }
    }
}

/// People, and which of them have the same values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grouped {
    /// Who they are.
    pub people: Seats,
    /// By birth of the profile, the number of each one's group.
    pub groups: Vec<u32>,
    /// By number, the values of each group; no two have the same.
    pub keys: Vec<Vec<Value>>,
}

/// People to ask about, at instants of the asker's choice.
pub trait Crowd {
    /// Hands over each person who exists at `now`, by the birth number of the
    /// profile, until the visitor says `false`.
    fn each(
        &self,
        now: Timestamp,
        visit: &mut dyn FnMut(&Person<'_>) -> bool,
    ) -> Result<(), CrowdError>;

    /// Who of them fulfils a condition, if the crowd can tell without showing
    /// each; otherwise they have to be asked one by one.
    fn select(&self, condition: &Condition, now: Timestamp) -> Result<Option<Seats>, CrowdError> {
        let _ = (condition, now);
        Ok(None)
    }

    /// Who of some people fulfils each of these patterns or a later one of them, if the
    /// crowd can tell; each is a step or a tail longer than the one before.
    fn reached(
        &self,
        beginnings: &[&Pattern],
        people: &Seats,
        now: Timestamp,
    ) -> Result<Option<Vec<Seats>>, CrowdError> {
        let _ = (beginnings, people, now);
        Ok(None)
    }

    /// What some people have of these values, a row for each by birth of the
    /// profile, if the crowd can tell without showing each.
    fn values(
        &self,
        values: &[&Expr<PersonLeaf>],
        people: &Seats,
        now: Timestamp,
    ) -> Result<Option<Vec<Vec<Value>>>, CrowdError> {
        let _ = (values, people, now);
        Ok(None)
    }

    /// Who fulfils a condition, and who of them have the same values, if the crowd
    /// can tell without showing each.
    fn grouped(
        &self,
        condition: &Condition,
        values: &[&Expr<PersonLeaf>],
        now: Timestamp,
    ) -> Result<Option<Grouped>, CrowdError> {
        let _ = (condition, values, now);
        Ok(None)
    }

    /// What aggregates come to over all people of a group together, a row for
    /// each of so many groups, if the crowd can tell. The people come by birth
    /// of the profile, each with the number of their group.
    fn totals(
        &self,
        aggregates: &[&Aggregate],
        people: &Seats,
        groups: (&[u32], u32),
        now: Timestamp,
    ) -> Result<Option<Vec<Vec<Value>>>, CrowdError> {
        let _ = (aggregates, people, groups, now);
        Ok(None)
    }

    /// The same for each of the periods that lie between these edges: the rows of
    /// a group follow one another, period by period.
    fn trends(
        &self,
        aggregates: &[&Aggregate],
        people: &Seats,
        groups: (&[u32], u32),
        edges: &[Timestamp],
        now: Timestamp,
    ) -> Result<Option<Vec<Vec<Value>>>, CrowdError> {
        let _ = (aggregates, people, groups, edges, now);
        Ok(None)
    }

    /// When who is who changes by itself, after an instant: a claim was dated ahead.
    fn regroups_after(&self, at: Timestamp) -> Option<Timestamp> {
        let _ = at;
        None
    }

    /// Who is in an audience at an instant, and who moves by itself before another
    /// one; who is who stays in between. Where people are ranked nobody can be asked alone.
    fn ahead(
        &self,
        audience: &Arc<Audience>,
        between: (Timestamp, Timestamp),
    ) -> Result<Ahead, CrowdError>;

    /// Hands over the person that an identifier or a profile id names at `now`;
    /// `false` if it names nobody who exists.
    fn one(
        &self,
        reference: &super::Reference,
        now: Timestamp,
        visit: &mut dyn FnMut(&Person<'_>),
    ) -> Result<bool, CrowdError>;
}

/// An audience over a stretch of time.
#[derive(Clone, Debug, Default)]
pub struct Ahead {
    /// Who is in at the start.
    pub inside: Seats,
    /// Who enters (`true`) and leaves after that, in the order of the instants.
    pub moves: Vec<(Timestamp, Ordinal, bool)>,
}

/// Why people could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CrowdError {
    /// A page of rows could not be read; the text says which and why.
    Page(String),
    /// The asker has stopped the question.
    Cancelled,
    /// The report would have rows for more periods than that.
    TooManyPeriods {
        /// How many it may have.
        limit: usize,
    },
    /// Nobody of that name exists at the instant asked about.
    Nobody(Reference),
}

impl fmt::Display for CrowdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CrowdError::Page(what) => f.write_str(what),
            CrowdError::Cancelled => f.write_str("the question was cancelled"),
            CrowdError::TooManyPeriods { limit } => write!(f, "more than {limit} periods"),
            CrowdError::Nobody(reference) => write!(f, "nobody is called `{reference}`"),
        }
    }
}

impl std::error::Error for CrowdError {}
