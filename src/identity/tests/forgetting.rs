//! Forgetting: nothing of the person is left, and nobody else notices.

use super::histories::{Dice, some_policy};
use super::world::{World, ms, owns, people};
use crate::identity::{Named, Policy};
use crate::model::{EventId, Ordinal};

fn world() -> World {
    let mut world = World::new(Policy::standard());
    world.now = ms(100);
    world
}

/// A call after somebody was forgotten: the world's own numbers no longer hold.
fn call(world: &mut World, when: i64, id: u128, names: &[&str]) -> Ordinal {
    let identifiers: Vec<_> = names.iter().map(|name| world.id(name)).collect();
    let places = 0..identifiers.len();
    let anchor =
        places.min_by(|a, b| world.policy.order(&identifiers[*a], &identifiers[*b])).unwrap();
    let named = Named { identifiers, anchor, previous: Vec::new() };
    let (origin, _) = world.identity.take(&world.policy, &named, ms(when), EventId(id), world.now);
    world.identity.owner(origin, ms(when.min(world.now.millis()))).unwrap_or(Ordinal(0))
}

#[test]
fn a_forgotten_identifier_is_born_again() {
    let mut world = world();
    world.call(1, &["user_id:ada", "anonymous_id:a"]);
    let seat = world.owner("user_id:ada", 1).unwrap();
    let forgotten = world.identity.forget(&world.policy, seat, ms(100));
    assert_eq!(forgotten.identifiers.len(), 2);
    assert_eq!(forgotten.stretches.iter().map(|s| s.to).collect::<Vec<_>>(), [Some(ms(101)); 2]);
    assert_eq!((forgotten.regrouped.before, forgotten.regrouped.after), (vec![seat], vec![]));
    assert_eq!(world.identity.seats().count(), 0);
    assert_eq!(world.owner("user_id:ada", 1), None);
    world.now = ms(200);
    assert_eq!(call(&mut world, 150, 9, &["user_id:ada"]), Ordinal(3));
    assert_eq!(world.identity.stretches(seat), []);
}

#[test]
fn a_device_goes_on_with_those_who_held_it_before_and_after() {
    let mut world = world();
    world.call(10, &["user_id:ada", "device_id:tv"]);
    world.call(20, &["user_id:bob", "device_id:tv"]);
    world.call(30, &["user_id:eva", "device_id:tv"]);
    let [ada, bob, eva] =
        ["ada", "bob", "eva"].map(|n| world.owner(&format!("user_id:{n}"), 0).unwrap());
    world.identity.forget(&world.policy, bob, ms(100));
    assert_eq!(world.owner("device_id:tv", 19), Some(ada));
    assert_eq!(world.owner("device_id:tv", 20), None);
    assert_eq!(world.owner("device_id:tv", 29), None);
    assert_eq!(world.owner("device_id:tv", 30), Some(eva));
    let seen = world.identity.at(&world.policy, ms(25));
    let tv = world.identity.number(&world.id("device_id:tv")).unwrap();
    assert_eq!(seen.owner(tv, ms(22)), None);
}

#[test]
fn who_holds_a_forgotten_persons_device_next_does_not_inherit_the_name() {
    let mut world = world();
    world.call(1, &["device_id:tv"]);
    world.call(10, &["user_id:ada", "device_id:tv"]);
    world.call(20, &["user_id:bob", "device_id:tv"]);
    let bob = world.owner("user_id:bob", 0).unwrap();
    world.identity.forget(&world.policy, Ordinal(1), ms(100));
    assert_eq!(world.owner("user_id:bob", 0), Some(bob));
    assert_eq!(world.owner("device_id:tv", 5), None);
    assert_eq!(world.owner("device_id:tv", 20), Some(bob));
    assert_eq!(world.identity.stretches(Ordinal(1)), []);
}

#[test]
fn a_device_whose_last_holder_was_forgotten_begins_anew() {
    let mut world = world();
    world.call(10, &["user_id:ada", "device_id:tv"]);
    world.call(20, &["user_id:bob", "device_id:tv"]);
    let [ada, bob] = ["ada", "bob"].map(|n| world.owner(&format!("user_id:{n}"), 0).unwrap());
    world.identity.forget(&world.policy, bob, ms(100));
    world.now = ms(200);
    assert_eq!(world.owner("device_id:tv", 15), Some(ada));
    assert_eq!(world.owner("device_id:tv", 100), None);
    let anew = world.owner("device_id:tv", 101).unwrap();
    assert!(![ada, bob].contains(&anew));
    assert_eq!(call(&mut world, 150, 9, &["user_id:eva", "device_id:tv"]), anew);
    assert_eq!(world.owner("device_id:tv", 15), Some(ada));
}

