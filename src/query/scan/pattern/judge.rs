//! What the events of one person come to.

use super::chain::Chain;
use super::combination;
use super::events::{Event, are_apart, by_key, in_order};
use super::instants::Instants;
use super::marks::{Details, Mark};
use super::quick::Quick;
use super::role;
use super::sought::Sought;
use super::walk::Walk;
use crate::model::Zone;
use crate::query::predicate::{Form, Pattern};

/// Looks at people, one after the other.
pub struct Judge<'p> {
    sought: Sought<'p>,
    now: i64,
    walk: Option<Walk<'p>>,
    /// What somebody's events are good for who comes anywhere.
    needed: u32,
    /// Whether ids would matter, and are not there.
    is_nameless: bool,
    /// Whether somebody was met of whose events only ids tell the order.
    pub torn: bool,
    /// The events of whoever is looked at: room that is used again.
    events: Vec<Event>,
}

impl<'p> Judge<'p> {
    pub fn new(sought: Sought<'p>, now: i64, has_ids: bool) -> Judge<'p> {
        let (walk, n_needed) = match &sought.whole.form {
            Form::Sequence(sequence) => {
                let n_needed = if sought.is_series() { 1 } else { sequence.steps.len() };
                (Walk::of(sought.whole, sequence, now), n_needed)
            }
            Form::Combination { .. } => (None, 0),
        };
        let needed = (0..n_needed).map(|step| role::steps(role::step(step))).sum();
        let is_nameless = !has_ids && sought.is_adjacent();
        Judge { sought, now, walk, needed, is_nameless, torn: false, events: Vec::new() }
    }

    /// What the events of whoever comes anywhere are good for, taken together.
    pub fn needed(&self) -> u32 {
        self.needed
    }

    /// How many matches somebody's marks make, which come as time goes; or, where
    /// that is asked, how many steps and tails they reach.
    pub fn judge(&mut self, person: &[Mark], details: Details<'_>, zone: &Zone) -> u64 {
        let good_for = role::steps(person.iter().fold(0, |all, mark| all | mark.bits));
        if good_for & self.needed != self.needed {
            return 0;
        }
        let plain = person.iter().map(|mark| (mark.when, mark.bits));
        if self.sought.is_keyless()
            && let Some(n) = self.quickly(plain, zone)
        {
            return n;
        }
        let mut events = std::mem::take(&mut self.events);
        self.torn |= in_order(person, details, &mut events) && self.is_nameless;
        let n = if self.sought.is_keyless() {
            self.slowly(&events, zone)
        } else {
            self.by_key(&events, details, zone)
        };
        self.events = events;
        n
    }

    /// How many keys there are under which it is there, or how far it comes under any.
    fn by_key(&mut self, events: &[Event], details: Details<'_>, zone: &Zone) -> u64 {
        let mut n = 0;
        by_key(events, details, |events| {
            let plain = events.iter().map(|event| (event.when, event.bits));
            let of_key = self.quickly(plain, zone).unwrap_or_else(|| self.slowly(events, zone));
            n = if self.sought.is_series() { n.max(of_key) } else { n + of_key.min(1) };
        });
        n
    }

    /// The same of events at different instants, if one walk tells it.
    fn quickly(
        &mut self,
        events: impl DoubleEndedIterator<Item = (i64, u64)> + Clone,
        zone: &Zone,
    ) -> Option<u64> {
        let sought = self.sought;
        let Form::Sequence(sequence) = &sought.whole.form else { return None };
        if !are_apart(events.clone().map(|(when, _)| when)) {
            return None;
        }
        match &mut self.walk {
            Some(walk) if sought.is_there_or_not() => {
                let n_reached = walk.reached(events, zone);
                let is_whole = n_reached == sequence.steps.len() + sequence.tails.len();
                Some(if sought.is_series() { n_reached as u64 } else { u64::from(is_whole) })
            }
            _ => {
                let total = sought.whole.total.as_ref();
                Some(Quick::of(sequence, total, (self.now, zone))?.n_firsts(events))
            }
        }
    }

    /// The same of any events.
    fn slowly(&self, events: &[Event], zone: &Zone) -> u64 {
        if !self.sought.is_series() {
            return n_matches(self.sought.whole, events, (self.now, zone));
        }
        let is_there = |part: &&Pattern| n_matches(part, events, (self.now, zone)) > 0;
        let furthest = self.sought.beginnings.iter().rposition(is_there);
        furthest.map_or(0, |place| place as u64 + 1)
    }
}

/// How many matches events in canonical order make.
fn n_matches(pattern: &Pattern, events: &[Event], (now, zone): (i64, &Zone)) -> u64 {
    match &pattern.form {
        Form::Combination { kinds: _, needed } => {
            u64::from(combination::is_there(pattern, events, *needed, zone))
        }
        Form::Sequence(sequence) => {
            Chain::new(pattern, sequence, (now, zone)).n_firsts(&Instants::of(events))
        }
    }
}
