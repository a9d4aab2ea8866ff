//! Definitions are made equal to files: whole or not at all, with what it does
//! to people said before, and the same as if nothing had been defined earlier.

#![allow(clippy::disallowed_methods, reason = "files are written, and cases counted by the caller")]

#[path = "support/cases.rs"]
mod cases;
#[path = "support/command.rs"]
mod command;
#[path = "support/generate/random.rs"]
#[allow(dead_code, reason = "not every number is drawn here")]
mod random;

use command::{Serving, out, piped, problem, shop};
use random::Random;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::Duration;
use throng::engine::{Act, Options, Plan, QueryError, Source, Throng};
use throng::model::{Body, Call, Object, ProfileId};
use throng::store::Cause;

fn file(text: &str) -> Vec<Source> {
    vec![Source::new("all.who", text)]
}

fn apply(throng: &Throng, text: &str) -> Plan {
    let files = file(text);
    let plan = throng.plan(&files, None).unwrap();
    throng.apply(&files, &plan, None).unwrap()
}

fn order(user: &str, total: i64, at: &str) -> Call {
    let properties = Object::new(vec![("total".into(), total.into())]).unwrap();
    let mut call = Call::new("shop", Body::Track { event: "order".into(), properties });
    (call.user_id, call.when) = (Some(user.into()), Some(at.parse().unwrap()));
    call
}

/// Three people with orders of 10, 20 and 30.
fn buyers() -> Throng {
    let throng = Throng::temporary().unwrap();
    let calls = (1..=3).map(|n| order(&format!("u-{n}"), n * 10, "2026-03-01T00:00:00Z"));
    throng.ingest(calls.collect()).unwrap();
    throng
}

fn members(throng: &Throng, audience: &str) -> Vec<ProfileId> {
    throng.audience(audience).unwrap().members().collect()
}

/// Who is in an audience by what its followers were told.
fn told(throng: &Throng, audience: &str) -> Vec<ProfileId> {
    let mut inside = BTreeSet::new();
    let mut changes = throng.subscribe(audience, Some(0)).unwrap();
    while let Some(change) = changes.next(Duration::ZERO).unwrap() {
        let is_news = match change.entered {
            true => inside.insert(change.profile),
            false => inside.remove(&change.profile),
        };
        assert!(is_news, "{audience}: {change:?} was told twice");
    }
    inside.into_iter().collect()
}

#[test]
fn a_plan_says_what_it_will_do_and_the_commit_does_that_at_once() {
    let throng = buyers();
    throng.query("create trait spent is sum(order.total)").unwrap();
    throng.query("create audience big is people whose spent >= 15").unwrap();
    throng.query("create audience old is everyone").unwrap();
    throng.query("create audience same is people who did order").unwrap();
    let before = throng.info().unwrap().lsn;
    let text = "
        create audience few is people in audience big and not in audience same;
        create audience same is PEOPLE WHO did order;
        -- Who spends.
        create audience big is people whose spent > 25;
        create trait spent is sum(order.total)";
    let plan = apply(&throng, text);
    assert_eq!(
        plan.to_string(),
        "~ audience `big`: 0 enter, 1 leaves, 1 person then\n\
         + audience `few`: 0 people\n\
         - audience `old`: 3 leave\n\
         1 to create, 1 to change, 1 to drop; 2 stay as they are\n"
    );
    assert_eq!(throng.info().unwrap().lsn.0, before.0 + 1, "one record");
    assert_eq!((members(&throng, "big").len(), told(&throng, "big").len()), (1, 1));
    let mut changes = throng.subscribe("big", Some(before.0 + 1)).unwrap();
    assert_eq!(changes.next(Duration::ZERO).unwrap().unwrap().cause, Cause::Definition);
    let described = throng.query("describe audience big").unwrap();
    assert!(format!("{:?}", described.answers[0]).contains("Who spends."));
    assert_eq!(throng.audience("same").unwrap().version(), 1, "what is the same is not touched");
    assert!(throng.audience("old").is_err());
    assert!(throng.plan(&file(text), None).unwrap().is_empty());
}

