//! The feed: who entered and left which audience, in order, as it was announced.

use super::codec::{self, Bytes, Malformed, put_number, put_signed, put_text};
use super::directory::Directory;
use super::error::{Damage, StoreError};
use super::family::{Checked, FEED, Family, Reader};
use super::log::Recovery;
use super::proof;
use crate::model::{Lsn, Text, Timestamp};
use std::path::Path;

/// Changes of one audience by one record, for one cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedEntry {
    /// The record that made the change.
    pub lsn: Lsn,
    /// The time of that record.
    pub at: Timestamp,
    /// What the entry says.
    pub kind: EntryKind,
    /// The audience.
    pub audience: Text,
    /// The version of its definition.
    pub version: u32,
    /// Why it changed.
    pub cause: Cause,
    /// Seats that entered, each with the milliseconds from `at` since which the answer has held.
    pub entered: Vec<(u32, i64)>,
    /// Seats that left, in the same way.
    pub left: Vec<(u32, i64)>,
}

/// What an entry of the feed says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// People entered or left.
    Changed,
    /// The audience is no more; whoever was in it left.
    Dropped,
}

/// Why an audience changed.
///
/// ```
/// use std::time::Duration;
/// use throng::engine::{Cause, CommitTime, Throng};
/// use throng::model::{Body, Call, Object};
/// let throng = Throng::temporary()?;
/// throng.query("declare event order; create audience recent is people who did order in last 7 days")?;
/// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
/// call.user_id = Some("u-1".into());
/// throng.ingest_at(vec![call], CommitTime::At("2026-03-01T00:00:00Z".parse()?), false)?;
/// throng.advance_to("2026-03-31T00:00:00Z".parse()?)?;
/// let mut changes = throng.subscribe("recent", Some(0))?;
/// assert_eq!(changes.next(Duration::ZERO)?.unwrap().cause, Cause::Event);
/// assert_eq!(changes.next(Duration::ZERO)?.unwrap().cause, Cause::Time);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Cause {
    Event,
    Time,
    Identity,
    Consent,
    List,
    Definition,
    Forgotten,
    Recovered,
}

/// Every change of every audience, in order.
#[derive(Debug)]
pub struct Feed {
    family: Family,
    raw: Vec<u8>,
}

/// Seats of one entry, of either direction; a greater change is several entries of one record.
const SEATS_MAX: usize = 1 << 20;

const CAUSES: [Cause; 8] = [
    Cause::Event,
    Cause::Time,
    Cause::Identity,
    Cause::Consent,
    Cause::List,
    Cause::Definition,
    Cause::Forgotten,
    Cause::Recovered,
];

impl Feed {
    /// Opens the feed of a store. What a crash left at its end stays until
    /// [`Feed::mend`], or until the first entry is appended.
    ///
    /// # Errors
    /// Where the feed is damaged, and where it ends before an entry of which is
    /// known that it was on disk.
    pub fn open(directory: &Directory) -> Result<(Feed, Recovery), StoreError> {
        let manifest = directory.manifest();
        let (path, options) = (directory.path(), directory.options());
        let family = Family::open(path, FEED, manifest.uuid, &manifest.feed, options)?;
        let proven = proof::of_feed(directory);
        let proven = proven.filter(|(proven, _)| family.last().unwrap_or_default() < *proven);
        if let Some((proven, by)) = proven {
            return Err(family.short(proven, by).into());
        }
        let recovery = Recovery { last: family.last(), torn: family.torn().cloned() };
        Ok((Feed { family, raw: Vec::new() }, recovery))
    }

    /// Cuts off what a crash left, and makes durable what was read.
    pub fn mend(&mut self) -> Result<(), StoreError> {
        self.family.mend()
    }

    /// Makes what says that all is on disk durable, too.
    pub fn close(&mut self) -> Result<(), StoreError> {
        self.family.close()
    }

    /// Lets an entry wait for the next sync. One with very many seats is read
    /// back as several.
    pub fn append(&mut self, entry: &FeedEntry) -> Result<(), StoreError> {
        let n_parts = entry.entered.len().max(entry.left.len()).div_ceil(SEATS_MAX).max(1);
        for part in 0..n_parts {
            self.raw.clear();
            let kind = put(&mut self.raw, entry, part);
            self.family.append(entry.lsn, kind, &self.raw)?;
        }
        Ok(())
    }

