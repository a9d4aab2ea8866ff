//! Attributes are kept as columns from one question to the next: whatever
//! changes them in between, the next question sees it.

use throng::engine::{CommitTime, Throng};
use throng::model::{Body, Call, Object, Timestamp, Value};

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

#[test]
fn what_columns_take_is_told() {
    let throng = beginning();
    let memory = throng.info().unwrap().memory;
    assert!(memory.iter().any(|(part, bytes)| *part == "columns" && *bytes > 0), "{memory:?}");
}
