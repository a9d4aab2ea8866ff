//! What a developer asks the handle: questions, followed audiences, numbers.

use super::request::{Order, Reply};
use super::{
    Answers, Ask, CommitError, Info, QueryError, Stop, Subscription, Throng, Verified, ask, members,
};
use crate::state::View;

impl Throng {
    /// Runs a program of statements at the time of the clock.
    ///
    /// # Errors
    /// See [`QueryError`]. If the text is wrong, nothing of it was done.
    pub fn query(&self, text: &str) -> Result<Answers, QueryError> {
        self.ask(&Ask { text, ..Ask::default() })
    }

    /// Runs a program of statements as told.
    ///
    /// # Errors
    /// See [`QueryError`].
    pub fn ask(&self, asked: &Ask<'_>) -> Result<Answers, QueryError> {
        ask::ask(self, asked)
    }

    /// A place to read from that shows every commit acknowledged so far.
    ///
    /// # Errors
    /// If the handle is closed or stopped.
    pub fn view(&self) -> Result<View, CommitError> {
        match self.order(Order::View)? {
            Reply::View(view) => Ok(*view),
            _ => Err(CommitError::Closed),
        }
    }

    /// Follows who enters and leaves an audience, from a record's number on
    /// (from the next one, without).
    ///
    /// # Errors
    /// If there is no such audience.
    pub fn subscribe(&self, audience: &str, from: Option<u64>) -> Result<Subscription, QueryError> {
        Subscription::new(self, audience, from)
    }

    /// Computes every audience afresh from all facts, and compares person by person.
    ///
    /// # Errors
    /// See [`QueryError`].
    pub fn verify(&self) -> Result<Vec<Verified>, QueryError> {
        let view = self.view()?;
        let audiences: Vec<_> = view.catalog().audiences().cloned().collect();
        members::verify_all(&view, &audiences, &Stop::default())
    }

    /// Numbers about the database.
    ///
    /// # Errors
    /// If the handle is closed or stopped.
    pub fn info(&self) -> Result<Info, CommitError> {
        match self.order(Order::Info)? {
            Reply::Info(info) => Ok(*info),
            _ => Err(CommitError::Closed),
        }
    }
}
