//! Columns by what they are of, and what has happened since each was made.

mod steps;
#[cfg(test)]
mod tests;

use crate::index::{Known, Seats};
use crate::model::Text;
use crate::query::scan::{Did, Ever, Tally};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use steps::Steps;
pub use steps::{Done, Names};

/// What a column takes in which nobody has anything: there may be many of them.
const KEY_BYTES: usize = 1 << 10;
/// So many questions later what was refused, or asked for once, is so no longer.
const LAPSE: u64 = 1 << 10;
/// A column that one of so many questions used is in use.
const IN_USE: u64 = 16;
/// Bytes that are kept until a budget is set.
const BYTES: usize = 64 << 20;

/// What a column is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Attribute(Text),
    /// Of the events of a name.
    Events(Text, Ever),
}

impl Key {
    /// The name of the events that change it, and what is told of them.
    fn events(&self) -> Option<(&Text, &Ever)> {
        match self {
            Key::Events(name, ever) => Some((name, ever)),
            Key::Attribute(_) => None,
        }
    }
}

/// What everybody has.
#[derive(Clone)]
pub enum Column {
    Attribute(Arc<Known>),
    Events(Arc<Tally>),
}

impl Column {
    fn memory(&self) -> usize {
        match self {
            Column::Attribute(known) => known.memory(),
            Column::Events(tally) => tally.memory(),
        }
    }

    fn is_worn(&self) -> bool {
        matches!(self, Column::Attribute(known) if known.is_worn())
    }
}

pub struct Kept {
    /// How often something happened: what is known is known as of such a number.
    stamp: u64,
    /// Whether a view of this number was made.
    is_shown: bool,
    /// What each number brought.
    steps: Steps,
    /// From which number on that is known.
    since: u64,
    /// Whether somebody has asked, so that it is worth to know what happens.
    is_wanted: bool,
    columns: BTreeMap<Key, Held>,
    names: Names,
    /// What was asked for once, and was not worth it yet.
    asked: BTreeSet<Key>,
    /// What would take too much.
    refused: BTreeSet<Key>,
    budget: usize,
    /// Counts the questions.
    clock: u64,
}

struct Held {
    column: Column,
    stamp: u64,
    memory: usize,
    used: u64,
}

/// What is kept, as a view of a number can use it.
pub enum Found {
    Whole(Column),
    /// These were touched since, and that was done by others.
    Before(Column, Seats, Vec<Did>),
    /// It is worth to find out.
    Nothing,
    /// It is of no use to keep it.
    Never,
}

impl Default for Kept {
    fn default() -> Kept {
        Kept {
            stamp: 0,
            is_shown: false,
            steps: Steps::default(),
            since: 0,
            is_wanted: false,
            columns: BTreeMap::new(),
            names: Arc::default(),
            asked: BTreeSet::new(),
            refused: BTreeSet::new(),
            budget: BYTES,
            clock: 0,
        }
    }
}

impl Kept {
    /// The events of which it is to be noted who does one.
    pub fn names(&self) -> Names {
        self.names.clone()
    }

    /// The number of the view that is made now.
    pub fn show(&mut self) -> u64 {
        self.is_shown = true;
        self.stamp
    }

    pub fn set_budget(&mut self, bytes: usize) {
        self.budget = bytes;
        self.refused.clear();
        self.shrink(None);
    }

    pub fn memory(&self) -> usize {
        self.columns.values().map(|held| held.memory).sum::<usize>() + self.steps.memory()
    }

    /// Events came in. Of these people everything may be another; of all others it was noted
    /// who did what of these names.
    pub fn step(&mut self, touched: Seats, done: Vec<Done>, names: Names) {
        if !self.is_wanted {
            self.clear();
            return;
        }
        if self.is_shown || self.steps.last() != Some(self.stamp) {
            self.stamp += 1;
            self.is_shown = false;
        }
        self.steps.add(self.stamp, touched, done, names);
        while self.steps.are_too_much() {
            if self.drop_laggard() {
                continue;
            }
            match self.steps.are_too_many_events() {
                true => self.forget_events(),
                false => self.clear(),
            }
        }
    }

