//! A call by itself, as it comes from whoever waits for it: the bytes are those of columns
//! of one call each, and are written while it is walked through.

use super::node::{Node, Room};
use crate::model::{Body, Call, Object, Value};
use crate::store::codec::bytes::{put_number, put_text};
use crate::store::codec::draft::Draft;
use crate::store::codec::tag::{self, DEPTH_MAX, kind};
use crate::store::codec::{ints, numbers, texts};

/// A call as bytes; none when it holds more values than a record may, or deeper ones.
pub(in crate::store::codec) fn draft(call: &Call, values_max: usize) -> Option<Draft> {
    let mut room = Room { values: values_max, depth: DEPTH_MAX };
    let mut draft = Draft::default();
    let out = &mut draft.bytes;
    put_number(out, 1);
    put_stream(out, &call.body);
    texts::put_one(out, &call.source);
    put_flag(out, call.id.is_some());
    call.id.iter().for_each(|id| out.extend_from_slice(&id.0.to_be_bytes()));
    put_flag(out, call.when.is_some());
    draft.times(call.when.into_iter().collect());
    let out = &mut draft.bytes;
    ints::put(out, &[call.ord]);
    for text in [&call.channel, &call.user_id, &call.anonymous_id] {
        put_flag(out, text.is_some());
        text.iter().for_each(|text| texts::put_one(out, text));
    }
    put_object(out, &call.context, &mut room)?;
    put_object(out, &call.extra, &mut room)?;
    put_body(&mut draft, &call.body, &mut room)?;
    Some(draft)
}

/// The one stream that there is, and that the call is of it.
fn put_stream(out: &mut Vec<u8>, body: &Body) {
    put_number(out, 1);
    let (kind, name) = super::calls::stream_of(body);
    out.push(kind);
    if kind == kind::TRACK {
        put_text(out, name);
    }
    ints::put(out, &[0]);
}

fn put_body(draft: &mut Draft, body: &Body, room: &mut Room) -> Option<()> {
    let out = &mut draft.bytes;
    match body {
        Body::Track { properties: fields, .. }
        | Body::Page { properties: fields }
        | Body::Screen { properties: fields }
        | Body::Identify { traits: fields } => put_object(out, fields, room)?,
        Body::Group { group_id, traits } => {
            texts::put_one(out, group_id);
            put_object(out, traits, room)?;
        }
        Body::Alias { previous } => texts::put_one(out, previous),
        Body::Consent { purpose, granted, expires } => {
            texts::put_one(out, purpose);
            put_flag(out, *granted);
            put_flag(out, expires.is_some());
            draft.times(expires.iter().copied().collect());
        }
    }
    Some(())
}

fn put_flag(out: &mut Vec<u8>, is_so: bool) {
    ints::put(out, &[is_so.into()]);
}

/// The one form of an object with its keys, which are all there and in order, and its fields.
fn put_object(out: &mut Vec<u8>, object: &Object, room: &mut Room) -> Option<()> {
    room.enter()?;
    out.push(tag::OBJECT);
    put_number(out, object.len() as u64);
    object.iter().for_each(|(key, _)| put_text(out, key));
    put_number(out, (object.len() as u64) << 1 | 1);
    object.iter().try_for_each(|(_, value)| put_value(out, value, room))?;
    room.leave();
    Some(())
}

fn put_value(out: &mut Vec<u8>, value: &Value, room: &mut Room) -> Option<()> {
    match value {
        Value::Null => out.push(tag::NULL),
        Value::Bool(false) => out.push(tag::FALSE),
        Value::Bool(true) => out.push(tag::TRUE),
        Value::Number(number) => {
            out.push(tag::NUMBER);
            numbers::put_one(out, *number);
        }
        Value::Digits(text) => put_words(out, tag::DIGITS, text),
        Value::Text(text) => put_words(out, tag::TEXT, text),
        Value::Instant(at) => put_int(out, tag::INSTANT, at.millis()),
        Value::Date(day) => put_int(out, tag::DATE, day.days().into()),
        Value::Duration(ms) => put_int(out, tag::DURATION, *ms),
        Value::List(values) => return put_list(out, values, room),
        Value::Object(object) => return put_object(out, object, room),
    }
    room.values = room.values.checked_sub(1)?;
    Some(())
}

fn put_words(out: &mut Vec<u8>, tag: u8, text: &str) {
    out.push(tag);
    texts::put_one(out, text);
}

fn put_int(out: &mut Vec<u8>, tag: u8, number: i64) {
    out.push(tag);
    ints::put(out, &[number]);
}

/// The elements of a list are many again.
fn put_list(out: &mut Vec<u8>, values: &[Value], room: &mut Room) -> Option<()> {
    put_int(out, tag::LIST, values.len() as i64);
    room.enter()?;
    let mut elements = Node::default();
    values.iter().try_for_each(|value| elements.push(value, room))?;
    if !values.is_empty() {
        elements.put(out);
    }
    room.leave();
    Some(())
}
