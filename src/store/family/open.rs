//! Opening a family: which files there are, and where the last one ends.

use super::Kind;
use super::frame;
use super::frames::{Frames, Stop};
use super::piece::{self, Piece};
use super::seal::Sum;
use crate::model::Lsn;
use crate::store::directory::Generations;
use crate::store::error::{Damage, Flaw, StoreError};
use crate::store::files;
use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// What a crash left at the end of the last file, and an open has cut off.
/// Nothing in it was ever acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Torn {
    /// The file.
    pub file: PathBuf,
    /// Where it was cut.
    pub offset: u64,
    /// How many bytes that were not zero, and zeros between them, are gone.
    pub bytes: u64,
}

/// The frames of a file that are in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scanned {
    pub(super) end: u64,
    pub(super) chain: u32,
    pub(super) last: Option<Lsn>,
    pub(super) n_records: u64,
}

/// Numbers and generations of the files of a family, in order without gap.
///
/// A file of another generation is what a rewriting left over; it is removed
/// once the file that counts is there.
pub(super) fn list(
    folder: &Path,
    kind: Kind,
    generations: &Generations,
) -> Result<Vec<(u32, u32)>, StoreError> {
    let mut current = BTreeSet::new();
    let mut others = Vec::new();
    for name in files::names(folder)? {
        if files::is_unfinished(&name) {
            files::remove(&folder.join(&name))?;
        } else if let Some((number, generation)) = piece::parse_name(kind, &name) {
            let counts = generations.get(&number).copied().unwrap_or(0) == generation;
            if counts {
                _ = current.insert((number, generation))
            } else {
                others.push((number, name))
            }
        }
    }
    for (_, name) in others.iter().filter(|other| current.iter().any(|file| file.0 == other.0)) {
        files::remove(&folder.join(name))?;
        files::remove(&folder.join(name).with_extension("sum"))?;
    }
    let numbers = 1..=current.last().map_or(1, |last| last.0);
    match numbers.into_iter().find(|number| !current.iter().any(|file| file.0 == *number)) {
        Some(number) => Err(missing(folder, kind, number, generations)),
        None => Ok(current.into_iter().collect()),
    }
}

/// The error of a file that should be there.
pub(super) fn missing(
    folder: &Path,
    kind: Kind,
    number: u32,
    generations: &Generations,
) -> StoreError {
    let generation = generations.get(&number).copied().unwrap_or(0);
    let file = folder.join(piece::name(kind, number, generation));
    Damage { file, offset: 0, flaw: Flaw::Missing }.into()
}

/// The sum of a file that is not the last; one that a crash kept from being written is taken again.
pub(super) fn sum_of(piece: &Piece, file: File) -> Result<Sum, StoreError> {
    if let Some(sum) = Sum::read(piece)? {
        return Ok(sum);
    }
    let mut frames = Frames::whole(clone(&file, piece)?, piece.clone());
    let scanned = scan(&mut frames, |_, _| {});
    match scanned {
        (scanned, Stop::End) if scanned.end == piece.end => {
            let crc = content(&file, piece.end).map_err(StoreError::io("read", &piece.path))?;
            let last = scanned.last.unwrap_or(piece.first);
            let sum = Sum { n_records: scanned.n_records, last, bytes: piece.end, crc };
            sum.put(piece)?;
            Ok(sum)
        }
        (_, stop) => Err(frames.damage(stop).into()),
    }
}

/// Reads the last file through and cuts what a crash left at its end.
pub(super) fn open_last(
    piece: &mut Piece,
    file: &File,
) -> Result<(Scanned, Option<Torn>), StoreError> {
    let mut marks = Vec::new();
    let (scanned, torn) = examine(piece, file, |lsn, at| marks.push((lsn, at)))?;
    marks.into_iter().for_each(|(lsn, at)| piece.mark(lsn, at));
    piece.end = scanned.end;
    if torn.is_some() {
        file.set_len(scanned.end).map_err(StoreError::io("cut", &piece.path))?;
        file.sync_all().map_err(StoreError::io("sync", &piece.path))?;
    }
    Ok((scanned, torn))
}

