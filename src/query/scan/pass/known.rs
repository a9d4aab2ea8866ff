//! Rows that were not known at an instant: nobody's.

use crate::identity::NOBODY;
use crate::model::{Timestamp, Value};
use crate::query::scan::plan::gather::Pass;
use crate::query::scan::source::Source;
use crate::timeline::{Block, ColumnKey};

/// The columns that a pass reads; last when each row was received, if that matters.
pub fn columns_of(pass: &Pass, source: &Source<'_>) -> Vec<ColumnKey> {
    let received = source.known.map(|_| ColumnKey::Received);
    pass.columns.iter().cloned().chain(received).collect()
}

/// Whether a row was received by an instant, as the last column says.
pub fn was_known(block: &Block<'_>, row: usize, known: Timestamp) -> bool {
    let received = block.columns.last().and_then(|column| column.value(row));
    matches!(received, Some(Value::Instant(at)) if at <= known)
}

/// Takes the rows that were not known from their owners.
pub fn hide_unknown(block: &Block<'_>, seats: &mut [u32], known: Option<Timestamp>) {
    let Some(known) = known else { return };
    for (row, seat) in seats.iter_mut().enumerate() {
        if !was_known(block, row, known) {
            *seat = NOBODY;
        }
    }
}
