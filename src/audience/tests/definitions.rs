//! Opening in the middle of a history gives what living through it gives.

use super::super::Live;
use super::chance::Chance;
use super::conditions::{HOUR, condition, event, origin};
use super::naive::Naive;
use super::stories::audience;
use crate::model::{Ordinal, Timestamp};

#[test]
fn audiences_defined_before_and_after_a_history_have_the_same_members_and_deadlines() {
    for seed in 10_000..10_100 {
        let mut chance = Chance::new(seed);
        let audiences: Vec<_> =
            (0..4).map(|n| audience(&format!("a{n}"), 1, condition(&mut chance, &[]))).collect();
        let mut facts = Naive { now: origin(), ..Naive::default() };
        let mut early = Live::default();
        for audience in &audiences {
            early.define(audience.clone(), &facts, facts.now).unwrap();
        }
        for _ in 0..60 {
            facts.now = facts.now.plus_ms(chance.below(5) as i64 * HOUR);
            let (seat, ahead) = (1 + chance.below(4) as u32, chance.below(40) as i64 - 30);
            let when = if chance.one_in(3) { facts.now.plus_ms(ahead * HOUR) } else { facts.now };
            let event = event(&mut chance, when, facts.now);
            facts.put(seat, event.clone());
            early.event(Ordinal(seat), &event, facts.now);
        }
        early.settle(&facts, facts.now).unwrap();
        let mut late = Live::default();
        for audience in &audiences {
            late.define(audience.clone(), &facts, facts.now).unwrap();
        }
        for step in 0..40 {
            for audience in &audiences {
                let [a, b] = [&early, &late].map(|live| live.members(&audience.name).unwrap());
                assert_eq!(a, b, "seed {seed} step {step} {audience:?}");
            }
            let due = [&early, &late].into_iter().filter_map(Live::due).min();
            facts.now = due.unwrap_or(facts.now).max(Timestamp::MIN);
            early.settle(&facts, facts.now).unwrap();
            late.settle(&facts, facts.now).unwrap();
        }
    }
}
