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
    let says = "1 of them without a message id: importing it again counts it twice";
    for arguments in [&["--dry-run"][..], &[], &["--dry-run"]] {
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
    assert!(summary.contains("1 call accepted"), "{summary}");
    assert!(summary.contains("1 row rejected: missing_message_id"), "{summary}");
    assert!(told.contains("line 3: the row has no message id: `no` is empty"), "{told}");
    assert!(told.contains("`row = true`"), "{told}");
}

const MAP: &str = "message_id = ['no']\ntime = { column = 'at', format = '%Y-%m-%d %H:%M', zone = 'Europe/Prague' }\n\
                   [identifiers]\nuser_id = 'who'\nemail = 'mail'\n\
                   [[call]]\ntype = 'track'\nevent = 'order'\n[call.properties]\ntotal = { column = 'total', type = 'number' }\n\
                   [[call]]\ntype = 'identify'\n[call.traits]\ncity = 'city'\n";
const HEADER: &str = "no,who,mail,at,total,city\n";

fn orders(home: &Path, rows: &str) {
    std::fs::write(home.join("map.toml"), MAP).unwrap();
    std::fs::write(home.join("orders.csv"), format!("{HEADER}{rows}")).unwrap();
}

fn run(home: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let arguments = [&["import", "--data", "shop"], arguments].concat();
    let output = piped(home, &arguments, "");
    (output.status.code(), out(&output), problem(&output))
}

#[test]
fn rejected_rows_are_mended_and_imported() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    orders(
        home,
        "1,ada,,2026-03-01 12:00,7,\"Banská\nBystrica\"\n2,bob,,2026-03-01 12:00,7,x,y\n\
         3,,,2026-03-01 12:00,7,Brno\n4,dan,,2026-03-01 12:00,seven,\"Nitra\nnad\"\n",
    );
    let import = ["--map", "map.toml", "--rejects", "bad.csv", "orders.csv"];
    let (status, summary, told) = run(home, &import);
    assert_eq!(status, Some(0), "{told}");
    assert!(summary.starts_with("4 rows read"), "{summary}");
    assert!(summary.contains("3 calls accepted"), "{summary}");
    assert!(summary.contains("1 row rejected: wrong_columns"), "{summary}");
    assert!(summary.contains("1 call rejected: wrong_type"), "{summary}");
    assert!(summary.contains("2 calls rejected: missing_identifier"), "{summary}");
    assert!(told.contains("line 6, call 1 (track): the column `total`"), "{told}");
    assert!(told.contains("the row names nobody: `mail`, `who` are empty"), "{told}");
    let bad = std::fs::read_to_string(home.join("bad.csv")).unwrap();
    let reasons = std::fs::read_to_string(home.join("bad.csv.reasons")).unwrap();
    assert!(bad.starts_with(HEADER) && bad.lines().count() == 5, "{bad}");
    assert!(reasons.contains("{\"at\":3,\"line\":6,\"reason\":\"wrong_type\""), "{reasons}");

    let mended = bad.replace(",x,y", ",x").replace("3,,,", "3,cyr,,").replace("seven", "7");
    std::fs::write(home.join("bad.csv"), mended).unwrap();
    let (status, summary, told) = run(home, &["--map", "map.toml", "bad.csv"]);
    assert_eq!((status, &*told), (Some(0), ""));
    assert!(summary.contains("5 calls accepted"), "{summary}");
    let (_, summary, _) = run(home, &["--map", "map.toml", "--dry-run", "bad.csv", "orders.csv"]);
    assert!(summary.contains("0 calls would be accepted"), "{summary}");
    let all = piped(home, &["query", "--data", "shop", "count people who did order"], "");
    assert_eq!(out(&all), "{\"people\":4}\n");
}

#[test]
fn rejected_lines_are_mended_and_imported() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    std::fs::write(home.join("calls.ndjson"), CALLS.replace("u-2\"}", "u-2\"")).unwrap();
    let (status, _, told) = run(home, &["--rejects", "bad.ndjson", "calls.ndjson"]);
    assert_eq!(status, Some(0), "{told}");
    let bad = std::fs::read_to_string(home.join("bad.ndjson")).unwrap();
    assert_eq!(bad.lines().count(), 2, "{bad}");
    let mended =
        bad.replace("\"u-2\"", "\"u-2\"}").replace("\"order\"}", "\"order\",\"userId\":\"u-3\"}");
    std::fs::write(home.join("bad.ndjson"), mended).unwrap();
    let (_, summary, told) = run(home, &["bad.ndjson"]);
    assert!(summary.contains("2 calls accepted"), "{summary}{told}");
}

