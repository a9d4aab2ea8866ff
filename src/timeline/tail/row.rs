//! One row of the tail as bytes: the kind of the call, its texts by code, then
//! each leaf of its properties and its context by the code of its path.

use super::names::{Names, Parent};
use crate::model::{Body, CallKind, Event, Object, Stream, Text, Timestamp, Value};
use crate::timeline::bytes::{Reader, put_signed, put_value, put_varint, skip_value};
use crate::timeline::column::{Cell, ColumnKey};
use crate::timeline::event::{Parts, objects_of};

/// Writes what the columns of the block do not hold.
pub fn put_row(out: &mut Vec<u8>, names: &mut Names, event: &Event) {
    out.push(event.body.kind() as u8);
    put_varint(out, names.text_code(&event.source).into());
    let channel = event.channel.as_ref().map_or(0, |channel| names.text_code(channel) + 1);
    put_varint(out, channel.into());
    let fields = match &event.body {
        Body::Track { properties, .. }
        | Body::Page { properties }
        | Body::Screen { properties } => properties,
        Body::Identify { traits } => traits,
        Body::Group { group_id, traits } => {
            put_varint(out, names.text_code(group_id).into());
            traits
        }
        Body::Alias { previous } => {
            put_varint(out, names.text_code(previous).into());
            &Object::default()
        }
        Body::Consent { purpose, granted, expires } => {
            put_varint(out, names.text_code(purpose).into());
            out.push(u8::from(*granted) | u8::from(expires.is_some()) << 1);
            put_signed(out, expires.map_or(0, Timestamp::millis));
            &Object::default()
        }
    };
    put_leaves(out, names, Parent::Properties, fields);
    put_leaves(out, names, Parent::Context, &event.context);
}

/// An object that has fields is its leaves; all else is one.
fn put_leaves(out: &mut Vec<u8>, names: &mut Names, parent: Parent, object: &Object) {
    for (key, value) in object.iter() {
        let code = names.key_code(parent, key);
        match value {
            Value::Object(inner) if !inner.is_empty() => {
                put_leaves(out, names, Parent::Key(code), inner);
            }
            leaf => {
                put_varint(out, code.into());
                put_value(out, leaf);
            }
        }
    }
}

const KINDS: [CallKind; 7] = [
    CallKind::Track,
    CallKind::Page,
    CallKind::Screen,
    CallKind::Identify,
    CallKind::Group,
    CallKind::Alias,
    CallKind::Consent,
];

/// What the bytes say before the leaves.
struct Front<'a> {
    kind: CallKind,
    source: &'a Text,
    channel: Option<&'a Text>,
    /// The group, the previous id or the purpose.
    text: Option<&'a Text>,
    granted: bool,
    expires: Option<Timestamp>,
}

impl<'a> Front<'a> {
    fn read(reader: &mut Reader<'_>, names: &'a Names) -> Option<Front<'a>> {
        let kind = *KINDS.get(usize::from(reader.byte()?))?;
        let source = names.text(reader.varint()?)?;
        let channel = match reader.varint()? {
            0 => None,
            code => Some(names.text(code - 1)?),
        };
        let mut front = Front { kind, source, channel, text: None, granted: false, expires: None };
        if matches!(kind, CallKind::Group | CallKind::Alias | CallKind::Consent) {
            front.text = Some(names.text(reader.varint()?)?);
        }
        if kind == CallKind::Consent {
            let flags = reader.byte()?;
            let expires = Timestamp::from_millis(reader.signed()?);
            front.granted = flags & 1 == 1;
            front.expires = expires.filter(|_| flags & 2 == 2);
        }
        Some(front)
    }
}

/// Which column a cell of a row belongs to.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// One that is no path.
    Plain(ColumnKey),
    /// The path with this code in the block.
    Leaf(u32),
}

/// Hands over each cell that the row has; of the leaves those with a wanted code.
pub fn leaves_of<'a>(
    bytes: &'a [u8],
    names: &'a Names,
    stream: &'a Stream,
    is_wanted: impl Fn(u32) -> bool,
    mut visit: impl FnMut(Part, Cell<'a>),
) -> Option<()> {
    let mut reader = Reader::new(bytes);
    let front = Front::read(&mut reader, names)?;
    let mut plain = |key: ColumnKey, cell: Cell<'a>| visit(Part::Plain(key), cell);
    plain(ColumnKey::Kind, Cell::Text(front.kind.name()));
    plain(ColumnKey::Source, Cell::Text(front.source));
    if let Some(channel) = front.channel {
        plain(ColumnKey::Channel, Cell::Text(channel));
    }
    if let (CallKind::Track, Stream::Events(name)) = (front.kind, stream) {
        plain(ColumnKey::Name, Cell::Text(name));
    }
    let key = match front.kind {
        CallKind::Group => Some(ColumnKey::GroupId),
        CallKind::Alias => Some(ColumnKey::Previous),
        CallKind::Consent => Some(ColumnKey::Purpose),
        _ => None,
    };
    if let (Some(key), Some(text)) = (key, front.text) {
        plain(key, Cell::Text(text));
    }
    if front.kind == CallKind::Consent {
        plain(ColumnKey::Granted, Cell::Bool(front.granted));
        front.expires.into_iter().for_each(|at| plain(ColumnKey::Expires, Cell::Instant(at)));
    }
    while !reader.is_empty() {
        let code = u32::try_from(reader.varint()?).ok()?;
        match is_wanted(code) {
            true => visit(Part::Leaf(code), Cell::read(&mut reader)?),
            false => skip_value(&mut reader)?,
        }
    }
    Some(())
}

/// The parts of the event that the bytes hold.
pub fn event_of(bytes: &[u8], names: &Names, stream: &Stream) -> Option<Parts> {
    let mut reader = Reader::new(bytes);
    let front = Front::read(&mut reader, names)?;
    let mut leaves = Vec::with_capacity(8);
    while !reader.is_empty() {
        let key = names.keys().get(usize::try_from(reader.varint()?).ok()?)?;
        leaves.push((key, crate::timeline::bytes::read_value(&mut reader)?));
    }
    let (fields, context) = objects_of(leaves)?;
    Some(Parts {
        kind: front.kind,
        name: match stream {
            Stream::Events(name) => Some(name.clone()),
            _ => None,
        },
        source: front.source.clone(),
        channel: front.channel.cloned(),
        text: front.text.cloned(),
        granted: front.granted,
        expires: front.expires,
        fields,
        context,
    })
}
