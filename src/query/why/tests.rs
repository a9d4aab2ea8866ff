use super::proof::Step;
use super::*;
use crate::model::{FixedUnit, Unit, Value, Zone};
use crate::query::holds::tests::{
    DAY, HOUR, History, after_now, aggregate, anchor, any_event, attribute, compare, date, did,
    did_times, event, event_where, from, has_row, instant, is, lit, now, op, property, since_point,
    typed,
};
use crate::query::predicate::*;
use std::sync::Arc;

const DAYS: Unit = Unit::Fixed(FixedUnit::Day);

fn last(ms: i64) -> Vec<Window<PersonLeaf>> {
    vec![Window::Last { ms }]
}

fn changes(history: &History, condition: &Condition, expected: Option<Timestamp>) {
    let found = changes_at(condition, &history.person(), now());
    assert_eq!(found, expected, "{condition:?}");
}

#[test]
fn a_window_closes_exactly_at_its_length_after_the_deciding_event() {
    let history = History::new().did(-5, "e").did(-3, "e").did(-1, "e");
    for (least, most, expected) in [
        (1, None, Some(DAY - 1)),
        (2, None, Some(DAY - 3)),
        (3, None, Some(DAY - 5)),
        (4, None, None),
        (0, Some(2), Some(DAY - 5)),
        (0, Some(0), Some(DAY - 1)),
        (1, Some(2), Some(DAY - 5)),
    ] {
        let condition = did_times(event("e"), last(DAY), least, most);
        changes(&history, &condition, expected.map(after_now));
    }
}

#[test]
fn events_enter_a_band_of_ages_and_facts_ahead_become_visible() {
    let band = vec![Window::Ago { from_ms: 2 * DAY, to_ms: 3 * DAY }];
    let condition = did(event("e"), band);
    changes(&History::new().did(0, "e"), &condition, Some(after_now(2 * DAY)));
    changes(&History::new().did(-2 * DAY, "e"), &condition, Some(after_now(DAY)));
    changes(&History::new().did(7, "e"), &did(event("e"), vec![]), Some(after_now(7)));
    changes(&History::new().did(7, "e"), &did(event("other"), vec![]), None);
    changes(&History::new().did(-7, "e"), &did(event("e"), vec![]), None);
}

#[test]
fn consent_expires_and_attributes_dated_ahead_take_effect() {
    let consent = Tree::Leaf(Predicate::Consent { purpose: "email".into() });
    changes(&History::new().consent(-1, true, Some(9)), &consent, Some(after_now(9)));
    changes(&History::new().consent(-1, true, None), &consent, None);
    let ahead = History::new().consent(3, true, Some(9));
    changes(&ahead, &consent, Some(after_now(3)));
    let history = History::new().identify(5, vec![("plan", "pro".into())]);
    changes(&history, &is(attribute("plan"), Check::Known(true)), Some(after_now(5)));
}

#[test]
fn lengths_of_time_cross_their_bound_at_the_millisecond() {
    let since = || since_point(DAYS, anchor(Which::Last, "e"));
    let history = History::new().did(-DAY, "e");
    use Comparison::*;
    for (comparison, bound, expected) in [
        (AtLeast, 3, Some(2 * DAY)),
        (Greater, 3, Some(2 * DAY + 1)),
        (Less, 3, Some(2 * DAY)),
        (AtMost, 3, Some(2 * DAY + 1)),
        (Equal, 3, Some(2 * DAY)),
        (Equal, 1, Some(1)),
        (AtLeast, 1, None),
    ] {
        let condition = is(since(), compare(comparison, bound));
        changes(&history, &condition, expected.map(after_now));
    }
    let between = is(since(), Check::Between(lit(2), lit(3)));
    changes(&history, &between, Some(after_now(DAY)));
    changes(&History::new().did(-2 * DAY, "e"), &between, Some(after_now(DAY + 1)));
}

#[test]
fn sums_and_quotients_of_lengths_of_time_are_solved_too() {
    let since = |name| since_point(DAYS, anchor(Which::Last, name));
    let history = History::new().did(-4 * DAY, "a").did(-DAY, "b");
    let score = op(Operator::Add, since("a"), op(Operator::Multiply, lit(2), since("b")));
    // 4 + t + 2 * (1 + t) reaches 12 after two days.
    changes(&history, &is(score, compare(Comparison::AtLeast, 12)), Some(after_now(2 * DAY)));
    // (4 + t) / (1 + t) falls to 2 after two days.
    let share = op(Operator::Divide, since("a"), since("b"));
    changes(&history, &is(share, compare(Comparison::AtMost, 2)), Some(after_now(2 * DAY)));
}

