//! Scenes of people and their devices, as section by section of the specification.

use super::world::{World, ms};
use crate::identity::{Policy, Reason};
use crate::model::Ordinal;

fn world() -> World {
    let mut world = World::new(Policy::standard());
    world.now = ms(100);
    world
}

fn reasons(world: &World, name: &str) -> Vec<String> {
    let seat = world.owner(name, 100).unwrap();
    let refused = world.identity.refused(&world.policy, seat);
    refused.into_iter().map(|refusal| refusal.reason.to_string()).collect()
}

#[test]
fn history_before_the_first_login_is_the_first_claimants() {
    let mut world = world();
    world.call(1, &["anonymous_id:a"]);
    let change = world.call(5, &["user_id:ada", "anonymous_id:a"]);
    assert!(world.same(1, "anonymous_id:a", "user_id:ada"));
    assert_eq!((change.before, change.after), (vec![Ordinal(1)], vec![Ordinal(1)]));
}

#[test]
fn a_shared_device_passes_on_and_takes_no_old_event_along() {
    let mut world = world();
    world.call(10, &["user_id:ada", "device_id:tv"]);
    world.call(20, &["user_id:bob", "device_id:tv"]);
    for (when, holder) in
        [(0, "user_id:ada"), (19, "user_id:ada"), (20, "user_id:bob"), (90, "user_id:bob")]
    {
        assert!(world.same(when, "device_id:tv", holder), "at {when}");
    }
    world.call(30, &["user_id:ada", "device_id:tv"]);
    assert!(
        world.same(29, "device_id:tv", "user_id:bob")
            && world.same(30, "device_id:tv", "user_id:ada")
    );
    let resolved = world.identity.resolve(&world.id("device_id:tv"));
    assert_eq!(resolved, world.owner("user_id:ada", 0));
    world.check("a device passed there and back");
}

#[test]
fn a_late_login_takes_the_time_that_was_its_own() {
    let mut world = world();
    world.call(10, &["user_id:ada", "device_id:tv"]);
    world.call(40, &["user_id:ada", "device_id:tv"]);
    world.call(20, &["user_id:bob", "device_id:tv"]);
    assert!(
        world.same(20, "device_id:tv", "user_id:bob")
            && world.same(39, "device_id:tv", "user_id:bob")
    );
    assert!(world.same(40, "device_id:tv", "user_id:ada"));
    world.check("a late login");
}

#[test]
fn a_device_joins_an_email_and_a_loyalty_card_but_never_two_emails() {
    let mut world = world();
    world.call(1, &["email:ada@x", "device_id:d"]);
    world.call(2, &["loyalty_id:7", "device_id:d"]);
    assert!(world.same(0, "email:ada@x", "loyalty_id:7"));
    world.call(3, &["email:bob@x", "device_id:d"]);
    assert!(!world.same(0, "email:ada@x", "email:bob@x"));
    assert!(world.same(3, "device_id:d", "email:bob@x"));
}

#[test]
fn two_user_ids_never_become_one_person_by_an_email() {
    let mut world = world();
    world.call(1, &["user_id:ada", "email:home@x"]);
    world.call(2, &["user_id:bob", "email:home@x"]);
    assert!(!world.same(0, "user_id:ada", "user_id:bob"));
    assert_eq!(reasons(&world, "user_id:ada"), ["limit user_id"]);
    assert_eq!(reasons(&world, "user_id:bob"), ["limit user_id"]);
}

#[test]
fn two_devices_of_two_people_are_not_joined() {
    let mut world = world();
    world.call(1, &["user_id:ada", "anonymous_id:a"]);
    world.call(1, &["user_id:bob", "device_id:d"]);
    world.call(2, &["anonymous_id:a", "device_id:d"]);
    assert!(!world.same(9, "anonymous_id:a", "device_id:d"));
    assert_eq!(reasons(&world, "user_id:bob"), [Reason::Shared.to_string()]);
    world.call(3, &["anonymous_id:e", "device_id:d"]);
    assert!(world.same(9, "anonymous_id:e", "user_id:bob"));
}

#[test]
fn an_alias_joins_in_both_orders_of_arrival() {
    for alias_first in [true, false] {
        let mut world = world();
        if alias_first {
            world.alias(3, "old", "new");
        }
        world.call(1, &["user_id:old", "email:e@x"]);
        world.call(2, &["user_id:new", "email:e@x"]);
        if !alias_first {
            world.alias(3, "old", "new");
        }
        assert!(world.same(0, "user_id:old", "user_id:new"));
        let seat = world.owner("user_id:new", 0).unwrap();
        let user_id = world.identity.user_id(seat).unwrap();
        assert_eq!(world.identity.identifier(user_id).unwrap().to_string(), "user_id:new");
        world.check("an alias");
    }
}

#[test]
fn a_carrier_that_an_alias_handed_over_comes_back_by_a_late_claim() {
    let mut world = world();
    world.call(10, &["email:ada@x", "anonymous_id:a"]);
    world.call(20, &["user_id:bob", "email:bob@x"]);
    let alias = ["anonymous_id:a", "user_id:bob", "anonymous_id:bob"];
    world.call_of(30, 1_000, &alias, Some(1));
    assert!(world.same(30, "anonymous_id:a", "email:bob@x"));
    world.call(50, &["user_id:bob", "device_id:d"]);
    world.call(40, &["email:ada@x", "anonymous_id:a"]);
    assert!(world.same(39, "anonymous_id:a", "email:bob@x"));
    assert!(world.same(40, "anonymous_id:a", "email:ada@x"));
    world.check("a carrier that came back late");
}

