//! Numbers that name things: events, records, profiles, seats.

use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// The identity of an event, 128 bits: the same id counts once.
///
/// ```
/// use throng::model::EventId;
/// let [web, app] = ["web", "app"].map(|source| EventId::of_message(source, "o-1"));
/// assert_ne!(web, app);
/// let uuid = "7f9c24e8-3b12-4fef-91e0-5cf44d1a2f11";
/// assert_eq!(EventId::of_message("web", uuid), EventId::of_message("app", uuid));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub u128);

impl EventId {
    /// The id of a message: a UUID as it is, otherwise the first 128 bits of
    /// SHA-256 of source, 0x1F and message id.
    ///
    /// ```
    /// use throng::model::EventId;
    /// let uuid = EventId::of_message("web", "67e55044-10b1-426f-9247-bb680e5fe0c8");
    /// assert_eq!(uuid, EventId::of_message("app", "67E55044-10B1-426F-9247-BB680E5FE0C8"));
    /// assert_ne!(EventId::of_message("web", "m-1"), EventId::of_message("app", "m-1"));
    /// ```
    pub fn of_message(source: &str, message: &str) -> EventId {
        uuid(message.as_bytes()).unwrap_or_else(|| {
            let sum = Sha256::new()
                .chain_update(source)
                .chain_update([0x1F])
                .chain_update(message)
                .finalize();
            EventId::of_sum(&sum)
        })
    }

    /// The id of a call that came without a message id: its record and its place in it.
    ///
    /// ```
    /// use throng::model::{EventId, Lsn};
    /// assert!(EventId::of_place(Lsn(7), 0) < EventId::of_place(Lsn(7), 1));
    /// assert!(EventId::of_place(Lsn(7), 1) < EventId::of_place(Lsn(8), 0));
    /// ```
    pub fn of_place(lsn: Lsn, index: u32) -> EventId {
        EventId((u128::from(lsn.0) << 32) | u128::from(index))
    }

    fn of_sum(sum: &[u8]) -> EventId {
        EventId(sum[..16].iter().fold(0, |bits, byte| (bits << 8) | u128::from(*byte)))
    }
}

/// A UUID in its text form of 36 characters.
fn uuid(text: &[u8]) -> Option<EventId> {
    if text.len() != 36 {
        return None;
    }
    let mut bits = 0u128;
    for (place, byte) in text.iter().enumerate() {
        match place {
            8 | 13 | 18 | 23 if *byte == b'-' => {}
            8 | 13 | 18 | 23 => return None,
            _ => bits = (bits << 4) | u128::from((*byte as char).to_digit(16)?),
        }
    }
    Some(EventId(bits))
}

/// The number of a log record: one commit.
///
/// ```
/// use throng::model::Lsn;
/// assert!(Lsn(2) > Lsn::default());
/// assert_eq!(Lsn(2).to_string(), "2");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Lsn(pub u64);

/// A profile's dense place in bitmaps and chunks: its seat.
///
/// ```
/// use throng::model::Ordinal;
/// assert_eq!((Ordinal(65_540).chunk(), Ordinal(65_540).in_chunk()), (1, 4));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ordinal(pub u32);

impl Ordinal {
    /// Seats in one chunk.
    pub const PER_CHUNK: u32 = 1 << 16;

    /// The chunk that the seat lies in.
    pub fn chunk(self) -> u32 {
        self.0 / Ordinal::PER_CHUNK
    }

    /// The seat's place inside its chunk.
    pub fn in_chunk(self) -> u16 {
        (self.0 % Ordinal::PER_CHUNK) as u16
    }
}

/// A profile's name for the world: the birth number of its root identifier.
///
/// ```
/// use throng::model::ProfileId;
/// assert_eq!(ProfileId(1_234_567).to_string(), "p:15nm7");
/// assert_eq!("p:15nm7".parse(), Ok(ProfileId(1_234_567)));
/// assert!("p:015nm7".parse::<ProfileId>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProfileId(pub u32);

/// Base 32 without i, l, o and u, so that no two digits look alike.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

impl fmt::Display for ProfileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("p:")?;
        let n_digits = (32 - self.0.leading_zeros()).div_ceil(5).max(1);
        (0..n_digits).rev().try_for_each(|place| {
            let digit = DIGITS[(self.0 >> (5 * place)) as usize & 31];
            write!(f, "{}", digit as char)
        })
    }
}

/// A text that names no profile.
///
/// ```
/// use throng::model::{NotAProfileId, ProfileId};
/// assert_eq!("15nm7".parse::<ProfileId>(), Err(NotAProfileId));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAProfileId;

impl FromStr for ProfileId {
    type Err = NotAProfileId;

    fn from_str(text: &str) -> Result<ProfileId, NotAProfileId> {
        let digits = text.strip_prefix("p:").ok_or(NotAProfileId)?.as_bytes();
        if digits.is_empty() || digits.len() > 7 || digits[0] == b'0' {
            return Err(NotAProfileId);
        }
        let number = digits.iter().try_fold(0u64, |sum, byte| {
            let digit = DIGITS.iter().position(|digit| digit == byte)?;
            Some(sum * 32 + digit as u64)
        });
        number.and_then(|n| u32::try_from(n).ok()).map(ProfileId).ok_or(NotAProfileId)
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Display for Lsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
