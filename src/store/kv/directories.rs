//! Directories: longer than a value may be, so each lies in parts under its epoch.

use super::Kv;
use super::cell;
use super::error::KvError;
use super::trees::DIRECTORY;

impl Kv {
    /// Writes the directory of an epoch, of any length.
    pub fn put_directory(&self, epoch: u64, bytes: &[u8]) -> Result<(), KvError> {
        let pressed = lz4_flex::block::compress(bytes);
        let parts: Vec<&[u8]> = pressed.chunks(cell::BODY_MAX).collect();
        let head =
            [(parts.len() as u64).to_be_bytes(), (bytes.len() as u64).to_be_bytes()].concat();
        let keys: Vec<[u8; 12]> =
            (0..=parts.len()).map(|part| part_key(epoch, part as u32)).collect();
        let bodies = std::iter::once(&head[..]).chain(parts);
        self.trees.put(DIRECTORY, keys.iter().map(|key| &key[..]).zip(bodies))
    }

    /// The directory of the greatest epoch up to `epoch`, and which that is.
    pub fn directory(&self, epoch: u64) -> Result<Option<(u64, Vec<u8>)>, KvError> {
        let Some(epoch) = self.newest_directory(epoch)? else { return Ok(None) };
        let damaged = || KvError::Damaged { tree: DIRECTORY, key: part_key(epoch, 0).to_vec() };
        let (n_parts, length) = self.directory_head(epoch)?.ok_or_else(damaged)?;
        let mut pressed = Vec::new();
        for part in 1..=n_parts {
            let body = self.trees.get(DIRECTORY, &part_key(epoch, part))?;
            pressed.extend_from_slice(&body.ok_or_else(damaged)?);
        }
        // LZ4 makes at most 255 bytes of one.
        let is_possible = length <= pressed.len().saturating_mul(255);
        let bytes = is_possible.then(|| lz4_flex::block::decompress(&pressed, length).ok());
        Ok(Some((
            epoch,
            bytes.flatten().filter(|bytes| bytes.len() == length).ok_or_else(damaged)?,
        )))
    }

    /// The greatest epoch up to `epoch` that has a directory.
    pub(super) fn newest_directory(&self, epoch: u64) -> Result<Option<u64>, KvError> {
        let key = self.trees.below(DIRECTORY, &part_key(epoch, u32::MAX))?;
        Ok(key.and_then(|key| epoch_of(&key)))
    }

    fn directory_head(&self, epoch: u64) -> Result<Option<(u32, usize)>, KvError> {
        let head = self.trees.get(DIRECTORY, &part_key(epoch, 0))?;
        Ok(head.and_then(|head| {
            let (n_parts, length) = head.split_at_checked(8)?;
            let number = |bytes: &[u8]| Some(u64::from_be_bytes(bytes.try_into().ok()?));
            Some((number(n_parts)?.try_into().ok()?, number(length)?.try_into().ok()?))
        }))
    }

    /// Removes the directories of some epochs.
    pub(super) fn remove_directories(&self, is_one: impl Fn(u64) -> bool) -> Result<(), KvError> {
        let mut keys = Vec::new();
        self.trees.each_key(DIRECTORY, |key, _| {
            if epoch_of(key).is_none_or(&is_one) {
                keys.push(key.to_vec());
            }
        })?;
        self.trees.delete(DIRECTORY, &keys)
    }
}

fn part_key(epoch: u64, part: u32) -> [u8; 12] {
    let mut key = [0; 12];
    key[..8].copy_from_slice(&epoch.to_be_bytes());
    key[8..].copy_from_slice(&part.to_be_bytes());
    key
}

fn epoch_of(key: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(key.get(..8)?.try_into().ok()?))
}
