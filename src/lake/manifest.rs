//! What a lake is of: the instant, the workspace's zone, how many.

use crate::model::{Timestamp, Zone};

/// The file that says what a lake is of. A directory without it is no lake.
pub(super) const NAME: &str = "manifest.json";

/// The version of the tables that are written.
pub(super) const FORMAT: u32 = 1;

/// The manifest as JSON.
pub(super) fn text(now: Timestamp, zone: &Zone, first_day: u8, counts: [u64; 2]) -> String {
    let [people, events] = counts;
    format!(
        "{{\n  \"format\": {FORMAT},\n  \"now\": \"{now}\",\n  \"now_ms\": {},\n  \"timezone\": \"{}\",\n  \
         \"week_starts_on\": {first_day},\n  \"people\": {people},\n  \"events\": {events}\n}}\n",
        now.millis(),
        zone.name(),
    )
}
