//! Everybody at once over columns, and one by one by the oracle: the same
//! people, the same values, the same totals.

mod support;

use std::collections::BTreeSet;
use std::sync::OnceLock;
use support::generate::*;
use throng::identity::{Identity, Policy};
use throng::index::Seats;
use throng::model::{
    Body, Call, Event, EventId, IdentifierNumber, Object, Ordinal, Timestamp, Value,
};
use throng::query::predicate::*;
use throng::query::{Person, holds, scan};
use throng::timeline::{MemoryPages, Shape, Timeline};

/// How many cases are tried, unless the environment says more.
const CASES: u64 = 3_000;

#[expect(clippy::disallowed_methods, reason = "how many cases is for the caller to say")]
fn n_cases() -> u64 {
    let asked = std::env::var("THRONG_CASES").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or(CASES)
}

/// A few people, their rows in tails and runs.
struct Crowd {
    few: Few,
    identity: Identity,
    timeline: Timeline,
    pages: MemoryPages,
}

impl Crowd {
    fn of(random: &mut Random, histories: Vec<Vec<Event>>) -> Crowd {
        let policy = Policy::standard();
        let mut identity = if random.chance(10) { nearly_a_chunk() } else { Identity::default() };
        let (mut people, mut timeline) = (Vec::new(), Timeline::default());
        if random.chance(2) {
            let (own_group_rows, own_group_rows_in_run) = (3, 1);
            let shape = Shape { own_group_rows, own_group_rows_in_run, ..Shape::default() };
            timeline = timeline.with_shape(shape);
        }
        let mut pages = MemoryPages::default();
        for (place, mut events) in histories.into_iter().enumerate() {
            let origins = born(&mut identity, &policy, place);
            for event in &mut events {
                event.origin = random.one_of(&origins);
                timeline.append(event.clone());
            }
            if random.chance(2) {
                seal(&mut timeline, &mut pages);
            }
            people.push((Ordinal(origins[0].0), format!("u{place}").as_str().into(), events));
        }
        if random.chance(3) {
            while let Some(change) = timeline.merge(&pages, now()).unwrap() {
                pages.put(change.pages.iter().cloned());
                timeline.install(change).unwrap();
            }
        }
        Crowd { few: Few { people, parties: parties() }, identity, timeline, pages }
    }

    fn source(&self) -> scan::Source<'_> {
        scan::Source {
            timeline: &self.timeline,
            pages: &self.pages,
            identity: &self.identity,
            parties: &self.few.parties,
            stop: &|| false,
            run: &scan::one_by_one,
        }
    }

    /// Who exists, each as the oracle reads them.
    fn each(&self, mut visit: impl FnMut(Ordinal, &Person<'_>)) {
        self.few.each(now(), &mut visit);
    }

    fn everyone(&self) -> Seats {
        scan::existing(&self.source(), Timestamp::MIN, now()).unwrap()
    }
}

/// A person with a user id and a device; gives the numbers of the two.
fn born(identity: &mut Identity, policy: &Policy, place: usize) -> [IdentifierNumber; 2] {
    let mut call = Call::new("web", Body::Page { properties: Object::default() });
    call.user_id = Some(format!("u{place}").as_str().into());
    call.anonymous_id = Some(format!("a{place}").as_str().into());
    let named = policy.named(&call).unwrap();
    let first = identity.next_number();
    identity.take(policy, &named, Timestamp::MIN, EventId(place as u128 + 1), now());
    [first, first + 1].map(IdentifierNumber)
}

/// So many identifiers of others that the next two lie in two chunks.
fn nearly_a_chunk() -> Identity {
    static BORN: OnceLock<Identity> = OnceLock::new();
    let crowded = || {
        let (policy, mut identity) = (Policy::standard(), Identity::default());
        while identity.next_number() + 1 < Ordinal::PER_CHUNK {
            let mut call = Call::new("web", Body::Page { properties: Object::default() });
            call.user_id = Some(format!("other{}", identity.next_number()).as_str().into());
            let named = policy.named(&call).unwrap();
            identity.take(&policy, &named, Timestamp::MIN, EventId(0), now());
        }
        identity
    };
    BORN.get_or_init(crowded).clone()
}

fn seal(timeline: &mut Timeline, pages: &mut MemoryPages) {
    let change = timeline.seal(now());
    pages.put(change.pages.iter().cloned());
    timeline.install(change).unwrap();
}

/// Histories whose ids are apart, and many of whose calls share an instant.
fn histories(random: &mut Random) -> Vec<Vec<Event>> {
    let crowded = random.chance(3);
    let mut histories: Vec<Vec<Event>> =
        (0..3).map(|_| history(random, if crowded { 20 } else { 8 })).collect();
    if crowded {
        for history in &mut histories {
            history.iter_mut().filter(|event| event.when <= now()).for_each(|event| {
                event.when = now().plus_ms(-(event.id.0 as i64 & 1));
            });
            history.sort_by(Event::canonical);
        }
    }
    histories
}

