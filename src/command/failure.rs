//! How a command ends when it does not end well.

use super::print::tell;
use crate::engine::{CommitError, OpenError, QueryError, read_text};
use crate::server::{ClientError, ServeError};
use crate::shell::Trouble;
use crate::store::StoreError;
use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

/// Why a command did not do what it was told.
#[derive(Debug)]
pub(super) enum Failure {
    /// Something failed: status 1.
    Failed(String),
    /// What was asked is wrong: status 2.
    Wrong(String),
    /// Whoever read the output is gone: that is no failure.
    NobodyReads,
}

impl Failure {
    /// A failure with the place that it is about.
    pub fn at(place: impl Display, problem: impl Display) -> Failure {
        Failure::Failed(format!("{place}: {problem}"))
    }

    /// The text of a file.
    pub fn text_of(path: &Path) -> Result<String, Failure> {
        read_text(path).map_err(Failure::Failed)
    }

    /// Says what happened, and gives the exit status.
    pub fn report(self) -> ExitCode {
        match self {
            Failure::Failed(problem) => {
                tell(format_args!("throng: {problem}"));
                ExitCode::from(1)
            }
            Failure::Wrong(problem) => {
                tell(problem);
                ExitCode::from(2)
            }
            Failure::NobodyReads => ExitCode::SUCCESS,
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Failure {
        match error {
            OpenError::Store(StoreError::Locked { opens: true, .. }) => Failure::Failed(format!(
                "{error}; ask again once it is open: reading a long log takes its time"
            )),
            OpenError::Store(StoreError::Locked { .. }) => Failure::Failed(format!(
                "{error}; wait until it ends, or let `throng serve` hold the directory: beside \
                 that, the other commands work"
            )),
            other => Failure::Failed(other.to_string()),
        }
    }
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Failure {
        match error {
            ServeError::Open(_) | ServeError::Token => Failure::Wrong(format!("throng: {error}")),
            other => Failure::Failed(other.to_string()),
        }
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Failure {
        match trouble {
            Trouble::Wrong(text) | Trouble::Text { pictures: text, .. } => Failure::Wrong(text),
            Trouble::Failed(problem) => Failure::Failed(problem),
            Trouble::Cancelled => Failure::Failed("the question was cancelled".to_owned()),
        }
    }
}

/// What another process says is told as it would be told here.
impl From<ClientError> for Trouble {
    fn from(error: ClientError) -> Trouble {
        match error {
            ClientError::Wrong { pictures, json } => Trouble::Text { pictures, json },
            ClientError::Refused { status: 400 | 404, .. } => {
                Trouble::Wrong(format!("throng: {error}"))
            }
            ClientError::Cancelled => Trouble::Cancelled,
            other => Trouble::Failed(other.to_string()),
        }
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Failure {
        Failure::from(Trouble::from(error))
    }
}

impl From<CommitError> for Failure {
    fn from(error: CommitError) -> Failure {
        Failure::Failed(error.to_string())
    }
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Failure {
        Failure::from(Trouble::from(error))
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Failure::NobodyReads,
            _ => Failure::Failed(error.to_string()),
        }
    }
}
