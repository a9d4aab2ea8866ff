//! A database and what it is compared by: histories of calls, definitions and
//! acts on identity, and everything that a reader can see.

#![allow(clippy::disallowed_methods, reason = "a test has files")]
#![allow(dead_code, reason = "each test takes what it needs")]

use crate::support::generate::Random;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;
use throng::engine::{Ask, Clock, CommitTime, Options, Throng};
use throng::model::{Body, Call, EventId, Object, Timestamp, Value};
use throng::query::Crowd;

pub const HOUR: i64 = 3_600_000;

/// The instant of the first commit.
pub fn start() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

/// Small enough that everything happens often.
pub fn small(tail_rows: usize) -> Options {
    Options {
        clock: Some(Clock::Given),
        memory_budget: 8 << 20,
        tail_rows,
        reserve_bytes: 0,
        ..Options::default()
    }
}

/// One step of a history, at its instant.
#[derive(Clone, Debug)]
pub enum Step {
    Calls(Vec<Call>),
    Told(String),
    Passes,
}

/// The step of that number: the same for the same seed.
pub fn step(seed: u64, number: u64, n_calls: u64) -> (Timestamp, Step) {
    let mut random = Random::new(seed.wrapping_mul(0x1000_0001).wrapping_add(number));
    let at = start().plus_ms(number as i64 * HOUR);
    let step = match random.below(14) {
        12 => Step::Told(kept_by_hand(&mut random)),
        13 => Step::Told(said_of_audiences(&mut random)),
        0 => Step::Told(definition(&mut random)),
        1 => Step::Told(act(&mut random)),
        2 => Step::Passes,
        _ => Step::Calls((0..n_calls).map(|_| call(&mut random, at)).collect()),
    };
    (at, step)
}

fn definition(random: &mut Random) -> String {
    let days = random.between(1, 20);
    match random.below(6) {
        0 => {
            format!("create or replace audience lately is people who did order in last {days} days")
        }
        1 => format!(
            "create or replace audience often is people who did order at least {days} times"
        ),
        2 => {
            "create or replace audience quiet is people who did visit and did not order".to_owned()
        }
        3 => "declare event order.total: number".to_owned(),
        4 => "declare event visit".to_owned(),
        _ => "create or replace audience rich is people whose sum(order.total) > 20".to_owned(),
    }
}

/// Lists and what reads them, shares, conditions with parameters; one statement a
/// step, for a crash between two leaves half of them.
fn kept_by_hand(random: &mut Random) -> String {
    let (user, device, points) = (random.below(25), random.below(40), random.below(10));
    let verb = random.one_of(&[("add", "to"), ("add", "to"), ("remove", "from")]);
    match random.below(14) {
        0 => "create list scores of number".to_owned(),
        10 => "create list people of id".to_owned(),
        1 | 2 => format!("{} \"{points}\" {} list scores", verb.0, verb.1),
        3 => format!("{} \"user_id:u{user}\" {} list people", verb.0, verb.1),
        4 => format!("{} \"anonymous_id:a{device}\" {} list people", verb.0, verb.1),
        5 => "create or replace audience listed is people whose points in list scores \
              or in list people"
            .to_owned(),
        6 => {
            format!("create or replace condition keen($n: number = {points}) is count(order) >= $n")
        }
        11 => format!(
            "create or replace audience keen_ones($in: duration = {} days) is \
             people meets keen and did visit in last $in",
            points + 1
        ),
        7 => "create audience keenest is people meets keen(5) and in audience keen_ones(2 days)"
            .to_owned(),
        8 => "freeze audience often as list people".to_owned(),
        9 => {
            format!("create or replace audience spared holding out {points}0% as \"g\" is everyone")
        }
        12 => "create or replace audience arm is people in variant \"A\" of \"e\"".to_owned(),
        _ => format!("create or replace experiment \"e\" is (\"A\" {points}0%)"),
    }
}

/// Audiences are paused and called otherwise; events are forgotten.
fn said_of_audiences(random: &mut Random) -> String {
    let name = random.one_of(&["often", "lately", "listed", "rich"]);
    match random.below(7) {
        0 => format!("pause audience {name}"),
        1 | 2 => format!("resume audience {name}"),
        3 => "rename audience listed to noted".to_owned(),
        4 => "rename list scores to numbers".to_owned(),
        5 => "rename list numbers to scores".to_owned(),
        _ => {
            let id = format!("{:032x}", u128::from(random.below(50)) << 100);
            let parts = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]];
            format!("forget event \"{}\"", parts.join("-"))
        }
    }
}

fn act(random: &mut Random) -> String {
    let (device, user) = (random.below(40), random.below(25));
    match random.below(6) {
        0 => format!("link \"anonymous_id:a{device}\" with \"user_id:u{user}\""),
        1 => format!("unlink \"anonymous_id:a{device}\" from \"user_id:u{user}\""),
        2 => format!("forget profile \"user_id:u{user}\""),
        3 | 4 => policy(random).to_owned(),
        _ => format!("forget profile \"anonymous_id:a{device}\" and suppress"),
    }
}

/// How names are read, of all calls that ever came in.
fn policy(random: &mut Random) -> &'static str {
    random.one_of(&[
        "declare identifier anonymous_id: personal",
        "declare identifier anonymous_id: carrier",
        "declare identifier user_id: personal limit 2",
        "declare identifier user_id: personal limit 1 blocking (\"u3\", \"u4\")",
        "declare identifier points: personal limit 1 from \"traits.points\"",
    ])
}

