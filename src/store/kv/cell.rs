//! A value in the tree store: version, codec, and a checksum over key and body.
//! A body of some length lies elsewhere, and the value says where.

use super::error::KvError;
use super::volumes::Spot;

/// Bytes before the body.
const HEAD: usize = 6;
/// Bytes of a body.
pub(super) const BODY_MAX: usize = 32 << 10;
/// A longer body lies in a volume.
const HERE_MAX: usize = 128;

const VERSION: u8 = 1;
/// The body is as it was given.
const PLAIN: u8 = 0;
/// The body is a spot.
const ELSEWHERE: u8 = 1;

/// What a value says of its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body<'a> {
    Here(&'a [u8]),
    At(Spot),
}

/// Whether a body is to lie in a volume.
pub(super) fn is_long(body: &[u8]) -> Result<bool, KvError> {
    match body.len() > BODY_MAX {
        true => Err(KvError::TooLarge { given: body.len(), limit: BODY_MAX }),
        false => Ok(body.len() > HERE_MAX),
    }
}

/// A value as it lies in the tree.
pub(super) fn put(key: &[u8], body: Body<'_>) -> Vec<u8> {
    match body {
        Body::Here(bytes) => printed(PLAIN, key, bytes),
        Body::At(spot) => printed(ELSEWHERE, key, &spot.to_bytes()),
    }
}

fn printed(codec: u8, key: &[u8], body: &[u8]) -> Vec<u8> {
    let mut cell = Vec::with_capacity(HEAD + body.len());
    cell.extend_from_slice(&[VERSION, codec]);
    cell.extend_from_slice(&sum(codec, key, body).to_le_bytes());
    cell.extend_from_slice(body);
    cell
}

/// The body of a value, if it is the one that was put under the key.
pub(super) fn body<'a>(key: &[u8], cell: &'a [u8]) -> Option<Body<'a>> {
    let (head, body) = cell.split_at_checked(HEAD)?;
    let is_whole = head[0] == VERSION && head[2..] == sum(head[1], key, body).to_le_bytes();
    match head[1] {
        _ if !is_whole => None,
        PLAIN => Some(Body::Here(body)),
        ELSEWHERE => Spot::from_bytes(body).map(Body::At),
        _ => None,
    }
}

/// The checksum of a body that lies in a volume.
pub(super) fn sum_of(key: &[u8], body: &[u8]) -> u32 {
    sum(PLAIN, key, body)
}

fn sum(codec: u8, key: &[u8], body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&(key.len() as u32).to_le_bytes());
    hasher.update(key);
    hasher.update(&[VERSION, codec]);
    hasher.update(body);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flipped_bit_or_another_key_is_noticed() {
        let spot = Spot { volume: 3, offset: 1 << 33, len: 8_000, sum: 7 };
        for said in [Body::Here(b"a body of some bytes"), Body::At(spot)] {
            let cell = put(b"key", said);
            assert_eq!(body(b"key", &cell), Some(said));
            assert_eq!(body(b"other", &cell), None);
            for place in 0..cell.len() {
                assert_eq!(body(b"key", &cell[..place]), None);
                for bit in 0..8 {
                    let mut bad = cell.clone();
                    bad[place] ^= 1 << bit;
                    assert_eq!(body(b"key", &bad), None, "byte {place} bit {bit}");
                }
            }
        }
    }
}
