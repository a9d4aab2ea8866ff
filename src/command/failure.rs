//! How a command ends when it does not end well.

use crate::engine::{CommitError, OpenError, QueryError};
use std::fmt::Display;
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

    /// Says what happened, and gives the exit status.
    pub fn report(self) -> ExitCode {
        match self {
            Failure::Failed(problem) => {
                eprintln!("throng: {problem}");
                ExitCode::from(1)
            }
            Failure::Wrong(problem) => {
                eprintln!("{problem}");
                ExitCode::from(2)
            }
            Failure::NobodyReads => ExitCode::SUCCESS,
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Failure {
        Failure::Failed(error.to_string())
    }
}

impl From<CommitError> for Failure {
    fn from(error: CommitError) -> Failure {
        Failure::Failed(error.to_string())
    }
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Failure {
        match error {
            QueryError::Text { pictures, .. } => Failure::Wrong(pictures),
            QueryError::NoSuchAudience(_)
            | QueryError::NotBuilt(_)
            | QueryError::Commit(CommitError::NoSuchProfile(_)) => {
                Failure::Wrong(format!("throng: {error}"))
            }
            other => Failure::Failed(other.to_string()),
        }
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