#[test]
fn rejects_empty_no_file_that_is_there() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    orders(home, "1,ada,,2026-03-01 12:00,7,Brno\n");
    let before = std::fs::read_to_string(home.join("orders.csv")).unwrap();
    std::fs::write(home.join("notes.txt"), "mine").unwrap();
    std::os::unix::fs::symlink(home.join("orders.csv"), home.join("other.csv")).unwrap();
    for (file, says) in [
        ("orders.csv", "that file is read"),
        ("./orders.csv", "that file is read"),
        ("other.csv", "that file is read"),
        ("map.toml", "that file is read"),
        ("notes.txt", "there already"),
    ] {
        let (status, _, told) = run(home, &["--map", "map.toml", "--rejects", file, "orders.csv"]);
        assert_eq!(status, Some(2), "{file}: {told}");
        assert!(told.contains(says), "{file}: {told}");
    }
    assert_eq!(std::fs::read_to_string(home.join("orders.csv")).unwrap(), before);
    assert_eq!(std::fs::read_to_string(home.join("notes.txt")).unwrap(), "mine");
    let (status, _, told) = run(home, &["--map", "map.toml", "--rejects", "new.csv", "orders.csv"]);
    assert_eq!(status, Some(0), "{told}");
    assert!(!home.join("new.csv").exists(), "nothing was rejected");
}

#[test]
fn a_dry_run_knows_what_the_database_knows() {
    let home = tempfile::tempdir().unwrap();
    let call = CALLS.lines().next().unwrap();
    let other = call.replace("order", "login");
    import(home.path(), &[], call);
    import(home.path(), &[], "{\"type\":\"forget\",\"userId\":\"u-8\",\"suppress\":true}");
    let more = format!(
        "{call}\n{other}\n{}\n{}\n{}\n",
        call.replace("o-1", "o-2"),
        "{\"type\":\"page\",\"userId\":\"u-8\"}",
        "{\"type\":\"forget\",\"userId\":\"u-1\"}"
    );
    for _ in 0..2 {
        let summary = import(home.path(), &["--dry-run"], &more);
        assert!(summary.contains("1 call would be accepted"), "{summary}");
        assert!(summary.contains("1 person would be forgotten"), "{summary}");
        assert!(summary.contains("2 duplicates, which count once"), "{summary}");
        assert!(summary.contains("1 line rejected: forgotten"), "{summary}");
    }
    assert!(!home.path().join("other").exists());
    let absent = ["import", "--data", "other", "--dry-run", "-"];
    let absent = piped(home.path(), &absent, call);
    assert!(out(&absent).contains("1 call would be accepted"), "{}", problem(&absent));
    assert!(!home.path().join("other").exists(), "a dry run makes nothing");
}

#[test]
fn a_dry_run_through_a_server_says_what_it_says_without_one() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    import(home, &[], CALLS);
    let ask = |what| out(&piped(home, &["query", "--data", "shop", what], ""));
    // Far apart, so that ids come again in another batch than the first; one says something else.
    let mut calls: Vec<String> = (0..20_000)
        .map(|n| CALLS.lines().next().unwrap().replace("o-1", &format!("n-{n}")))
        .collect();
    calls.push(calls[0].clone());
    calls.push(calls[1].replace("order", "login"));
    calls.extend(CALLS.lines().map(str::to_owned));
    calls.push("{\"type\":\"forget\",\"userId\":\"u-1\"}".to_owned());
    calls.push("{\"type\":\"trakc\",\"userId\":\"u-1\"}".to_owned());
    std::fs::write(home.join("calls.ndjson"), calls.join("\n")).unwrap();
    let trial = || {
        let (status, summary, told) = run(home, &["--dry-run", "calls.ndjson"]);
        assert_eq!(status, Some(0), "{told}");
        // The first line says how long it took.
        (summary.split_once('\n').unwrap().1.to_owned(), told)
    };
    let here = trial();
    for says in [
        " 20,001 calls would be accepted",
        " 2 duplicates, which count once",
        " 1 conflicting duplicate:",
        " 1 person would be forgotten",
        " 1 line rejected: missing_identifier",
        " 1 line rejected: unknown_type",
    ] {
        assert!(here.0.contains(says), "{says}: {}", here.0);
    }
    let _serving = Serving::new(home, &[]);
    let before = (ask("count everyone"), record(home));
    assert_eq!(trial(), here);
    assert_eq!(trial(), here, "no id is remembered");
    assert_eq!((ask("count everyone"), record(home)), before, "nothing is logged");
    let summary = import(home, &[], &calls.join("\n"));
    assert!(summary.contains("20,001 calls accepted"), "{summary}");
}