/// Where the last file ends, and what a crash left behind its end.
///
/// A flaw with a whole frame behind it that begins a later sync is damage:
/// what stood there was durable, and must not be cut in silence.
pub(super) fn examine(
    piece: &Piece,
    file: &File,
    seen: impl FnMut(Lsn, u64),
) -> Result<(Scanned, Option<Torn>), StoreError> {
    let mut frames = Frames::whole(clone(file, piece)?, piece.clone());
    let (scanned, stop) = scan(&mut frames, seen);
    if let Stop::Io(source) = stop {
        return Err(StoreError::io("read", &piece.path)(source));
    }
    let rest = read(file, scanned.end, piece.end).map_err(StoreError::io("read", &piece.path))?;
    // A crash breaks records, but it does not make whole ones that do not belong here.
    let is_whole = matches!(stop, Stop::Flaw(Flaw::Chain | Flaw::Order));
    if is_whole || has_later_sync(&rest, piece.seed, scanned.last) {
        let stop = if let Stop::End = stop { Stop::Flaw(Flaw::Checksum) } else { stop };
        return Err(frames.damage(stop).into());
    }
    let bytes = n_written(&rest) as u64;
    let (file, offset) = (piece.path.clone(), scanned.end);
    Ok((scanned, (bytes > 0).then_some(Torn { file, offset, bytes })))
}

/// How many of these bytes are there up to the last one that is not zero.
///
/// Nearly always all are the zeros that a file is filled with ahead, and these
/// are millions: whole blocks are compared first.
fn n_written(bytes: &[u8]) -> usize {
    const ZEROS: [u8; 4096] = [0; 4096];
    let mut end = bytes.len();
    while end > 0 && bytes[end.saturating_sub(ZEROS.len())..end] == ZEROS[..end.min(ZEROS.len())] {
        end = end.saturating_sub(ZEROS.len());
    }
    bytes[..end].iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1)
}

/// Reads frames until something stops it.
fn scan(frames: &mut Frames, mut seen: impl FnMut(Lsn, u64)) -> (Scanned, Stop) {
    let (end, chain) = (frames.at, frames.piece.seed);
    let mut scanned = Scanned { end, chain, last: None, n_records: 0 };
    loop {
        match frames.next() {
            Ok((at, frame)) => {
                scanned.chain = frame.crc;
                scanned.last = Some(frame.lsn);
                scanned.n_records += 1;
                seen(frame.lsn, at);
            }
            Err(stop) => return (scanned, stop),
        }
        scanned.end = frames.at;
    }
}

/// Whether somewhere in these bytes a frame begins that was written after a
/// sync had succeeded on what stands before it.
fn has_later_sync(bytes: &[u8], seed: u32, last: Option<Lsn>) -> bool {
    let is_later = |place: usize| {
        let frame = frame::parse(&bytes[place..], seed);
        frame.is_some_and(|frame| frame.is_first && last.is_none_or(|last| frame.lsn >= last))
    };
    let n_heads = n_written(bytes).min(bytes.len().saturating_sub(frame::HEAD));
    (1..=n_heads).any(|place| frame::may_begin(&bytes[place..]) && is_later(place))
}

fn clone(file: &File, piece: &Piece) -> Result<File, StoreError> {
    file.try_clone().map_err(StoreError::io("open", &piece.path))
}

fn read(file: &File, from: u64, to: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; to.saturating_sub(from) as usize];
    file.read_exact_at(&mut bytes, from)?;
    Ok(bytes)
}

/// The checksum over the first `length` bytes of a file.
pub(super) fn content(file: &File, length: u64) -> io::Result<u32> {
    let mut hasher = crc32fast::Hasher::new();
    let mut buffer = vec![0; 1 << 20];
    let mut at = 0;
    while at < length {
        let part = (length - at).min(buffer.len() as u64) as usize;
        file.read_exact_at(&mut buffer[..part], at)?;
        hasher.update(&buffer[..part]);
        at += part as u64;
    }
    Ok(hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::n_written;

    #[test]
    fn zeros_at_the_end_are_not_written_wherever_the_last_byte_is() {
        for length in [0, 1, 4_095, 4_096, 4_097, 12_288, 12_300] {
            assert_eq!(n_written(&vec![0; length]), 0, "of {length}");
            for last in [0, 1, 4_094, 4_095, 4_096, 8_191, 8_192, 12_287, 12_299] {
                if last < length {
                    let mut bytes = vec![0; length];
                    bytes[last] = 1;
                    assert_eq!(n_written(&bytes), last + 1, "of {length}");
                }
            }
        }
    }
}
