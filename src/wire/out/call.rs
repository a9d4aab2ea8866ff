//! Calls as JSON that reads back to the same calls.

use super::json::{push, push_key, push_object, push_text, push_value};
use crate::model::{Body, Call, Object, Timestamp};
use crate::wire::calls::Forget;

/// A call as one line of JSON; a file of such lines imports to the same calls.
///
/// ```
/// use throng::wire::{Defaults, Incoming, calls_of_json, json_of_call};
/// let file = Defaults::file("import");
/// let line = br#"{"type":"consent","userId":"u1","purpose":"email","granted":true}"#;
/// let Ok(Incoming::Call(call)) = calls_of_json(line, &file) else { panic!() };
/// let again = calls_of_json(json_of_call(&call).as_bytes(), &file);
/// assert_eq!(again, Ok(Incoming::Call(call)));
/// ```
pub fn json_of_call(call: &Call) -> String {
    let mut out = String::with_capacity(256);
    out.push('{');
    text(&mut out, "type", Some(call.body.kind().name()));
    push_body(&mut out, &call.body);
    push_envelope(&mut out, call);
    out.push('}');
    out
}

/// A `forget` call as one line of JSON.
///
/// ```
/// use throng::wire::{Defaults, Incoming, calls_of_json, json_of_forget};
/// let file = Defaults::file("import");
/// let line = br#"{"type":"forget","suppress":true,"userId":"u1"}"#;
/// let Ok(Incoming::Forget(forget)) = calls_of_json(line, &file) else { panic!() };
/// let again = calls_of_json(json_of_forget(&forget).as_bytes(), &file);
/// assert_eq!(again, Ok(Incoming::Forget(forget)));
/// ```
pub fn json_of_forget(forget: &Forget) -> String {
    let mut out = String::from("{");
    text(&mut out, "type", Some("forget"));
    if forget.suppress {
        push_key(&mut out, "suppress");
        out.push_str("true");
    }
    push_body(&mut out, &forget.names.body);
    push_envelope(&mut out, &forget.names);
    out.push('}');
    out
}

fn push_body(out: &mut String, body: &Body) {
    match body {
        Body::Track { event, properties } => {
            text(out, "event", Some(event));
            object(out, "properties", properties);
        }
        Body::Page { properties } | Body::Screen { properties } => {
            object(out, "properties", properties);
        }
        Body::Identify { traits } => object(out, "traits", traits),
        Body::Group { group_id, traits } => {
            text(out, "groupId", Some(group_id));
            object(out, "traits", traits);
        }
        Body::Alias { previous } => text(out, "previousId", Some(previous)),
        Body::Consent { purpose, granted, expires } => {
            text(out, "purpose", Some(purpose));
            push_key(out, "granted");
            out.push_str(if *granted { "true" } else { "false" });
            instant(out, "expiresAt", *expires);
        }
    }
}

fn push_envelope(out: &mut String, call: &Call) {
    if let Some(id) = call.id {
        push_key(out, "messageId");
        push_uuid(out, id.0);
    }
    instant(out, "timestamp", call.when);
    if call.ord != 0 {
        push_key(out, "ord");
        push(out, format_args!("{}", call.ord));
    }
    text(out, "source", Some(&call.source));
    text(out, "channel", call.channel.as_deref());
    text(out, "userId", call.user_id.as_deref());
    text(out, "anonymousId", call.anonymous_id.as_deref());
    object(out, "context", &call.context);
    for (key, value) in call.extra.iter() {
        push_key(out, key);
        push_value(out, value);
    }
}

/// An id in the one form that is read back as the same number whatever the source.
fn push_uuid(out: &mut String, id: u128) {
    let digits = format!("{id:032x}");
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    push(out, format_args!("\"{}\"", parts.join("-")));
}

fn text(out: &mut String, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        push_key(out, key);
        push_text(out, text);
    }
}

fn instant(out: &mut String, key: &str, at: Option<Timestamp>) {
    if let Some(at) = at {
        push_key(out, key);
        push(out, format_args!("\"{at}\""));
    }
}

fn object(out: &mut String, key: &str, object: &Object) {
    if !object.is_empty() {
        push_key(out, key);
        push_object(out, object);
    }
}
