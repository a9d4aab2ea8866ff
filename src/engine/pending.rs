//! A commit that is on its way.

use super::request::Reply;
use super::{CommitError, Receipt};
use crossbeam::channel::Receiver;

/// Where the reply comes in.
pub(super) type Answered = Receiver<Result<Reply, CommitError>>;

/// A commit that is on its way.
///
/// ```
/// use throng::engine::{CommitTime, Throng};
/// let throng = Throng::temporary()?;
/// let pending = throng.begin(Vec::new(), CommitTime::Clock, false)?;
/// assert_eq!(pending.wait()?.accepted, 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "whether the commit happened is known when it was waited for"]
pub struct Pending(pub(super) Answered);

impl Pending {
    /// Waits until the commit is durable and applied.
    ///
    /// ```
    /// use throng::engine::{CommitTime, Throng};
    /// let throng = Throng::temporary()?;
    /// let pending = throng.begin(Vec::new(), CommitTime::Clock, false)?;
    /// assert_eq!(pending.wait()?.lsn, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// See [`CommitError`]; nothing was applied.
    pub fn wait(self) -> Result<Receipt, CommitError> {
        match self.0.recv().map_err(|_| CommitError::Closed)?? {
            Reply::Receipt(receipt, _spent) => Ok(receipt),
            _ => Ok(Receipt::default()),
        }
    }
}
