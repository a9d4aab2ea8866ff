//! A value in the tree store: version, codec, and a checksum over key and body.

use super::error::KvError;

/// Bytes before the body.
const HEAD: usize = 6;
/// Bytes of a body: longer ones would reach the store's blobs, which are never synced.
pub(super) const BODY_MAX: usize = 32 << 10;

const VERSION: u8 = 1;
/// The body is as it was given.
const PLAIN: u8 = 0;

/// A value as it lies in the tree.
pub(super) fn put(key: &[u8], body: &[u8]) -> Result<Vec<u8>, KvError> {
    if body.len() > BODY_MAX {
        return Err(KvError::TooLarge { given: body.len(), limit: BODY_MAX });
    }
    let mut cell = Vec::with_capacity(HEAD + body.len());
    cell.extend_from_slice(&[VERSION, PLAIN]);
    cell.extend_from_slice(&sum(key, body).to_le_bytes());
    cell.extend_from_slice(body);
    Ok(cell)
}

/// The body of a value, if it is the one that was put under the key.
pub(super) fn body<'a>(key: &[u8], cell: &'a [u8]) -> Option<&'a [u8]> {
    let (head, body) = cell.split_at_checked(HEAD)?;
    let is_whole = head[..2] == [VERSION, PLAIN] && head[2..] == sum(key, body).to_le_bytes();
    is_whole.then_some(body)
}

fn sum(key: &[u8], body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&(key.len() as u32).to_le_bytes());
    hasher.update(key);
    hasher.update(&[VERSION, PLAIN]);
    hasher.update(body);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flipped_bit_or_another_key_is_noticed() {
        let cell = put(b"key", b"a body of some bytes").unwrap();
        assert_eq!(body(b"key", &cell), Some(&b"a body of some bytes"[..]));
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
