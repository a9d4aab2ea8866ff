//! Everybody at once over columns, and one by one by the oracle: the same
//! people, the same values, the same totals.

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;
use support::crowd::{Crowd, histories};
use support::generate::*;
use throng::index::{Known, Seats};
use throng::model::{Body, Event, EventId, Object, Ordinal, Path, Step, Stream, Text, Value};
use throng::query::predicate::*;
use throng::query::{holds, scan};

/// How many cases are tried, unless the environment says more.
const CASES: u64 = 3_000;

fn n_cases() -> u64 {
    support::cases::n_cases(CASES)
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
    for seed in support::cases::seeds(CASES) {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let histories = histories(&mut random);
        let condition = match random.below(8) {
            0 | 1 => condition_among_others(&mut random, 2),
            2 => asked_among_others(&mut random, 2),
            _ => condition(&mut random, 2),
        };
        let both = |histories: &[Vec<Event>]| {
            let crowd = Crowd::of(&mut Random::new(seed), histories.to_vec());
            let mut right = BTreeSet::new();
            crowd.each(|seat, person| {
                if holds::holds(&condition, person, now()) {
                    right.insert(seat);
                }
            });
            let source = crowd.source_of(seed);
            let found = scan::scan(&condition, &crowd.everyone(), &source, now());
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

/// Cases in which values were wrong before: a row says `null` where others have lists.
const ONCE_WRONG: [u64; 1] = [12_322];

#[test]
fn values_and_totals_are_what_the_oracle_says() {
    let mut n_known = 0;
    for seed in support::cases::seeds(CASES).chain(ONCE_WRONG) {
        let mut random = Random::new(seed);
        stand_somewhere(&mut random);
        let crowd = Crowd::of(&mut Random::new(seed), histories(&mut random));
        let value = match random.chance(4) {
            true => value_among_others(&mut random, 2),
            false => value(&mut random, 2),
        };
        let leaf = match random.below(9) {
            8 => aggregate_among_others(&mut random),
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
        // Of some of them, who stand among all the same.
        let everyone = || Ok(people.clone());
        let some: Seats = people.iter().filter(|_| random.chance(2)).collect();
        let found = scan::values(&values, &some, &everyone, &crowd.source_of(seed), now()).unwrap();
        let of_some = people.iter().zip(&right).filter(|(seat, _)| some.contains(*seat));
        let right_of_some: Vec<Vec<Value>> = of_some.map(|(_, row)| row.clone()).collect();
        assert_eq!(found, right_of_some, "seed {seed}: {values:#?}");
        let found =
            scan::values(&values, &people, &everyone, &crowd.source_of(seed), now()).unwrap();
        assert_eq!(found, right, "seed {seed}: {values:#?}");
        n_known += right.iter().flatten().filter(|value| !value.is_null()).count();

        let PersonLeaf::Aggregate(aggregate) = &leaf else { continue };
        let mut tallies = [(); 2].map(|()| holds::Tally::new(aggregate.function, now()));
        let mut place = 0;
        crowd.each(|_, person| {
            holds::take_in(&mut tallies[groups[place] as usize], aggregate, person, now());
            place += 1;
        });
        let right: Vec<Vec<Value>> = tallies.map(|tally| vec![tally.value()]).to_vec();
        let source = crowd.source_of(seed);
        let totals = scan::totals(&[aggregate], &people, (&groups, 2), &everyone, &source, now());
        let found = totals.unwrap();
        assert_eq!(found, right, "seed {seed}: {aggregate:#?}");
    }
    assert!(n_known as u64 > n_cases(), "{n_known} known values are too few");
}

/// Person by person, and everybody again, whatever was known before.
#[test]
fn an_attribute_looked_at_again_is_what_it_is_from_the_start() {
    let mut n_known = 0;
    for seed in support::cases::seeds(CASES) {
        let mut random = Random::new(seed);
        let crowd = Crowd::of(&mut Random::new(seed), histories(&mut random));
        let key = random.one_of(&[
            "country",
            "points",
            "trial_ends_at",
            "birthday",
            "vip",
            "tags",
            "home",
        ]);
        let source = crowd.source();
        let whole = scan::attribute(key, &source, now()).unwrap();
        let everyone = crowd.everyone();
        let stale = Known::of(everyone.iter().map(|seat| (seat, "of before".into())));
        // So many that they are not read one by one.
        let many = everyone.iter().chain((900_000..900_300).map(Ordinal)).collect();
        for touched in [&everyone, &many] {
            let again = scan::renewed(&stale, key, touched, &source, now()).unwrap();
            for seat in touched.iter() {
                assert_eq!(again.get(seat), whole.get(seat), "seed {seed}: {key} of {seat:?}");
            }
        }
        n_known += everyone.iter().filter(|seat| !whole.get(*seat).is_null()).count() as u64;
    }
    assert!(n_known > n_cases() / 4, "{n_known} known values are too few");
}

/// What is known of one name of events.
struct Told(scan::Tally);

impl scan::Columns for Told {
    fn attribute(&self, _: &str) -> Option<Arc<Known>> {
        None
    }

    fn tally(&self, _: &Text, _: &scan::Ever, _: bool) -> Option<Arc<scan::Tally>> {
        Some(Arc::new(self.0.clone()))
    }
}

/// Of what happened up to an earlier instant, with what was done since, and of nothing, with
/// everybody read again.
#[test]
fn what_is_told_of_events_is_carried_over_to_what_is_told_from_the_start() {
    let mut n_known = 0;
    for seed in support::cases::seeds(CASES) {
        let mut random = Random::new(seed);
        let mut histories = histories(&mut random);
        let extremes = [("total", Value::Digits("1e30".into())), ("total", i64::MAX.into())];
        for event in histories.iter_mut().flatten() {
            if let (Body::Track { properties, .. }, true) = (&mut event.body, random.chance(12)) {
                let (key, value) = random.one_of(&extremes);
                *properties = Object::new(vec![(key.into(), value)]).unwrap();
            }
        }
        let name = random.one_of(&["order", "order", "visit"]);
        let way = random.one_of(&["total", "total", "price", "tags", "items.price"]);
        let path = Path::new(way.split('.').map(|key| Step::Key(key.into())).collect()).unwrap();
        let declared = random.one_of(&[None, Some(Type::Number)]);
        let (function, ever) = match random.below(6) {
            0 => (Function::Count, scan::Ever::Count),
            1 => (Function::First, scan::Ever::First),
            2 => (Function::Last, scan::Ever::Last),
            3 => (Function::Avg, scan::Ever::Sum { path, declared }),
            _ => (Function::Sum, scan::Ever::Sum { path, declared }),
        };
        let value = match &ever {
            scan::Ever::Count => None,
            scan::Ever::Sum { path, declared } => {
                Some(RowLeaf::Property { path: path.clone(), declared: *declared })
            }
            _ => Some(RowLeaf::When),
        };
        let filter = EventFilter { name: Some(name.into()), filter: None };
        let leaf = PersonLeaf::Aggregate(Box::new(Aggregate {
            function,
            matcher: Matcher(vec![filter]),
            items: None,
            value: value.map(Expr::Leaf),
            windows: Vec::new(),
        }));
        let value = Expr::Leaf(leaf);
        let crowd = Crowd::of(&mut Random::new(seed), histories.clone());
        let (source, everyone) = (crowd.source(), crowd.everyone());
        let told = |known: Option<&Told>| {
            let columns = known.map(|known| known as &dyn scan::Columns);
            let source = scan::Source { columns, ..source };
            scan::values(&[&value], &everyone, &|| Ok(everyone.clone()), &source, now()).unwrap()
        };
        let right = told(None);
        let earlier = now().plus_ms(-random.one_of(&[0, 1, 86_400_000, 40 * 86_400_000]));
        let before = scan::Tally::of(&name.into(), ever.clone(), &source, earlier).unwrap();
        let mut done = Vec::new();
        crowd.each(|seat, person| {
            let since = person.events.iter().filter(|event| earlier < event.when);
            let of_name = since.filter(|event| event.when <= now());
            let of_name =
                of_name.filter(|event| event.body.stream() == Stream::Events(name.into()));
            done.extend(of_name.map(|event| scan::Did {
                seat,
                when: event.when,
                sum: ever.summed(&event.body),
            }));
        });
        // So many that they are not read one by one.
        let many: Seats = everyone.iter().chain((900_000..903_000).map(Ordinal)).collect();
        for (touched, done) in
            [(Seats::default(), done), (everyone.clone(), vec![]), (many, vec![])]
        {
            let n_touched = touched.len();
            let done = done.into_iter();
            let after = before.renewed(&name.into(), &touched, done, &source, now()).unwrap();
            let found = told(Some(&Told(after)));
            assert_eq!(found, right, "seed {seed}: {ever:?} of {name}, {n_touched} touched");
        }
        n_known += right.iter().flatten().filter(|value| !value.is_null()).count() as u64;
    }
    assert!(n_known > n_cases(), "{n_known} known values are too few");
}

/// Elements are told by their word, and what is asked beside that may be of the whole row.
#[test]
fn what_is_asked_of_the_row_of_an_element_is_asked_beside_its_word() {
    let object = |fields: Vec<(&str, Value)>| {
        Object::new(fields.into_iter().map(|(key, value)| (key.into(), value)).collect()).unwrap()
    };
    let item = |word: &str| object(vec![("category", word.into()), ("price", 9.into())]);
    let order = |id: u128, total: i64, words: &[&str]| {
        let items = words.iter().map(|word| Value::Object(item(word)));
        let items = Value::List(items.collect());
        let properties = object(vec![("total", total.into()), ("items", items)]);
        let body = Body::Track { event: "order".into(), properties };
        let (id, when) = (EventId(id), now().plus_ms(-1_000));
        Event { id, when, body, ..event(&mut Random::new(3)) }
    };
    let histories = vec![
        vec![order(1, 80, &["shoes", "hats", "shoes"]), order(2, 20, &["shoes"])],
        vec![order(3, 20, &["shoes", "shoes"])],
        vec![order(4, 50, &["shoes"]), order(5, 51, &["hats"]), order(6, 51, &["shoes"])],
    ];
    let test = |subject: RowLeaf, how, value: Value| {
        let check = Check::Compare(how, Expr::Literal(value));
        Tree::Leaf(Test { subject: Expr::Leaf(subject), check })
    };
    let category = RowLeaf::Property { path: Path::key("category"), declared: None };
    let total = RowLeaf::Enclosing { path: Path::key("total"), declared: None };
    let filter = Tree::All(vec![
        test(category, Comparison::Equal, "shoes".into()),
        test(total, Comparison::Greater, 50.into()),
    ]);
    let filter = EventFilter { name: Some("order".into()), filter: Some(filter) };
    let value = Expr::Leaf(PersonLeaf::Aggregate(Box::new(Aggregate {
        function: Function::Count,
        matcher: Matcher(vec![filter]),
        items: Some(Path::key("items")),
        value: None,
        windows: Vec::new(),
    })));
    for seed in 0..20 {
        let crowd = Crowd::of(&mut Random::new(seed), histories.clone());
        let (people, source) = (crowd.everyone(), crowd.source());
        let found = scan::values(&[&value], &people, &|| Ok(people.clone()), &source, now());
        let right: Vec<Vec<Value>> = [2, 0, 1].map(|n| vec![Value::from(n)]).to_vec();
        assert_eq!(found, Ok(right), "seed {seed}");
    }
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
