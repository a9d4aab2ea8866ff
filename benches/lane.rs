//! The whole way of a typed call: ids, names, log and sync, rows, audiences,
//! sealing and merging beside it. `cargo bench --bench lane`.
#![allow(clippy::disallowed_methods, missing_docs, reason = "a bench reads the clock")]

#[path = "support/chance.rs"]
mod chance;

use chance::Chance;
use std::collections::VecDeque;
use std::time::Instant;
use throng::engine::{Clock, CommitError, CommitTime, Durability, Options, Pending, Throng};
use throng::model::{Body, Call, Object, Text, Timestamp, Value};

const PEOPLE: u64 = 200_000;
const CALLS: u64 = 3_000_000;
const SPAN_MS: u64 = 180 * 86_400_000;
const BATCH: usize = 2_000;
/// Commits on their way; they share a sync.
const ON_THE_WAY: usize = 8;
/// Rows that are sealed at once, so that seals and merges come often.
const TAIL_ROWS: usize = 1 << 18;
const SEED: u64 = 42;

/// Calls that are there before the first one that comes alone, and how many do.
const BEFORE: u64 = 200_000;
const ALONE_SYNCED: u64 = 4_000;
const ALONE_RELAXED: u64 = 80_000;
const CALLERS: [u64; 4] = [1, 2, 8, 64];

const DECLARED: &str = "declare event page_view.category: text; \
     declare event email_click.category: text; \
     declare event added_to_cart.total: number; \
     declare event order.total: number";

/// Names that are made once, as a program that sends calls would.
struct Words {
    events: [Text; 4],
    category: Text,
    total: Text,
    categories: [Value; 3],
}

impl Words {
    fn new() -> Words {
        Words {
            events: ["page_view", "added_to_cart", "order", "email_click"].map(Text::from),
            category: "category".into(),
            total: "total".into(),
            categories: ["shoes", "coats", "hats"].map(Value::from),
        }
    }

    fn body(&self, chance: &mut Chance) -> Body {
        let event = match chance.below(100) {
            0..74 => 0,
            74..87 => 1,
            87..94 => 2,
            _ => 3,
        };
        let field = match event {
            1 | 2 => (self.total.clone(), Value::from(chance.below(400) as i64)),
            _ => (self.category.clone(), self.categories[chance.below(3) as usize].clone()),
        };
        let properties = Object::new(vec![field]).unwrap_or_default();
        Body::Track { event: self.events[event].clone(), properties }
    }
}

/// Half of the calls are those of a tenth of the people; every fifth has a device, too.
fn call(n: u64, chance: &mut Chance, words: &Words, start: Timestamp) -> Call {
    let few = chance.below(2) == 0;
    let person = chance.below(if few { PEOPLE / 10 } else { PEOPLE });
    let mut call = Call::new("web", words.body(chance));
    call.user_id = Some(format!("u{person}").into());
    if n.is_multiple_of(5) {
        call.anonymous_id = Some(format!("d{person}").into());
    }
    call.id = Some(chance.id());
    call.when = Some(start.plus_ms((n * (SPAN_MS / CALLS)) as i64));
    call
}

/// Two accumulators in each of forty audiences.
fn audiences() -> Vec<String> {
    let windows = [1, 3, 7, 14, 21, 30, 45, 60, 90, 120];
    let of = |text: &dyn Fn(u32) -> String| windows.map(text).to_vec();
    let conditions: Vec<String> = [
        of(&|days| format!("did page_view at least 3 times in last {days} days")),
        of(&|days| format!("did added_to_cart in last {days} days")),
        of(&|days| format!("did not order in last {days} days")),
        of(&|days| format!("did email_click at least 2 times in last {days} days")),
        of(&|days| format!("sum(order.total in last {days} days) > 300")),
        of(&|days| format!("avg(order.total in last {days} days) >= 200")),
        of(&|days| format!("sum(added_to_cart.total in last {days} days) > 500")),
        of(&|days| {
            format!("count(page_view where (category = \"shoes\") in last {days} days) >= 2")
        }),
    ]
    .concat();
    let half = conditions.len() / 2;
    let pairs = conditions[..half].iter().zip(&conditions[half..]).enumerate();
    pairs
        .map(|(n, (one, other))| {
            format!("create audience a{n} is people who {one} and whose {other}")
        })
        .collect()
}

