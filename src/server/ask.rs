//! `POST /v1/query`: statements in, answers out.

use super::answer;
use super::body;
use super::calls::instant;
use super::door::Admitted;
use super::params::Given;
use super::problem::Problem;
use super::shared::Shared;
use crate::engine::{Ask, QueryError, Stop};
use crate::lang;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;

/// How long a question may take unless it says otherwise.
const TIMEOUT_MS: u64 = 30_000;
/// The longest that it may ask for: a day.
const TIMEOUT_MS_MAX: u64 = 86_400_000;
/// Rows that an answer may have unless it says otherwise.
const ROWS_MAX: usize = 100_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    query: Option<String>,
    /// The JSON form of a statement, in the place of its text.
    statement: Option<Value>,
    at: Option<String>,
    /// What the `$name`s of the statements stand for.
    params: Option<Given>,
    timeout_ms: Option<u64>,
    rows_max: Option<usize>,
    /// Where the statements stand, for the pictures of diagnostics.
    file: Option<String>,
}

/// Takes the question back when whoever waits for its answer is gone.
pub(super) struct Wanted(Stop);

impl Wanted {
    pub fn new(stop: &Stop) -> Wanted {
        Wanted(stop.clone())
    }
}

impl Drop for Wanted {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Answers a program of statements.
pub(super) async fn query(
    _admitted: Admitted,
    State(shared): State<Shared>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, content) = request.into_parts();
    let turn = shared.question().await?;
    let content = body::read(content, &shared).await?;
    let content = body::unpack(&parts.headers, content, shared.settings().body_bytes_max)?;
    let asked: Asked = serde_json::from_slice(&content)
        .map_err(|error| Problem::wrong("broken_question", format!("{error}; {SHAPE}")))?;
    let text = text_of(&asked)?;
    let limit = limit(&asked)?;
    let stop = Stop::default();
    let wanted = Wanted::new(&stop);
    let sign = stop.clone();
    let answer = shared.blocking(move |shared| {
        let _turn = turn;
        answer_of(shared, &asked, &text, stop, limit)
    });
    tokio::pin!(answer);
    // What was ordered before the time was over is done, and its reply says so.
    let answer = match tokio::time::timeout(limit, &mut answer).await {
        Ok(answer) => answer,
        Err(_) => {
            sign.stop();
            answer.await
        }
    };
    drop(wanted);
    let json = answer?;
    Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response())
}

/// The text that is asked: as it is given, or that of the statement.
fn text_of(asked: &Asked) -> Result<String, Problem> {
    match (&asked.query, &asked.statement) {
        (Some(query), None) => Ok(query.clone()),
        (None, Some(form)) => {
            let read = lang::json::from_json(form);
            read.map(|statement| lang::print(&statement)).map_err(|wrong| {
                Problem::wrong("wrong_form", wrong.to_string())
                    .with("pointer", format!("/statement{}", wrong.pointer))
            })
        }
        _ => Err(Problem::wrong("broken_question", SHAPE)),
    }
}

const SHAPE: &str = "a question is {\"query\": \"STATEMENTS\", or in its place \
                     \"statement\": {A STATEMENT'S FORM}, \"at\": \"INSTANT\", \
                     \"params\": {\"NAME\": VALUE}, \
                     \"timeout_ms\": 30000, \"rows_max\": 100000}, all but the first optional";

fn limit(asked: &Asked) -> Result<Duration, Problem> {
    match asked.timeout_ms.unwrap_or(TIMEOUT_MS) {
        ms @ 1..=TIMEOUT_MS_MAX => Ok(Duration::from_millis(ms)),
        ms => Err(Problem::wrong(
            "wrong_timeout",
            format!("`timeout_ms` is 1 to {TIMEOUT_MS_MAX}, this one is {ms}"),
        )),
    }
}

fn late(limit: Duration) -> Problem {
    let message = format!(
        "the answer took longer than {} ms; ask for less, or give it more as `timeout_ms`",
        limit.as_millis()
    );
    Problem::new(StatusCode::GATEWAY_TIMEOUT, "timeout", message)
}

fn answer_of(
    shared: &Shared,
    asked: &Asked,
    text: &str,
    stop: Stop,
    limit: Duration,
) -> Result<String, Problem> {
    let at = asked.at.as_deref().map(|at| instant("at", at)).transpose()?;
    let params = asked.params.as_ref().map(Given::params).transpose()?.unwrap_or_default();
    let ask = Ask {
        params,
        text,
        file: asked.file.as_deref(),
        at,
        stop,
        rows_max: Some(asked.rows_max.unwrap_or(ROWS_MAX)),
        ..Ask::default()
    };
    let answers = shared.throng().ask(&ask);
    answers
        .map(|answers| answer::json_of_answers(&answers))
        .map_err(|error| problem(text, limit, error))
}

fn problem(text: &str, limit: Duration, error: QueryError) -> Problem {
    match error {
        QueryError::Text { diagnostics, pictures } => {
            answer::problem_of_text(text, &diagnostics, &pictures)
        }
        // Whoever took the question back reads no reply: it was the time.
        QueryError::Cancelled => late(limit),
        QueryError::After { done, error } => problem(text, limit, *error).after(&done),
        error => error.into(),
    }
}
