//! The tree as JSON, and back: what a visual builder reads and writes.
//!
//! A choice is an object with one key, its kind: `{"not": ...}`; a kind with
//! nothing in it is a text: `"everyone"`. Fields that are false, empty or not
//! there are left out. Places in a text are not part of it. What has no form of
//! its own here, and what lies very deep, is `{"whoql": "..."}`: any condition,
//! value, window or statement may be given as text like that, too.

mod condition;
mod leaf;
mod pattern;
mod place;
mod rank;
mod report;
mod statement;
mod table;
mod text;
mod value;
mod window;

use super::tree::Statement;
use super::{Severity, parse, print};
pub use place::JsonError;
use place::{Json, Spot};
use serde_json::Value;

/// The JSON form of a statement.
///
/// ```
/// use serde_json::json;
/// use throng::lang::{json, parse};
/// let parsed = parse("create audience back is people who did visit at least 2 times and not plan = \"free\"");
/// assert_eq!(
///     json::to_json(&parsed.statements[0]),
///     json!({"create_audience": {
///         "name": "back",
///         "people": {"and": [
///             {"did": {"occurrence": {"events": "visit", "times": {"at_least": 2}}}},
///             {"not": {"is": [{"path": ["plan"]}, {"compare": ["=", "free"]}]}},
///         ]},
///     }})
/// );
/// ```
pub fn to_json(statement: &Statement) -> Value {
    statement.json(0).unwrap_or_else(|| text::written(&print(statement)))
}

/// The statement of its JSON form, as it would be read from its canonical text.
///
/// ```
/// use serde_json::json;
/// use throng::lang::{json, print};
/// let form = json!({"report": {"count_people": {"people": {"did": {"occurrence": {"events": "visit"}}}}}});
/// let statement = json::from_json(&form).unwrap();
/// assert_eq!(print(&statement), "count people who did visit");
/// let wrong = json!({"report": {"count_people": {"peple": "everyone"}}});
/// assert_eq!(
///     json::from_json(&wrong).unwrap_err().to_string(),
///     "at `/report/count_people`: `peple` means nothing here; did you mean `people`?"
/// );
/// ```
///
/// # Errors
/// If it is no form of a statement, with the JSON pointer of the place.
pub fn from_json(form: &Value) -> Result<Statement, JsonError> {
    let top = Spot::top();
    let built = Statement::read(form, &top)?;
    // What the grammar does not allow is found, and places are given, by reading its text.
    let text = print(&built);
    let mut parsed = parse(&text);
    let error = parsed.diagnostics.iter().find(|found| found.severity == Severity::Error);
    if let Some(found) = error {
        let wrong = format!(
            "as a statement this is wrong: {}\n{}",
            found.message,
            found.render(&text, None)
        );
        return Err(top.wrong(wrong.trim_end()));
    }
    match parsed.statements.len() {
        1 => Ok(parsed.statements.remove(0)),
        n => Err(top.wrong(format!("one statement is needed here, these are {n}"))),
    }
}
