//! What may happen in the world, as data: a failure is shrunk by leaving steps out.

use super::super::generate::{Random, now};
use super::call::{self, Crowd, FEW};
use super::{definitions, policy, text};
use std::ops::Range;
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
    /// Names are read by another policy, for all calls that ever came in.
    Declare(&'static str),
    /// An audience goes.
    Drop(String),
    /// A statement that changes lists, conditions, names or what is announced.
    Say(String),
    /// A list holds the members of an audience.
    Freeze(String),
    /// The event of this number is forgotten.
    ForgetEvent(u64),
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
    history(seed, &FEW, 23, 1..5)
}

/// A history of so many steps, with so many calls in each that has any.
pub fn history(seed: u64, crowd: &Crowd, n_steps: u64, n_calls: Range<u64>) -> Vec<Step> {
    let mut random = Random::new(seed);
    let mut names: Vec<String> = Vec::new();
    let n_first = n_calls.end + 1;
    let mut steps =
        vec![Step::Calls((0..n_first).map(|_| call::call(&mut random, now(), crowd)).collect())];
    for n in 0..3 {
        steps.push(define(&mut random, &mut names, n));
    }
    let mut at = now();
    for n in 3..n_steps {
        let step = step(&mut random, &mut names, n, at, (crowd, &n_calls));
        if let Step::Pass(ms) = step {
            at = at.plus_ms(ms);
        }
        steps.push(step);
    }
    steps
}

fn step(
    random: &mut Random,
    names: &mut Vec<String>,
    n: u64,
    at: Timestamp,
    (crowd, n_calls): (&Crowd, &Range<u64>),
) -> Step {
    let identifier = |random: &mut Random| match random.below(3) {
        0 | 1 => format!("user_id:{}", crowd.user(random)),
        _ => format!("anonymous_id:{}", crowd.device(random)),
    };
    match random.below(25) {
        20..=22 => Step::Say(definitions::change(random)),
        23 => definitions::about(random, names, n),
        24 if random.chance(3) => Step::ForgetEvent(random.below(crowd.n_ids)),
        24 => Step::Freeze(random.one_of(names)),
        0..=9 => {
            let n_calls = n_calls.start + random.below(n_calls.end - n_calls.start);
            let mut calls: Vec<Call> =
                (0..n_calls).map(|_| call::call(random, at, crowd)).collect();
            if random.chance(3) {
                calls.push(call::twin(random, &calls[0], crowd));
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
        18 if random.chance(2) => Step::Declare(policy::policy(random)),
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
    let zone = text::zone(random);
    let (params, options, condition) = definitions::dressed(random, condition);
    let text = format!("create or replace audience {name}{params}{zone}{options} is {condition}");
    Step::Define { name, text }
}
