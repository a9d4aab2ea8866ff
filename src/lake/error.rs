//! Why no lake was written.

use crate::query::CrowdError;
use parquet::errors::ParquetError;
use std::path::PathBuf;
use std::{fmt, io};

/// Why no lake was written. What was there before is untouched.
#[derive(Debug)]
#[non_exhaustive]
pub enum LakeError {
    /// A file could not be written or put in its place.
    Io(PathBuf, io::Error),
    /// A file could not be laid out.
    Parquet(ParquetError),
    /// People could not be read.
    People(CrowdError),
    /// The directory holds something else than a lake.
    Occupied(PathBuf),
}

impl fmt::Display for LakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LakeError::Io(path, error) => write!(f, "{}: {error}", path.display()),
            LakeError::Parquet(error) => error.fmt(f),
            LakeError::People(error) => error.fmt(f),
            LakeError::Occupied(path) => write!(
                f,
                "{} is there and is no lake; name a directory that is not there, or an earlier lake",
                path.display()
            ),
        }
    }
}

impl std::error::Error for LakeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            LakeError::Io(_, error) => Some(error),
            LakeError::Parquet(error) => Some(error),
            LakeError::People(error) => Some(error),
            LakeError::Occupied(_) => None,
        }
    }
}

impl From<ParquetError> for LakeError {
    fn from(error: ParquetError) -> LakeError {
        LakeError::Parquet(error)
    }
}

impl From<CrowdError> for LakeError {
    fn from(error: CrowdError) -> LakeError {
        LakeError::People(error)
    }
}
