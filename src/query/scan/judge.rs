//! Tests of what is known of everybody: each different value is judged once, and
//! that gives the people, of all such tests together.

use super::plan::Verdicts;
use super::plan::tree::{Decided, Leaf, Test};
use super::slot::{CHUNK_WORDS, Table};
use super::value::{Here, passes};
use crate::index::{Known, Passing, Seats};
use crate::model::{Timestamp, Value};
use crate::query::predicate::Tree;

/// A test that asks people for nothing but one thing which is known of everybody.
pub fn known_test<'t>(tree: &'t Tree<Decided>, table: &Table) -> Option<&'t Test> {
    match tree {
        Tree::Leaf(Decided { leaf: Leaf::Is(test), .. }) if is_known(test, table) => Some(test),
        _ => None,
    }
}

pub fn is_known(test: &Test, table: &Table) -> bool {
    test.sole.as_ref().is_some_and(|sole| table.known(sole.slot).is_some())
}

/// Who of these people passes all of these tests; none if one of them asks more.
pub fn of_known(tests: &[&Test], table: &Table, people: &Seats, now: Timestamp) -> Option<Seats> {
    let asked = tests.iter().map(|test| Asked::of(test, table, now));
    let asked: Vec<Asked<'_>> = asked.collect::<Option<_>>()?;
    Some(Seats::of_chunks(people.chunks().map(|chunk| {
        let mut passing = [u64::MAX; CHUNK_WORDS];
        asked.iter().for_each(|asked| asked.narrow(chunk, &mut passing));
        &people.chunk(chunk) & &Seats::of_chunk(chunk, &passing)
    })))
}

/// A test, what it reads, and what the words of that come to.
struct Asked<'a> {
    test: &'a Test,
    known: &'a Known,
    verdicts: &'a Verdicts,
    now: Timestamp,
}

impl<'a> Asked<'a> {
    fn of(test: &'a Test, table: &'a Table, now: Timestamp) -> Option<Asked<'a>> {
        let sole = test.sole.as_ref()?;
        let known = table.known(sole.slot)?;
        let says = |value: &Value| passes(test, &Here::of_word(value, now));
        let verdicts = sole.judged.get_or_init(|| verdicts(known, &says));
        Some(Asked { test, known, verdicts, now })
    }

    /// Keeps the bits of those of a chunk who pass.
    fn narrow(&self, chunk: u32, passing: &mut [u64; CHUNK_WORDS]) {
        let Asked { test, known, verdicts, now } = self;
        let differs = |value: &Value| passes(test, &Here::of_word(value, *now)) != verdicts.unknown;
        let numbers = match test.sole.as_ref().and_then(|sole| sole.range) {
            Some(range) if !verdicts.unknown => {
                let (least, most) = range.bounds();
                Passing::Between(least, most)
            }
            _ => Passing::Each(&differs),
        };
        let mut differ = [0; CHUNK_WORDS];
        known.mark(chunk, &verdicts.words, &numbers, &mut differ);
        // Whoever has no value is judged like everybody of whom nothing is known.
        let others = if verdicts.unknown { u64::MAX } else { 0 };
        passing.iter_mut().zip(differ).for_each(|(passing, differ)| *passing &= differ ^ others);
    }
}

fn verdicts(known: &Known, says: &dyn Fn(&Value) -> bool) -> Verdicts {
    let unknown = says(&Value::Null);
    Verdicts { unknown, words: known.judge(&|value| says(value) != unknown) }
}
