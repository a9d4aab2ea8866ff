//! Generated histories: the incremental identity agrees with the fold after every step.

use super::world::{World, agrees, ms, refuses};
use crate::identity::{Namespace, NamespaceKind, Policy};
use crate::model::Timestamp;

/// Enough for a test that must find its own faults; `splitmix64`.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    pub fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.below(among.len() as u64) as usize]
    }
}

const NAMES: [&str; 14] = [
    "user_id:1",
    "user_id:2",
    "user_id:3",
    "email:a@x",
    "email:b@x",
    "phone:1",
    "loyalty_id:7",
    "anonymous_id:1",
    "anonymous_id:2",
    "device_id:k",
    "device_id:l",
    "cookie:c",
    "crm:1",
    "crm:2",
];

/// The standard policy, or one with limits of every sort.
pub fn some_policy(dice: &mut Dice) -> Policy {
    use NamespaceKind::{Carrier, Personal};
    let mut policy = Policy::standard();
    let mut declare = |name: &str, kind, limit| {
        let (from, blocked) = (Vec::new(), Vec::new());
        policy.declare(Namespace {
            name: name.into(),
            kind,
            priority: Some(1),
            limit,
            from,
            blocked: blocked.into(),
        });
    };
    declare("crm", Personal, *dice.pick(&[None, Some(1), Some(2)]));
    if dice.below(3) == 0 {
        declare("email", Personal, *dice.pick(&[Some(0), Some(1)]));
        declare("device_id", Carrier, Some(1));
    }
    policy
}

/// Two or three names: mostly a person and a carrier, as calls have them.
fn some_names(dice: &mut Dice, n_kinds: usize) -> Vec<&'static str> {
    let mut names: Vec<&str> = Vec::new();
    for _ in 0..2 + dice.below(5) / 4 {
        let name = dice.pick(&NAMES[..n_kinds]);
        if !names.contains(name) {
            names.push(name);
        }
    }
    names
}

fn some_step(world: &mut World, dice: &mut Dice, id: u64, n_kinds: usize) -> String {
    let now = world.now.millis();
    // Mostly in order, sometimes late, sometimes ahead; few instants, so that many tie.
    let when = match dice.below(10) {
        0..=5 => now,
        6..=7 => dice.below(now as u64 + 1) as i64,
        _ => now + dice.below(6) as i64,
    };
    let names = some_names(dice, n_kinds);
    match dice.below(20) {
        0 if names.len() > 1 => {
            world.unlink(names[0], names[1]);
            format!("unlink {names:?}")
        }
        1 if names.len() > 1 => {
            world.link(names[0], names[1]);
            format!("link {names:?}")
        }
        2..=3 => {
            let (previous, user) = *dice.pick(&[("1", "2"), ("2", "3"), ("3", "2"), ("9", "1")]);
            // Without a user it comes under what else it names.
            let own = *dice.pick(&["", "", "email:a@x", "device_id:k"]);
            if own.is_empty() {
                world.alias(when, previous, user);
                return format!("alias {previous} {user} at {when}");
            }
            let before = ["user_id", "anonymous_id"].map(|kind| format!("{kind}:{previous}"));
            let id = u128::from(id.wrapping_mul(0x9e37_79b9_7f4a_7c15)) << 40;
            world.call_of(when, id, &[own, &before[0], &before[1]], Some(1));
            format!("alias {before:?} of {own} at {when}")
        }
        4..=8 => {
            // To one millisecond before, at, or after what comes due; or just on.
            let due = world.identity.due().map_or(now + 1, Timestamp::millis);
            let to = due - 1 + dice.below(3) as i64;
            world.advance(to);
            format!("advance to {to}")
        }
        _ => {
            // Ids in no order of arrival, so that ties of one instant are late as well.
            let id = u128::from(id.wrapping_mul(0x9e37_79b9_7f4a_7c15)) << 40;
            world.call_of(when, id, &names, None);
            format!("call {names:?} at {when}")
        }
    }
}

fn run(seed: u64, n_steps: u64) {
    let mut dice = Dice(seed);
    let mut world = World::new(some_policy(&mut dice));
    let n_kinds = *dice.pick(&[8, 12, NAMES.len()]);
    let mut told = Vec::new();
    for step in 0..n_steps {
        told.push(some_step(&mut world, &mut dice, seed * 1_000 + step + 1, n_kinds));
        world.check(&format!("seed {seed}, {told:#?}"));
    }
    let mut seen = world.identity.clone();
    let at = ms(dice.below(world.now.millis() as u64 + 8) as i64);
    for at in [at, world.now] {
        seen = seen.at(&world.policy, at);
        let (expected, context) = (world.expected(at), format!("seed {seed} at {at}, {told:#?}"));
        agrees(&seen, &expected, &context);
        refuses(&seen, &world.policy, &expected, &context);
    }
}

