//! Why a source cannot be read, or not further.

use crate::model::counted;
use crate::wire::csv::MappingError;
use std::{fmt, io};

/// Why a source cannot be read, or not further. What came before it stands.
///
/// ```
/// use std::io::Cursor;
/// use throng::wire::{Defaults, ReadError, Shape, read};
/// let opened = |file: &'static [u8]| read(Cursor::new(file), Shape::Ndjson, Defaults::file("import"), 1);
/// assert!(matches!(opened(b""), Err(ReadError::Empty)));
/// assert!(matches!(opened(b"\xFF\xFE{\0"), Err(ReadError::Utf16)));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadError {
    /// There is nothing in it.
    Empty,
    /// It is text in UTF-16.
    Utf16,
    /// The compressed data ends in the middle.
    CutShort {
        /// Bytes of the source that were read.
        at: u64,
    },
    /// The compressed data is damaged.
    Damaged {
        /// Bytes of the source that were read.
        at: u64,
        /// What the decoder says.
        source: io::Error,
    },
    /// The source could not be read.
    Io {
        /// Bytes of the source that were read.
        at: u64,
        /// What the system says.
        source: io::Error,
    },
    /// The mapping does not fit the file.
    Mapping(MappingError),
    /// A thread of the pipeline could not be started, or ended before its work was done.
    Interrupted,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Empty => f.write_str("the file is empty: there is nothing to import"),
            ReadError::Utf16 => {
                f.write_str("the file is UTF-16: convert it to UTF-8, with iconv for example")
            }
            ReadError::CutShort { at } => write!(
                f,
                "the gzip file ends too early, after {}: the file is cut short; fetch it again",
                counted(*at, "byte", "bytes")
            ),
            ReadError::Damaged { at, source } => {
                write!(f, "the gzip file is damaged near byte {at} ({source}): fetch it again")
            }
            ReadError::Io { source, .. } if source.kind() == io::ErrorKind::IsADirectory => {
                f.write_str("this is a directory: name the files in it")
            }
            ReadError::Io { at, source } => write!(f, "cannot read on after byte {at}: {source}"),
            ReadError::Mapping(error) => error.fmt(f),
            ReadError::Interrupted => f.write_str("a thread that reads the file ended early"),
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ReadError::Damaged { source, .. } | ReadError::Io { source, .. } => Some(source),
            ReadError::Mapping(error) => Some(error),
            _ => None,
        }
    }
}

impl From<MappingError> for ReadError {
    fn from(error: MappingError) -> ReadError {
        ReadError::Mapping(error)
    }
}
