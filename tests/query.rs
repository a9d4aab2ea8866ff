//! `throng query` and `throng info` on a directory that nobody else has open.

#![allow(clippy::disallowed_methods, reason = "a test reads and writes what is its own")]

#[path = "support/command.rs"]
mod command;

use command::{CALLS, Serving, out, piped, problem, shop};
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

#[test]
fn a_text_may_begin_with_a_comment_and_an_option_that_is_none_is_told() {
    let home = shop();
    for arguments in [
        &["-- how many\ncount everyone"][..],
        &["--how many\ncount everyone", "--format", "ndjson"],
        &["--format", "ndjson", "--\ncount everyone"],
        &["--", "-- how many\ncount everyone"],
    ] {
        assert_eq!(answered(home.path(), arguments), "{\"people\":2}\n", "{arguments:?}");
    }
    let nothing = piped(home.path(), &["query", "--data", "shop", "-- how many"], "");
    assert_eq!(nothing.status.code(), Some(2));
    assert!(problem(&nothing).contains("has no statement"), "{}", problem(&nothing));
    let slip = ["query", "--data", "shop", "--fromat", "csv", "count everyone"];
    let slip = piped(home.path(), &slip, "");
    assert_eq!(slip.status.code(), Some(2));
    let told = problem(&slip);
    assert!(told.contains("'--fromat'") && told.contains("'--format'"), "{told}");
}

#[test]
fn programs_are_told_in_json_where_a_text_is_wrong() {
    let home = shop();
    let told = |text: &str| -> serde_json::Value {
        let asked = ["query", "--data", "shop", "--format", "json", text];
        let output = piped(home.path(), &asked, "");
        assert_eq!(output.status.code(), Some(2));
        serde_json::from_str(&problem(&output)).unwrap()
    };
    // The parser's errors, then one of the catalog's.
    let [here, catalog] = [TWO_WRONG, "count people who did ordr"].map(told);
    let _serving = Serving::new(home.path(), &[]);
    let there = told(TWO_WRONG);
    assert_eq!(here, there);
    assert_eq!(here["diagnostics"][1]["span"]["start"]["line"], 2);
    assert_eq!(here["diagnostics"][0]["span"]["start"]["column"], 17);
    assert_eq!(catalog["diagnostics"][0]["code"], "E0102");
}

#[test]
fn all_that_is_wrong_is_told_at_once_here_and_by_a_server() {
    let home = shop();
    let text = "create audience a is people who did ordr;\ncuont everyone;\n\
                count people in audience a and zodiac = 5;\ncount people in audience b";
    let told = || problem(&piped(home.path(), &["query", "--data", "shop", text], ""));
    let here = told();
    let codes: Vec<&str> = here.split("error[").skip(1).map(|found| &found[..5]).collect();
    assert_eq!(codes, ["E0102", "E0001", "E0101", "E0104"], "{here}");
    let _serving = Serving::new(home.path(), &[]);
    assert_eq!(here, told());
}

#[test]
fn a_model_that_is_wrong_is_shown_as_it_was_written() {
    let home = shop();
    std::fs::write(home.path().join("m.json"), "{}").unwrap();
    let text = "create model m version 1 from \"m.json\"";
    let told = || problem(&piped(home.path(), &["query", "--data", "shop", text], ""));
    let here = told();
    assert!(here.contains(text) && !here.contains('$'), "{here}");
    let _serving = Serving::new(home.path(), &[]);
    assert_eq!(here, told());
}

const TWO_WRONG: &str = "count people a =;\ncount people did ordr in last 3 dais";

const BEGIN: &str = "declare event order; create audience buyers is people who did order";

#[test]
fn a_database_may_begin_with_definitions_and_history_is_replayed_into_it() {
    let home = tempfile::tempdir().unwrap();
    let begun =
        piped(home.path(), &["query", "--data", "new", "--at", "2026-01-01T00:00:00Z", BEGIN], "");
    assert!(begun.status.success(), "{}", problem(&begun));
    let said = problem(&begun);
    assert!(said.starts_with("new is a new database; its time is given by commits"), "{said}");
    piped(home.path(), &["import", "--data", "new", "--replay", "-"], CALLS);
    let watch = &["watch", "--data", "new", "--from", "0", "--once", "buyers"];
    let changes = out(&piped(home.path(), watch, ""));
    let at: Vec<&str> = changes.lines().filter_map(|line| line.split("\"at\":").nth(1)).collect();
    assert_eq!(at.len(), 2, "{changes}");
    assert!(at[0].starts_with("\"2026-03-01T12:00:00"), "they entered when it happened: {changes}");
    let count = ["query", "--data", "new", "count people in audience buyers"];
    assert_eq!(out(&piped(home.path(), &count, "")), "{\"people\":2}\n");
    let before = ["query", "--data", "new", "--at", "2025-01-01T00:00:00Z", "declare event visit"];
    let before = piped(home.path(), &before, "");
    assert_eq!(before.status.code(), Some(1), "a commit lies before no other");
}

