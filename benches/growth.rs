//! Whether what an event costs follows the change or the population: twenty
//! audiences of all kinds over 20,000 and over 200,000 people, in turn.
//! `cargo bench --bench growth`, or `-- kept`, `-- alone`, `-- engine` for a part.
//!
//! Both shops are the same but for their size: each person has done ten things
//! on average and does the next in fourteen days, so ten times the people do ten
//! times as much in a day. An event then meets as much history, and as many
//! deadlines fall due for it; with as many events a day for ten times the people
//! each would do less, and other windows would open and close.
//! A round is as many events a person at either size, and rounds go in turn.
#![allow(clippy::disallowed_methods, missing_docs, reason = "a bench reads the clock")]

#[path = "support/chance.rs"]
mod chance;
#[path = "support/made.rs"]
mod made;
#[path = "support/people.rs"]
mod people;
#[path = "support/shop.rs"]
mod shop;

use made::{DAY, NOW, at};
use shop::{DECLARED, Kept, Shop};
use std::collections::VecDeque;
use std::error::Error;
use std::time::{Duration, Instant};
use throng::engine::{Clock, CommitTime, Durability, Options, Pending, Throng};
use throng::model::Call;

const SEED: u64 = 42;
const PEOPLE: [u64; 2] = [20_000, 200_000];
/// What everybody has done before, on average.
const EVENTS_EACH: u64 = 10;
/// How long until they do the next thing, on average.
const EACH_MS: i64 = 14 * DAY;
const ROUNDS: usize = 5;
/// People whose number is that of a round's events: of those kept, and of the engine.
const OF_ROUND: [u64; 2] = [2, 10];
const COMMIT: usize = 1_000;
/// Commits on their way.
const ON_THE_WAY: usize = 8;
/// Rows that are sealed at once, so that rows are sealed at either size.
const TAIL_ROWS: usize = 1 << 16;

const CONDITIONS: [&str; 20] = [
    "did order in last 30 days",
    "did page_view at least 3 times in last 60 days",
    "did order at least 5 times",
    "did order at least 2 times and did not order in last 60 days",
    "sum(order.total in last 90 days) > 600",
    "did order this month",
    "avg(order.total in last 90 days) >= 220",
    "max(order.total in last 60 days) > 350",
    "last(order.category) = \"shoes\"",
    "distinct(order.category in last 90 days) >= 3",
    "median(order.total) > 200",
    "most_frequent(order.category) = \"hats\"",
    "collect(order.category in last 30 days) has \"coats\"",
    "active_days(any event in last 28 days) >= 2",
    "typical_gap(order) < 20",
    "decayed(page_view: 1, 14 days) >= 0.5",
    "days since last order >= 30",
    "country = \"SK\" and did added_to_cart in last 14 days",
    "did (page_view then added_to_cart then order within 14 days)",
    "in top 10% by sum(order.total in last 90 days)",
];

/// The mean of the rounds of both sizes, and how much more the greater costs.
fn print(what: &str, unit: &str, of_rounds: &[Vec<f64>; 2]) {
    let mean = |rounds: &Vec<f64>| rounds.iter().sum::<f64>() / rounds.len() as f64;
    let [small, great] = of_rounds.each_ref().map(mean);
    println!("{what:64} {small:9.2} {great:9.2} {unit} {:6.2}x", great / small);
}

fn per_event(took: Duration, n: u64) -> f64 {
    took.as_secs_f64() * 1e6 / n as f64
}

/// Rounds of both shops in turn, so that a slow minute meets both.
fn rounds(shops: &mut [Kept; 2], commit: u64) -> [Vec<f64>; 2] {
    let mut of_rounds = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (size, shop) in shops.iter_mut().enumerate() {
            let n = PEOPLE[size] / OF_ROUND[0];
            of_rounds[size].push(per_event(shop.time(n, commit), n));
        }
    }
    of_rounds
}

fn kept(shops: &mut [Kept; 2]) {
    let audiences = people::audiences(DECLARED, CONDITIONS, at(NOW));
    for commit in [1, COMMIT as u64] {
        shops.iter_mut().for_each(|shop| shop.keep(&audiences));
        let of_rounds = rounds(shops, commit);
        print(&format!("twenty audiences kept, commits of {commit}"), "µs", &of_rounds);
        shops.iter().for_each(|shop| println!("  per event {}", shop.told()));
    }
}

