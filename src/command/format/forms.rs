//! Statements as JSON, and back.

use super::super::arguments::Fmt;
use super::super::failure::Failure;
use super::super::print;
use crate::lang::{self, Severity, json};
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

/// Prints the forms of the statements of all files, or the statements of forms.
pub(super) fn run(asked: &Fmt) -> Result<ExitCode, Failure> {
    let input = [Path::new("-").to_path_buf()];
    let files = if asked.files.is_empty() { &input[..] } else { &asked.files };
    let mut forms = Vec::new();
    let mut out = print::out();
    for file in files {
        let (text, name) = match file.as_os_str() == "-" {
            true => (super::input()?, "standard input".to_owned()),
            false => (Failure::text_of(file)?, file.display().to_string()),
        };
        match asked.json {
            true => forms.extend(forms_of(&text, &name)?),
            false => out.write_all(statements_of(&text, &name)?.as_bytes())?,
        }
    }
    if asked.json {
        writeln!(out, "{:#}", Value::Array(forms))?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn forms_of(text: &str, name: &str) -> Result<Vec<Value>, Failure> {
    let parsed = lang::parse(text);
    if parsed.diagnostics.iter().any(|found| found.severity == Severity::Error) {
        let drawn = parsed.diagnostics.iter().map(|found| found.render(text, Some(name)));
        return Err(Failure::Wrong(drawn.collect::<String>().trim_end().to_owned()));
    }
    Ok(parsed.statements.iter().map(json::to_json).collect())
}

/// One form, or a list of them.
fn statements_of(text: &str, name: &str) -> Result<String, Failure> {
    let wrong = |problem: String| Failure::Wrong(format!("throng: {name}: {problem}"));
    let read: Value = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
    let is_list = read.is_array();
    let forms = if let Value::Array(forms) = read { forms } else { vec![read] };
    let mut program = String::new();
    for (place, form) in forms.iter().enumerate() {
        let statement = json::from_json(form).map_err(|error| match is_list {
            true => wrong(format!("form {}: {error}", place + 1)),
            false => wrong(error.to_string()),
        })?;
        program += &lang::print(&statement);
        program += ";\n\n";
    }
    lang::format(&program).map_err(|found| wrong(found[0].message.clone()))
}
