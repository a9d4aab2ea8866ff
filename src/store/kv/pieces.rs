//! Pieces: named bytes of any length, each under the epoch that wrote it.
//!
//! A checkpoint names every piece that it is made of, and writes those only
//! that differ from the ones of the checkpoint before. Nothing that an earlier
//! checkpoint names is written over; what only that one named goes once the
//! next is durable.

use super::cell;
use super::error::KvError;
use super::trees::STATE;
use super::{Checkpoint, Kv, StoreError};
use bincode::{Decode, Encode};
use foldhash::fast::FixedState;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, Hasher};
use std::sync::PoisonError;

/// Values that are written together.
const BATCH: usize = 128;
const SEEDS: [u64; 2] = [0x7069_6563, 0x6573_2121];
/// No index is longer; what claims to be is damage.
const INDEX_BYTES_MAX: usize = 1 << 30;
/// The form of the index.
const VERSION: u8 = 1;

/// Where a piece lies, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Place {
    epoch: u64,
    serial: u32,
    n_parts: u32,
    length: u64,
    sum: [u64; 2],
}

/// The pieces of one checkpoint by name.
pub(super) type Index = BTreeMap<Vec<u8>, Place>;

/// The pieces of a checkpoint that is being made.
pub struct Pieces<'a> {
    kv: &'a Kv,
    epoch: u64,
    before: Index,
    index: Index,
    waiting: Vec<([u8; 16], Vec<u8>)>,
    serial: u32,
    n_written: u64,
}

impl Kv {
    /// Begins the pieces of a checkpoint. One is made at a time.
    pub fn begin_pieces(&self, epoch: u64) -> Pieces<'_> {
        let before = self.index().clone();
        let (index, waiting) = (Index::new(), Vec::new());
        Pieces { kv: self, epoch, before, index, waiting, serial: 0, n_written: 0 }
    }

    /// Hands over the pieces of the last checkpoint that are wanted, by name. False if there
    /// is none. The others can be read by [`Kv::piece`] from here on.
    pub fn each_piece(
        &self,
        epoch: u64,
        is_wanted: impl Fn(&[u8]) -> bool,
        visit: &mut dyn FnMut(&[u8], Vec<u8>),
    ) -> Result<bool, KvError> {
        let Some((_, bytes)) = self.directory(epoch)? else { return Ok(false) };
        let index = read(&bytes).ok_or_else(damaged)?;
        for (name, place) in index.iter().filter(|(name, _)| is_wanted(name)) {
            visit(name, self.piece_at(place)?);
        }
        *self.index() = index;
        Ok(true)
    }

    /// The piece of that name, if the last checkpoint has one.
    pub fn piece(&self, name: &[u8]) -> Result<Option<Vec<u8>>, KvError> {
        let place = self.index().get(name).copied();
        place.map(|place| self.piece_at(&place)).transpose()
    }

    /// Whether the last checkpoint has a piece of that name.
    pub fn has_piece(&self, name: &[u8]) -> bool {
        self.index().contains_key(name)
    }

    fn piece_at(&self, place: &Place) -> Result<Vec<u8>, KvError> {
        let mut pressed = Vec::new();
        for part in 0..place.n_parts {
            let key = key(place, part);
            let body = self.trees.get(STATE, &key)?;
            let damaged = || KvError::Damaged { tree: STATE, key: key.to_vec() };
            pressed.extend_from_slice(&body.ok_or_else(damaged)?);
        }
        let damaged = || KvError::Damaged { tree: STATE, key: key(place, 0).to_vec() };
        let length = usize::try_from(place.length).map_err(|_| damaged())?;
        // LZ4 makes at most 255 bytes of one.
        let is_possible = length <= pressed.len().saturating_mul(255);
        let bytes = is_possible.then(|| lz4_flex::block::decompress(&pressed, length).ok());
        bytes.flatten().filter(|bytes| bytes.len() == length).ok_or_else(damaged)
    }

    /// Removes every piece that the last checkpoint does not name.
    pub(super) fn sweep_pieces(&self) -> Result<(), KvError> {
        let named: BTreeSet<[u8; 16]> = self.index().values().flat_map(keys).collect();
        let mut gone = Vec::new();
        self.trees.each_key(STATE, |key, _| {
            if !<[u8; 16]>::try_from(key).is_ok_and(|key| named.contains(&key)) {
                gone.push(key.to_vec());
            }
        })?;
        self.trees.delete(STATE, &gone)
    }

    fn index(&self) -> std::sync::MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pieces<'_> {
    /// Puts a piece in; one that is as before is not written again.
    pub fn put(&mut self, name: &[u8], bytes: &[u8]) -> Result<(), KvError> {
        let (length, sum) = (bytes.len() as u64, sum(bytes));
        let same = |place: &&Place| place.length == length && place.sum == sum;
        if let Some(place) = self.before.get(name).filter(same) {
            self.index.insert(name.to_vec(), *place);
            return Ok(());
        }
        let pressed = lz4_flex::block::compress(bytes);
        let parts = pressed.chunks(cell::BODY_MAX);
        let (epoch, serial, n_parts) = (self.epoch, self.serial, parts.len() as u32);
        let place = Place { epoch, serial, n_parts, length, sum };
        self.waiting
            .extend((0..).zip(parts).map(|(part, body)| (key(&place, part), body.to_vec())));
        self.n_written += pressed.len() as u64;
        self.serial += 1;
        self.index.insert(name.to_vec(), place);
        if self.waiting.len() >= BATCH { self.write() } else { Ok(()) }
    }

    /// Keeps every piece of the checkpoint before that has such a name.
    pub fn keep(&mut self, is_kept: impl Fn(&[u8]) -> bool) {
        let kept = self.before.iter().filter(|(name, _)| is_kept(name));
        self.index.extend(kept.map(|(name, place)| (name.clone(), *place)));
    }

    pub(super) fn write(&mut self) -> Result<(), KvError> {
        self.kv.say_clean(false)?;
        let waiting = std::mem::take(&mut self.waiting);
        self.kv.trees.put(STATE, waiting.iter().map(|(key, body)| (&key[..], &body[..])))
    }

    /// Declares the store complete up to a record: these are its pieces. Says
    /// how many bytes were written for them. In a clean store there is nothing
    /// that a sweep would find, until something is written again.
    pub fn finish(mut self, checkpoint: Checkpoint, is_clean: bool) -> Result<u64, StoreError> {
        self.write().map_err(StoreError::Kv)?;
        let bytes = print(&self.index).ok_or_else(damaged).map_err(StoreError::Kv)?;
        self.kv.put_directory(checkpoint.epoch, &bytes).map_err(StoreError::Kv)?;
        self.kv.say_clean(is_clean).map_err(StoreError::Kv)?;
        self.kv.checkpoint(checkpoint)?;
        let kept: BTreeSet<[u8; 16]> = self.index.values().flat_map(keys).collect();
        let gone: Vec<[u8; 16]> =
            self.before.values().flat_map(keys).filter(|key| !kept.contains(key)).collect();
        *self.kv.index() = self.index;
        self.kv.trees.delete(STATE, &gone).map_err(StoreError::Kv)?;
        Ok(self.n_written + bytes.len() as u64)
    }
}

