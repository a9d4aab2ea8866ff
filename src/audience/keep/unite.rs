//! What is kept of two people, as of one: every accumulator knows its parts only
//! as a set of rows, so two of them unite without any row being read.

use super::super::plan::Shape;
use super::amounts::Amounts;
use super::cell::{Cell, Kind};
use super::share::{Load, Stamp};

/// Takes what was kept of another into these cells.
pub(crate) fn unite(cells: &mut Vec<Cell>, other: Vec<Cell>, shape_of: impl Fn(u32) -> Shape) {
    if cells.is_empty() {
        *cells = other;
        return;
    }
    for cell in other {
        match cells.binary_search_by_key(&cell.store, |own| own.store) {
            Ok(place) => cells[place].body.unite(cell.body, shape_of(cell.store)),
            Err(place) => cells.insert(place, cell),
        }
    }
}

impl Kind {
    fn unite(&mut self, other: Kind, shape: Shape) {
        match (&mut *self, other) {
            (Kind::Tally(count), Kind::Tally(more)) => *count += more,
            (Kind::Total(total), Kind::Total(more)) => {
                **total = (total.0 + more.0, total.1 + more.1);
            }
            (Kind::Instants(all), Kind::Instants(more)) => merge(all, more, shape),
            (Kind::Amounts(all), Kind::Amounts(more)) => **all = Amounts::united(all, &more),
            (Kind::Rows(all), Kind::Rows(more)) => {
                all.extend(*more);
                // Elements of one event have one stamp and keep their order.
                all.sort_by_key(|row| row.0);
            }
            (Kind::Values(all), Kind::Values(more)) => all.extend(*more),
            (Kind::Latest(all), Kind::Latest(more)) => all.unite(*more),
            (Kind::Marks(all), Kind::Marks(more)) => all.unite(*more),
            (_, other) => self.take_single(other, shape),
        }
    }

    /// What is one thing of many is taken in as that thing.
    fn take_single(&mut self, other: Kind, shape: Shape) {
        let (stamp, load) = match other {
            Kind::Instant(when) => (Stamp { when, ..Stamp::LEAST }, Load::Once),
            Kind::Picked(kept) => (kept.0, Load::Value(kept.1)),
            Kind::Extreme(value) => (Stamp::LEAST, Load::Value(*value)),
            Kind::Said(said) => (Stamp::LEAST, Load::Said(said.0, said.1)),
            Kind::Decision(it) => {
                let stamp = Stamp { when: it.key.0, id: it.key.1, ..Stamp::LEAST };
                (stamp, Load::Decision { granted: it.granted, expires: it.expires })
            }
            _ => return,
        };
        self.take(shape, stamp, load, i64::MIN);
    }
}

/// Instants in order; of the newest, no more than are wanted.
fn merge(all: &mut Vec<i64>, more: Vec<i64>, shape: Shape) {
    all.extend(more);
    all.sort_unstable();
    if let Shape::Newest { depth, .. } = shape {
        let spare = all.len().saturating_sub(depth as usize);
        all.drain(..spare);
    }
}
