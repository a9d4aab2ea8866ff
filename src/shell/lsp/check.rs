//! What is wrong with a text: what the parser says, and of statements without
//! errors what the catalog says.

use super::ask::Known;
use super::document::Document;
use super::symbols::defined;
use crate::lang::tree::{Declare, Statement, StatementKind};
use crate::lang::{Diagnostic, Severity, Span, parse};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};

/// Answers of the catalog that are kept, so that typing asks about one statement.
const KEPT_MAX: usize = 2_000;

/// What the catalog said of statements, by their texts.
#[derive(Default)]
pub(super) struct Checked(HashMap<String, Vec<Value>>);

impl Checked {
    /// What is told of a document. `others` are names that open files define.
    pub fn told(
        &mut self,
        document: &Document,
        known: &Known,
        others: &BTreeSet<String>,
    ) -> Vec<Value> {
        let parsed = parse(&document.text);
        let mut told: Vec<Value> =
            parsed.diagnostics.iter().map(|found| diagnostic(document, found)).collect();
        let mut names = others.clone();
        names.extend(
            parsed.statements.iter().filter_map(|it| Some(defined(it)?.1.node.to_string())),
        );
        for statement in parsed.statements.iter().filter(|statement| is_checked(statement)) {
            told.extend(self.of(document, statement, known, &names));
        }
        told
    }

    /// Forgets what the catalog said: it may know more by now.
    pub fn forget(&mut self) {
        self.0.clear();
    }

    fn of(
        &mut self,
        document: &Document,
        statement: &Statement,
        known: &Known,
        names: &BTreeSet<String>,
    ) -> Vec<Value> {
        let span = statement.span;
        let text = &document.text[span.start as usize..span.end as usize];
        if self.0.len() > KEPT_MAX {
            self.forget();
        }
        let found = self.0.entry(text.to_owned()).or_insert_with(|| asked(known, text));
        let placed = found.iter().filter(|found| !is_defined_here(found, text, names));
        placed.map(|found| shown(document, found, span)).collect()
    }
}

/// Definitions and questions are explained without doing them. Explaining who
/// is who would read every call.
fn is_checked(statement: &Statement) -> bool {
    matches!(
        statement.kind,
        StatementKind::CreateAudience { .. }
            | StatementKind::CreateTrait { .. }
            | StatementKind::Report(_)
            | StatementKind::Declare(Declare::Attribute { .. } | Declare::Event { .. })
    )
}

/// What the catalog says, with places in the statement's own text.
fn asked(known: &Known, text: &str) -> Vec<Value> {
    match known.wrong(text) {
        Ok(warnings) => warnings.iter().map(|warning| warned(warning)).collect(),
        Err(json) => {
            let said: Value = serde_json::from_str(&json).unwrap_or_default();
            let found = said["diagnostics"].as_array().cloned().unwrap_or_default();
            found.into_iter().filter(|found| found["code"] != "E0105").collect()
        }
    }
}

/// A warning comes as its picture; it is told at the statement's beginning.
fn warned(picture: &str) -> Value {
    let head = picture.lines().next().unwrap_or_default();
    let (code, message) =
        head.strip_prefix("warning[").and_then(|rest| rest.split_once("]: ")).unwrap_or(("", head));
    let helps = picture.lines().filter_map(|line| line.trim().strip_prefix("= help: "));
    let place = json!({ "byte": "explain ".len() });
    json!({
        "code": code, "severity": "warning", "message": message,
        "helps": helps.collect::<Vec<_>>(), "span": { "start": place, "end": place },
    })
}

/// Whether a name is unknown only because its definition stands in an open file.
fn is_defined_here(found: &Value, text: &str, names: &BTreeSet<String>) -> bool {
    let unknown = matches!(found["code"].as_str(), Some("E0101" | "E0103" | "E0104"));
    let span = span_in(found, text);
    let written = text.get(span.start as usize..span.end as usize).unwrap_or_default();
    unknown && names.contains(written.trim_matches(['"', '`']))
}

/// Where in the statement's text it is.
fn span_in(found: &Value, text: &str) -> Span {
    let byte = |end: &str| {
        let byte = found["span"][end]["byte"].as_u64().unwrap_or_default() as usize;
        byte.saturating_sub("explain ".len()).min(text.len()) as u32
    };
    Span::new(byte("start"), byte("end"))
}

fn shown(document: &Document, found: &Value, statement: Span) -> Value {
    let text = &document.text[statement.start as usize..statement.end as usize];
    let own = span_in(found, text);
    let first = text.find(char::is_whitespace).unwrap_or(text.len()) as u32;
    let end = if own.start == own.end { own.start.max(first) } else { own.end };
    let span = Span::new(statement.start + own.start, statement.start + end);
    let line = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
    let helps = found["helps"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let lines = [line("message"), line("label")];
    let message = lines.into_iter().chain(helps.map(str::to_owned));
    told(document.range(span), &line("severity"), &line("code"), message)
}

fn diagnostic(document: &Document, found: &Diagnostic) -> Value {
    let severity = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let lines = [found.message.clone(), found.label.clone()];
    let message = lines.into_iter().chain(found.helps.iter().cloned());
    told(document.range(found.span), severity, found.code.as_str(), message)
}

fn told(range: Value, severity: &str, code: &str, lines: impl Iterator<Item = String>) -> Value {
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    json!({
        "range": range,
        "severity": if severity == "error" { 1 } else { 2 },
        "code": code,
        "source": "throng",
        "message": lines.join("\n"),
    })
}