fn n_seeds(default: u64) -> u64 {
    option_env!("THRONG_SEEDS").and_then(|n| n.parse().ok()).unwrap_or(default)
}

#[test]
fn identity_is_the_fold_after_every_step_of_any_history() {
    for seed in 0..n_seeds(2_000) {
        run(seed, 4 + seed % 28);
    }
}

#[test]
fn folds_that_were_put_off_come_to_the_same() {
    for seed in 0..300 {
        let mut dice = Dice(500_000 + seed);
        let mut world = World::new(some_policy(&mut dice));
        let mut told = Vec::new();
        for batch in 0..6 {
            let before = world.people();
            let regrouped = world.holding(|world| {
                for step in 0..1 + dice.below(8) {
                    told.push(some_step(world, &mut dice, seed * 1_000 + batch * 10 + step + 1, 9));
                }
            });
            let context = format!("seed {seed}, {told:#?}");
            world.check(&context);
            let after = world.people();
            for (seat, own) in &before {
                let told = regrouped.before.iter().any(|changed| changed.0 == *seat);
                assert!(told || after.get(seat) == Some(own), "{seat} untold, {context}");
            }
            for (seat, own) in &after {
                let told = regrouped.after.iter().any(|changed| changed.0 == *seat);
                assert!(told || before.get(seat) == Some(own), "{seat} untold, {context}");
            }
        }
    }
}

/// Every order of the same calls: the same people, whatever they are called.
#[test]
fn every_permutation_of_the_calls_gives_the_same_people() {
    for seed in 0..40 {
        let mut dice = Dice(1_000_000 + seed);
        let policy = some_policy(&mut dice);
        let n_calls = if seed == 0 { 7 } else { 5 };
        let calls: Vec<(i64, Vec<&str>, bool)> = (0..n_calls)
            .map(|_| (dice.below(4) as i64, some_names(&mut dice, 10), dice.below(6) == 0))
            .collect();
        let mut first = None;
        permute(&mut (0..n_calls).collect(), 0, &mut |order| {
            let people = people_of(&policy, &calls, order);
            let expected = first.get_or_insert_with(|| people.clone());
            assert_eq!(&people, expected, "seed {seed}, {order:?} of {calls:?}");
        });
    }
}

/// The people after these calls in that order, without their names: each by
/// the stretches of identifiers' texts.
fn people_of(
    policy: &Policy,
    calls: &[(i64, Vec<&str>, bool)],
    order: &[usize],
) -> Vec<Vec<(String, i64, Option<i64>)>> {
    let mut world = World::new(policy.clone());
    world.trust();
    world.now = ms(10);
    for place in order {
        let (when, names, is_alias) = &calls[*place];
        let id = 1_000 + *place as u128;
        match is_alias {
            true => {
                let names = ["user_id:2", "user_id:1", "anonymous_id:1"];
                world.call_of(*when, id, &names, Some(1));
            }
            false => drop(world.call_of(*when, id, names, None)),
        }
    }
    let mut people: Vec<Vec<_>> = world
        .people()
        .into_values()
        .map(|own| {
            let told = own.into_iter().map(|stretch| {
                let name = world.identity.identifier(stretch.origin).unwrap().to_string();
                (name, stretch.from.millis(), stretch.to.map(Timestamp::millis))
            });
            let mut told: Vec<_> = told.collect();
            told.sort();
            told
        })
        .collect();
    people.sort();
    people
}

fn permute(order: &mut Vec<usize>, from: usize, visit: &mut dyn FnMut(&[usize])) {
    if from == order.len() {
        return visit(order);
    }
    for place in from..order.len() {
        order.swap(from, place);
        permute(order, from + 1, visit);
        order.swap(from, place);
    }
}

/// A kiosk that many use in turn, with calls that come late by a little.
#[test]
fn a_kiosk_of_many_users_is_the_fold_too() {
    for seed in 0..20 {
        let mut dice = Dice(seed);
        let mut world = World::new(Policy::standard());
        for step in 1..120u64 {
            world.now = ms(step as i64);
            let user = format!("user_id:{}", dice.below(9));
            let when = step as i64 - if dice.below(5) == 0 { dice.below(step) as i64 } else { 0 };
            let id = u128::from(dice.below(1 << 40));
            world.call_of(when, id, &[&user, "device_id:kiosk"], None);
        }
        world.check(&format!("seed {seed}"));
    }
}
