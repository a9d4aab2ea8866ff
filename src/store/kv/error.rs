//! What can go wrong in the rebuildable store. Nothing of it loses data.

use std::fmt;

/// Why the rebuildable store did not answer; the log can rebuild it.
///
/// ```
/// use throng::engine::{KvError, Options, Throng, check};
/// let place = tempfile::tempdir()?;
/// let throng = Throng::open(place.path(), Options { reserve_bytes: 0, ..Options::default() })?;
/// throng.close()?;
/// assert_eq!(check(place.path())?.kv, None::<KvError>);
/// let error = KvError::Damaged { tree: "pages", key: vec![0, 0x2A] };
/// assert!(error.to_string().starts_with("kv: in tree pages the checksum under key 002a"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KvError {
    /// A value is not what was put there.
    Damaged {
        /// The tree.
        tree: &'static str,
        /// The key.
        key: Vec<u8>,
    },
    /// A value is longer than the store keeps.
    TooLarge {
        /// Its bytes.
        given: usize,
        /// Bytes it may have.
        limit: usize,
    },
    /// The tree store failed, and what it said.
    Failed(String),
    /// The disk is full. Nothing is damaged by that.
    DiskFull,
    /// Somebody holds the file of the tree store. Nothing is damaged by that.
    Held,
    /// The tree store failed earlier: it answers no more until opened again.
    Stopped,
}

impl fmt::Display for KvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KvError::Damaged { tree, key } => {
                write!(f, "kv: in tree {tree} the checksum under key ")?;
                key.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
                f.write_str(" does not match; the next open rebuilds kv from the log")
            }
            KvError::TooLarge { given, limit } => {
                write!(f, "kv: a value may have at most {limit} bytes, this one has {given}")
            }
            KvError::Failed(what) => {
                write!(f, "kv: {what}; the next open rebuilds it from the log if need be")
            }
            KvError::DiskFull => f.write_str("kv: the disk is full; make room, then open again"),
            KvError::Held => f.write_str(
                "kv: another process holds kv/db; end it, or try again when it has let it go",
            ),
            KvError::Stopped => {
                f.write_str("kv: it failed earlier and answers no more until opened again")
            }
        }
    }
}

impl std::error::Error for KvError {}
