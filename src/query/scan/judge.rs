//! Tests of what is known of everybody: each different value is judged once, and
//! that gives the people, of all such tests together.

use super::plan::Verdicts;
use super::plan::tree::{Check, Decided, Expr, Leaf, Read, Test};
use super::slot::Table;
use super::tally::Tally;
use super::value::{Here, Placed, passes, place_of_value};
use crate::index::{CHUNK_WORDS, Known, Passing, Seats};
use crate::model::{Timestamp, Value};
use crate::query::predicate::Tree;

/// Something that is asked of people for nothing but one thing which is known of everybody.
pub enum Asked<'a> {
    Test(Worded<'a>),
    /// Whether an instant lies from one up to before another one, or else.
    Between {
        tally: &'a Tally,
        from: i64,
        to: i64,
        wanted: bool,
    },
}

/// What a part of a condition asks, if it is of that kind.
pub fn asked<'a>(tree: &'a Tree<Decided>, table: &'a Table, now: Timestamp) -> Option<Asked<'a>> {
    let Tree::Leaf(Decided { leaf, .. }) = tree else { return None };
    match leaf {
        Leaf::Since { last, from, wanted } => Some(Asked::since(last, *from, *wanted)),
        Leaf::Is(test) => asked_in(test, table, now),
        _ => None,
    }
}

/// The same of a test.
pub fn asked_in<'a>(test: &'a Test, table: &'a Table, now: Timestamp) -> Option<Asked<'a>> {
    let worded = || Worded::of(test, table, now).map(Asked::Test);
    asked_when(test, table, now).or_else(worded)
}

/// The same of a test of an instant, where that is known of everybody.
fn asked_when<'a>(test: &'a Test, table: &'a Table, now: Timestamp) -> Option<Asked<'a>> {
    let Expr::Read(Read::Slot { slot, steps, declared: None }) = &test.subject else {
        return None;
    };
    let Check::During(window, zone) = &test.check else { return None };
    let tally = table.tally(*slot).filter(|_| steps.is_empty())?;
    if !window.is_constant() || !zone.is_constant() {
        return None;
    }
    match place_of_value(window, &Here::nobody(now)) {
        Placed::Between(from, to) => Some(Asked::Between { tally, from, to, wanted: true }),
        _ => None,
    }
}

/// Who of these people all of that holds of.
pub fn of_known(asked: &[Asked<'_>], people: &Seats) -> Seats {
    let (mut sets, mut others) = (Vec::new(), Vec::new());
    for asked in asked {
        match asked.set() {
            Some(set) => sets.push(set),
            None => others.push(asked),
        }
    }
    let people = of_sets(sets, people);
    if others.is_empty() {
        return people;
    }
    Seats::of_chunks(people.chunks().map(|chunk| {
        let mut passing = [u64::MAX; CHUNK_WORDS];
        others.iter().for_each(|asked| asked.narrow(chunk, &mut passing));
        &people.chunk(chunk) & &Seats::of_chunk(chunk, &passing)
    }))
}

/// Who of these people is in each set, or is not, as it says; of sets that people must be
/// in the least is looked at first.
fn of_sets(mut sets: Vec<(&Seats, bool)>, people: &Seats) -> Seats {
    if sets.len() > 1 {
        sets.sort_by_cached_key(|(set, is_in)| (!is_in, set.len()));
    }
    sets.into_iter().fold(people.clone(), |people, (set, is_in)| match is_in {
        true => &people & set,
        false => &people - set,
    })
}

impl<'a> Asked<'a> {
    /// Whether somebody did something since an instant, by when they last did, or else.
    pub fn since(last: &'a Tally, from: i64, wanted: bool) -> Asked<'a> {
        Asked::Between { tally: last, from, to: i64::MAX, wanted }
    }

    /// Those of whom it holds, or of whom it does not, where that set is kept.
    fn set(&self) -> Option<(&'a Seats, bool)> {
        match self {
            Asked::Test(Worded { known, verdicts, .. }) => {
                let set = known.holders_of_word(&verdicts.words)?;
                Some((set, !verdicts.unknown))
            }
            Asked::Between { .. } => None,
        }
    }

    /// Keeps the bits of those of a chunk of whom it holds.
    fn narrow(&self, chunk: u32, passing: &mut [u64; CHUNK_WORDS]) {
        match self {
            Asked::Test(worded) => worded.narrow(chunk, passing),
            Asked::Between { tally, from, to, wanted } => {
                tally.narrow(chunk, (*from, *to), *wanted, passing);
            }
        }
    }
}

/// A test, what it reads, and what the words of that come to.
pub struct Worded<'a> {
    test: &'a Test,
    known: &'a Known,
    verdicts: &'a Verdicts,
    now: Timestamp,
}

impl<'a> Worded<'a> {
    fn of(test: &'a Test, table: &'a Table, now: Timestamp) -> Option<Worded<'a>> {
        let sole = test.sole.as_ref()?;
        let known = table.known(sole.slot)?;
        let says = |value: &Value| passes(test, &Here::of_word(value, now));
        let verdicts = sole.judged.get_or_init(|| verdicts(known, &says));
        Some(Worded { test, known, verdicts, now })
    }

    /// Keeps the bits of those of a chunk who pass.
    fn narrow(&self, chunk: u32, passing: &mut [u64; CHUNK_WORDS]) {
        let Worded { test, known, verdicts, now } = self;
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
