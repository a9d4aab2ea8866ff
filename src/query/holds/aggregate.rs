//! Aggregates: a function over what the matching events say.

use super::super::predicate::Aggregate;
use super::expression::value;
use super::items::scopes;
use super::matcher::{fits, names};
use super::path::each;
use super::place::{Place, Row, Seen};
use super::tally::Tally;
use super::window::Windows;
use crate::model::{Event, Value};
use crate::query::predicate::RowLeaf;

/// A known value of an event.
pub(crate) struct Reading<'a> {
    /// The event.
    pub(crate) event: &'a Event,
    /// What it says.
    pub(crate) value: Value,
}

/// The aggregate's value.
pub(super) fn aggregate(aggregate: &Aggregate, seen: Seen<'_>) -> Value {
    let mut tally = Tally::new(aggregate.function, seen.now);
    for reading in readings(aggregate, seen) {
        tally.take(reading.event.key(), &reading.value);
    }
    tally.value()
}

/// The known values of the matching events in the windows, in canonical order.
pub(crate) fn readings<'a>(aggregate: &Aggregate, seen: Seen<'a>) -> Vec<Reading<'a>> {
    let windows = Windows::of(&aggregate.windows, seen);
    let mut readings = Vec::new();
    for event in seen.events().filter(|event| names(&aggregate.matcher, event)) {
        if windows.have(event, seen.now) {
            let values = scopes(Row::of(seen, event), aggregate.items.as_ref())
                .into_iter()
                .filter(|row| fits(&aggregate.matcher, row))
                .flat_map(|row| each(read(aggregate, &row)));
            readings.extend(values.map(|value| Reading { event, value }));
        }
    }
    readings
}

/// What one row says: the value, else what the walk led to, else that it is there.
fn read(aggregate: &Aggregate, row: &Row<'_>) -> Value {
    match (&aggregate.value, &aggregate.items) {
        (Some(expr), _) => value(expr, row),
        (None, Some(_)) => row.read(&RowLeaf::Element { declared: None }),
        (None, None) => Value::Bool(true),
    }
}
