//! What a request gets that is not answered: a status, a code, a message.

use crate::engine::{CommitError, QueryError};
use crate::wire::Reject;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::fmt::Display;

/// Why a request is not answered. Senders read `code` and `message`.
#[derive(Debug)]
pub(super) struct Problem {
    pub status: StatusCode,
    pub code: String,
    pub message: String,
    /// What else is said of it, by key.
    pub more: Vec<(&'static str, Value)>,
}

impl Problem {
    pub fn new(status: StatusCode, code: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem { status, code: code.into(), message: message.into(), more: Vec::new() }
    }

    pub fn wrong(code: &str, message: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// Neither a wrong key nor a missing one says which of them it was.
    pub fn unauthorised() -> Problem {
        let message = "the token is missing or wrong: send it as `Authorization: Bearer TOKEN`, \
                       as the user name of Basic authorisation, or as `writeKey` in the body";
        Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
    }

    pub fn busy(what: &str) -> Problem {
        let message = format!("too many {what} at once; send it again later");
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", message)
    }

    /// Our own mistake.
    pub fn internal(what: impl Display) -> Problem {
        tracing::error!(%what, "a request could not be answered");
        let message = format!("the server could not answer: {what}");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
    }

    /// The same, saying what had been changed by then.
    #[must_use]
    pub fn after(mut self, done: &[String]) -> Problem {
        let before = format!("before that it was done: {}", done.join("; "));
        self.message = format!("{}; {before}", self.message);
        if let Some((_, Value::String(pictures))) =
            self.more.iter_mut().find(|(key, _)| *key == "pictures")
        {
            *pictures = format!("{}\n{before}\n", pictures.trim_end());
        }
        self.with("done", done)
    }

    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl Into<Value>) -> Problem {
        self.more.push((key, value.into()));
        self
    }
}

/// A parameter that may have no other values: one beyond them is told, not bent.
pub(super) fn within<T: PartialOrd + Display>(
    key: &str,
    given: T,
    least: T,
    most: T,
) -> Result<T, Problem> {
    if given >= least && given <= most {
        return Ok(given);
    }
    let message = format!("`{key}` is {least} to {most}, this one is {given}");
    Err(Problem::wrong("wrong_parameter", message))
}

impl From<Reject> for Problem {
    fn from(reject: Reject) -> Problem {
        let place = reject.column.map(|column| format!(" (character {column})"));
        let message = format!("{}{}; {}", reject.message, place.unwrap_or_default(), reject.remedy);
        Problem::wrong(reject.reason.name(), message)
    }
}

impl From<CommitError> for Problem {
    fn from(error: CommitError) -> Problem {
        let (status, code) = match &error {
            CommitError::TimeGoesBack { .. } => (StatusCode::CONFLICT, "time_goes_back"),
            CommitError::TooManyCalls { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "too_many_calls"),
            CommitError::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            CommitError::NoSuchProfile(_) => (StatusCode::NOT_FOUND, "unknown_profile"),
            CommitError::Definition(_) => (StatusCode::BAD_REQUEST, "wrong_statement"),
            CommitError::DiskFull { .. } => (StatusCode::SERVICE_UNAVAILABLE, "disk_full"),
            CommitError::ReadOnly => (StatusCode::SERVICE_UNAVAILABLE, "read_only"),
            CommitError::ClockJumped { .. } => (StatusCode::SERVICE_UNAVAILABLE, "clock_jumped"),
            _ => (StatusCode::SERVICE_UNAVAILABLE, "stopped"),
        };
        Problem::new(status, code, error.to_string())
    }
}

/// A program that is wrong is answered where its text is at hand; see `ask`.
impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Problem {
        let (status, code) = match error {
            QueryError::Commit(error) => return error.into(),
            QueryError::Text { .. } => (StatusCode::BAD_REQUEST, "wrong_statement"),
            QueryError::OtherPlan => (StatusCode::CONFLICT, "other_plan"),
            QueryError::NoSuchAudience { .. } => (StatusCode::NOT_FOUND, "unknown_audience"),
            QueryError::NotAPerson { .. } => (StatusCode::BAD_REQUEST, "unknown_profile"),
            QueryError::TooManyRows { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "too_many_rows"),
            QueryError::NothingKnown { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "nothing_known"),
            QueryError::TooManyPeriods { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "too_many_rows"),
            QueryError::After { done, error } => return Problem::from(*error).after(&done),
            QueryError::Cancelled => (StatusCode::GATEWAY_TIMEOUT, "cancelled"),
            _ => return Problem::internal(error),
        };
        Problem::new(status, code, error.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({ "code": self.code, "message": self.message });
        for (key, value) in self.more {
            body[key] = value;
        }
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        if matches!(self.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
