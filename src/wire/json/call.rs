//! One call as JSON.

use super::field::Field;
use super::value::{Fault, Read, Values, number_text};
use crate::model::limits::EVENT_BYTES_MAX;
use crate::model::{Object, Text, Timestamp, TimestampError, Value, nfc};
use crate::wire::calls::{Defaults, Incoming, Verb};
use crate::wire::parts::{Parts, repeated_key};
use crate::wire::reject::{Reason, Reject};
use crate::wire::texts::Texts;
use jiter::{Jiter, Peek};

/// The call that these bytes of JSON say.
///
/// ```
/// use throng::wire::{Defaults, Incoming, calls_of_json};
/// let line = br#"{"type":"track","event":"order","userId":17850,"anonymousId":null,
///                 "timestamp":"2026-03-01T12:00:00Z","properties":{"total":12.50}}"#;
/// let Ok(Incoming::Call(call)) = calls_of_json(line, &Defaults::file("import")) else { panic!() };
/// assert_eq!(call.user_id.as_deref(), Some("17850"));
/// assert_eq!(call.anonymous_id, None);
/// ```
pub fn calls_of_json(bytes: &[u8], defaults: &Defaults) -> Result<Incoming, Reject> {
    Reader::default().call(bytes, defaults)
}

/// Reads calls one after the other; texts that come again are shared.
///
/// ```
/// use throng::wire::{Defaults, Incoming, Reader};
/// let (mut reader, file) = (Reader::default(), Defaults::file("import"));
/// let mut call = |line: &str| match reader.call(line.as_bytes(), &file) {
///     Ok(Incoming::Call(call)) => call,
///     other => panic!("{other:?}"),
/// };
/// let first = call(r#"{"type":"identify","userId":"u1","traits":{"plan":"gold"}}"#);
/// let second = call(r#"{"type":"identify","userId":"u2","traits":{"plan":"gold"}}"#);
/// assert_eq!(first.body, second.body);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Reader {
    pub(super) texts: Texts,
    pub(super) fields: Vec<(Text, Value)>,
    parts: Parts,
}

impl Reader {
    /// The call that these bytes of JSON say.
    pub fn call(&mut self, bytes: &[u8], defaults: &Defaults) -> Result<Incoming, Reject> {
        if bytes.len() > EVENT_BYTES_MAX {
            return Err(too_long());
        }
        self.read(bytes, defaults)?;
        self.parts.finish(defaults)
    }

    fn read(&mut self, bytes: &[u8], defaults: &Defaults) -> Result<(), Reject> {
        let plain = is_plain(bytes);
        if !plain {
            check_utf8(bytes)?;
        }
        let Reader { texts, fields, parts } = self;
        // A call that was given up leaves things behind.
        parts.clear();
        let values = Values::new(texts, fields, plain);
        let read = Fields { values, parts, seen: 0, defaults }.read(&mut Jiter::new(bytes));
        read.map_err(|fault| fault.reject.at_byte(bytes, fault.byte))
    }
}

/// Whether every text is ASCII and stands there as it is: then it holds no
/// NUL, which JSON can only say by an escape, and none need be looked at.
fn is_plain(bytes: &[u8]) -> bool {
    // Without a branch it is done sixteen bytes at a time.
    let odd = |odd, byte: &u8| odd | (byte >> 7) | u8::from(*byte == b'\\');
    bytes.iter().fold(0, odd) == 0
}

/// The fields of one call on their way into its parts.
struct Fields<'t> {
    values: Values<'t>,
    parts: &'t mut Parts,
    seen: u32,
    defaults: &'t Defaults,
}

