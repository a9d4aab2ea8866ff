//! A test of what is known of everybody: each different value is judged once,
//! and that gives the people.

use super::plan::Verdicts;
use super::plan::tree::Test;
use super::slot::Table;
use super::value::{Here, passes};
use crate::index::{Known, Passing, Seats};
use crate::model::{Timestamp, Value};

/// Who of these people passes a test; none if it asks more of them than one
/// thing that is known of everybody.
pub fn of_known(test: &Test, table: &Table, people: &Seats, now: Timestamp) -> Option<Seats> {
    let sole = test.sole.as_ref()?;
    let known = table.known(sole.slot)?;
    let says = |value: &Value| passes(test, &Here::of_word(value, now));
    let verdicts = sole.judged.get_or_init(|| verdicts(known, &says));
    let differs = |value: &Value| says(value) != verdicts.unknown;
    let numbers = match sole.range.map(|range| range.bounds()) {
        Some((least, most)) if !verdicts.unknown => Passing::Between(least, most),
        _ => Passing::Each(&differs),
    };
    let holders = people.chunks().map(|chunk| known.holders(chunk, &verdicts.words, &numbers));
    let differ = Seats::of_chunks(holders);
    Some(if verdicts.unknown { people - &differ } else { people & &differ })
}

fn verdicts(known: &Known, says: &dyn Fn(&Value) -> bool) -> Verdicts {
    let unknown = says(&Value::Null);
    Verdicts { unknown, words: known.judge(&|value| says(value) != unknown) }
}
