//! `throng import`: what the summary says of lines that could count twice.

#![allow(clippy::disallowed_methods, reason = "a test reads and writes what is its own")]

#[path = "support/command.rs"]
mod command;

use command::{Serving, out, piped, problem};
use std::path::Path;

const CALLS: &str = "\
{\"type\":\"track\",\"event\":\"order\",\"userId\":\"u-1\",\"messageId\":\"o-1\"}
{\"type\":\"track\",\"event\":\"order\",\"userId\":\"u-2\"}
{\"type\":\"track\",\"event\":\"order\"}
{\"type\":\"forget\",\"userId\":\"u-9\"}
";

fn import(home: &Path, more: &[&str], input: &str) -> String {
    let imported = piped(home, &[&["import", "--data", "shop"], more, &["-"]].concat(), input);
    assert!(imported.status.success(), "{}", problem(&imported));
    out(&imported)
}

#[test]
fn calls_without_a_message_id_are_counted_and_what_that_means_is_said() {
    let home = tempfile::tempdir().unwrap();
    let says = "1 of them without a message id: importing them again counts them twice";
    for arguments in [&["--dry-run"][..], &[], &[]] {
        let summary = import(home.path(), arguments, CALLS);
        assert!(summary.contains(says), "{summary}");
    }
    let _serving = Serving::new(home.path(), &[]);
    let summary = import(home.path(), &[], CALLS);
    assert!(summary.contains(says), "{summary}");
    let summary = import(home.path(), &[], CALLS.lines().next().unwrap());
    assert!(!summary.contains("without a message id"), "{summary}");
}

#[test]
fn a_row_whose_message_id_is_empty_is_rejected_with_a_remedy() {
    let home = tempfile::tempdir().unwrap();
    let map = "message_id = ['no']\nidentifiers = { user_id = 'who' }\n\
               [[call]]\ntype = 'track'\nevent = 'order'\n";
    std::fs::write(home.path().join("map.toml"), map).unwrap();
    let file = "no,who\n1,ada\n,bob\n";
    let with = ["import", "--data", "shop", "--map", "map.toml", "-"];
    let imported = piped(home.path(), &with, file);
    let (summary, told) = (out(&imported), problem(&imported));
    assert!(summary.contains("1 calls accepted"), "{summary}");
    assert!(summary.contains("1 rejected: missing_message_id"), "{summary}");
    assert!(told.contains("line 3: the row has no message id: `no` is empty"), "{told}");
    assert!(told.contains("`row = true`"), "{told}");
}