    /// Lets the column go that was brought up to date longest ago, and for which steps are
    /// kept that no other one needs; whether there is one.
    fn drop_laggard(&mut self) -> bool {
        let stamps = || self.columns.iter().map(|(key, held)| (held.stamp, key));
        let (Some(least), Some(most)) = (stamps().min(), stamps().max()) else { return false };
        let (lags, key) = (least.0 < most.0, least.1.clone());
        if lags {
            self.remove(&key);
            self.trim();
        }
        lags
    }

    fn remove(&mut self, key: &Key) {
        self.columns.remove(key);
        // To make it again is worth it only if it is asked for again and again.
        self.asked.remove(key);
        self.take_names();
    }

    /// What every column has seen is needed no more.
    fn trim(&mut self) {
        let oldest = self.columns.values().map(|held| held.stamp).min().unwrap_or(self.stamp);
        self.steps.forget_upto(oldest);
        // What is forgotten here no column needs; one that is begun before it is not kept.
        self.since = self.since.max(oldest);
    }

    /// It is no longer known who did what.
    fn forget_events(&mut self) {
        self.steps.forget_events();
        self.columns.retain(|key, _| key.events().is_none());
        self.take_names();
    }

    pub fn clear(&mut self) {
        let (budget, clock, stamp) = (self.budget, self.clock, self.stamp + 1);
        *self = Kept { stamp, since: stamp, budget, clock, ..Kept::default() };
    }

    /// Where the question `reads_all` to find out, it is worth to keep at the first one already.
    pub fn find(&mut self, key: &Key, stamp: u64, reads_all: bool) -> Found {
        self.clock += 1;
        self.is_wanted = true;
        if self.clock.is_multiple_of(LAPSE) {
            (self.asked, self.refused) = Default::default();
        }
        if stamp < self.since || self.refused.contains(key) {
            return Found::Never;
        }
        let Some(held) = self.columns.get_mut(key) else {
            return if reads_all || !self.asked.insert(key.clone()) {
                Found::Nothing
            } else {
                Found::Never
            };
        };
        held.used = self.clock;
        if held.stamp > stamp {
            return Found::Never;
        }
        let done = match key.events() {
            Some((name, ever)) => self.steps.done((held.stamp, stamp), name, ever),
            None => Some(Vec::new()),
        };
        let Some(done) = done else { return Found::Nothing };
        let touched = self.steps.touched((held.stamp, stamp));
        if touched.is_empty() && done.is_empty() {
            held.stamp = stamp;
            let column = held.column.clone();
            self.trim();
            return Found::Whole(column);
        }
        Found::Before(held.column.clone(), touched, done)
    }

    /// Keeps what a view has found out, unless a later one has.
    pub fn keep(&mut self, key: &Key, stamp: u64, column: &Column) {
        if stamp < self.since || self.columns.get(key).is_some_and(|held| held.stamp >= stamp) {
            return;
        }
        if column.is_worn() {
            return self.remove(key);
        }
        let (memory, used) = (KEY_BYTES + column.memory(), self.clock);
        if memory > self.budget {
            self.remove(key);
            self.refused.insert(key.clone());
            return;
        }
        self.columns.insert(key.clone(), Held { column: column.clone(), stamp, memory, used });
        self.take_names();
        self.shrink(Some(key));
        self.trim();
    }

    /// Lets those go that were not used for longest; but the newest, where all others are in
    /// use: they would be made in turn for ever.
    fn shrink(&mut self, newest: Option<&Key>) {
        while self.columns.values().map(|held| held.memory).sum::<usize>() > self.budget {
            let idle = self.columns.iter().min_by_key(|(_, held)| held.used);
            let Some((idle, used)) = idle.map(|(key, held)| (key.clone(), held.used)) else {
                break;
            };
            match newest.filter(|newest| **newest != idle && used + IN_USE > self.clock) {
                Some(newest) => {
                    self.remove(newest);
                    self.refused.insert(newest.clone());
                }
                None => self.remove(&idle),
            }
        }
    }

    fn take_names(&mut self) {
        let mut names: BTreeMap<Text, BTreeSet<Arc<Ever>>> = BTreeMap::new();
        for (name, ever) in self.columns.keys().filter_map(Key::events) {
            let sums = names.entry(name.clone()).or_default();
            sums.extend(matches!(ever, Ever::Sum { .. }).then(|| Arc::new(ever.clone())));
        }
        if *self.names != names {
            self.names = Arc::new(names);
        }
    }
}
