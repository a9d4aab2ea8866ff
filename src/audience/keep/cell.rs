//! One store's part of one person.

use super::super::plan::Shape;
use super::super::scan::{Weight, ranked};
use super::amounts::Amounts;
use super::latest::Latest;
use super::marks::Marks;
use super::share::{Load, Stamp};
use crate::model::{EventId, Timestamp, Value};
use foldhash::fast::FixedState;
use std::collections::HashSet;

/// What one store keeps of one person; nothing is kept of those who gave nothing.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) store: u32,
    pub(crate) body: Kind,
}

/// By shape. What is larger than a vector lies behind a box, so that a cell has 32
/// bytes; two kinds of bare vectors would make it 40.
#[derive(Clone, Debug)]
#[expect(clippy::box_collection, reason = "rare, and a second bare vector widens every cell")]
pub(crate) enum Kind {
    Tally(u64),
    /// How many, and their sum.
    Total(Box<(u64, i128)>),
    /// The oldest or the newest instant.
    Instant(i64),
    /// In order.
    Instants(Vec<i64>),
    Amounts(Box<Amounts>),
    Rows(Box<Vec<(Stamp, Value)>>),
    Values(Box<Values>),
    Latest(Box<Latest>),
    Marks(Box<Marks>),
    Picked(Box<(Stamp, Value)>),
    Extreme(Box<Value>),
    Said(Box<(Weight, Value)>),
    Decision(Box<Decision>),
}

/// Different values.
pub(crate) type Values = HashSet<Value, FixedState>;

/// A decision on a purpose.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decision {
    pub(crate) key: (i64, EventId),
    pub(crate) granted: bool,
    pub(crate) expires: Option<Timestamp>,
}

/// The cell of a store, in cells sorted by store.
pub(crate) fn find(cells: &[Cell], store: u32) -> Option<&Kind> {
    let place = cells.binary_search_by_key(&store, |cell| cell.store).ok()?;
    Some(&cells[place].body)
}

/// Puts a load into the cell of a store. Before `clock` nothing is asked any
/// more, so what has outgrown the reach by then is not kept.
pub(crate) fn put(
    cells: &mut Vec<Cell>,
    store: u32,
    shape: Shape,
    stamp: Stamp,
    load: Load,
    clock: i64,
) {
    match cells.binary_search_by_key(&store, |cell| cell.store) {
        Ok(place) => cells[place].body.take(shape, stamp, load, clock),
        Err(place) => {
            if let Some(body) = Kind::new(shape, stamp, load) {
                // Most people have few cells; doubling would waste half of all.
                if cells.len() == cells.capacity() {
                    cells.reserve_exact(1 + cells.len() / 4);
                }
                cells.insert(place, Cell { store, body });
            }
        }
    }
}

impl Kind {
    fn new(shape: Shape, stamp: Stamp, load: Load) -> Option<Kind> {
        Some(match (shape, load) {
            (Shape::Tally, _) => Kind::Tally(1),
            (Shape::Newest { depth: 1, .. } | Shape::Oldest, _) => Kind::Instant(stamp.when),
            (Shape::Newest { .. } | Shape::Instants { .. }, _) => Kind::Instants(vec![stamp.when]),
            (Shape::Total, Load::Amount(amount)) => Kind::Total(Box::new((1, amount))),
            (Shape::Amounts { .. }, Load::Amount(amount)) => {
                let mut amounts = Amounts::default();
                amounts.insert(stamp.when, amount);
                Kind::Amounts(Box::new(amounts))
            }
            (Shape::Rows { .. }, Load::Value(value)) => Kind::Rows(Box::new(vec![(stamp, value)])),
            (Shape::Values, Load::Value(value)) => {
                Kind::Values(Box::new(Values::from_iter([value])))
            }
            (Shape::Latest { .. }, Load::Value(value)) => {
                let mut latest = Latest::default();
                latest.insert(stamp.when, value);
                Kind::Latest(Box::new(latest))
            }
            (Shape::Marks { .. }, Load::Mark(mark, key)) => {
                let mut marks = Marks::default();
                marks.insert(key, mark, i64::MIN);
                Kind::Marks(Box::new(marks))
            }
            (Shape::First | Shape::Last, Load::Value(value)) => {
                Kind::Picked(Box::new((stamp, value)))
            }
            (Shape::Least | Shape::Greatest, Load::Value(value)) => Kind::Extreme(Box::new(value)),
            (Shape::Said, Load::Said(weight, value)) => Kind::Said(Box::new((weight, value))),
            (Shape::Decision, Load::Decision { granted, expires }) => {
                let key = (stamp.when, stamp.id);
                Kind::Decision(Box::new(Decision { key, granted, expires }))
            }
            _ => return None,
        })
    }

