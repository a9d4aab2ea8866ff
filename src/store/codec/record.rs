//! A record as bytes: commit time, births, then what its kind needs.

use super::bytes::{Bytes, Malformed, put_number, put_signed, put_text};
use super::draft::VALUES_MAX;
use super::{Budget, Draft, read};
use crate::model::limits::RECORD_CALLS_MAX;
use crate::model::{Input, Lsn, Record, Text, Timestamp};
use crate::store::error::StoreError;

mod kind {
    pub(super) const CALLS: u8 = 1;
    pub(super) const BULK: u8 = 2;
    pub(super) const TICK: u8 = 3;
    pub(super) const DEFINE: u8 = 4;
    pub(super) const ACTIVATE: u8 = 5;
    pub(super) const LINK: u8 = 6;
    pub(super) const UNLINK: u8 = 7;
    pub(super) const FORGET: u8 = 8;
    pub(super) const SETTINGS: u8 = 9;
    pub(super) const ZONES: u8 = 10;
    pub(super) const RECOVERED: u8 = 11;
    pub(super) const FREEZE: u8 = 12;
    pub(super) const FORGET_EVENT: u8 = 13;
}

/// Writes a record after `out` and gives its kind.
pub(in crate::store) fn encode(out: &mut Vec<u8>, record: &Record) -> Result<u8, StoreError> {
    let draft = match &record.input {
        Input::Calls(calls) | Input::Bulk(calls) => Draft::of(calls)?,
        _ => Draft::default(),
    };
    Ok(encode_drafted(out, record, &draft))
}

/// The same with the calls of the record drafted before.
pub(in crate::store) fn encode_drafted(out: &mut Vec<u8>, record: &Record, draft: &Draft) -> u8 {
    put_signed(out, record.at.millis());
    put_number(out, record.first_identifier.into());
    let text = |out: &mut Vec<u8>, kind: u8, texts: &[&Text]| {
        texts.iter().for_each(|text| put_text(out, text));
        kind
    };
    match &record.input {
        Input::Calls(_) => {
            draft.put(out, record.at);
            kind::CALLS
        }
        Input::Bulk(_) => {
            draft.put(out, record.at);
            kind::BULK
        }
        Input::Tick => kind::TICK,
        Input::Recovered => kind::RECOVERED,
        Input::Define(define) => text(out, kind::DEFINE, &[define]),
        Input::Activate(name) => text(out, kind::ACTIVATE, &[name]),
        Input::Link(a, b) => text(out, kind::LINK, &[a, b]),
        Input::Unlink(a, b) => text(out, kind::UNLINK, &[a, b]),
        Input::Settings(settings) => text(out, kind::SETTINGS, &[settings]),
        Input::Zones(version) => text(out, kind::ZONES, &[version]),
        Input::ForgetEvent(message) => text(out, kind::FORGET_EVENT, &[message]),
        Input::Freeze { list, members } => {
            put_text(out, list);
            put_members(out, members);
            kind::FREEZE
        }
        Input::Forget { personal, tenures, suppress } => {
            put_forget(out, personal, tenures, *suppress);
            kind::FORGET
        }
    }
}

fn put_forget(
    out: &mut Vec<u8>,
    personal: &[u128],
    tenures: &[(u128, Timestamp, Timestamp)],
    suppress: bool,
) {
    out.push(suppress.into());
    put_number(out, personal.len() as u64);
    personal.iter().for_each(|hash| out.extend_from_slice(&hash.to_be_bytes()));
    put_number(out, tenures.len() as u64);
    for (hash, from, to) in tenures {
        out.extend_from_slice(&hash.to_be_bytes());
        put_signed(out, from.millis());
        put_signed(out, to.millis());
    }
}

/// Members ascend: each is told by its distance from the one before.
fn put_members(out: &mut Vec<u8>, members: &[u32]) {
    put_number(out, members.len() as u64);
    let mut before = 0;
    for member in members {
        put_number(out, u64::from(member.wrapping_sub(before)));
        before = *member;
    }
}

fn read_members(bytes: &mut Bytes<'_>) -> Result<Vec<u32>, Malformed> {
    let (mut members, mut before) = (Vec::new(), 0u32);
    for _ in 0..bytes.count()? {
        let step: u32 = bytes.fit()?;
        before = before.checked_add(step).ok_or(Malformed("a member is out of range"))?;
        members.push(before);
    }
    Ok(members)
}

/// Reads a record; never panics, and makes nothing much larger than its bytes say.
pub(in crate::store) fn decode(lsn: Lsn, kind: u8, payload: &[u8]) -> Result<Record, Malformed> {
    let bytes = &mut Bytes::new(payload);
    let at = read::instant(bytes.signed()?)?;
    let first_identifier = bytes.fit()?;
    let text = |bytes: &mut Bytes<'_>| bytes.text().map(Text::from);
    let input = match kind {
        kind::CALLS => Input::Calls(read_calls(bytes, at)?),
        kind::BULK => Input::Bulk(read_calls(bytes, at)?),
        kind::TICK => Input::Tick,
        kind::DEFINE => Input::Define(text(bytes)?),
        kind::ACTIVATE => Input::Activate(text(bytes)?),
        kind::LINK => Input::Link(text(bytes)?, text(bytes)?),
        kind::UNLINK => Input::Unlink(text(bytes)?, text(bytes)?),
        kind::FORGET => read_forget(bytes)?,
        kind::SETTINGS => Input::Settings(text(bytes)?),
        kind::ZONES => Input::Zones(text(bytes)?),
        kind::RECOVERED => Input::Recovered,
        kind::FREEZE => Input::Freeze { list: text(bytes)?, members: read_members(bytes)? },
        kind::FORGET_EVENT => Input::ForgetEvent(text(bytes)?),
        _ => return Err(Malformed("a record is of an unknown kind")),
    };
    bytes.done()?;
    Ok(Record { lsn, at, first_identifier, input })
}

fn read_calls(bytes: &mut Bytes<'_>, at: Timestamp) -> Result<Vec<crate::model::Call>, Malformed> {
    // Twice as much as is written: the fields of each form of object count as well.
    read::calls::read(bytes, at, RECORD_CALLS_MAX, &mut Budget(2 * VALUES_MAX))
}

fn read_forget(bytes: &mut Bytes<'_>) -> Result<Input, Malformed> {
    let suppress = bytes.byte()? != 0;
    let n_personal = bytes.count()?;
    let personal = (0..n_personal).map(|_| bytes.bits()).collect::<Result<_, _>>()?;
    let n_tenures = bytes.count()?;
    let mut tenures = Vec::new();
    for _ in 0..n_tenures {
        let hash = bytes.bits()?;
        let from = read::instant(bytes.signed()?)?;
        tenures.push((hash, from, read::instant(bytes.signed()?)?));
    }
    Ok(Input::Forget { personal, tenures, suppress })
}