fn key(place: &Place, part: u32) -> [u8; 16] {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&place.epoch.to_be_bytes());
    key[8..12].copy_from_slice(&place.serial.to_be_bytes());
    key[12..].copy_from_slice(&part.to_be_bytes());
    key
}

fn keys(place: &Place) -> impl Iterator<Item = [u8; 16]> + use<> {
    let place = *place;
    (0..place.n_parts).map(move |part| key(&place, part))
}

/// 128 bits by which equal pieces are known again. Another version of the
/// program may sum otherwise: then pieces are written once more, and no worse.
fn sum(bytes: &[u8]) -> [u64; 2] {
    SEEDS.map(|seed| {
        let mut hasher = FixedState::with_seed(seed).build_hasher();
        hasher.write(bytes);
        hasher.finish()
    })
}

fn config() -> bincode::config::Configuration<
    bincode::config::LittleEndian,
    bincode::config::Varint,
    bincode::config::Limit<INDEX_BYTES_MAX>,
> {
    bincode::config::standard().with_limit::<INDEX_BYTES_MAX>()
}

fn print(index: &Index) -> Option<Vec<u8>> {
    let form = (VERSION, crate::store::shapes::SHAPES);
    bincode::encode_to_vec((form, index), config()).ok()
}

fn read(bytes: &[u8]) -> Option<Index> {
    let read: (((u8, u8), Index), usize) = bincode::decode_from_slice(bytes, config()).ok()?;
    let ((form, index), length) = read;
    let known = (VERSION, crate::store::shapes::SHAPES);
    (form == known && length == bytes.len()).then_some(index)
}

fn damaged() -> KvError {
    KvError::Damaged { tree: super::trees::DIRECTORY, key: Vec::new() }
}
