//! Attributes, and what people did, are kept as columns from one question to the next:
//! whatever changes them in between, the next question sees it.

use throng::engine::{CommitTime, Throng};
use throng::model::{Body, Call, Decimal, Object, Timestamp, Value};

fn at(day: u32) -> Timestamp {
    format!("2026-03-{day:02}T00:00:00Z").parse().unwrap()
}

fn identify(source: &str, user: &str, day: u32, traits: &[(&str, Value)]) -> Call {
    let traits = traits.iter().map(|(key, value)| ((*key).into(), value.clone())).collect();
    let mut call = Call::new(source, Body::Identify { traits: Object::new(traits).unwrap() });
    (call.user_id, call.when) = (Some(user.into()), Some(at(day)));
    call
}

fn tell(throng: &Throng, call: Call, day: u32) {
    let receipt = throng.ingest_at(vec![call], CommitTime::At(at(day)), false).unwrap();
    assert_eq!(receipt.accepted, 1);
}

fn country(user: &str, day: u32, country: &str) -> Call {
    identify("web", user, day, &[("country", country.into())])
}

/// How many people there are.
fn check(throng: &Throng, people: &str, expected: i64) {
    let answers = throng.query(&format!("count people {people}")).unwrap();
    assert_eq!(answers.answers[0].rows().unwrap().rows, [[expected.into()]], "{people}");
}

fn beginning() -> Throng {
    let throng = Throng::temporary().unwrap();
    tell(&throng, country("ada", 1, "DK"), 10);
    tell(&throng, country("bob", 1, "SK"), 10);
    check(&throng, "whose country = \"DK\"", 1);
    throng
}

#[test]
fn a_value_that_comes_later_counts_from_then_on() {
    let throng = beginning();
    tell(&throng, country("bob", 2, "DK"), 10);
    check(&throng, "whose country = \"DK\"", 2);
    // A word that nobody had, and a late call that changes nothing.
    tell(&throng, country("ada", 3, "CZ"), 11);
    tell(&throng, country("ada", 2, "DK"), 11);
    check(&throng, "whose country = \"DK\"", 1);
    check(&throng, "whose country = \"CZ\"", 1);
    tell(&throng, identify("web", "ada", 4, &[("country", Value::Null)]), 11);
    check(&throng, "whose country is unknown", 1);
    check(&throng, "whose country != \"DK\"", 0);
}

#[test]
fn a_value_dated_ahead_counts_from_its_day_on() {
    let throng = beginning();
    tell(&throng, country("ada", 20, "SK"), 11);
    check(&throng, "whose country = \"SK\"", 1);
    throng.advance_to(at(20)).unwrap();
    check(&throng, "whose country = \"SK\"", 2);
}

#[test]
fn a_source_that_becomes_a_third_party_is_believed_less() {
    let throng = beginning();
    tell(&throng, identify("bought", "ada", 5, &[("country", "SK".into())]), 11);
    check(&throng, "whose country = \"SK\"", 2);
    throng.query("declare source bought third party").unwrap();
    check(&throng, "whose country = \"SK\"", 1);
    tell(&throng, identify("bought", "ada", 6, &[("country", "CZ".into())]), 11);
    check(&throng, "whose country = \"DK\"", 1);
}

#[test]
fn people_who_are_joined_parted_and_forgotten_take_their_values_along() {
    let throng = beginning();
    let mut both = country("ada", 1, "DK");
    both.anonymous_id = Some("tv".into());
    (both.user_id, both.when) = (None, Some(at(3)));
    tell(&throng, both, 11);
    check(&throng, "whose country = \"DK\"", 2);
    throng.query("link \"user_id:bob\" with \"anonymous_id:tv\"").unwrap();
    check(&throng, "whose country = \"DK\"", 2);
    check(&throng, "whose country = \"SK\"", 0);
    throng.query("unlink \"user_id:bob\" from \"anonymous_id:tv\"").unwrap();
    check(&throng, "whose country = \"SK\"", 1);
    throng.query("forget profile \"user_id:bob\"").unwrap();
    check(&throng, "whose country = \"SK\"", 0);
}

fn order(user: &str, day: u32, properties: &[(&str, Value)]) -> Call {
    let fields = properties.iter().map(|(key, value)| ((*key).into(), value.clone())).collect();
    let properties = Object::new(fields).unwrap();
    let mut call = Call::new("shop", Body::Track { event: "order".into(), properties });
    (call.user_id, call.when) = (Some(user.into()), Some(at(day)));
    call
}

fn paid(user: &str, day: u32, revenue: i64) -> Call {
    order(user, day, &[("revenue", revenue.into())])
}

/// Two people who ordered, and questions of all that may be kept of that.
fn customers() -> Throng {
    let throng = Throng::temporary().unwrap();
    tell(&throng, paid("ada", 2, 10), 10);
    tell(&throng, paid("bob", 3, 5), 10);
    lifetime(&throng, "ada", (1, 10, "10"), (2, 2));
    throng
}

