//! What the handle promises: changes of audiences without doubles, commits that
//! are refused without harm, acknowledgements that say how far they go.
#![allow(clippy::disallowed_methods, reason = "readers that come at once are threads")]

use std::collections::BTreeSet;
use std::time::Duration;
use throng::engine::{
    Clock, CommitError, CommitTime, Durability, Endpoint, Options, Params, QueryError,
    Subscription, Throng,
};
use throng::model::{Body, Call, EventId, Input, Lsn, Object, ProfileId, Value};
use throng::store::{self, Directory, Log};

fn options() -> Options {
    Options { clock: Some(Clock::Given), reserve_bytes: 0, ..Options::default() }
}

fn order(user: u64, n_bytes: usize) -> Call {
    let note = Value::text(&format!("{user}{}", "x".repeat(n_bytes)));
    let properties = Object::new(vec![("note".into(), note)]).unwrap();
    let mut call = Call::new("web", Body::Track { event: "order".into(), properties });
    call.user_id = Some(format!("u-{user}").into());
    call.id = Some(EventId(u128::from(user) << 100));
    call
}

/// Folds what a subscriber is told; somebody who moves twice the same way is an error.
fn told(throng: &Throng) -> BTreeSet<ProfileId> {
    let mut changes = throng.subscribe("buyers", Some(0)).unwrap();
    let mut members = BTreeSet::new();
    while let Some(change) = changes.next(Duration::ZERO).unwrap() {
        let moved = match change.entered {
            true => members.insert(change.profile),
            false => members.remove(&change.profile),
        };
        assert!(moved, "{change:?}");
    }
    members
}

#[test]
fn an_audience_that_is_dropped_and_made_again_tells_nobody_twice() {
    let place = tempfile::tempdir().unwrap();
    let throng = Throng::open(place.path(), options()).unwrap();
    throng.ingest(vec![order(1, 0), order(2, 0)]).unwrap();
    let create = "create audience buyers is people who did order";
    throng.query(create).unwrap();
    throng.query("drop audience buyers").unwrap();
    throng.query(create).unwrap();
    assert_eq!(told(&throng).len(), 2);
    throng.close().unwrap();
    let throng = Throng::open(place.path(), options()).unwrap();
    assert_eq!(told(&throng).len(), 2, "and a reopening has nothing to add");
}

#[test]
fn a_handle_that_closes_takes_back_where_it_answers() {
    let place = tempfile::tempdir().unwrap();
    let told = place.path().join("ENDPOINT");
    for closes in [true, false] {
        let throng = Throng::open(place.path(), options()).unwrap();
        throng.answer_at(Some(Endpoint::here("127.0.0.1:7411", "a secret"))).unwrap();
        assert!(told.exists());
        match closes {
            true => throng.close().unwrap(),
            false => drop(throng),
        }
        assert!(!told.exists(), "closed: {closes}");
    }
}

#[test]
fn a_commit_that_is_too_large_is_refused_and_may_come_again_in_parts() {
    let throng = Throng::temporary().unwrap();
    let calls: Vec<Call> = (0..400).map(|n| order(n, 60_000)).collect();
    let refused = throng.ingest(calls.clone());
    assert!(matches!(refused, Err(CommitError::TooLarge { .. })), "{refused:?}");
    for part in calls.chunks(50) {
        assert_eq!(throng.ingest(part.to_vec()).unwrap().accepted, 50);
    }
    assert_eq!(throng.ingest(calls[..1].to_vec()).unwrap().duplicates, 1);
}

#[test]
fn the_log_holds_what_was_taken_and_nothing_else() {
    let place = tempfile::tempdir().unwrap();
    let throng = Throng::open(place.path(), options()).unwrap();
    let mut nobody = order(5, 0);
    nobody.user_id = None;
    let batches = [
        vec![order(1, 0), order(2, 0)],
        vec![order(3, 0), order(2, 0), nobody, order(4, 1)],
        vec![order(6, 0), order(7, 0)],
    ];
    // All are made ready before the first is taken, as far as anybody can tell.
    let sent = batches.clone().map(|batch| throng.begin(batch, CommitTime::Clock, false).unwrap());
    let [first, second, third] = sent.map(|pending| pending.wait().unwrap());
    assert_eq!([first.accepted, second.accepted, third.accepted], [2, 2, 2]);
    assert_eq!((second.duplicates + second.conflicting.len() as u64, second.refused.len()), (1, 1));
    throng.close().unwrap();
    let directory = Directory::open(place.path(), store::Options::small()).unwrap();
    let (log, _) = Log::open(&directory).unwrap();
    let logged = log.read(Lsn(0)).filter_map(|record| match record.unwrap().input {
        Input::Calls(calls) => Some(calls),
        _ => None,
    });
    let taken = [&batches[0][..], &[order(3, 0), order(4, 1)], &batches[2]].concat();
    assert_eq!(logged.flatten().collect::<Vec<_>>(), taken);
}

