//! Versions of software, in the order of their releases.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A version like `2.10.0` or `3.0-beta.2`: numbers parted by points, compared one
/// by one, those that are missing being zero; then a release before which come its
/// own previews, as semantic versioning orders them. A `v` before it and what
/// follows a `+` say nothing about the order and are left out.
///
/// ```
/// use throng::model::Version;
/// let version = |text: &str| text.parse::<Version>().unwrap();
/// assert!(version("2.9") < version("2.10"));
/// assert!(version("3.0-beta.2") < version("3.0"));
/// assert_eq!(version("v2.0"), version("2.0.0+build.7"));
/// assert_eq!(version("2").to_string(), "2.0.0");
/// assert!("two".parse::<Version>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    /// The numbers, without zeros at the end.
    numbers: Vec<u64>,
    /// What the preview is called; of a release nothing.
    preview: Vec<Part>,
}

/// A text that is no version.
///
/// ```
/// use throng::model::{NoVersion, Version};
/// assert_eq!("1.x".parse::<Version>(), Err(NoVersion));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoVersion;

/// A part of a preview's name: numbers come before words.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Word(String),
}

/// Numbers that are shown at the least.
const SHOWN_MIN: usize = 3;

impl FromStr for Version {
    type Err = NoVersion;

    fn from_str(text: &str) -> Result<Version, NoVersion> {
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let (text, build) = text.split_once('+').unwrap_or((text, "0"));
        let (numbers, preview) = match text.split_once('-') {
            Some((numbers, preview)) => (numbers, Some(preview)),
            None => (text, None),
        };
        parts(build)?;
        let numbers = numbers.split('.').map(number).collect::<Result<Vec<u64>, _>>()?;
        let n_numbers = numbers.iter().rposition(|number| *number != 0).map_or(0, |last| last + 1);
        let preview = preview.map_or(Ok(Vec::new()), parts)?;
        Ok(Version { numbers: numbers[..n_numbers].to_vec(), preview })
    }
}

fn number(digits: &str) -> Result<u64, NoVersion> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| plain).ok_or(NoVersion)
}

fn parts(text: &str) -> Result<Vec<Part>, NoVersion> {
    text.split('.').map(part).collect()
}

fn part(text: &str) -> Result<Part, NoVersion> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    match text {
        _ if text.is_empty() || !text.bytes().all(is_word) => Err(NoVersion),
        _ if text.bytes().all(|byte| byte.is_ascii_digit()) => number(text).map(Part::Number),
        _ => Ok(Part::Word(text.to_owned())),
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Version) -> Ordering {
        // A release has no name of a preview and comes after all that have one.
        let is_release = |version: &Version| version.preview.is_empty();
        let by_number = self.numbers.cmp(&other.numbers);
        by_number
            .then_with(|| is_release(self).cmp(&is_release(other)))
            .then_with(|| self.preview.cmp(&other.preview))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Version) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in 0..self.numbers.len().max(SHOWN_MIN) {
            let point = if place == 0 { "" } else { "." };
            write!(f, "{point}{}", self.numbers.get(place).unwrap_or(&0))?;
        }
        for (place, part) in self.preview.iter().enumerate() {
            f.write_str(if place == 0 { "-" } else { "." })?;
            match part {
                Part::Number(number) => write!(f, "{number}")?,
                Part::Word(word) => f.write_str(word)?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for NoVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a version is numbers parted by points, like 2.10.0 or 3.0-beta.2")
    }
}

impl std::error::Error for NoVersion {}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn versions_ascend_as_semantic_versioning_says() {
        let ascending = [
            "0",
            "0.0.1-1",
            "0.0.1-alpha",
            "0.0.1",
            "0.9.9.9",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.0.0.1",
            "1.2",
            "1.10",
            "18446744073709551615",
        ];
        for (place, low) in ascending.iter().enumerate() {
            for (other, high) in ascending.iter().enumerate() {
                let expected = place.cmp(&other);
                assert_eq!(version(low).cmp(&version(high)), expected, "{low} {high}");
            }
        }
    }

    #[test]
    fn what_is_shown_reads_as_the_same_version() {
        for (written, shown) in [
            ("v1", "1.0.0"),
            ("1.2.3.0", "1.2.3"),
            ("1.2.3.4", "1.2.3.4"),
            ("01.002", "1.2.0"),
            ("V3.0-rc.01+x.y-z", "3.0.0-rc.1"),
            ("1--", "1.0.0--"),
        ] {
            assert_eq!(version(written).to_string(), shown, "{written}");
            assert_eq!(version(shown), version(written), "{written}");
        }
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in
            ["", "v", "1.", ".1", "1..2", "1.x", "-1", "+1", "1-", "1-a..b", "1+", "1 ", "1-é"]
        {
            assert_eq!(text.parse::<Version>(), Err(NoVersion), "{text}");
        }
        assert_eq!("18446744073709551616".parse::<Version>(), Err(NoVersion));
    }
}
