//! `GET /v1/audiences/{name}/changes`: who enters and leaves, asked for again
//! and again, or sent as it happens.

use super::cursor::Cursor;
use super::door::Admitted;
use super::problem::{Problem, within};
use super::shared::Shared;
use super::stream::{self, Out};
use crate::engine::{Change, QueryError, Stop, Watched, Watching};
use crate::wire::json_of_value;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Changes in one answer, unless it is asked for fewer.
const LIMIT: usize = 1_000;
/// The most that may be asked for.
const LIMIT_MAX: usize = 100_000;
/// The longest that an answer may be waited for.
const WAIT_MS_MAX: u64 = 60_000;
/// How often a follower looks whether it is still wanted.
const LOOK: Duration = Duration::from_millis(200);
/// How often a silent stream says that it is alive.
const BEAT: Duration = Duration::from_secs(15);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    from: Option<String>,
    /// Values of each person, parted by commas.
    with: Option<String>,
    /// How long a change must hold before it is told, like `10 minutes`.
    settled: Option<String>,
    wait_ms: Option<u64>,
    limit: Option<usize>,
}

impl Asked {
    /// How many changes are wanted at most, and how long they may be waited for.
    fn most(&self) -> Result<(usize, Duration), Problem> {
        let limit = within("limit", self.limit.unwrap_or(LIMIT), 1, LIMIT_MAX)?;
        let wait_ms = within("wait_ms", self.wait_ms.unwrap_or(0), 0, WAIT_MS_MAX)?;
        Ok((limit, Duration::from_millis(wait_ms)))
    }
}

/// Changes from a record on, as JSON or as server-sent events.
pub(super) async fn changes(
    _admitted: Admitted,
    State(shared): State<Shared>,
    Path(name): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Query(asked) =
        asked.map_err(|error| Problem::wrong("wrong_parameter", error.body_text()))?;
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let streams =
        text(header::ACCEPT.as_str()).is_some_and(|accept| accept.contains("text/event-stream"));
    let most = asked.most()?;
    // A browser that connects again says in this header where it was.
    let from = text("last-event-id").filter(|_| streams).or(asked.from.as_deref());
    let from = from.map(Cursor::parse).transpose()?;
    let turn = shared.follower()?;
    let begin = move |shared: &Shared| Following::begin(shared, &name, from, &asked);
    let following = shared.blocking(begin).await?;
    if !streams {
        let stop = Stop::default();
        let wanted = super::ask::Wanted::new(&stop);
        let answer = shared.blocking(move |shared| {
            let _turn = turn;
            page(shared, following, most, &stop)
        });
        let answer = answer.await?;
        drop(wanted);
        return Ok(([(header::CONTENT_TYPE, "application/json")], answer).into_response());
    }
    let body = stream::body(&shared, move |_, out| {
        let _turn = turn;
        follow(following, out)
    });
    let headers =
        [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, body).into_response())
}

/// Whoever has followed this database asks at most for the record after the last.
fn not_beyond(from: u64, last: u64) -> Result<(), Problem> {
    if from <= last + 1 {
        return Ok(());
    }
    let message = format!(
        "`from` is {from}, and the last record is {last}: it is mistyped, or of another database; \
         without `from` it begins with what comes next"
    );
    Err(Problem::wrong("wrong_parameter", message))
}

/// An audience that is followed, and how far.
struct Following {
    watching: Watching,
    /// Changes of the first record that were seen already.
    skip: Cursor,
    next: Cursor,
}

impl Following {
    fn begin(
        shared: &Shared,
        name: &str,
        from: Option<Cursor>,
        asked: &Asked,
    ) -> Result<Following, Problem> {
        let last = shared.throng().view()?.lsn().0;
        if let Some(from) = from {
            not_beyond(from.lsn, last)?;
        }
        let next = from.unwrap_or(Cursor::before(last + 1));
        let (with, settled) = (asked.with.as_deref(), asked.settled.as_deref());
        let text = Watching::statement(name, next.lsn, with, settled);
        let watching = shared.throng().watch(&text).map_err(problem)?;
        Ok(Following { watching, skip: next, next: Cursor { seen: 0, ..next } })
    }

