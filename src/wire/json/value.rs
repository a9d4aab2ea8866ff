//! Values of any depth, held to the limits while they are read.

use super::number::number;
use crate::model::limits::{LEAVES_PER_EVENT_MAX, NAME_BYTES_MAX, NESTING_MAX, TEXT_BYTES_MAX};
use crate::model::{Object, Text, Value};
use crate::wire::parts::{repeated_key, too_many_leaves};
use crate::wire::reject::{Reason, Reject};
use crate::wire::texts::{Texts, check_name, check_text};
use jiter::{Jiter, JiterError, JiterErrorType, JsonErrorType, Peek};

/// A reject and the byte where it was seen.
pub(super) struct Fault {
    pub reject: Reject,
    pub byte: usize,
}

impl Fault {
    pub(super) fn new(reject: Reject, byte: usize) -> Box<Fault> {
        Box::new(Fault { reject, byte })
    }
}

impl From<JiterError> for Box<Fault> {
    fn from(error: JiterError) -> Box<Fault> {
        let reject = match &error.error_type {
            JiterErrorType::JsonError(JsonErrorType::RecursionLimitExceeded) => too_deep(),
            JiterErrorType::JsonError(
                kind @ (JsonErrorType::EofWhileParsingList
                | JsonErrorType::EofWhileParsingObject
                | JsonErrorType::EofWhileParsingString
                | JsonErrorType::EofWhileParsingValue),
            ) => Reject::new(
                Reason::BrokenJson,
                format!("the JSON ends too early: {kind}"),
                "write one whole call on one line; the file may be cut short",
            ),
            JiterErrorType::JsonError(JsonErrorType::NumberOutOfRange) => Reject::new(
                Reason::TextTooLong,
                "a number has more than 4300 digits",
                "send it as text",
            ),
            kind => Reject::new(
                Reason::BrokenJson,
                format!("the JSON is broken: {kind}"),
                "write one whole call as JSON on one line",
            ),
        };
        Fault::new(reject, error.index)
    }
}

pub(super) type Read<T> = Result<T, Box<Fault>>;

/// Reads the values of one call.
pub(super) struct Values<'t> {
    pub texts: &'t mut Texts,
    pub n_leaves: usize,
    /// Fields of the objects that are open, the inner ones last.
    pub fields: &'t mut Vec<(Text, Value)>,
    /// Whether no text can hold what it must not.
    plain: bool,
}

impl<'t> Values<'t> {
    /// Of a call that is about to be read.
    pub(super) fn new(
        texts: &'t mut Texts,
        fields: &'t mut Vec<(Text, Value)>,
        plain: bool,
    ) -> Values<'t> {
        // A call that was given up leaves its fields behind.
        fields.clear();
        Values { texts, n_leaves: 0, fields, plain }
    }

    /// Whether a text of the call may stand.
    pub(super) fn check(&self, text: &str) -> Result<(), Reject> {
        if self.plain && text.len() <= TEXT_BYTES_MAX { Ok(()) } else { check_text(text) }
    }

    /// Whether a name of the call may stand.
    pub(super) fn check_name(&self, what: &str, text: &str) -> Result<(), Reject> {
        if self.plain && text.len() <= NAME_BYTES_MAX { Ok(()) } else { check_name(what, text) }
    }

    /// The value that begins there, `depth` objects and lists deep.
    pub(super) fn value(&mut self, json: &mut Jiter<'_>, peek: Peek, depth: usize) -> Read<Value> {
        let byte = json.current_index();
        if !matches!(peek, Peek::Object | Peek::Array) {
            self.leaf(byte)?;
        }
        Ok(match peek {
            Peek::Null => {
                json.known_null()?;
                Value::Null
            }
            Peek::True | Peek::False => Value::Bool(json.known_bool(peek)?),
            Peek::String => {
                let text = json.known_str()?;
                self.check(text).map_err(|reject| Fault::new(reject, byte))?;
                Value::Text(self.texts.value(text))
            }
            Peek::Array => Value::List(self.list(json, depth + 1)?),
            Peek::Object => Value::Object(self.object(json, depth + 1)?),
            _ => number_at(json, byte)?,
        })
    }

    /// The object that begins there, itself `depth` deep.
    pub(super) fn object(&mut self, json: &mut Jiter<'_>, depth: usize) -> Read<Object> {
        let byte = json.current_index();
        check_depth(depth, byte)?;
        let first = self.fields.len();
        let mut key = match json.next_object()? {
            Some(key) => Some(self.key(key, byte)?),
            None => {
                self.leaf(byte)?;
                None
            }
        };
        while let Some(name) = key {
            let peek = json.peek()?;
            let value = self.value(json, peek, depth)?;
            self.fields.push((name, value));
            let at = json.current_index();
            key = json.next_key()?.map(|key| self.key(key, at)).transpose()?;
        }
        // One list for all objects that are open, so that each is allocated once.
        let fields = self.fields.drain(first..).collect();
        Object::new(fields).map_err(|repeated| Fault::new(repeated_key(&repeated.0), byte))
    }

    fn list(&mut self, json: &mut Jiter<'_>, depth: usize) -> Read<Vec<Value>> {
        let byte = json.current_index();
        check_depth(depth, byte)?;
        let mut items = Vec::new();
        let mut next = json.known_array()?;
        if next.is_none() {
            self.leaf(byte)?;
        }
        while let Some(peek) = next {
            items.push(self.value(json, peek, depth)?);
            next = json.array_step()?;
        }
        Ok(items)
    }

    fn key(&mut self, key: &str, byte: usize) -> Read<Text> {
        self.check(key).map_err(|reject| Fault::new(reject, byte))?;
        Ok(self.texts.name(key))
    }

    /// An empty object or list counts as a leaf: it takes room as one.
    fn leaf(&mut self, byte: usize) -> Read<()> {
        self.n_leaves += 1;
        if self.n_leaves <= LEAVES_PER_EVENT_MAX {
            return Ok(());
        }
        Err(Fault::new(too_many_leaves(), byte))
    }
}

/// The number that begins there.
fn number_at(json: &mut Jiter<'_>, byte: usize) -> Read<Value> {
    let digits = number_text(json)?;
    number(&digits).ok_or_else(|| {
        let message = format!("`{digits}` is no number");
        Fault::new(Reject::new(Reason::BrokenJson, message, "write it like -12.5"), byte)
    })
}

/// A number as it is written.
pub(super) fn number_text<'a>(json: &'a mut Jiter<'_>) -> Read<std::borrow::Cow<'a, str>> {
    Ok(String::from_utf8_lossy(json.next_number_bytes()?))
}

fn check_depth(depth: usize, byte: usize) -> Read<()> {
    if depth > NESTING_MAX { Err(Fault::new(too_deep(), byte)) } else { Ok(()) }
}

fn too_deep() -> Reject {
    let message = format!("objects and lists lie more than {NESTING_MAX} deep in one another");
    Reject::new(Reason::TooDeep, message, "flatten them")
}