/// Once, who had left a call with a writer that was just ending waited for ever.
#[test]
fn whoever_brings_calls_while_another_closes_is_told() {
    for round in 0..20 {
        let throng = Throng::temporary().unwrap();
        let bringing: Vec<_> = (0..4)
            .map(|user| {
                let throng = throng.clone();
                std::thread::spawn(move || {
                    (0..).map(|n| throng.ingest(vec![order(4 * n + user, 0)])).find_map(Result::err)
                })
            })
            .collect();
        std::thread::sleep(Duration::from_millis(round % 5));
        throng.close().unwrap();
        for bringing in bringing {
            let told = bringing.join().unwrap();
            assert!(matches!(told, Some(CommitError::Closed)), "{told:?}");
        }
    }
}

#[test]
fn a_relaxed_receipt_says_so_and_the_disk_follows_by_itself() {
    let place = tempfile::tempdir().unwrap();
    let relaxed = Options { durability: Durability::Relaxed, ..options() };
    let throng = Throng::open(place.path(), relaxed).unwrap();
    throng.query("declare event order").unwrap();
    throng.query("create audience buyers is people who did order").unwrap();
    let mut changes = throng.subscribe("buyers", None).unwrap();
    assert!(!throng.ingest(vec![order(1, 0)]).unwrap().durable);
    // Nothing else is committed: what a subscriber sees is on disk, so this waits for it.
    let change = changes.next(Duration::from_secs(20)).unwrap().expect("it is told");
    assert!(change.entered);
    throng.ingest(vec![order(2, 0)]).unwrap();
    throng.close().unwrap();
    let throng = Throng::open(place.path(), options()).unwrap();
    assert!(throng.ingest(vec![order(3, 0)]).unwrap().durable);
    assert_eq!(told(&throng).len(), 3);
}

#[test]
fn any_number_reads_while_nobody_writes() {
    let place = tempfile::tempdir().unwrap();
    let throng = Throng::open(place.path(), options()).unwrap();
    throng.ingest((0..100).map(|n| order(n, 10)).collect()).unwrap();
    let reading = || Throng::open(place.path(), Options { read_only: true, ..options() });
    let held = reading().err().expect("somebody writes");
    assert!(held.to_string().contains("in use by process"), "{held}");
    throng.close().unwrap();

    let readers: Vec<Throng> = (0..3).map(|_| reading().unwrap()).collect();
    let count = |throng: &Throng| throng.query("count people who did order").unwrap();
    for reader in &readers {
        assert_eq!(count(reader).answers[0].rows().unwrap().rows, [[100.into()]]);
    }
    let held = Throng::open(place.path(), options()).err().expect("they read");
    assert!(held.to_string().contains("in use by process"), "{held}");

    // Whoever came later goes on when the first one is gone, and others may still come.
    let mut readers = readers.into_iter();
    readers.next().unwrap().close().unwrap();
    let late = reading().unwrap();
    for reader in readers.chain([late]) {
        assert_eq!(count(&reader).answers[0].rows().unwrap().rows, [[100.into()]]);
        reader.close().unwrap();
    }
    Throng::open(place.path(), options()).unwrap().close().unwrap();
    let names = std::fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    assert!(!names.iter().any(|name| name.ends_with("unfinished")), "{names:?}");
}

