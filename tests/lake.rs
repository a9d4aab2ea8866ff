//! What `explain sql` says, run by DuckDB, and by Spark, over the files of a lake, chooses whom
//! `scan` chooses.

#![cfg(feature = "lake")]
#![allow(clippy::disallowed_methods, reason = "lakes are files")]

mod support;

#[path = "support/lake/mod.rs"]
mod engine;

#[cfg(all(feature = "shell", feature = "server", unix))]
#[path = "support/command.rs"]
mod command;

use engine::Engine;
use std::collections::{BTreeMap, BTreeSet};
use support::crowd::slow::Slow;
use support::crowd::{Crowd, histories};
use support::generate::*;
use support::world::{run, steps};
use throng::lake::{Declared, Lake, export};
use throng::model::{Decimal, Path, ProfileId, Text, Timestamp, Value, Zone};
use throng::query::predicate::*;
use throng::query::sql::{Compiled, Dialect, compile};
use throng::query::{Crowd as _, Question, scan};
use throng::report;

/// How many audiences are compared, unless the environment says more.
const CASES: u64 = 300;

fn n_cases() -> u64 {
    support::cases::n_cases(CASES)
}

/// The types by which generated conditions read.
fn declared() -> Declared {
    use Type::{Bool, Date, Geo, Instant, Ip, Number, Version};
    let all = [
        ("total", Number),
        ("points", Number),
        ("tags", Type::Text),
        ("departs", Date),
        ("birthday", Date),
        ("trial_ends_at", Instant),
        ("vip", Bool),
        ("ip", Ip),
        ("place", Geo),
        ("app", Version),
    ];
    let all: BTreeSet<(Vec<Text>, Type)> =
        all.into_iter().map(|(name, kind)| (vec![name.into()], kind)).collect();
    Declared { properties: all.clone(), attributes: all }
}

/// The zones of generated conditions.
fn zones() -> Vec<Zone> {
    ZONES.iter().map(|name| Zone::named(name).unwrap()).collect()
}

/// The zone whose midnights the scores of conditions are of: a lake has those of one zone.
fn midnights(conditions: &[Condition]) -> Option<Zone> {
    let shown = format!("{conditions:?}");
    let scores = shown.split("Score { model: ").skip(1);
    let mut zones: Vec<&str> = scores
        .filter_map(|score| score.split_once("Zone(")?.1.split_once(')'))
        .map(|(name, _)| name)
        .collect();
    zones.dedup();
    match zones[..] {
        [] => Some(Zone::UTC),
        [name] => Some(Zone::named(name).unwrap()),
        _ => None,
    }
}

/// Audiences of generated worlds that are compared, in each.
const WORLDS: u64 = 60;

#[test]
fn the_audiences_of_a_world_have_the_same_members_in_duckdb() {
    let Some(mut duckdb) = Engine::duckdb() else { return };
    let directory = tempfile::tempdir().unwrap();
    let (mut refused, mut wrong) = (BTreeMap::<String, u32>::new(), Vec::new());
    let (mut n_compared, mut n_members) = (0, 0);
    for seed in support::cases::seeds(CASES).take(WORLDS as usize) {
        let Ok(world) = run(&steps(seed)) else { continue };
        let (view, at) = (world.view(), world.view().at());
        let place = directory.path().join("world");
        export(&Lake::of(&view, view.catalog(), at), &place).unwrap();
        for audience in view.catalog().audiences() {
            let sql = match compile(Compiled::People(&audience.condition), at, Dialect::DuckDb) {
                Ok(sql) => sql,
                Err(found) => {
                    *refused.entry(found.construct).or_default() += 1;
                    continue;
                }
            };
            let members = view.select(&audience.condition, at).unwrap().unwrap();
            let right: Vec<String> =
                members.iter().map(|seat| ProfileId(seat.0).to_string()).collect();
            let found = duckdb.ask(&place, &[&sql]).remove(0).map(first_column);
            n_compared += 1;
            n_members += right.len();
            if found != Ok(right.clone()) {
                wrong.push(format!(
                    "seed {seed}: the scan {right:?}, DuckDB {found:?}\n{audience:#?}\n{sql}\n"
                ));
            }
        }
    }
    println!("{n_compared} audiences, {n_members} members, refused: {refused:#?}");
    assert!(wrong.is_empty(), "{} of {n_compared} differ\n{}", wrong.len(), wrong.join("\n"));
    assert!(n_compared >= 200 || n_cases() < WORLDS, "only {n_compared} were compared");
}