/// How often somebody ordered, for how much in all and on the average, first and last when.
fn lifetime(
    throng: &Throng,
    user: &str,
    (n_orders, sum, average): (i64, i64, &str),
    (first, last): (u32, u32),
) {
    let asked = "list count(order), sum(order.revenue), avg(order.revenue), \
                 first(order.when), last(order.when) of people";
    let answers = throng.query(&format!("{asked} whose user_id = \"{user}\"")).unwrap();
    let average = Value::Number(average.parse().unwrap());
    let [first, last] = [first, last].map(|day| Value::Instant(at(day)));
    let right = [n_orders.into(), sum.into(), average, first, last];
    assert_eq!(answers.answers[0].rows().unwrap().rows, [right], "{user}");
    check(throng, &format!("whose user_id = \"{user}\" and sum(order.revenue) >= {sum}"), 1);
    check(throng, &format!("whose user_id = \"{user}\" and sum(order.revenue) > {sum}"), 0);
}

#[test]
fn what_somebody_does_later_counts_from_then_on() {
    let throng = customers();
    tell(&throng, paid("ada", 5, 20), 10);
    lifetime(&throng, "ada", (2, 30, "15"), (2, 5));
    // Late, without a number, and with several.
    tell(&throng, paid("ada", 1, -6), 11);
    tell(&throng, order("ada", 4, &[("revenue", Value::Null)]), 11);
    let several = Value::List(vec![3.into(), Value::Null, 9.into()]);
    tell(&throng, order("ada", 4, &[("revenue", several)]), 11);
    lifetime(&throng, "ada", (5, 36, "7.2"), (1, 5));
    lifetime(&throng, "bob", (1, 5, "5"), (3, 3));
    // Beyond what is kept in half of the room, and back.
    let (great, rest) = (20_000_000_000, 36 + 4);
    tell(&throng, paid("ada", 6, great), 11);
    check(&throng, &format!("whose sum(order.revenue) = {}", great + 36), 1);
    tell(&throng, paid("ada", 6, 4 - great), 11);
    check(&throng, &format!("whose sum(order.revenue) = {rest}"), 1);
}

#[test]
fn what_somebody_will_have_done_counts_from_its_day_on() {
    let throng = customers();
    tell(&throng, paid("ada", 20, 7), 11);
    lifetime(&throng, "ada", (1, 10, "10"), (2, 2));
    throng.advance_to(at(20)).unwrap();
    lifetime(&throng, "ada", (2, 17, "8.5"), (2, 20));
}

#[test]
fn people_who_are_joined_parted_and_forgotten_take_what_they_did_along() {
    let throng = customers();
    let mut on_tv = paid("ada", 4, 100);
    (on_tv.user_id, on_tv.anonymous_id) = (None, Some("tv".into()));
    tell(&throng, on_tv, 11);
    lifetime(&throng, "bob", (1, 5, "5"), (3, 3));
    throng.query("link \"user_id:bob\" with \"anonymous_id:tv\"").unwrap();
    lifetime(&throng, "bob", (2, 105, "52.5"), (3, 4));
    throng.query("unlink \"user_id:bob\" from \"anonymous_id:tv\"").unwrap();
    lifetime(&throng, "bob", (1, 5, "5"), (3, 3));
    check(&throng, "whose sum(order.revenue) = 100", 1);
    throng.query("forget profile \"user_id:bob\"").unwrap();
    check(&throng, "whose sum(order.revenue) = 5", 0);
    check(&throng, "who did order", 2);
}

/// So many that they are not read one by one.
#[test]
fn many_who_are_joined_take_what_they_did_along() {
    let throng = customers();
    let calls = (0..2_100).flat_map(|n| {
        let user = format!("user{n}");
        let mut visit = paid(&user, 4, 1);
        (visit.user_id, visit.anonymous_id) = (None, Some(format!("visitor{n}").as_str().into()));
        [paid(&user, 3, 1), visit]
    });
    throng.ingest_at(calls.collect(), CommitTime::At(at(11)), false).unwrap();
    check(&throng, "whose sum(order.revenue) = 1", 4_200);
    let joined = (0..2_100).map(|n| {
        let mut both = identify("web", &format!("user{n}"), 5, &[]);
        both.anonymous_id = Some(format!("visitor{n}").as_str().into());
        both
    });
    throng.ingest_at(joined.collect(), CommitTime::At(at(12)), false).unwrap();
    check(&throng, "whose sum(order.revenue) = 2", 2_100);
    check(&throng, "whose count(order) = 2 and last(order.when) > 2026-03-03T12:00:00Z", 2_100);
    lifetime(&throng, "user7", (2, 2, "1"), (3, 4));
}

/// Two sums of one event, one of them asked for later, of which each commit notes its own.
#[test]
fn sums_of_several_properties_are_told_apart() {
    let throng = customers();
    let both = |day, revenue: i64, tax: &str| {
        let tax = tax.parse::<Decimal>().unwrap();
        order("ada", day, &[("revenue", revenue.into()), ("tax", Value::Number(tax))])
    };
    tell(&throng, both(4, 1, "0.25"), 11);
    check(&throng, "whose sum(order.tax) = 0.25", 1);
    tell(&throng, both(5, 2, "0.5"), 11);
    check(&throng, "whose sum(order.tax) = 0.75 and sum(order.revenue) = 13", 1);
    check(&throng, "whose sum(order.tax) < sum(order.revenue)", 2);
    check(&throng, "whose sum(order.tax) != 0 and sum(order.tax) < sum(order.revenue)", 1);
}

#[test]
fn what_columns_take_is_told() {
    let throng = beginning();
    let memory = throng.info().unwrap().memory;
    assert!(memory.iter().any(|(part, bytes)| *part == "columns" && *bytes > 0), "{memory:?}");
}
