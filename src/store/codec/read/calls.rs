//! Reading what [`super::super::put::calls`] wrote.

use super::node::{Budget, Node, instant};
use crate::model::{Body, Call, EventId, Text, Timestamp};
use crate::store::codec::bytes::{Bytes, Malformed};
use crate::store::codec::tag::kind;
use crate::store::codec::{ints, texts};
use std::vec;

const SHORT: Malformed = Malformed("a column is shorter than its calls");

/// Reads calls, at most `n_max`.
pub(in crate::store::codec) fn read(
    bytes: &mut Bytes<'_>,
    at: Timestamp,
    n_max: usize,
    budget: &mut Budget,
) -> Result<Vec<Call>, Malformed> {
    let n: usize = bytes.fit()?;
    if n > n_max {
        return Err(Malformed("a record has too many calls"));
    }
    if n == 0 {
        return Ok(Vec::new());
    }
    let heads = read_heads(bytes)?;
    let (codes, counts) = read_codes(bytes, n, heads.len())?;
    let mut columns = Columns::read(bytes, n, at, budget)?;
    let mut streams = Vec::new();
    for (head, n) in heads.into_iter().zip(counts) {
        streams.push(Stream::read(bytes, head, n, at, budget)?);
    }
    codes.into_iter().map(|code| columns.call(streams[code].body()?)).collect()
}

/// The kind of a stream, and the name of its events.
type Head = (u8, Text);

fn read_heads(bytes: &mut Bytes<'_>) -> Result<Vec<Head>, Malformed> {
    let mut heads = Vec::new();
    for _ in 0..bytes.count()? {
        let kind = bytes.byte()?;
        heads.push((kind, if kind == kind::TRACK { bytes.text()? } else { "" }.into()));
    }
    Ok(heads)
}

/// The stream of each call, and how many calls each stream has.
fn read_codes(
    bytes: &mut Bytes<'_>,
    n: usize,
    n_streams: usize,
) -> Result<(Vec<usize>, Vec<usize>), Malformed> {
    let mut counts = vec![0; n_streams];
    let mut codes = Vec::new();
    for code in ints::read(bytes, n)? {
        let code = usize::try_from(code).unwrap_or(usize::MAX);
        *counts.get_mut(code).ok_or(Malformed("a call has no stream"))? += 1;
        codes.push(code);
    }
    Ok((codes, counts))
}

/// Things that a call may lack, given out in order.
struct Optional<T> {
    has: vec::IntoIter<i64>,
    given: vec::IntoIter<T>,
}

impl<T> Optional<T> {
    fn read<'a>(
        bytes: &mut Bytes<'a>,
        n: usize,
        column: impl FnOnce(&mut Bytes<'a>, usize) -> Result<Vec<T>, Malformed>,
    ) -> Result<Optional<T>, Malformed> {
        let has = ints::read(bytes, n)?;
        let n_given = has.iter().filter(|has| **has != 0).count();
        Ok(Optional { has: has.into_iter(), given: column(bytes, n_given)?.into_iter() })
    }

    fn next(&mut self) -> Result<Option<T>, Malformed> {
        match self.has.next().ok_or(SHORT)? {
            0 => Ok(None),
            _ => self.given.next().map(Some).ok_or(SHORT),
        }
    }
}

/// What every call has, whatever it says.
struct Columns {
    sources: vec::IntoIter<Text>,
    ids: Optional<EventId>,
    whens: Optional<Timestamp>,
    ords: vec::IntoIter<i64>,
    channels: Optional<Text>,
    user_ids: Optional<Text>,
    anonymous_ids: Optional<Text>,
    context: Node,
    extra: Node,
}

impl Columns {
    fn read(
        bytes: &mut Bytes<'_>,
        n: usize,
        at: Timestamp,
        budget: &mut Budget,
    ) -> Result<Columns, Malformed> {
        Ok(Columns {
            sources: texts::read(bytes, n)?.into_iter(),
            ids: Optional::read(bytes, n, read_ids)?,
            whens: Optional::read(bytes, n, |bytes, n| instants(bytes, n, at))?,
            ords: ints::read(bytes, n)?.into_iter(),
            channels: Optional::read(bytes, n, texts::read)?,
            user_ids: Optional::read(bytes, n, texts::read)?,
            anonymous_ids: Optional::read(bytes, n, texts::read)?,
            context: Node::read(bytes, n, budget, 1)?,
            extra: Node::read(bytes, n, budget, 1)?,
        })
    }

    fn call(&mut self, body: Body) -> Result<Call, Malformed> {
        Ok(Call {
            body,
            id: self.ids.next()?,
            when: self.whens.next()?,
            ord: self.ords.next().ok_or(SHORT)?,
            source: self.sources.next().ok_or(SHORT)?,
            channel: self.channels.next()?,
            user_id: self.user_ids.next()?,
            anonymous_id: self.anonymous_ids.next()?,
            context: self.context.object()?,
            extra: self.extra.object()?,
        })
    }
}

/// Calls of one kind, and events of one name.
struct Stream {
    head: Head,
    texts: vec::IntoIter<Text>,
    fields: Option<Node>,
    granted: vec::IntoIter<i64>,
    expiries: Optional<Timestamp>,
}

impl Stream {
    fn read(
        bytes: &mut Bytes<'_>,
        head: Head,
        n: usize,
        at: Timestamp,
        budget: &mut Budget,
    ) -> Result<Stream, Malformed> {
        let kind = head.0;
        let n_if = |has: bool| if has { n } else { 0 };
        let texts = texts::read(bytes, n_if(kind >= kind::GROUP))?.into_iter();
        let fields = match kind {
            ..=kind::GROUP => Some(Node::read(bytes, n, budget, 1)?),
            _ => None,
        };
        let n_consents = n_if(kind == kind::CONSENT);
        let granted = ints::read(bytes, n_consents)?.into_iter();
        let expiries = Optional::read(bytes, n_consents, |bytes, n| instants(bytes, n, at))?;
        Ok(Stream { head, texts, fields, granted, expiries })
    }

    fn body(&mut self) -> Result<Body, Malformed> {
        let text = self.texts.next().ok_or(SHORT);
        let fields = self.fields.as_mut().map_or(Err(SHORT), Node::object);
        Ok(match self.head.0 {
            kind::TRACK => Body::Track { event: self.head.1.clone(), properties: fields? },
            kind::PAGE => Body::Page { properties: fields? },
            kind::SCREEN => Body::Screen { properties: fields? },
            kind::IDENTIFY => Body::Identify { traits: fields? },
            kind::GROUP => Body::Group { group_id: text?, traits: fields? },
            kind::ALIAS => Body::Alias { previous: text? },
            kind::CONSENT => Body::Consent {
                purpose: text?,
                granted: self.granted.next().ok_or(SHORT)? != 0,
                expires: self.expiries.next()?,
            },
            _ => return Err(Malformed("a call is of an unknown kind")),
        })
    }
}

fn read_ids(bytes: &mut Bytes<'_>, n: usize) -> Result<Vec<EventId>, Malformed> {
    let length = n.checked_mul(16).ok_or(SHORT)?;
    let mut ids = Bytes::new(bytes.take(length)?);
    (0..n).map(|_| ids.bits().map(EventId)).collect()
}

/// Instants, written as their distance from `at`.
fn instants(bytes: &mut Bytes<'_>, n: usize, at: Timestamp) -> Result<Vec<Timestamp>, Malformed> {
    let from_at = |distance: i64| instant(at.millis().saturating_add(distance));
    ints::read(bytes, n)?.into_iter().map(from_at).collect()
}
