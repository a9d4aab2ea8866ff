//! Texts against the catalog of a small shop: what they mean, or what is wrong with them.
//!
//! Each script is read from top to bottom on one catalog. `UPDATE_EXPECT=1`
//! rewrites what follows `----`; a person reads the difference.

mod dice;
mod dice_condition;
mod dice_statement;
mod generated;
mod shop;
mod whole;

use shop::{answer, shop};
use std::path::Path;

#[expect(clippy::disallowed_methods, reason = "a test may rewrite its own expectations")]
fn check(name: &str) {
    let room = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/query/resolve/tests");
    let path = room.join(name).with_extension("txt");
    let script = std::fs::read_to_string(&path).unwrap();
    let mut catalog = shop();
    let mut found = Vec::new();
    for case in script.split("\n====\n") {
        let text = case.split("\n----\n").next().unwrap_or_default().trim_end();
        let question: String =
            text.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
        found.push(format!("{text}\n----\n{}", answer(&mut catalog, question.trim())));
    }
    let found = found.join("\n====\n").trim_end().to_owned() + "\n";
    if std::env::var("UPDATE_EXPECT").is_ok() {
        std::fs::write(&path, &found).unwrap();
    }
    let differs = found.lines().zip(script.lines()).find(|(found, expected)| found != expected);
    assert_eq!(found.len(), script.len(), "{name}: the first difference is {differs:?}");
    assert!(found == script, "{name}: {differs:?}");
}

#[test]
fn names_are_looked_up_where_they_stand() {
    check("names");
}

#[test]
fn operators_decide_what_they_read() {
    check("kinds");
}

#[test]
fn values_are_made_of_values_of_their_kinds() {
    check("values");
}

#[test]
fn windows_have_edges_and_limits() {
    check("windows");
}

#[test]
fn aggregates_take_events_and_elements() {
    check("aggregates");
}

#[test]
fn definitions_come_change_and_go() {
    check("definitions");
}

#[test]
fn reports_ask_one_question_at_one_instant() {
    check("reports");
}

#[test]
fn names_are_described_with_kinds_counts_and_examples() {
    check("describe");
}

#[test]
fn amounts_of_one_currency_are_brought_together() {
    check("currencies");
}

#[test]
fn what_is_odd_is_said_and_stops_nothing() {
    check("lints");
}
