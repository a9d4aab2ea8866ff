//! What everybody has of attributes that questions have asked for: built at
//! first use, and carried over to later views by looking again at those who
//! were touched since.

use super::View;
use crate::index::{Known, Seats};
use crate::model::{Ordinal, Text, Timestamp};
use crate::query::scan::{self, Source};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Bytes that are kept until a budget is set.
const BYTES: usize = 64 << 20;
/// Of so many people who were touched nothing is carried over.
const TOUCHED_MAX: u64 = 1 << 16;

/// What is known of attributes, shared by a state and its views.
#[derive(Clone)]
pub(super) struct Attributes(Arc<Mutex<Kept>>);

struct Kept {
    /// How often people were touched: what is known is known as of such a number.
    stamp: u64,
    /// Whether a view of this number was made.
    is_shown: bool,
    /// Whom each number touched, ascending.
    touched: VecDeque<(u64, Seats)>,
    /// From which number on that is known.
    since: u64,
    /// Whether somebody has asked, so that it is worth to know who is touched.
    is_wanted: bool,
    columns: BTreeMap<Text, Column>,
    /// Attributes that would take too much.
    refused: Vec<Text>,
    budget: usize,
    /// Counts the questions.
    clock: u64,
}

struct Column {
    known: Arc<Known>,
    stamp: u64,
    memory: usize,
    used: u64,
}

/// What is kept of an attribute, as a view of a number can use it.
enum Found {
    Whole(Arc<Known>),
    /// These were touched since.
    Before(Arc<Known>, Seats),
    /// It is worth to find out.
    Nothing,
    /// It is of no use to keep it.
    Never,
}

impl Default for Attributes {
    fn default() -> Attributes {
        Attributes(Arc::new(Mutex::new(Kept {
            stamp: 0,
            is_shown: false,
            touched: VecDeque::new(),
            since: 0,
            is_wanted: false,
            columns: BTreeMap::new(),
            refused: Vec::new(),
            budget: BYTES,
            clock: 0,
        })))
    }
}

impl Attributes {
    /// Attributes of these people may be others from here on.
    pub fn touch(&self, seats: impl IntoIterator<Item = Ordinal>) {
        let mut seats = seats.into_iter().peekable();
        if seats.peek().is_some() {
            self.kept().touch(seats.collect());
        }
    }

    /// Everybody's may be others from here on.
    pub fn clear(&self) {
        self.kept().clear();
    }

    /// The number of the view that is made now.
    pub fn show(&self) -> u64 {
        let mut kept = self.kept();
        kept.is_shown = true;
        kept.stamp
    }

    /// How many bytes may be kept.
    pub fn set_budget(&self, bytes: usize) {
        let mut kept = self.kept();
        kept.budget = bytes;
        kept.refused.clear();
        kept.shrink();
    }

    /// Roughly the bytes of memory held.
    pub fn memory(&self) -> usize {
        let kept = self.kept();
        let touched = kept.touched.iter().map(|(_, seats)| seats.memory());
        kept.columns.values().map(|column| column.memory).sum::<usize>() + touched.sum::<usize>()
    }

    /// Somebody who panicked leaves what is as good as before.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn touch(&mut self, seats: Seats) {
        if !self.is_wanted {
            self.clear();
            return;
        }
        match self.touched.back_mut() {
            Some((stamp, touched)) if *stamp == self.stamp && !self.is_shown => *touched |= &seats,
            _ => {
                self.stamp += 1;
                self.is_shown = false;
                self.touched.push_back((self.stamp, seats));
            }
        }
        if self.touched.iter().map(|(_, seats)| seats.len()).sum::<u64>() > TOUCHED_MAX {
            self.clear();
        }
    }

    fn clear(&mut self) {
        self.stamp += 1;
        self.since = self.stamp;
        self.is_shown = false;
        self.is_wanted = false;
        self.touched.clear();
        self.columns.clear();
        self.refused.clear();
    }

    fn find(&mut self, key: &str, stamp: u64) -> Found {
        self.clock += 1;
        self.is_wanted = true;
        if stamp < self.since || self.refused.iter().any(|refused| **refused == *key) {
            return Found::Never;
        }
        let Some(column) = self.columns.get_mut(key) else { return Found::Nothing };
        column.used = self.clock;
        if column.stamp == stamp {
            return Found::Whole(column.known.clone());
        }
        if column.stamp > stamp {
            return Found::Never;
        }
        let between = column.stamp + 1..=stamp;
        let touched = self.touched.iter().filter(|(stamp, _)| between.contains(stamp));
        let touched = touched.fold(Seats::default(), |all, (_, seats)| &all | seats);
        Found::Before(column.known.clone(), touched)
    }

    /// Keeps what a view has found out, unless a later one has.
    fn keep(&mut self, key: &str, stamp: u64, known: &Arc<Known>) {
        if stamp < self.since || self.columns.get(key).is_some_and(|column| column.stamp >= stamp) {
            return;
        }
        if known.is_worn() {
            self.columns.remove(key);
            return;
        }
        let (memory, used) = (known.memory(), self.clock);
        if memory > self.budget {
            self.columns.remove(key);
            self.refused.push(key.into());
            return;
        }
        self.columns.insert(key.into(), Column { known: known.clone(), stamp, memory, used });
        self.shrink();
        let oldest = self.columns.values().map(|column| column.stamp).min().unwrap_or(self.stamp);
        self.touched.retain(|(stamp, _)| *stamp > oldest);
        // What is forgotten here no column needs; one that is begun before it is not kept.
        self.since = self.since.max(oldest);
    }

    /// Lets those go that were not used for longest.
    fn shrink(&mut self) {
        while self.columns.values().map(|column| column.memory).sum::<usize>() > self.budget {
            let idle = self.columns.iter().min_by_key(|(_, column)| column.used);
            let Some(idle) = idle.map(|(key, _)| key.clone()) else { return };
            self.columns.remove(&idle);
        }
    }
}

/// What a view knows of attributes at an instant.
pub(super) struct AtNow<'a> {
    view: &'a View,
    source: Source<'a>,
    now: Timestamp,
}

impl<'a> AtNow<'a> {
    /// None where the view's attributes are not those of the instant.
    pub fn of(view: &'a View, source: Source<'a>, now: Timestamp) -> Option<AtNow<'a>> {
        (view.known.is_none() && view.is_still(now)).then_some(AtNow { view, source, now })
    }

    fn find(&self, key: &str) -> Option<Arc<Known>> {
        let (attributes, stamp) = (&self.view.attributes, self.view.stamp);
        let found = attributes.kept().find(key, stamp);
        let known = match found {
            Found::Whole(known) => return Some(known),
            Found::Never => return None,
            // A question that cannot be read is asked in the other way, which says why.
            Found::Nothing => scan::attribute(key, &self.source, self.now).ok()?,
            Found::Before(known, touched) => {
                scan::renewed(&known, key, &touched, &self.source, self.now).ok()?
            }
        };
        let known = Arc::new(known);
        attributes.kept().keep(key, stamp, &known);
        Some(known)
    }
}

impl scan::Attributes for AtNow<'_> {
    fn of(&self, key: &str) -> Option<Arc<Known>> {
        self.find(key)
    }
}
