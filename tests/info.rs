//! The numbers that a database tells of itself: what it costs, what it had to
//! do again and why, where the time of an opening went.
#![cfg(all(feature = "shell", feature = "server"))]
#![allow(clippy::disallowed_methods, reason = "a directory is opened again")]

#[path = "support/command.rs"]
mod command;

use command::{out, piped, shop};
use throng::engine::{Clock, CommitTime, Info, Options, Throng};
use throng::model::{Body, Call, EventId, Object, Timestamp};

fn options() -> Options {
    Options { clock: Some(Clock::Given), reserve_bytes: 0, ..Options::default() }
}

fn day(n: i64) -> Timestamp {
    Timestamp::from_millis(n * 86_400_000).unwrap()
}

/// A visit of somebody on a screen that others use, too.
fn visit(id: u128, user: &str, screen: &str, when: Timestamp) -> Call {
    let body = Body::Track { event: "visit".into(), properties: Object::default() };
    let mut call = Call::new("web", body);
    (call.user_id, call.anonymous_id) = (Some(user.into()), Some(screen.into()));
    (call.id, call.when) = (Some(EventId(id << 100)), Some(when));
    call
}

fn take(throng: &Throng, call: Call) {
    let receipt = throng.ingest_at(vec![call], CommitTime::At(day(100)), false).unwrap();
    assert_eq!(receipt.refused, []);
}

fn ask(throng: &Throng, text: &str) {
    throng.query(text).unwrap_or_else(|error| panic!("{text}: {error}"));
}

fn bytes(info: &Info, part: &str) -> usize {
    info.memory.iter().find(|(name, _)| *name == part).expect(part).1
}

#[test]
fn runs_stay_few_where_rows_are_always_due_to_be_sealed() {
    let place = tempfile::tempdir().unwrap();
    let throng = Throng::open(place.path(), Options { tail_rows: 50, ..options() }).unwrap();
    for number in 0..500 {
        let calls = (0..100).map(|n| visit(100 * number + n + 1, "ada", "kitchen", day(10)));
        throng.ingest_at(calls.collect(), CommitTime::At(day(100)), false).unwrap();
    }
    // All rows lie in one slice of one chunk: it may have four runs, is merged first where it
    // has more than twelve, and meanwhile there may be some more.
    let (n_rows, n_runs) = throng.info().unwrap().sealed;
    assert!(n_rows > 49_000, "{n_rows} rows are in runs");
    assert!(n_runs <= 16, "{n_runs} runs");
}

#[test]
fn clusters_that_are_folded_again_are_counted_with_the_reason() {
    let throng = Throng::temporary().unwrap();
    let refolds = |throng: &Throng| {
        let refolds = throng.info().unwrap().refolds;
        [refolds.late, refolds.alias, refolds.link, refolds.unlink, refolds.forget]
    };
    take(&throng, visit(1, "ada", "kitchen", day(10)));
    take(&throng, visit(2, "bob", "kitchen", day(20)));
    assert_eq!(refolds(&throng), [0; 5], "claims in order fold nothing again");
    take(&throng, visit(3, "cid", "kitchen", day(15)));
    assert_eq!(refolds(&throng), [1, 0, 0, 0, 0]);
    let mut alias = Call::new("web", Body::Alias { previous: "bob".into() });
    (alias.user_id, alias.when) = (Some("eve".into()), Some(day(30)));
    take(&throng, alias);
    assert_eq!(refolds(&throng), [1, 1, 0, 0, 0]);
    ask(&throng, "unlink \"user_id:eve\" from \"user_id:bob\"");
    assert_eq!(refolds(&throng), [1, 1, 0, 1, 0]);
    ask(&throng, "link \"user_id:eve\" with \"user_id:bob\"");
    assert_eq!(refolds(&throng), [1, 1, 1, 1, 0]);
    ask(&throng, "forget profile \"user_id:cid\"");
    let now = refolds(&throng);
    assert!(now[..4] == [1, 1, 1, 1] && now[4] > 0, "{now:?}");
}

#[test]
fn each_part_of_the_memory_grows_with_what_it_holds() {
    let throng = Throng::temporary().unwrap();
    let empty = throng.info().unwrap();
    ask(
        &throng,
        "declare event visit; create audience recent is people who did visit in last 7 days",
    );
    let users = (0..5_000u32).map(|n| format!("u-{n}"));
    let calls = users.enumerate().map(|(n, user)| visit(n as u128 + 1, &user, &user, day(99)));
    throng.ingest_at(calls.collect(), CommitTime::At(day(100)), false).unwrap();
    let full = throng.info().unwrap();
    let parts =
        ["identity", "people", "ids of calls", "catalog", "timeline tail", "live audiences"];
    for part in parts {
        assert!(bytes(&full, part) > bytes(&empty, part), "{part}: {:?}", full.memory);
    }
    // 10,000 identifiers with a claim for each two take about 200 bytes each.
    assert!((500_000..10_000_000).contains(&bytes(&full, "identity")), "{:?}", full.memory);
    let live = full.live.unwrap();
    assert_eq!((live.flips, live.due), (5_000, 0));
    assert!(live.touches >= 5_000, "{live:?}");
    throng.advance_to(day(107)).unwrap();
    let live = throng.info().unwrap().live.unwrap();
    assert_eq!((live.flips, live.due), (10_000, 5_000), "everybody left, and no call came");
}