fn first_column(rows: Vec<Vec<Option<String>>>) -> Vec<String> {
    rows.into_iter().map(|row| row[0].clone().unwrap()).collect()
}

/// What came of comparing.
#[derive(Default)]
struct Compared {
    refused: BTreeMap<String, u32>,
    wrong: Vec<String>,
    n_compared: u32,
    n_members: usize,
}

impl Compared {
    /// Asks an engine and the scan for whom conditions hold among people with these histories.
    fn ask(
        &mut self,
        (engine, place): (&mut Engine, &std::path::Path),
        seed: u64,
        histories: &[Vec<throng::model::Event>],
        conditions: &[Condition],
    ) {
        let crowd = Crowd::of(&mut Random::new(seed), histories.to_vec());
        let shown = Slow(&crowd);
        let (now, declared) = (now(), declared());
        let Some(zone) = midnights(conditions) else { return };
        let lake = Lake {
            crowd: &shown,
            now,
            zone,
            other_zones: zones(),
            first_day: 1,
            declared,
            lists: Vec::new(),
        };
        let mut is_exported = false;
        for condition in conditions {
            let sql = match compile(Compiled::People(condition), now, engine.dialect) {
                Ok(sql) => sql,
                Err(found) => {
                    *self.refused.entry(found.construct).or_default() += 1;
                    continue;
                }
            };
            if !std::mem::replace(&mut is_exported, true) {
                export(&lake, place).unwrap();
            }
            let members = scan::scan(condition, &crowd.everyone(), &crowd.source(), now).unwrap();
            let right: Vec<String> =
                members.iter().map(|seat| ProfileId(seat.0).to_string()).collect();
            let found = engine.ask(place, &[&sql]).remove(0).map(first_column);
            self.n_compared += 1;
            self.n_members += right.len();
            if found != Ok(right.clone()) {
                self.wrong.push(format!(
                    "seed {seed}: the scan {right:?}, {} {found:?}\n{condition:#?}\n{histories:#?}\n{sql}\n",
                    engine.dialect
                ));
            }
        }
        if is_exported {
            std::fs::remove_dir_all(place).unwrap();
        }
    }

    fn agrees(&self) {
        let Compared { refused, wrong, n_compared, n_members } = self;
        println!("{n_compared} compared, {n_members} members, refused: {refused:#?}");
        assert!(wrong.is_empty(), "{} of {n_compared} differ\n{}", wrong.len(), wrong.join("\n"));
    }
}

#[test]
fn duckdb_chooses_whom_the_scan_chooses() {
    let Some(mut duckdb) = Engine::duckdb() else { return };
    let directory = tempfile::tempdir().unwrap();
    let mut compared = Compared::default();
    for seed in support::cases::seeds(CASES) {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let histories = histories(&mut random);
        let condition = match random.below(8) {
            0 | 1 => condition_among_others(&mut random, 2),
            2 => asked_among_others(&mut random, 1),
            _ => condition(&mut random, 2),
        };
        let place = directory.path().join(seed.to_string());
        compared.ask((&mut duckdb, &place), seed, &histories, &[condition]);
    }
    compared.agrees();
}

/// Conditions that are asked of one crowd of close histories.
const CONDITIONS: usize = 8;

#[test]
fn what_a_sequence_chose_does_not_stand_in_its_own_way_in_duckdb() {
    let Some(mut duckdb) = Engine::duckdb() else { return };
    let directory = tempfile::tempdir().unwrap();
    let mut compared = Compared::default();
    for seed in support::cases::seeds(CASES).step_by(4) {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let histories: Vec<_> = (0..12).map(|_| close_history(&mut random)).collect();
        let pattern = |_| Tree::Leaf(Predicate::Pattern(Box::new(crossed_pattern(&mut random))));
        let conditions: Vec<Condition> = (0..CONDITIONS).map(pattern).collect();
        let place = directory.path().join(seed.to_string());
        compared.ask((&mut duckdb, &place), seed, &histories, &conditions);
    }
    compared.agrees();
}