/// Leaves out calls that a failure does not need.
fn least(mut histories: Vec<Vec<Event>>, fails: &dyn Fn(&[Vec<Event>]) -> bool) -> Vec<Vec<Event>> {
    let places = |histories: &[Vec<Event>]| {
        let places = histories.iter().enumerate();
        places.flat_map(|(p, h)| (0..h.len()).map(move |n| (p, n))).collect::<Vec<_>>()
    };
    loop {
        let fewer = places(&histories).into_iter().find_map(|(person, place)| {
            let mut fewer = histories.clone();
            fewer[person].remove(place);
            fails(&fewer).then_some(fewer)
        });
        match fewer {
            Some(fewer) => histories = fewer,
            None => return histories,
        }
    }
}

#[test]
fn a_condition_chooses_whom_the_oracle_chooses() {
    let mut n_members = 0;
    for seed in 0..n_cases() {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let histories = histories(&mut random);
        let condition = match random.chance(4) {
            true => condition_among_others(&mut random, 2),
            false => condition(&mut random, 2),
        };
        let both = |histories: &[Vec<Event>]| {
            let crowd = Crowd::of(&mut Random::new(seed), histories.to_vec());
            let mut right = BTreeSet::new();
            crowd.each(|seat, person| {
                if holds::holds(&condition, person, now()) {
                    right.insert(seat);
                }
            });
            let found = scan::scan(&condition, &crowd.everyone(), &crowd.source(), now());
            (right, found.unwrap().iter().collect::<BTreeSet<_>>())
        };
        let (right, found) = both(&histories);
        n_members += right.len() as u64;
        if right != found {
            let fails = |histories: &[Vec<Event>]| {
                let (right, found) = both(histories);
                right != found
            };
            let least = least(histories, &fails);
            let (right, found) = both(&least);
            panic!(
                "seed {seed}: the oracle {right:?}, the scan {found:?}\n{condition:#?}\n{least:#?}"
            );
        }
    }
    assert!(n_members > n_cases() / 2, "{n_members} members are too few to say much");
}

#[test]
fn values_and_totals_are_what_the_oracle_says() {
    let mut n_known = 0;
    for seed in 0..n_cases() {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let crowd = Crowd::of(&mut Random::new(seed), histories(&mut random));
        let value = value(&mut random, 2);
        let leaf = match random.below(8) {
            0 => extreme_of_kinds(&mut random),
            1 => plain_aggregate(&mut random),
            _ => person_leaf(&mut random, 2),
        };
        let values = [&value, &Expr::Leaf(leaf.clone())];
        let (mut right, mut groups) = (Vec::new(), Vec::new());
        crowd.each(|_, person| {
            right.push(values.map(|value| holds::value(value, person, now())).to_vec());
            groups.push(random.below(2) as u32);
        });
        let people = crowd.everyone();
        let found = scan::values(&values, &people, &crowd.source(), now()).unwrap();
        assert_eq!(found, right, "seed {seed}: {values:#?}");
        n_known += right.iter().flatten().filter(|value| !value.is_null()).count();

        let PersonLeaf::Aggregate(aggregate) = &leaf else { continue };
        let mut tallies = [(); 2].map(|()| holds::Tally::new(aggregate.function));
        let mut place = 0;
        crowd.each(|_, person| {
            holds::take_in(&mut tallies[groups[place] as usize], aggregate, person, now());
            place += 1;
        });
        let right: Vec<Vec<Value>> = tallies.map(|tally| vec![tally.value()]).to_vec();
        let source = crowd.source();
        let found = scan::totals(&[aggregate], &people, (&groups, 2), &source, now()).unwrap();
        assert_eq!(found, right, "seed {seed}: {aggregate:#?}");
    }
    assert!(n_known as u64 > n_cases(), "{n_known} known values are too few");
}

#[test]
fn nobody_is_chosen_by_a_question_that_was_taken_back() {
    let mut random = Random::new(1);
    let crowd = Crowd::of(&mut random, vec![vec![event(&mut Random::new(3))]]);
    let everyone: Seats = [Ordinal(1)].into_iter().collect();
    let source = scan::Source { stop: &|| true, ..crowd.source() };
    let seen = PersonLeaf::FirstSeen;
    let check = Check::Known(true);
    let condition = Tree::Leaf(Predicate::Is(Test { subject: Expr::Leaf(seen), check }));
    let answer = scan::scan(&condition, &everyone, &source, now());
    assert_eq!(answer, Err(scan::ScanError::Cancelled));
}