#[test]
fn a_database_that_begins_without_an_instant_says_whose_time_it_has() {
    let home = tempfile::tempdir().unwrap();
    let begun = piped(home.path(), &["query", "--data", "new", BEGIN], "");
    assert!(begun.status.success(), "{}", problem(&begun));
    assert!(problem(&begun).contains("its time is the clock's"), "{}", problem(&begun));
    let again = piped(home.path(), &["query", "--data", "new", "declare event visit"], "");
    assert_eq!(problem(&again), "", "only the first one begins it");
}

#[test]
fn what_only_asks_or_is_wrong_makes_no_directory() {
    let home = tempfile::tempdir().unwrap();
    for (statements, status, says) in [
        ("count everyone", 1, "holds no database"),
        ("drop audience buyers", 1, "begin with a definition"),
        ("forget profile \"user_id:u-1\"", 1, "holds no database"),
        ("create audience buyers is people who did order", 2, "E0102"),
        ("declare event order; count people who did oder", 2, "E0102"),
        ("declare event", 2, "E0001"),
    ] {
        let asked = piped(home.path(), &["query", "--data", "new", statements], "");
        assert_eq!(asked.status.code(), Some(status), "{statements}: {}", problem(&asked));
        assert!(problem(&asked).contains(says), "{statements}: {}", problem(&asked));
        assert!(!home.path().join("new").exists(), "{statements}");
    }
}

#[test]
fn numbers_of_bytes_have_units_for_people_and_none_for_programs() {
    let home = shop();
    let info =
        |format| out(&piped(home.path(), &["info", "--data", "shop", "--format", format], ""));
    let table = info("table");
    for what in ["bytes of the log per call", "bytes of the store per call"] {
        let line = table.lines().find(|line| line.contains(what)).expect(what);
        assert!(line.contains(" bytes ") || line.contains("iB"), "{line}");
        let csv = info("csv");
        let line = csv.lines().find(|line| line.starts_with(what)).expect(what);
        assert!(line.split(',').nth(1).unwrap().parse::<u64>().unwrap() > 0, "{line}");
    }
}

/// The same beside a server on the same directory, which is asked then.
#[test]
fn parameters_are_given_by_name() {
    let home = shop();
    let questions = || {
        let count = |arguments: &[&str]| answered(home.path(), arguments);
        let text = "count people who did order where (total >= $least) since $since";
        let both = ["--param", "least=7.5", "--param", "since=2026-03-01", text];
        assert_eq!(count(&both), "{\"people\":1}\n");
        let whom = "list user_id of people whose user_id one of $whom or plan = $plan";
        let listed =
            count(&["--param=whom=(\"u-1\", \"u-9\")", "--param=plan=gold = 1 or x", whom]);
        assert_eq!(listed, "{\"user_id\":\"u-1\"}\n");
    };
    questions();
    let serving = Serving::new(home.path(), &[]);
    questions();
    drop(serving);
}

#[test]
fn a_wrong_parameter_is_told_with_what_to_write() {
    let home = shop();
    for (given, said) in [
        (&["--param", "n"][..], "`--param n` has no value; write `n=VALUE`"),
        (&["--param", "n=1", "--param", "n=2"], "`--param n=` is given twice"),
        (&["--param", "n=30 dais"], "did you mean `days`?"),
        (&["--param", "n=2026-02-30"], "as a text it stands in quotes: `\"2026-02-30\"`"),
        (&["--param", "n=5%"], "begins like a value and is none"),
        (&["--param", "m=1"], "error[E0021]: no value is given for `$n`"),
        (&["--param", "n=1", "--param", "least=1"], "error[E0022]: a value is given for `$least`"),
        (&[], "give it with the question: as `--param n=VALUE`"),
    ] {
        let arguments = [&["query", "--data", "shop"], given, &["count people whose plan = $n"]];
        let output = piped(home.path(), &arguments.concat(), "");
        assert_eq!(output.status.code(), Some(2), "{given:?}");
        assert!(problem(&output).contains(said), "{given:?}: {}", problem(&output));
    }
}
