//! The mark behind the last record of the open file: everything before it was
//! on disk when it was written.
//!
//! The next sync writes over it, so a file has one at most, at its end. Without
//! it, damage inside the very last sync could not be told from a torn one.

use crate::model::Lsn;

/// Bytes of a mark.
pub(super) const LEN: usize = 24;
/// As the length of a frame it would lead far out of any file.
const MAGIC: &[u8; 8] = b"THRNGEND";

/// The mark behind a record: its number, and its checksum as the next frame's chain.
pub(super) fn put(seed: u32, chain: u32, last: Lsn) -> [u8; LEN] {
    let mut bytes = [0; LEN];
    bytes[..8].copy_from_slice(MAGIC);
    bytes[8..16].copy_from_slice(&last.0.to_le_bytes());
    bytes[16..20].copy_from_slice(&chain.to_le_bytes());
    let sum = sum(seed, &bytes);
    bytes[20..].copy_from_slice(&sum.to_le_bytes());
    bytes
}

/// Whether somewhere in these bytes a mark of this file begins.
pub(super) fn is_in(bytes: &[u8], seed: u32) -> bool {
    bytes
        .windows(LEN)
        .any(|mark| mark.starts_with(MAGIC) && mark[20..] == sum(seed, mark).to_le_bytes())
}

/// How many bytes of a mark stand at the start of these bytes. A file that was
/// cut inside of its mark has lost nothing.
pub(super) fn n_common(bytes: &[u8], mark: &[u8; LEN]) -> usize {
    bytes.iter().zip(mark).take_while(|(found, expected)| found == expected).count()
}

fn sum(seed: u32, mark: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(seed);
    hasher.update(&mark[..20]);
    hasher.finalize()
}
