//! Laws that `holds` and `why` obey for every history and condition.

mod support;

use std::collections::BTreeSet;
use support::generate::*;
use throng::model::{Body, Event, FixedUnit, Timestamp, Unit, Value, Zone};
use throng::query::predicate::*;
use throng::query::{holds, why};

/// How many cases each law is tried on, unless the environment says more.
const CASES: u64 = 2_000;

fn is_held(events: &[Event], condition: &Condition, at: Timestamp) -> bool {
    let parties = parties();
    holds::holds(condition, &person(events, &parties), at)
}

/// Asks of many random cases whether the law holds, and shows the smallest that breaks it.
fn law(name: &str, holds: impl Fn(&Case) -> bool) {
    for seed in support::cases::seeds(CASES) {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let case = Case { events: history(&mut random, 12), condition: condition(&mut random, 2) };
        if !holds(&case) {
            let smallest = shrink(case, &|case| !holds(case));
            panic!("{name}: seed {seed} breaks it; the smallest case is {smallest:#?}");
        }
    }
}

fn not(condition: &Condition) -> Condition {
    Tree::Not(Box::new(condition.clone()))
}

#[test]
fn the_generated_conditions_are_neither_always_true_nor_always_false() {
    let truths = (0..400).map(|seed| {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let events = history(&mut random, 12);
        is_held(&events, &Tree::Leaf(predicate(&mut random, 2)), now())
    });
    let n_true = truths.filter(|truth| *truth).count();
    assert!((80..320).contains(&n_true), "{n_true} of 400 predicates hold");
}

#[test]
fn a_condition_or_its_complement_holds_and_never_both() {
    law("excluded middle", |case| {
        let truth = |condition: &Condition| is_held(&case.events, condition, now());
        truth(&case.condition) != truth(&not(&case.condition))
    });
}

#[test]
fn de_morgan() {
    law("De Morgan", |case| {
        let truth = |condition: Condition| is_held(&case.events, &condition, now());
        let parts = match &case.condition {
            Tree::All(parts) | Tree::Any(parts) => parts.clone(),
            other => vec![other.clone(), not(other)],
        };
        let negated: Vec<Condition> = parts.iter().map(not).collect();
        truth(not(&Tree::All(parts.clone()))) == truth(Tree::Any(negated.clone()))
            && truth(not(&Tree::Any(parts))) == truth(Tree::All(negated))
    });
}

/// A random occurrence of a case, made of its seed.
fn did(matcher: Matcher, windows: Vec<Window<PersonLeaf>>, count: CountRange) -> Condition {
    Tree::Leaf(Predicate::Did(Occurrence { matcher, windows, count }))
}

#[test]
fn at_least_k_is_not_fewer_than_k() {
    for seed in support::cases::seeds(CASES) {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let events = history(&mut random, 12);
        let matcher = occurrence_matcher(&mut random);
        let windows = random.several(0, 2, |random| event_window(random, 1));
        let k = 1 + random.below(4);
        let at_least = CountRange { least: k, most: None };
        let fewer = CountRange { least: 0, most: Some(k - 1) };
        let truth = |count| is_held(&events, &did(matcher.clone(), windows.clone(), count), now());
        assert_ne!(truth(at_least), truth(fewer), "seed {seed}");
    }
}

#[test]
fn windows_tile() {
    for seed in support::cases::seeds(CASES) {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let events = history(&mut random, 20);
        let matcher = occurrence_matcher(&mut random);
        let (short, long) = (random.one_of(&LENGTHS[..3]), random.one_of(&LENGTHS[3..]));
        let parties = parties();
        let count =
            |window| holds::events(&matcher, &[window], &person(&events, &parties), now()).len();
        let whole = count(Window::Last { ms: long });
        let newer = count(Window::Last { ms: short });
        let older = count(Window::Ago { from_ms: short, to_ms: long });
        assert_eq!(whole, newer + older, "seed {seed}");
    }
}

#[test]
fn bands_of_months_tile() {
    for seed in support::cases::seeds(CASES) {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let events = history(&mut random, 20);
        let (matcher, zone) = (occurrence_matcher(&mut random), zone(&mut random));
        let near = random.between(1, 12) as i32;
        let far = near + random.between(1, 24) as i32;
        let parties = parties();
        let count = |of: Calendar| {
            let window = [Window::Calendar(of, zone.clone().into())];
            holds::events(&matcher, &window, &person(&events, &parties), now()).len()
        };
        let last = |months| count(Calendar::Last { months });
        let band = |from, to| count(Calendar::Ago { from, to });
        assert_eq!(last(far), last(near) + band(near, far), "seed {seed}");
        assert_eq!(last(near), band(0, near), "seed {seed}");
    }
}

