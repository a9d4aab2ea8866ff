//! Calls as columns: what all calls of a record say of one thing stands together.

use super::node::{Node, Room};
use crate::model::{Body, Call, Timestamp};
use crate::store::codec::bytes::{put_number, put_text};
use crate::store::codec::draft::Draft;
use crate::store::codec::ints;
use crate::store::codec::seen::Seen;
use crate::store::codec::tag::{DEPTH_MAX, kind};
use crate::store::codec::texts::Texts;
use std::ptr;

/// Streams that are looked through before any is looked up.
const STREAMS_SEEN: usize = 16;

/// Things that a call may lack: who has one, and what those have.
#[derive(Default)]
struct Present(Vec<i64>);

/// Calls on their way out.
#[derive(Default)]
struct Columns<'a> {
    streams: Vec<Stream<'a>>,
    seen: Seen<(u8, &'a str)>,
    codes: Vec<i64>,
    sources: Texts<'a>,
    has_id: Present,
    ids: Vec<u128>,
    has_when: Present,
    whens: Vec<Timestamp>,
    ords: Vec<i64>,
    has_text: [Present; 3],
    texts: [Texts<'a>; 3],
    context: Node<'a>,
    extra: Node<'a>,
}

/// Calls of one kind, and events of one name: their fields are alike.
struct Stream<'a> {
    kind: u8,
    name: &'a str,
    texts: Texts<'a>,
    fields: Node<'a>,
    granted: Vec<i64>,
    has_expiry: Present,
    expiries: Vec<Timestamp>,
}

/// Calls as bytes; none when they hold more values than a record may.
pub(in crate::store::codec) fn draft(calls: &[Call], values_max: usize) -> Option<Draft> {
    let mut columns = Columns::default();
    let mut room = Room { values: values_max, depth: DEPTH_MAX };
    calls.iter().try_for_each(|call| columns.push(call, &mut room))?;
    let mut out = Draft::default();
    put_number(&mut out.bytes, calls.len() as u64);
    if !calls.is_empty() {
        columns.put(&mut out);
    }
    Some(out)
}

/// The kind of a call, and of an event its name.
pub(super) fn stream_of(body: &Body) -> (u8, &str) {
    match body {
        Body::Track { event, .. } => (kind::TRACK, event),
        Body::Page { .. } => (kind::PAGE, ""),
        Body::Screen { .. } => (kind::SCREEN, ""),
        Body::Identify { .. } => (kind::IDENTIFY, ""),
        Body::Group { .. } => (kind::GROUP, ""),
        Body::Alias { .. } => (kind::ALIAS, ""),
        Body::Consent { .. } => (kind::CONSENT, ""),
    }
}

impl<'a> Columns<'a> {
    fn push(&mut self, call: &'a Call, room: &mut Room) -> Option<()> {
        self.sources.push(&call.source);
        self.has_id.push(call.id.is_some());
        self.ids.extend(call.id.map(|id| id.0));
        self.has_when.push(call.when.is_some());
        self.whens.extend(call.when);
        self.ords.push(call.ord);
        let texts = [&call.channel, &call.user_id, &call.anonymous_id];
        for (place, text) in texts.into_iter().enumerate() {
            self.has_text[place].push(text.is_some());
            text.iter().for_each(|text| self.texts[place].push(text));
        }
        self.context.push_object(&call.context, room)?;
        self.extra.push_object(&call.extra, room)?;
        self.push_body(&call.body, room)
    }

    fn push_body(&mut self, body: &'a Body, room: &mut Room) -> Option<()> {
        let (kind, name) = stream_of(body);
        let code = self.stream(kind, name);
        self.codes.push(code as i64);
        self.streams[code].push(body, room)
    }

    /// The number of a stream; the first ones are looked through, which is
    /// faster than a hash where names lie in one place.
    fn stream(&mut self, kind: u8, name: &'a str) -> usize {
        let mut first = self.streams.iter().take(STREAMS_SEEN);
        let is_it = |stream: &Stream<'_>| stream.kind == kind && ptr::eq(stream.name, name);
        if let Some(known) = first.position(is_it) {
            return known;
        }
        let (code, is_new) = self.seen.place((kind, name));
        if is_new {
            self.streams.push(Stream::new(kind, name));
        }
        code
    }

    fn put(self, draft: &mut Draft) {
        let out = &mut draft.bytes;
        put_number(out, self.streams.len() as u64);
        for stream in &self.streams {
            out.push(stream.kind);
            if stream.kind == kind::TRACK {
                put_text(out, stream.name);
            }
        }
        ints::put(out, &self.codes);
        self.sources.put(out);
        self.has_id.put(out);
        self.ids.iter().for_each(|id| out.extend_from_slice(&id.to_be_bytes()));
        self.has_when.put(out);
        draft.times(self.whens);
        let out = &mut draft.bytes;
        ints::put(out, &self.ords);
        for (has, texts) in self.has_text.iter().zip(&self.texts) {
            has.put(out);
            texts.put(out);
        }
        self.context.put(out);
        self.extra.put(out);
        self.streams.into_iter().for_each(|stream| stream.put(draft));
    }
}

impl<'a> Stream<'a> {
    fn new(kind: u8, name: &'a str) -> Stream<'a> {
        Stream {
            kind,
            name,
            texts: Texts::default(),
            fields: Node::default(),
            granted: Vec::new(),
            has_expiry: Present::default(),
            expiries: Vec::new(),
        }
    }

    fn push(&mut self, body: &'a Body, room: &mut Room) -> Option<()> {
        match body {
            Body::Track { properties: fields, .. }
            | Body::Page { properties: fields }
            | Body::Screen { properties: fields }
            | Body::Identify { traits: fields } => return self.fields.push_object(fields, room),
            Body::Group { group_id, traits } => {
                self.texts.push(group_id);
                return self.fields.push_object(traits, room);
            }
            Body::Alias { previous } => self.texts.push(previous),
            Body::Consent { purpose, granted, expires } => {
                self.texts.push(purpose);
                self.granted.push((*granted).into());
                self.has_expiry.push(expires.is_some());
                self.expiries.extend(*expires);
            }
        }
        Some(())
    }

    fn put(self, draft: &mut Draft) {
        let out = &mut draft.bytes;
        if self.kind >= kind::GROUP {
            self.texts.put(out);
        }
        if self.kind <= kind::GROUP {
            self.fields.put(out);
        }
        if self.kind == kind::CONSENT {
            ints::put(out, &self.granted);
            self.has_expiry.put(out);
            draft.times(self.expiries);
        }
    }
}

impl Present {
    fn push(&mut self, present: bool) {
        self.0.push(present.into());
    }

    fn put(&self, out: &mut Vec<u8>) {
        ints::put(out, &self.0);
    }
}
