//! Small pieces of messages.

use crate::model::{Timestamp, counted};

/// How long before `now` an instant lies, in the largest unit that fits: `2 minutes ago`.
pub(super) fn ago(now: Timestamp, at: Timestamp) -> String {
    let units = [
        ("day", "days", 86_400_000),
        ("hour", "hours", 3_600_000),
        ("minute", "minutes", 60_000),
        ("second", "seconds", 1_000),
    ];
    let ms = now.since(at);
    if ms < 0 {
        return format!("at {at}");
    }
    match units.iter().find(|(_, _, length)| ms >= *length) {
        Some((one, several, length)) => counted((ms / length) as u64, one, several) + " ago",
        None => "just now".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_unit_that_fits_is_named() {
        let at = |ms| Timestamp::saturating_from_millis(ms);
        for (ms, expected) in
            [(0, "just now"), (61_000, "1 minute ago"), (3 * 86_400_000, "3 days ago")]
        {
            assert_eq!(ago(at(ms), at(0)), expected);
        }
        assert_eq!(ago(at(0), at(1_000)), "at 1970-01-01T00:00:01Z");
    }
}
