//! What is told once it has held for a while: by a subscription, by the
//! statement, by the command and over HTTP, from any record on.
#![allow(clippy::disallowed_methods, reason = "how many cases is for the caller to say")]

#[path = "support/cases.rs"]
mod cases;
#[path = "support/command.rs"]
mod command;
#[path = "support/generate/random.rs"]
#[allow(dead_code, reason = "not every number is drawn here")]
mod random;

use command::{Serving, out, piped, problem};
use random::Random;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use throng::engine::{Change, CommitTime, Subscription, Throng};
use throng::model::{Body, Call, Object, ProfileId, Timestamp};

const MINUTE: i64 = 60_000;
const SPAN: i64 = 10 * MINUTE;

fn n_cases() -> u64 {
    cases::n_cases(100)
}

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millis(1_770_000_000_000 + ms).unwrap()
}

fn visit(user: u64, when: Timestamp) -> Call {
    let mut call =
        Call::new("web", Body::Track { event: "visit".into(), properties: Object::default() });
    (call.user_id, call.when) = (Some(format!("u-{user}").as_str().into()), Some(when));
    call
}

fn all(changes: &mut Subscription) -> Vec<Change> {
    std::iter::from_fn(|| changes.next(Duration::ZERO).unwrap()).collect()
}

fn settled(throng: &Throng, from: u64) -> Subscription {
    let changes = throng.subscribe("silent", Some(from)).unwrap();
    changes.settled(Duration::from_millis(SPAN as u64))
}

/// Who is in by what was told; each person's changes come by turns.
fn fold(changes: &[Change]) -> BTreeSet<ProfileId> {
    let mut inside = BTreeSet::new();
    for change in changes {
        let is_news = match change.entered {
            true => inside.insert(change.profile),
            false => inside.remove(&change.profile),
        };
        assert!(is_news, "{change:?} was told twice");
    }
    inside
}

/// What is told by now, by the definition: of each person a change settles
/// unless the next one is committed before it has held for the span, and then
/// neither is told; a record is told once those before it are decided.
fn naive(raw: &[Change], now: Timestamp) -> Vec<Change> {
    let mut by_person: BTreeMap<ProfileId, Vec<&Change>> = BTreeMap::new();
    raw.iter().for_each(|change| by_person.entry(change.profile).or_default().push(change));
    let (mut told, mut first_open) = (Vec::new(), u64::MAX);
    for changes in by_person.values() {
        let mut place = 0;
        while let Some(change) = changes.get(place) {
            let due = change.at.plus_ms(SPAN).max(change.committed);
            if changes.get(place + 1).is_some_and(|next| next.committed < due) {
                place += 2;
                continue;
            }
            match due <= now {
                true => told.push((*change).clone()),
                false => first_open = first_open.min(change.lsn.0),
            }
            place += 1;
        }
    }
    told.retain(|change| change.lsn.0 < first_open);
    told.sort_by_key(|change| (change.lsn, change.entered, change.profile));
    told
}

#[test]
fn what_has_settled_folds_to_who_was_in_and_goes_on_from_any_record() {
    let (mut n_told, mut n_raw, mut n_resumed) = (0, 0, 0);
    for seed in cases::seeds(100) {
        let mut random = Random::new(seed);
        let throng = Throng::temporary().unwrap();
        throng.advance_to(at(0)).unwrap();
        throng
            .query(
                "declare event visit; create audience silent is \
                    people who did visit and did not visit in last 20 minutes",
            )
            .unwrap();
        let (mut now, mut told) = (0, Vec::new());
        let mut following = settled(&throng, 0);
        for _ in 0..40 {
            now += random.between(0, 12) * MINUTE;
            let late = if random.chance(4) { random.between(0, 40) * MINUTE } else { 0 };
            let call = visit(random.below(4), at((now - late).max(0)));
            if random.chance(3) {
                throng.advance_to(at(now)).unwrap();
            } else {
                throng.ingest_at(vec![call], CommitTime::At(at(now)), false).unwrap();
            }
            told.extend(all(&mut following));
            let raw = all(&mut throng.subscribe("silent", Some(0)).unwrap());
            assert_eq!(told, naive(&raw, at(now)), "seed {seed}");
            fold(&told);
            // From the beginning it is what was told piece by piece.
            assert_eq!(all(&mut settled(&throng, 0)), told, "seed {seed}");
            n_raw = n_raw.max(raw.len());
        }
        // Once nothing has changed for the span, it is as it is.
        throng.advance_to(at(now + 30 * MINUTE)).unwrap();
        throng.advance_to(at(now + 30 * MINUTE + SPAN)).unwrap();
        told.extend(all(&mut following));
        let members: BTreeSet<ProfileId> = throng.audience("silent").unwrap().members().collect();
        assert_eq!(fold(&told), members, "seed {seed}");
        let raw = all(&mut throng.subscribe("silent", Some(0)).unwrap());
        for pair in told.windows(2) {
            assert!(pair[0].lsn <= pair[1].lsn);
        }
        for change in &told {
            let next = raw.iter().find(|it| it.profile == change.profile && it.lsn > change.lsn);
            let due = change.at.plus_ms(SPAN).max(change.committed);
            assert!(next.is_none_or(|next| next.committed >= due), "seed {seed}: {change:?}");
        }
        for from in 0..=throng.info().unwrap().lsn.0 + 1 {
            let rest: Vec<Change> = told.iter().filter(|it| it.lsn.0 >= from).cloned().collect();
            assert_eq!(all(&mut settled(&throng, from)), rest, "seed {seed} from {from}");
            n_resumed += 1;
        }
        let rows = throng.query("watch audience silent settled for 10 minutes").unwrap();
        assert_eq!(rows.answers[0].rows().unwrap().rows.len(), told.len(), "seed {seed}");
        n_told += told.len();
    }
    println!("{n_told} changes settled, {n_resumed} resumptions");
    assert!(n_told as u64 > 5 * n_cases() && n_raw > 20);
}

