//! The first bytes of a file: which family, which store, which file, from which record on.

use super::Kind;
use crate::model::Lsn;

/// Bytes of the head; the first frame follows.
pub(in crate::store) const LEN: usize = 64;
const VERSION: u32 = 1;

/// What a file says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) number: u32,
    pub(super) generation: u32,
    pub(super) uuid: u128,
    pub(super) first: Lsn,
}

impl Head {
    pub(super) fn print(&self, kind: Kind) -> [u8; LEN] {
        let mut bytes = [0; LEN];
        bytes[..8].copy_from_slice(kind.magic);
        bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.number.to_le_bytes());
        bytes[16..20].copy_from_slice(&self.generation.to_le_bytes());
        bytes[20..36].copy_from_slice(&self.uuid.to_be_bytes());
        bytes[36..44].copy_from_slice(&self.first.0.to_le_bytes());
        let sum = crc32fast::hash(&bytes[..LEN - 4]);
        bytes[LEN - 4..].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// The checksum of the head, with which those of its frames begin. It is
    /// taken without the one inside: with it every head gives the same.
    pub(super) fn seed(&self, kind: Kind) -> u32 {
        crc32fast::hash(&self.print(kind)[..LEN - 4])
    }

    /// The first record of the file, if `bytes` are the head of this file.
    pub(super) fn first_of(bytes: &[u8], kind: Kind, expected: &Head) -> Option<Lsn> {
        let mut first = [0; 8];
        first.copy_from_slice(bytes.get(36..44)?);
        let first = Lsn(u64::from_le_bytes(first));
        (bytes == Head { first, ..*expected }.print(kind)).then_some(first)
    }
}