#[test]
fn elements_of_lists_are_read_by_their_declared_type_in_duckdb() {
    let Some(mut duckdb) = Engine::duckdb() else { return };
    let directory = tempfile::tempdir().unwrap();
    let mut compared = Compared::default();
    for seed in support::cases::seeds(CASES).step_by(12) {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let histories = histories(&mut random);
        let conditions: Vec<Condition> = (0..CONDITIONS).map(|_| of_element(&mut random)).collect();
        let place = directory.path().join(seed.to_string());
        compared.ask((&mut duckdb, &place), seed, &histories, &conditions);
    }
    compared.agrees();
}

/// Something of the elements that a declared type reads, or of their order.
fn of_element(random: &mut Random) -> Condition {
    let declared = Some(random.one_of(&[Type::Number, Type::Number, Type::Text]));
    let path = if declared == Some(Type::Number) { "total" } else { "tags" };
    let functions = [
        Function::Max,
        Function::Sum,
        Function::First,
        Function::Distinct,
        Function::Median,
        Function::Decayed { half_life_ms: 7 * 86_400_000 },
    ];
    let of = Aggregate {
        function: random.one_of(&functions),
        matcher: matcher(random, 0),
        items: Path::dotted(path),
        value: Some(Expr::Leaf(RowLeaf::Element { declared })),
        windows: Vec::new(),
    };
    let number = Value::Number(random.between(0, 6).into());
    let other = if random.chance(3) { "SK".into() } else { number };
    let comparison = random.one_of(&[Comparison::Equal, Comparison::AtLeast, Comparison::Less]);
    let subject = Expr::Leaf(PersonLeaf::Aggregate(Box::new(of)));
    let check = Check::Compare(comparison, Expr::Literal(other));
    Tree::Leaf(Predicate::Is(Test { subject, check }))
}

/// How many conditions Spark is asked for, of which each takes it a second or more.
const IN_SPARK: usize = 60;

#[test]
fn spark_chooses_whom_the_scan_chooses() {
    let Some(mut spark) = Engine::spark() else { return };
    let directory = tempfile::tempdir().unwrap();
    let mut compared = Compared::default();
    for seed in support::cases::seeds(CASES).take(IN_SPARK) {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let histories = histories(&mut random);
        let conditions = match seed % 5 {
            0 => vec![condition_among_others(&mut random, 2)],
            1 => vec![of_element(&mut random)],
            2 => vec![Tree::Leaf(Predicate::Pattern(Box::new(crossed_pattern(&mut random))))],
            _ => vec![condition(&mut random, 2)],
        };
        let place = directory.path().join(seed.to_string());
        compared.ask((&mut spark, &place), seed, &histories, &conditions);
    }
    compared.agrees();
}

/// Whether a column of an engine shows a value.
fn shows(found: Option<&str>, value: &Value) -> bool {
    let Some(found) = found else {
        // A list is missing where a declared type says that there is none.
        return matches!(value, Value::Null | Value::List(_));
    };
    match value {
        Value::Null => false,
        // The ninth decimal of what is computed in floating point may differ.
        Value::Number(number) => found
            .parse::<Decimal>()
            .is_ok_and(|found| (found.billionths() - number.billionths()).unsigned_abs() <= 2),
        Value::Instant(at) => {
            format!("{}Z", found.replace(' ', "T")).parse::<Timestamp>().is_ok_and(|it| it == *at)
        }
        Value::Duration(ms) => found == ms.to_string(),
        Value::List(all) => {
            let found: Vec<Option<String>> = serde_json::from_str(found).unwrap();
            found.len() == all.len()
                && found.iter().zip(all.iter()).all(|(found, one)| shows(found.as_deref(), one))
        }
        Value::Object(_) => found.starts_with('{'),
        Value::Bool(bool) => found == bool.to_string(),
        Value::Date(day) => found == day.to_string(),
        Value::Text(text) => found == &**text,
        Value::Digits(digits) => found == &**digits,
    }
}

/// A list or a count by groups.
fn tabular(random: &mut Random) -> Question {
    loop {
        let question = question(random);
        if matches!(question, Question::List { .. } | Question::CountPeople { .. }) {
            return question;
        }
    }
}

#[test]
fn duckdb_lists_the_same_values_in_the_same_order() {
    let Some(mut duckdb) = Engine::duckdb() else { return };
    lists_the_same(&mut duckdb, support::cases::seeds(CASES));
}

#[test]
fn spark_lists_the_same_values_in_the_same_order() {
    let Some(mut spark) = Engine::spark() else { return };
    lists_the_same(&mut spark, support::cases::seeds(CASES).take(IN_SPARK / 2));
}

