//! Up to which record the rebuildable store is complete.

use crate::model::Lsn;
use crate::store::error::StoreError;
use crate::store::lines::{self, Lines};
use std::path::Path;

const NAME: &str = "CKPT";
const TITLE: &str = "throng checkpoint";

/// Up to which record the rebuildable store is complete, and the epoch of the
/// directory that says so. The default is that of an empty store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Checkpoint {
    /// The last record that is in it.
    pub lsn: Lsn,
    /// The epoch of its directory.
    pub epoch: u64,
}

impl Checkpoint {
    pub(super) fn put(self, directory: &Path) -> Result<(), StoreError> {
        let lines = Lines::default().with("lsn", self.lsn).with("epoch", self.epoch);
        lines.put(&directory.join(NAME), TITLE)
    }

    /// The checkpoint of a store; none before the first. A damaged one is an error.
    pub(in crate::store) fn read(directory: &Path) -> Result<Option<Checkpoint>, StoreError> {
        let Some(read) = lines::read(&directory.join(NAME), TITLE)? else { return Ok(None) };
        let lsn = Lsn(read.one("lsn", lines::number)?);
        Ok(Some(Checkpoint { lsn, epoch: read.one("epoch", lines::number)? }))
    }

    pub(super) fn remove(directory: &Path) -> Result<(), StoreError> {
        crate::store::files::remove(&directory.join(NAME))
    }
}