/// A call of one of a few people, most often just now; some late, some ahead.
fn call(random: &mut Random, at: Timestamp) -> Call {
    let number = |random: &mut Random| Value::from(random.between(0, 9));
    let body = match random.below(8) {
        0 => Body::Identify { traits: object(vec![("points", number(random))]) },
        1..=3 => Body::Track { event: "visit".into(), properties: Object::default() },
        4 => Body::Page { properties: object(vec![("name", "home".into())]) },
        _ => {
            let item = Value::Object(object(vec![("price", number(random))]));
            let fields = vec![("total", number(random)), ("items", Value::List(vec![item]))];
            Body::Track { event: "order".into(), properties: object(fields) }
        }
    };
    let mut call = Call::new(random.one_of(&["web", "app"]), body);
    // A few ids come again, some with another content.
    call.id = Some(EventId(match random.chance(30) {
        true => u128::from(random.below(50)) << 100,
        false => u128::from(random.next()) << 64 | u128::from(random.next()),
    }));
    call.when = Some(at.plus_ms(match random.below(10) {
        0 => -random.between(0, 400 * 24 * HOUR),
        1 => random.between(0, 5 * 24 * HOUR),
        _ => -random.between(0, HOUR),
    }));
    call.ord = random.between(0, 1);
    if !random.chance(4) {
        call.anonymous_id = Some(format!("a{}", random.below(40)).into());
    }
    if call.anonymous_id.is_none() || random.chance(4) {
        call.user_id = Some(format!("u{}", random.below(25)).into());
    }
    call
}

fn object(fields: Vec<(&str, Value)>) -> Object {
    Object::new(fields.into_iter().map(|(key, value)| (key.into(), value)).collect()).unwrap()
}

/// Does a step. What is refused is refused by every database alike.
pub fn perform(throng: &Throng, (at, step): &(Timestamp, Step)) -> String {
    match step {
        Step::Calls(calls) => {
            let receipt = throng.ingest_at(calls.clone(), CommitTime::At(*at), false).unwrap();
            let (known, other) = (receipt.duplicates, receipt.conflicting);
            format!("{} {known} {other:?} {:?}", receipt.accepted, receipt.refused)
        }
        Step::Told(text) => {
            let told = throng.ask(&Ask { text, at: Some(*at), ..Ask::default() });
            format!("{told:?}")
        }
        Step::Passes => {
            throng.advance_to(*at).unwrap();
            String::new()
        }
    }
}

/// Questions whose answers are compared.
const QUESTIONS: [&str; 11] = [
    "show lists",
    "describe list scores",
    "describe list people",
    "count people in list people",
    "show conditions",
    "show experiments",
    "count everyone",
    "count people who did order in last 10 days",
    "count people whose sum(order.total) > 20",
    "count events order",
    "show audiences",
];

/// Everything that a reader sees: people with all their rows now and some time
/// ago, answers, members.
pub fn seen(throng: &Throng) -> String {
    let view = throng.view().unwrap();
    let mut seen = format!("at {}\n", view.at());
    for instant in [view.at(), view.at().plus_ms(-30 * 24 * HOUR)] {
        let mut people = BTreeMap::new();
        view.each(instant, &mut |person| {
            let text = format!(
                "{} {:?} {:?} {:?}",
                person.profile, person.identifiers, person.user_id, person.events
            );
            people.insert(person.profile, text);
            true
        })
        .unwrap();
        people.values().for_each(|person| writeln!(seen, "{person}").unwrap());
    }
    for question in QUESTIONS {
        writeln!(seen, "{question}: {:?}", throng.query(question)).unwrap();
    }
    let catalog = view.catalog();
    for entry in catalog.audience_entries() {
        let members: Vec<_> = view.members(&entry.audience.name).unwrap().iter().collect();
        let definition = &entry.definition;
        writeln!(
            seen,
            "{} {} {} {}: {members:?}",
            definition.text, definition.version, definition.created, definition.changed
        )
        .unwrap();
    }
    writeln!(seen, "{:?} {:?}", catalog.events(), catalog.attributes()).unwrap();
    for (path, of) in catalog.facts().attributes().paths() {
        writeln!(seen, "{path} {:?} {:?}", of.kinds(), of.examples()).unwrap();
    }
    seen
}

/// Whether the feed of every audience, from its start, leads to who is in now,
/// nobody entering or leaving twice. Gives how many moves it took.
pub fn check_feed(throng: &Throng, context: &str) -> u64 {
    let view = throng.view().unwrap();
    let mut n_moves = 0;
    // Of what is paused the feed is behind.
    let entries = view.catalog().audience_entries().filter(|entry| !entry.paused);
    for audience in entries.map(|entry| &entry.audience) {
        let mut members = std::collections::BTreeSet::new();
        let mut changes = throng.subscribe(&audience.name, Some(0)).unwrap();
        while let Some(change) = changes.next(Duration::ZERO).unwrap() {
            let is_new = match change.entered {
                true => members.insert(change.profile.0),
                false => members.remove(&change.profile.0),
            };
            assert!(is_new, "{context}: {} has {change:?} twice", audience.name);
            n_moves += 1;
        }
        let kept = view.members(&audience.name).unwrap();
        let kept: Vec<u32> = kept.iter().map(|seat| seat.0).collect();
        assert!(members.into_iter().eq(kept), "{context}: {}", audience.name);
    }
    n_moves
}

/// Copies a directory as a crash would leave it.
pub fn copy_all(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let target = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            copy_all(&entry, &target);
        } else if entry.exists() {
            // A file may be removed meanwhile, as a crash may come just after.
            let _gone = std::fs::copy(&entry, &target);
        }
    }
}