#[test]
fn an_opening_says_where_its_time_went_and_pages_where_they_were() {
    let place = tempfile::tempdir().unwrap();
    let throng = Throng::open(place.path(), options()).unwrap();
    ask(&throng, "declare event visit; create audience visitors is people who did visit");
    let calls = (0..5_000u32).map(|n| visit(n.into(), &format!("u-{n}"), "tv", day(1)));
    throng.ingest_at(calls.collect(), CommitTime::At(day(100)), false).unwrap();
    throng.close().unwrap();
    let throng = Throng::open(place.path(), options()).unwrap();
    let opened = throng.info().unwrap();
    let steps = opened.opening.steps();
    let took = steps.iter().map(|(_, took)| took.as_millis() as u64).sum::<u64>();
    assert!(took <= opened.opened_ms, "{steps:?} of {} ms", opened.opened_ms);
    // The checkpoint was read, and audiences were taken up without a row.
    assert!(steps.iter().all(|(name, took)| *name == "replay" || !took.is_zero()), "{steps:?}");
    assert!(opened.cold_pages > 0, "{opened:?}");
    let ((asked, missed), before) = (opened.decoded, opened.warm_pages + opened.cold_pages);
    assert!(opened.opening.resumed && (asked, missed) == (0, 0), "{opened:?}");
    ask(&throng, "count people who did visit");
    let after = throng.info().unwrap();
    assert!(after.decoded.0 > asked || after.warm_pages + after.cold_pages > before, "{after:?}");
    throng.close().unwrap();
}

/// Once, rows seemed to take several times what they do, as long as pages of merged runs were there.
#[test]
fn pages_that_nobody_needs_any_more_are_not_counted_for_rows() {
    let directory = tempfile::tempdir().unwrap();
    let throng = Throng::open(directory.path(), Options { tail_rows: 32, ..options() }).unwrap();
    // Each waits for what is being sealed or merged, after which there may be more to merge.
    let at_rest = || {
        let mut last = throng.info().unwrap();
        let mut n_same = 0;
        while n_same < 3 {
            throng.checkpoint().unwrap();
            let info = throng.info().unwrap();
            n_same = if info.sealed == last.sealed { n_same + 1 } else { 0 };
            last = info;
        }
        last
    };
    let mut half = None;
    for n in 0..40 {
        if n == 20 {
            half = Some(throng.view().unwrap());
        }
        let calls = (0..32u32).map(|m| visit((n * 32 + m + 1).into(), "u", "s", day(1)));
        throng.ingest_at(calls.collect(), CommitTime::At(day(100)), false).unwrap();
    }
    // Whoever looks at the first half still needs the pages that were merged since.
    let merged = at_rest();
    assert_eq!(merged.sealed.0, 1_280);
    assert!(merged.sealed.1 < 20, "forty runs became fewer: {:?}", merged.sealed);
    drop(half);
    let swept = at_rest();
    assert_eq!(swept.sealed, merged.sealed);
    assert_eq!(swept.held_bytes.0, merged.held_bytes.0);
    assert!(swept.held_bytes.1 < merged.held_bytes.1, "pages of the others are gone");
}

#[test]
fn the_command_shows_each_number_to_people_and_to_programs() {
    let home = shop();
    let info =
        |format| out(&piped(home.path(), &["info", "--data", "shop", "--format", format], ""));
    let (table, json) = (info("table"), info("json"));
    serde_json::from_str::<serde_json::Value>(&json).unwrap();
    for what in [
        "pages found in memory",
        "milliseconds to open: manifest",
        "milliseconds to open: checkpoint",
        "milliseconds to open: replay",
        "milliseconds to open: audiences",
        "bytes of memory: identity",
        "bytes of memory: page cache",
        "bytes of memory: feed",
        "clusters folded again: late claim",
        "clusters folded again: forget",
        "live audiences: touches",
        "live audiences: flips",
        "live audiences: due evaluations",
    ] {
        assert!(table.contains(what) && json.contains(what), "no `{what}` in\n{table}\n{json}");
    }
}
