//! Who fulfils a condition: sets of seats, combined.

use super::compared::{Comparison, all_hold};
use super::drawn;
use super::judge::{Asked as Known, asked, asked_in, of_known};
use super::plan::slots_of;
use super::plan::tree::{self, Check, Decided, Expr, Leaf, Read, Test};
use super::slot::{Places, Slots, Table};
use super::value::{Here, Range, passes, place_of_value};
use crate::identity::{Identity, NOBODY};
use crate::index::{CHUNK_WORDS, Seats};
use crate::model::{Identifier, Ordinal, Timestamp, Value};
use crate::query::predicate::{List, Tree};
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

    /// Whether nobody is looked at alone, so that it is not worth to part the work.
    pub fn is_quick(self) -> bool {
        let all = self.audiences.iter().chain([self.tree]).flat_map(Tree::leaves);
        all.into_iter().all(|decided| match &decided.leaf {
            Leaf::Is(test) => asked_in(test, self.table, self.now).is_some(),
            leaf => leaf.is_set(),
        })
    }

    /// Of these people those of whom a condition inside a value holds.
    pub fn inside(self, condition: &Tree<tree::Asked>, people: &Seats) -> Seats {
        Asked { choice: self, people, known: &mut Vec::new() }.inside(condition, people)
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
            Tree::All(parts) => {
                // What is known of everybody is asked first, all of it together.
                let Choice { table, now, .. } = self.choice;
                let (mut known, mut others) = (Vec::new(), Vec::new());
                for part in parts {
                    match asked(part, table, now) {
                        Some(asked) => known.push(asked),
                        None => others.push(part),
                    }
                }
                let narrowed =
                    if known.is_empty() { people.clone() } else { of_known(&known, people) };
                self.each_of(&others, narrowed, bound)
            }
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

    /// Those of whom each of these holds; comparisons that follow one another are told together.
    fn each_of(&mut self, mut parts: &[&Tree<Decided>], people: Seats, bound: Bound) -> Seats {
        let mut people = people;
        while let (false, Some((first, others))) = (people.is_empty(), parts.split_first()) {
            let comparisons: Vec<Comparison<'_>> =
                parts.iter().map_while(|part| self.comparison(part)).collect();
            if comparisons.is_empty() {
                (people, parts) = (self.within(first, &people, bound), others);
            } else {
                people = all_hold(&comparisons, &people, &self.choice);
                parts = &parts[comparisons.len()..];
            }
        }
        people
    }

    fn comparison<'t>(&self, part: &'t Tree<Decided>) -> Option<Comparison<'t>> {
        match part {
            Tree::Leaf(Decided { leaf: Leaf::Is(test), reach })
                if *reach <= self.choice.n_levels =>
            {
                Comparison::of(test, &self.choice)
            }
            _ => None,
        }
    }

    fn leaf(&mut self, leaf: &Leaf, people: &Seats, bound: Bound) -> Seats {
        let Choice { table, identity, .. } = self.choice;
        match leaf {
            Leaf::Did { slot, count } => {
                let passes = |n: u64| count.contains(n);
                let by_count = |n: &u64, wanted: bool| passes(*n) == wanted;
                let (slots, _) = table.slots(*slot);
                judged(people, passes(0), |wanted| match slots {
                    Slots::Counts(counts) => counts.chosen(people, |_, n| by_count(n, wanted)),
                    _ => Seats::default(),
                })
            }
            Leaf::Any { slot, wanted } => match table.slots(*slot).0 {
                Slots::Who(who) if *wanted => people & who,
                Slots::Who(who) => people - who,
                _ => Seats::default(),
            },
            Leaf::Since { last, from, wanted } => {
                of_known(&[Known::since(last, *from, *wanted)], people)
            }
            Leaf::Is(test) => self.test(test, people),
            Leaf::Consent { slot } => {
                let allowed = Value::Bool(true);
                chosen(&table.slots(*slot).0.touched(people), |seat| {
                    table.value(*slot, seat) == allowed
                })
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

    /// Whoever has something in a slot that the test reads is judged by it, and
    /// all others as one.
    fn test(&self, test: &Test, people: &Seats) -> Seats {
        let Choice { table, identity, now, .. } = self.choice;
        if let Some(asked) = asked_in(test, table, now) {
            return of_known(&[asked], people);
        }
        if let Some(comparison) = Comparison::of(test, &self.choice) {
            return all_hold(&[comparison], people, &self.choice);
        }
        let passes_at = |seat| passes(test, &Here::of(seat, table, identity, now));
        let Some(slots) = slots_of(test) else { return chosen(people, passes_at) };
        let by_default = passes_at(NOBODY);
        if let (Some(found), false) = (self.at_once(test, people), by_default) {
            return found;
        }
        Seats::of_chunks(people.chunks().map(|chunk| {
            let people = people.chunk(chunk);
            let touched = Places::of(&self.touched(&slots, chunk, &people), chunk);
            let seats = touched.seats();
            judged(&people, by_default, |wanted| {
                touched.chosen(|place| passes_at(seats[place]) == wanted)
            })
        }))
    }

    /// Those of a chunk's people in one of whose slots something was put.
    fn touched(&self, slots: &[usize], chunk: u32, people: &Seats) -> Seats {
        let mut words = [0; CHUNK_WORDS];
        match self.choice.table.touch(slots, chunk, &mut words) {
            true => people & &Seats::of_chunk(chunk, &words),
            false => people.clone(),
        }
    }

    /// Of these people those of whom a condition inside a value holds.
    fn inside(&mut self, condition: &Tree<tree::Asked>, people: &Seats) -> Seats {
        match condition {
            Tree::All(parts) => {
                parts.iter().fold(people.clone(), |people, part| self.inside(part, &people))
            }
            Tree::Any(parts) => parts.iter().fold(Seats::default(), |chosen, part| {
                let left = people - &chosen;
                &chosen | &self.inside(part, &left)
            }),
            Tree::Not(inner) => people - &self.inside(inner, people),
            Tree::Leaf(tree::Asked::Is(test)) => self.test(test, people),
            Tree::Leaf(tree::Asked::Person(leaf)) => self.leaf(leaf, people, Bound::Surely),
        }
    }

    /// Those with something in the one slot of a test who pass it, where that
    /// slot holds plain numbers or instants that are compared with literals.
    fn at_once(&self, test: &Test, people: &Seats) -> Option<Seats> {
        let Expr::Read(Read::Slot { slot, steps, declared: None }) = &test.subject else {
            return None;
        };
        let (slots, fold) = self.choice.table.slots(*slot);
        match (slots, &test.check) {
            _ if !steps.is_empty() => None,
            (Slots::Instants(instants), Check::During(window, zone))
                if window.is_constant() && zone.is_constant() =>
            {
                let placed = place_of_value(window, &Here::nobody(self.choice.now));
                Some(instants.chosen(people, |_, at| at.is_some_and(|at| placed.has(at))))
            }
            (slots, check) => slots.in_range(fold, people, Range::of(check)?),
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

/// Those who pass, when whoever has nothing passes or does not by default, and it
/// is known of whoever has something who of them passes, or fails.
fn judged(people: &Seats, by_default: bool, those_who: impl Fn(bool) -> Seats) -> Seats {
    if by_default { people - &those_who(false) } else { people & &those_who(true) }
}

fn chosen(people: &Seats, passes: impl Fn(u32) -> bool) -> Seats {
    Seats::of_chunks(people.chunks().map(|chunk| {
        let people = Places::of(people, chunk);
        let seats = people.seats();
        people.chosen(|place| passes(seats[place]))
    }))
}
