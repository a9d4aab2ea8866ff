//! A batch: an envelope with many calls.

use super::call::{Reader, check_utf8, no_instant};
use super::value::{Fault, Read, Values};
use crate::model::{Object, Timestamp};
use crate::wire::calls::{Defaults, Incoming};
use crate::wire::reject::{Reason, Reject};
use jiter::{Jiter, Peek};
use std::ops::Range;

/// The calls of a batch `{"batch":[...],"sentAt":..,"context":{..},"integrations":{..}}`.
///
/// A call that is wrong spoils no other; an envelope that is wrong spoils all.
/// Context and integrations of the envelope lie under each call's own.
///
/// ```
/// use throng::wire::{Defaults, batch_of_json};
/// let body = br#"{"context":{"ip":"192.0.2.1"},"batch":[{"type":"page","userId":"u1"},{"type":"pgae"}]}"#;
/// let calls = batch_of_json(body, &Defaults::file("web")).unwrap();
/// assert!(calls[0].is_ok());
/// assert!(calls[1].as_ref().unwrap_err().message.contains("did you mean `page`?"));
/// ```
pub fn batch_of_json(
    bytes: &[u8],
    defaults: &Defaults,
) -> Result<Vec<Result<Incoming, Reject>>, Reject> {
    check_utf8(bytes)?;
    let mut reader = Reader::default();
    let envelope = Envelope::read(bytes, defaults, &mut reader)
        .map_err(|fault| fault.reject.at_byte(bytes, fault.byte))?;
    let items = envelope.items.into_iter();
    Ok(items.map(|item| reader.call(&bytes[item], &envelope.defaults)).collect())
}

struct Envelope {
    items: Vec<Range<usize>>,
    defaults: Defaults,
}

impl Envelope {
    fn read(bytes: &[u8], defaults: &Defaults, reader: &mut Reader) -> Read<Envelope> {
        let mut json = Jiter::new(bytes);
        let mut envelope = Envelope { items: Vec::new(), defaults: defaults.clone() };
        let mut has_batch = false;
        if json.peek()? != Peek::Object {
            return Err(Fault::new(no_batch(), 0));
        }
        let mut key = json.known_object()?.map(str::to_owned);
        while let Some(name) = key {
            has_batch |= name == "batch";
            envelope.field(&name, &mut json, reader)?;
            key = json.next_key()?.map(str::to_owned);
        }
        json.finish()?;
        if has_batch { Ok(envelope) } else { Err(Fault::new(no_batch(), 0)) }
    }

    fn field(&mut self, key: &str, json: &mut Jiter<'_>, reader: &mut Reader) -> Read<()> {
        let (peek, byte) = (json.peek()?, json.current_index());
        match (key, peek) {
            ("batch", Peek::Array) => self.items = items(json)?,
            ("batch", _) => return Err(Fault::new(no_batch(), byte)),
            ("sentAt", Peek::String) => self.defaults.sent_at = Some(sent_at(json)?),
            ("context", Peek::Object) => self.defaults.context = object(json, reader)?,
            ("integrations", Peek::Object) => self.defaults.integrations = object(json, reader)?,
            _ => json.known_skip(peek)?,
        }
        Ok(())
    }
}

/// Where each item of the batch lies; it is read afterwards, when the whole envelope is known.
fn items(json: &mut Jiter<'_>) -> Read<Vec<Range<usize>>> {
    let mut items = Vec::new();
    let mut next = json.known_array()?;
    while let Some(peek) = next {
        let from = json.current_index();
        json.known_skip(peek)?;
        items.push(from..json.current_index());
        next = json.array_step()?;
    }
    Ok(items)
}

fn sent_at(json: &mut Jiter<'_>) -> Read<Timestamp> {
    let byte = json.current_index();
    let text = json.known_str()?;
    text.parse().map_err(|error| Fault::new(no_instant("sentAt", text, &error), byte))
}

fn object(json: &mut Jiter<'_>, reader: &mut Reader) -> Read<Object> {
    Values::new(&mut reader.texts, &mut reader.fields, false).object(json, 1)
}

fn no_batch() -> Reject {
    let message = "a batch is an object with a list `batch`";
    Reject::new(Reason::MissingField, message, "write {\"batch\":[CALL, CALL]}")
}