#[test]
fn definitions_that_only_fit_together_at_the_end_are_changed_together() {
    let throng = buyers();
    let before = "create trait rank: number is sum(order.total);
        create condition big is rank > 15;
        create audience a holding out 5% as \"h\" is people who meets big;
        create audience b holding out 5% as \"h\" is people in audience a or did order";
    apply(&throng, before);
    // The type changes, and the share that two audiences agree on.
    let after = "create audience b holding out 50% as \"h\" is people in audience a or did order;
        create audience a holding out 50% as \"h\" is people who meets big;
        create condition big is rank = \"much\";
        create trait rank: text is if sum(order.total) > 15 then \"much\" else \"little\"";
    let plan = apply(&throng, after);
    assert_eq!((plan.steps.len(), plan.n_same), (4, 0));
    assert_eq!(told(&throng, "a"), members(&throng, "a"));
    assert!(throng.verify().unwrap().iter().all(|found| found.differences == 0));
    // Who used whom is turned around.
    apply(&throng, "create audience a is everyone; create audience b is people in audience a");
    apply(&throng, "create audience b is everyone; create audience a is people in audience b");
    assert_eq!(members(&throng, "a").len(), 3);
}

#[test]
fn what_follows_a_change_is_shown_though_its_text_stays() {
    let throng = buyers();
    let of = |limit: u32| {
        format!(
            "create trait spent is sum(order.total) - {limit};
             create condition rich is spent > 0;
             create audience wealthy is people who meets rich"
        )
    };
    apply(&throng, &of(5));
    let plan = throng.plan(&file(&of(25)), None).unwrap();
    assert_eq!(
        plan.to_string(),
        "~ trait `spent`\n> audience `wealthy`: 0 enter, 2 leave, 1 person then\n\
         0 to create, 1 to change, 0 to drop, 1 follows what is changed; 2 stay as they are\n"
    );
    apply(&throng, &of(25));
    assert_eq!(members(&throng, "wealthy").len(), 1);
}

#[test]
fn descriptions_declarations_and_settings_belong_to_the_plan() {
    let throng = buyers();
    let text =
        "declare event visit; declare attribute plan: text; set timezone = \"Europe/Prague\";
        create list vips of text; create audience a is people whose plan in list vips";
    let plan = apply(&throng, text);
    let said: Vec<String> = plan.steps.iter().map(|step| format!("{step}")).collect();
    assert_eq!(
        said,
        [
            "+ event `visit`",
            "+ attribute `plan`",
            "~ setting `timezone`",
            "+ list `vips`",
            "+ audience `a`: 0 people"
        ]
    );
    throng.query("add \"gold\", \"silver\" to list vips").unwrap();
    let described = text.replace("create audience", "\n-- Those we love.\ncreate audience");
    let plan = throng.plan(&file(&described), None).unwrap();
    assert!(plan.to_string().contains("~ audience `a`: 0 enter, 0 leave, 0 people then; its desc"));
    apply(&throng, &described);
    assert_eq!(throng.audience("a").unwrap().version(), 1, "it means what it meant");
    let plan = throng.plan(&file("declare event visit"), None).unwrap();
    assert!(plan.to_string().contains("- list `vips`: its 2 elements are lost"), "{plan}");
}

#[test]
fn files_that_are_wrong_change_nothing_and_say_where() {
    let throng = buyers();
    apply(&throng, "create trait t is count(order); create audience a is people whose t > 1");
    let wrong = |text: &str| {
        let lsn = throng.info().unwrap().lsn;
        let error = throng.plan(&[Source::new("x.who", text)], None).unwrap_err();
        assert_eq!(throng.info().unwrap().lsn, lsn);
        assert!(matches!(error, QueryError::Text { .. }));
        error.to_string()
    };
    assert!(wrong("create audience a is\n  people whose t > 1").contains("x.who:2:16"));
    assert!(wrong("count everyone").contains("this defines nothing"));
    assert!(wrong("add \"x\" to list l").contains("x.who:1:1"));
    assert!(wrong("create audience a is people who did odrer").contains("`order`"));
    let twice = wrong("create audience a is everyone; create or replace audience a is everyone");
    assert!(twice.contains("audience `a` is given twice"), "{twice}");
    let cycle = wrong(
        "create audience b is people in audience c; create audience c is people in audience b",
    );
    assert!(cycle.contains("E0107") && cycle.contains("audience `c`"), "{cycle}");
    // Another definition that cannot stand because of it is not blamed.
    let first = wrong(
        "create audience b is people in audience c; create audience c is people who did odrer",
    );
    assert!(first.contains("`odrer`") && !first.contains("unknown audience"), "{first}");
}

