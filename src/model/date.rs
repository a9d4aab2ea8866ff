//! Dates without a zone: days since 1970-01-01 in the Gregorian calendar.

use std::fmt;
use std::str::FromStr;

/// A calendar day, counted from 1970-01-01.
///
/// ```
/// use throng::model::Date;
/// let day: Date = "2024-02-29".parse().unwrap();
/// assert_eq!(day.plus_days(1).to_string(), "2024-03-01");
/// assert_eq!(Date::from_ymd(2024, 2, 29), Some(day));
/// assert_eq!(Date::from_ymd(2023, 2, 29), None);
/// assert_eq!((day.days(), day.ymd()), (19_782, (2024, 2, 29)));
/// assert_eq!(Date::from_days(19_782), Some(day));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Date(i32);

impl Date {
    /// 0001-01-01.
    pub const MIN: Date = Date(-719_162);
    /// 9999-12-31.
    pub const MAX: Date = Date(2_932_896);

    /// The day of that year (1 to 9999), month and day, if there is one.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Date> {
        let month = i8::try_from(month).ok()?;
        let day = i8::try_from(day).ok()?;
        if !(1..=9999).contains(&year) {
            return None;
        }
        let date = jiff::civil::Date::new(year as i16, month, day).ok()?;
        Some(Date(days_from_civil(date.year().into(), month.into(), day.into())))
    }

    /// The day that many days after 1970-01-01, if it lies in years 1 to 9999.
    pub fn from_days(days: i32) -> Option<Date> {
        (Date::MIN..=Date::MAX).contains(&Date(days)).then_some(Date(days))
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i32 {
        self.0
    }

    /// This day moved by `days`, held inside the years 1 to 9999.
    pub fn plus_days(self, days: i32) -> Date {
        Date(self.0.saturating_add(days).clamp(Date::MIN.0, Date::MAX.0))
    }

    /// Year, month (1 to 12) and day (1 to 31).
    pub fn ymd(self) -> (i32, u32, u32) {
        civil_from_days(self.0)
    }
}

/// Days since 1970-01-01 of a Gregorian date; Howard Hinnant's `days_from_civil`, years from March.
fn days_from_civil(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The inverse of [`days_from_civil`].
fn civil_from_days(days: i32) -> (i32, u32, u32) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (era * 400 + year_of_era + i32::from(month <= 2), month as u32, day as u32)
}

impl FromStr for Date {
    type Err = super::TimestampError;

    fn from_str(text: &str) -> Result<Date, super::TimestampError> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes[4] == b'-'
            && bytes[7] == b'-'
            && bytes.iter().enumerate().all(|(i, b)| i == 4 || i == 7 || b.is_ascii_digit());
        let number = |from: usize, to: usize| text[from..to].parse::<u32>().ok();
        shaped
            .then(|| Date::from_ymd(number(0, 4)? as i32, number(5, 7)?, number(8, 10)?))
            .flatten()
            .ok_or(super::TimestampError::Malformed)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_ten_thousand_years_goes_there_and_back() {
        let mut previous = None;
        for days in Date::MIN.0..=Date::MAX.0 {
            let ymd = Date(days).ymd();
            assert!(previous < Some(ymd), "{ymd:?} does not follow {previous:?}");
            assert_eq!(days_from_civil(ymd.0, ymd.1 as i32, ymd.2 as i32), days);
            previous = Some(ymd);
        }
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in
            ["2023-02-29", "2026-13-01", "2026-1-01", "0000-01-01", "2026-01-01Z", "é26-01-01x"]
        {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }
}
