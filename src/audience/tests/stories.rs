//! Short stories, each about one promise.

use super::super::{Cause, Delta, Facts, Live, PageError, Wanted};
use super::naive::Naive;
use crate::model::*;
use crate::query::Parties;
use crate::query::predicate::*;
use std::sync::Arc;

pub(super) const DAY: i64 = 86_400_000;

pub(super) fn start() -> Timestamp {
    "2026-03-01T00:00:00Z".parse().unwrap()
}

pub(super) fn named(name: &str) -> Matcher {
    Matcher(vec![EventFilter { name: Some(name.into()), filter: None }])
}

pub(super) fn did(name: &str, windows: Vec<Window<PersonLeaf>>, count: CountRange) -> Condition {
    Tree::Leaf(Predicate::Did(Occurrence { matcher: named(name), windows, count }))
}

pub(super) fn recently(name: &str, days: i64) -> Condition {
    did(name, vec![Window::Last { ms: days * DAY }], CountRange::SOME)
}

pub(super) fn audience(name: &str, version: u32, condition: Condition) -> Arc<Audience> {
    Arc::new(Audience { name: name.into(), version, condition, zone: Local::UTC })
}

pub(super) fn happened(id: u128, name: &str, when: Timestamp) -> Event {
    call(id, Body::Track { event: name.into(), properties: Object::default() }, when)
}

pub(super) fn call(id: u128, body: Body, when: Timestamp) -> Event {
    Event {
        when,
        received: when,
        ord: 0,
        id: EventId(id),
        origin: IdentifierNumber(1),
        source: "web".into(),
        channel: None,
        body,
        context: Object::default(),
    }
}

/// Facts and live side by side.
pub(super) struct World {
    pub(super) facts: Naive,
    pub(super) live: Live,
}

impl World {
    pub(super) fn new(conditions: Vec<(&str, Condition)>) -> World {
        let mut world =
            World { facts: Naive { now: start(), ..Naive::default() }, live: Live::default() };
        for (name, condition) in conditions {
            world.define(name, 1, condition);
        }
        world
    }

    pub(super) fn define(&mut self, name: &str, version: u32, condition: Condition) {
        let audience = audience(name, version, condition);
        self.live.define(audience, &self.facts, self.facts.now).unwrap();
    }

    pub(super) fn tell(&mut self, seat: u32, event: Event) {
        self.facts.put(seat, event.clone());
        self.live.event(Ordinal(seat), &event, self.facts.now);
    }

    pub(super) fn settle(&mut self, days: f64) -> Vec<Delta> {
        self.facts.now = at(days);
        self.live.settle(&self.facts, self.facts.now).unwrap()
    }
}

pub(super) fn at(days: f64) -> Timestamp {
    start().plus_ms((days * DAY as f64) as i64)
}

fn entered(delta: &Delta) -> Vec<(u32, Timestamp)> {
    delta.entered.iter().map(|(seat, at)| (seat.0, *at)).collect()
}

fn left(delta: &Delta) -> Vec<(u32, Timestamp)> {
    delta.left.iter().map(|(seat, at)| (seat.0, *at)).collect()
}

#[test]
fn a_window_closes_on_its_own_and_says_when() {
    let mut world = World::new(vec![("recent", recently("order", 7))]);
    world.tell(1, happened(1, "order", at(0.0)));
    assert_eq!(entered(&world.settle(0.0)[0]), [(1, at(0.0))]);
    assert_eq!(world.live.due(), Some(at(7.0)));
    let deltas = world.settle(30.0);
    assert_eq!((left(&deltas[0]), deltas[0].cause), (vec![(1, at(7.0))], Cause::Time));
    assert_eq!(world.live.due(), None);
}

#[test]
fn a_late_fact_is_dated_back_to_where_the_answer_begins() {
    let mut world = World::new(vec![("recent", recently("order", 7))]);
    world.tell(1, happened(1, "order", at(0.0)));
    world.settle(0.0);
    assert_eq!(left(&world.settle(8.0)[0]), [(1, at(7.0))]);
    // An order on day 3 means that they have been inside since the first one.
    world.tell(1, happened(2, "order", at(3.0)));
    let deltas = world.settle(8.0);
    assert_eq!((entered(&deltas[0]), deltas[0].cause), (vec![(1, at(0.0))], Cause::Event));
    assert_eq!(left(&world.settle(12.0)[0]), [(1, at(10.0))]);
}

#[test]
fn a_fact_that_lies_ahead_becomes_visible_by_a_deadline() {
    let mut world =
        World::new(vec![("everyone", Tree::always()), ("never", recently("order", 1).not())]);
    world.tell(1, happened(1, "order", at(2.0)));
    assert_eq!(world.settle(0.0), []);
    assert_eq!(world.live.due(), Some(at(2.0)));
    let deltas = world.settle(2.5);
    assert_eq!(deltas.len(), 1, "they exist from day 2 on, and have ordered: {deltas:?}");
    assert_eq!((&*deltas[0].audience, entered(&deltas[0])), ("everyone", vec![(1, at(2.0))]));
    let deltas = world.settle(3.0);
    assert_eq!((&*deltas[0].audience, entered(&deltas[0])), ("never", vec![(1, at(3.0))]));
}

#[test]
fn whoever_comes_and_goes_in_between_is_not_announced() {
    let mut world = World::new(vec![("recent", recently("order", 1))]);
    world.tell(1, happened(1, "visit", at(0.0)));
    world.settle(0.0);
    world.tell(1, happened(2, "order", at(1.0)));
    assert_eq!(world.settle(5.0), []);
}

