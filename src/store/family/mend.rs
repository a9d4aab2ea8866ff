//! Mending what a crash left, before the first record is appended. Whoever
//! only reads mends nothing.

use super::mark;
use super::open;
use super::write::Family;
use crate::store::error::StoreError;
use crate::store::files;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

/// What a crash left at the end of the last file. Nothing in it was ever
/// acknowledged. It is cut off before something is appended.
///
/// ```
/// use throng::engine::{Throng, Torn};
/// let throng = Throng::temporary()?;
/// let bytes: u64 = throng.torn().iter().map(|torn: &Torn| torn.bytes).sum();
/// assert_eq!(bytes, 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Torn {
    /// The file.
    pub file: PathBuf,
    /// Where it is cut.
    pub offset: u64,
    /// How many bytes that are not zero, and zeros between them.
    pub bytes: u64,
}

impl Torn {
    /// Where the bytes lie once they are cut off; those of an earlier crash
    /// are replaced by them.
    ///
    /// ```
    /// use throng::engine::Torn;
    /// let torn = Torn { file: "log/00000001.log".into(), offset: 64, bytes: 12 };
    /// assert!(torn.aside().ends_with("log/00000001.log.torn"));
    /// ```
    pub fn aside(&self) -> PathBuf {
        let mut name = self.file.as_os_str().to_owned();
        name.push(".torn");
        name.into()
    }
}

impl Family {
    /// Cuts off what a crash left, removes what is left over, and makes
    /// durable what was read: others are going to rely on it.
    pub(in crate::store) fn mend(&mut self) -> Result<(), StoreError> {
        if self.is_mended {
            return Ok(());
        }
        self.guarded(|family| {
            for path in std::mem::take(&mut family.leftovers) {
                files::remove(&path)?;
            }
            for (piece, sum) in std::mem::take(&mut family.unsummed) {
                sum.put(&piece)?;
            }
            family.cut()?;
            if !family.is_marked {
                let synced = family.file.sync_data();
                synced.map_err(StoreError::io("sync", &family.open.path))?;
                family.put_mark();
            }
            family.is_mended = true;
            Ok(())
        })
    }

    /// The torn end of the last file, as long as it is there or was cut here.
    pub(in crate::store) fn torn(&self) -> Option<&Torn> {
        self.torn.as_ref()
    }

    fn cut(&mut self) -> Result<(), StoreError> {
        let Some(torn) = &self.torn else { return Ok(()) };
        let path = &self.open.path;
        let bytes = open::read(&self.file, torn.offset, torn.offset + torn.bytes);
        let bytes = bytes.map_err(StoreError::io("read", path))?;
        // Nobody was promised anything of it, so a full disk does not keep it.
        if let Err(error) = files::put_whole(&torn.aside(), &bytes) {
            tracing::info!(%error, "the unfinished end of a file could not be kept aside");
        }
        self.file.set_len(torn.offset).map_err(StoreError::io("cut", path))?;
        self.file.sync_all().map_err(StoreError::io("sync", path))?;
        self.filled = torn.offset;
        Ok(())
    }

    /// Says behind the last record that it is on disk. Without the mark
    /// nothing is lost, so a failure is left to the next write.
    pub(super) fn put_mark(&mut self) {
        let Some(last) = self.durable.filter(|_| self.n_records > 0) else { return };
        let mark = mark::put(self.open.seed, self.chain, last);
        self.is_marked = self.file.write_all_at(&mark, self.open.end).is_ok();
        self.is_mark_synced = false;
    }

    /// Makes the mark durable, too: at an orderly end no doubt is left.
    pub(in crate::store) fn close(&mut self) -> Result<(), StoreError> {
        if !self.is_mended || !self.is_marked || self.is_mark_synced {
            return Ok(());
        }
        self.guarded(|family| {
            let synced = family.file.sync_data();
            synced.map_err(StoreError::io("sync", &family.open.path))?;
            family.is_mark_synced = true;
            Ok(())
        })
    }
}
