use super::*;
use crate::model::{EventId, Identifier, Text, Value};
use crate::query::holds::tests::{
    DAY, History, aggregate, attribute, did, event, lit, now, number, op, property,
};
use crate::query::predicate::*;
use crate::query::{Ahead, Reference, Sort};
use std::cell::Cell;
use std::sync::Arc;

/// People by birth; after so many visits the question is cancelled.
struct People {
    histories: Vec<History>,
    visits_left: Cell<usize>,
}

impl Crowd for People {
    fn each(
        &self,
        now: Timestamp,
        visit: &mut dyn FnMut(&Person<'_>) -> bool,
    ) -> Result<(), CrowdError> {
        for history in &self.histories {
            if history.events.iter().all(|event| now < event.when) {
                continue;
            }
            let left = self.visits_left.get();
            self.visits_left.set(left.checked_sub(1).ok_or(CrowdError::Cancelled)?);
            if !visit(&history.person()) {
                break;
            }
        }
        Ok(())
    }

    fn ahead(&self, _: &Arc<Audience>, _: (Timestamp, Timestamp)) -> Result<Ahead, CrowdError> {
        unreachable!("nobody is ranked")
    }

    fn one(
        &self,
        reference: &Reference,
        _now: Timestamp,
        visit: &mut dyn FnMut(&Person<'_>),
    ) -> Result<bool, CrowdError> {
        let Reference::Identifier(identifier) = reference else { return Ok(false) };
        let named = |history: &&History| history.user_id.as_ref() == Some(&identifier.value);
        let found = self.histories.iter().find(named);
        found.into_iter().for_each(|history| visit(&history.person()));
        Ok(found.is_some())
    }
}

/// Four people: country, points, totals of their orders; a fifth is yet to come.
fn people() -> People {
    let person = |name: &str, traits: Vec<(&str, Value)>, totals: &[i64]| {
        let new = History { user_id: Some(Text::from(name)), ..History::new() };
        totals.iter().enumerate().fold(new.identify(-9 * DAY, traits), |history, (n, total)| {
            history.did_with(n as i64 * DAY - 5 * DAY, "order", vec![("total", (*total).into())])
        })
    };
    let mut histories = vec![
        person("ada", vec![("country", "SK".into()), ("points", 5.into())], &[10, 20]),
        person("ben", vec![("country", "CZ".into()), ("points", 7.into())], &[20]),
        person("cid", vec![("points", 7.into())], &[]),
        person("dan", vec![("country", "CZ".into())], &[1, 2, 20]),
        History::new().did(DAY, "order"),
    ];
    // Of the first orders, all of one instant, Ada's has the least id.
    for (n, history) in histories.iter_mut().enumerate() {
        history
            .events
            .iter_mut()
            .for_each(|event| event.id = EventId(event.id.0 + 100 * n as u128));
    }
    People { histories, visits_left: Cell::new(usize::MAX) }
}

fn column(name: &str) -> Column {
    Column { name: name.to_owned(), value: attribute(name) }
}

fn user() -> Column {
    Column { name: "user_id".to_owned(), value: Expr::Leaf(PersonLeaf::UserId) }
}

fn check(question: Question, columns: &[&str], rows: Vec<Vec<Value>>) {
    let found = answer(&question, &people(), now(), &Zone::UTC).unwrap();
    assert_eq!(found.columns, columns, "{question:?}");
    assert_eq!(found.rows, rows, "{question:?}");
}

fn count(by: Vec<Column>, top: Option<u64>) -> Question {
    Question::CountPeople { people: Condition::always(), by, top }
}

#[test]
fn people_are_counted_largest_first_then_by_value_with_missing_last() {
    check(count(vec![], None), &["people"], vec![vec![4.into()]]);
    let rows = |rows: &[(Value, i64)]| {
        rows.iter().map(|(value, n)| vec![value.clone(), (*n).into()]).collect::<Vec<_>>()
    };
    check(
        count(vec![column("country")], None),
        &["country", "people"],
        rows(&[("CZ".into(), 2), ("SK".into(), 1), (Value::Null, 1)]),
    );
    check(
        count(vec![column("points")], None),
        &["points", "people"],
        rows(&[(7.into(), 2), (5.into(), 1), (Value::Null, 1)]),
    );
    check(count(vec![column("points")], Some(1)), &["points", "people"], rows(&[(7.into(), 2)]));
    check(count(vec![column("points")], Some(0)), &["points", "people"], vec![]);
}

#[test]
fn groups_of_one_size_are_ordered_by_each_value() {
    check(
        count(vec![column("country"), column("points")], None),
        &["country", "points", "people"],
        vec![
            vec!["CZ".into(), 7.into(), 1.into()],
            vec!["CZ".into(), Value::Null, 1.into()],
            vec!["SK".into(), 5.into(), 1.into()],
            vec![Value::Null, 7.into(), 1.into()],
        ],
    );
}

#[test]
fn of_nobody_there_is_a_count_and_no_group() {
    let nobody = |by| Question::CountPeople { people: Tree::Any(vec![]), by, top: None };
    check(nobody(vec![]), &["people"], vec![vec![0.into()]]);
    check(nobody(vec![column("country")]), &["country", "people"], vec![]);
}

#[test]
fn events_are_counted_in_their_windows_for_the_people_asked_about() {
    let events = |windows, people, by| Question::CountEvents {
        matcher: event("order"),
        windows,
        people,
        by,
        top: None,
    };
    let all = Condition::always;
    check(events(vec![], all(), vec![]), &["events"], vec![vec![6.into()]]);
    let lately = vec![Window::Last { ms: 4 * DAY + 1 }];
    check(events(lately, all(), vec![]), &["events"], vec![vec![3.into()]]);
    check(
        events(vec![], did(event("order"), vec![]), vec![column("country")]),
        &["country", "events"],
        vec![vec!["CZ".into(), 4.into()], vec!["SK".into(), 2.into()]],
    );
}

fn total(function: Function) -> (String, Aggregate) {
    let aggregate = aggregate(function, event("order"), Some(property("total")), vec![]);
    let Expr::Leaf(PersonLeaf::Aggregate(aggregate)) = aggregate else { unreachable!() };
    (function.name().to_owned(), *aggregate)
}

#[test]
fn totals_run_over_the_events_of_all_people_together() {
    use Function::*;
    let aggregates = [Count, Sum, Avg, Min, Max, Distinct, First, Last];
    let names = aggregates.map(Function::name);
    let question = |people, by| Question::Total {
        aggregates: aggregates.map(total).to_vec(),
        people,
        by,
        top: None,
    };
    let all: Vec<Value> = vec![
        6.into(),
        73.into(),
        number("12.166666667"),
        1.into(),
        20.into(),
        4.into(),
        10.into(),
        20.into(),
    ];
    check(question(Condition::always(), vec![]), &names, vec![all]);
    let nothing = vec![
        0.into(),
        0.into(),
        Value::Null,
        Value::Null,
        Value::Null,
        0.into(),
        Value::Null,
        Value::Null,
    ];
    check(question(Tree::Any(vec![]), vec![]), &names, vec![nothing]);
}

#[test]
fn totals_by_value_come_largest_first() {
    let question = |function, top| Question::Total {
        aggregates: vec![total(function)],
        people: Condition::always(),
        by: vec![column("country")],
        top,
    };
    check(
        question(Function::Distinct, None),
        &["country", "distinct"],
        vec![vec!["CZ".into(), 3.into()], vec!["SK".into(), 2.into()], vec![Value::Null, 0.into()]],
    );
    check(
        question(Function::Max, None),
        &["country", "max"],
        vec![
            vec!["CZ".into(), 20.into()],
            vec!["SK".into(), 20.into()],
            vec![Value::Null, Value::Null],
        ],
    );
    check(
        question(Function::Sum, Some(1)),
        &["country", "sum"],
        vec![vec!["CZ".into(), 43.into()]],
    );
}

fn list(sort: Option<(&str, bool)>, limit: Option<u64>) -> Question {
    let sort = sort.map(|(name, descending)| Sort { value: attribute(name), descending });
    Question::List { columns: vec![user()], people: Condition::always(), sort, limit }
}

#[test]
fn a_list_is_sorted_with_missing_last_either_way_and_ties_by_birth() {
    for (sort, limit, expected) in [
        (None, None, vec!["ada", "ben", "cid", "dan"]),
        (None, Some(2), vec!["ada", "ben"]),
        (None, Some(0), vec![]),
        (Some(("points", false)), None, vec!["ada", "ben", "cid", "dan"]),
        (Some(("points", true)), None, vec!["ben", "cid", "ada", "dan"]),
        (Some(("points", true)), Some(1), vec!["ben"]),
        (Some(("country", false)), None, vec!["ben", "dan", "ada", "cid"]),
        (Some(("country", true)), None, vec!["ada", "ben", "dan", "cid"]),
        (Some(("country", true)), Some(u64::MAX), vec!["ada", "ben", "dan", "cid"]),
    ] {
        let rows = expected.into_iter().map(|name| vec![name.into()]).collect();
        check(list(sort, limit), &["user_id"], rows);
    }
}

#[test]
fn a_sorted_list_with_a_limit_is_the_beginning_of_the_whole() {
    let histories = (0..3_000).map(|n| {
        let rank = (n * 7_919) % 1_000;
        History::new().identify(-DAY, vec![("rank", rank.into()), ("born", n.into())])
    });
    let crowd = People { histories: histories.collect(), visits_left: Cell::new(usize::MAX) };
    let question = |limit| Question::List {
        columns: vec![column("rank"), column("born")],
        people: Condition::always(),
        sort: Some(Sort { value: attribute("rank"), descending: true }),
        limit,
    };
    let rows = |limit| answer(&question(limit), &crowd, now(), &Zone::UTC).unwrap().rows;
    let whole = rows(None);
    for limit in [1, 5, 600, 2_999] {
        assert_eq!(rows(Some(limit)), whole[..limit as usize], "{limit}");
    }
}

#[test]
fn columns_are_values_of_each_person() {
    let columns = vec![
        user(),
        Column {
            name: "spent".to_owned(),
            value: op(
                Operator::Multiply,
                Expr::Leaf(PersonLeaf::Aggregate(Box::new(total(Function::Sum).1))),
                lit(2),
            ),
        },
    ];
    let people = did(event("order"), vec![]);
    check(
        Question::List { columns, people, sort: None, limit: Some(2) },
        &["user_id", "spent"],
        vec![vec!["ada".into(), 60.into()], vec!["ben".into(), 40.into()]],
    );
}

#[test]
fn a_timeline_shows_visible_events_the_latest_first() {
    let timeline = |name: &str, windows, limit| Question::Timeline {
        profile: Reference::Identifier(Identifier::new("user_id", name)),
        windows,
        limit,
    };
    let columns = ["when", "event", "source", "properties"];
    let row = |days: i64, total: i64| {
        let properties = crate::query::holds::tests::obj(vec![("total", total.into())]);
        vec![Value::Instant(now().plus_ms(days * DAY)), "order".into(), "web".into(), properties]
    };
    let all = || vec![row(-3, 20), row(-4, 2), row(-5, 1)];
    check(timeline("dan", vec![], None), &columns, all());
    check(timeline("dan", vec![], Some(2)), &columns, all()[..2].to_vec());
    let window = vec![Window::Ago { from_ms: 4 * DAY, to_ms: 5 * DAY }];
    check(timeline("dan", window, None), &columns, vec![row(-4, 2)]);
    let nobody = timeline("nobody", vec![], None);
    let Question::Timeline { profile, .. } = nobody.clone() else { panic!() };
    assert_eq!(answer(&nobody, &people(), now(), &Zone::UTC), Err(CrowdError::Nobody(profile)));
}

#[test]
fn a_cancelled_question_has_no_answer() {
    let crowd = People { visits_left: Cell::new(3), ..people() };
    let found = answer(&count(vec![], None), &crowd, now(), &Zone::UTC);
    assert_eq!(found, Err(CrowdError::Cancelled));
    let crowd = People { visits_left: Cell::new(3), ..people() };
    let found = answer(&list(None, Some(2)), &crowd, now(), &Zone::UTC);
    assert_eq!(found.map(|rows| rows.rows.len()), Ok(2), "a short list asks for no more people");
}

#[test]
fn the_instant_of_the_question_decides_who_exists() {
    let later = answer(&count(vec![], None), &people(), now().plus_ms(DAY), &Zone::UTC).unwrap();
    assert_eq!(later.rows, [[Value::from(5)]]);
}
