//! What a column seems to hold, from its name and some of its cells.

use super::cell::cell_bool;
use crate::wire::json::number;
use jiff::fmt::strtime::BrokenDownTime;

/// What a column seems to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Guess {
    Text,
    Number,
    /// With a decimal comma.
    CommaNumber,
    Bool,
    /// An instant in that format; the second is another that fits as well.
    Instant(&'static str, Option<&'static str>),
    /// A date in that format; none is the plain one.
    Date(Option<&'static str>, Option<&'static str>),
}

/// Formats of instants, the likely ones first.
const INSTANTS: [&str; 14] = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S UTC",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y/%m/%d %H:%M:%S",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%Y-%m-%d %H:%M:%S %z",
];

const DATES: [&str; 5] = ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d"];

impl Guess {
    /// What the column of that name seems to hold.
    pub(super) fn of(name: &str, cells: &[&str]) -> Guess {
        let cells: Vec<&str> =
            cells.iter().map(|cell| cell.trim()).filter(|c| !c.is_empty()).collect();
        let all = |holds: &dyn Fn(&str) -> bool| cells.iter().all(|cell| holds(cell));
        if cells.is_empty() || is_code(name) {
            return Guess::Text;
        }
        let is_dated = squeezed(name).contains("date");
        if is_dated && all(&|cell| cell.len() == 8 && is_day(cell, "%Y%m%d")) {
            return Guess::Date(Some("%Y%m%d"), None);
        }
        if all(&is_number) {
            return epoch(name, &cells).unwrap_or(Guess::Number);
        }
        if all(&is_comma_number) {
            return Guess::CommaNumber;
        }
        if all(&|cell| cell_bool(cell).is_ok()) {
            return Guess::Bool;
        }
        instants(&cells).or_else(|| dates(&cells)).unwrap_or(Guess::Text)
    }

    /// Cells that are written otherwise than most.
    pub(super) fn odd(&self, cells: &[&str]) -> Vec<String> {
        let fits = |cell: &str| match self {
            Guess::Instant("unix" | "unix_ms", _) => true,
            Guess::Instant(format, _) => is_instant(cell, format),
            Guess::Date(format, _) => is_day(cell, format.unwrap_or(DATES[0])),
            _ => true,
        };
        cells.iter().filter(|cell| !fits(cell)).map(|cell| (*cell).to_owned()).collect()
    }
}

/// Whether the name speaks of a code: its digits are no amount.
fn is_code(name: &str) -> bool {
    let name = squeezed(name);
    let ends = ["id", "no", "code", "number", "sku", "zip", "phone", "mobile"];
    ends.iter().any(|end| name.ends_with(end))
        || name.contains("postcode")
        || name.contains("postal")
}

/// The name's letters and digits, in lower case.
pub(super) fn squeezed(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Digits with a zero in front are a code as well.
fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let is_code = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    !is_code && digits.len() <= 18 && number(cell).is_some()
}

fn is_comma_number(cell: &str) -> bool {
    let plain = cell.chars().filter(|c| !matches!(c, '.' | ' ' | '\u{A0}'));
    let plain: String = plain.map(|c| if c == ',' { '.' } else { c }).collect();
    cell.matches(',').count() <= 1 && is_number(&plain)
}

/// Seconds or milliseconds since 1970, if the name speaks of time and the numbers are of our days.
fn epoch(name: &str, cells: &[&str]) -> Option<Guess> {
    let name = squeezed(name);
    let speaks = name.contains("time") || name.ends_with("at") || name == "ts";
    let within = |from: u64, to: u64| {
        cells.iter().all(|cell| cell.parse().is_ok_and(|n: u64| (from..to).contains(&n)))
    };
    match speaks {
        true if within(500_000_000, 5_000_000_000) => Some(Guess::Instant("unix", None)),
        true if within(500_000_000_000, 5_000_000_000_000) => Some(Guess::Instant("unix_ms", None)),
        _ => None,
    }
}

fn instants(cells: &[&str]) -> Option<Guess> {
    let rfc3339 = Guess::Instant("rfc3339", None);
    if is_most(n_like(cells, &|cell| is_instant(cell, "rfc3339")), cells.len()) {
        return Some(rfc3339);
    }
    let (first, other) = fitting(&INSTANTS, cells, &is_instant)?;
    Some(Guess::Instant(first, other))
}

fn dates(cells: &[&str]) -> Option<Guess> {
    let (first, other) = fitting(&DATES, cells, &is_day)?;
    Some(Guess::Date((first != DATES[0]).then_some(first), other))
}

/// The format that fits most cells, the likely ones first, and another that
/// fits as many and has day and month the other way round.
fn fitting(
    formats: &[&'static str],
    cells: &[&str],
    fits: &dyn Fn(&str, &str) -> bool,
) -> Option<(&'static str, Option<&'static str>)> {
    let n_of = |format: &str| n_like(cells, &|cell| fits(cell, format));
    let counts: Vec<(&'static str, usize)> =
        formats.iter().map(|format| (*format, n_of(format))).collect();
    let most = counts.iter().map(|(_, n)| *n).max().filter(|n| is_most(*n, cells.len()))?;
    let mut best = counts.into_iter().filter(|(_, n)| *n == most).map(|(format, _)| format);
    let first = best.next()?;
    Some((first, best.find(|other| swaps(first, other))))
}

/// One cell in ten may be a slip of whoever typed it.
fn is_most(n: usize, of: usize) -> bool {
    n > 0 && (of - n) * 10 <= of
}

fn n_like(cells: &[&str], fits: &dyn Fn(&str) -> bool) -> usize {
    cells.iter().filter(|cell| fits(cell)).count()
}

fn is_instant(cell: &str, format: &str) -> bool {
    match format {
        "rfc3339" => cell.parse::<crate::model::Timestamp>().is_ok(),
        _ => BrokenDownTime::parse(format, cell).is_ok_and(|parts| parts.to_datetime().is_ok()),
    }
}

fn is_day(cell: &str, format: &str) -> bool {
    BrokenDownTime::parse(format, cell).is_ok_and(|parts| parts.to_date().is_ok())
}

/// Whether two formats differ in which of day and month comes first.
fn swaps(first: &str, other: &str) -> bool {
    first.starts_with("%d/%m") && other.starts_with("%m/%d")
}
