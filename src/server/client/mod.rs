//! The other side: asking a server of this machine what it answers.

mod http;
mod reply;

use super::apply;
use super::params::{self, Given};
use crate::engine::{Answers, Ask, Endpoint, Plan, Source, Stop};
use crate::model::Timestamp;
use crate::model::Value;
use crate::query::Rows;
use http::Request;
use serde::Deserialize;
use serde_json::json;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// The longest that a question may take.
const TIMEOUT_MS: u64 = 86_400_000;
/// Rows of an answer that go through at once.
const ROWS_MAX: usize = 10_000_000;

/// Speaks to the process that holds a directory.
#[derive(Clone, Debug)]
pub struct Client {
    endpoint: Endpoint,
}

/// How an import is to be committed.
#[derive(Clone, Copy, Debug, Default)]
pub struct How {
    /// The commit time, if it is chosen.
    pub at: Option<Timestamp>,
    /// Whether the commit time follows the events.
    pub replay: bool,
    /// Whether standing audiences are computed once at the end.
    pub bulk: bool,
    /// Whether nothing is changed, and told what would be.
    pub dry_run: bool,
}

/// What became of calls that were imported.
#[derive(Clone, Debug, Default, Deserialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Imported {
    pub accepted: u64,
    pub duplicates: u64,
    pub conflicting: u64,
    pub forgotten: u64,
    #[serde(default)]
    pub nobody: u64,
    pub rejected: Vec<RejectedCall>,
}

/// A call that was not taken.
#[derive(Clone, Debug, Deserialize)]
pub struct RejectedCall {
    /// Its place among the calls that were sent, from 0.
    pub index: usize,
    /// The stable name of the reason.
    pub reason: String,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub remedy: String,
}

/// A lake that was written there.
#[derive(Clone, Debug, Deserialize)]
pub struct Exported {
    /// Where its files lie until they are fetched.
    pub directory: PathBuf,
    /// How many people.
    pub people: u64,
    /// How many events.
    pub events: u64,
    /// The instant.
    pub now: String,
}

/// Which changes of an audience are wanted, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Follow<'a> {
    /// From which place on; without one, from now on.
    pub from: Option<&'a str>,
    /// Values of each person, parted by commas.
    pub with: Option<&'a str>,
    /// How long a change must hold before it is told.
    pub settled: Option<&'a str>,
    /// How long an answer without changes is waited for.
    pub wait: Duration,
}

/// Changes of an audience.
#[derive(Debug, Deserialize)]
pub struct Followed {
    /// In order.
    pub changes: Vec<Told>,
    /// Where to go on.
    pub next: String,
}

/// One person who entered or left.
#[derive(Debug, Deserialize)]
pub struct Told {
    /// The record that made the change.
    pub lsn: u64,
    /// Why.
    pub cause: String,
    /// Who.
    pub profile: String,
    /// `entered` or `left`.
    pub change: String,
    /// The instant from which the answer has held.
    pub at: String,
    /// The instant at which it had held for as long as it was to.
    pub settled: Option<String>,
    values: Option<Given>,
}

impl Told {
    /// What the person has of the columns, in their order.
    pub fn values(&self) -> Vec<(String, Value)> {
        self.values.as_ref().map(reply::values).unwrap_or_default()
    }
}

impl Client {
    /// Speaks to that endpoint.
    pub fn new(endpoint: Endpoint) -> Client {
        Client { endpoint }
    }

    /// Where it speaks to.
    pub fn address(&self) -> &str {
        &self.endpoint.address
    }