/// Each audience by itself.
fn alone(shops: &mut [Kept; 2]) {
    for condition in CONDITIONS {
        let audience = people::audiences(DECLARED, [condition], at(NOW));
        shops.iter_mut().for_each(|shop| shop.keep(&audience));
        print(condition, "µs", &rounds(shops, COMMIT as u64));
    }
}

/// A database with its shop, and the audiences standing in it.
struct Whole {
    _place: tempfile::TempDir,
    throng: Throng,
    shop: Shop,
    n_people: u64,
}

impl Whole {
    fn new(n_people: u64) -> Result<Whole, Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let options = Options {
            clock: Some(Clock::Given),
            durability: Durability::Relaxed,
            tail_rows: TAIL_ROWS,
            reserve_bytes: 0,
            ..Options::default()
        };
        let throng = Throng::open(place.path(), options)?;
        let mut shop = Shop::new(SEED, n_people, EACH_MS);
        throng.ingest_at(vec![shop.call()], CommitTime::Follow, false)?;
        let mut whole = Whole { _place: place, throng, shop, n_people };
        for _ in 0..EVENTS_EACH {
            whole.round(n_people, false)?;
        }
        let throng = &whole.throng;
        throng.query(DECLARED)?;
        for (n, condition) in CONDITIONS.iter().enumerate() {
            throng.query(&format!("create audience a{n} is people {condition}"))?;
        }
        // What is sealed and merged beside is done by then.
        throng.checkpoint()?;
        Ok(whole)
    }

    fn commits(&mut self, n: u64) -> Vec<Vec<Call>> {
        let commit = |_| (0..COMMIT).map(|_| self.shop.call()).collect();
        (0..n / COMMIT as u64).map(commit).collect()
    }

    /// So many events; views may be taken of each commit, and kept until the next.
    fn round(&mut self, n: u64, with_views: bool) -> Result<Duration, Box<dyn Error>> {
        let (commits, mut pending, mut view) = (self.commits(n), VecDeque::new(), None);
        let clock = Instant::now();
        for calls in commits {
            pending.push_back(self.throng.begin(calls, CommitTime::Follow, false)?);
            if pending.len() > ON_THE_WAY {
                pending.pop_front().map(Pending::wait).transpose()?;
                view = with_views.then(|| self.throng.view()).transpose()?;
            }
        }
        for on_its_way in pending {
            on_its_way.wait()?;
        }
        drop(view);
        Ok(clock.elapsed())
    }

    /// How long a view takes after a commit, in microseconds, time after time.
    fn views(&mut self) -> Result<Vec<f64>, Box<dyn Error>> {
        let (mut times, mut before) = (Vec::new(), None);
        for calls in self.commits(20 * COMMIT as u64) {
            self.throng.ingest_at(calls, CommitTime::Follow, false)?;
            let clock = Instant::now();
            let view = self.throng.view()?;
            times.push(clock.elapsed().as_secs_f64() * 1e6);
            // Whoever reads holds a view while the next commit is made.
            before = Some(view);
        }
        drop(before);
        Ok(times)
    }
}

fn engine() -> Result<(), Box<dyn Error>> {
    let mut databases = [Whole::new(PEOPLE[0])?, Whole::new(PEOPLE[1])?];
    for (what, with_views) in [("", false), (", a view of each", true)] {
        let mut of_rounds = [Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            for (size, database) in databases.iter_mut().enumerate() {
                let n = database.n_people / OF_ROUND[1];
                let took = database.round(n, with_views)?;
                of_rounds[size].push(per_event(took, n));
            }
        }
        print(&format!("the engine, commits of {COMMIT}{what}"), "µs", &of_rounds);
    }
    let [small, great] = &mut databases;
    let of_views = [small.views()?, great.views()?];
    print("a view after a commit", "µs", &of_views);
    for Whole { throng, .. } in databases {
        throng.close()?;
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let part = std::env::args().find(|it| ["kept", "alone", "engine"].contains(&&**it));
    let is_asked = |name: &str| part.as_ref().is_none_or(|part| part == name);
    println!(
        "{} and {} people of {EVENTS_EACH} events, one in 14 days, {} audiences, seed {SEED}; per event",
        PEOPLE[0],
        PEOPLE[1],
        CONDITIONS.len()
    );
    if is_asked("kept") || is_asked("alone") {
        let mut shops =
            PEOPLE.map(|n_people| Kept::new(Shop::new(SEED, n_people, EACH_MS), EVENTS_EACH));
        if is_asked("kept") {
            kept(&mut shops);
        }
        if is_asked("alone") {
            alone(&mut shops);
        }
    }
    if is_asked("engine") {
        engine()?;
    }
    Ok(())
}
