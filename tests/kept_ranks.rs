//! What is kept of several people says what the oracle says: orders by values of
//! every kind, among people chosen in every way, also by how others rank them; and
//! patterns of people who become one.

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;
use support::crowd::standing::Standing;
use support::generate::*;
use throng::audience::Live;
use throng::model::{Event, Ordinal, Zone};
use throng::query::holds;
use throng::query::predicate::{Audience, Condition, Predicate};

/// How many cases are tried, unless the environment says more.
const CASES: u64 = 1_000;

fn n_cases() -> u64 {
    support::cases::n_cases(CASES)
}

/// People, as far as has been told of them.
type Told = Standing<Few>;

impl Told {
    fn told(&mut self, person: usize, event: Event) {
        let rows = &mut self.few.people[person].2;
        rows.push(event);
        rows.sort_by(Event::canonical);
    }

    /// Whom the oracle finds.
    fn right(&self, condition: &Condition) -> BTreeSet<Ordinal> {
        let mut right = BTreeSet::new();
        self.few.each(self.at, &mut |seat, person| {
            if holds::holds(condition, person, self.at) {
                right.insert(seat);
            }
        });
        right
    }
}

/// Some rows are there when the audience is defined, others are told in any
/// order, somebody's rows become another's, then time passes from deadline to
/// deadline. Gives how often somebody was in, or what parts.
fn case(seed: u64, condition: &Condition, histories: &[Vec<Event>]) -> Result<usize, String> {
    let mut random = Random::new(seed);
    let (mut later, mut people) = (Vec::new(), Vec::new());
    for (person, events) in histories.iter().enumerate() {
        let (known, told): (Vec<_>, Vec<_>) =
            events.iter().cloned().partition(|_| random.chance(2));
        later.extend(told.into_iter().map(|event| (person, event)));
        people.push((Ordinal(person as u32 + 1), format!("u{person}").as_str().into(), known));
    }
    let few = Few { people, parties: parties() };
    let mut told = Standing { few, at: now().plus_ms(-1) };
    let (mut live, zone) = (Live::default(), Zone::UTC.into());
    let audience = Audience { name: "kept".into(), version: 1, condition: condition.clone(), zone };
    live.define(Arc::new(audience), &told, told.at).unwrap();
    let mut n_inside = 0;
    while !later.is_empty() {
        for _ in 0..1 + random.below(3) {
            if later.is_empty() {
                break;
            }
            let place = random.below(later.len() as u64) as usize;
            let (person, event) = later.swap_remove(place);
            live.event(Ordinal(person as u32 + 1), &event, told.at);
            told.told(person, event);
        }
        if random.chance(3) {
            told.at = now();
        }
        if random.chance(9) {
            become_one(&mut random, &mut live, &mut told, &mut later);
        }
        n_inside += agrees(&mut live, &told, condition)?;
    }
    for _ in 0..6 {
        let (now, ms) = (told.at, random.between(-1, 1));
        told.at = live.due().map_or(now, |due| due.plus_ms(ms).max(now));
        n_inside += agrees(&mut live, &told, condition)?;
    }
    Ok(n_inside)
}

/// Everything of one person is another's from here on.
fn become_one(random: &mut Random, live: &mut Live, told: &mut Told, later: &mut [(usize, Event)]) {
    let n = told.few.people.len() as u64;
    let (gone, stays) = (random.below(n) as usize, random.below(n) as usize);
    if gone == stays {
        return;
    }
    let rows = std::mem::take(&mut told.few.people[gone].2);
    rows.into_iter().for_each(|row| told.told(stays, row));
    later.iter_mut().filter(|(person, _)| *person == gone).for_each(|of| of.0 = stays);
    let seats = [gone, stays].map(|person| Ordinal(person as u32 + 1));
    match random.chance(2) {
        true => live.unite(seats[0], seats[1], told.at),
        false => live.regrouped(&seats),
    }
}

/// Whether what is kept is what the oracle says; gives how many are in.
fn agrees(live: &mut Live, told: &Told, condition: &Condition) -> Result<usize, String> {
    live.settle(told, told.at).unwrap();
    let kept: BTreeSet<Ordinal> = live.members("kept").unwrap().iter().collect();
    let right = told.right(condition);
    match kept == right {
        true => Ok(right.len()),
        false => Err(format!("at {}: kept are {kept:?}, the oracle finds {right:?}", told.at)),
    }
}

/// Kept and asked, case by case.
fn agree(make: impl Fn(&mut Random) -> (Condition, Vec<Vec<Event>>)) {
    only_live();
    let mut n_inside = 0;
    for seed in support::cases::seeds(CASES) {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let (condition, mut histories) = make(&mut random);
        match case(seed, &condition, &histories) {
            Ok(n) => n_inside += n,
            Err(_) => {
                while let Some(fewer) = fewer(seed, &condition, &histories) {
                    histories = fewer;
                }
                let what = case(seed, &condition, &histories).unwrap_err();
                panic!("seed {seed}: {what}\n{condition:#?}\n{histories:#?}");
            }
        }
    }
    println!("{n_inside} times inside");
    assert!(n_inside as u64 > 5 * n_cases(), "{n_inside} times inside is too seldom");
}

/// The histories without one call that a failure does not need.
fn fewer(seed: u64, condition: &Condition, histories: &[Vec<Event>]) -> Option<Vec<Vec<Event>>> {
    let places = histories.iter().enumerate();
    let mut places = places.flat_map(|(p, rows)| (0..rows.len()).map(move |n| (p, n)));
    places.find_map(|(person, place)| {
        let mut fewer = histories.to_vec();
        fewer[person].remove(place);
        case(seed, condition, &fewer).is_err().then_some(fewer)
    })
}

#[test]
fn orders_are_kept_as_the_oracle_has_them() {
    agree(|random| {
        let condition = condition_among_others(random, 2);
        (condition, (0..2 + random.below(4)).map(|_| history(random, 6)).collect())
    });
}

#[test]
fn patterns_of_people_who_become_one_are_kept_as_the_oracle_finds_them() {
    agree(|random| {
        let pattern = Predicate::Pattern(Box::new(crossed_pattern(random)));
        (Condition::Leaf(pattern), (0..3).map(|_| close_history(random)).collect())
    });
}
