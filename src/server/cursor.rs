//! How far a follower of an audience has come.

use super::problem::Problem;
use std::fmt;
use std::str::FromStr;

/// A record, and how many of its changes were seen. Written `12`, or `12.3`
/// where the follower stopped in the middle of what one record changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    pub lsn: u64,
    pub seen: u64,
}

impl Cursor {
    /// Before every change of a record.
    pub fn before(lsn: u64) -> Cursor {
        Cursor { lsn, seen: 0 }
    }

    pub fn parse(text: &str) -> Result<Cursor, Problem> {
        text.parse().map_err(|()| {
            let message = format!(
                "`{}` is no place in the feed; give a record's number, or what an answer gave",
                text.chars().take(40).collect::<String>()
            );
            Problem::wrong("wrong_parameter", message)
        })
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Cursor, ()> {
        let (lsn, seen) = text.split_once('.').unwrap_or((text, "0"));
        let number = |digits: &str| {
            let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
            if plain { digits.parse().map_err(drop) } else { Err(()) }
        };
        Ok(Cursor { lsn: number(lsn)?, seen: number(seen)? })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seen {
            0 => write!(f, "{}", self.lsn),
            seen => write!(f, "{}.{seen}", self.lsn),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_as_it_was_written() {
        for text in ["0", "12", "12.3", "18446744073709551615"] {
            assert_eq!(text.parse::<Cursor>().unwrap().to_string(), text);
        }
        for text in ["", "-1", "+1", "12.", "1.2.3", "x", "99999999999999999999"] {
            assert!(text.parse::<Cursor>().is_err(), "{text}");
        }
    }
}
