//! Regular expressions, and the values of identifiers that name nobody.

use super::Text;
use super::limits::PATTERN_BYTES_MAX;
use regex::{Regex, RegexBuilder};
use std::fmt;

/// A regular expression as the language writes it: `/x+/`, `/x+/i` in either
/// case. It searches anywhere in a text, in time linear in its length.
///
/// ```
/// use throng::model::Pattern;
/// let zeros = Pattern::new("/^0+$/").unwrap();
/// assert!(zeros.finds("000") && !zeros.finds("0a0"));
/// assert!(Pattern::new("/n\\/a/i").unwrap().finds("N/A"));
/// assert_eq!(Pattern::new("/(/").unwrap_err().to_string(), "unclosed group");
/// ```
#[derive(Clone)]
pub struct Pattern {
    written: Text,
    compiled: Regex,
}

/// Why a text is no regular expression.
///
/// ```
/// use throng::model::Pattern;
/// assert_eq!(Pattern::new("/(/").unwrap_err().to_string(), "unclosed group");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoPattern(String);

impl Pattern {
    /// The expression between slashes.
    ///
    /// # Errors
    /// If it cannot be read, or is too large.
    pub fn new(written: &str) -> Result<Pattern, NoPattern> {
        let (inside, ignores_case) = inside(written).ok_or_else(no_slashes)?;
        let mut builder = RegexBuilder::new(inside);
        builder.case_insensitive(ignores_case).size_limit(PATTERN_BYTES_MAX);
        if is_cut(inside) {
            return Err(NoPattern(
                "a slash inside is written `\\/`, and it stays on its line".into(),
            ));
        }
        let compiled = builder.build().map_err(|error| NoPattern::of(&error.to_string()))?;
        Ok(Pattern { written: written.into(), compiled })
    }

    /// Whether it is found anywhere in a text.
    pub fn finds(&self, text: &str) -> bool {
        self.compiled.is_match(text)
    }
}

/// What stands between the slashes, and whether case does not matter.
fn inside(written: &str) -> Option<(&str, bool)> {
    let ignores_case = written.ends_with('i');
    let text = if ignores_case { &written[..written.len() - 1] } else { written };
    Some((text.strip_prefix('/')?.strip_suffix('/')?, ignores_case))
}

/// Whether the language would read its end before the end.
fn is_cut(inside: &str) -> bool {
    let mut escaped = false;
    inside.chars().any(|c| {
        let cuts = c == '\n' || (c == '/' && !escaped);
        escaped = c == '\\' && !escaped;
        cuts
    }) || escaped
}

fn no_slashes() -> NoPattern {
    NoPattern("it stands between slashes".to_owned())
}

impl NoPattern {
    /// The last line, without the picture above it.
    fn of(said: &str) -> NoPattern {
        let last = said.lines().last().unwrap_or_default();
        let last = last.strip_prefix("error: ").unwrap_or(last);
        NoPattern(last.trim_end_matches('.').to_owned())
    }
}

impl fmt::Display for NoPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoPattern {}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.written == other.written
    }
}

impl Eq for Pattern {}

/// The values of a kind of identifier that name nobody.
///
/// ```
/// use throng::model::{Blocked, Pattern};
/// let blocked = Blocked { pattern: Some(Pattern::new("/^0+$/").unwrap()), ..Blocked::default() };
/// assert!(blocked.values.is_empty() && blocked.pattern.unwrap().finds("000"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocked {
    /// These.
    pub values: Vec<Text>,
    /// And those in which this is found.
    pub pattern: Option<Pattern>,
}

impl From<Vec<Text>> for Blocked {
    fn from(values: Vec<Text>) -> Blocked {
        Blocked { values, pattern: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_expression_says_why_in_one_line() {
        for (written, why) in [
            ("x", "it stands between slashes"),
            ("/", "it stands between slashes"),
            ("/[/]/", "a slash inside is written `\\/`, and it stays on its line"),
            ("/[/", "unclosed character class"),
            ("/(?=x)/", "look-around, including look-ahead and look-behind, is not supported"),
            ("/(x)\\1/", "backreferences are not supported"),
            ("/(\\w{1000}){1000}/", "Compiled regex exceeds size limit of 1048576 bytes"),
        ] {
            assert_eq!(Pattern::new(written).unwrap_err().to_string(), why, "{written}");
        }
    }

    #[test]
    fn it_searches_anywhere_and_knows_all_letters() {
        for (written, text, finds) in [
            ("/b/", "abc", true),
            ("/^b/", "abc", false),
            ("/É/i", "café", true),
            ("/É/", "café", false),
            ("//", "", true),
            ("/i/", "I", false),
        ] {
            assert_eq!(Pattern::new(written).unwrap().finds(text), finds, "{written} {text}");
        }
    }
}
