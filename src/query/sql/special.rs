//! Regular expressions, addresses, positions.

use super::cell::Cell;
use super::sql::Sql;
use crate::model::{Decimal, Kind, Pattern, Position, Step};
use crate::query::predicate::Network;
// Addresses alone; `core` has no sockets.
use core::net::{IpAddr, Ipv6Addr};

/// The radius of the sphere that stands for the earth, in kilometres.
const RADIUS_KM: &str = "6371.0088";

impl Sql {
    /// Whether a regular expression is found in a text. It is the engine's own.
    pub(super) fn matches(&self, text: &str, pattern: &Pattern) -> String {
        let written = pattern.to_string();
        let (inside, flags) = written.rsplit_once('/').unwrap_or((&written, ""));
        let inside = inside.strip_prefix('/').unwrap_or(inside).replace("\\/", "/");
        let before = if flags.contains('i') { "(?i)" } else { "" };
        self.dialect.finds(text, &format!("{before}{inside}"))
    }

    /// Whether an address begins with the bits of a network.
    pub(super) fn in_network(&self, subject: &Cell, network: Network) -> String {
        let first = match network.first {
            IpAddr::V4(first) => first,
            IpAddr::V6(first) => return self.in_long_network(subject, first, network.bits),
        };
        let first = u64::from(first.to_bits());
        let last = first + (1_u64 << (32 - u32::from(network.bits))) - 1;
        let text = self.read(subject, Kind::Text);
        self.once("v", &text, |v| {
            let part = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
            let whole = format!("^{part}[.]{part}[.]{part}[.]{part}$");
            let bits = [16_777_216, 65_536, 256, 1].iter().enumerate().map(|(n, weight)| {
                format!("CAST({} AS BIGINT) * {weight}", self.dialect.part(v, ".", n + 1))
            });
            let bits = bits.collect::<Vec<_>>().join(" + ");
            let found = self.dialect.finds(v, &whole);
            format!("CASE WHEN {found} THEN {bits} BETWEEN {first} AND {last} END")
        })
    }

    /// Addresses of a declared type are written in the shortest way: all 32 digits are
    /// put together again, and sort as the addresses do.
    fn in_long_network(&self, subject: &Cell, first: Ipv6Addr, bits: u8) -> String {
        let first = first.to_bits();
        let last = first | u128::MAX.checked_shr(bits.into()).unwrap_or(0);
        let [first, last] = [first, last].map(|bits| format!("'{bits:032x}'"));
        let dialect = self.dialect;
        let text = self.read(subject, Kind::Text);
        self.once("v", &text, |v| {
            let group = "CASE WHEN x = '' THEN '' ELSE lpad(x, 4, '0') END";
            let [left, right] =
                [1, 2].map(|n| dialect.each_part(&dialect.part(v, "::", n), ':', group, ""));
            let digits = format!(
                "{left} || repeat('0', CAST(32 - length({left} || {right}) AS INTEGER)) || {right}"
            );
            let found = dialect.finds(v, "^[0-9a-f:]*:[0-9a-f:]*$");
            format!("CASE WHEN {found} THEN {digits} BETWEEN {first} AND {last} END")
        })
    }

    /// Whether a position is less than so many kilometres from another.
    pub(super) fn near(&self, subject: &Cell, km: Decimal, of: Position) -> String {
        let Cell::Any { whole, .. } = subject else { return "FALSE".to_owned() };
        let object =
            self.once("v", whole, |v| format!("CASE WHEN left({v}, 1) = '{{' THEN {v} END"));
        let degrees = |key: &str| {
            let steps = [Step::Key(key.into())];
            let written = super::path::written(self.dialect, &steps).unwrap_or_default();
            let cell = Cell::any(self.dialect.extracted(&object, &written));
            self.read(&cell, Kind::Number)
        };
        let dialect = self.dialect;
        let at = dialect.record(&[("lat", degrees("lat")), ("lon", degrees("lon"))]);
        let half = |name: &str, of: Decimal| {
            format!("sin((radians(CAST({of} AS DOUBLE)) - radians(CAST(s.{name} AS DOUBLE))) / 2)")
        };
        let (by_lat, by_lon) = (half("lat", of.lat), half("lon", of.lon));
        let share = format!(
            "{by_lat} * {by_lat} + cos(radians(CAST(s.lat AS DOUBLE))) * \
             cos(radians(CAST({} AS DOUBLE))) * {by_lon} * {by_lon}",
            of.lat
        );
        let billionths =
            dialect.rounded(&format!("2 * {RADIUS_KM} * asin(least(sqrt({share}), 1.0)) * 1e9"));
        let body = format!(
            "CASE WHEN s.lat BETWEEN -90 AND 90 AND s.lon BETWEEN -180 AND 180 THEN \
             {billionths} < {} END",
            km.billionths()
        );
        dialect.bound("s", &at, &body)
    }
}
