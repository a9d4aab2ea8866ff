//! Conditions inside values, asked of one person or row.

use super::check::passes;
use super::here::Here;
use crate::model::{Ordinal, Value};
use crate::query::predicate::Tree;
use crate::query::scan::drawn;
use crate::query::scan::plan::tree::{Asked, Leaf};

/// Whether a condition holds here.
pub fn is_true(condition: &Tree<Asked>, here: &Here<'_>) -> bool {
    match condition {
        Tree::All(parts) => parts.iter().all(|part| is_true(part, here)),
        Tree::Any(parts) => parts.iter().any(|part| is_true(part, here)),
        Tree::Not(inner) => !is_true(inner, here),
        Tree::Leaf(Asked::Is(test)) => passes(test, here),
        Tree::Leaf(Asked::Person(leaf)) => of_person(leaf, here),
    }
}

/// What is asked of the person is not asked of the row.
fn of_person(leaf: &Leaf, here: &Here<'_>) -> bool {
    let here = Here { row: None, ..*here };
    match leaf {
        Leaf::Did { slot, count } => count.contains(here.count(*slot)),
        Leaf::Any { slot, wanted } => here.has_any(*slot) == *wanted,
        Leaf::Since { last, from, wanted } => {
            let seat = here.person.map(|person| person.seat);
            seat.is_some_and(|seat| last.is_between(seat, *from, i64::MAX)) == *wanted
        }
        Leaf::Is(test) => passes(test, &here),
        Leaf::Members(members) => {
            here.person.is_some_and(|person| members.contains(Ordinal(person.seat)))
        }
        Leaf::Consent { slot } => here.slot(*slot) == Value::Bool(true),
        Leaf::Drawn(draw) => here.person.is_some_and(|person| {
            let [from, to] = drawn::bounds(draw);
            (from..to).contains(&drawn::hash(&draw.seed, person.seat))
        }),
        Leaf::Listed(list) => here.person.is_some_and(|person| {
            let numbers = person.identity.identifiers(Ordinal(person.seat));
            let names = numbers.iter().filter_map(|number| person.identity.identifier(*number));
            names.into_iter().any(|name| list.elements.contains_key(&*name.to_string()))
        }),
        // Audiences are written out where a value names them.
        Leaf::Audience(_) => false,
    }
}
