//! Who fulfils a condition: sets of seats, combined.

use super::drawn;
use super::pattern::n_matches;
use super::plan::tree::{Decided, Leaf};
use super::slot::Table;
use super::value::{Here, passes};
use crate::identity::Identity;
use crate::index::Seats;
use crate::model::{Identifier, Ordinal, Timestamp, Value};
use crate::query::predicate::{CountRange, List, Tree};
use std::collections::BTreeSet;

/// What people are chosen by.
#[derive(Clone, Copy)]
pub struct Choice<'a> {
    pub tree: &'a Tree<Decided>,
    pub audiences: &'a [Tree<Decided>],
    pub table: &'a Table,
    pub identity: &'a Identity,
    pub now: Timestamp,
    /// How many levels of slots are there; what needs more is open.
    pub n_levels: usize,
}

/// Which way an open question counts.
#[derive(Clone, Copy, PartialEq)]
enum Bound {
    /// As no: those who fulfil the condition for sure.
    Surely,
    /// As yes: those who may.
    Maybe,
}

impl Choice<'_> {
    /// Of these people those who surely fulfil the condition, and those who may.
    pub fn of(self, people: &Seats) -> [Seats; 2] {
        [Bound::Surely, Bound::Maybe].map(|bound| {
            let mut known = self.audiences.iter().map(|_| [None, None]).collect();
            Asked { choice: self, people, known: &mut known }.within(self.tree, people, bound)
        })
    }

    /// Those who fulfil it, when every level is there.
    pub fn all_of(self, people: &Seats) -> Seats {
        let mut known = self.audiences.iter().map(|_| [None, None]).collect();
        Asked { choice: self, people, known: &mut known }.within(self.tree, people, Bound::Surely)
    }
}

struct Asked<'a, 'k> {
    choice: Choice<'a>,
    people: &'a Seats,
    /// Who is in each audience, for sure and maybe, once it was asked.
    known: &'k mut Vec<[Option<Seats>; 2]>,
}

impl Asked<'_, '_> {
    /// Of these people those who fulfil it. A complement is who is left of them.
    fn within(&mut self, tree: &Tree<Decided>, people: &Seats, bound: Bound) -> Seats {
        match tree {
            Tree::All(parts) => parts.iter().fold(people.clone(), |people, part| {
                if people.is_empty() { people } else { self.within(part, &people, bound) }
            }),
            Tree::Any(parts) => {
                let (mut left, mut chosen) = (people.clone(), Seats::default());
                for part in parts {
                    let more = self.within(part, &left, bound);
                    left -= &more;
                    chosen |= &more;
                }
                chosen
            }
            Tree::Not(inner) => {
                let other = if bound == Bound::Surely { Bound::Maybe } else { Bound::Surely };
                people - &self.within(inner, people, other)
            }
            Tree::Leaf(decided) if decided.reach > self.choice.n_levels => {
                if bound == Bound::Maybe { people.clone() } else { Seats::default() }
            }
            Tree::Leaf(decided) => self.leaf(&decided.leaf, people, bound),
        }
    }

    fn leaf(&mut self, leaf: &Leaf, people: &Seats, bound: Bound) -> Seats {
        let Choice { table, identity, now, .. } = self.choice;
        match leaf {
            Leaf::Did { slot, count } => {
                let CountRange { least, most } = *count;
                let most = most.unwrap_or(u64::MAX);
                chosen(people, |seat| (least..=most).contains(&table.count(*slot, seat)))
            }
            Leaf::Pattern { slot, pattern, zone } => chosen(people, |seat| {
                let zone = zone.zone(&Here::of(seat, table, identity, now));
                pattern.count.contains(n_matches(pattern, table.marks(*slot, seat), now, &zone))
            }),
            Leaf::Is(test) => {
                chosen(people, |seat| passes(test, &Here::of(seat, table, identity, now)))
            }
            Leaf::Consent { slot } => {
                chosen(people, |seat| table.value(*slot, seat) == Value::Bool(true))
            }
            Leaf::Members(members) => people & members,
            Leaf::Drawn(draw) => {
                let [from, to] = drawn::bounds(draw);
                chosen(people, |seat| (from..to).contains(&drawn::hash(&draw.seed, seat)))
            }
            Leaf::Listed(list) => people & &listed(list, identity),
            Leaf::Audience(place) => people & &self.audience(*place, bound),
        }
    }

    fn audience(&mut self, place: usize, bound: Bound) -> Seats {
        let way = usize::from(bound == Bound::Maybe);
        if let Some(known) = &self.known[place][way] {
            return known.clone();
        }
        let tree = &self.choice.audiences[place];
        let members = self.within(tree, self.people, bound);
        self.known[place][way] = Some(members.clone());
        members
    }
}

/// Whoever is named by an element of a list of ids, from the side of the list.
fn listed(list: &List, identity: &Identity) -> Seats {
    let named = list.elements.keys().filter_map(|name| name.parse::<Identifier>().ok());
    let numbers = named.filter_map(|identifier| identity.number(&identifier));
    let seats: BTreeSet<Ordinal> = numbers.flat_map(|number| identity.holders(number)).collect();
    seats.into_iter().collect()
}

fn chosen(people: &Seats, passes: impl Fn(u32) -> bool) -> Seats {
    let seats = people.iter().filter(|seat| passes(seat.0));
    Seats::from_sorted(seats).expect("seats ascend")
}
