//! What everybody has of what questions have asked for, attributes and events: built at
//! first use, and carried over to later views by looking again at those who were touched
//! since, and adding what others did.

mod kept;

pub(super) use kept::{Done, Names};

use super::View;
use crate::index::{Known, Seats};
use crate::model::{Text, Timestamp};
use crate::query::scan::{self, Did, Ever, ScanError, Source, Tally};
use kept::{Column, Found, Kept, Key};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is known of everybody, shared by a state and its views.
#[derive(Clone, Default)]
pub(super) struct Columns(Arc<Mutex<Kept>>);

impl Columns {
    /// The events of which it is to be noted who does one.
    pub fn names(&self) -> Names {
        self.kept().names()
    }

    /// Attributes of these people may be others from here on, and what they did.
    pub fn touch(&self, seats: Seats) {
        if !seats.is_empty() {
            let names = self.names();
            self.kept().step(seats, Vec::new(), names);
        }
    }

    /// The same after events came in: others did that of these names.
    pub fn step(&self, touched: Seats, done: Vec<Done>, names: Names) {
        self.kept().step(touched, done, names);
    }

    /// Everybody's may be others from here on.
    pub fn clear(&self) {
        self.kept().clear();
    }

    /// The number of the view that is made now.
    pub fn show(&self) -> u64 {
        self.kept().show()
    }

    /// How many bytes may be kept.
    pub fn set_budget(&self, bytes: usize) {
        self.kept().set_budget(bytes);
    }

    /// Roughly the bytes of memory held.
    pub fn memory(&self) -> usize {
        self.kept().memory()
    }

    /// Somebody who panicked leaves what is as good as before.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a view knows of everybody at an instant.
pub(super) struct AtNow<'a> {
    view: &'a View,
    source: Source<'a>,
    now: Timestamp,
}

impl<'a> AtNow<'a> {
    /// None where what the view shows is not that of the instant.
    pub fn of(view: &'a View, source: Source<'a>, now: Timestamp) -> Option<AtNow<'a>> {
        (view.known.is_none() && view.is_still(now)).then_some(AtNow { view, source, now })
    }

    fn find(&self, key: &Key, reads_all: bool) -> Option<Column> {
        let (columns, stamp) = (&self.view.columns, self.view.stamp);
        let found = columns.kept().find(key, stamp, reads_all);
        let column = match found {
            Found::Whole(column) => return Some(column),
            Found::Never => return None,
            // A question that cannot be read is asked in the other way, which says why.
            Found::Nothing => self.made(key).ok()?,
            Found::Before(before, touched, done) => {
                self.renewed(key, &before, &touched, done).ok()?
            }
        };
        columns.kept().keep(key, stamp, &column);
        Some(column)
    }

    fn made(&self, key: &Key) -> Result<Column, ScanError> {
        let AtNow { source, now, .. } = self;
        Ok(match key {
            Key::Attribute(of) => Column::Attribute(Arc::new(scan::attribute(of, source, *now)?)),
            Key::Events(name, ever) => {
                Column::Events(Arc::new(Tally::of(name, ever.clone(), source, *now)?))
            }
        })
    }

    fn renewed(
        &self,
        key: &Key,
        before: &Column,
        touched: &Seats,
        done: Vec<Did>,
    ) -> Result<Column, ScanError> {
        let AtNow { source, now, .. } = self;
        Ok(match (key, before) {
            (Key::Attribute(of), Column::Attribute(known)) => {
                Column::Attribute(Arc::new(scan::renewed(known, of, touched, source, *now)?))
            }
            (Key::Events(name, _), Column::Events(tally)) => {
                let done = done.into_iter();
                Column::Events(Arc::new(tally.renewed(name, touched, done, source, *now)?))
            }
            _ => self.made(key)?,
        })
    }
}

impl scan::Columns for AtNow<'_> {
    fn attribute(&self, key: &str) -> Option<Arc<Known>> {
        match self.find(&Key::Attribute(key.into()), true)? {
            Column::Attribute(known) => Some(known),
            Column::Events(_) => None,
        }
    }

    fn tally(&self, name: &Text, ever: &Ever, reads_all: bool) -> Option<Arc<Tally>> {
        match self.find(&Key::Events(name.clone(), ever.clone()), reads_all)? {
            Column::Events(tally) => Some(tally),
            Column::Attribute(_) => None,
        }
    }
}
