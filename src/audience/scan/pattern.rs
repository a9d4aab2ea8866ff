//! Patterns among a person's visible events.

use super::super::eval::Leaves;
use super::super::pattern::{Bits, Candidate, Chain, Kinds, Mark, combined, moments};
use super::Scan;
use crate::model::{Event, EventId, Value, Zone};
use crate::query::predicate::{Binds, Form, Length, Pattern, PersonLeaf, Sequence, Window};
use std::collections::HashMap;

impl<'a> Scan<'a> {
    /// Whether the right number of matches is there; notes when that may change.
    pub(super) fn pattern(&self, pattern: &Pattern) -> bool {
        let n_matches = match &pattern.form {
            Form::Combination { needed, .. } => u64::from(self.is_combined(pattern, *needed)),
            Form::Sequence(sequence) => self.n_sequences(pattern, sequence),
        };
        pattern.count.contains(n_matches)
    }

    fn n_sequences(&self, pattern: &Pattern, sequence: &Sequence) -> u64 {
        let kinds = Kinds::of(pattern);
        let windows = Windows::of(self, pattern);
        let last = 1 << (sequence.steps.len() - 1);
        let mut marks = Vec::new();
        self.each_mark(&kinds, &mut |row, mut mark| {
            mark.steps &= windows.allowed(row, mark.steps, 1, last);
            if mark.matters() {
                marks.push((row, mark));
            }
        });
        let chain = Chain::of(pattern, sequence, self.at, self.zone_of(pattern));
        let count = |marks: &[Mark]| chain.n_firsts(&moments(marks), self.horizon());
        if kinds.same().is_none() {
            return count(&marks.into_iter().map(|(_, mark)| mark).collect::<Vec<_>>());
        }
        let mut keyed: HashMap<Value, Vec<Mark>> = HashMap::new();
        for (row, mark) in marks {
            let keys = kinds.keys(row, Some(self));
            keys.into_iter().for_each(|key| keyed.entry(key).or_default().push(mark));
        }
        keyed.values().map(|marks| u64::from(count(marks) > 0)).sum()
    }

    fn is_combined(&self, pattern: &Pattern, needed: usize) -> bool {
        let theirs = self.zone_of(pattern);
        combined(pattern, &self.candidates(pattern), needed, theirs).is_some()
    }

    /// The person's zone, if lengths of the pattern are told by it.
    fn zone_of(&self, pattern: &Pattern) -> Option<&Zone> {
        pattern.lengths().into_iter().any(Length::is_theirs).then(|| self.theirs()).flatten()
    }

    /// The events in order, each with what it is good for, windows apart.
    fn each_mark(&self, kinds: &Kinds, visit: &mut dyn FnMut(&'a Event, Mark)) {
        let events = self.visible().iter().filter(|row| row.name().is_some());
        for (place, row) in events.enumerate() {
            visit(row, kinds.mark(row, place as u32, Some(self)));
        }
    }

    fn candidates(&self, pattern: &Pattern) -> Vec<Candidate> {
        let windows = Windows::of(self, pattern);
        let mut found = Vec::new();
        self.each_mark(&Kinds::of(pattern), &mut |row, mark| {
            if mark.steps == 0 {
                return;
            }
            // Two bits that stand for being the first and the last.
            let allowed = windows.allowed(row, Bits::MAX, 1, 2);
            let is_each = |bound: Bits| allowed & bound != 0;
            if is_each(!3) {
                let (may_be_first, may_be_last) = (is_each(1), is_each(2));
                let (when, kinds) = (mark.when, mark.steps);
                found.push(Candidate { when, kinds, may_be_first, may_be_last });
            }
        });
        found
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
