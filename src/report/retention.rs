//! `retention`: of the people who began in a period, how many are back in the ones after it.

use super::axis::Axis;
use super::group::ranked;
use super::{Selected, names, places, trend};
use crate::index::Seats;
use crate::model::{Ordinal, Value, Zone};
use crate::query::holds;
use crate::query::predicate::{
    Aggregate, CountRange, Edge, Expr, Function, Matcher, Occurrence, PersonLeaf, Point, Predicate,
    RowLeaf, Tree, Window,
};
use crate::query::{Column, CrowdError, Per, Rows};
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

/// What is asked.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub of: &'a Matcher,
    pub returning: &'a Matcher,
    pub per: Per,
    pub n_periods: u64,
    pub windows: &'a [Window<PersonLeaf>],
}

/// Of the people of one value who began in one period: how many, and how many
/// of them are there in each period of the axis.
#[derive(Clone, Debug, Default)]
struct Cohort {
    size: u64,
    back: Vec<u64>,
}

/// By the values of `by`, then by the place of the period.
type Cohorts = HashMap<Vec<Value>, BTreeMap<usize, Cohort>>;

pub(super) fn retention(
    selected: Selected<'_>,
    asked: Asked<'_>,
    zone: &Zone,
    (by, top): (&[Column], Option<u64>),
) -> Result<Rows, CrowdError> {
    let axis = axis(selected, asked, zone)?;
    let cohorts = match at_once(selected, asked, by, &axis)? {
        Some(cohorts) => cohorts,
        None => one_by_one(selected, asked, by, &axis)?,
    };
    let mut keys: Vec<(u64, Vec<Value>)> = cohorts
        .iter()
        .map(|(key, of)| (of.values().map(|cohort| cohort.size).sum(), key.clone()))
        .collect();
    keys.sort_by(|(left, left_key), (right, right_key)| {
        right.cmp(left).then_with(|| in_order(left_key, right_key))
    });
    keys.truncate(places(top));
    let mut rows = Vec::new();
    for place in 0..axis.len() {
        for (_, key) in &keys {
            let Some(cohort) = cohorts[key].get(&place) else { continue };
            let steps = (1..=asked.n_periods).zip(&cohort.back[place + 1..]);
            rows.extend(steps.map(|(k, people)| {
                let numbers = [cohort.size, k, *people].map(|n| Value::from(n as i64));
                [&[axis.names[place].clone()], &key[..], &numbers].concat()
            }));
        }
    }
    let columns = ["size", "k", "people"].map(String::from);
    let columns = ["cohort".to_owned()].into_iter().chain(names(by)).chain(columns).collect();
    Ok(Rows { columns, rows })
}

fn in_order(left: &[Value], right: &[Value]) -> Ordering {
    let differences = left.iter().zip(right).map(|(left, right)| ranked(left, right, false));
    differences.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// From the period of the first who can begin to that of now.
fn axis(selected: Selected<'_>, asked: Asked<'_>, zone: &Zone) -> Result<Axis, CrowdError> {
    let first = [(String::new(), first_of(asked))];
    let axis = trend::axis(selected, &first, asked.windows, asked.per, zone)?;
    match axis.edges.first() {
        Some(from) if axis.len() > 0 => Axis::new(asked.per, zone, *from, selected.now),
        _ => Ok(Axis::default()),
    }
}

/// When somebody begins.
fn first_of(asked: Asked<'_>) -> Aggregate {
    Aggregate {
        function: Function::Min,
        matcher: asked.of.clone(),
        items: None,
        value: Some(Expr::Leaf(RowLeaf::When)),
        windows: asked.windows.to_vec(),
    }
}

fn at_once(
    selected: Selected<'_>,
    asked: Asked<'_>,
    by: &[Column],
    axis: &Axis,
) -> Result<Option<Cohorts>, CrowdError> {
    let first = Expr::Leaf(PersonLeaf::Aggregate(Box::new(first_of(asked))));
    let mut values = super::exprs(by);
    values.push(&first);
    let Some((people, rows)) = selected.values(&values, usize::MAX)? else { return Ok(None) };
    let mut members: HashMap<Vec<Value>, BTreeMap<usize, Vec<Ordinal>>> = HashMap::new();
    for (seat, mut key) in people.iter().zip(rows) {
        let Some(Value::Instant(at)) = key.pop() else { continue };
        let Some(place) = axis.place(at) else { continue };
        members.entry(key).or_default().entry(place).or_default().push(seat);
    }
    let mut back = Vec::new();
    for place in 0..axis.len() {
        let did = Tree::Leaf(Predicate::Did(Occurrence {
            matcher: asked.returning.clone(),
            windows: vec![period(axis, place)],
            count: CountRange::SOME,
        }));
        let Some(seats) = selected.crowd.select(&did, selected.now)? else { return Ok(None) };
        back.push(seats);
    }
    let cohort = |seats: Vec<Ordinal>| {
        let seats: Seats = seats.into_iter().collect();
        Cohort { size: seats.len(), back: back.iter().map(|back| (&seats & back).len()).collect() }
    };
    let cohorts = |of: BTreeMap<usize, Vec<Ordinal>>| {
        of.into_iter().map(|(place, seats)| (place, cohort(seats))).collect()
    };
    Ok(Some(members.into_iter().map(|(key, of)| (key, cohorts(of))).collect()))
}

fn period(axis: &Axis, place: usize) -> Window<PersonLeaf> {
    let edge = |at, included| Some(Edge { point: Point::Instant(at), included });
    Window::Range { from: edge(axis.edges[place], true), to: edge(axis.edges[place + 1], false) }
}

/// The same event by event.
fn one_by_one(
    selected: Selected<'_>,
    asked: Asked<'_>,
    by: &[Column],
    axis: &Axis,
) -> Result<Cohorts, CrowdError> {
    let mut cohorts = Cohorts::new();
    let now = selected.now;
    selected.each(&mut |person| {
        let began = holds::events(asked.of, asked.windows, person, now);
        let Some(place) = began.first().and_then(|event| axis.place(event.when)) else {
            return true;
        };
        let key = by.iter().map(|column| holds::value(&column.value, person, now)).collect();
        let cohort = cohorts.entry(key).or_default().entry(place).or_default();
        cohort.size += 1;
        cohort.back.resize(axis.len(), 0);
        let back = holds::events(asked.returning, &[], person, now);
        let mut places: Vec<usize> =
            back.iter().filter_map(|event| axis.place(event.when)).collect();
        places.dedup();
        places.into_iter().for_each(|place| cohort.back[place] += 1);
        true
    })?;
    Ok(cohorts)
}
