//! Small text files that a person can read: lines of `key value` under a
//! title, and a checksum over them as the last line.

use super::error::{Damage, Flaw, StoreError};
use super::files;
use std::fmt::{Display, Write};
use std::path::{Path, PathBuf};

/// The lines of such a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lines(Vec<(String, String)>);

/// Lines read from a file, and how to say that they are wrong.
pub(super) struct Read {
    lines: Lines,
    file: PathBuf,
}

impl Lines {
    /// These lines and one more.
    pub(super) fn with(mut self, key: &str, value: impl Display) -> Lines {
        self.0.push((key.to_owned(), value.to_string()));
        self
    }

    /// Puts the file in place as a whole.
    pub(super) fn put(&self, path: &Path, title: &str) -> Result<(), StoreError> {
        files::put_whole(path, self.print(title).as_bytes())
    }

    fn print(&self, title: &str) -> String {
        let mut text = format!("{title}\n");
        for (key, value) in &self.0 {
            let _ = writeln!(text, "{key} {value}");
        }
        let sum = crc32fast::hash(text.as_bytes());
        let _ = writeln!(text, "crc {sum:08x}");
        text
    }

    fn parse(bytes: &[u8], title: &str) -> Option<Lines> {
        let text = std::str::from_utf8(bytes).ok()?;
        let (body, sum) = text.strip_suffix('\n')?.rsplit_once("\ncrc ")?;
        let body = text.get(..body.len() + 1)?;
        if sum != format!("{:08x}", crc32fast::hash(body.as_bytes())) {
            return None;
        }
        let mut lines = body.lines();
        if lines.next()? != title {
            return None;
        }
        let pair = |line: &str| {
            line.split_once(' ').map(|(key, value)| (key.to_owned(), value.to_owned()))
        };
        lines.map(pair).collect::<Option<Vec<_>>>().map(Lines)
    }
}

/// Reads such a file; none if there is no file.
pub(super) fn read(path: &Path, title: &str) -> Result<Option<Read>, StoreError> {
    let Some(bytes) = files::read_if_there(path)? else { return Ok(None) };
    let file = path.to_owned();
    match Lines::parse(&bytes, title) {
        Some(lines) => Ok(Some(Read { lines, file })),
        None => Err(Damage { file, offset: 0, flaw: Flaw::Lines }.into()),
    }
}

impl Read {
    /// The value under a key, read by `parse`.
    pub(super) fn one<T>(
        &self,
        key: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        self.all(key).next().and_then(parse).ok_or_else(|| self.wrong())
    }

    /// Every value under a key.
    pub(super) fn all(&self, key: &str) -> impl Iterator<Item = &str> {
        let pairs = self.lines.0.iter().filter(move |pair| pair.0 == key);
        pairs.map(|pair| &*pair.1)
    }

    /// The error of a file whose lines do not say what they should.
    pub(super) fn wrong(&self) -> StoreError {
        Damage { file: self.file.clone(), offset: 0, flaw: Flaw::Lines }.into()
    }
}

/// Reads a whole number in decimal.
pub(super) fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

/// Reads 128 bits in hexadecimal.
pub(super) fn bits(text: &str) -> Option<u128> {
    (text.len() == 32).then(|| u128::from_str_radix(text, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let lines = Lines::default().with("lsn", 12).with("name", "a b");
        let text = lines.print("throng thing").into_bytes();
        assert_eq!(Lines::parse(&text, "throng thing"), Some(lines));
        for place in 0..text.len() {
            assert_eq!(Lines::parse(&text[..place], "throng thing"), None);
            for bit in 0..8 {
                let mut bad = text.clone();
                bad[place] ^= 1 << bit;
                assert_eq!(Lines::parse(&bad, "throng thing"), None, "byte {place} bit {bit}");
            }
        }
    }
}
