//! The three years of the shop: which days and hours are busy, and instants in text.

pub const DAY: i64 = 86_400_000;
pub const HOUR: i64 = 3_600_000;
/// 2026-01-01T00:00:00Z, the end of the history; every question is asked a millisecond before.
pub const END: i64 = 1_767_225_600_000;
/// 2023-01-02T00:00:00Z.
pub const BEGIN: i64 = END - N_DAYS * DAY;
pub const N_DAYS: i64 = 1_095;

/// The busiest a day can be, beside 1 for an average one.
pub const BUSIEST: f64 = 1.9;

const OF_MONTH: [f64; 12] = [0.9, 0.8, 0.9, 0.9, 1.0, 0.95, 0.85, 0.9, 1.0, 1.05, 1.5, 1.45];
/// From Monday on.
const OF_WEEKDAY: [f64; 7] = [1.0, 0.95, 0.95, 1.0, 1.05, 1.1, 1.2];
const OF_HOUR: [f64; 24] = [
    1., 0.5, 0.3, 0.2, 0.2, 0.4, 1., 2., 3., 3.5, 4., 4.5, 5., 4.5, 4., 4., 4.5, 5., 6., 8., 9.,
    8., 5., 2.5,
];

/// How busy each day is from `BEGIN` on, and the hours of a day added up.
pub struct Calendar {
    days: Vec<f64>,
    hours: [f64; 24],
}

impl Calendar {
    pub fn new(n_days: i64) -> Calendar {
        let busy = |n: i64| {
            let day = BEGIN / DAY + n;
            let (_, month, _) = civil(day);
            // The first of January 1970 was a Thursday.
            OF_MONTH[month as usize - 1] * OF_WEEKDAY[(day + 3).rem_euclid(7) as usize]
        };
        let mut hours = OF_HOUR;
        for hour in 1..24 {
            hours[hour] += hours[hour - 1];
        }
        Calendar { days: (0..n_days).map(busy).collect(), hours }
    }

    /// How busy the day of an instant is.
    pub fn busy(&self, at: i64) -> f64 {
        self.days[day_of(at) as usize]
    }

    /// An instant of the same day, at an hour that `share` picks and a part of it.
    pub fn at_an_hour(&self, at: i64, share: f64, part: f64) -> i64 {
        let share = share * self.hours[23];
        let hour = self.hours.iter().position(|upto| share < *upto).unwrap_or(23) as i64;
        BEGIN + day_of(at) * DAY + hour * HOUR + (part * HOUR as f64) as i64
    }
}

fn day_of(at: i64) -> i64 {
    ((at - BEGIN) / DAY).max(0)
}

/// Year, month and day of a day since 1970, by the proleptic Gregorian calendar.
fn civil(day: i64) -> (i64, u32, u32) {
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 } as u32;
    let day = (of_year - (153 * shifted + 2) / 5 + 1) as u32;
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// Writes instants as text; the day is kept, for most that follow are of the same.
#[derive(Default)]
pub struct Clock {
    day: Option<i64>,
    date: String,
}

impl Clock {
    pub fn write(&mut self, out: &mut Vec<u8>, at: i64) {
        let day = at.div_euclid(DAY);
        if self.day != Some(day) {
            let (year, month, of_month) = civil(day);
            self.date = format!("{year:04}-{month:02}-{of_month:02}T");
            self.day = Some(day);
        }
        let ms = at.rem_euclid(DAY) as u32;
        let two = |n: u32| [b'0' + (n / 10) as u8, b'0' + (n % 10) as u8];
        let ([h, hh], [m, mm]) = (two(ms / 3_600_000), two(ms / 60_000 % 60));
        let ([s, ss], [i, ii]) = (two(ms / 1_000 % 60), two(ms % 1_000 / 10));
        let iii = b'0' + (ms % 10) as u8;
        out.extend_from_slice(self.date.as_bytes());
        out.extend_from_slice(&[h, hh, b':', m, mm, b':', s, ss, b'.', i, ii, iii, b'Z']);
    }
}
