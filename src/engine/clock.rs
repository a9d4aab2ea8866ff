//! The machine's clock, read here and nowhere below.

use crate::model::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

/// 1970-01-01T00:00:00Z.
pub(super) const EPOCH: Timestamp = Timestamp::EPOCH;

/// What the clock of the machine says.
pub(super) fn wall_now() -> Timestamp {
    let ms = match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
    };
    Timestamp::saturating_from_millis(ms)
}
