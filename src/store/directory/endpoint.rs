//! Where the process that holds the lock listens, for those who find it held.

use super::lock::is_alive;
use crate::store::error::StoreError;
use crate::store::files;
use crate::store::lines::{self, Lines};
use std::path::Path;

const NAME: &str = "ENDPOINT";
const TITLE: &str = "throng endpoint";

/// An address and the token that opens it, readable by the owner alone.
///
/// ```
/// use throng::engine::Endpoint;
/// let here = Endpoint::here("127.0.0.1:7411", "a secret");
/// assert!(!format!("{here:?}").contains("secret"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Where to send statements.
    pub address: String,
    /// What proves that the sender may read the directory.
    pub token: String,
    /// The process that listens.
    pub pid: u32,
}

impl Endpoint {
    /// The endpoint of this process.
    pub fn here(address: impl Into<String>, token: impl Into<String>) -> Endpoint {
        Endpoint { address: address.into(), token: token.into(), pid: std::process::id() }
    }

    /// Reads it without the lock; one whose process is gone is none.
    ///
    /// ```
    /// use throng::engine::{Endpoint, Options, Throng};
    /// let place = tempfile::tempdir()?;
    /// let throng = Throng::open(place.path(), Options { reserve_bytes: 0, ..Options::default() })?;
    /// let here = Endpoint::here("127.0.0.1:7411", "a secret");
    /// throng.answer_at(Some(here.clone()))?;
    /// assert_eq!(Endpoint::read(place.path())?, Some(here));
    /// throng.answer_at(None)?;
    /// assert_eq!(Endpoint::read(place.path())?, None);
    /// throng.close()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(directory: &Path) -> Result<Option<Endpoint>, StoreError> {
        let Some(read) = lines::read(&directory.join(NAME), TITLE)? else { return Ok(None) };
        let text = |text: &str| Some(text.to_owned());
        let endpoint = Endpoint {
            address: read.one("address", text)?,
            token: read.one("token", text)?,
            pid: read.one("pid", lines::number)?,
        };
        Ok(is_alive(endpoint.pid).then_some(endpoint))
    }

    pub(super) fn put(&self, directory: &Path) -> Result<(), StoreError> {
        let lines = Lines::default().with("address", &self.address).with("token", &self.token);
        lines.with("pid", self.pid).put(&directory.join(NAME), TITLE)
    }

    pub(super) fn remove(directory: &Path) -> Result<(), StoreError> {
        files::remove(&directory.join(NAME))
    }
}

/// The token stays out of messages and traces.
impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Endpoint({}, process {})", self.address, self.pid)
    }
}
