//! Patterns that are looked for among kept marks.

use super::super::eval::NEVER;
use super::super::pattern::{Kinds, Mark};
use super::ages::Ages;
use super::leaf::{Feed, Shape, Stores};
use super::predicate::{is_row_alone, is_static};
use super::reach::of_pattern;
use crate::query::predicate::{Binds, CountRange, Form, Length, Pattern};

/// A pattern, where its marks are kept, and its windows as ages.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sought {
    pub(crate) store: u32,
    pub(crate) pattern: Pattern,
    windows: Vec<(Binds, Ages)>,
}

/// So many matches or more; or fewer.
#[derive(Clone, Copy)]
pub(crate) struct Threshold {
    pub(crate) least: u64,
    pub(crate) negated: bool,
}

impl Sought {
    /// `None` if windows or filters need the person, or the order of all events matters.
    pub(super) fn of(pattern: &Pattern, stores: &mut impl Stores) -> Option<Sought> {
        let ages = |placing: &crate::query::predicate::Placing| {
            Some((placing.binds, Ages::of(std::slice::from_ref(&placing.window))?))
        };
        let windows: Vec<_> = pattern.windows.iter().map(ages).collect::<Option<_>>()?;
        if !is_kept(pattern) {
            return None;
        }
        let feed = Feed::Marks(Box::new(Kinds::of(pattern)));
        let store = stores.store(feed, Shape::Marks { reach: of_pattern(pattern) });
        Some(Sought { store, pattern: pattern.clone(), windows })
    }

    /// What windows leave of an event: whether it may be any, the first and the last
    /// of those chosen.
    pub(crate) fn allowed(&self, when: i64, at: i64) -> (bool, bool, bool) {
        let inside = |binds: Binds| {
            self.windows.iter().filter(move |window| window.0 == binds).all(|(_, ages)| {
                let age = at.saturating_sub(when);
                let lies = ages.from <= when && when < ages.to;
                lies && ages.least <= age && (age < ages.too_great || ages.too_great == NEVER)
            })
        };
        (inside(Binds::Each), inside(Binds::First), inside(Binds::Last))
    }

    /// The instants at which time moves an event into windows or out of them.
    pub(crate) fn turns(&self, when: i64) -> impl Iterator<Item = i64> {
        let of = move |ages: &Ages| [ages.least, ages.too_great].map(|age| later(when, age));
        self.windows.iter().flat_map(move |(_, ages)| of(ages))
    }

    /// When the first of windows loses a match, by its first event and its last.
    pub(crate) fn leaves(&self, first: i64, last: i64) -> i64 {
        let ends = self.windows.iter().map(|(binds, ages)| {
            let when = if *binds == Binds::Last { last } else { first };
            later(when, ages.too_great)
        });
        ends.min().unwrap_or(NEVER)
    }

    /// Of a number that only falls while nothing happens, tails apart, what it is
    /// compared with.
    pub(crate) fn threshold(&self) -> Option<Threshold> {
        if self.windows.iter().any(|(_, ages)| ages.least > 0) {
            return None;
        }
        match self.pattern.count {
            CountRange { least, most: None } => Some(Threshold { least, negated: false }),
            CountRange { least: 0, most: Some(most) } => {
                Some(Threshold { least: most.checked_add(1)?, negated: true })
            }
            _ => None,
        }
    }

    /// Whether an answer stays when an event comes that is later than all others. Where
    /// matches enough are there, an event that is a step and nothing else breaks none, and
    /// the deadline of before may be early and not late; where they are not, a new match
    /// ends with that event.
    pub(crate) fn stays(&self, answer: bool, mark: &Mark) -> bool {
        let Some(Threshold { negated, .. }) = self.threshold() else { return false };
        match &self.pattern.form {
            _ if answer != negated => mark.without | mark.tails == 0,
            Form::Sequence(sequence) => mark.steps & 1 << (sequence.steps.len() - 1) == 0,
            Form::Combination { .. } => false,
        }
    }

    /// Whether time alone may change the answer.
    pub(crate) fn is_timed(&self) -> bool {
        let has_tails = match &self.pattern.form {
            Form::Sequence(sequence) => !sequence.tails.is_empty(),
            Form::Combination { .. } => false,
        };
        has_tails || self.windows.iter().any(|(_, ages)| !ages.is_ever())
    }
}

fn later(when: i64, age: i64) -> i64 {
    if age == NEVER { NEVER } else { when.saturating_add(age) }
}

fn is_kept(pattern: &Pattern) -> bool {
    let stands_alone = match &pattern.form {
        Form::Sequence(sequence) => {
            !sequence.is_adjacent() && sequence.same.as_ref().is_none_or(is_row_alone)
        }
        Form::Combination { .. } => true,
    };
    let are_common = !pattern.lengths().into_iter().any(Length::is_theirs);
    stands_alone && are_common && pattern.matchers().into_iter().all(is_static)
}