impl Fields<'_> {
    fn read(&mut self, json: &mut Jiter<'_>) -> Read<()> {
        let first = json.peek()?;
        if first != Peek::Object {
            let byte = json.current_index();
            // Only what is JSON to its end is something else than an object.
            json.known_skip(first)?;
            json.finish()?;
            let message = "a call is a JSON object, this is something else";
            let reject = Reject::new(Reason::NotAnObject, message, "write one call on each line");
            return Err(Fault::new(reject, byte));
        }
        let mut at = json.current_index();
        let mut key = match json.known_object()? {
            Some(key) => Some(self.key(key, at)?),
            None => None,
        };
        while let Some(name) = key {
            match name {
                Key::Known(field) => self.known(field, json)?,
                Key::Other(name) => {
                    let peek = json.peek()?;
                    let value = self.values.value(json, peek, 0)?;
                    // Explicit nulls at the top are what some senders write for nothing.
                    if !value.is_null() {
                        self.parts.extra.push((name, value));
                    }
                }
            }
            at = json.current_index();
            key = match json.next_key()? {
                Some(key) => Some(self.key(key, at)?),
                None => None,
            };
        }
        Ok(json.finish()?)
    }

    fn key(&mut self, key: &str, byte: usize) -> Read<Key> {
        let Some(field) = Field::of(key).filter(|field| self.means(*field)) else {
            self.values.check(key).map_err(|reject| Fault::new(reject, byte))?;
            return Ok(Key::Other(self.values.texts.name(key)));
        };
        if field != Field::Ignored && self.seen & field.bit() != 0 {
            return Err(Fault::new(repeated_key(key), byte));
        }
        self.seen |= field.bit();
        Ok(Key::Known(field))
    }

    /// Only files may name their source.
    fn means(&self, field: Field) -> bool {
        field != Field::Source || self.defaults.trusts_source
    }

    fn known(&mut self, field: Field, json: &mut Jiter<'_>) -> Read<()> {
        let byte = json.current_index();
        let peek = json.peek()?;
        if peek == Peek::Null {
            return Ok(json.known_null()?);
        }
        if field == Field::Ignored {
            return Ok(json.known_skip(peek)?);
        }
        self.said(field, json, peek).map_err(|mut fault| {
            fault.byte = fault.byte.max(byte);
            fault
        })
    }

    fn said(&mut self, field: Field, json: &mut Jiter<'_>, peek: Peek) -> Read<()> {
        match field {
            Field::Type => self.parts.verb = Some(verb(json, peek)?),
            Field::MessageId => self.message_id(json, peek)?,
            Field::UserId => self.parts.user_id = self.id(field, json, peek)?,
            Field::AnonymousId => self.parts.anonymous_id = self.id(field, json, peek)?,
            Field::PreviousId => self.parts.previous_id = self.id(field, json, peek)?,
            Field::GroupId => self.parts.group_id = self.id(field, json, peek)?,
            Field::Channel => self.parts.channel = self.name(field, json, peek)?,
            Field::Source => self.parts.source = self.name(field, json, peek)?,
            Field::Event => self.parts.event = self.name(field, json, peek)?,
            Field::Name => self.parts.name = self.text(field, json, peek)?,
            Field::Category => self.parts.category = self.text(field, json, peek)?,
            Field::Purpose => self.parts.purpose = self.name(field, json, peek)?,
            Field::Granted => self.parts.granted = Some(boolean(field, json, peek)?),
            Field::Suppress => self.parts.suppress = Some(boolean(field, json, peek)?),
            Field::Timestamp => self.parts.timestamp = Some(instant(field, json, peek)?),
            Field::Original => self.parts.original = Some(instant(field, json, peek)?),
            Field::SentAt => self.parts.sent_at = Some(instant(field, json, peek)?),
            Field::Expires => self.parts.expires = Some(instant(field, json, peek)?),
            Field::Ord => self.parts.ord = ord(json, peek)?,
            Field::Properties => self.parts.properties = Some(self.object(field, json, peek)?),
            Field::Traits => self.parts.traits = Some(self.object(field, json, peek)?),
            Field::Context => self.parts.context = Some(self.object(field, json, peek)?),
            Field::Ignored => {}
        }
        Ok(())
    }

    fn message_id(&mut self, json: &mut Jiter<'_>, peek: Peek) -> Read<()> {
        let byte = json.current_index();
        let digits;
        let text = match peek.is_num() {
            true => {
                digits = number_text(json)?;
                &*digits
            }
            false => text(Field::MessageId, json, peek)?,
        };
        self.values.check(text).map_err(|reject| Fault::new(reject, byte))?;
        self.parts.message_id.push_str(&nfc(text));
        Ok(())
    }

    /// An id: text, or a number as it is written; an empty one says nothing.
    fn id(&mut self, field: Field, json: &mut Jiter<'_>, peek: Peek) -> Read<Option<Text>> {
        if !peek.is_num() {
            return self.text(field, json, peek);
        }
        let byte = json.current_index();
        let digits = number_text(json)?;
        self.values.check(&digits).map_err(|reject| Fault::new(reject, byte))?;
        Ok(Some(Text::from(&*digits)))
    }

    fn text(&mut self, field: Field, json: &mut Jiter<'_>, peek: Peek) -> Read<Option<Text>> {
        let byte = json.current_index();
        let text = text(field, json, peek)?;
        self.values.check(text).map_err(|reject| Fault::new(reject, byte))?;
        Ok((!text.is_empty()).then(|| self.values.texts.value(text)))
    }

    fn name(&mut self, field: Field, json: &mut Jiter<'_>, peek: Peek) -> Read<Option<Text>> {
        let byte = json.current_index();
        let text = text(field, json, peek)?;
        self.values.check_name(field.key(), text).map_err(|reject| Fault::new(reject, byte))?;
        Ok((!text.is_empty()).then(|| self.values.texts.name(text)))
    }

    fn object(&mut self, field: Field, json: &mut Jiter<'_>, peek: Peek) -> Read<Object> {
        match peek {
            Peek::Object => self.values.object(json, 1),
            _ => Err(wrong(field, "an object", json)),
        }
    }
}