#[test]
fn whoever_only_reads_is_told_what_was_announced() {
    let place = tempfile::tempdir().unwrap();
    let throng = Throng::open(place.path(), options()).unwrap();
    throng.query("declare event order; create audience buyers is people who did order").unwrap();
    throng.ingest((0..3).map(|n| order(n, 10)).collect()).unwrap();
    throng.close().unwrap();
    let reader = Throng::open(place.path(), Options { read_only: true, ..options() }).unwrap();
    for text in ["watch audience buyers", "members of audience buyers as announced at 2100-01-01"] {
        let answers = reader.query(text).unwrap();
        assert_eq!(answers.answers[0].rows().unwrap().rows.len(), 3, "{text}");
    }
}

#[test]
fn readers_that_come_at_once_all_get_in() {
    let place = tempfile::tempdir().unwrap();
    let throng = Throng::open(place.path(), options()).unwrap();
    throng.ingest((0..100).map(|n| order(n, 10)).collect()).unwrap();
    throng.close().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let options = Options { read_only: true, ..options() };
                let reader = Throng::open(place.path(), options).unwrap();
                let answers = reader.query("count everyone").unwrap();
                assert_eq!(answers.answers[0].rows().unwrap().rows, [[100.into()]]);
            });
        }
    });
}

/// Subscribers that never read while there are commits.
const N_SLOW: usize = 200;
const N_COMMITS: u64 = 150;

/// A database with an audience that everybody enters, one commit after another.
fn with_subscribers(n: usize) -> (Throng, Vec<Subscription>) {
    let throng = Throng::temporary().unwrap();
    throng.query("declare event order; create audience buyers is people who did order").unwrap();
    let slow = (0..n).map(|_| throng.subscribe("buyers", None).unwrap()).collect();
    for user in 0..N_COMMITS {
        throng.ingest(vec![order(user, 0)]).unwrap();
    }
    (throng, slow)
}

#[test]
fn a_subscriber_that_never_reads_costs_the_writer_nothing() {
    let (alone, _) = with_subscribers(0);
    let (throng, slow) = with_subscribers(N_SLOW);
    // What is read comes from disk: no part of the memory knows of a subscriber. Pages that
    // a view has parted are as long as what is on them, so parts differ by a little.
    let (many, none) = (throng.info().unwrap().memory, alone.info().unwrap().memory);
    for ((name, many), (same, none)) in many.into_iter().zip(none) {
        assert_eq!(name, same);
        assert!(many.abs_diff(none) <= none / 10, "{name}: {many}, without subscribers {none}");
    }

    let every: Vec<ProfileId> = (1..=N_COMMITS as u32).map(ProfileId).collect();
    let rest = |mut changes: Subscription| {
        let next = || changes.next(Duration::ZERO).unwrap();
        std::iter::from_fn(next).map(|change| (change.lsn, change.profile)).collect::<Vec<_>>()
    };
    let all = rest(throng.subscribe("buyers", Some(0)).unwrap());
    assert_eq!(all.iter().map(|(_, profile)| *profile).collect::<Vec<_>>(), every);
    assert!(all.is_sorted_by(|a, b| a.0 < b.0), "each commit has its number: {all:?}");
    for changes in slow.into_iter().step_by(20) {
        assert_eq!(rest(changes), all, "in order, all of them, none twice");
    }
    for (place, (lsn, _)) in all.iter().enumerate().step_by(10) {
        assert_eq!(rest(throng.subscribe("buyers", Some(lsn.0)).unwrap()), all[place..]);
    }
}

#[test]
fn a_definition_keeps_the_values_that_were_given_with_it() {
    let place = tempfile::tempdir().unwrap();
    let throng = Throng::open(place.path(), options()).unwrap();
    throng.ingest(vec![order(1, 0), order(2, 0)]).unwrap();
    let sly = "\"; drop audience them; --\n`\0\u{2028}é";
    let params = Params::new().text("note", sly).number("least", 1);
    let text =
        "create audience them is people who did order where (note != $note) at least $least times";
    throng.query_with(text, params).unwrap();
    let definition = throng.audience("them").unwrap().definition().to_owned();
    assert!(!definition.contains('$') && definition.contains("drop audience them; --\\n`\\u{0}"));
    throng.close().unwrap();
    let throng = Throng::open(place.path(), options()).unwrap();
    let them = throng.audience("them").unwrap();
    assert_eq!((them.definition(), them.len(), them.version()), (&*definition, 2, 1));
}

