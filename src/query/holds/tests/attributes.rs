use super::*;
use crate::model::Value;
use crate::query::predicate::*;

fn check(history: &History, expr: Expr<PersonLeaf>, expected: impl Into<Value>) {
    assert_eq!(history.value(&expr), expected.into(), "{expr:?}");
}

fn city(name: &str) -> Vec<(&'static str, Value)> {
    vec![("city", name.into())]
}

#[test]
fn the_last_identify_call_wins_and_those_ahead_do_not_exist() {
    let history = History::new()
        .identify(-1, city("Brno"))
        .identify(-2, city("Praha"))
        .identify(1, city("Wien"));
    check(&history, attribute("city"), "Brno");
    assert!(
        history.holds_at(&is(attribute("city"), compare(Comparison::Equal, "Wien")), after_now(1))
    );
    check(&History::new(), attribute("city"), Value::Null);
    let at_now = History::new().identify(-1, city("Brno")).identify(0, city("Wien"));
    check(&at_now, attribute("city"), "Wien");
}

#[test]
fn of_one_instant_the_greater_id_wins_whatever_the_senders_sequence_says() {
    let history = History::new()
        .identify(-1, city("Brno"))
        .with(|first| first.ord = 9)
        .identify(-1, city("Praha"));
    check(&history, attribute("city"), "Praha");
}

#[test]
fn a_first_party_wins_over_a_later_third() {
    let history = History::new().third_party("broker").identify(-9, city("Brno")).identify_by(
        "broker",
        -1,
        city("Praha"),
    );
    check(&history, attribute("city"), "Brno");
    let only_third = History::new().third_party("broker").identify_by("broker", -1, city("Praha"));
    check(&only_third, attribute("city"), "Praha");
    let unset = history.identify(-5, vec![("city", Value::Null)]);
    check(&unset, attribute("city"), Value::Null);
}

#[test]
fn null_unsets_and_a_call_that_says_nothing_does_not() {
    let brno = || History::new().identify(-9, city("Brno"));
    check(&brno().identify(-1, vec![("plan", "a".into())]), attribute("city"), "Brno");
    check(&brno().identify(-1, vec![("city", Value::Null)]), attribute("city"), Value::Null);
    let again = brno().identify(-5, vec![("city", Value::Null)]).identify(-1, city("Wien"));
    check(&again, attribute("city"), "Wien");
    check(&brno().identify(1, vec![("city", Value::Null)]), attribute("city"), "Brno");
}

#[test]
fn an_attribute_is_replaced_whole_and_the_path_leads_into_what_is_there() {
    let home = |fields| vec![("home", obj(fields))];
    let history = History::new()
        .identify(-9, home(vec![("city", "Brno".into()), ("zip", 60200.into())]))
        .identify(-1, home(vec![("city", "Praha".into())]));
    check(&history, attribute("home.city"), "Praha");
    check(&history, attribute("home.zip"), Value::Null);
    check(&history, attribute("home.city.x"), Value::Null);
    let scalar = history.identify(0, vec![("home", 5.into())]);
    check(&scalar, attribute("home.city"), Value::Null);
}

#[test]
fn paths_count_from_zero_and_through_arrays_yield_lists() {
    let child =
        |name: &str, tags: Vec<Value>| obj(vec![("name", name.into()), ("tags", list(tags))]);
    let children = list(vec![
        child("Ada", vec!["a".into()]),
        obj(vec![("age", 3.into())]),
        child("Eve", vec!["b".into(), "c".into()]),
    ]);
    let history = History::new().identify(-1, vec![("kids", children)]);
    check(&history, attribute("kids[0].name"), "Ada");
    check(&history, attribute("kids[2].tags[1]"), "c");
    check(&history, attribute("kids[1].name"), Value::Null);
    check(&history, attribute("kids[9].name"), Value::Null);
    check(&history, attribute("kids.name"), list(vec!["Ada".into(), "Eve".into()]));
    check(&history, attribute("kids.tags"), list(vec!["a".into(), "b".into(), "c".into()]));
    check(&history, attribute("kids.nothing"), list(vec![]));
}

#[test]
fn only_a_declared_type_reads_text_as_anything_else() {
    for (declared, given, expected) in [
        (Type::Number, Value::from("12.50"), number("12.5")),
        (Type::Number, "12 EUR".into(), Value::Null),
        (Type::Number, 12.into(), 12.into()),
        (Type::Number, true.into(), Value::Null),
        (Type::Number, "1e18".into(), Value::Null),
        (Type::Instant, "2026-03-31T14:00:00+02:00".into(), Value::Instant(now())),
        (Type::Instant, "2026-03-31".into(), Value::Null),
        (Type::Date, "2026-03-31".into(), Value::Date(date("2026-03-31"))),
        (Type::Date, "2026-02-30".into(), Value::Null),
        (Type::Bool, "true".into(), Value::Null),
        (Type::Bool, true.into(), true.into()),
        (Type::Text, 5.into(), Value::Null),
        (Type::Text, "5".into(), "5".into()),
        (Type::Ip, "10.0.0.1".into(), "10.0.0.1".into()),
        (Type::List, "a".into(), Value::Null),
        (Type::List, list(vec![1.into()]), list(vec![1.into()])),
        (Type::Number, list(vec!["1".into(), "x".into()]), list(vec![1.into()])),
    ] {
        let history = History::new().identify(-1, vec![("v", given.clone())]);
        check(&history, typed("v", declared), expected);
        check(&history, attribute("v"), given);
    }
    let digits = History::new().identify(-1, vec![("v", Value::Digits("1e40".into()))]);
    check(&digits, attribute("v"), Value::Null);
}

#[test]
fn group_and_user_id_and_the_span_of_visible_calls() {
    let leaf = |leaf| Expr::Leaf(leaf);
    let mut history = History::new()
        .identify(-9, vec![("group_id", "not this".into())])
        .group(-5, "acme")
        .group(-3, "beta")
        .group(1, "late");
    check(&history, leaf(PersonLeaf::GroupId), "beta");
    check(&History::new(), leaf(PersonLeaf::GroupId), Value::Null);
    check(&history, leaf(PersonLeaf::UserId), Value::Null);
    history.user_id = Some("u1".into());
    check(&history, leaf(PersonLeaf::UserId), "u1");
    check(&history, leaf(PersonLeaf::FirstSeen), Value::Instant(after_now(-9)));
    check(&history, leaf(PersonLeaf::LastSeen), Value::Instant(after_now(-3)));
    check(&History::new().did(1, "e"), leaf(PersonLeaf::LastSeen), Value::Null);
}