fn lists_the_same(engine: &mut Engine, seeds: impl Iterator<Item = u64>) {
    let directory = tempfile::tempdir().unwrap();
    let (mut n_compared, mut n_rows, mut wrong) = (0, 0, Vec::new());
    for seed in seeds {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let histories = histories(&mut random);
        let question = tabular(&mut random);
        let Ok(sql) = compile(Compiled::Question(&question), now(), engine.dialect) else {
            continue;
        };
        let crowd = Crowd::of(&mut Random::new(seed), histories);
        let crowd = Slow(&crowd);
        let Ok(right) = report::answer(&question, &crowd, now(), &Zone::UTC) else { continue };
        let (declared, lists) = (declared(), Vec::new());
        let lake = Lake {
            crowd: &crowd,
            now: now(),
            zone: Zone::UTC,
            other_zones: zones(),
            first_day: 1,
            declared,
            lists,
        };
        let place = directory.path().join(seed.to_string());
        export(&lake, &place).unwrap();
        let found = engine.ask(&place, &[&sql]).remove(0);
        n_compared += 1;
        n_rows += right.rows.len();
        let same = found.as_ref().is_ok_and(|found| {
            found.len() == right.rows.len()
                && found.iter().zip(&right.rows).all(|(found, right)| {
                    found.iter().zip(right).all(|(found, value)| shows(found.as_deref(), value))
                })
        });
        if !same {
            let right = right.rows;
            wrong.push(format!(
                "seed {seed}: Throng {right:?}, {} {found:?}\n{question:#?}\n{sql}\n",
                engine.dialect
            ));
        }
        std::fs::remove_dir_all(&place).unwrap();
    }
    println!("{n_compared} compared, {n_rows} rows");
    assert!(wrong.is_empty(), "{} of {n_compared} differ\n{}", wrong.len(), wrong.join("\n"));
}

/// What an engine answers to a question over the lake of a shop.
#[cfg(all(feature = "shell", feature = "server", unix))]
fn listed(home: &std::path::Path, engine: &mut Engine, question: &str) -> engine::Answer {
    let question = format!("explain sql for {} {question}", engine.dialect);
    let sql = command::throng(home, &["query", "--data", "mixed", &question]).output().unwrap();
    assert!(sql.status.success(), "{}", command::problem(&sql));
    engine.ask(&home.join("lake"), &[&command::out(&sql)]).remove(0)
}

#[test]
#[cfg(all(feature = "shell", feature = "server", unix))]
fn columns_are_typed_and_numbers_are_sorted_as_numbers() {
    let Some(mut duckdb) = Engine::duckdb() else { return };
    let home = tempfile::tempdir().unwrap();
    let totals = ["9", "29.53", "100", "\"a\"", "true"];
    let calls = totals.iter().enumerate().map(|(n, total)| {
        let head = format!("\"userId\":\"u{n}\",\"timestamp\":\"2026-03-0{}T00:00:00Z\"", n + 1);
        format!(
            "{{\"type\":\"track\",\"messageId\":\"t{n}\",{head},\"event\":\"order\",\"properties\":{{\"total\":{total}}}}}\n\
             {{\"type\":\"identify\",\"messageId\":\"i{n}\",{head},\"traits\":{{\"departs\":\"2026-03-1{n}\"}}}}\n"
        )
    });
    std::fs::write(home.path().join("calls.ndjson"), calls.collect::<String>()).unwrap();
    for arguments in [
        &["import", "--data", "mixed", "--at", "2026-03-09T00:00:00Z", "calls.ndjson"][..],
        &["query", "--data", "mixed", "declare attribute departs: date"],
        &["export", "--data", "mixed", "--lake", "lake"],
    ] {
        let done = command::throng(home.path(), arguments).output().unwrap();
        assert!(done.status.success(), "{arguments:?}: {}", command::problem(&done));
    }
    let mut rows = |question: &str| -> Vec<String> {
        let rows = listed(home.path(), &mut duckdb, question).unwrap();
        let text = |cell: Option<String>| cell.unwrap_or_else(|| "-".to_owned());
        rows.into_iter()
            .map(|row| row.into_iter().map(text).collect::<Vec<_>>().join(" "))
            .collect()
    };
    for column in ["last(order.total)", "coalesce(last(order.total), 0)"] {
        assert_eq!(
            rows(&format!("list user_id, {column} as lt of everyone sort by {column}")),
            ["u4 true", "u0 9", "u1 29.53", "u2 100", "u3 a"],
        );
        assert_eq!(
            rows(&format!("count everyone by {column}")),
            ["true 1", "9 1", "29.53 1", "100 1", "a 1"],
        );
    }
    assert_eq!(
        rows(
            "list departs, collect(order.total) as totals, max(order.total) as most of everyone sort by departs desc limit 4"
        ),
        [
            "2026-03-14 [\"true\"] -",
            "2026-03-13 [\"a\"] -",
            "2026-03-12 [\"100\"] 100.000000000",
            "2026-03-11 [\"29.53\"] 29.530000000"
        ],
    );
}

