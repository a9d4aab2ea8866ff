//! Instants and dates in cells: by RFC 3339, by seconds since 1970, or by a format.

use super::mapping::{Column, Columns};
use super::node::{Fields, Node, Read};
use crate::model::{Date, Timestamp, TimestampError};
use crate::wire::reject::{Reason, Reject};
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::sync::OnceLock;

/// A column that holds an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Time {
    pub column: Column,
    pub reading: Reading,
}

/// How an instant is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    form: Form,
    /// Where the clock hung, for forms that do not say it.
    zone: TimeZone,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    Rfc3339,
    Unix,
    UnixMs,
    Written(String),
}

/// How a date is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DateReading(Option<String>);

impl Time {
    /// A column's name, or a table with `column`, `format` and `zone`.
    pub(super) fn read(node: &Node<'_>, columns: &mut Columns) -> Read<Time> {
        if !node.is_table() {
            return Ok(Time { column: columns.read(node)?, reading: Reading::rfc3339() });
        }
        let fields = node.clone().fields(&["column", "format", "zone"])?;
        let column = columns.read(&fields.need("column")?)?;
        Ok(Time { column, reading: Reading::read(&fields)? })
    }
}

impl Reading {
    fn rfc3339() -> Reading {
        Reading { form: Form::Rfc3339, zone: TimeZone::UTC }
    }

    /// `format` and `zone` of a table.
    pub(super) fn read(fields: &Fields<'_>) -> Read<Reading> {
        let form = match fields.get("format") {
            None => Form::Rfc3339,
            Some(node) => match node.text()? {
                "rfc3339" => Form::Rfc3339,
                "unix" => Form::Unix,
                "unix_ms" => Form::UnixMs,
                format => Form::Written(checked_format(&node, format)?),
            },
        };
        let zone = fields.get("zone").map_or(Ok(TimeZone::UTC), |node| zone(&node))?;
        Ok(Reading { form, zone })
    }

    /// The instant that a cell says, and whether a change of the clock made it
    /// doubtful: there was no such local time, or there were two.
    pub(super) fn instant(&self, cell: &str) -> Result<(Timestamp, bool), Reject> {
        let at = match &self.form {
            Form::Rfc3339 => cell.parse().map_err(|error| no_instant(cell, &error)),
            Form::Unix => seconds(cell, 1_000),
            Form::UnixMs => seconds(cell, 1),
            Form::Written(format) => return self.written(cell, format),
        };
        at.map(|at| (at, false))
    }

    fn written(&self, cell: &str, format: &str) -> Result<(Timestamp, bool), Reject> {
        let parsed = BrokenDownTime::parse(format, cell);
        let instant = parsed.and_then(|parts| {
            if parts.timestamp().is_some() {
                return Ok((parts.to_timestamp()?, false));
            }
            let local = parts.to_datetime()?;
            match parts.offset() {
                Some(offset) => Ok((offset.to_timestamp(local)?, false)),
                None => {
                    let read = self.zone.to_ambiguous_timestamp(local);
                    let doubtful = read.is_ambiguous();
                    Ok((read.compatible()?, doubtful))
                }
            }
        });
        let (instant, doubtful) = instant.map_err(|_: jiff::Error| unlike(cell, format))?;
        let ms = instant.as_nanosecond().div_euclid(1_000_000) as i64;
        let at = Timestamp::from_millis(ms);
        let at = at.ok_or_else(|| no_instant(cell, &TimestampError::OutOfRange))?;
        Ok((at, doubtful))
    }
}

impl DateReading {
    /// `format` of a table.
    pub(super) fn read(fields: &Fields<'_>) -> Read<DateReading> {
        let format = fields.get("format");
        let format = format.map(|node| checked_format(&node, node.text()?));
        Ok(DateReading(format.transpose()?))
    }

    /// The day that a cell says.
    pub(super) fn date(&self, cell: &str) -> Result<Date, Reject> {
        let Some(format) = &self.0 else {
            return cell.parse().map_err(|_| {
                let message = format!("`{}` is no date", shown(cell));
                Reject::new(
                    Reason::InvalidTime,
                    message,
                    "write it as 2026-03-01, or give its `format`",
                )
            });
        };
        let day = BrokenDownTime::parse(format, cell).and_then(|parts| parts.to_date());
        let day = day.map_err(|_| unlike(cell, format))?;
        let ymd = (i32::from(day.year()), day.month() as u32, day.day() as u32);
        Date::from_ymd(ymd.0, ymd.1, ymd.2)
            .ok_or_else(|| no_instant(cell, &TimestampError::OutOfRange))
    }
}

/// A count of seconds or milliseconds since 1970, cut to whole milliseconds.
fn seconds(cell: &str, ms: i64) -> Result<Timestamp, Reject> {
    let number: crate::model::Decimal = cell.parse().map_err(|_| {
        let message = format!("`{}` is no count of seconds or milliseconds", shown(cell));
        Reject::new(Reason::InvalidTime, message, "check the `format` of the mapping")
    })?;
    let whole = number.billionths().saturating_mul(ms.into()).div_euclid(1_000_000_000);
    let instant = i64::try_from(whole).ok().and_then(Timestamp::from_millis);
    instant.ok_or_else(|| no_instant(cell, &TimestampError::OutOfRange))
}

fn unlike(cell: &str, format: &str) -> Reject {
    let message = format!("`{}` is no time that is written as `{format}`", shown(cell));
    Reject::new(Reason::InvalidTime, message, "mend the cell, or the `format` of the mapping")
}

fn no_instant(cell: &str, error: &TimestampError) -> Reject {
    let reason = match error {
        TimestampError::OutOfRange => Reason::TimeOutOfRange,
        _ => Reason::InvalidTime,
    };
    let remedy = "mend the cell, or give its `format` in the mapping";
    Reject::new(reason, format!("`{}`: {error}", shown(cell)), remedy)
}

/// So much of a cell as a message may hold.
pub(super) fn shown(cell: &str) -> String {
    let mut shown: String = cell.chars().take(60).collect();
    if shown.len() < cell.len() {
        shown.push('…');
    }
    shown
}

/// A format in which a day can be written and read back.
fn checked_format(node: &Node<'_>, format: &str) -> Read<String> {
    match reads_back(format) {
        Ok(()) => Ok(format.to_owned()),
        Err(error) => Err(node.error(
            format!("this is no format of a time: {error}"),
            "write it with %Y %m %d %H %M %S, or \"rfc3339\", \"unix\", \"unix_ms\"",
        )),
    }
}

fn reads_back(format: &str) -> Result<(), jiff::Error> {
    let sample = jiff::civil::date(2001, 2, 3).at(4, 5, 6, 0).to_zoned(TimeZone::UTC)?;
    let written = BrokenDownTime::from(&sample).to_string(format)?;
    let parts = BrokenDownTime::parse(format, written)?;
    if parts.timestamp().is_some() { Ok(()) } else { parts.to_date().map(drop) }
}

fn zone(node: &Node<'_>) -> Read<TimeZone> {
    static TABLES: OnceLock<TimeZoneDatabase> = OnceLock::new();
    let name = node.text()?;
    TABLES.get_or_init(TimeZoneDatabase::bundled).get(name).map_err(|_| {
        let message = format!("no time zone is called `{}`", shown(name));
        node.error(message, "use a name of IANA, like \"Europe/Prague\"")
    })
}