    /// Runs a program of statements there.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn ask(&self, asked: &Ask<'_>) -> Result<Answers, ClientError> {
        let mut body = json!({
            "query": asked.text,
            "timeout_ms": TIMEOUT_MS,
            "rows_max": asked.rows_max.unwrap_or(ROWS_MAX),
        });
        if let Some(at) = asked.at {
            body["at"] = json!(at.to_string());
        }
        if let Some(file) = asked.file {
            body["file"] = json!(file);
        }
        let body = params::beside(body.to_string(), &asked.params);
        let request = Request::post("/v1/query", body.as_bytes());
        reply::answers(&self.send(&request, &asked.stop)?)
    }

    /// The plan that makes the definitions there equal to files; with the
    /// program of a plan that was looked at, it is done.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn plan(
        &self,
        files: &[Source],
        program: Option<&str>,
        at: Option<Timestamp>,
    ) -> Result<Plan, ClientError> {
        let file = |file: &Source| apply::File { name: file.name.clone(), text: file.text.clone() };
        let asked = apply::Asked {
            files: files.iter().map(file).collect(),
            program: program.map(str::to_owned),
            at: at.map(|at| at.to_string()),
        };
        let body = json!(asked).to_string();
        let reply = self.send(&Request::post("/v1/apply", body.as_bytes()), &Stop::default())?;
        parsed::<apply::Reply>(&reply).map(apply::Reply::plan)
    }

    /// Takes an envelope of calls in: `{"batch":[CALL, CALL]}`.
    ///
    /// # Errors
    /// See [`ClientError`]; calls with a message id may be sent again.
    pub fn import(&self, envelope: &[u8], how: How) -> Result<Imported, ClientError> {
        let mut path = format!("/v1/import?replay={}&bulk={}", how.replay, how.bulk);
        if let Some(at) = how.at {
            path.push_str(&format!("&at={}", http::escaped(&at.to_string())));
        }
        if how.dry_run {
            path.push_str("&dry_run=true");
        }
        parsed(&self.send(&Request::post(&path, envelope), &Stop::default())?)
    }

    /// Changes of an audience. If there are none yet, the answer waits for them.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn changes(&self, audience: &str, how: Follow<'_>) -> Result<Followed, ClientError> {
        let name = http::escaped(audience);
        let mut path = format!("/v1/audiences/{name}/changes?wait_ms={}", how.wait.as_millis());
        let given = [("from", how.from), ("with", how.with), ("settled", how.settled)];
        for (key, value) in given.into_iter().filter_map(|(key, value)| Some((key, value?))) {
            path.push_str(&format!("&{key}={}", http::escaped(value)));
        }
        parsed(&self.send(&Request::get(&path), &Stop::default())?)
    }

    /// Has a lake written, on the machine of the server.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn export(&self, as_of: Option<Timestamp>) -> Result<Exported, ClientError> {
        let asked = as_of.map(|at| format!("?as_of={}", http::escaped(&at.to_string())));
        let path = format!("/v1/export{}", asked.unwrap_or_default());
        parsed(&self.send(&Request::post(&path, b""), &Stop::default())?)
    }

    /// Numbers about the database.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn info(&self) -> Result<Rows, ClientError> {
        reply::rows(&self.send(&Request::get("/v1/info"), &Stop::default())?)
    }

    fn send(&self, request: &Request<'_>, stop: &Stop) -> Result<Vec<u8>, ClientError> {
        let unreachable = |source| ClientError::Unreachable {
            address: self.endpoint.address.clone(),
            pid: self.endpoint.pid,
            source,
        };
        let reply = request.send(&self.endpoint.address, &self.endpoint.token, stop);
        let reply = reply.map_err(|error| match error.kind() {
            std::io::ErrorKind::Interrupted => ClientError::Cancelled,
            std::io::ErrorKind::InvalidData => ClientError::Garbled(error.to_string()),
            _ => unreachable(error),
        })?;
        if reply.status == 200 { Ok(reply.body) } else { Err(reply::refusal(&reply)) }
    }
}

fn parsed<T: for<'a> Deserialize<'a>>(body: &[u8]) -> Result<T, ClientError> {
    serde_json::from_slice(body).map_err(|error| ClientError::Garbled(error.to_string()))
}

/// Why the server gave no answer.
#[derive(Debug)]
#[non_exhaustive]
pub enum ClientError {
    /// Nobody answers there, or the connection broke.
    Unreachable {
        /// Where.
        address: String,
        /// The process that said it would.
        pid: u32,
        /// What the system says.
        source: std::io::Error,
    },
    /// The asker took the question back.
    Cancelled,
    /// What came back is no answer of this server.
    Garbled(String),
    /// The statements are wrong.
    Wrong {
        /// Shows where.
        pictures: String,
        /// The same for programs.
        json: String,
    },
    /// The server said no.
    Refused {
        /// The status.
        status: u16,
        /// The stable name of the reason.
        code: String,
        /// The reason and the remedy.
        message: String,
    },
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClientError::Unreachable { address, pid, source } => write!(
                f,
                "process {pid} holds the directory and says that it answers at {address}, but: \
                 {source}; look whether it still works"
            ),
            ClientError::Cancelled => f.write_str("the question was cancelled"),
            ClientError::Garbled(what) => write!(f, "the server's reply makes no sense: {what}"),
            ClientError::Wrong { pictures, .. } => f.write_str(pictures),
            ClientError::Refused { message, .. } => f.write_str(message),
        }
    }
}

impl std::error::Error for ClientError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ClientError::Unreachable { source, .. } => Some(source),
            _ => None,
        }
    }
}
