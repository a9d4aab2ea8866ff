//! What may happen in the world, as data: a failure is shrunk by leaving steps out.

use super::super::generate::{Random, now};
use super::{call, text};
use throng::model::{Call, Timestamp};

/// One thing that happens.
#[derive(Clone, Debug)]
pub enum Step {
    /// Calls come in as one commit.
    Calls(Vec<Call>),
    /// Time passes by so many milliseconds.
    Pass(i64),
    /// Time passes to the next instant at which somebody's answer changes by
    /// itself, and so many milliseconds further.
    ToNextChange(i64),
    /// An audience is defined.
    Define { name: String, text: String },
    /// An audience goes.
    Drop(String),
    /// Two identifiers are linked, or unlinked.
    Link { a: String, b: String, veto: bool },
    /// A person is forgotten.
    Forget { name: String, suppress: bool },
    /// The tail is sealed, and runs are merged.
    Seal,
    /// Everything is read again from the records.
    Reopen,
}

/// A history of the world from a seed.
pub fn steps(seed: u64) -> Vec<Step> {
    let mut random = Random::new(seed);
    let mut names: Vec<String> = Vec::new();
    let mut steps = vec![Step::Calls((0..6).map(|_| call::call(&mut random, now())).collect())];
    for n in 0..3 {
        steps.push(define(&mut random, &mut names, n));
    }
    let mut at = now();
    for n in 3..23 {
        let step = step(&mut random, &mut names, n, at);
        if let Step::Pass(ms) = step {
            at = at.plus_ms(ms);
        }
        steps.push(step);
    }
    steps
}

fn step(random: &mut Random, names: &mut Vec<String>, n: u64, at: Timestamp) -> Step {
    let identifier = |random: &mut Random| {
        let namespace = random.one_of(&["user_id:u", "user_id:u", "anonymous_id:a"]);
        format!("{namespace}{}", random.below(5))
    };
    match random.below(20) {
        0..=9 => {
            let n_calls = 1 + random.below(4);
            let mut calls: Vec<Call> = (0..n_calls).map(|_| call::call(random, at)).collect();
            if random.chance(3) {
                calls.push(call::twin(random, &calls[0]));
            }
            Step::Calls(calls)
        }
        10 | 11 => Step::Pass(random.one_of(&[1, 600_000, 3_600_000, 43_200_000, 86_400_000])),
        12..=14 => Step::ToNextChange(random.between(-1, 1)),
        15 => define(random, names, n),
        16 if names.len() > 3 => Step::Drop(names.remove(0)),
        16 => Step::Seal,
        17 => Step::Link { a: identifier(random), b: identifier(random), veto: random.chance(2) },
        18 if random.chance(2) => {
            Step::Forget { name: identifier(random), suppress: random.chance(3) }
        }
        18 => Step::Seal,
        _ => Step::Reopen,
    }
}

/// A new audience, or another meaning for one that is there.
fn define(random: &mut Random, names: &mut Vec<String>, n: u64) -> Step {
    let again = !names.is_empty() && random.chance(4);
    let name = if again { names[names.len() - 1].clone() } else { format!("a{n}") };
    let known: Vec<String> = names.iter().filter(|other| **other != name).cloned().collect();
    let condition = text::condition(random, 2, if again { &[] } else { &known });
    if !again {
        names.push(name.clone());
    }
    let text = format!("create or replace audience {name} is people {condition}");
    Step::Define { name, text }
}
