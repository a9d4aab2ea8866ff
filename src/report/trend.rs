//! `trend`: aggregates over the events of each period.

use super::axis::Axis;
use super::group::Numbered;
use super::hull::Hull;
use super::{Selected, names, total};
use crate::model::{Timestamp, Value, Zone};
use crate::query::holds::{self, Tally, lies};
use crate::query::predicate::{
    Aggregate, Calendar, Edge, Expr, Function, PersonLeaf, Point, RowLeaf, Window,
};
use crate::query::{Column, CrowdError, Per, Rows};
use std::cmp::Ordering;
use std::collections::HashMap;

/// What the aggregates of a group come to, period by period.
type Series = HashMap<Vec<Value>, Vec<Vec<Value>>>;

pub(super) fn trend(
    selected: Selected<'_>,
    aggregates: &[(String, Aggregate)],
    (per, zone): (Per, &Zone),
    windows: &[Window<PersonLeaf>],
    (by, top): (&[Column], Option<u64>),
) -> Result<Rows, CrowdError> {
    let bounded: Vec<(String, Aggregate)> = aggregates
        .iter()
        .map(|(name, of)| {
            let windows = [&of.windows, windows].concat();
            (name.clone(), Aggregate { windows, ..of.clone() })
        })
        .collect();
    let axis = axis(selected, &bounded, windows, per, zone)?;
    let wanted: Vec<&Aggregate> = bounded.iter().map(|(_, of)| of).collect();
    let keys = keys(selected, &bounded, by, top)?;
    let series = match at_once(selected, &wanted, by, &axis)? {
        Some(series) => series,
        None => one_by_one(selected, &wanted, by, &axis)?,
    };
    let mut rows = Vec::new();
    for place in (0..axis.len()).filter(|place| is_touched(&axis, *place, windows)) {
        for key in &keys {
            let period = axis.names[place].clone();
            let values = series.get(key).map_or(&[][..], |values| &values[place]);
            rows.push([&[period], &key[..], values].concat());
        }
    }
    let columns = aggregates.iter().map(|(name, _)| name.clone());
    let columns = ["period".to_owned()].into_iter().chain(names(by)).chain(columns).collect();
    Ok(Rows { columns, rows })
}

/// The values of `by`, the largest first by the first aggregate over all periods.
fn keys(
    selected: Selected<'_>,
    bounded: &[(String, Aggregate)],
    by: &[Column],
    top: Option<u64>,
) -> Result<Vec<Vec<Value>>, CrowdError> {
    if by.is_empty() {
        return Ok(vec![Vec::new()]);
    }
    let whole = total::total(selected, &bounded[..1], by, top)?;
    Ok(whole.rows.into_iter().map(|row| row[..by.len()].to_vec()).collect())
}

/// From the first instant of the window, else of an event that counts, to its last.
pub(super) fn axis(
    selected: Selected<'_>,
    bounded: &[(String, Aggregate)],
    windows: &[Window<PersonLeaf>],
    per: Per,
    zone: &Zone,
) -> Result<Axis, CrowdError> {
    let hull = Hull::of(windows, selected.now);
    let from = match hull.from {
        Some(from) => Some(from),
        None => first_event(selected, bounded)?,
    };
    from.map_or(Ok(Axis::default()), |from| Axis::new(per, zone, from, hull.to))
}

fn first_event(
    selected: Selected<'_>,
    bounded: &[(String, Aggregate)],
) -> Result<Option<Timestamp>, CrowdError> {
    let firsts: Vec<(String, Aggregate)> = bounded
        .iter()
        .map(|(name, of)| {
            let value = Some(Expr::Leaf(RowLeaf::When));
            let (function, items) = (Function::Min, None);
            (name.clone(), Aggregate { function, items, value, ..of.clone() })
        })
        .collect();
    let rows = total::total(selected, &firsts, &[], None)?.rows;
    let instants = rows.iter().flatten().filter_map(|value| match value {
        Value::Instant(at) => Some(*at),
        _ => None,
    });
    Ok(instants.min())
}

/// Whether a month of every year touches a period; all others touch each.
fn is_touched(axis: &Axis, place: usize, windows: &[Window<PersonLeaf>]) -> bool {
    windows.iter().all(|window| {
        let Window::Calendar(of @ Calendar::AnyMonth { .. }, zone) = window else { return true };
        let [first, last] = [axis.edges[place], axis.edges[place + 1].plus_ms(-1)];
        let zone = zone.common();
        let (mut day, last) = (zone.local_day(first), zone.local_day(last));
        while day < last && lies(*of, day, day) != Ordering::Equal {
            day = day.plus_days(1);
        }
        lies(*of, day, day) == Ordering::Equal
    })
}

fn at_once(
    selected: Selected<'_>,
    wanted: &[&Aggregate],
    by: &[Column],
    axis: &Axis,
) -> Result<Option<Series>, CrowdError> {
    let Some(numbered) = Numbered::of(selected, by)? else { return Ok(None) };
    let (groups, n_groups) = (&numbered.groups, numbered.numbers.len() as u32);
    let (crowd, people, edges) = (selected.crowd, &numbered.people, &axis.edges);
    let found = crowd.trends(wanted, people, (groups, n_groups), edges, selected.now)?;
    Ok(found.map(|found| {
        let series = |number: u32| {
            let first = number as usize * axis.len();
            found[first..first + axis.len()].to_vec()
        };
        numbered.numbers.into_iter().map(|(key, number)| (key, series(number))).collect()
    }))
}

/// The same for each person and period by itself.
fn one_by_one(
    selected: Selected<'_>,
    wanted: &[&Aggregate],
    by: &[Column],
    axis: &Axis,
) -> Result<Series, CrowdError> {
    let within = |place: usize| {
        let edge = |at, included| Some(Edge { point: Point::Instant(at), included });
        let (from, to) = (edge(axis.edges[place], true), edge(axis.edges[place + 1], false));
        let period = Window::Range { from, to };
        let of = |of: &&Aggregate| {
            let windows = [&of.windows[..], std::slice::from_ref(&period)].concat();
            Aggregate { windows, ..(*of).clone() }
        };
        wanted.iter().map(of).collect::<Vec<_>>()
    };
    let wanted: Vec<Vec<Aggregate>> = (0..axis.len()).map(within).collect();
    let tallies =
        |of: &Vec<Aggregate>| of.iter().map(|of| Tally::new(of.function, selected.now)).collect();
    let empty: Vec<Vec<Tally>> = wanted.iter().map(tallies).collect();
    let mut groups = super::group::Groups::new(by, selected.now, empty);
    selected.each(&mut |person| {
        for (tallies, wanted) in groups.of(person).iter_mut().zip(&wanted) {
            for (tally, aggregate) in tallies.iter_mut().zip(wanted) {
                holds::take_in(tally, aggregate, person, selected.now);
            }
        }
        true
    })?;
    let value = |tallies: Vec<Tally>| tallies.into_iter().map(Tally::value).collect();
    Ok(groups
        .each()
        .map(|(key, tallies)| (key, tallies.into_iter().map(value).collect()))
        .collect())
}
