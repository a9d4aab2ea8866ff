use super::*;
use crate::query::predicate::*;
use std::sync::Arc;

fn yes() -> Condition {
    did(event("here"), vec![])
}

fn no() -> Condition {
    did(event("elsewhere"), vec![])
}

fn check(condition: Condition, expected: bool) {
    assert_eq!(History::new().did(-1, "here").holds(&condition), expected, "{condition:?}");
}

#[test]
fn logic_has_two_values() {
    check(Tree::All(vec![]), true);
    check(Tree::Any(vec![]), false);
    check(Tree::All(vec![yes(), no()]), false);
    check(Tree::All(vec![yes(), yes()]), true);
    check(Tree::Any(vec![no(), yes()]), true);
    check(Tree::Any(vec![no(), no()]), false);
    check(Tree::Not(Box::new(no())), true);
    check(Tree::Not(Box::new(yes())), false);
    let unknown = || is(attribute("country"), compare(Comparison::NotEqual, "SK"));
    check(unknown(), false);
    check(unknown().not(), true);
    check(is(attribute("country"), compare(Comparison::Equal, "SK")).not(), true);
}

#[test]
fn counts_have_both_ends_and_zero_is_a_number() {
    let history = History::new().did(-3, "e").did(-2, "e").did(-1, "e").did(1, "e");
    for (name, least, most, expected) in [
        ("e", 3, Some(3), true),
        ("e", 4, None, false),
        ("e", 3, None, true),
        ("e", 0, Some(2), false),
        ("e", 0, Some(3), true),
        ("e", 2, Some(4), true),
        ("x", 0, Some(2), true),
        ("x", 0, Some(0), true),
        ("x", 0, None, true),
        ("x", 1, Some(2), false),
    ] {
        let condition = did_times(event(name), vec![], least, most);
        assert_eq!(history.holds(&condition), expected, "{name} {least} {most:?}");
    }
}

#[test]
fn an_event_that_fits_twice_counts_once() {
    let twice = Matcher([event("e").0, any_event().0].concat());
    assert!(History::new().did(-1, "e").holds(&did_times(twice, vec![], 1, Some(1))));
    let both = Matcher([event("a").0, event("b").0].concat());
    let history = History::new().did(-3, "a").did(-2, "b").did(-1, "c");
    assert!(history.holds(&did_times(both, vec![], 2, Some(2))));
}

#[test]
fn each_name_of_a_union_has_its_own_filter() {
    let of = |value: i64| has_row(property("x"), Check::Compare(Comparison::Equal, lit(value)));
    let union = Matcher([event_where("a", of(1)).0, event_where("b", of(2)).0].concat());
    for (name, x, expected) in [("a", 1, true), ("a", 2, false), ("b", 2, true), ("b", 1, false)] {
        let history = History::new().did_with(-1, name, vec![("x", x.into())]);
        assert_eq!(history.holds(&did(union.clone(), vec![])), expected, "{name} {x}");
    }
}

#[test]
fn filters_combine_tests() {
    let of = |value: i64| has_row(property("x"), Check::Compare(Comparison::AtLeast, lit(value)));
    let unknown = || has_row(property("y"), Check::Known(false));
    for (filter, expected) in [
        (Tree::All(vec![of(1), unknown()]), true),
        (Tree::All(vec![of(3), unknown()]), false),
        (Tree::Any(vec![of(3), unknown()]), true),
        (of(3).not(), true),
        (unknown().not(), false),
    ] {
        let history = History::new().did_with(-1, "e", vec![("x", 2.into())]);
        assert_eq!(history.holds(&did(event_where("e", filter), vec![])), expected);
    }
}

#[test]
fn membership_in_an_audience_is_its_condition() {
    let audience = |condition| {
        let name = "a".into();
        Tree::Leaf(Predicate::InAudience(Arc::new(Audience {
            name,
            version: 1,
            condition,
            zone: Local::UTC,
        })))
    };
    check(audience(yes()), true);
    check(audience(no()), false);
    check(audience(no()).not(), true);
    check(audience(audience(yes())), true);
}