#[test]
fn a_late_claim_has_its_own_order_though_an_alias_said_it_the_other_way_round() {
    let mut world = world();
    world.call(1, &["user_id:ada", "loyalty_id:7"]);
    world.call(2, &["user_id:bob", "email:e@x"]);
    let alias = ["email:e@x", "user_id:old", "anonymous_id:old"];
    world.call_of(50, 1_000, &alias, Some(1));
    world.call(10, &["user_id:old", "loyalty_id:7", "email:e@x"]);
    assert!(world.same(0, "user_id:old", "user_id:ada"));
    world.check("an alias the other way round");
}

#[test]
fn unlink_stands_and_link_lifts_it() {
    let mut world = world();
    world.call(1, &["user_id:ada", "anonymous_id:a"]);
    let before = world.people();
    world.unlink("anonymous_id:a", "user_id:ada");
    assert!(!world.same(9, "anonymous_id:a", "user_id:ada"));
    world.call(2, &["user_id:ada", "anonymous_id:a"]);
    assert!(!world.same(9, "anonymous_id:a", "user_id:ada"));
    assert_eq!(reasons(&world, "anonymous_id:a"), ["unlinked"]);
    world.link("user_id:ada", "anonymous_id:a");
    assert_eq!(world.people(), before);
}

#[test]
fn a_link_then_its_unlink_leave_no_trace() {
    let mut world = world();
    world.call(1, &["email:ada@x"]);
    world.call(1, &["loyalty_id:7"]);
    let before = world.people();
    world.link("email:ada@x", "loyalty_id:7");
    assert!(world.same(0, "email:ada@x", "loyalty_id:7"));
    world.unlink("loyalty_id:7", "email:ada@x");
    assert_eq!(world.people(), before);
}

#[test]
fn an_explicit_link_holds_before_its_own_time() {
    let mut world = world();
    world.call(1, &["email:ada@x"]);
    world.call(1, &["loyalty_id:7"]);
    world.link("email:ada@x", "loyalty_id:7");
    assert_eq!(world.identity.at(&world.policy, ms(2)).seats().count(), 1);
}

#[test]
fn a_future_login_takes_effect_when_its_time_has_come() {
    let mut world = world();
    world.call(1, &["anonymous_id:a"]);
    world.call(200, &["user_id:ada", "anonymous_id:a"]);
    assert_eq!(world.identity.due(), Some(ms(200)));
    assert!(world.advance(199).is_empty());
    assert!(!world.same(1, "anonymous_id:a", "user_id:ada"));
    let change = world.advance(200);
    assert_eq!((change.before, change.after), (vec![Ordinal(1), Ordinal(2)], vec![Ordinal(1)]));
    assert!(world.identity.due().is_none());
    assert_eq!(world.identity.at(&world.policy, ms(199)).seats().count(), 2);
}

#[test]
fn a_person_is_named_by_the_first_birth_and_never_by_a_later_tenure() {
    let mut world = world();
    world.call(1, &["device_id:tv"]);
    world.call(2, &["user_id:ada", "device_id:tv"]);
    world.call(3, &["user_id:bob", "device_id:tv"]);
    assert_eq!(world.owner("user_id:ada", 0), Some(Ordinal(1)));
    assert_eq!(world.owner("user_id:bob", 0), Some(Ordinal(3)));
    world.unlink("user_id:ada", "device_id:tv");
    assert_eq!(world.owner("user_id:ada", 0), Some(Ordinal(2)));
    assert_eq!(world.owner("device_id:tv", 0), Some(Ordinal(1)));
    world.check("after the unlink");
}

#[test]
fn a_borrowed_phone_is_mended_by_unlink_and_by_a_late_earlier_claim() {
    let scanned = |world: &mut World| {
        world.call(10, &["user_id:ada", "device_id:phone"]);
        world.call(20, &["loyalty_id:bobs", "device_id:phone"]);
        world.call(30, &["user_id:bob", "loyalty_id:bobs"]);
    };
    let mut by_hand = world();
    scanned(&mut by_hand);
    assert_eq!(reasons(&by_hand, "user_id:bob"), ["limit user_id"]);
    by_hand.unlink("loyalty_id:bobs", "user_id:ada");
    assert!(by_hand.same(0, "user_id:bob", "loyalty_id:bobs"));
    let mut by_itself = world();
    scanned(&mut by_itself);
    by_itself.call(15, &["user_id:bob", "loyalty_id:bobs"]);
    assert!(by_itself.same(0, "user_id:bob", "loyalty_id:bobs"));
    by_itself.check("mended by itself");
}

#[test]
fn a_cluster_beyond_its_limit_is_named_and_goes_on_in_order() {
    let mut world = world();
    world.identity.claims_max = 3;
    for (when, user) in [(10, "1"), (20, "2"), (30, "3"), (40, "4")] {
        world.call(when, &[&format!("user_id:{user}"), "device_id:kiosk"]);
    }
    assert_eq!(world.identity.quarantined().count(), 0);
    world.call(15, &["user_id:5", "device_id:kiosk"]);
    let quarantined: Vec<_> = world.identity.quarantined().collect();
    assert_eq!((quarantined[0].n_claims, quarantined[0].limit), (5, 3));
    assert!(world.same(16, "device_id:kiosk", "user_id:1"));
    world.call(50, &["user_id:6", "device_id:kiosk"]);
    assert!(world.same(50, "device_id:kiosk", "user_id:6"));
}

#[test]
fn a_clone_stays_as_it_was() {
    let mut world = world();
    world.call(1, &["user_id:ada", "device_id:tv"]);
    let (kept, before) = (world.identity.clone(), world.people());
    world.call(2, &["user_id:bob", "device_id:tv"]);
    world.call(0, &["user_id:eva", "device_id:tv"]);
    assert_eq!(super::world::people(&kept), before);
    assert_ne!(world.people(), before);
}