/// A database in which one person has been silent since noon.
fn silence() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let call = "{\"type\":\"track\",\"event\":\"visit\",\"userId\":\"a\",\"messageId\":\"v-1\",\
                \"timestamp\":\"2026-03-01T12:00:00Z\"}\n{\"type\":\"identify\",\"userId\":\"a\",\
                \"messageId\":\"i-1\",\"timestamp\":\"2026-03-01T12:00:00Z\",\
                \"traits\":{\"plan\":\"gold\",\"points\":12.50}}\n";
    let at = ["import", "--data", "shop", "--at", "2026-03-01T12:00:00Z", "-"];
    assert!(piped(home.path(), &at, call).status.success());
    ask(
        &home,
        "2026-03-01T12:00:00Z",
        "create audience silent is \
        people who did visit and did not visit in last 1 hour",
    );
    ask(&home, "2026-03-01T13:00:00Z", "create audience other is everyone");
    home
}

fn ask(home: &tempfile::TempDir, at: &str, text: &str) {
    let asked = piped(home.path(), &["query", "--data", "shop", "--at", at, text], "");
    assert!(asked.status.success(), "{}", problem(&asked));
}

#[test]
fn the_command_and_the_server_tell_the_same() {
    let home = silence();
    let watch = ["watch", "--data", "shop", "silent", "--from", "0", "--once"];
    let watch = |more: &[&str]| {
        let told = piped(home.path(), &[&watch[..], more].concat(), "");
        assert!(told.status.success(), "{}", problem(&told));
        out(&told)
    };
    let plain = watch(&[]);
    assert!(plain.contains("\"change\":\"entered\",\"at\":\"2026-03-01T13:00:00Z\""), "{plain}");
    let with = ["--with", "plan, points", "--settled", "10 minutes", "--format", "ndjson"];
    assert_eq!(watch(&with), "");
    ask(&home, "2026-03-01T13:10:00Z", "create audience some is everyone");
    let told = watch(&with);
    let settled = "\"settled\":\"2026-03-01T13:10:00Z\",\"cause\":\"time\",\"plan\":\"gold\",\"points\":12.5}";
    assert!(told.trim_end().ends_with(settled), "{told}");
    let table = watch(&["--with", "plan", "--settled", "10m", "--format", "table"]);
    assert!(table.contains("settled at 2026-03-01T13:10:00Z (time)  plan \"gold\""), "{table}");
    let csv = watch(&["--format", "csv"]);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!((lines[0], lines.len()), ("lsn,profile,change,at,cause", 1 + plain.lines().count()));
    let serving = Serving::new(home.path(), &[]);
    assert_eq!(watch(&with), told);
    assert_eq!(watch(&[]), plain);
    let wrong = piped(home.path(), &["watch", "--data", "shop", "silent", "--settled", "soon"], "");
    assert_eq!(wrong.status.code(), Some(2), "{}", problem(&wrong));
    serving.stop();
    let wrong = piped(home.path(), &["watch", "--data", "shop", "silent", "--with", "pln"], "");
    assert_eq!(wrong.status.code(), Some(2));
    assert!(problem(&wrong).contains("did you mean `plan`"), "{}", problem(&wrong));
}

#[test]
fn by_the_clock_it_is_told_when_it_has_held_though_nothing_happens() {
    let place = tempfile::tempdir().unwrap();
    let options = throng::engine::Options { reserve_bytes: 0, ..Default::default() };
    let throng = Throng::open(place.path(), options).unwrap();
    throng.query("declare event visit; create audience silent is people who did visit").unwrap();
    let span = Duration::from_millis(300);
    let mut changes = throng.subscribe("silent", None).unwrap().settled(span);
    let mut call = visit(1, at(0));
    call.when = None;
    throng.ingest(vec![call]).unwrap();
    assert_eq!(changes.next(Duration::ZERO).unwrap(), None);
    let told = changes.next(Duration::from_secs(60)).unwrap().unwrap();
    assert_eq!(
        (told.entered, changes.position()),
        (true, throng.subscribe("silent", None).unwrap().position())
    );
    assert_eq!(changes.next(Duration::from_millis(1)).unwrap(), None);
}
