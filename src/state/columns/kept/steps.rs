//! What happened since columns were made: who was touched, and what others did.

use crate::index::Seats;
use crate::model::{Ordinal, Text, Timestamp};
use crate::query::scan::{Did, Ever, Sum};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// Of so many people who were touched nothing is carried over.
const TOUCHED_MAX: u64 = 1 << 16;
/// Of so many events that were done neither.
pub const DONE_MAX: usize = 1 << 18;
/// After so many views nothing is carried over to the next one: whoever asks for nothing
/// costs no more than that.
pub const STEPS_MAX: usize = 1 << 16;

/// An event of a name that somebody did at an instant.
#[derive(Debug)]
pub struct Done {
    pub name: Text,
    pub seat: Ordinal,
    pub when: Timestamp,
    /// What it adds to sums that are kept.
    pub sums: Box<[(Arc<Ever>, Sum)]>,
}

/// Names of events of which it is noted who does one, and the sums that are kept of them.
pub type Names = Arc<BTreeMap<Text, BTreeSet<Arc<Ever>>>>;

/// Whether what is noted of events says what is asked of a name.
fn tell(names: &Names, name: &Text, ever: &Ever) -> bool {
    let Some(sums) = names.get(name) else { return false };
    !matches!(ever, Ever::Sum { .. }) || sums.contains(ever)
}

/// What both note.
fn both(own: &Names, other: &Names) -> Names {
    let of_name = |(name, sums): (&Text, &BTreeSet<Arc<Ever>>)| {
        let common = other.get(name)?.intersection(sums).cloned().collect();
        Some((name.clone(), common))
    };
    Arc::new(own.iter().filter_map(of_name).collect())
}

impl Done {
    /// What it comes to for what is kept.
    fn did(&self, ever: &Ever) -> Did {
        let sum = self.sums.iter().find(|(of, _)| **of == *ever).map(|(_, sum)| sum.clone());
        Did { seat: self.seat, when: self.when, sum }
    }
}

/// What some commits did, which one view shows and the one before did not.
#[derive(Debug)]
struct Step {
    stamp: u64,
    /// Of whom everything may be another.
    touched: Seats,
    /// What others did, of the events of these names.
    done: Vec<Done>,
    names: Names,
}

/// Steps, whose numbers ascend.
#[derive(Debug, Default)]
pub struct Steps {
    all: VecDeque<Step>,
    /// Who was touched in all of them, and how much was done.
    n_touched: u64,
    n_done: usize,
}

impl Steps {
    /// The number of the last one.
    pub fn last(&self) -> Option<u64> {
        self.all.back().map(|step| step.stamp)
    }

    /// Adds a step, or more to the last one.
    pub fn add(&mut self, stamp: u64, touched: Seats, done: Vec<Done>, names: Names) {
        self.n_done += done.len();
        match self.all.back_mut().filter(|step| step.stamp == stamp) {
            Some(step) => {
                self.n_touched -= step.touched.len();
                step.touched |= &touched;
                self.n_touched += step.touched.len();
                step.done.extend(done);
                if !Arc::ptr_eq(&step.names, &names) {
                    step.names = both(&step.names, &names);
                }
            }
            None => {
                self.n_touched += touched.len();
                self.all.push_back(Step { stamp, touched, done, names });
            }
        }
    }

    /// Whether to carry them over would cost too much.
    pub fn are_too_much(&self) -> bool {
        let are_many = self.n_touched > TOUCHED_MAX || self.all.len() > STEPS_MAX;
        are_many || self.are_too_many_events()
    }

    pub fn are_too_many_events(&self) -> bool {
        self.n_done > DONE_MAX
    }

    /// What every column has seen is needed no more.
    pub fn forget_upto(&mut self, stamp: u64) {
        if self.all.front().is_some_and(|step| step.stamp <= stamp) {
            self.all.retain(|step| step.stamp > stamp);
            self.n_touched = self.all.iter().map(|step| step.touched.len()).sum();
            self.n_done = self.all.iter().map(|step| step.done.len()).sum();
        }
    }

    /// It is no longer known who did what.
    pub fn forget_events(&mut self) {
        for step in &mut self.all {
            (step.done, step.names) = (Vec::new(), Arc::default());
        }
        self.n_done = 0;
    }

    /// Who was touched after one number and up to another.
    pub fn touched(&self, span: (u64, u64)) -> Seats {
        let mut touched = Seats::default();
        self.between(span).for_each(|step| touched |= &step.touched);
        touched
    }

    /// What others did of a name, in the same span; none if that was not noted.
    pub fn done(&self, span: (u64, u64), name: &Text, ever: &Ever) -> Option<Vec<Did>> {
        let is_noted = self.between(span).all(|step| tell(&step.names, name, ever));
        let of_name = self.between(span).flat_map(|step| &step.done);
        let of_name = of_name.filter(|done| done.name == *name);
        is_noted.then(|| of_name.map(|done| done.did(ever)).collect())
    }

    fn between(&self, (after, upto): (u64, u64)) -> impl Iterator<Item = &Step> {
        let from = self.all.partition_point(|step| step.stamp <= after);
        let to = self.all.partition_point(|step| step.stamp <= upto);
        self.all.range(from..to)
    }

    /// Roughly the bytes of memory held.
    pub fn memory(&self) -> usize {
        let of_step =
            |step: &Step| step.touched.memory() + step.done.capacity() * size_of::<Done>();
        self.all.iter().map(of_step).sum()
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.all.len()
    }
}
