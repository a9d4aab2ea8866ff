//! Running statements: read from a view, or ordered from the writer.

use super::request::Change;
use super::stop::Stoppable;
use super::{Answer, Answers, CommitError, CommitTime, QueryError, Stop, Throng, members};
use crate::lang::{self, Diagnostic, Severity, tree};
use crate::model::Timestamp;
use crate::query::resolve::{self, Resolved};
use crate::query::{Crowd, CrowdError, Reference, Rows};
use crate::report;
use crate::state::View;

/// A program of statements and how it is to be run.
#[derive(Clone, Default)]
pub struct Ask<'a> {
    /// The statements.
    pub text: &'a str,
    /// Where the text stands, for the pictures of diagnostics.
    pub file: Option<&'a str>,
    /// `now`: the instant asked about, and the commit time of changes.
    pub at: Option<Timestamp>,
    /// The sign to take the question back.
    pub stop: Stop,
    /// Rows that an answer may have.
    pub rows_max: Option<usize>,
    /// Refuses statements that change something.
    pub read_only: bool,
}

pub(super) fn ask(throng: &Throng, asked: &Ask<'_>) -> Result<Answers, QueryError> {
    let parsed = lang::parse(asked.text);
    fail_if_wrong(asked, &parsed.diagnostics)?;
    let mut answers = Answers::default();
    for statement in &parsed.statements {
        let answer = answer(throng, asked, statement, &mut answers.warnings)?;
        if let (Some(limit), Answer::Rows(rows)) = (asked.rows_max, &answer) {
            if rows.rows.len() > limit {
                return Err(QueryError::TooManyRows { limit });
            }
        }
        answers.answers.push(answer);
    }
    Ok(answers)
}

fn fail_if_wrong(asked: &Ask<'_>, diagnostics: &[Diagnostic]) -> Result<(), QueryError> {
    if !diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Ok(());
    }
    Err(QueryError::Text { diagnostics: diagnostics.to_vec(), pictures: draw(asked, diagnostics) })
}

fn draw(asked: &Ask<'_>, diagnostics: &[Diagnostic]) -> String {
    let pictures: Vec<String> =
        diagnostics.iter().map(|diagnostic| diagnostic.render(asked.text, asked.file)).collect();
    pictures.join("\n")
}
