//! Volumes: files that bodies are appended to. The trees say where each lies.
//!
//! A tree writes a leaf again with all its values for every few of them that
//! change, so what is long and many lies beside it: written once, and in order.
//! Nothing in a volume is ever written over. What is dead there goes with its
//! volume, once what is left of it was written anew.

use super::cell;
use std::collections::BTreeMap;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Bodies are written in pieces of about so many bytes.
const WRITE_BYTES: usize = 1 << 20;
const SPOT_BYTES: usize = 20;
/// Files that are open at once, besides those that are being read.
const OPEN_MAX: usize = 64;

/// Where a body lies, and its checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub volume: u32,
    pub offset: u64,
    pub len: u32,
    pub sum: u32,
}

impl Spot {
    pub(super) fn to_bytes(self) -> [u8; SPOT_BYTES] {
        let mut bytes = [0; SPOT_BYTES];
        bytes[..4].copy_from_slice(&self.volume.to_le_bytes());
        bytes[4..12].copy_from_slice(&self.offset.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.len.to_le_bytes());
        bytes[16..].copy_from_slice(&self.sum.to_le_bytes());
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Spot> {
        let bytes: &[u8; SPOT_BYTES] = bytes.try_into().ok()?;
        let part = |at: usize| u32::from_le_bytes(std::array::from_fn(|n| bytes[at + n]));
        let offset = u64::from(part(8)) << 32 | u64::from(part(4));
        let (volume, len, sum) = (part(0), part(12), part(16));
        (len as usize <= cell::BODY_MAX).then_some(Spot { volume, offset, len, sum })
    }
}

/// The volumes in one folder.
pub(super) struct Volumes {
    folder: PathBuf,
    /// A volume that has reached this size is followed by the next.
    bytes_max: u64,
    by_number: Mutex<BTreeMap<u32, Volume>>,
    /// Held by whoever appends: where the next body lies is one's own until it is written.
    appending: Mutex<()>,
}

#[derive(Default)]
struct Volume {
    /// Opened when something is first read from it or written to it.
    file: Option<Arc<File>>,
    bytes: u64,
}

impl Volumes {
    /// Those that are there. The folder is made with the first of them.
    pub(super) fn open(folder: PathBuf, bytes_max: u64) -> io::Result<Volumes> {
        let mut by_number = BTreeMap::new();
        let entries = match std::fs::read_dir(&folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            entries => Some(entries?),
        };
        for entry in entries.into_iter().flatten() {
            let entry = entry?;
            if let Some(number) = entry.file_name().to_str().and_then(|name| name.parse().ok()) {
                let bytes = entry.metadata()?.len();
                by_number.insert(number, Volume { file: None, bytes });
            }
        }
        let by_number = Mutex::new(by_number);
        Ok(Volumes { folder, bytes_max, by_number, appending: Mutex::default() })
    }

    /// Appends bodies with their keys, and says where they lie. They are on
    /// disk when this returns, so nothing ever names a body that is not.
    pub(super) fn append(&self, bodies: &[(&[u8], &[u8])]) -> io::Result<Vec<Spot>> {
        let _appending = self.appending.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut spots, mut left) = (Vec::with_capacity(bodies.len()), bodies);
        while !left.is_empty() {
            let (volume, file, offset) = self.last()?;
            let room = self.bytes_max.saturating_sub(offset);
            let n_bodies = fitting(left, room);
            let mut at = offset;
            for (key, body) in &left[..n_bodies] {
                let (len, sum) = (body.len() as u32, cell::sum_of(key, body));
                spots.push(Spot { volume, offset: at, len, sum });
                at += u64::from(len);
            }
            write(&file, offset, &left[..n_bodies])?;
            file.sync_data()?;
            self.lock().entry(volume).or_default().bytes = at;
            left = &left[n_bodies..];
        }
        Ok(spots)
    }

