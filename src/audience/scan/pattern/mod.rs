//! Patterns: sequences and combinations among a person's visible events.

mod chain;
mod combination;
mod moment;
mod reach;

use super::super::eval::Leaves;
use super::super::row::{Row, RowSource, fits};
use super::Scan;
use crate::model::{Event, EventId, Value};
use crate::query::predicate::{
    Binds, Form, Matcher, Pattern, PersonLeaf, RowLeaf, Sequence, Window,
};
use chain::Chain;
use moment::{Mark, moments};
use std::collections::HashMap;

/// Kinds or steps as bits.
type Bits = u32;

impl<'a> Scan<'a> {
    /// Whether the right number of matches is there; notes when that may change.
    pub(super) fn pattern(&self, pattern: &Pattern) -> bool {
        let n_matches = match &pattern.form {
            Form::Combination { kinds, needed } => {
                u64::from(self.is_combined(pattern, kinds, *needed))
            }
            Form::Sequence(sequence) => self.n_sequences(pattern, sequence),
        };
        pattern.count.contains(n_matches)
    }

    fn n_sequences(&self, pattern: &Pattern, sequence: &Sequence) -> u64 {
        let marks = self.marks(pattern, sequence);
        let chain = Chain::of(pattern, sequence, self);
        let count = |marks: &[Mark]| chain.n_firsts(&moments(marks), self.horizon());
        match &sequence.same {
            None => count(&marks) as u64,
            Some(same) => {
                let keyed = self.by_key(same, &marks);
                keyed.values().map(|marks| u64::from(count(marks) > 0)).sum()
            }
        }
    }

    /// The events that matter, each with what it is good for.
    fn marks(&self, pattern: &Pattern, sequence: &Sequence) -> Vec<Mark<'a>> {
        let windows = Windows::of(self, pattern);
        let (n_steps, mut marks) = (sequence.steps.len(), Vec::new());
        let events = self.visible().iter().filter(|row| row.name().is_some());
        for (place, row) in events.enumerate() {
            let bit = |n: usize, matcher: &Matcher| {
                Bits::from(fits(Row::of(row), matcher, Some(self))) << n
            };
            let steps = sequence.steps.iter().enumerate();
            let steps: Bits = steps.map(|(n, step)| bit(n, &step.matcher)).sum();
            let others = sequence.steps.iter().enumerate();
            let without = others
                .map(|(n, step)| step.without.as_ref().map_or(0, |other| bit(n, other)))
                .sum();
            let tails = sequence.tails.iter().enumerate();
            let tails: Bits = tails.map(|(n, tail)| bit(n, &tail.matcher)).sum();
            let steps = steps & windows.allowed(row, steps, 1, 1 << (n_steps - 1));
            if steps | without | tails != 0 {
                marks.push(Mark { place, when: row.when.millis(), row, steps, without, tails });
            }
        }
        marks
    }

    /// The events under each key that they have; a list gives each element.
    fn by_key<'m>(&self, same: &RowLeaf, marks: &[Mark<'m>]) -> HashMap<Value, Vec<Mark<'m>>> {
        let mut keyed: HashMap<Value, Vec<Mark<'_>>> = HashMap::new();
        for mark in marks {
            let source = RowSource::new(Row::of(mark.row), Some(self));
            let mut keys = Vec::new();
            elements(&source.read(same), &mut keys);
            for (n, key) in keys.iter().enumerate() {
                if !keys[..n].contains(key) {
                    keyed.entry(key.clone()).or_default().push(*mark);
                }
            }
        }
        keyed
    }
}

fn elements(value: &Value, into: &mut Vec<Value>) {
    match value {
        Value::Null | Value::Digits(_) => {}
        Value::List(list) => list.iter().for_each(|element| elements(element, into)),
        known => into.push(known.clone()),
    }
}

/// The windows of a pattern, settled for the person, with the events at which they
/// are anchored; nothing lies in one that hangs on something missing.
struct Windows<'s, 'a> {
    scan: &'s Scan<'a>,
    pattern: &'s Pattern,
    windows: Vec<(Option<Window<PersonLeaf>>, Vec<EventId>)>,
}

impl<'s, 'a> Windows<'s, 'a> {
    fn of(scan: &'s Scan<'a>, pattern: &'s Pattern) -> Windows<'s, 'a> {
        let settled = |window| (scan.settled(window), scan.anchors_of(window));
        Windows { scan, pattern, windows: pattern.bare_windows().map(settled).collect() }
    }

    /// The bits that windows leave of an event: all but those of the first chosen
    /// event and of the last one that it may not be. An event that has no bit
    /// moves nothing.
    fn allowed(&self, row: &Event, bits: Bits, first: Bits, last: Bits) -> Bits {
        let mut allowed = Bits::MAX;
        for (placing, (window, anchors)) in self.pattern.windows.iter().zip(&self.windows) {
            let bound = match placing.binds {
                Binds::Each => Bits::MAX,
                Binds::First => first,
                Binds::Last => last,
            };
            let is_inside = || window.as_ref().is_some_and(|window| self.scan.placed(row, window));
            if bits & bound != 0 && (anchors.contains(&row.id) || !is_inside()) {
                allowed &= !bound;
            }
        }
        allowed
    }
}
