//! Whether what an event costs follows the change or the population: twenty
//! audiences of all kinds over 20,000 and over 200,000 people, in turn.
//! `cargo bench --bench growth`, or `-- kept`, `-- alone` for a part;
//! the whole engine is in `view`.
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

use made::{NOW, at};
use shop::{DECLARED, EACH_MS, EVENTS_EACH, Kept, SEED, Shop, TWENTY, sizes};
use std::time::Duration;

const ROUNDS: usize = 5;
/// One in so many people has an event in a round.
const OF_ROUND: u64 = 2;
const COMMIT: usize = 1_000;

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
    let (sizes, mut of_rounds) = (sizes(), [Vec::new(), Vec::new()]);
    for _ in 0..ROUNDS {
        for (size, shop) in shops.iter_mut().enumerate() {
            let n = sizes[size] / OF_ROUND;
            of_rounds[size].push(per_event(shop.time(n, commit), n));
        }
    }
    of_rounds
}

fn kept(shops: &mut [Kept; 2]) {
    let audiences = people::audiences(DECLARED, TWENTY, at(NOW));
    for commit in [1, COMMIT as u64] {
        shops.iter_mut().for_each(|shop| shop.keep(&audiences));
        let of_rounds = rounds(shops, commit);
        print(&format!("twenty audiences kept, commits of {commit}"), "µs", &of_rounds);
        shops.iter().for_each(|shop| println!("  per event {}", shop.told()));
    }
}

/// Each audience by itself.
fn alone(shops: &mut [Kept; 2]) {
    for condition in TWENTY {
        let audience = people::audiences(DECLARED, [condition], at(NOW));
        shops.iter_mut().for_each(|shop| shop.keep(&audience));
        print(condition, "µs", &rounds(shops, COMMIT as u64));
    }
}

fn main() {
    let part = std::env::args().find(|it| ["kept", "alone"].contains(&&**it));
    let is_asked = |name: &str| part.as_ref().is_none_or(|part| part == name);
    println!(
        "{} and {} people of {EVENTS_EACH} events, one in 14 days, {} audiences, seed {SEED}; per event",
        sizes()[0],
        sizes()[1],
        TWENTY.len()
    );
    let mut shops =
        sizes().map(|n_people| Kept::new(Shop::new(SEED, n_people, EACH_MS), EVENTS_EACH));
    if is_asked("kept") {
        kept(&mut shops);
    }
    if is_asked("alone") {
        alone(&mut shops);
    }
}
