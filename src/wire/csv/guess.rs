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
    if cells.iter().all(|cell| cell.parse::<crate::model::Timestamp>().is_ok()) {
        return Some(Guess::Instant("rfc3339", None));
    }
    let mut fitting = INSTANTS.into_iter().filter(|format| {
        cells.iter().all(|cell| {
            BrokenDownTime::parse(format, cell).is_ok_and(|parts| parts.to_datetime().is_ok())
        })
    });
    let first = fitting.next()?;
    Some(Guess::Instant(first, fitting.find(|other| swaps(first, other))))
}

fn dates(cells: &[&str]) -> Option<Guess> {
    let fits = |format: &&str| cells.iter().all(|cell| is_day(cell, format));
    let mut fitting = DATES.into_iter().filter(fits);
    let first = fitting.next()?;
    let other = fitting.find(|other| swaps(first, other));
    Some(Guess::Date((first != DATES[0]).then_some(first), other))
}

fn is_day(cell: &str, format: &str) -> bool {
    BrokenDownTime::parse(format, cell).is_ok_and(|parts| parts.to_date().is_ok())
}

/// Whether two formats differ in which of day and month comes first.
fn swaps(first: &str, other: &str) -> bool {
    first.starts_with("%d/%m") && other.starts_with("%m/%d")
}