    /// Makes all waiting entries durable; only then may a subscriber see them.
    pub fn sync(&mut self) -> Result<(), StoreError> {
        self.family.sync()
    }

    /// The number of the last entry, durable or waiting.
    pub fn last(&self) -> Option<Lsn> {
        self.family.last()
    }

    /// The number of the last durable entry.
    pub fn durable(&self) -> Option<Lsn> {
        self.family.durable()
    }

    /// Durable bytes of the feed.
    pub fn bytes(&self) -> u64 {
        self.family.bytes()
    }

    /// Bytes of memory held: what waits for a sync, and the room in which an entry is written.
    pub fn memory(&self) -> usize {
        self.raw.capacity() + self.family.memory()
    }

    /// The durable entries of the records from `from` on.
    pub fn read(&self, from: Lsn) -> Entries {
        Entries(self.family.read(from))
    }

    /// Reads every entry of a store whose feed is not open, and every sum.
    pub fn check(directory: &Directory) -> Result<Checked, StoreError> {
        let manifest = directory.manifest();
        let decode = |lsn, kind, raw: &[u8]| read(lsn, kind, raw).map(|_| ());
        let mut checked =
            Family::check(directory.path(), FEED, manifest.uuid, &manifest.feed, decode)?;
        if let Some((proven, by)) = proof::of_feed(directory) {
            checked.must_reach(proven, by);
        }
        Ok(checked)
    }

    /// Copies what is durable into another directory.
    pub(super) fn copy_to(&self, directory: &Path) -> Result<(), StoreError> {
        self.family.copy_to(directory)
    }
}

/// Entries of the feed in order; damage is the last item.
#[derive(Debug)]
pub struct Entries(Reader);

impl Iterator for Entries {
    type Item = Result<FeedEntry, Damage>;

    fn next(&mut self) -> Option<Result<FeedEntry, Damage>> {
        self.0.next(read)
    }
}

fn put(out: &mut Vec<u8>, entry: &FeedEntry, part: usize) -> u8 {
    put_signed(out, entry.at.millis());
    put_text(out, &entry.audience);
    put_number(out, entry.version.into());
    out.push(entry.cause as u8);
    for seats in [&entry.entered, &entry.left] {
        let seats = seats.chunks(SEATS_MAX).nth(part).unwrap_or_default();
        let (numbers, deltas): (Vec<i64>, Vec<i64>) =
            seats.iter().map(|(seat, delta)| (i64::from(*seat), *delta)).unzip();
        put_number(out, seats.len() as u64);
        codec::put_ints(out, &numbers);
        codec::put_ints(out, &deltas);
    }
    match entry.kind {
        EntryKind::Changed => 1,
        EntryKind::Dropped => 2,
    }
}

pub(super) fn read(lsn: Lsn, kind: u8, raw: &[u8]) -> Result<FeedEntry, Malformed> {
    let bytes = &mut Bytes::new(raw);
    let kind = match kind {
        1 => EntryKind::Changed,
        2 => EntryKind::Dropped,
        _ => return Err(Malformed("an entry is of an unknown kind")),
    };
    let at = codec::instant(bytes.signed()?)?;
    let audience = bytes.text()?.into();
    let version = bytes.fit()?;
    let cause = CAUSES.get(usize::from(bytes.byte()?)).copied();
    let cause = cause.ok_or(Malformed("an entry has an unknown cause"))?;
    let (entered, left) = (read_seats(bytes)?, read_seats(bytes)?);
    bytes.done()?;
    Ok(FeedEntry { lsn, at, kind, audience, version, cause, entered, left })
}

fn read_seats(bytes: &mut Bytes<'_>) -> Result<Vec<(u32, i64)>, Malformed> {
    let n: usize = bytes.fit()?;
    if n > SEATS_MAX {
        return Err(Malformed("an entry has too many seats"));
    }
    let numbers = codec::read_ints(bytes, n)?;
    let deltas = codec::read_ints(bytes, n)?;
    let seat = |number: i64| u32::try_from(number).map_err(|_| Malformed("a seat is out of range"));
    numbers.into_iter().zip(deltas).map(|(number, delta)| Ok((seat(number)?, delta))).collect()
}

#[cfg(test)]
mod tests;
