//! Calls as senders post them: one at a time, in batches, or as history.

use super::body;
use super::door;
use super::problem::Problem;
use super::shared::Shared;
use super::take::{Taken, Terms, take};
use crate::engine::CommitTime;
use crate::model::Timestamp;
use crate::wire::{Defaults, Incoming, Reject, Verb, batch_of_json, calls_of_json};
use axum::Json;
use axum::extract::{Query, Request, State};
use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

/// The source of calls whose sender does not name one.
const SOURCE: &str = "http";

/// How an import is to be committed.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Import {
    at: Option<String>,
    #[serde(default)]
    replay: bool,
    #[serde(default)]
    bulk: bool,
    #[serde(default)]
    dry_run: bool,
    source: Option<String>,
}

/// One call, of the kind that the path says.
pub(super) async fn one(
    shared: Shared,
    verb: Verb,
    request: Request,
) -> Result<Json<Value>, Problem> {
    let taken = posted(&shared, request, Terms::LIVE, move |bytes, headers| {
        let defaults = Defaults { verb: Some(verb), only: true, ..of_request(headers)? };
        calls_of_json(bytes, &defaults).map(|call| vec![Ok(call)]).map_err(Problem::from)
    });
    let taken = taken.await?;
    match taken.rejected.first() {
        // Whoever asks to be forgotten learns whether anybody was.
        None if verb == Verb::Forget => {
            Ok(Json(json!({ "success": true, "people": taken.forgotten })))
        }
        None => Ok(Json(json!({ "success": true }))),
        Some(rejected) => {
            let message = format!("{}; {}", rejected.message, rejected.remedy);
            Err(Problem::wrong(rejected.reason, message))
        }
    }
}

/// Many calls in an envelope. What is wrong with one of them spoils no other.
pub(super) async fn batch(
    State(shared): State<Shared>,
    request: Request,
) -> Result<Json<Value>, Problem> {
    let taken = posted(&shared, request, Terms::LIVE, |bytes, headers| {
        Ok(batch_of_json(bytes, &of_request(headers)?)?)
    });
    let taken = taken.await?;
    let mut reply = json!({ "success": true });
    if taken.nobody > 0 {
        reply["nobody"] = taken.nobody.into();
    }
    if !taken.rejected.is_empty() {
        reply["rejected"] = rejected(&taken);
    }
    Ok(Json(reply))
}

/// History in an envelope: times stand as they are written.
pub(super) async fn import(
    State(shared): State<Shared>,
    how: Result<Query<Import>, axum::extract::rejection::QueryRejection>,
    request: Request,
) -> Result<Json<Value>, Problem> {
    let Query(how) = how.map_err(|error| Problem::wrong("wrong_parameter", error.body_text()))?;
    let terms = Terms { time: how.time()?, bulk: how.bulk, dry_run: how.dry_run };
    let source = how.source.unwrap_or_else(|| "import".to_owned());
    let taken = posted(&shared, request, terms, move |bytes, _| {
        Ok(batch_of_json(bytes, &Defaults::file(source.as_str()))?)
    });
    let taken = taken.await?;
    Ok(Json(json!({
        "success": true,
        "accepted": taken.accepted,
        "duplicates": taken.duplicates,
        "conflicting": taken.conflicting,
        "forgotten": taken.forgotten,
        "nobody": taken.nobody,
        "rejected": rejected(&taken),
    })))
}

fn rejected(taken: &Taken) -> Value {
    taken.rejected.iter().map(super::take::Rejected::json).collect()
}

/// Reads, checks and commits what was posted; replies once it is durable.
async fn posted(
    shared: &Shared,
    request: Request,
    terms: Terms,
    parse: impl FnOnce(&[u8], &HeaderMap) -> Result<Vec<Result<Incoming, Reject>>, Problem>
    + Send
    + 'static,
) -> Result<Taken, Problem> {
    let (parts, content) = request.into_parts();
    let known = door::by_headers(&parts.headers, shared)?;
    let said = body::size_hint(&parts.headers, shared)?;
    // A stranger's word about the size counts for nothing.
    let size = if known { said } else { shared.settings().body_bytes_max };
    let room = shared.room(size).await?;
    let content = body::read(content, shared).await?;
    shared
        .blocking(move |shared| {
            let _room = room;
            let limit = shared.settings().body_bytes_max;
            let content = body::unpack(&parts.headers, content, limit)?;
            if !known {
                door::by_body(&content, shared)?;
            }
            let calls = parse(&content, &parts.headers)?;
            drop(content);
            take(shared.throng(), calls, terms)
        })
        .await
}

/// What holds for calls of a request; the header `SentAt` is what some senders
/// say instead of the field.
fn of_request(headers: &HeaderMap) -> Result<Defaults, Problem> {
    let sent_at = match headers.get("sentat").map(|value| value.to_str().unwrap_or_default()) {
        Some(text) if !text.is_empty() => Some(instant("SentAt", text)?),
        _ => None,
    };
    Ok(Defaults { sent_at, ..Defaults::request(SOURCE, now()) })
}

pub(super) fn instant(key: &str, text: &str) -> Result<Timestamp, Problem> {
    text.parse().map_err(|error| {
        let text: String = text.chars().take(40).collect();
        let message = format!("`{key}` is `{text}`: {error}; write it like 2026-03-01T12:00:00Z");
        Problem::wrong("invalid_time", message)
    })
}

/// When a request came in: what a sender's clock is corrected by.
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::saturating_from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

impl Import {
    fn time(&self) -> Result<CommitTime, Problem> {
        match &self.at {
            Some(_) if self.replay => {
                Err(Problem::wrong("wrong_parameter", "give `at` or `replay`, not both"))
            }
            Some(at) => instant("at", at).map(CommitTime::At),
            None if self.replay => Ok(CommitTime::Follow),
            None => Ok(CommitTime::Clock),
        }
    }
}
