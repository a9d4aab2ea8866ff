//! Small pieces of messages.

use crate::model::Timestamp;

/// A number with its thousands parted: `1,204,551`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// How long before `now` an instant lies, in the largest unit that fits: `2 minutes ago`.
pub(super) fn ago(now: Timestamp, at: Timestamp) -> String {
    let units = [("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1_000)];
    let ms = now.since(at);
    if ms < 0 {
        return format!("at {at}");
    }
    match units.iter().find(|(_, length)| ms >= *length) {
        Some((unit, length)) => plural((ms / length) as u64, unit) + " ago",
        None => "just now".to_owned(),
    }
}

/// `1 event`, `1,200 events`.
pub(super) fn plural(number: u64, word: &str) -> String {
    format!("{} {word}{}", grouped(number), if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted() {
        let cases = [(0, "0"), (999, "999"), (1_000, "1,000"), (1_204_551, "1,204,551")];
        for (number, expected) in cases {
            assert_eq!(grouped(number), expected);
        }
    }

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
