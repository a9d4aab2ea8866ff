//! One record among others in a file: its length, its checksum, and the
//! checksum of the one before, so that a lost one in between shows.

use crate::model::Lsn;
use crate::store::codec::Malformed;
use std::borrow::Cow;

/// Bytes before the payload.
pub(in crate::store) const HEAD: usize = 25;
/// Bytes of a payload before compression.
pub(in crate::store) const RAW_MAX: usize = 16 << 20;
/// Set in the kind of the first frame after a sync: it proves that all before it were durable.
const FIRST: u8 = 0x80;

/// Kinds of record stay below this.
const KIND_MAX: u8 = 32;

/// A frame whose own checksum holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct Frame<'a> {
    pub(in crate::store) crc: u32,
    pub(in crate::store) chain: u32,
    pub(in crate::store) lsn: Lsn,
    pub(in crate::store) kind: u8,
    pub(in crate::store) is_first: bool,
    raw_len: u32,
    payload: &'a [u8],
}

/// Writes a frame after `out` and gives its checksum. `seed` is the file's,
/// so bytes that a sender chose never look like a frame.
pub(super) fn put(
    out: &mut Vec<u8>,
    (seed, chain): (u32, u32),
    lsn: Lsn,
    (kind, is_first): (u8, bool),
    raw: &[u8],
) -> u32 {
    let pressed = if raw.len() < 64 { Vec::new() } else { lz4_flex::block::compress(raw) };
    // A payload as long as its raw length is not compressed.
    let payload = if (1..raw.len()).contains(&pressed.len()) { &pressed } else { raw };
    let start = out.len();
    out.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&chain.to_le_bytes());
    out.extend_from_slice(&lsn.0.to_le_bytes());
    out.push(kind | if is_first { FIRST } else { 0 });
    out.extend_from_slice(&(raw.len() as u32).to_le_bytes());
    out.extend_from_slice(payload);
    let crc = sum(seed, &out[start..]);
    out[start + 4..start + 8].copy_from_slice(&crc.to_le_bytes());
    crc
}

/// The length of the whole frame that begins here, if its head is complete.
pub(super) fn len(bytes: &[u8]) -> Option<u64> {
    Some(HEAD as u64 + u64::from(u32_at(bytes.get(..HEAD)?, 0)))
}

/// The frame that begins here, if it is complete and its checksum holds.
pub(super) fn parse(bytes: &[u8], seed: u32) -> Option<Frame<'_>> {
    let length = usize::try_from(len(bytes)?).ok()?;
    let bytes = bytes.get(..length)?;
    let crc = u32_at(bytes, 4);
    if crc != sum(seed, bytes) {
        return None;
    }
    Some(Frame {
        crc,
        chain: u32_at(bytes, 8),
        lsn: lsn(bytes),
        kind: bytes[20] & !FIRST,
        is_first: bytes[20] & FIRST != 0,
        raw_len: u32_at(bytes, 21),
        payload: &bytes[HEAD..],
    })
}

/// The number in the head of a frame.
pub(super) fn lsn(head: &[u8]) -> Lsn {
    let mut lsn = [0; 8];
    lsn.copy_from_slice(&head[12..20]);
    Lsn(u64::from_le_bytes(lsn))
}

/// Whether these bytes look like a frame, before the cost of a checksum.
pub(super) fn may_be(bytes: &[u8]) -> bool {
    let Some(length) = len(bytes) else { return false };
    length <= bytes.len() as u64
        && bytes[20] & !FIRST < KIND_MAX
        && u32_at(bytes, 21) as usize <= RAW_MAX
}

/// Whether these bytes look like the first frame of a sync.
pub(super) fn may_begin(bytes: &[u8]) -> bool {
    bytes.get(20).is_some_and(|kind| kind & FIRST != 0) && may_be(bytes)
}

impl<'a> Frame<'a> {
    /// The payload as it was before compression.
    pub(in crate::store) fn raw(&self) -> Result<Cow<'a, [u8]>, Malformed> {
        let length = self.raw_len as usize;
        if length == self.payload.len() {
            return Ok(Cow::Borrowed(self.payload));
        }
        // LZ4 makes at most 255 bytes of one, so a short payload asks for little.
        if length > RAW_MAX || length > self.payload.len().saturating_mul(255) {
            return Err(Malformed("a record is longer than its bytes can be"));
        }
        let raw = lz4_flex::block::decompress(self.payload, length);
        let raw = raw.map_err(|_| Malformed("a record cannot be decompressed"))?;
        if raw.len() == length {
            Ok(Cow::Owned(raw))
        } else {
            Err(Malformed("a record is too short"))
        }
    }
}

/// Over everything but the checksum itself.
fn sum(seed: u32, frame: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(seed);
    hasher.update(&frame[..4]);
    hasher.update(&frame[8..]);
    hasher.finalize()
}

fn u32_at(bytes: &[u8], place: usize) -> u32 {
    let mut four = [0; 4];
    four.copy_from_slice(&bytes[place..place + 4]);
    u32::from_le_bytes(four)
}
