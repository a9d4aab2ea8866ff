//! Diagnostics for programs: what is wrong, and where in bytes, lines and columns.

use crate::lang::{Diagnostic, Severity, Span, line_and_column};
use serde_json::{Value, json};

/// What is wrong with a program of statements, for programs and for people:
/// a code, the first message, each diagnostic with its places, and their pictures.
///
/// Bytes count from 0; lines and columns, in characters, from 1.
///
/// ```
/// let text = "count people who did order in last 30 dais";
/// let found = throng::lang::parse(text).diagnostics;
/// let wrong = throng::wire::json_of_diagnostics(text, &found, "");
/// assert_eq!(wrong["diagnostics"][0]["code"], "E0014");
/// assert_eq!(wrong["diagnostics"][0]["span"]["start"]["column"], 39);
/// ```
pub fn json_of_diagnostics(text: &str, diagnostics: &[Diagnostic], pictures: &str) -> Value {
    let first = diagnostics.iter().find(|found| found.severity == Severity::Error);
    let message = first.map_or("the statements are wrong", |found| &found.message);
    let all: Vec<Value> = diagnostics.iter().map(|found| diagnostic(text, found)).collect();
    json!({
        "code": "wrong_statement",
        "message": message,
        "diagnostics": all,
        "pictures": pictures,
    })
}

fn diagnostic(text: &str, found: &Diagnostic) -> Value {
    let secondary = found.secondary.as_ref();
    json!({
        "code": found.code.as_str(),
        "severity": match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        "message": found.message,
        "label": found.label,
        "span": span(text, found.span),
        "secondary": secondary.map(|(at, label)| json!({ "span": span(text, *at), "label": label })),
        "helps": found.helps,
        "picture": found.render(text, None),
    })
}

fn span(text: &str, at: Span) -> Value {
    let place = |byte| {
        let (line, column) = line_and_column(text, byte);
        json!({ "line": line, "column": column, "byte": byte })
    };
    json!({ "start": place(at.start), "end": place(at.end) })
}