#[test]
#[cfg(all(feature = "shell", feature = "server", unix))]
fn numbers_are_exact_to_the_ends_of_their_range() {
    let home = tempfile::tempdir().unwrap();
    let most = "999999999999999999.999999999";
    let pairs =
        [(most, most), ("0.000000001", "-0.000000001"), ("0.5", "0.000000003"), (most, "0")];
    let calls = pairs.iter().enumerate().map(|(n, (a, b))| {
        format!(
            "{{\"type\":\"identify\",\"messageId\":\"i{n}\",\"userId\":\"u{n}\",\"timestamp\":\"2026-03-01T00:00:00Z\",\"traits\":{{\"a\":{a},\"b\":{b}}}}}\n"
        )
    });
    std::fs::write(home.path().join("calls.ndjson"), calls.collect::<String>()).unwrap();
    for arguments in [
        &["import", "--data", "mixed", "--at", "2026-03-09T00:00:00Z", "calls.ndjson"][..],
        &["export", "--data", "mixed", "--lake", "lake"],
    ] {
        let done = command::throng(home.path(), arguments).output().unwrap();
        assert!(done.status.success(), "{arguments:?}: {}", command::problem(&done));
    }
    let question = "list a + b as w, (a - b) * 2 as x, a * a as y, a * a * a as z, a / b as q of everyone sort by user_id";
    for mut engine in [Engine::duckdb(), Engine::spark()].into_iter().flatten() {
        let rows = listed(home.path(), &mut engine, question).unwrap();
        let text = |cell: Option<String>| cell.unwrap_or_else(|| "-".to_owned());
        let rows: Vec<String> = rows
            .into_iter()
            .map(|row| row.into_iter().map(text).collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(
            rows,
            [
                "1999999999999999999.999999998 0.000000000 - - 1.000000000",
                "0.000000000 0.000000004 0.000000000 0.000000000 -1.000000000",
                "0.500000003 0.999999994 0.250000000 0.125000000 166666666.666666667",
                "999999999999999999.999999999 1999999999999999999.999999998 - - -",
            ],
            "{}",
            engine.dialect
        );
    }
}

/// The files of a lake and what each holds.
#[cfg(all(feature = "shell", feature = "server", unix))]
fn files(lake: &std::path::Path) -> BTreeMap<std::ffi::OsString, Vec<u8>> {
    let entries = std::fs::read_dir(lake).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| (entry.file_name(), std::fs::read(entry.path()).unwrap())).collect()
}

#[test]
#[cfg(all(feature = "shell", feature = "server", unix))]
fn an_export_beside_a_server_is_the_same_and_replaces_an_earlier_lake_alone() {
    let home = command::shop();
    let export = |lake: &str| {
        let arguments = ["export", "--data", "shop", "--lake", lake];
        command::throng(home.path(), &arguments).output().unwrap()
    };
    let alone = export("alone");
    assert!(alone.status.success(), "{}", command::problem(&alone));
    assert!(command::out(&alone).starts_with("2 people and 2 events as of 2026-03-02T12:00:00Z"));
    let server = command::Serving::new(home.path(), &[]);
    for lake in ["beside", "beside"] {
        let done = export(lake);
        assert!(done.status.success(), "{}", command::problem(&done));
    }
    assert_eq!(files(&home.path().join("alone")), files(&home.path().join("beside")));
    assert_eq!(files(&home.path().join("alone")).len(), 9);
    let occupied = export("shop");
    assert!(command::problem(&occupied).contains("is there and is no lake"));
    drop(server);
}