#[test]
fn dates_change_at_local_midnight() {
    let prague = Local::In(Zone::named("Europe/Prague").unwrap());
    let born = |value: &str| History::new().identify(-1, vec![("born", value.into())]);
    let lies = |window| is(typed("born", Type::Date), Check::During(window, prague.clone()));
    for (value, window, expected) in [
        ("2026-03-30", Window::Last { ms: 3 * DAY }, Some("2026-04-01T22:00:00Z")),
        ("2026-04-02", Window::Last { ms: 3 * DAY }, Some("2026-04-01T22:00:00Z")),
        ("2026-04-02", Window::Next { ms: 2 * DAY }, Some("2026-03-31T22:00:00Z")),
        ("2026-04-01", Window::Next { ms: 2 * DAY }, Some("2026-04-01T22:00:00Z")),
        ("2026-03-30", Window::Next { ms: 2 * DAY }, None),
        (
            "2026-03-30",
            Window::Ago { from_ms: 2 * DAY, to_ms: 4 * DAY },
            Some("2026-03-31T22:00:00Z"),
        ),
    ] {
        changes(&born(value), &lies(window), expected.map(instant));
    }
    let since = Expr::Elapsed {
        unit: DAYS,
        direction: Direction::Since,
        point: Box::new(Point::Value(typed("born", Type::Date), prague.clone())),
        zone: prague.clone(),
    };
    let old = is(since, compare(Comparison::AtLeast, 3));
    changes(&born("2026-03-30"), &old, Some(instant("2026-04-01T22:00:00Z")));
}

#[test]
fn instants_enter_and_leave_what_moves_with_now() {
    let ends = |ms| Expr::Literal(Value::Instant(after_now(ms)));
    let lies = |ms, window| is(ends(ms), Check::During(window, Local::UTC));
    let history = History::new();
    changes(&history, &lies(DAY, Window::Next { ms: HOUR }), Some(after_now(DAY - HOUR + 1)));
    changes(&history, &lies(9, Window::Next { ms: HOUR }), Some(after_now(10)));
    changes(&history, &lies(9, Window::Last { ms: HOUR }), Some(after_now(9)));
    changes(&history, &lies(-9, Window::Last { ms: HOUR }), Some(after_now(HOUR - 9)));
    changes(&history, &lies(-9, Window::Next { ms: HOUR }), None);
}

#[test]
fn a_filter_that_moves_with_now_is_followed_row_by_row() {
    let fresh =
        has_row(Expr::Leaf(RowLeaf::When), Check::During(Window::Last { ms: DAY }, Local::UTC));
    let history = History::new().did_with(-5, "e", vec![("x", 1.into())]).did(-3, "e");
    let condition = did_times(event_where("e", fresh.clone()), vec![], 2, None);
    changes(&history, &condition, Some(after_now(DAY - 5)));
    let sum = aggregate(Function::Sum, event_where("e", fresh), Some(property("x")), vec![]);
    changes(&history, &is(sum, compare(Comparison::Equal, 1)), Some(after_now(DAY - 5)));
}

#[test]
fn an_audience_inside_and_the_first_of_several_flips() {
    let inner = Audience {
        name: "recent".into(),
        version: 1,
        condition: did(event("e"), last(DAY)),
        zone: Local::UTC,
    };
    let member = Tree::Leaf(Predicate::InAudience(Arc::new(inner)));
    let history = History::new().did(-9, "e").did(-5, "f");
    changes(&history, &member, Some(after_now(DAY - 9)));
    let either = Tree::Any(vec![member.clone(), did(event("f"), last(DAY))]);
    changes(&history, &either, Some(after_now(DAY - 5)));
    let both = Tree::All(vec![member, did(event("f"), last(DAY))]);
    changes(&history, &both, Some(after_now(DAY - 9)));
}

#[test]
fn fewest_predicates_are_named_that_would_have_to_change() {
    let [a, b, c] = ["a", "b", "c"].map(|name| did(event(name), vec![]));
    let flips = |condition: Condition| {
        let audience = named(condition);
        why(&audience, &History::new().did(-1, "c").person(), now()).would_flip
    };
    let words = |all: &[&str]| Some(all.iter().map(|text| text.to_string()).collect());
    let both = Tree::All(vec![a.clone(), b.clone()]);
    assert_eq!(flips(both.clone()), words(&["did a", "did b"]));
    assert_eq!(flips(Tree::Any(vec![both.clone(), c.clone().not()])), words(&["did c"]));
    assert_eq!(flips(Tree::All(vec![a.clone(), a.clone()])), words(&["did a", "did a"]));
    assert_eq!(flips(Tree::Any(vec![both, c])), words(&["did c"]), "to leave");
    assert_eq!(flips(Tree::Any(vec![])), None);
}

fn named(condition: Condition) -> Audience {
    Audience { name: "winback".into(), version: 3, condition, zone: Local::UTC }
}

