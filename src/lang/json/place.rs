//! Places in JSON, and what is wrong at one.

use crate::lang::nearest;
use serde_json::Value;
use std::fmt;

/// Levels of JSON that are read.
const DEPTH_MAX: usize = 256;

/// What has a JSON form.
pub(super) trait Json: Sized {
    /// The form, `depth` conditions and values deep; none, if it has none of its own.
    fn json(&self, depth: usize) -> Option<Value>;

    /// Reads the form.
    fn read(form: &Value, at: &Spot<'_>) -> Result<Self, JsonError>;

    /// Whether it says anything where it is a field; else it is left out.
    fn says(&self) -> bool {
        true
    }

    /// What it is where a field is left out, if it may be.
    fn missing() -> Option<Self> {
        None
    }
}

/// Why JSON is no form of a statement, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// The JSON pointer of the place.
    pub pointer: String,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.pointer {
            "" => write!(f, "at the top: {}", self.message),
            pointer => write!(f, "at `{pointer}`: {}", self.message),
        }
    }
}

impl std::error::Error for JsonError {}

enum Step<'a> {
    Top,
    Key(&'a str),
    Index(usize),
}

/// A place in JSON: a step, and where it was taken.
pub(super) struct Spot<'a> {
    before: Option<&'a Spot<'a>>,
    step: Step<'a>,
    depth: usize,
}

impl<'a> Spot<'a> {
    pub fn top() -> Spot<'static> {
        Spot { before: None, step: Step::Top, depth: 0 }
    }

    pub fn key(&'a self, key: &'a str) -> Spot<'a> {
        Spot { before: Some(self), step: Step::Key(key), depth: self.depth + 1 }
    }

    pub fn index(&'a self, index: usize) -> Spot<'a> {
        Spot { before: Some(self), step: Step::Index(index), depth: self.depth + 1 }
    }

    pub fn wrong(&self, message: impl Into<String>) -> JsonError {
        JsonError { pointer: self.pointer(), message: message.into() }
    }

    /// That something else is needed here.
    pub fn needs<T>(&self, what: &str, found: &Value) -> Result<T, JsonError> {
        let found = match found {
            Value::Null => "null".to_owned(),
            Value::Array(_) => "a list".to_owned(),
            Value::Object(_) => "an object".to_owned(),
            other => other.to_string(),
        };
        Err(self.wrong(format!("{what} is needed here, not {found}")))
    }

    /// That a key or a text is none of those that may stand here.
    pub fn unknown<T>(&self, word: &str, known: &[&str]) -> Result<T, JsonError> {
        let near = nearest(word, known.iter().map(|known| (*known, 0)));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("here may stand {}", known.join(", ")),
        };
        Err(self.wrong(format!("`{word}` means nothing here; {help}")))
    }

    pub fn check_depth(&self) -> Result<(), JsonError> {
        match self.depth <= DEPTH_MAX {
            true => Ok(()),
            false => Err(self.wrong(format!("more than {DEPTH_MAX} levels are not read"))),
        }
    }

    fn pointer(&self) -> String {
        let before = self.before.map(Spot::pointer).unwrap_or_default();
        match self.step {
            Step::Top => before,
            Step::Key(key) => format!("{before}/{}", key.replace('~', "~0").replace('/', "~1")),
            Step::Index(index) => format!("{before}/{index}"),
        }
    }
}
