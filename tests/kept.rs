//! What is kept live says what the oracle says, of conditions of every kind:
//! also of those that few texts of the language come to.

mod support;

use std::sync::Arc;
use support::generate::*;
use throng::audience::{Facts, Live, PageError, Wanted};
use throng::model::{Event, Ordinal, Text, Timestamp, Zone};
use throng::query::predicate::{Audience, Condition, Predicate, Tree};
use throng::query::{Parties, holds};

/// How many cases are tried, unless the environment says more.
const CASES: u64 = 2_000;

const SEAT: Ordinal = Ordinal(1);

fn n_cases() -> u64 {
    support::cases::n_cases(CASES)
}

/// One person, as far as has been told of them.
struct One {
    rows: Vec<Event>,
    now: Timestamp,
    parties: Parties,
}

impl Facts for One {
    fn exists(&self, _: Ordinal) -> bool {
        self.rows.iter().any(|row| row.when <= self.now)
    }

    fn each(&self, visit: &mut dyn FnMut(Ordinal)) {
        if !self.rows.is_empty() {
            visit(SEAT);
        }
    }

    fn events(
        &self,
        _: Ordinal,
        _: &Wanted<'_>,
        from: Timestamp,
        visit: &mut dyn FnMut(&Event),
    ) -> Result<(), PageError> {
        self.rows.iter().filter(|row| from <= row.when).for_each(visit);
        Ok(())
    }

    fn user_id(&self, _: Ordinal) -> Option<Text> {
        None
    }

    fn parties(&self) -> &Parties {
        &self.parties
    }
}

impl One {
    fn told(&mut self, event: Event) {
        self.rows.push(event);
        self.rows.sort_by(Event::canonical);
    }

    /// Whether the oracle finds the person.
    fn is_inside(&self, condition: &Condition) -> bool {
        self.exists(SEAT) && holds::holds(condition, &person(&self.rows, &self.parties), self.now)
    }
}

/// A person and an audience that is kept of them.
struct Kept<'c> {
    one: One,
    live: Live,
    condition: &'c Condition,
    /// How often the person was in.
    n_inside: u64,
}

impl<'c> Kept<'c> {
    /// The audience is defined when these rows are known.
    fn new(condition: &'c Condition, rows: Vec<Event>) -> Kept<'c> {
        let one = One { rows, now: now().plus_ms(-1), parties: parties() };
        let (name, condition_of) = ("kept".into(), condition.clone());
        let audience =
            Audience { name, version: 1, condition: condition_of, zone: Zone::UTC.into() };
        let mut live = Live::default();
        live.define(Arc::new(audience), &one, one.now).unwrap();
        Kept { one, live, condition, n_inside: 0 }
    }

    fn tell(&mut self, event: Event) {
        self.live.event(SEAT, &event, self.one.now);
        self.one.told(event);
    }

    /// Whether what is kept is what the oracle says.
    fn agrees(&mut self) -> bool {
        self.live.settle(&self.one, self.one.now).unwrap();
        let inside = self.live.members("kept").is_some_and(|members| members.contains(SEAT));
        self.n_inside += u64::from(inside);
        inside == self.one.is_inside(self.condition)
    }
}

/// Some rows are there when the audience is defined, the others are told in any
/// order, then time passes from deadline to deadline. Gives how often the person
/// was in, or the instant at which the two part.
fn told(seed: u64, case: &Case) -> Result<u64, Timestamp> {
    let mut random = Random::new(seed);
    let (known, mut later): (Vec<_>, Vec<_>) =
        case.events.iter().cloned().partition(|_| random.chance(2));
    let mut kept = Kept::new(&case.condition, known);
    while !later.is_empty() {
        kept.tell(later.swap_remove(random.below(later.len() as u64) as usize));
        if random.chance(3) {
            kept.one.now = now();
        }
        kept.agrees().then_some(()).ok_or(kept.one.now)?;
    }
    for _ in 0..6 {
        let (now, ms) = (kept.one.now, random.between(-1, 1));
        kept.one.now = kept.live.due().map_or(now, |due| due.plus_ms(ms).max(now));
        kept.agrees().then_some(()).ok_or(kept.one.now)?;
    }
    Ok(kept.n_inside)
}

/// Kept and asked, case by case.
fn agree(make: impl Fn(&mut Random) -> Case) {
    only_live();
    let mut n_inside = 0;
    for seed in support::cases::seeds(CASES) {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let case = make(&mut random);
        match told(seed, &case) {
            Ok(n) => n_inside += n,
            Err(at) => {
                let least = shrink(case, &|case| told(seed, case).is_err());
                panic!("seed {seed}, at {at}; the least case: {least:#?}");
            }
        }
    }
    assert!(n_inside > n_cases(), "{n_inside} times inside is too seldom to say much");
}

#[test]
fn what_is_kept_is_what_the_oracle_says() {
    agree(|random| Case { events: history(random, 8), condition: condition(random, 1) });
}

#[test]
fn patterns_of_few_hours_are_kept_as_the_oracle_finds_them() {
    agree(|random| Case {
        events: close_history(random),
        condition: Tree::Leaf(Predicate::Pattern(Box::new(crossed_pattern(random)))),
    });
}