#[test]
fn a_place_without_definitions_drops_nothing() {
    let place = tempfile::tempdir().unwrap();
    let wrong = |name: &str, bytes: Option<&[u8]>| {
        let path = place.path().join(name);
        bytes.into_iter().for_each(|bytes| fs::write(&path, bytes).unwrap());
        Source::of_files(&[path]).unwrap_err()
    };
    let empty = Source::of_files(&[place.path().to_owned()]).unwrap_err();
    assert!(empty.ends_with("no file of definitions is here; they end in `.who`"), "{empty}");
    assert!(wrong("none.who", None).ends_with("there is no such file"));
    let bytes = wrong("bytes.who", Some(b"-- one\n\xff"));
    assert!(bytes.ends_with("line 2 is not UTF-8; write the file in UTF-8"), "{bytes}");
}

#[test]
fn it_is_the_same_after_opening_again_from_the_log_and_from_a_checkpoint() {
    let place = tempfile::tempdir().unwrap();
    let options = || Options {
        clock: Some(throng::engine::Clock::Given),
        reserve_bytes: 0,
        ..Options::default()
    };
    let throng = Throng::open(place.path(), options()).unwrap();
    throng.ingest(vec![order("u-1", 20, "2026-03-01T00:00:00Z")]).unwrap();
    apply(
        &throng,
        "create trait t: number is sum(order.total); create audience a is people whose t > 5",
    );
    let last = "create audience a is people whose t = \"x\"; create trait t: text is \"x\";
        declare identifier card: personal; declare identifier till: carrier";
    apply(&throng, last);
    throng.close().unwrap();
    for from_log in [true, false] {
        if from_log {
            fs::remove_dir_all(place.path().join("kv")).unwrap();
        }
        let throng = Throng::open(place.path(), options()).unwrap();
        assert!(throng.plan(&file(last), None).unwrap().is_empty());
        assert_eq!(told(&throng, "a"), members(&throng, "a"));
        assert_eq!(members(&throng, "a").len(), 1);
        throng.close().unwrap();
    }
}

/// Definitions by chance, of which some name others.
fn program(random: &mut Random) -> String {
    let mut all: Vec<String> = Vec::new();
    let any = |random: &mut Random, of: &[&str]| random.one_of(of).to_owned();
    for name in ["t0", "t1"] {
        let said = [
            "sum(order.total)",
            "count(order) * 10",
            "if sum(order.total) > 20 then \"much\" else \"little\"",
            "t0 + 5",
        ];
        if !random.chance(4) {
            all.push(format!("create trait {name} is {}", any(random, &said)));
        }
    }
    for name in ["c0", "c1"] {
        let said =
            ["t0 > 10", "t1 = \"much\"", "t1 between 5 and 25", "did order at least 2 times"];
        if !random.chance(3) {
            all.push(format!("create condition {name} is {}", any(random, &said)));
        }
    }
    for name in ["a", "b", "c"] {
        let said = [
            "people whose t0 >= 20",
            "people who meets c0 and not in audience a",
            "people in audience b or meets c1",
            "everyone",
            "people who did order in last 2 days",
            "people whose t1 = \"much\"",
            "people in top 50% by t0",
            "people in holdout \"h\"",
        ];
        let held = ["", "", " holding out 30% as \"h\"", " holding out 60% as \"h\""];
        if !random.chance(4) {
            let (held, said) = (any(random, &held), any(random, &said));
            let described = any(random, &["", "", "-- What it is.\n"]);
            all.push(format!("{described}create audience {name}{held} is {said}"));
        }
    }
    for place in (1..all.len()).rev() {
        all.swap(place, random.below(place as u64 + 1) as usize);
    }
    all.join(";\n")
}

