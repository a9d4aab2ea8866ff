//! Calls of the sample shop.

use crate::model::{Body, Call, EventId, Object, Text, Timestamp, Value};

/// Under which names a customer is seen.
pub(super) enum Who {
    /// Logged in.
    User(Text),
    /// By the device alone.
    Device(Text),
    /// Logged in on a device.
    Both(Text, Text),
}

/// A call of the shop; what a source says at one instant under one name is one message.
pub(super) fn call(who: &Who, source: &str, at: Timestamp, body: Body) -> Call {
    let kind = body.event_name().unwrap_or_else(|| body.kind().name());
    let (user, device) = match who {
        Who::User(user) => (Some(user), None),
        Who::Device(device) => (None, Some(device)),
        Who::Both(user, device) => (Some(user), Some(device)),
    };
    let name = user.or(device).map_or("", |name| &**name);
    let id = EventId::of_message(source, &format!("{name}/{}/{kind}", at.millis()));
    let mut call = Call::new(source, body);
    (call.user_id, call.anonymous_id) = (user.cloned(), device.cloned());
    (call.id, call.when) = (Some(id), Some(at));
    call
}

/// Something that happened.
pub(super) fn track(
    who: &Who,
    source: &str,
    at: Timestamp,
    event: &str,
    properties: Vec<(&str, Value)>,
) -> Call {
    call(who, source, at, Body::Track { event: event.into(), properties: object(properties) })
}

/// What is known of a customer.
pub(super) fn identify(who: &Who, source: &str, at: Timestamp, traits: Object) -> Call {
    call(who, source, at, Body::Identify { traits })
}

/// An object of these fields; each key is written once below.
pub(super) fn object(fields: Vec<(&str, Value)>) -> Object {
    let mut object = Object::default();
    for (key, value) in fields {
        object.insert(key.into(), value);
    }
    object
}