#[test]
fn a_grant_expires_and_an_older_one_does_not_come_back() {
    let grant = |id, when, expires| {
        let body = Body::Consent { purpose: "email".into(), granted: true, expires };
        call(id, body, when)
    };
    let consent = Tree::Leaf(Predicate::Consent { purpose: "email".into() });
    let mut world = World::new(vec![("may", consent)]);
    world.tell(1, grant(1, at(0.0), None));
    let deltas = world.settle(0.0);
    assert_eq!((entered(&deltas[0]), deltas[0].cause), (vec![(1, at(0.0))], Cause::Consent));
    world.tell(1, grant(2, at(1.0), Some(at(4.0))));
    assert_eq!(world.settle(1.0), []);
    let deltas = world.settle(9.0);
    assert_eq!((left(&deltas[0]), deltas[0].cause), (vec![(1, at(4.0))], Cause::Time));
}

#[test]
fn a_changed_definition_announces_the_difference_only() {
    let mut world = World::new(vec![("a", recently("order", 7))]);
    world.tell(1, happened(1, "order", at(0.0)));
    world.tell(2, happened(2, "visit", at(0.0)));
    world.tell(3, happened(3, "order", at(0.0)));
    world.tell(3, happened(4, "visit", at(0.0)));
    world.settle(0.0);
    world.define("a", 2, recently("visit", 7));
    let deltas = world.settle(0.0);
    assert_eq!((deltas[0].version, deltas[0].cause), (2, Cause::Definition));
    assert_eq!((entered(&deltas[0]), left(&deltas[0])), (vec![(2, at(0.0))], vec![(1, at(0.0))]));
    world.define("a", 2, recently("visit", 7));
    assert_eq!(world.settle(0.0), [], "the same definition again changes nothing");
}

#[test]
fn what_audiences_share_is_kept_once_and_goes_with_the_last() {
    let more = CountRange { least: 3, most: None };
    let week = || vec![Window::Last { ms: 7 * DAY }];
    let mut world = World::new(vec![
        ("a", did("order", week(), CountRange::SOME)),
        ("b", did("order", week(), more)),
        ("c", Tree::All(vec![did("order", week(), more), recently("order", 30).not()])),
    ]);
    let stats = world.live.stats();
    assert_eq!((stats.matchers, stats.accumulators, stats.predicates), (1, 2, 3));
    ["a", "c"].into_iter().for_each(|name| world.live.drop(name));
    assert_eq!(world.live.stats().predicates, 1);
    world.live.drop("b");
    let stats = world.live.stats();
    assert_eq!((stats.matchers, stats.accumulators, stats.predicates), (0, 0, 0));
    assert_eq!(world.live.members("b"), None);
}

#[test]
fn an_event_that_no_audience_names_touches_nothing() {
    let mut world = World::new(vec![("recent", recently("order", 7))]);
    world.tell(1, happened(1, "order", at(0.0)));
    let before = world.live.stats();
    (2..50).for_each(|id| world.tell(1, happened(id, "visit", at(0.0))));
    assert_eq!(world.live.stats(), before);
}

#[test]
fn nested_audiences_move_with_the_one_they_name() {
    let inner = audience("inner", 1, recently("order", 7));
    let named = || Tree::Leaf(Predicate::InAudience(inner.clone()));
    let mut world =
        World::new(vec![("outer", named().and(recently("visit", 30))), ("not", named().not())]);
    world.tell(1, happened(1, "visit", at(0.0)));
    assert_eq!(world.settle(0.0).len(), 1, "not in `inner`, so in `not`");
    world.tell(1, happened(2, "order", at(1.0)));
    let deltas = world.settle(1.0);
    assert_eq!(deltas.iter().map(|d| (d.entered.len(), d.left.len())).max(), Some((1, 0)));
    assert_eq!(deltas.len(), 2);
    world.define("inner", 1, recently("order", 7));
    assert_eq!(entered(&world.settle(1.0)[0]), [(1, at(1.0))], "it stands now");
    assert_eq!(world.settle(8.0).len(), 3);
}

/// Facts whose pages cannot be read for a while.
struct Broken<'a>(&'a Naive);

impl Facts for Broken<'_> {
    fn exists(&self, seat: Ordinal) -> bool {
        self.0.exists(seat)
    }

    fn each(&self, visit: &mut dyn FnMut(Ordinal)) {
        self.0.each(visit);
    }

    fn events(
        &self,
        _: Ordinal,
        _: &Wanted<'_>,
        _: Timestamp,
        _: &mut dyn FnMut(&Event),
    ) -> Result<(), PageError> {
        Err(PageError::Damaged(crate::timeline::PageKey { chunk: 0, run: 7, group: 0, page: 0 }))
    }

    fn user_id(&self, _: Ordinal) -> Option<Text> {
        None
    }

    fn parties(&self) -> &Parties {
        &self.0.parties
    }
}

#[test]
fn a_page_that_cannot_be_read_is_an_error_and_the_next_try_goes_on() {
    let mut world = World::new(vec![("recent", recently("order", 7))]);
    world.tell(1, happened(1, "order", at(0.0)));
    world.settle(0.0);
    world.facts.rows.remove(&1);
    world.live.regrouped(&[Ordinal(1)]);
    assert!(world.live.settle(&Broken(&world.facts), at(0.0)).is_err());
    let visits = audience("visits", 1, recently("visit", 7));
    assert!(world.live.define(visits, &Broken(&world.facts), at(0.0)).is_err());
    let deltas = world.settle(0.0);
    assert_eq!((left(&deltas[0]).len(), deltas[0].cause), (1, Cause::Identity));
}