fn n_cases() -> u64 {
    cases::n_cases(40)
}

#[test]
fn whatever_was_defined_before_the_files_alone_say_who_is_in() {
    let (mut n_done, mut n_wrong, mut n_moves) = (0, 0, 0);
    for seed in cases::seeds(40) {
        let mut random = Random::new(seed);
        let throng = Throng::temporary().unwrap();
        let mut calls = Vec::new();
        for step in 0..8 {
            let user = format!("u-{}", random.below(5));
            let at = format!("2026-03-0{}T00:00:00Z", 1 + step / 2);
            calls.push(order(&user, random.below(4) as i64 * 10, &at));
            throng.ingest(vec![calls[step].clone()]).unwrap();
            throng.advance_to(at.parse().unwrap()).unwrap();
            let text = program(&mut random);
            let files = file(&text);
            let fresh = Throng::temporary().unwrap();
            calls.iter().for_each(|call| drop(fresh.ingest(vec![call.clone()]).unwrap()));
            fresh.advance_to(at.parse().unwrap()).unwrap();
            let expected = fresh.plan(&files, None);
            let before = throng.info().unwrap().lsn;
            let plan = match throng.plan(&files, None) {
                Ok(plan) => plan,
                Err(wrong) => {
                    assert_eq!(wrong.to_string(), expected.unwrap_err().to_string(), "{seed}");
                    n_wrong += 1;
                    continue;
                }
            };
            let was: BTreeMap<String, Vec<ProfileId>> = names(&throng)
                .into_iter()
                .map(|name| (name.clone(), members(&throng, &name)))
                .collect();
            throng.apply(&files, &plan, None).unwrap_or_else(|error| {
                panic!("seed {seed}: {error}\n{text}\n---\n{}", plan.program)
            });
            fresh.apply(&files, &expected.unwrap(), None).unwrap();
            n_done += 1;
            assert!(throng.info().unwrap().lsn.0 <= before.0 + 1 || plan.steps.len() == 1);
            assert_eq!(names(&throng), names(&fresh), "seed {seed}\n{text}");
            for name in names(&throng) {
                let inside = members(&throng, &name);
                assert_eq!(inside, members(&fresh, &name), "seed {seed}, {name}\n{text}");
                assert_eq!(inside, told(&throng, &name), "seed {seed}, {name}\n{text}");
                let step = plan.steps.iter().find(|step| *step.name == *name);
                let was = was.get(&name).cloned().unwrap_or_default();
                let moves = step.and_then(|step| step.moves).unwrap_or_default();
                let n = |of: &[ProfileId], not: &[ProfileId]| {
                    of.iter().filter(|profile| !not.contains(profile)).count() as u64
                };
                assert_eq!(moves.enter, n(&inside, &was), "seed {seed}, {name}\n{plan}\n{text}");
                assert_eq!(moves.leave, n(&was, &inside), "seed {seed}, {name}\n{plan}\n{text}");
                n_moves += moves.enter + moves.leave;
            }
            assert!(throng.plan(&files, None).unwrap().is_empty(), "seed {seed}\n{text}");
        }
    }
    println!("{n_done} programs applied, {n_wrong} refused, {n_moves} moves");
    assert!(n_done > n_cases() / 2 && n_wrong > 0 && n_moves > n_cases());
}

fn names(throng: &Throng) -> Vec<String> {
    throng.info().unwrap().audiences.iter().map(|(name, ..)| name.to_string()).collect()
}