/// The last record of the shop's log, as `throng info` says it.
fn record(home: &Path) -> String {
    let info = out(&piped(home, &["info", "--data", "shop", "--format", "csv"], ""));
    info.lines().find(|line| line.starts_with("last record")).unwrap().to_owned()
}

#[test]
fn forgets_that_find_nobody_are_counted() {
    let home = tempfile::tempdir().unwrap();
    let calls = format!("{CALLS}{}\n", "{\"type\":\"forget\",\"userID\":\"u-1\"}");
    let summary = import(home.path(), &[], &calls);
    assert!(summary.contains("1 call to forget somebody whom nobody knows"), "{summary}");
    assert!(summary.contains("1 line rejected: unknown_key"), "{summary}");
    let _serving = Serving::new(home.path(), &[]);
    let summary = import(home.path(), &[], &calls);
    assert!(summary.contains("1 call to forget somebody whom nobody knows"), "{summary}");
    assert!(summary.contains("1 line rejected: unknown_key"), "{summary}");
}

#[test]
fn a_mapping_names_people_by_identifiers_that_there_are() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    orders(home, "1,ada,,2026-03-01 12:00,7,Brno\n");
    std::fs::write(home.join("map.toml"), MAP.replace("user_id", "userid")).unwrap();
    for more in [&[][..], &["--dry-run"]] {
        let arguments = [&["--map", "map.toml"], more, &["orders.csv"]].concat();
        let (status, _, told) = run(home, &arguments);
        assert_eq!(status, Some(2), "{told}");
        assert!(told.contains("map.toml") && told.contains("line 4"), "{told}");
        assert!(told.contains("`identifiers.userid`") && told.contains("`user_id`?"), "{told}");
        assert!(!home.join("shop").exists(), "what is wrong leaves no directory behind");
    }
    let declare = "declare identifier userid: personal";
    let declared = piped(home, &["query", "--data", "shop", declare], "");
    assert!(declared.status.success(), "{}", problem(&declared));
    let (status, summary, told) = run(home, &["--map", "map.toml", "orders.csv"]);
    assert_eq!(status, Some(0), "{told}");
    assert!(summary.contains("2 calls accepted"), "{summary}");
}

#[test]
fn times_that_the_clock_skipped_or_had_twice_are_counted() {
    let home = tempfile::tempdir().unwrap();
    orders(
        home.path(),
        "1,ada,,2026-03-29 02:30,7,Brno\n2,ada,,2026-10-25 02:30,7,Brno\n3,ada,,2026-03-29 03:30,7,Brno\n",
    );
    let (_, summary, _) = run(home.path(), &["--map", "map.toml", "orders.csv"]);
    assert!(summary.contains("4 local times that the clock skipped or had twice"), "{summary}");
    let ask = ["query", "--data", "shop", "timeline of profile \"user_id:ada\" limit 9"];
    let rows = out(&piped(home.path(), &ask, ""));
    // Two calls a row: what was skipped is read an hour later, what was twice the first time.
    assert!(
        rows.contains("2026-03-29T01:30:00Z") && rows.contains("2026-10-25T00:30:00Z"),
        "{rows}"
    );
}

#[test]
fn a_file_that_cannot_be_read_is_told_as_it_is() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let (status, _, told) = run(home, &["nope.csv"]);
    assert_eq!(status, Some(1));
    assert!(told.contains("nope.csv: there is no such file"), "{told}");
    std::fs::write(home.join("latin.toml"), b"delimiter = ','\n# caf\xe9\n").unwrap();
    let (_, _, told) = run(home, &["--map", "latin.toml", "nope.csv"]);
    assert!(told.contains("latin.toml: line 2 is not UTF-8"), "{told}");
    std::fs::write(home.join("empty.csv"), "").unwrap();
    let draft = piped(home, &["import", "--map-draft", "empty.csv"], "");
    assert_eq!(draft.status.code(), Some(1));
    assert!(problem(&draft).contains("empty"), "{}", problem(&draft));
    let (_, _, told) = run(home, &["--format", "ndjson", "empty.csv"]);
    assert!(told.contains("the file is empty"), "{told}");
}
