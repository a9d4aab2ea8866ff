//! Events that are looked for, and how many.

use super::{Filter, PersonLeaf, Window};
use crate::model::Text;

/// `did`: how many matching events lie in all of the windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// Which events.
    pub matcher: Matcher,
    /// Where they must lie: in each of these; the end at `now` is always there.
    pub windows: Vec<Window<PersonLeaf>>,
    /// How many are needed.
    pub count: CountRange,
}

/// How many, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CountRange {
    /// At least so many.
    pub least: u64,
    /// At most so many.
    pub most: Option<u64>,
}

/// Which events: those that fit at least one of these; each counts once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matcher(pub Vec<EventFilter>);

/// An event's name and what it must fulfil.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventFilter {
    /// The name; without one, `any event`.
    pub name: Option<Text>,
    /// What the event must fulfil.
    pub filter: Option<Filter>,
}

impl CountRange {
    /// At least one.
    pub const SOME: CountRange = CountRange { least: 1, most: None };
    /// Not even one.
    pub const NONE: CountRange = CountRange { least: 0, most: Some(0) };

    /// Whether there shall be one or none, if nothing else is asked.
    pub fn asks_if_any(self) -> Option<bool> {
        [(CountRange::SOME, true), (CountRange::NONE, false)]
            .into_iter()
            .find_map(|(range, any)| (range == self).then_some(any))
    }

    /// Whether a count lies in the range.
    pub fn contains(self, count: u64) -> bool {
        self.least <= count && self.most.is_none_or(|most| count <= most)
    }
}