enum Key {
    Known(Field),
    Other(Text),
}

fn text<'a>(field: Field, json: &'a mut Jiter<'_>, peek: Peek) -> Read<&'a str> {
    if peek != Peek::String {
        return Err(wrong(field, "text", json));
    }
    Ok(json.known_str()?)
}

fn boolean(field: Field, json: &mut Jiter<'_>, peek: Peek) -> Read<bool> {
    match peek {
        Peek::True | Peek::False => Ok(json.known_bool(peek)?),
        _ => Err(wrong(field, "true or false", json)),
    }
}

fn instant(field: Field, json: &mut Jiter<'_>, peek: Peek) -> Read<Timestamp> {
    let byte = json.current_index();
    let text = text(field, json, peek)?;
    text.parse().map_err(|error| Fault::new(no_instant(field.key(), text, &error), byte))
}

/// What is wrong with a text that should be an instant.
pub(super) fn no_instant(key: &str, text: &str, error: &TimestampError) -> Reject {
    let text: String = text.chars().take(40).collect();
    let reason = match error {
        TimestampError::OutOfRange => Reason::TimeOutOfRange,
        _ => Reason::InvalidTime,
    };
    let remedy = "write it as RFC 3339 says, with a zone: 2026-03-01T12:00:00Z";
    Reject::new(reason, format!("`{key}` is `{text}`: {error}"), remedy)
}

fn verb(json: &mut Jiter<'_>, peek: Peek) -> Read<Verb> {
    let byte = json.current_index();
    let text = text(Field::Type, json, peek)?;
    Verb::named(text).map_err(|unknown| {
        let remedy = "use track, identify, page, screen, group, alias, consent or forget";
        Fault::new(Reject::new(Reason::UnknownType, unknown.to_string(), remedy), byte)
    })
}

fn ord(json: &mut Jiter<'_>, peek: Peek) -> Read<i64> {
    let byte = json.current_index();
    if !peek.is_num() {
        return Err(wrong(Field::Ord, "a whole number", json));
    }
    number_text(json)?
        .parse()
        .map_err(|_| Fault::new(wrong_type(Field::Ord, "a whole number"), byte))
}

fn wrong(field: Field, wanted: &str, json: &Jiter<'_>) -> Box<Fault> {
    Fault::new(wrong_type(field, wanted), json.current_index())
}

fn wrong_type(field: Field, wanted: &str) -> Reject {
    let key = field.key();
    let remedy = match field.is_needed() {
        true => format!("send {wanted}"),
        false => format!("send {wanted}, or leave `{key}` out"),
    };
    Reject::new(Reason::WrongType, format!("`{key}` must be {wanted}"), remedy)
}

pub(crate) fn check_utf8(bytes: &[u8]) -> Result<(), Reject> {
    std::str::from_utf8(bytes).map(drop).map_err(|error| {
        let byte = bytes[error.valid_up_to()];
        let message = format!("the byte 0x{byte:02X} is not valid UTF-8");
        Reject::new(Reason::InvalidUtf8, message, "write the file in UTF-8")
            .at_byte(bytes, error.valid_up_to())
    })
}

pub(crate) fn too_long() -> Reject {
    let message = format!("the call has more than {EVENT_BYTES_MAX} bytes");
    Reject::new(Reason::CallTooLong, message, "send less with it, or several calls")
}
