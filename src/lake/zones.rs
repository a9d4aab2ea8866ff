//! When the clocks of zones are changed: engines of SQL then tell days as Throng does.

use super::LakeError;
use super::table::Table;
use crate::model::{Timestamp, Zone};
use std::path::Path;

/// 2100-01-01. Later clocks stay as they are then.
const UPTO_MS: i64 = 4_102_444_800_000;

/// Writes a row for each time in which a zone's clocks are not changed.
pub(super) fn write<'z>(
    directory: &Path,
    zones: impl Iterator<Item = &'z Zone>,
) -> Result<(), LakeError> {
    let columns = ["binary zone (UTF8)", "int64 since", "int64 until", "int64 ahead"];
    let mut table = Table::create(directory, "zones", &columns)?;
    for zone in zones {
        let changes = zone.changes(Timestamp::saturating_from_millis(UPTO_MS));
        let later = changes.iter().skip(1).map(|(from, _)| from.millis());
        let ends = later.chain(std::iter::once(Timestamp::MAX.millis() + 1));
        for ((from, ahead_ms), until) in changes.iter().zip(ends) {
            let since = from.millis();
            table.push([zone.name().into(), since.into(), until.into(), (*ahead_ms).into()])?;
        }
    }
    table.close()
}
