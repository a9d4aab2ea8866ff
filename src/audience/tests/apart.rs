//! What is told of many at once is what is told of each in turn.

use super::super::{Facts, Live};
use super::chance::Chance;
use super::conditions::{HOUR, condition, event, origin};
use super::naive::Naive;
use super::stories::audience;
use crate::model::{Event, Ordinal};

/// More people than are moved along one after the other.
const PEOPLE: u64 = 700;

#[test]
fn many_at_once_move_as_they_do_in_turn() {
    for seed in 0..30 {
        let mut chance = Chance::new(seed);
        let audiences: Vec<_> =
            (0..3).map(|n| audience(&format!("a{n}"), 1, condition(&mut chance, &[]))).collect();
        let mut facts = Naive { now: origin(), ..Naive::default() };
        let (mut at_once, mut in_turn) = (Live::default(), Live::default());
        for audience in &audiences {
            at_once.define(audience.clone(), &facts, facts.now).unwrap();
            in_turn.define(audience.clone(), &facts, facts.now).unwrap();
        }
        for step in 0..6 {
            facts.now = facts.now.plus_ms(chance.below(40) as i64 * HOUR);
            let news: Vec<(Ordinal, Event)> = (0..2 * PEOPLE)
                .map(|_| {
                    let ahead = chance.below(40) as i64 - 30;
                    let is_late = chance.one_in(5);
                    let when = if is_late { facts.now.plus_ms(ahead * HOUR) } else { facts.now };
                    let seat = 1 + chance.below(PEOPLE) as u32;
                    (Ordinal(seat), event(&mut chance, when, facts.now))
                })
                .collect();
            for (seat, event) in &news {
                facts.put(seat.0, event.clone());
                in_turn.event(*seat, event, facts.now);
            }
            let news: Vec<(Ordinal, &Event)> = news.iter().map(|(s, e)| (*s, e)).collect();
            at_once.events(&news, facts.now, facts.run());
            let [a, b] = [&mut at_once, &mut in_turn].map(|it| it.settle(&facts, facts.now));
            assert_eq!(a.unwrap(), b.unwrap(), "seed {seed} step {step}");
        }
        let afresh = Live::of_all(audiences.clone(), &facts, facts.now).unwrap();
        for name in audiences.iter().map(|audience| &audience.name) {
            assert_eq!(at_once.members(name), afresh.members(name), "seed {seed} {name}");
        }
    }
}