#[test]
fn what_is_dated_after_the_forgetting_begins_a_new_person() {
    let mut world = world();
    world.call(1, &["user_id:ada", "email:a@x"]);
    world.call(150, &["user_id:ada", "email:a@x"]);
    let seat = world.owner("user_id:ada", 1).unwrap();
    world.identity.forget(&world.policy, seat, ms(100));
    assert_eq!(world.owner("user_id:ada", 1), None);
    world.now = ms(200);
    world.identity.advance(&world.policy, world.now);
    let anew = world.owner("user_id:ada", 150).unwrap();
    assert!(anew != seat && world.same(150, "user_id:ada", "email:a@x"));
    assert_eq!(world.owner("email:a@x", 100), None);
}

/// Whoever held nothing that the forgotten one named keeps name and stretches.
#[test]
fn forgetting_anybody_leaves_no_row_of_theirs_owned() {
    for seed in 0..400 {
        let mut dice = Dice(7_000 + seed);
        let mut world = World::new(some_policy(&mut dice));
        world.now = ms(50);
        for _ in 0..25 {
            let user = format!("user_id:{}", dice.below(4));
            let carrier = *dice.pick(&["device_id:a", "device_id:b", "anonymous_id:c"]);
            let when = dice.below(60) as i64;
            world.call(when, &[&user, carrier]);
        }
        for _ in 0..3 {
            let seats: Vec<Ordinal> = world.identity.seats().collect();
            let Some(seat) = seats.get(dice.below(seats.len().max(1) as u64) as usize) else {
                break;
            };
            let told = world.people();
            let forgotten = world.identity.forget(&world.policy, *seat, world.now);
            assert!(!people(&world.identity).contains_key(&seat.0), "seed {seed}");
            for stretch in &forgotten.stretches {
                for at in [stretch.from, stretch.to.unwrap().plus_ms(-1)] {
                    assert_eq!(world.identity.owner(stretch.origin, at), None, "seed {seed}");
                }
            }
            let others = told.iter().filter(|(name, _)| **name != seat.0);
            for (name, stretches) in others {
                for stretch in stretches {
                    let last = stretch.to.map_or(world.now, |to| to.plus_ms(-1));
                    let owner = world.identity.owner(stretch.origin, last);
                    assert_eq!(owner, Some(Ordinal(*name)), "seed {seed}, {stretch:?}");
                }
            }
            world.now = world.now.plus_ms(3);
            world.identity.advance(&world.policy, world.now);
            let user = format!("user_id:{}", dice.below(4));
            let when = world.now.millis();
            call(&mut world, when, 10_000 + u128::from(dice.below(99)), &[&user, "device_id:a"]);
        }
    }
}

/// What comes in after somebody was forgotten, late or not, is taken in as if
/// everything were folded again.
#[test]
fn calls_after_a_forgetting_come_to_what_a_fold_of_all_gives() {
    for seed in 0..2_000 {
        let mut dice = Dice(9_000 + seed);
        let mut world = World::new(some_policy(&mut dice));
        world.now = ms(50);
        for step in 0..12 {
            let now = world.now.millis();
            let user = format!("user_id:{}", dice.below(4));
            let carrier = *dice.pick(&["device_id:a", "device_id:b", "anonymous_id:c"]);
            let names: &[&str] = if dice.below(4) == 0 { &[carrier] } else { &[&user, carrier] };
            match dice.below(6) {
                0 => {
                    let seats: Vec<Ordinal> = world.identity.seats().collect();
                    if let Some(seat) = seats.get(dice.below(seats.len().max(1) as u64) as usize) {
                        world.identity.forget(&world.policy, *seat, world.now);
                    }
                    world.now = world.now.plus_ms(dice.below(2) as i64);
                }
                1 => world.now = world.now.plus_ms(1),
                2 => _ = call(&mut world, now + dice.below(4) as i64, step, names),
                3 => _ = call(&mut world, dice.below(now as u64) as i64, step, names),
                _ => _ = call(&mut world, now, step, names),
            }
            world.identity.advance(&world.policy, world.now);
            let mut again = world.identity.clone();
            let roots: Vec<u32> = again.clusters.several().collect();
            for root in roots {
                again.fold_cluster(&world.policy, &again.clusters.members(root), &mut |_, _, _| {});
            }
            let context = format!("seed {seed}, step {step}");
            assert_eq!(people(&world.identity), people(&again), "{context}");
            owns(&world.identity, &context);
        }
    }
}
