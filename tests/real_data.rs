//! The whole way on real input: a file in, people unified, answers as published.

#![allow(clippy::disallowed_methods, reason = "files of the test are its own")]

#[path = "support/data.rs"]
mod data;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;
use throng::engine::{CommitTime, Throng};
use throng::model::ProfileId;
use throng::wire::csv::Mapping;
use throng::wire::{Defaults, Incoming, Shape, read};

/// Runs the binary and gives what it printed; a failure shows its standard error.
fn throng(arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_throng"))
        .args(arguments)
        .env_remove("THRONG_DATA")
        .output()
        .expect("the binary runs");
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "throng {arguments:?}: {problem}");
    output
}

fn example(name: &str) -> String {
    format!("{}/examples/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// The rows of one statement, as CSV without its header.
fn ask(directory: &str, at: &str, statement: &str) -> String {
    let arguments = ["query", "--data", directory, "--at", at, "--format", "csv", statement];
    let text = String::from_utf8(throng(&arguments).stdout).unwrap();
    let lines: Vec<&str> = text.lines().skip(1).collect();
    lines.join("\n")
}

fn import(directory: &str, map: &str, file: &Path, more: &[&str]) -> String {
    let map = example(map);
    let mut arguments = vec!["import", "--data", directory, "--format", "csv", "--map", &map];
    arguments.extend(more);
    arguments.push(file.to_str().unwrap());
    String::from_utf8(throng(&arguments).stdout).unwrap()
}

const W: &str = "where (quantity > 0 and unit_price > 0)";
const END: &str = "2011-12-10T00:00:00Z";

/// Statement and answer, at the end of the file's last day.
fn published() -> Vec<(String, &'static str)> {
    vec![
        ("count everyone".into(), "4372"),
        (format!("count people who did order_line {W}"), "4338"),
        (
            format!(
                "total distinct(order_line.invoice_no {W}), \
                 sum(order_line: quantity * unit_price {W})"
            ),
            "18532,8911407.904",
        ),
        (
            format!("count people whose distinct(order_line.invoice_no {W} in last 90 days) >= 2"),
            "1387",
        ),
        (
            format!(
                "count people whose \
                 sum(order_line: quantity * unit_price {W} in last 365 days) > 1000"
            ),
            "1629",
        ),
        (
            format!(
                "count people who did order_line {W} in last 90 days \
                 and did not return_line in last 90 days"
            ),
            "2158",
        ),
        (format!("count people whose days since last order_line {W} >= 180"), "861"),
    ]
}

#[test]
fn a_shop_of_half_a_million_lines_gives_the_published_answers() {
    let Some(file) = data::reference("orders/online_retail.csv.gz") else { return };
    let place = tempfile::tempdir().unwrap();
    let directory = place.path().join("db");
    let directory = directory.to_str().unwrap();

    let summary = import(directory, "online_retail.toml", &file, &["--at", END]);
    assert!(summary.contains("406,829"), "{summary}");
    assert!(summary.contains("135,080"), "{summary}");
    for (statement, answer) in published() {
        assert_eq!(ask(directory, END, &statement), answer, "{statement}");
    }

    let again = import(directory, "online_retail.toml", &file, &["--at", END]);
    assert!(again.contains("406,829 duplicates"), "{again}");
    assert_eq!(ask(directory, END, "count everyone"), "4372");
    assert_eq!(ask(directory, END, "count events order_line"), "397924");
}

#[test]
fn a_cohort_of_compact_disc_buyers_comes_in_whole() {
    let Some(file) = data::reference("orders/cdnow_master.csv.gz") else { return };
    let place = tempfile::tempdir().unwrap();
    let directory = place.path().join("db");
    let directory = directory.to_str().unwrap();
    import(directory, "cdnow.toml", &file, &["--at", "1998-07-01T00:00:00Z"]);
    let at = "1998-07-01T00:00:00Z";
    assert_eq!(ask(directory, at, "count everyone"), "23570");
    assert_eq!(ask(directory, at, "count events any event"), "69659");
}

/// The audiences of the published answers, and how many people are in each at the end.
const KEPT: [(&str, &str, u64); 6] = [
    ("buyers", "people who did order_line W", 4_338),
    ("repeat", "people whose distinct(order_line.invoice_no W in last 90 days) >= 2", 1_387),
    (
        "spenders",
        "people whose sum(order_line: quantity * unit_price W in last 365 days) > 1000",
        1_629,
    ),
    (
        "keepers",
        "people who did order_line W in last 90 days and did not return_line in last 90 days",
        2_158,
    ),
    ("silent", "people whose days since last order_line W >= 180", 861),
    ("everybody", "everyone", 4_372),
];

/// A database that keeps these audiences before a single fact has come.
fn waiting() -> Throng {
    let throng = Throng::temporary().unwrap();
    for declared in ["order_line.quantity: number", "order_line.unit_price: number", "return_line"] {
        throng.query(&format!("declare event {declared}")).unwrap();
    }
    throng.query("declare event order_line.invoice_no: text").unwrap();
    for (name, definition, _) in KEPT {
        let definition = definition.replace('W', W);
        throng.query(&format!("create audience {name} is {definition}")).unwrap();
    }
    throng
}

/// Takes the file in, its time following its events.
fn replay(throng: &Throng, file: &Path) {
    let mapping = std::fs::read_to_string(example("online_retail.toml")).unwrap();
    let shape = Shape::Csv(Arc::new(Mapping::from_toml(&mapping).unwrap()));
    let source = std::fs::File::open(file).unwrap();
    for batch in read(source, shape, Defaults::file("import"), 2).unwrap() {
        let calls = batch.unwrap().lines.into_iter().filter_map(|line| match line.call {
            Ok(Incoming::Call(call)) => Some(call),
            _ => None,
        });
        throng.ingest_at(calls.collect(), CommitTime::Follow, false).unwrap();
    }
    throng.advance_to(END.parse().unwrap()).unwrap();
}

/// Who is in an audience by what subscribers were told.
fn told(throng: &Throng, audience: &str) -> BTreeSet<ProfileId> {
    let mut changes = throng.subscribe(audience, Some(0)).unwrap();
    let mut members = BTreeSet::new();
    while let Some(change) = changes.next(Duration::ZERO).unwrap() {
        let known = if change.entered {
            members.insert(change.profile)
        } else {
            members.remove(&change.profile)
        };
        assert!(known, "{audience}: {} moved twice the same way", change.profile);
    }
    members
}

#[test]
fn audiences_that_were_there_before_the_file_end_with_the_published_members() {
    let Some(file) = data::reference("orders/online_retail.csv.gz") else { return };
    let throng = waiting();
    replay(&throng, &file);
    let view = throng.view().unwrap();
    for (name, _, people) in KEPT {
        let members: BTreeSet<ProfileId> =
            view.members(name).unwrap().iter().map(|seat| ProfileId(seat.0)).collect();
        assert_eq!(members.len() as u64, people, "{name}");
        assert_eq!(told(&throng, name), members, "{name}: the feed folds to its members");
    }
    assert!(throng.verify().unwrap().iter().all(|it| it.differences == 0));
    println!("{:?}", throng.info().unwrap().live.unwrap());
}
