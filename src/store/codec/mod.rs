//! Records as bytes: columns of what is alike, each written in its shortest way.
//!
//! It knows nothing of files; what it reads may be anything, and is either a
//! record or an error.

mod bytes;
mod draft;
mod ints;
mod numbers;
mod put;
mod read;
mod record;
mod seen;
mod standing;
mod tag;
mod texts;

pub(super) use bytes::{Bytes, Malformed, put_number, put_signed, put_text};
pub use draft::Draft;
pub(super) use ints::{put as put_ints, read as read_ints};
pub(super) use read::{Budget, instant};
pub(super) use record::{decode, encode, encode_drafted};
pub use standing::{decode_standing, encode_standing};

#[cfg(test)]
mod tests;
