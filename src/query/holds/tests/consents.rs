use super::*;
use crate::query::predicate::*;

fn consent() -> Condition {
    Tree::Leaf(Predicate::Consent { purpose: "email".into() })
}

#[test]
fn the_latest_visible_decision_holds_while_it_has_not_expired() {
    let new = History::new;
    for (told, history, expected) in [
        ("unknown is no consent", new(), false),
        ("granted", new().consent(-1, true, None), true),
        ("granted now", new().consent(0, true, None), true),
        ("granted ahead", new().consent(1, true, None), false),
        ("denied", new().consent(-1, false, None), false),
        ("denied later", new().consent(-2, true, None).consent(-1, false, None), false),
        ("granted again", new().consent(-2, false, None).consent(-1, true, None), true),
        ("denied ahead", new().consent(-2, true, None).consent(1, false, None), true),
        (
            "of one instant the greater id",
            new().consent(-1, true, None).consent(-1, false, None),
            false,
        ),
        ("not yet expired", new().consent(-1, true, Some(1)), true),
        ("expires now", new().consent(-1, true, Some(0)), false),
        ("expired", new().consent(-5, true, Some(-1)), false),
        (
            "an older grant does not come back",
            new().consent(-9, true, None).consent(-5, true, Some(-1)),
            false,
        ),
        ("a denial does not expire", new().consent(-9, false, Some(-5)), false),
    ] {
        assert_eq!(history.holds(&consent()), expected, "{told}");
        assert_eq!(history.holds(&consent().not()), !expected, "the plain complement: {told}");
    }
}

#[test]
fn purposes_do_not_know_each_other() {
    let other = Tree::Leaf(Predicate::Consent { purpose: "sms".into() });
    assert!(!History::new().consent(-1, true, None).holds(&other));
}
