//! A family of files that is only appended to: the log is one, the feed another.
//!
//! Records lie in numbered files one after another. Every file but the last
//! is sealed: cut to its length, with a sum beside it. It gives no record a
//! meaning.

mod begin;
mod check;
mod frame;
mod frames;
mod head;
mod mark;
mod mend;
mod open;
mod piece;
mod read;
mod salvage;
mod seal;
mod write;

pub use check::Checked;
pub use mend::Torn;
pub(super) use read::Reader;
pub(super) use salvage::Readable;
pub(super) use write::Family;

/// What tells one family from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// Name of its directory, and ending of its files.
    pub(super) name: &'static str,
    /// What its files begin with.
    magic: &'static [u8; 8],
    /// Whether each record has a number of its own.
    is_strict: bool,
}

/// The inputs.
pub(super) const LOG: Kind = Kind { name: "log", magic: b"THRNGLOG", is_strict: true };
/// The changes of audiences; several may have the number of one record.
pub(super) const FEED: Kind = Kind { name: "feed", magic: b"THRNGFED", is_strict: false };

impl Kind {
    /// Whether a record may follow another.
    fn follows(self, last: crate::model::Lsn, next: crate::model::Lsn) -> bool {
        next > last || (next == last && !self.is_strict)
    }
}

#[cfg(test)]
mod tests;
