//! Answers and diagnostics as JSON.

use super::problem::Problem;
use crate::engine::{Answer, Answers};
use crate::lang::{Diagnostic, Severity, Span, line_and_column};
use crate::query::Rows;
use crate::wire::{Format, write_rows};
use serde_json::{Value, json};

/// The answer to one statement stands alone, those to several in a list.
pub(super) fn json_of_answers(answers: &Answers) -> String {
    let all: Vec<String> = answers.answers.iter().map(json_of_answer).collect();
    let mut text = match &all[..] {
        [one] => one.clone(),
        several => format!("{{\"answers\":[{}]}}", several.join(",")),
    };
    if !answers.warnings.is_empty() {
        text.pop();
        text.push_str(&format!(",\"warnings\":{}}}", json!(answers.warnings)));
    }
    text
}

fn json_of_answer(answer: &Answer) -> String {
    match answer {
        Answer::Rows(rows) => json_of_rows(rows),
        Answer::Text(text) => json!({ "text": text }).to_string(),
        Answer::Done(done) => json!({ "done": done }).to_string(),
    }
}

/// `{"columns":[...],"rows":[[...]]}`.
pub(super) fn json_of_rows(rows: &Rows) -> String {
    let mut out = Vec::new();
    write_rows(rows, Format::Json, &mut out).expect("memory takes every byte");
    let text = String::from_utf8(out).expect("JSON is UTF-8");
    text.trim_end().to_owned()
}

/// What is wrong with a program, for programs and for people.
pub(super) fn problem_of_text(text: &str, diagnostics: &[Diagnostic], pictures: &str) -> Problem {
    let first = diagnostics.iter().find(|found| found.severity == Severity::Error);
    let message = first.map_or("the statements are wrong", |found| &found.message);
    let all: Vec<Value> =
        diagnostics.iter().map(|diagnostic| json_of_diagnostic(text, diagnostic)).collect();
    Problem::wrong("wrong_statement", message).with("diagnostics", all).with("pictures", pictures)
}

fn json_of_diagnostic(text: &str, found: &Diagnostic) -> Value {
    let secondary = found.secondary.as_ref();
    json!({
        "code": found.code.as_str(),
        "severity": match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        "message": found.message,
        "label": found.label,
        "span": json_of_span(text, found.span),
        "secondary": secondary.map(|(span, label)| json!({
            "span": json_of_span(text, *span),
            "label": label,
        })),
        "helps": found.helps,
        "picture": found.render(text, None),
    })
}

/// A stretch in bytes from 0, and in lines and columns from 1.
fn json_of_span(text: &str, span: Span) -> Value {
    let place = |byte| {
        let (line, column) = line_and_column(text, byte);
        json!({ "line": line, "column": column, "byte": byte })
    };
    json!({ "start": place(span.start), "end": place(span.end) })
}