/// Every start of a local day from some months before to two years after, and
/// the millisecond before it.
fn midnights_around(zone: &Zone) -> BTreeSet<Timestamp> {
    let today = zone.local_day(now());
    let starts = (-100..800).map(|days| zone.start_of(today.plus_days(days)));
    starts.flat_map(|at| [at.plus_ms(-1), at]).collect()
}

#[test]
fn an_event_enters_a_window_by_the_calendar_once_and_leaves_it_once() {
    for seed in support::cases::seeds(CASES).step_by(10) {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let (of, zone) = (calendar(&mut random), zone(&mut random));
        let events = vec![Event { when: midnight(&mut random), ..event(&mut random) }];
        let window = vec![Window::Calendar(of, zone.clone().into())];
        let any = Matcher(vec![EventFilter { name: None, filter: None }]);
        let did = did(any, window, CountRange::SOME);
        let instants = midnights_around(&zone).into_iter();
        let inside: Vec<bool> = instants.map(|at| is_held(&events, &did, at)).collect();
        let n_moves = inside.windows(2).filter(|pair| pair[0] != pair[1]).count();
        let began_inside = usize::from(inside[0]);
        assert!(n_moves + began_inside <= 2, "seed {seed}: {of:?} {zone:?} {events:?}");
    }
}

#[test]
fn days_since_last_is_did_and_did_not_lately() {
    for seed in support::cases::seeds(CASES) {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let events = history(&mut random, 12);
        let matcher = occurrence_matcher(&mut random);
        let days = random.one_of(&[1, 2, 7, 30, 60]);
        let since = Expr::Elapsed {
            unit: Unit::Fixed(FixedUnit::Day),
            direction: Direction::Since,
            point: Box::new(Point::Anchor(Which::Last, matcher.clone())),
            zone: Zone::UTC.into(),
        };
        let check = Check::Compare(Comparison::AtLeast, Expr::Literal(Value::from(days)));
        let long_ago = Tree::Leaf(Predicate::Is(Test { subject: since, check }));
        let lately = vec![Window::Last { ms: days * FixedUnit::Day.ms() }];
        let other_way = Tree::All(vec![
            did(matcher.clone(), vec![], CountRange::SOME),
            did(matcher, lately, CountRange::NONE),
        ]);
        for at in [now(), now().plus_ms(1), now().plus_ms(-1)] {
            let [left, right] = [&long_ago, &other_way].map(|of| is_held(&events, of, at));
            assert_eq!(left, right, "seed {seed} at {at}");
        }
    }
}

/// Instants near which something may happen to a person, some of them far out.
fn probes(random: &mut Random, events: &[Event], end: Timestamp) -> BTreeSet<Timestamp> {
    let whens = events.iter().flat_map(|event| match &event.body {
        Body::Consent { expires: Some(end), .. } => vec![event.when, *end],
        _ => vec![event.when],
    });
    let mut near: Vec<Timestamp> = whens
        .flat_map(|when| LENGTHS.into_iter().chain([0]).map(move |length| when.plus_ms(length)))
        .collect();
    near.extend((0..90).map(|days| now().plus_ms(days * 43_200_000)));
    near.extend((0..40).map(|_| now().plus_ms(random.between(0, 90 * FixedUnit::Day.ms()))));
    near.extend((0..40).map(|_| midnight(random)));
    near.extend((0..20).map(|_| now().plus_ms(random.between(0, 2_000))));
    let around = near.into_iter().flat_map(|at| [-1, 0, 1].map(|ms| at.plus_ms(ms)));
    around.filter(|at| now() < *at && *at <= end).collect()
}

#[test]
fn membership_flips_when_why_says_and_not_before() {
    for seed in support::cases::seeds(CASES) {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let case = Case { events: history(&mut random, 8), condition: condition(&mut random, 1) };
        let wrong = |case: &Case| {
            let parties = parties();
            let before = is_held(&case.events, &case.condition, now());
            let person = person(&case.events, &parties);
            let next = why::changes_at(&case.condition, &person, now());
            let foreseen = || why::foreseen(&case.condition, &person, now());
            let end = next.unwrap_or_else(foreseen).plus_ms(-1);
            let mut random = Random::new(seed);
            let probes = probes(&mut random, &case.events, end);
            let early =
                probes.into_iter().find(|at| is_held(&case.events, &case.condition, *at) != before);
            let late = next.filter(|at| is_held(&case.events, &case.condition, *at) == before);
            early.or(late)
        };
        if wrong(&case).is_some() {
            let smallest = shrink(case, &|case| wrong(case).is_some());
            let at = wrong(&smallest);
            panic!("seed {seed} is wrong at {at:?}; the smallest case is {smallest:#?}");
        }
    }
}