    pub(super) fn take(&mut self, shape: Shape, stamp: Stamp, load: Load, clock: i64) {
        match (self, shape, load) {
            (Kind::Tally(count), ..) => *count += 1,
            (Kind::Instant(oldest), Shape::Oldest, _) => *oldest = stamp.when.min(*oldest),
            (Kind::Instant(newest), ..) => *newest = stamp.when.max(*newest),
            (Kind::Instants(all), Shape::Newest { depth, .. }, _) => {
                newest(all, stamp.when, depth as usize);
            }
            (Kind::Instants(all), Shape::Instants { reach }, _) => {
                in_order(all, stamp.when, clock.saturating_sub(reach));
            }
            (Kind::Total(total), _, Load::Amount(amount)) => {
                **total = (total.0 + 1, total.1 + amount);
            }
            (Kind::Amounts(all), Shape::Amounts { reach }, Load::Amount(amount)) => {
                let gone = clock.saturating_sub(reach);
                if gone < stamp.when {
                    all.insert(stamp.when, amount);
                    let n = all.upto(gone);
                    if n > all.len() / 4 {
                        all.forget(n);
                    }
                }
            }
            (Kind::Rows(all), Shape::Rows { reach }, Load::Value(value)) => {
                rows(all, stamp, value, clock.saturating_sub(reach));
            }
            (Kind::Values(all), _, Load::Value(value)) => drop(all.insert(value)),
            (Kind::Latest(all), Shape::Latest { reach }, Load::Value(value)) => {
                let gone = clock.saturating_sub(reach);
                if gone < stamp.when {
                    all.forget(gone);
                    all.insert(stamp.when, value);
                }
            }
            (Kind::Marks(all), Shape::Marks { reach }, Load::Mark(mark, key)) => {
                all.insert(key, mark, clock.saturating_sub(reach));
            }
            // Elements of one event come in their order: the first stays first.
            (Kind::Picked(kept), Shape::First, Load::Value(value)) if stamp < kept.0 => {
                **kept = (stamp, value);
            }
            (Kind::Picked(kept), Shape::Last, Load::Value(value)) if kept.0 <= stamp => {
                **kept = (stamp, value);
            }
            (Kind::Extreme(kept), _, Load::Value(value)) => {
                let order = ranked(&value, kept);
                let further = match shape {
                    Shape::Least => order.is_some_and(|order| order.is_lt()),
                    _ => order.is_some_and(|order| order.is_gt()),
                };
                if further {
                    **kept = value;
                }
            }
            (Kind::Said(kept), _, Load::Said(weight, value)) if kept.0 <= weight => {
                **kept = (weight, value);
            }
            (Kind::Decision(kept), _, Load::Decision { granted, expires })
                if kept.key <= (stamp.when, stamp.id) =>
            {
                **kept = Decision { key: (stamp.when, stamp.id), granted, expires };
            }
            _ => {}
        }
    }

    /// Whether it is what a store of a shape keeps.
    pub(crate) fn is_of(&self, shape: Shape) -> bool {
        match self {
            Kind::Tally(_) => matches!(shape, Shape::Tally),
            Kind::Total(_) => matches!(shape, Shape::Total),
            Kind::Instant(_) => matches!(shape, Shape::Newest { depth: 1, .. } | Shape::Oldest),
            Kind::Instants(all) => match shape {
                Shape::Newest { depth, .. } => depth > 1 && all.len() <= depth as usize,
                shape => matches!(shape, Shape::Instants { .. }),
            },
            Kind::Amounts(_) => matches!(shape, Shape::Amounts { .. }),
            Kind::Rows(_) => matches!(shape, Shape::Rows { .. }),
            Kind::Values(_) => matches!(shape, Shape::Values),
            Kind::Latest(_) => matches!(shape, Shape::Latest { .. }),
            Kind::Marks(_) => matches!(shape, Shape::Marks { .. }),
            Kind::Picked(_) => matches!(shape, Shape::First | Shape::Last),
            Kind::Extreme(_) => matches!(shape, Shape::Least | Shape::Greatest),
            Kind::Said(_) => matches!(shape, Shape::Said),
            Kind::Decision(_) => matches!(shape, Shape::Decision),
        }
    }

    /// Bytes on the heap, without what values share.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Kind::Tally(_) | Kind::Instant(_) => 0,
            Kind::Instants(all) => all.capacity() * 8,
            Kind::Total(_) => 32,
            Kind::Amounts(all) => size_of::<Amounts>() + all.bytes(),
            Kind::Rows(all) => 24 + all.capacity() * size_of::<(Stamp, Value)>(),
            Kind::Values(all) => size_of::<Values>() + all.capacity() * (size_of::<Value>() + 1),
            Kind::Latest(all) => size_of::<Latest>() + all.bytes(),
            Kind::Marks(all) => size_of::<Marks>() + all.bytes(),
            Kind::Picked(_) => size_of::<(Stamp, Value)>(),
            Kind::Extreme(_) => size_of::<Value>(),
            Kind::Said(_) => size_of::<(Weight, Value)>(),
            Kind::Decision(_) => size_of::<Decision>(),
        }
    }
}

fn newest(all: &mut Vec<i64>, when: i64, depth: usize) {
    let place = all.partition_point(|other| *other <= when);
    if all.len() < depth {
        if all.len() == all.capacity() {
            all.reserve_exact(1 + all.len());
        }
        all.insert(place, when);
    } else if place > 0 {
        // The oldest makes room.
        all.copy_within(1..place, 0);
        all[place - 1] = when;
    }
}

fn in_order(all: &mut Vec<i64>, when: i64, gone: i64) {
    if when <= gone {
        return;
    }
    let n = all.partition_point(|other| *other <= gone);
    if n > all.len() / 4 {
        all.drain(..n);
    }
    match all.last() {
        Some(last) if when < *last => {
            all.insert(all.partition_point(|other| *other <= when), when);
        }
        _ => all.push(when),
    }
}

fn rows(all: &mut Vec<(Stamp, Value)>, stamp: Stamp, value: Value, gone: i64) {
    if stamp.when <= gone {
        return;
    }
    let n = all.partition_point(|other| other.0.when <= gone);
    if n > all.len() / 4 {
        all.drain(..n);
    }
    all.insert(all.partition_point(|other| other.0 <= stamp), (stamp, value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_has_32_bytes() {
        assert_eq!(size_of::<Cell>(), 32);
    }
}