    /// The body that was put there under the key; none if that is not what lies there.
    pub(super) fn read(&self, key: &[u8], spot: Spot) -> io::Result<Option<Vec<u8>>> {
        let mut body = vec![0; spot.len as usize];
        let read =
            self.file(spot.volume).and_then(|file| file.read_exact_at(&mut body, spot.offset));
        match read {
            Ok(()) => Ok((cell::sum_of(key, &body) == spot.sum).then_some(body)),
            Err(error) if is_gone(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Each volume by its number, with its bytes.
    pub(super) fn sizes(&self) -> BTreeMap<u32, u64> {
        self.lock().iter().map(|(number, volume)| (*number, volume.bytes)).collect()
    }

    /// Appends to none of those that are there any more, but for one without anything in it.
    pub(super) fn begin_next(&self) -> io::Result<()> {
        let _appending = self.appending.lock().unwrap_or_else(PoisonError::into_inner);
        let last = self.lock().last_key_value().map(|(number, last)| (*number, last.bytes));
        match last {
            Some((_, 0)) => Ok(()),
            last => self.make(last.map_or(1, |(number, _)| number + 1)).map(drop),
        }
    }

    /// Removes a volume. Nothing on disk may name a body in it.
    pub(super) fn remove(&self, number: u32) -> io::Result<()> {
        match std::fs::remove_file(self.path(number)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => {
                self.lock().remove(&number);
                Ok(())
            }
        }
    }

    /// The volume that is appended to, and where.
    fn last(&self) -> io::Result<(u32, Arc<File>, u64)> {
        let last = self.lock().last_key_value().map(|(number, volume)| (*number, volume.bytes));
        match last {
            Some((number, bytes)) if bytes < self.bytes_max => {
                Ok((number, self.file(number)?, bytes))
            }
            Some((number, _)) => Ok((number + 1, self.make(number + 1)?, 0)),
            None => Ok((1, self.make(1)?, 0)),
        }
    }

    fn file(&self, number: u32) -> io::Result<Arc<File>> {
        let mut volumes = self.lock();
        let volume = volumes.get(&number).ok_or(ErrorKind::NotFound)?;
        if let Some(file) = &volume.file {
            return Ok(file.clone());
        }
        let mut open = volumes.values_mut().filter(|volume| volume.file.is_some());
        if let (Some(first), true) = (open.next(), open.count() + 1 >= OPEN_MAX) {
            first.file = None;
        }
        let path = self.path(number);
        let opened = OpenOptions::new().read(true).write(true).open(&path);
        // A disk that can only be read is enough for who only reads.
        let file = Arc::new(opened.or_else(|_| File::open(&path))?);
        volumes.entry(number).or_default().file = Some(file.clone());
        Ok(file)
    }

    fn make(&self, number: u32) -> io::Result<Arc<File>> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true).mode(0o600);
        let file = Arc::new(options.open(self.path(number))?);
        File::open(&self.folder)?.sync_all()?;
        if let Some(parent) = self.folder.parent() {
            File::open(parent)?.sync_all()?;
        }
        self.lock().insert(number, Volume { file: Some(file.clone()), bytes: 0 });
        Ok(file)
    }

    fn path(&self, number: u32) -> PathBuf {
        self.folder.join(format!("{number:08}"))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u32, Volume>> {
        self.by_number.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many of the bodies go into so much room; one at least.
fn fitting(bodies: &[(&[u8], &[u8])], room: u64) -> usize {
    let mut n_bytes = 0;
    let fits = bodies.iter().take_while(|(_, body)| {
        n_bytes += body.len() as u64;
        n_bytes <= room
    });
    fits.count().max(1)
}

/// Writes bodies one behind the other.
fn write(file: &File, mut offset: u64, bodies: &[(&[u8], &[u8])]) -> io::Result<()> {
    let mut waiting = Vec::with_capacity(WRITE_BYTES + cell::BODY_MAX);
    for (_, body) in bodies {
        waiting.extend_from_slice(body);
        if waiting.len() >= WRITE_BYTES {
            file.write_all_at(&waiting, offset)?;
            offset += waiting.len() as u64;
            waiting.clear();
        }
    }
    file.write_all_at(&waiting, offset)
}

/// Whether an error says that the bytes are not there.
fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::UnexpectedEof)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_volumes_are_read_with_few_open_files() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("pages");
        let bodies: Vec<(Vec<u8>, Vec<u8>)> =
            (0..300u32).map(|n| (n.to_be_bytes().to_vec(), vec![n as u8; 60])).collect();
        let entries: Vec<(&[u8], &[u8])> = bodies.iter().map(|(k, b)| (&k[..], &b[..])).collect();
        let volumes = Volumes::open(folder.clone(), 100).unwrap();
        let spots = volumes.append(&entries).unwrap();
        drop(volumes);
        let volumes = Volumes::open(folder, 100).unwrap();
        assert_eq!(volumes.sizes().len(), 150, "two bodies fill one");
        for ((key, body), spot) in bodies.iter().zip(&spots).chain(bodies.iter().zip(&spots)) {
            assert_eq!(volumes.read(key, *spot).unwrap().as_ref(), Some(body));
            let n_open = volumes.lock().values().filter(|volume| volume.file.is_some()).count();
            assert!(n_open <= OPEN_MAX, "{n_open}");
        }
        volumes.remove(7).unwrap();
        let removed = spots.iter().position(|spot| spot.volume == 7).unwrap();
        assert_eq!(volumes.read(&bodies[removed].0, spots[removed]).unwrap(), None);
    }

    #[test]
    fn a_new_volume_is_begun_only_behind_one_with_something_in_it() {
        let place = tempfile::tempdir().unwrap();
        let volumes = Volumes::open(place.path().join("pages"), 100).unwrap();
        for expected in [1, 1] {
            volumes.begin_next().unwrap();
            assert_eq!(volumes.sizes().len(), expected);
        }
        assert_eq!(volumes.append(&[(b"k", &[1; 10])]).unwrap()[0].volume, 1);
        volumes.begin_next().unwrap();
        assert_eq!(volumes.append(&[(b"l", &[1; 10])]).unwrap()[0].volume, 2);
    }
}
