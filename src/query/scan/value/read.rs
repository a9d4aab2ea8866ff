//! Leaves, read of a row's columns or of a person's slots.

use super::here::{Here, Row};
use super::typed::declared;
use super::walk::{lead, lead_from};
use crate::model::{Date, Object, Path, Period, Step, Timestamp, Value, Zone};
use crate::query::scan::plan::calendar;
use crate::query::scan::plan::tree::{Expr, Read};
use crate::timeline::{Cells, Column};

/// The value of a leaf.
pub fn read(leaf: &Read, here: &Here<'_>) -> Value {
    match (leaf, &here.row) {
        (Read::Slot { slot, steps, declared: wanted }, _) => {
            declared(lead(&here.slot(*slot), steps), *wanted)
        }
        (Read::UserId, _) => here.user_id().map_or(Value::Null, Value::Text),
        (Read::Score(place), _) => here.score(*place).into(),
        (_, None) => Value::Null,
        (Read::Cell { column, path, inner, declared: wanted }, Some(row)) => {
            match row.object.filter(|_| *inner) {
                Some(object) => declared(lead_from(object, path), *wanted),
                None => subject_of(leaf, cell(row.column(*column), row.place)),
            }
        }
        (Read::Element { declared: wanted }, Some(row)) => {
            let element = row.element.map_or(Value::Null, |element| lead(element, &[]));
            declared(element, *wanted)
        }
        (Read::Context { hiding, column, path }, Some(row)) => context(row, *hiding, *column, path),
        (Read::When, Some(row)) => row.when(),
        (Read::Local { of, first_day, zone }, Some(row)) => {
            row.local(*of, *first_day, &zone.zone(here))
        }
        (Read::Plain { column }, Some(row)) => {
            cell(row.column(*column), row.place).unwrap_or_default()
        }
    }
}

/// The value of a field of the element that is looked at, where it lies; none if it
/// has to be read in another way.
pub fn in_place<'h>(expr: &Expr, here: &'h Here<'_>) -> Option<&'h Value> {
    let Expr::Read(Read::Cell { path, inner: true, declared: None, .. }) = expr else {
        return None;
    };
    let object = here.row.as_ref()?.object?;
    match path.steps() {
        [Step::Key(key)] => object.get(key).filter(|value| !matches!(value, Value::Digits(_))),
        _ => None,
    }
}

/// What a leaf makes of the cell of its column.
pub fn subject_of(leaf: &Read, cell: Option<Value>) -> Value {
    let cell = cell.unwrap_or_default();
    match leaf {
        Read::Cell { path, declared: wanted, .. } => match &path.steps()[1..] {
            [] => declared(cell, *wanted),
            steps => declared(lead(&cell, steps), *wanted),
        },
        _ => cell,
    }
}

fn cell(column: &Column, place: usize) -> Option<Value> {
    match &column.cells {
        Cells::Texts { .. } => column.text(place).cloned().map(Value::Text),
        _ => column.value(place),
    }
}

/// A property called `context` hides the context of the call.
fn context(row: &Row<'_>, hiding: usize, column: usize, path: &Path) -> Value {
    let hiding = cell(row.column(hiding), row.place).unwrap_or_default();
    if !hiding.is_null() {
        return lead(&hiding, path.steps());
    }
    let value = cell(row.column(column), row.place).unwrap_or_default();
    lead(&value, &path.steps()[1..])
}

impl Row<'_> {
    pub fn column(&self, column: usize) -> &Column {
        &self.block.columns[column]
    }

    fn when(&self) -> Value {
        let ms = self.block.whens[self.place];
        crate::model::Timestamp::from_millis(ms).map_or(Value::Null, Value::Instant)
    }

    fn local(&self, of: Period, first_day: u8, zone: &Zone) -> Value {
        let at = Timestamp::saturating_from_millis(self.block.whens[self.place]);
        let day = calendar::today(zone, at);
        let first = match of {
            Period::Week => calendar::week_start(day, first_day),
            of => calendar::first_day(of, day, 0),
        };
        Value::Date(i32::try_from(first).ok().and_then(Date::from_days).unwrap_or(Date::MIN))
    }

    /// The same row, at an element of an array.
    pub fn inside<'b>(self, object: Option<&'b Object>, element: &'b Value) -> Row<'b>
    where
        Self: 'b,
    {
        Row { block: self.block, place: self.place, object, element: Some(element) }
    }
}
