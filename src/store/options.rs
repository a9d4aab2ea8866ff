//! Sizes that a store is opened with.

/// Sizes that a store is opened with; [`Options::default`] suits a server, and
/// tests choose small ones.
///
/// ```
/// let small = throng::store::Options { reserve_bytes: 0, ..Default::default() };
/// assert_eq!(small.file_bytes, 64 << 20);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// A file of the log or feed that has reached this size is sealed.
    pub file_bytes: u64,
    /// The open file is filled with zeros ahead of its end in steps of this size.
    pub step_bytes: u64,
    /// Size of the file that is deleted to make room when the disk is full.
    pub reserve_bytes: u64,
    /// Free space below which nothing more is taken in.
    pub free_bytes_min: u64,
    /// Budget of the cache of pages.
    pub page_cache_bytes: usize,
    /// Cache of the tree store itself, which takes about 2.3 times as much.
    pub tree_cache_bytes: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            file_bytes: 64 << 20,
            step_bytes: 4 << 20,
            reserve_bytes: 64 << 20,
            free_bytes_min: 256 << 20,
            page_cache_bytes: 256 << 20,
            tree_cache_bytes: 32 << 20,
        }
    }
}

impl Options {
    /// Sizes of a store that lives for one test.
    pub fn small() -> Options {
        Options {
            file_bytes: 1 << 20,
            step_bytes: 4 << 10,
            reserve_bytes: 0,
            free_bytes_min: 0,
            page_cache_bytes: 1 << 20,
            tree_cache_bytes: 1 << 20,
        }
    }
}
