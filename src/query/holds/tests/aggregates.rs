use super::*;
use crate::model::{EventId, Value};
use crate::query::predicate::Function::*;
use crate::query::predicate::*;

/// Orders with those totals, a millisecond apart, the last one a day ago.
fn orders(totals: Vec<Value>) -> History {
    let n_orders = totals.len() as i64;
    let places = (0..n_orders).map(|n| n - n_orders - DAY);
    places.zip(totals).fold(History::new(), |history, (ms, total)| {
        history.did_with(ms, "order", vec![("total", total)])
    })
}

fn total(function: Function) -> Expr<PersonLeaf> {
    aggregate(function, event("order"), Some(property("total")), vec![])
}

fn check(history: &History, expected: [Value; 8]) {
    let functions = [Count, Sum, Avg, Min, Max, Distinct, First, Last];
    for (function, expected) in functions.into_iter().zip(expected) {
        assert_eq!(history.value(&total(function)), expected, "{function:?}");
    }
}

const MISSING: Value = Value::Null;

#[test]
fn of_nothing_counts_and_sums_are_zero_and_the_others_missing() {
    let empty = || [0.into(), 0.into(), MISSING, MISSING, MISSING, 0.into(), MISSING, MISSING];
    check(&History::new(), empty());
    check(&orders(vec![MISSING, MISSING]), empty());
    check(&History::new().did_with(1, "order", vec![("total", 5.into())]), empty());
}

#[test]
fn missing_values_are_skipped() {
    check(
        &orders(vec![MISSING, 3.into(), MISSING, 1.into(), 3.into(), MISSING]),
        [
            3.into(),
            7.into(),
            number("2.333333333"),
            1.into(),
            3.into(),
            2.into(),
            3.into(),
            3.into(),
        ],
    );
}

#[test]
fn each_function_reads_its_kinds() {
    check(
        &orders(vec!["7".into(), 3.into(), true.into(), 1.into(), "7".into()]),
        [5.into(), 4.into(), 2.into(), 1.into(), 3.into(), 4.into(), "7".into(), "7".into()],
    );
    check(
        &orders(vec!["b".into(), "a".into()]),
        [2.into(), 0.into(), MISSING, MISSING, MISSING, 2.into(), "b".into(), "a".into()],
    );
}

#[test]
fn a_mean_rounds_half_to_even_once() {
    for (totals, expected) in [
        (vec![number("0.000000001"), 0.into()], "0"),
        (vec![number("0.000000003"), 0.into()], "0.000000002"),
        (vec![1.into(), 1.into(), 0.into()], "0.666666667"),
        (vec![number("-0.000000003"), 0.into()], "-0.000000002"),
    ] {
        assert_eq!(orders(totals).value(&total(Avg)), number(expected));
    }
}

#[test]
fn sums_do_not_overflow_on_the_way_and_a_summand_out_of_range_is_missing() {
    let great = number("999999999999999999.999999999");
    let least = number("-999999999999999999.999999999");
    let history = orders(vec![great.clone(), great.clone(), least.clone(), least]);
    assert_eq!(history.value(&total(Sum)), 0.into());
    let times = op(Operator::Multiply, property("total"), lit(10));
    let sum = |function| aggregate(function, event("order"), Some(times.clone()), vec![]);
    let history = orders(vec![great, 1.into()]);
    assert_eq!(history.value(&sum(Sum)), 10.into());
    assert_eq!(history.value(&sum(Avg)), 10.into());
    assert_eq!(history.value(&sum(Count)), 2.into());
    assert_eq!(history.value(&sum(Max)), number("999999999999999999.999999999").times_ten());
    let digits = orders(vec![Value::Digits("1e30".into()), 1.into()]);
    assert_eq!(digits.value(&total(Count)), 1.into());
}

trait TimesTen {
    fn times_ten(self) -> Value;
}

impl TimesTen for Value {
    fn times_ten(self) -> Value {
        History::new().value(&op(Operator::Multiply, lit(self), lit(10)))
    }
}

#[test]
fn first_and_last_follow_when_then_the_senders_sequence_then_the_id() {
    let order = |history: History, ms, total: i64| {
        history.did_with(ms, "order", vec![("total", total.into())])
    };
    let history = order(order(order(History::new(), -5, 1), -5, 2), -5, 3);
    for (ords, ids, first, last) in [
        ([0, 0, 0], [1, 2, 3], 1, 3),
        ([0, 0, 0], [3, 2, 1], 3, 1),
        ([2, 1, 0], [1, 2, 3], 3, 1),
        ([0, -1, 0], [2, 3, 1], 2, 1),
        ([0, 0, 0], [1, u128::MAX, 2], 1, 2),
    ] {
        let mut history = history.clone();
        for (event, (ord, id)) in history.events.iter_mut().zip(ords.into_iter().zip(ids)) {
            (event.ord, event.id) = (ord, EventId(id));
        }
        history.events.sort_by(crate::model::Event::canonical);
        assert_eq!(history.value(&total(First)), first.into());
        assert_eq!(history.value(&total(Last)), last.into());
    }
}

#[test]
fn events_count_without_a_value_and_when_is_one() {
    let history = orders(vec![MISSING, 5.into()]).did(0, "visit");
    let count = |matcher| aggregate(Count, matcher, None, vec![]);
    assert_eq!(history.value(&count(event("order"))), 2.into());
    assert_eq!(history.value(&count(any_event())), 3.into());
    let when = |function| aggregate(function, any_event(), Some(Expr::Leaf(RowLeaf::When)), vec![]);
    assert_eq!(history.value(&when(Max)), Value::Instant(now()));
    assert_eq!(history.value(&when(Min)), Value::Instant(after_now(-DAY - 2)));
    assert_eq!(history.value(&when(Sum)), 0.into());
}

#[test]
fn a_window_and_a_filter_choose_the_events() {
    let history = orders(vec![1.into(), 2.into(), 4.into()]);
    let sum =
        |ms| aggregate(Sum, event("order"), Some(property("total")), vec![Window::Last { ms }]);
    for (ms, expected) in [(DAY + 1, 0), (DAY + 2, 4), (DAY + 3, 6), (DAY + 4, 7)] {
        assert_eq!(history.value(&sum(ms)), expected.into(), "{ms}");
    }
    let large = has_row(property("total"), Check::Compare(Comparison::AtLeast, lit(2)));
    let sum = aggregate(Sum, event_where("order", large), Some(property("total")), vec![]);
    assert_eq!(history.value(&sum), 6.into());
}
