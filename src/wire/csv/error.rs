//! What is wrong with a mapping.

use std::fmt;

/// What is wrong with a mapping, where, and what to do about it.
///
/// ```
/// use throng::wire::csv::Mapping;
/// let error = Mapping::from_toml("[[call]]\ntype = 'trak'\nevent = 'order'").unwrap_err();
/// assert_eq!((error.line, &*error.key), (Some(2), "call[1].type"));
/// assert!(error.to_string().starts_with("the mapping, line 2, `call[1].type`: "));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingError {
    /// The line of the mapping, from 1, where it is known.
    pub line: Option<usize>,
    /// The key, with those that it lies under: `call[1].properties.total`.
    pub key: String,
    /// What is wrong, in words.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for MappingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the mapping")?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if !self.key.is_empty() {
            write!(f, ", `{}`", self.key)?;
        }
        write!(f, ": {}; {}", self.message, self.remedy)
    }
}

impl std::error::Error for MappingError {}
