//! Answers and diagnostics as JSON.

use super::problem::Problem;
use crate::engine::{Answer, Answers};
use crate::lang::Diagnostic;
use crate::query::Rows;
use crate::wire::{Format, json_of_diagnostics, write_rows};
use serde_json::json;

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
    let mut wrong = json_of_diagnostics(text, diagnostics, pictures);
    let mut taken = |key: &str| wrong[key].take();
    let (message, all) = (taken("message"), taken("diagnostics"));
    let message = message.as_str().unwrap_or_default().to_owned();
    Problem::wrong("wrong_statement", message).with("diagnostics", all).with("pictures", pictures)
}
