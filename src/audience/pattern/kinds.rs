//! What a pattern asks of one event.

use super::super::row::{Row, RowSource, fits};
use super::super::scan::Scan;
use super::mark::{Bits, Mark};
use crate::model::{Event, Value};
use crate::query::predicate::{Form, Matcher, Pattern, RowLeaf, Step, Tail};

/// The matchers of a pattern, apart from how their events have to lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kinds {
    steps: Vec<Matcher>,
    /// By step, what must not lie before it.
    without: Vec<Option<Matcher>>,
    tails: Vec<Matcher>,
    /// What all of them agree on.
    same: Option<RowLeaf>,
}

impl Kinds {
    pub(crate) fn of(pattern: &Pattern) -> Kinds {
        match &pattern.form {
            Form::Combination { kinds, .. } => {
                Kinds { steps: kinds.clone(), without: Vec::new(), tails: Vec::new(), same: None }
            }
            Form::Sequence(sequence) => Kinds {
                steps: sequence.steps.iter().map(|step: &Step| step.matcher.clone()).collect(),
                without: sequence.steps.iter().map(|step| step.without.clone()).collect(),
                tails: sequence.tails.iter().map(|tail: &Tail| tail.matcher.clone()).collect(),
                same: sequence.same.clone(),
            },
        }
    }

    /// Every matcher.
    pub(crate) fn matchers(&self) -> impl Iterator<Item = &Matcher> {
        self.steps.iter().chain(self.without.iter().flatten()).chain(&self.tails)
    }

    pub(crate) fn same(&self) -> Option<&RowLeaf> {
        self.same.as_ref()
    }

    /// What an event is good for, windows apart.
    pub(crate) fn mark(&self, row: &Event, place: u32, person: Option<&Scan<'_>>) -> Mark {
        let bit = |n: usize, matcher: &Matcher| -> Bits {
            Bits::from(fits(Row::of(row), matcher, person)) << n
        };
        let bits = |matchers: &[Matcher]| -> Bits {
            matchers.iter().enumerate().map(|(n, matcher)| bit(n, matcher)).sum()
        };
        let others = self.without.iter().enumerate();
        let without = others.filter_map(|(n, other)| Some(bit(n, other.as_ref()?))).sum();
        let (steps, tails) = (bits(&self.steps), bits(&self.tails));
        Mark { when: row.when.millis(), place, steps, without, tails }
    }

    /// The different values that events have to agree on with this one.
    pub(crate) fn keys(&self, row: &Event, person: Option<&Scan<'_>>) -> Vec<Value> {
        let mut keys = Vec::new();
        if let Some(same) = &self.same {
            let source = RowSource::new(Row::of(row), person);
            elements(&super::super::eval::Leaves::read(&source, same), &mut keys);
        }
        keys
    }
}

/// Each known value once; a list gives its elements.
fn elements(value: &Value, into: &mut Vec<Value>) {
    match value {
        Value::Null | Value::Digits(_) => {}
        Value::List(list) => list.iter().for_each(|element| elements(element, into)),
        known if into.contains(known) => {}
        known => into.push(known.clone()),
    }
}
