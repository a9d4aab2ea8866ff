//! From a text to an answer about one person, by way of the oracle.

use super::shop::{call, define, now, object, shop, track};
use crate::lang::parse;
use crate::model::{Body, Event, ProfileId, Value};
use crate::query::resolve::{Resolved, resolve};
use crate::query::{Nobody, Parties, Person, Question, holds};

/// A person with two orders, an identify call and a consent.
fn events() -> Vec<Event> {
    let item = |category: &str, price: i64| {
        Value::Object(object(vec![("category", category.into()), ("price", price.into())]))
    };
    let order = |total: i64, items: Vec<Value>| {
        let tags = Value::List(vec!["a".into(), "b".into()]);
        let fields = vec![
            ("total", total.into()),
            ("currency", "EUR".into()),
            ("items", Value::List(items)),
            ("tags", tags),
            ("shipped_at", "2026-02-28T23:30:00Z".into()),
        ];
        track("order", fields)
    };
    let traits = object(vec![
        ("country", "SK".into()),
        ("age", 30.into()),
        ("birthday", "2026-03-01".into()),
        ("paid_until", "2026-03-02T00:00:00Z".into()),
    ]);
    let granted = Body::Consent { purpose: "email".into(), granted: true, expires: None };
    let mut events = vec![
        call(order(10, vec![item("shoes", 3), item("hats", 4)]), 60 * 24 * 40),
        call(order(20, vec![item("shoes", 5)]), 60 * 24 * 2),
        call(Body::Identify { traits }, 60 * 24),
        call(granted, 60),
    ];
    events.sort_by(Event::canonical);
    events
}

/// Holds every `yes` and no `no`.
fn check(yes: &[&str], no: &[&str]) {
    let mut catalog = shop();
    define(&mut catalog, "create trait spent is sum(order.total)");
    define(
        &mut catalog,
        "create audience mailed requiring consent for \"email\" is people who did order;
         create audience pushed requiring consent for \"push\" is people who did order",
    );
    let (events, parties) = (events(), Parties::default());
    let user_id = "u1".into();
    let person = Person {
        profile: ProfileId(1),
        events: &events,
        identifiers: &[],
        user_id: Some(&user_id),
        parties: &parties,
        others: &Nobody,
    };
    for (text, expected) in yes.iter().map(|t| (t, true)).chain(no.iter().map(|t| (t, false))) {
        let statement = &parse(&format!("count people {text}")).statements[0];
        match resolve(statement, &catalog, now()) {
            Ok(Resolved::Question { question: Question::CountPeople { people, .. }, .. }) => {
                assert_eq!(holds::holds(&people, &person, now()), expected, "{text}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn texts_say_of_one_person_what_they_read_like() {
    check(
        &[
            "who did order in last 3 days and did order between 30 and 60 days ago",
            "whose sum(order.items: price where (category = \"shoes\")) = 8",
            "whose count(order.items where (price > 3 and event.currency = \"EUR\")) = 2",
            "whose distinct(order.items.category) = 2 and count(order.tags) = 4",
            "whose sum(order.items.price where (event.total > 10)) = 5",
            "whose spent = 30 and user_id = \"u1\" and country is known",
            "in audience mailed and not in audience pushed",
            "whose birthday in last 1 day and days since birthday < 1",
            "whose paid_until in next 1 day and hours until paid_until = 12",
            "who did order where (shipped_at on 2026-02-28)",
            "who did order since birthday at most 0 times and did order before birthday",
            "who never did visit and did not order at least 3 times",
            "whose last(order.items.price) = 5 and max(order.total) >= 20",
        ],
        &[
            "who did order in last 1 day",
            "whose country != \"SK\"",
            "who did visit or have no consent for \"email\"",
            "whose sum(order.total in last 3 days) > 20",
            "who did order where (profile.age > 30)",
        ],
    );
}