    /// The next change, and where one is after it.
    fn next(&mut self, wait: Duration) -> Result<Option<(Watched, Cursor)>, Problem> {
        loop {
            let Some(watched) = self.watching.next(wait)? else {
                let position = self.watching.position().0;
                if position > self.next.lsn {
                    self.next = Cursor::before(position);
                }
                return Ok(None);
            };
            let lsn = watched.change.lsn.0;
            let seen = if lsn == self.next.lsn { self.next.seen + 1 } else { 1 };
            self.next = Cursor { lsn, seen };
            if lsn != self.skip.lsn || seen > self.skip.seen {
                return Ok(Some((watched, self.next)));
            }
        }
    }

    /// Where to go on: never before what was asked for.
    fn resume(&self) -> Cursor {
        let behind = self.next.lsn == self.skip.lsn && self.next.seen < self.skip.seen;
        if behind { self.skip } else { self.next }
    }
}

fn page(
    shared: &Shared,
    mut following: Following,
    (limit, wait): (usize, Duration),
    stop: &Stop,
) -> Result<String, Problem> {
    let until = Instant::now() + wait;
    let mut changes = Vec::new();
    while changes.len() < limit {
        let left = match changes.is_empty() && !shared.is_closing() && !stop.is_stopped() {
            true => until.saturating_duration_since(Instant::now()),
            false => Duration::ZERO,
        };
        match following.next(left.min(LOOK))? {
            Some((watched, _)) => changes.push(following.json(&watched)),
            None if left.is_zero() => break,
            None => {}
        }
    }
    let next = Value::from(following.resume().to_string());
    Ok(format!("{{\"changes\":[{}],\"next\":{next}}}", changes.join(",")))
}

fn follow(mut following: Following, out: &Out<'_>) -> Result<(), Problem> {
    let mut spoken = Instant::now();
    // A first word opens the stream at the reader's side.
    let mut sent = out.send(": following\n\n");
    while sent.is_ok() && !out.is_over() {
        sent = match following.next(LOOK)? {
            Some((watched, cursor)) => {
                spoken = Instant::now();
                let kind = verb(&watched.change);
                let data = following.json(&watched);
                out.send(format!("id: {cursor}\nevent: {kind}\ndata: {data}\n\n"))
            }
            None if spoken.elapsed() >= BEAT => {
                spoken = Instant::now();
                out.send(": still here\n\n")
            }
            None => Ok(()),
        };
    }
    Ok(())
}

fn verb(change: &Change) -> &'static str {
    if change.entered { "entered" } else { "left" }
}

/// What is wrong with the columns or the span, shown in the statement that they are put in.
fn problem(error: QueryError) -> Problem {
    match error {
        QueryError::Text { diagnostics, pictures } => {
            let first = diagnostics.first().map(|found| found.message.clone());
            Problem::wrong("wrong_parameter", first.unwrap_or_default()).with("pictures", pictures)
        }
        other => other.into(),
    }
}

impl Following {
    /// A change as JSON, values digit by digit.
    fn json(&self, watched: &Watched) -> String {
        let Watched { change, settled, values } = watched;
        let mut said = json!({
            "lsn": change.lsn.0,
            "committed": change.committed.to_string(),
            "version": change.version,
            "cause": format!("{:?}", change.cause).to_lowercase(),
            "profile": change.profile.to_string(),
            "change": verb(change),
            "at": change.at.to_string(),
        });
        if let Some(settled) = settled {
            said["settled"] = settled.to_string().into();
        }
        let mut said = said.to_string();
        if !values.is_empty() {
            let value = |(name, value)| format!("{}:{}", Value::from(name), json_of_value(value));
            let values: Vec<String> = self.watching.columns().zip(values).map(value).collect();
            said.pop();
            said.push_str(&format!(",\"values\":{{{}}}}}", values.join(",")));
        }
        said
    }
}
