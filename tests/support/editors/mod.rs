//! Grammars for editors, made of the one table of keywords.

#![allow(dead_code, reason = "each test takes what it needs")]

mod textmate;
mod tree_sitter;

pub use textmate::{matches, textmate};
pub use tree_sitter::{grammar_js, grammar_json, highlights};

use throng::lang;

/// Words that begin or join conditions.
const LOGIC: [&str; 9] = ["all", "and", "any", "everyone", "none", "not", "of", "or", "people"];
/// Words that stand for a value.
const LITERALS: [&str; 15] = [
    "true",
    "false",
    "missing",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// Units of time.
const UNITS: [&str; 18] = [
    "millisecond",
    "milliseconds",
    "second",
    "seconds",
    "minute",
    "minutes",
    "hour",
    "hours",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "quarter",
    "quarters",
    "year",
    "years",
];
/// What `create` makes.
pub const MADE: [&str; 6] = ["audience", "trait", "condition", "list", "model", "experiment"];
/// What lies before a pattern between slashes.
pub const BEFORE_PATTERN: [&str; 2] = ["blocking", "matches"];

/// The words of a class, from the table: none that the table has not.
fn of_class(class: &[&'static str]) -> Vec<&'static str> {
    let known = lang::keywords();
    class.iter().copied().filter(|word| known.contains(word)).collect()
}

pub fn logic() -> Vec<&'static str> {
    of_class(&LOGIC)
}

pub fn literals() -> Vec<&'static str> {
    of_class(&LITERALS)
}

pub fn units() -> Vec<&'static str> {
    of_class(&UNITS)
}

/// Every other word that no name may be without backticks.
pub fn reserved() -> Vec<&'static str> {
    others().filter(|word| is_reserved(word)).collect()
}

/// Words that are free as names, too.
pub fn free() -> Vec<&'static str> {
    others().filter(|word| !is_reserved(word)).collect()
}

fn others() -> impl Iterator<Item = &'static str> {
    let classes = [logic(), literals(), units()].concat();
    lang::keywords().iter().copied().filter(move |word| !classes.contains(word))
}

/// As a name such a word is printed in backticks.
fn is_reserved(word: &str) -> bool {
    lang::print_name(word).starts_with('`')
}
