//! `count people` and `count events`.

use super::Selected;
use super::group::Groups;
use crate::model::Value;
use crate::query::predicate::{Matcher, PersonLeaf, Window};
use crate::query::{Column, CrowdError, Person, Rows, holds};

pub(super) fn people(
    selected: Selected<'_>,
    by: &[Column],
    top: Option<u64>,
) -> Result<Rows, CrowdError> {
    count(selected, by, top, "people", &|_| 1)
}

pub(super) fn events(
    selected: Selected<'_>,
    matcher: &Matcher,
    windows: &[Window<PersonLeaf>],
    by: &[Column],
    top: Option<u64>,
) -> Result<Rows, CrowdError> {
    let n_events =
        |person: &Person<'_>| holds::events(matcher, windows, person, selected.now).len() as u64;
    count(selected, by, top, "events", &n_events)
}

fn count(
    selected: Selected<'_>,
    by: &[Column],
    top: Option<u64>,
    name: &str,
    of: &dyn Fn(&Person<'_>) -> u64,
) -> Result<Rows, CrowdError> {
    let mut groups = Groups::new(by, selected.now, 0u64);
    selected.each(&mut |person| {
        *groups.of(person) += of(person);
        true
    })?;
    Ok(groups.rows(vec![name.to_owned()], top, |n| vec![Value::from(n as i64)]))
}
