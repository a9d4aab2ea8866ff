//! What a catalog keeps, and what it shares.

use super::*;
use crate::lang::parse;
use crate::model::{Body, EventId, IdentifierNumber, Object, Party, Text, Timestamp, Value};

fn order(n: i64) -> Event {
    let fields = [("total", Value::from(n)), ("currency", "EUR".into()), ("step", n.into())];
    let fields = fields.into_iter().map(|(key, value)| (Text::from(key), value)).collect();
    Event {
        when: Timestamp::saturating_from_millis(n),
        received: Timestamp::EPOCH,
        ord: 0,
        id: EventId(n as u128),
        origin: IdentifierNumber(1),
        source: "shop".into(),
        channel: None,
        body: Body::Track { event: "order".into(), properties: Object::new(fields).unwrap() },
        context: Object::default(),
    }
}

fn define(catalog: &mut Catalog, text: &str) -> Defined {
    catalog.define(&parse(text).statements[0], Timestamp::EPOCH).unwrap()
}

#[test]
fn a_clone_stays_as_it_was() {
    let mut catalog = Catalog::default();
    catalog.note(&order(5));
    let kept = catalog.clone();
    catalog.note(&order(-3));
    define(&mut catalog, "create audience buyers is people who did order");
    assert_eq!((kept.events(), kept.audiences().count()), (vec![("order".into(), 1)], 0));
    let seen = &catalog.facts().event("order").unwrap().seen;
    assert_eq!((seen.count, seen.first.millis(), seen.last.millis()), (2, -3, 5));
}

#[test]
fn a_definition_made_again_needs_no_fact_that_knew_its_names() {
    let statement = &parse("create audience buyers is people who did order where (total > 3)");
    let statement = &statement.statements[0];
    let mut empty = Catalog::default();
    assert!(empty.define(statement, Timestamp::EPOCH).is_err());
    let defined = empty.define_again(statement, Timestamp::EPOCH).unwrap();
    let mut catalog = Catalog::default();
    catalog.note(&order(1));
    let first = catalog.define(statement, Timestamp::EPOCH).unwrap();
    assert_eq!(defined.changed, first.changed);
}

#[test]
fn canonical_text_defines_the_same_again() {
    let mut catalog = Catalog::default();
    catalog.note(&order(1));
    define(
        &mut catalog,
        "-- Rich.\ncreate audience rich in timezone \"Asia/Tokyo\" is people whose sum(order.total) > 3",
    );
    let text = catalog.audience_entry("rich").unwrap().definition.text.clone();
    let mut other = Catalog::default();
    other.note(&order(1));
    define(&mut other, &text);
    let [one, two] = [&catalog, &other].map(|catalog| catalog.audience_entry("rich").unwrap());
    assert_eq!(
        (&one.audience, &one.definition.description),
        (&two.audience, &two.definition.description)
    );
    assert_eq!(one.definition.description, "Rich.");
}

#[test]
fn the_example_of_a_forgotten_person_is_gone() {
    let mut catalog = Catalog::default();
    (1..4).for_each(|n| catalog.note(&order(n)));
    catalog.forget(&order(2));
    let total = [crate::model::Step::Key("total".into())];
    let seen = catalog.facts().event("order").unwrap().properties.at(&total).unwrap();
    assert_eq!(seen.examples(), [Value::from(1), Value::from(3)]);
}

#[test]
fn sources_are_first_parties_until_they_are_declared_otherwise() {
    let mut catalog = Catalog::default();
    define(&mut catalog, "declare source bought third party");
    assert_eq!(catalog.parties().of("bought"), Party::Third);
    define(&mut catalog, "declare source bought first party");
    assert_eq!(catalog.parties().of("bought"), Party::First);
}

#[test]
fn standing_audiences_look_for_twenty_expressions_each_counted_once() {
    let mut catalog = Catalog::default();
    catalog.note(&order(1));
    let text = |name: usize, n: usize| {
        format!(
            "create or replace audience a{name} is people who did order where (currency matches /{n}/)"
        )
    };
    (0..20).for_each(|n| drop(define(&mut catalog, &text(n, n))));
    define(&mut catalog, &text(20, 19));
    let one_more = parse(&text(21, 21));
    let found = catalog.define(&one_more.statements[0], Timestamp::EPOCH).unwrap_err();
    assert!(found[0].message.ends_with("these would be 21"), "{}", found[0].message);
    // What is replaced makes room, and what was accepted once is never refused.
    define(&mut catalog, &text(0, 21));
    let again = catalog.define_again(&parse(&text(22, 22)).statements[0], Timestamp::EPOCH);
    assert!(again.is_ok());
}
