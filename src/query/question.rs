//! Questions, resolved: what a report is asked to show.

use super::predicate::{
    Aggregate, Audience, Condition, Expr, Matcher, Pattern, PersonLeaf, Window,
};
use super::whole_footprint;
use crate::model::{Identifier, Period, ProfileId, Text, Timestamp};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// A report with every name settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// `count people ... [by ...]`.
    CountPeople {
        /// Who is counted.
        people: Condition,
        /// One row per value of these.
        by: Vec<Column>,
        /// Only so many rows.
        top: Option<u64>,
    },
    /// `count events E [window] [of people ...]`.
    CountEvents {
        /// Which events.
        matcher: Matcher,
        /// In which windows, each of them.
        windows: Vec<Window<PersonLeaf>>,
        /// Whose.
        people: Condition,
        /// One row per value of these.
        by: Vec<Column>,
        /// Only so many rows.
        top: Option<u64>,
    },
    /// `total a, b of people ...`: aggregates over all selected people together.
    Total {
        /// The aggregates and the names of their columns.
        aggregates: Vec<(String, Aggregate)>,
        /// Whose events.
        people: Condition,
        /// One row per value of these.
        by: Vec<Column>,
        /// Only so many rows.
        top: Option<u64>,
    },
    /// `list a, b of people ... sort by ... limit ...`.
    List {
        /// What is shown of each.
        columns: Vec<Column>,
        /// Who is listed.
        people: Condition,
        /// In which order; ties and no order: by birth of the profile.
        sort: Option<Sort>,
        /// Only so many rows.
        limit: Option<u64>,
    },
    /// `trend a, b per U ...`: aggregates over the events of each period.
    Trend {
        /// The aggregates and the names of their columns.
        aggregates: Vec<(String, Aggregate)>,
        /// What each row is about.
        per: Per,
        /// In which windows, each of them.
        windows: Vec<Window<PersonLeaf>>,
        /// Whose events.
        people: Condition,
        /// One row per value of these, too.
        by: Vec<Column>,
        /// Only so many values.
        top: Option<u64>,
    },
    /// `funnel (A then B ...)`: one row per step.
    Funnel {
        /// The steps up to each, under the name of its event; a tail is a step.
        steps: Vec<(String, Pattern)>,
        /// Whose events.
        people: Condition,
        /// Steps for each value of these.
        by: Vec<Column>,
        /// Only so many values.
        top: Option<u64>,
    },
    /// `retention of A returning to B per U for n ...`.
    Retention {
        /// With whose first event in the windows somebody joins a cohort.
        of: Matcher,
        /// What they come back for.
        returning: Matcher,
        /// How long a cohort is collected, and each step after it.
        per: Per,
        /// How many steps.
        n_periods: u64,
        /// In which windows the first event lies.
        windows: Vec<Window<PersonLeaf>>,
        /// Of whom.
        people: Condition,
        /// Cohorts of each value of these.
        by: Vec<Column>,
        /// Only so many values.
        top: Option<u64>,
    },
    /// `forecast audience a ...`: who enters and leaves if nothing happens.
    Forecast {
        /// The audience.
        audience: Arc<Audience>,
        /// So long from now on.
        ms: i64,
        /// How many in each of these periods, and not who.
        per: Option<Per>,
    },
    /// `overlap of a, b, ...`: one row per pair.
    Overlap {
        /// The audiences.
        audiences: Vec<Arc<Audience>>,
    },
    /// `timeline of profile ...`: one row per event, the latest first.
    Timeline {
        /// Whose.
        profile: Reference,
        /// In which windows, each of them.
        windows: Vec<Window<PersonLeaf>>,
        /// Only so many rows, the latest.
        limit: Option<u64>,
    },
}

impl Question {
    /// The audiences that it names, with all those that they name.
    pub fn audiences(&self) -> BTreeSet<Text> {
        match self {
            Question::CountPeople { people, .. }
            | Question::CountEvents { people, .. }
            | Question::Total { people, .. }
            | Question::List { people, .. }
            | Question::Trend { people, .. }
            | Question::Funnel { people, .. }
            | Question::Retention { people, .. } => whole_footprint(people).audiences,
            Question::Overlap { audiences } => {
                let whole = audiences.iter().map(|audience| {
                    let mut names = whole_footprint(&audience.condition).audiences;
                    names.insert(audience.name.clone());
                    names
                });
                whole.flatten().collect()
            }
            Question::Forecast { .. } | Question::Timeline { .. } => BTreeSet::new(),
        }
    }
}

/// The periods that the rows of a report are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// Hours, counted from the start of each local day.
    Hour,
    /// Those of the calendar.
    Period(Period),
}

/// A value of a person and the name of its column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// `as`, else the canonical text of the value.
    pub name: String,
    /// The value.
    pub value: Expr<PersonLeaf>,
}

/// An order of rows; a missing value comes last either way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By which value.
    pub value: Expr<PersonLeaf>,
    /// The greatest first.
    pub descending: bool,
}

/// How a text names a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// By an identifier.
    Identifier(Identifier),
    /// By the profile's own id.
    Profile(ProfileId),
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reference::Identifier(identifier) => identifier.fmt(f),
            Reference::Profile(profile) => profile.fmt(f),
        }
    }
}

/// The instant that a question asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// Now.
    Now,
    /// That instant, with all facts known today.
    Hindsight(Timestamp),
    /// That instant, with the facts known then.
    Known(Timestamp),
}
