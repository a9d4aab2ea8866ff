//! Questions, resolved: what a report is asked to show.

use super::predicate::{Aggregate, Condition, Expr, Matcher, PersonLeaf, Window};
use crate::model::{Identifier, ProfileId, Timestamp};
use std::fmt;

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
}