fn options() -> Options {
    Options { clock: Some(Clock::Given), tail_rows: TAIL_ROWS, ..Options::default() }
}

fn run(definitions: &[String]) -> Result<(), Box<dyn std::error::Error>> {
    let directory = tempfile::tempdir()?;
    let throng = Throng::open(directory.path(), options())?;
    let start: Timestamp = "2026-01-01T00:00:00Z".parse()?;
    let (mut chance, words) = (Chance(SEED), Words::new());
    let first = vec![call(0, &mut chance, &words, start)];
    throng.ingest_at(first, CommitTime::Follow, false)?;
    throng.query(DECLARED)?;
    for definition in definitions {
        throng.query(definition)?;
    }
    let calls: Vec<Call> = (1..CALLS).map(|n| call(n, &mut chance, &words, start)).collect();
    let (clock, mut pending, mut calls) = (Instant::now(), VecDeque::new(), calls.into_iter());
    loop {
        let batch: Vec<Call> = calls.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            break;
        }
        pending.push_back(throng.begin(batch, CommitTime::Follow, false)?);
        if pending.len() > ON_THE_WAY {
            pending.pop_front().map(Pending::wait).transpose()?;
        }
    }
    for on_its_way in pending {
        on_its_way.wait()?;
    }
    let seconds = clock.elapsed().as_secs_f64();
    println!(
        "{:3} audiences: {seconds:6.1} s, {:.0} calls/s",
        definitions.len(),
        CALLS as f64 / seconds
    );
    throng.close()?;
    Ok(())
}

/// Each caller waits for the answer to one call before it brings the next.
fn alone(
    definitions: &[String],
    n_callers: u64,
    durability: Durability,
) -> Result<(), Box<dyn std::error::Error>> {
    let directory = tempfile::tempdir()?;
    let throng = Throng::open(directory.path(), Options { durability, ..options() })?;
    throng.query(DECLARED)?;
    for definition in definitions {
        throng.query(definition)?;
    }
    let (start, words): (Timestamp, _) = ("2026-01-01T00:00:00Z".parse()?, Words::new());
    let (mut chance, mut n) = (Chance(SEED), 0);
    let mut some = |n_calls: u64| -> Vec<Call> {
        let calls = (n..n + n_calls).map(|n| call(n, &mut chance, &words, start)).collect();
        n += n_calls;
        calls
    };
    for _ in 0..BEFORE / BATCH as u64 {
        throng.ingest_at(some(BATCH as u64), CommitTime::Follow, false)?;
    }
    let n_calls = if durability == Durability::Synced { ALONE_SYNCED } else { ALONE_RELAXED };
    let each: Vec<Vec<Call>> = (0..n_callers).map(|_| some(n_calls / n_callers)).collect();
    let throng = &throng;
    let bring = |calls: Vec<Call>| {
        let one = |call| throng.ingest_at(vec![call], CommitTime::Follow, false).map(drop);
        calls.into_iter().try_for_each(one)
    };
    let clock = Instant::now();
    std::thread::scope(|scope| {
        let callers: Vec<_> =
            each.into_iter().map(|calls| scope.spawn(move || bring(calls))).collect();
        let mut ended = callers.into_iter().map(|caller| caller.join());
        ended.try_for_each(|ended| ended.unwrap_or(Err(CommitError::Closed)))
    })?;
    let seconds = clock.elapsed().as_secs_f64();
    println!(
        "{n_callers:3} callers, {durability:?}: {:.0} calls/s, {:.1} us from call to answer",
        n_calls as f64 / seconds,
        seconds * 1e6 * n_callers as f64 / n_calls as f64
    );
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!(
        "{CALLS} calls of {PEOPLE} people in batches of {BATCH}, {ON_THE_WAY} on their way, \
         sealed every {TAIL_ROWS} rows, time following them, every commit synced, seed {SEED}"
    );
    let all = audiences();
    [0, all.len() / 4, all.len()].into_iter().try_for_each(|n| run(&all[..n]))?;
    println!("one call a commit, {} audiences, {BEFORE} calls before", all.len() / 4);
    for durability in [Durability::Synced, Durability::Relaxed] {
        CALLERS.into_iter().try_for_each(|n| alone(&all[..all.len() / 4], n, durability))?;
    }
    Ok(())
}
