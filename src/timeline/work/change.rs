//! What a seal or a merge gives: what is to be written, and what then holds.

use crate::timeline::pages::PageKey;
use crate::timeline::run::Run;
use crate::timeline::slice::Slice;
use std::sync::Arc;

/// The outcome of a seal or a merge. Nothing has changed yet: the caller writes
/// the pages, then the entries, and then installs it.
#[derive(Clone, Debug)]
#[must_use = "a change does nothing until it is installed"]
pub struct Change {
    /// The new pages, by key.
    pub pages: Vec<(PageKey, Vec<u8>)>,
    /// The new entries of the directory; those that are none are to be deleted.
    pub entries: Vec<(DirectoryKey, Option<Vec<u8>>)>,
    /// The pages that nothing will name any more. Views that were made before
    /// still read them, and so does the checkpoint before this one.
    pub replaced: Vec<PageKey>,
    /// How many rows were written.
    pub n_rows: u64,
    /// The version of the directory that it was made of.
    pub(in crate::timeline) base: u64,
    pub(in crate::timeline) next_run: u32,
    pub(in crate::timeline) added: Vec<Arc<Run>>,
    pub(in crate::timeline) removed: Vec<Arc<Run>>,
    /// The rows of the tail before this one are sealed.
    pub(in crate::timeline) sealed_before: u64,
    /// How many rows of which stream were sealed.
    pub(in crate::timeline) sealed: Vec<(u32, u64)>,
}

impl Change {
    /// What installing needs, without the bytes.
    pub(in crate::timeline) fn clone_without_pages(&self) -> Change {
        Change {
            pages: Vec::new(),
            entries: Vec::new(),
            replaced: Vec::new(),
            added: self.added.clone(),
            removed: self.removed.clone(),
            sealed: self.sealed.clone(),
            ..*self
        }
    }
}

/// The name of an entry of the directory.
///
/// ```
/// use throng::timeline::DirectoryKey;
/// let key = DirectoryKey::Summary;
/// assert_eq!(DirectoryKey::from_bytes(&key.to_bytes()), Some(key));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DirectoryKey {
    /// The streams and how many rows of each are sealed, and the next run's number.
    Summary,
    /// The runs of one chunk and slice.
    Runs {
        /// Which 65,536 origins.
        chunk: u32,
        /// Which slice of time.
        slice: Slice,
    },
}

impl DirectoryKey {
    /// Bytes that sort as the keys do.
    pub fn to_bytes(self) -> Vec<u8> {
        match self {
            DirectoryKey::Summary => Vec::new(),
            DirectoryKey::Runs { chunk, slice } => {
                [chunk.to_be_bytes(), slice.number().to_be_bytes()].concat()
            }
        }
    }

    /// The key that [`DirectoryKey::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Option<DirectoryKey> {
        if bytes.is_empty() {
            return Some(DirectoryKey::Summary);
        }
        let bytes: &[u8; 8] = bytes.try_into().ok()?;
        let part = |at: usize| u32::from_be_bytes(std::array::from_fn(|n| bytes[at + n]));
        Some(DirectoryKey::Runs { chunk: part(0), slice: Slice::of_number(part(4))? })
    }
}
