//! Instants: milliseconds since 1970 in UTC, from year 1 to year 9999.

use std::fmt;
use std::str::FromStr;

/// An instant, in milliseconds since 1970-01-01T00:00:00Z.
///
/// ```
/// use throng::model::Timestamp;
/// let at: Timestamp = "2026-03-01T12:00:00.5+01:00".parse().unwrap();
/// assert_eq!(at.to_string(), "2026-03-01T11:00:00.500Z");
/// assert_eq!(at.plus_ms(86_400_000).since(at), 86_400_000);
/// assert_eq!(Timestamp::from_millis(at.millis()), Some(at));
/// assert_eq!(Timestamp::from_millis(i64::MAX), None);
/// assert_eq!(Timestamp::saturating_from_millis(i64::MAX), Timestamp::MAX);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

/// Why a number or a text is no instant.
///
/// ```
/// use throng::model::Timestamp;
/// assert!("yesterday".parse::<Timestamp>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimestampError {
    /// Before 0001-01-01 or after 9999-12-31.
    OutOfRange,
    /// Not written as RFC 3339 says.
    Malformed,
}

impl Timestamp {
    /// The start of year 1.
    pub const MIN: Timestamp = Timestamp(-62_135_596_800_000);
    /// The last millisecond of year 9999.
    pub const MAX: Timestamp = Timestamp(253_402_300_799_999);
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Timestamp = Timestamp(0);

    /// The instant that many milliseconds after 1970, if it lies in years 1 to 9999.
    pub fn from_millis(ms: i64) -> Option<Timestamp> {
        let instant = Timestamp(ms);
        (Timestamp::MIN..=Timestamp::MAX).contains(&instant).then_some(instant)
    }

    /// The instant that many milliseconds after 1970, moved to the nearest end when outside.
    pub fn saturating_from_millis(ms: i64) -> Timestamp {
        Timestamp(ms.clamp(Timestamp::MIN.0, Timestamp::MAX.0))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub fn millis(self) -> i64 {
        self.0
    }

    /// Milliseconds from `earlier` to this instant; negative if it lies after.
    pub fn since(self, earlier: Timestamp) -> i64 {
        self.0 - earlier.0
    }

    /// This instant moved by `ms`, held inside the years 1 to 9999.
    pub fn plus_ms(self, ms: i64) -> Timestamp {
        Timestamp::saturating_from_millis(self.0.saturating_add(ms))
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Timestamp, TimestampError> {
        if let Some(instant) = plain_utc(text.as_bytes()) {
            return Ok(instant);
        }
        // RFC 3339 wants an offset; jiff alone would also take a bare date or a bracketed zone.
        if text.contains('[') || text.len() < 17 {
            return Err(TimestampError::Malformed);
        }
        let parsed: jiff::Timestamp = text.parse().map_err(|_| TimestampError::Malformed)?;
        Timestamp::from_millis(parsed.as_nanosecond().div_euclid(1_000_000) as i64)
            .ok_or(TimestampError::OutOfRange)
    }
}

/// `YYYY-MM-DDTHH:MM:SS[.fff]Z`, the form that nearly every sender writes, read without a library.
fn plain_utc(text: &[u8]) -> Option<Timestamp> {
    let fraction = match text.len() {
        20 => 0,
        24 if text[19] == b'.' => digits(&text[20..23])?,
        _ => return None,
    };
    let shaped = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (text.len() - 1, b'Z')]
        .iter()
        .all(|&(place, byte)| text[place] == byte);
    if !shaped {
        return None;
    }
    let date = crate::model::Date::from_ymd(
        digits(&text[0..4])? as i32,
        digits(&text[5..7])? as u32,
        digits(&text[8..10])? as u32,
    )?;
    let [hour, minute, second] =
        [digits(&text[11..13])?, digits(&text[14..16])?, digits(&text[17..19])?];
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let of_day = ((hour * 60 + minute) * 60 + second) * 1_000 + fraction;
    Timestamp::from_millis(i64::from(date.days()) * 86_400_000 + of_day)
}

fn digits(text: &[u8]) -> Option<i64> {
    text.iter()
        .try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, ms) = (self.0.div_euclid(86_400_000), self.0.rem_euclid(86_400_000));
        let date = crate::model::Date::from_days(days as i32).unwrap_or_default();
        let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
        write!(f, "{date}T{hour:02}:{minute:02}:{second:02}")?;
        match ms % 1_000 {
            0 => f.write_str("Z"),
            fraction => write!(f, ".{fraction:03}Z"),
        }
    }
}

impl fmt::Display for TimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TimestampError::OutOfRange => "an instant lies between 0001-01-01 and 9999-12-31",
            TimestampError::Malformed => "an instant is written like 2026-03-01T12:00:00Z",
        })
    }
}

impl std::error::Error for TimestampError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_and_the_library_agree() {
        for text in [
            "2026-03-01T12:00:00Z",
            "1969-12-31T23:59:59.999Z",
            "0001-01-01T00:00:00Z",
            "9999-12-30T00:00:00.999Z",
            "2024-02-29T00:00:00.001Z",
        ] {
            let ours = plain_utc(text.as_bytes()).unwrap();
            let theirs: jiff::Timestamp = text.parse().unwrap();
            assert_eq!(ours.millis(), theirs.as_millisecond(), "{text}");
            assert_eq!(ours.to_string().parse(), Ok(ours));
        }
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in [
            "",
            "2026-03-01",
            "2026-02-30T00:00:00Z",
            "2026-03-01T24:00:00Z",
            "yesterday",
            "+10000-01-01T00:00:00Z",
        ] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_fraction_finer_than_a_millisecond_is_cut_towards_the_past() {
        let at: Timestamp = "1969-12-31T23:59:59.9999Z".parse().unwrap();
        assert_eq!(at.millis(), -1);
    }
}
