//! `throng query`: statements put to a directory that nobody else has open.

#![allow(clippy::disallowed_methods, reason = "a test reads and writes what is its own")]

#[path = "support/command.rs"]
mod command;

use command::{out, piped, problem, shop};
use std::path::Path;

/// What statements are answered, where they are fine.
fn answered(home: &Path, arguments: &[&str]) -> String {
    let output = piped(home, &[&["query", "--data", "shop"], arguments].concat(), "");
    assert!(output.status.success(), "{arguments:?}: {}", problem(&output));
    out(&output)
}

#[test]
fn a_plain_read_counts_the_members_of_audiences() {
    let home = shop();
    answered(home.path(), &["create audience buyers is people who did order"]);
    for statement in ["show audiences", "describe audience buyers"] {
        let now = answered(home.path(), &[statement]);
        assert!(now.starts_with("{\"name\":\"buyers\",\"people\":2,"), "{now}");
        let then = answered(home.path(), &["--at", "2026-03-01T18:00:00Z", statement]);
        assert!(then.starts_with("{\"name\":\"buyers\",\"people\":1,"), "{then}");
        let before = answered(home.path(), &["--at", "2026-02-01T00:00:00Z", statement]);
        assert!(before.starts_with("{\"name\":\"buyers\",\"people\":0,"), "{before}");
    }
}

#[test]
fn an_audience_that_is_not_there_is_guessed() {
    let home = shop();
    answered(home.path(), &["create audience buyers is people who did order"]);
    let watch = |name| piped(home.path(), &["watch", "--data", "shop", "--once", name], "");
    let slip = watch("byuers");
    assert_eq!(slip.status.code(), Some(2));
    assert!(problem(&slip).contains("did you mean `buyers`?"), "{}", problem(&slip));
    let other = watch("winback");
    assert!(problem(&other).contains("`show audiences` lists them"), "{}", problem(&other));
}