#[test]
fn a_script_says_yes_and_learns_from_the_status_whether_there_is_something_to_do() {
    let home = shop();
    let write =
        |name: &str, text: &str| fs::write(home.path().join("who").join(name), text).unwrap();
    fs::create_dir(home.path().join("who")).unwrap();
    write("a.who", "create audience many is people in audience buyers;");
    write("b.who", "-- Whoever bought.\ncreate audience buyers is people who did order");
    write("notes.txt", "not a definition");
    let run = |more: &[&str]| {
        let done =
            piped(home.path(), &[&["apply", "--data", "shop", "who"], more].concat(), "yes\n");
        (done.status.code().unwrap(), out(&done), problem(&done))
    };
    let (status, said, _) = run(&[]);
    assert_eq!(status, 3, "{said}");
    assert!(said.contains("+ audience `buyers`: 2 people\n+ audience `many`: 2 people\n"));
    assert!(said.ends_with("nothing was changed; `--yes` does it\n"), "{said}");
    assert_eq!(run(&["--dry-run", "--yes"]).0, 3);
    let (status, said, _) = run(&["--yes"]);
    assert_eq!((status, said.ends_with("done, as one commit\n")), (0, true), "{said}");
    let (status, said, _) = run(&["--yes"]);
    assert_eq!((status, said.ends_with("nothing to do\n")), (0, true), "{said}");

    let serving = Serving::new(home.path(), &[]);
    write("a.who", "create audience gold is people whose plan = \"gold\"");
    let (status, said, _) = run(&[]);
    assert_eq!(status, 3);
    assert!(said.contains("+ audience `gold`: 1 person\n- audience `many`: 2 leave\n"), "{said}");
    assert_eq!(run(&["--yes"]).0, 0);
    assert_eq!(run(&["--dry-run"]).0, 0);
    write("a.who", "create audience gold is people whose plan = 1 or");
    let (status, _, wrong) = run(&["--yes"]);
    assert_eq!(status, 2);
    assert!(wrong.contains("who/a.who:1:"), "{wrong}");
    serving.stop();
    assert_eq!(run(&["--yes"]).0, 2);
}

#[test]
fn a_new_database_is_begun_by_what_is_right_alone() {
    let home = tempfile::tempdir().unwrap();
    let write = |text: &str| fs::write(home.path().join("a.who"), text).unwrap();
    let run = |more: &[&str]| {
        let arguments = [&["apply", "--data", "new", "a.who"], more].concat();
        piped(home.path(), &arguments, "").status.code().unwrap()
    };
    write("create audience a is people who did odrer");
    assert_eq!(run(&["--yes"]), 2);
    write("declare event order; create audience a is people who did order");
    assert_eq!(run(&[]), 3);
    assert!(!home.path().join("new").exists());
    assert_eq!(run(&["--yes"]), 0);
    assert_eq!(run(&["--dry-run"]), 0);
}

#[test]
fn acts_are_told_apart() {
    let throng = buyers();
    let plan = throng.plan(&file("create audience a is everyone"), None).unwrap();
    assert_eq!(plan.steps[0].act, Act::Create);
}

#[test]
fn a_script_that_comes_otherwise_fails_and_tells_where() {
    let home = shop();
    let path = home.path().join("t.txt");
    let text = "# One is in.\nat 2026-03-01T00:00:00Z\ncreate audience a is everyone\n\n\
                track user_id:u page\n----\nuser_id:u entered b\n";
    fs::write(&path, text).unwrap();
    let run = |arguments: &[&str]| {
        let done = piped(home.path(), arguments, "");
        (done.status.code().unwrap(), out(&done))
    };
    let (status, said) = run(&["test", "t.txt"]);
    let expected = "t.txt:6: something else is seen\n- user_id:u entered b\n+ user_id:u entered a\n\n\
                    1 script, 2 sections: 1 otherwise; `--update` writes what is seen into the scripts\n";
    assert_eq!((status, said.as_str()), (1, expected));
    assert_eq!(run(&["test", "--update", "t.txt"]).0, 0);
    assert!(fs::read_to_string(&path).unwrap().ends_with("----\nuser_id:u entered a\n"));
    assert_eq!(run(&["test", "."]), (0, "1 script, 2 sections: all as they are written\n".into()));
    assert_eq!(run(&["test", "none.txt"]).0, 1);
    fs::write(&path, "# Wrong.\ncount poeple\n----\n").unwrap();
    let (_, said) = run(&["test", "--update", "t.txt"]);
    assert!(said.starts_with("t.txt:3: writes error["), "{said}");
    let (_, audiences) = run(&["query", "--data", "shop", "show audiences"]);
    assert_eq!(audiences, "", "the user's database is not touched");
}
