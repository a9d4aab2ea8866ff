use super::*;
use crate::model::Value;
use crate::query::predicate::Comparison::*;
use crate::query::predicate::*;

fn check(subject: impl Into<Value>, check: Check<PersonLeaf>, expected: bool) {
    let subject = subject.into();
    let held = History::new().holds(&is(lit(subject.clone()), check.clone()));
    assert_eq!(held, expected, "{subject:?} {check:?}");
}

fn at(ms: i64) -> Value {
    Value::Instant(after_now(ms))
}

#[test]
fn numbers_compare_by_size() {
    for (comparison, [less, same, greater]) in [
        (Equal, [false, true, false]),
        (NotEqual, [true, false, true]),
        (Less, [true, false, false]),
        (AtMost, [true, true, false]),
        (Greater, [false, false, true]),
        (AtLeast, [false, true, true]),
    ] {
        for (subject, expected) in
            [("9.999999999", less), ("10.0", same), ("10.000000001", greater)]
        {
            check(number(subject), compare(comparison, 10), expected);
        }
    }
}

#[test]
fn a_missing_operand_makes_every_comparison_false() {
    for comparison in [Equal, NotEqual, Less, AtMost, Greater, AtLeast] {
        check(Value::Null, compare(comparison, 1), false);
        check(1, compare(comparison, Value::Null), false);
        check(Value::Null, compare(comparison, Value::Null), false);
        let digits = || Value::Digits("1e30".into());
        check(digits(), compare(comparison, digits()), false);
    }
}

#[test]
fn a_value_of_another_kind_is_missing() {
    for comparison in [Equal, NotEqual, Less, AtMost, Greater, AtLeast] {
        for (left, right) in [
            (Value::from("10"), Value::from(9)),
            (9.into(), "10".into()),
            (true.into(), 1.into()),
            (at(0), Value::Date(date("2026-03-31"))),
            (Value::Duration(1), 1.into()),
            (list(vec![1.into()]), 1.into()),
        ] {
            check(left, compare(comparison, right), false);
        }
    }
}

#[test]
fn text_and_bools_are_equal_or_not_and_have_no_size() {
    for (comparison, expected) in
        [(Equal, false), (NotEqual, true), (Less, false), (AtMost, false), (Greater, false)]
    {
        check("a", compare(comparison, "b"), expected);
        check(false, compare(comparison, true), expected);
    }
    check("SK", compare(Equal, "SK"), true);
    check("SK", compare(Equal, "sk"), false);
    check("é", compare(Equal, "e\u{301}"), true);
    check("", compare(Equal, ""), true);
    check(true, compare(Equal, true), true);
}

#[test]
fn instants_dates_and_durations_compare_among_their_own() {
    check(at(1), compare(Greater, at(0)), true);
    check(at(0), compare(Greater, at(0)), false);
    check(Value::Date(date("2026-03-30")), compare(Less, Value::Date(date("2026-03-31"))), true);
    check(Value::Duration(5), compare(AtLeast, Value::Duration(5)), true);
}

#[test]
fn known_and_unknown() {
    for (subject, known) in [
        (Value::Null, false),
        ("".into(), true),
        (0.into(), true),
        (false.into(), true),
        (list(vec![]), true),
    ] {
        check(subject.clone(), Check::Known(true), known);
        check(subject, Check::Known(false), !known);
    }
}

#[test]
fn one_of_reads_the_kinds_of_its_literals() {
    let one_of = |negated| Check::OneOf { values: vec!["SK".into(), 7.into()], negated };
    for (subject, expected, negated) in [
        (Value::from("SK"), true, false),
        (7.into(), true, false),
        ("CZ".into(), false, true),
        (8.into(), false, true),
        (Value::Null, false, false),
        (true.into(), false, false),
        (list(vec!["SK".into()]), false, false),
    ] {
        check(subject.clone(), one_of(false), expected);
        check(subject, one_of(true), negated);
    }
    let with_missing = |negated| Check::OneOf { values: vec!["SK".into(), Value::Null], negated };
    check("SK", with_missing(false), false);
    check("CZ", with_missing(true), false);
}

#[test]
fn between_is_closed() {
    let between = |low: Value, high: Value| Check::Between(lit(low), lit(high));
    for (subject, expected) in
        [("1.999999999", false), ("2", true), ("3", true), ("4", true), ("4.000000001", false)]
    {
        check(number(subject), between(2.into(), 4.into()), expected);
    }
    check(at(0), between(at(0), at(0)), true);
    check(at(1), between(at(0), at(0)), false);
    check(Value::Date(date("2026-03-31")), between(at(-DAY), at(DAY)), false);
    check(3, between(4.into(), 2.into()), false);
    check(3, between(Value::Null, 4.into()), false);
    check(3, between(2.into(), Value::Null), false);
    check("b", between("a".into(), "c".into()), false);
}

#[test]
fn text_stands_in_text() {
    use crate::query::predicate::Place::*;
    for (place, ignoring_case, subject, part, expected) in [
        (Anywhere, false, "/pricing/eu", "pricing", true),
        (Anywhere, false, "/pricing/eu", "Pricing", false),
        (Anywhere, true, "/pricing/eu", "PRICING", true),
        (Anywhere, false, "a", "", true),
        (Start, false, "/pricing", "/pri", true),
        (Start, false, "x/pricing", "/pri", false),
        (End, false, "a@acme.example", "@acme.example", true),
        (End, true, "a@ACME.example", "@acme.EXAMPLE", true),
        (End, false, "acme.example.org", "acme.example", false),
        (Anywhere, true, "STRASSE", "straße", true),
        (Start, true, "ΣΑΣ", "σας", true),
    ] {
        let part = lit(part);
        check(subject, Check::Text { place, part, ignoring_case }, expected);
    }
    let contains =
        |part: Value| Check::Text { place: Anywhere, part: lit(part), ignoring_case: false };
    check(Value::Null, contains("".into()), false);
    check("12", contains(1.into()), false);
    check(12, contains("1".into()), false);
}

#[test]
fn has_reads_lists() {
    let has = |elements: Vec<Value>, all| Check::Has {
        elements: elements.into_iter().map(lit).collect(),
        all,
    };
    let tags = || list(vec!["a".into(), 1.into(), "b".into()]);
    check(tags(), has(vec!["a".into()], true), true);
    check(tags(), has(vec!["c".into(), "b".into()], false), true);
    check(tags(), has(vec!["c".into(), "b".into()], true), false);
    check(tags(), has(vec!["a".into(), "b".into(), 1.into()], true), true);
    check(tags(), has(vec!["1".into()], true), false);
    check(tags(), has(vec![Value::Null, "a".into()], false), false);
    check("a", has(vec!["a".into()], true), false);
    check(Value::Null, has(vec!["a".into()], true), false);
    check(list(vec![]), has(vec!["a".into()], false), false);
}