#[test]
fn the_text_shows_truths_values_and_calls() {
    let orders = did_times(event("order"), vec![], 2, None);
    let lately = did_times(event("order"), last(90 * DAY), 0, Some(0));
    let rich = is(
        aggregate(Function::Sum, event("order"), Some(property("total")), vec![]),
        compare(Comparison::Greater, 100),
    );
    let abroad = is(attribute("country"), compare(Comparison::Equal, "CZ"));
    let audience = named(Tree::All(vec![orders, lately, Tree::Any(vec![rich, abroad]).not()]));
    let history = History::new()
        .did_with(-100 * DAY, "order", vec![("total", 60.into())])
        .did_with(-80 * DAY, "order", vec![("total", 30.into())])
        .identify(-DAY, vec![("country", "SK".into())]);
    let expected = "\
not in audience winback (version 3) at 2026-03-31T12:00:00Z
  no  all of
    yes did order at least 2 times: 2
        2026-01-10T12:00:00Z order from web (00000000000000000000000000000002)
        2025-12-21T12:00:00Z order from web (00000000000000000000000000000001)
    no  did not order in last 90 days: 1
        2026-01-10T12:00:00Z order from web (00000000000000000000000000000002)
    yes not
      no  any of
        no  sum(order.total) > 100: 90
            2026-01-10T12:00:00Z order from web (00000000000000000000000000000002)
            2025-12-21T12:00:00Z order from web (00000000000000000000000000000001)
        no  country = \"CZ\": \"SK\"
            2026-03-30T12:00:00Z identify from web (00000000000000000000000000000003)
to enter, would have to come out otherwise:
  did not order in last 90 days
will enter at 2026-04-10T12:00:00Z if nothing happens
";
    assert_eq!(why(&audience, &history.person(), now()).to_string(), expected);
}

#[test]
fn of_many_deciding_calls_the_latest_are_kept_and_the_others_counted() {
    let history = (0..30).fold(History::new(), |history, n| history.did(-n, "e"));
    let Step::Predicate(finding) =
        why(&named(did(event("e"), vec![])), &history.person(), now()).proof.step
    else {
        panic!("a predicate alone is its own proof");
    };
    assert_eq!((finding.value, finding.n_evidence), (30.into(), 30));
    assert_eq!(finding.evidence.len(), Evidence::KEPT_MAX);
    assert_eq!(finding.evidence[0].when, now());
    let text = why(&named(did(event("e"), vec![])), &history.person(), now()).to_string();
    assert!(text.contains("and 25 earlier"), "{text}");
}

#[test]
fn without_a_counted_event_the_anchors_are_the_evidence() {
    let condition = did(event("order"), vec![from(anchor(Which::Last, "cart"), true)]);
    let history = History::new().did(-9, "order").did(-5, "cart");
    let text = why(&named(condition), &history.person(), now()).to_string();
    assert!(text.contains("no  did order since last cart: 0"), "{text}");
    assert!(text.contains("2026-03-31T11:59:59.995Z cart from web"), "{text}");
    assert!(text.contains("stays so if nothing happens"), "{text}");
}

#[test]
fn predicates_are_written_as_the_language_writes_them() {
    let since = |text| Point::Instant(instant(text));
    let filter = Tree::Any(vec![
        has_row(
            property("path"),
            Check::Text { place: Place::Start, part: lit("/pricing"), ignoring_case: true },
        ),
        has_row(property("n"), Check::OneOf { values: vec![1.into(), "a".into()], negated: true }),
    ]);
    for (condition, expected) in [
        (did(any_event(), last(36 * HOUR)), "did any event in last 36 hours"),
        (
            did_times(event_where("view", filter), last(DAY), 3, None),
            "did view where (path starts with \"/pricing\" ignoring case or n not one of (1, \"a\")) \
             at least 3 times in last 1 day",
        ),
        (
            did_times(
                event("e"),
                vec![Window::Ago { from_ms: 30 * DAY, to_ms: 60 * DAY }],
                2,
                Some(5),
            ),
            "did e between 2 and 5 times between 30 and 60 days ago",
        ),
        (
            did(event("e"), vec![from(since("2026-01-01T00:00:00Z"), false)]),
            "did e after 2026-01-01T00:00:00Z",
        ),
        (
            is(
                op(Operator::Multiply, lit(2), since_point(DAYS, anchor(Which::First, "e"))),
                compare(Comparison::AtLeast, 60),
            ),
            "2 * days since first e >= 60",
        ),
        (is(lit(Value::Date(date("2026-01-01"))), Check::Known(false)), "2026-01-01 is unknown"),
        (
            is(Expr::Coalesce(vec![attribute("a.b[0]"), lit(1)]), Check::Between(lit(1), lit(2))),
            "coalesce(a.b[0], 1) between 1 and 2",
        ),
    ] {
        let [leaf] = condition.leaves()[..] else { panic!("one predicate") };
        assert_eq!(crate::query::words::predicate(leaf), expected);
    }
}
