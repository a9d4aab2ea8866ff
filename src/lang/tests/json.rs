//! The JSON form of a tree says the same as its text.

use super::grow::Grower;
use super::laws::shape;
use crate::lang::json::{from_json, to_json};
use crate::lang::tree::Statement;
use crate::lang::{parse, print};
use serde_json::{Value, json};

/// Whether a part stands as text, which only the deepest do.
fn holds_text(form: &Value, depth: usize) -> bool {
    match form {
        Value::Array(items) => items.iter().any(|item| holds_text(item, depth + 1)),
        Value::Object(map) => map
            .iter()
            .any(|(key, item)| key == "whoql" && depth < 12 || holds_text(item, depth + 1)),
        _ => false,
    }
}

fn comes_back(statement: &Statement, told: &str) -> Value {
    let form = to_json(statement);
    let written = serde_json::to_string(&form).unwrap();
    let read: Value = serde_json::from_str(&written).unwrap_or_else(|e| panic!("{told}: {e}"));
    let back = from_json(&read).unwrap_or_else(|wrong| panic!("{told}: {wrong}\n{written}"));
    assert_eq!(shape(&back), shape(statement), "{told}: {written}");
    form
}

#[test]
fn trees_come_back_from_their_json_form() {
    for seed in 0..3_000 {
        let tree = Grower::new(seed, seed as usize % 5).statement();
        let form = comes_back(&tree, &format!("seed {seed}: {}", print(&tree)));
        assert!(!holds_text(&form, 0), "seed {seed}: give it a form in src/lang/json: {form}");
    }
}

#[test]
fn what_is_used_by_its_name_stands_as_its_name() {
    let form = |text: &str| {
        let form = comes_back(&parse(&format!("count people {text}")).statements[0], text);
        form["report"]["count_people"]["people"].clone()
    };
    assert_eq!(form("in audience vip"), json!({"in_audience": "vip"}));
    assert_eq!(form("meets buyer"), json!({"meets": "buyer"}));
    assert_eq!(form("meets buyer(2)"), json!({"meets": {"name": "buyer", "arguments": [2]}}));
    assert_eq!(
        form("any of (in list staff, in holdout \"g\")"),
        json!({"any_of": [{"in_list": "staff"}, {"in_holdout": "g"}]})
    );
    let wrong = json!({"verify": {"in_audience": 1}});
    assert!(from_json(&wrong).is_err());
}

#[test]
fn what_lies_deep_comes_back_too() {
    for (open, close) in [("(", ")"), ("not ", ""), ("did a where (", ")"), ("all of (", ")")] {
        for n in [5, 14, 30, 60] {
            let text = format!("count people {}x = 1{}", open.repeat(n), close.repeat(n));
            comes_back(&parse(&text).statements[0], &text);
        }
    }
}

fn check(form: Value, expected: &str) {
    assert_eq!(from_json(&form).unwrap_err().to_string(), expected);
}

#[test]
fn what_is_wrong_is_told_by_its_pointer() {
    check(json!([]), "at the top: an object is needed here, not a list");
    check(json!({"verify": 1}), "at `/verify`: a text is needed here, not 1");
    check(json!({"verfy": "a"}), "at the top: `verfy` means nothing here; did you mean `verify`?");
    check(
        json!({"create_audience": {"name": "a", "people": {"and": ["everyone", {"did": {}}]}}}),
        "at `/create_audience/people/and/0`: `everyone` means nothing here; here may stand did, is, consent, in_audience, meets, in_list, in_sample, in_holdout, in_variant, rank",
    );
    check(
        json!({"create_audience": {"name": "a", "people": {"did": {"occurrence": {
            "events": "order", "windows": [{"in_last": "30 dais"}]}}}}}),
        "at `/create_audience/people/did/occurrence/windows/0/in_last`: `dais` means nothing here; did you mean `days`?",
    );
    check(
        json!({"create_audience": {"name": "a", "people": {"whoql": "did order or"}}}),
        "at `/create_audience/people/whoql`: expected a condition or `not`, found the end of the statement (E0001)",
    );
    check(json!({"create_audience": {"name": "a"}}), "at `/create_audience`: `people` is missing");
    let deep = (0..400).fold(json!({"known": true}), |inner, _| json!({ "not": inner }));
    let wrong = from_json(&json!({"create_audience": {"name": "a", "people": deep}})).unwrap_err();
    assert!(wrong.message.contains("levels"), "{wrong}");
}

#[test]
fn what_the_grammar_does_not_allow_is_refused() {
    let form = json!({"report": {"count_people": {"people": {"did": {
        "never": true, "negated": true,
        "occurrence": {"events": "order", "times": {"at_least": 2}}}}}}});
    let wrong = from_json(&form).unwrap_err();
    assert!(wrong.message.contains("`never did` takes neither window nor count"), "{wrong}");
}

#[test]
fn a_part_may_be_given_as_text() {
    let form = json!({"report": {"list": {
        "columns": [{"value": {"whoql": "sum(order.total)  +  1"}, "name": "spent"}],
        "people": {"and": [{"whoql": "who did order in last 90d"}, {"whoql": "a = 1 or b = 2"}]}}}});
    assert_eq!(
        print(&from_json(&form).unwrap()),
        "list sum(order.total) + 1 as spent of people who did order in last 90 days and (a = 1 or b = 2)"
    );
    for (place, text) in [
        ("people", "a = 1; drop audience b"),
        ("people", "a = 1 by country"),
        ("people", "a = 1 as of 2026-01-01"),
    ] {
        let form = json!({"report": {"count_people": { place: {"whoql": text} }}});
        assert!(from_json(&form).is_err(), "{text}");
    }
}