#[test]
fn a_program_with_a_wrong_parameter_is_not_begun() {
    let throng = Throng::temporary().unwrap();
    for params in [Params::new(), Params::new().number("n", 1), Params::new().number("$m", 1)] {
        let text = "declare event visit; count people who did visit at least $m times";
        let wrong = throng.query_with(text, params).unwrap_err();
        assert!(matches!(wrong, QueryError::Text { .. }), "{wrong}");
    }
    assert_eq!(throng.info().unwrap().lsn, Lsn(0));
}

#[test]
fn a_definition_that_grows_too_long_when_it_is_printed_is_not_logged() {
    let throng = Throng::temporary().unwrap();
    throng.query("declare attribute note: text").unwrap();
    let before = throng.info().unwrap().lsn;
    let half = "x".repeat((1 << 20) - 100);
    let text = "create audience a is people whose note=$n";
    let made = throng.query_with(text, Params::new().text("n", &half));
    assert!(made.is_ok());
    let most = "x".repeat((1 << 20) - text.len() - 2);
    let made = throng.query_with(&text.replace(" a ", " b "), Params::new().text("n", &most));
    assert!(made.unwrap_err().to_string().contains("E0013"));
    assert!(throng.audience("a").is_ok() && throng.audience("b").is_err());
    assert!(throng.info().unwrap().lsn > before);
}

#[test]
fn an_audience_shows_the_moment_at_which_it_was_asked_for() {
    let throng = Throng::temporary().unwrap();
    throng.ingest(vec![order(1, 0), order(2, 0)]).unwrap();
    throng.query("create audience buyers is people who did order").unwrap();
    let before = throng.audience("buyers").unwrap();
    throng.ingest(vec![order(3, 0)]).unwrap();
    throng
        .query("create or replace audience buyers is people who did order at least 2 times")
        .unwrap();
    let after = throng.audience("buyers").unwrap();
    assert_eq!((before.len(), before.version(), after.len(), after.version()), (2, 1, 0, 2));
    let members: Vec<ProfileId> = before.members().collect();
    assert_eq!(members, [ProfileId(1), ProfileId(2)]);
    assert!(before.contains(members[0]) && !after.contains(members[0]) && after.is_empty());
    for (called, is_in) in
        [("user_id:u-1", true), ("p:2", true), ("user_id:u-3", false), ("p:z", false)]
    {
        assert_eq!(before.contains_called(called).unwrap(), is_in, "{called}");
    }
    for called in ["u-1", "usr_id:u-1", "p:!"] {
        assert!(
            matches!(before.contains_called(called), Err(QueryError::NotAPerson { .. })),
            "{called}"
        );
    }
    throng.query("drop audience buyers").unwrap();
    let gone = throng.audience("buyers").unwrap_err();
    assert!(matches!(gone, QueryError::NoSuchAudience { .. }), "{gone}");
    assert_eq!(before.len(), 2);
}

#[test]
fn a_handle_that_only_reads_says_that_it_keeps_no_audience() {
    let place = tempfile::tempdir().unwrap();
    let throng = Throng::open(place.path(), options()).unwrap();
    throng.ingest(vec![order(1, 0)]).unwrap();
    throng.query("create audience buyers is people who did order").unwrap();
    throng.close().unwrap();
    let reader = Throng::open(place.path(), Options { read_only: true, ..options() }).unwrap();
    let refused = reader.audience("buyers").unwrap_err().to_string();
    assert!(refused.contains("`buyers` is not kept by a handle that only reads"), "{refused}");
    let slip = reader.audience("buyer").unwrap_err().to_string();
    assert!(slip.contains("did you mean `buyers`?"), "{slip}");
    let params = Params::new().text("who", "u-1");
    let answers = reader.query_with("count people whose user_id = $who", params).unwrap();
    assert_eq!(answers.answers[0].rows().unwrap().rows, [[1.into()]]);
}

#[test]
fn a_file_is_read_where_a_text_is_written_and_not_where_it_is_answered() {
    let throng = Throng::temporary().unwrap();
    let told = throng.query("create model m version 1 from \"m.json\"").unwrap_err().to_string();
    assert!(told.starts_with("error[E0130]: this file was not read"), "{told}");
    assert!(told.contains("elsewhere give what it holds"), "{told}");
}
