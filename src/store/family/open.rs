//! Opening a family: which files there are, and where the last one ends.

use super::Kind;
use super::frame;
use super::frames::{Frames, Stop};
use super::mark;
use super::mend::Torn;
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

/// The frames of a file that are in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scanned {
    pub(super) end: u64,
    pub(super) chain: u32,
    pub(super) last: Option<Lsn>,
    pub(super) n_records: u64,
    /// Whether a mark behind the last record says that all was on disk.
    pub(super) is_marked: bool,
}

/// The files of a family.
#[derive(Debug, Default)]
pub(super) struct Listed {
    /// Numbers and generations of those that count, in order without gap.
    pub(super) numbers: Vec<(u32, u32)>,
    /// What a crash or a rewriting left over.
    pub(super) leftovers: Vec<PathBuf>,
}

/// The files of a family. Nothing is changed by looking.
///
/// A file of another generation is what a rewriting left over, once the file
/// that counts is there.
pub(super) fn list(
    folder: &Path,
    kind: Kind,
    generations: &Generations,
) -> Result<Listed, StoreError> {
    let mut current = BTreeSet::new();
    let mut others = Vec::new();
    let mut leftovers = Vec::new();
    for name in files::names(folder)? {
        if files::is_unfinished(&name) {
            leftovers.push(folder.join(&name));
        } else if let Some((number, generation)) = piece::parse_name(kind, &name) {
            match generations.get(&number).copied().unwrap_or(0) == generation {
                true => _ = current.insert((number, generation)),
                false => others.push((number, folder.join(name))),
            }
        }
    }
    for (_, path) in others.into_iter().filter(|other| current.iter().any(|file| file.0 == other.0))
    {
        leftovers.extend([path.with_extension("sum"), path]);
    }
    let numbers = 1..=current.last().map_or(1, |last| last.0);
    match numbers.into_iter().find(|number| !current.iter().any(|file| file.0 == *number)) {
        Some(number) => Err(missing(folder, kind, number, generations)),
        None => Ok(Listed { numbers: current.into_iter().collect(), leftovers }),
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

/// The sum of a file that is not the last; one that a crash kept from being
/// written is taken again. Says whether it has still to be written.
pub(super) fn sum_of(piece: &Piece, file: File) -> Result<(Sum, bool), StoreError> {
    if let Some(sum) = Sum::read(piece)? {
        return Ok((sum, false));
    }
    let mut frames = Frames::whole(clone(&file, piece)?, piece.clone());
    let scanned = scan(&mut frames, |_, _| {});
    match scanned {
        (scanned, Stop::End) if scanned.end == piece.end => {
            let crc = content(&file, piece.end).map_err(StoreError::io("read", &piece.path))?;
            let last = scanned.last.unwrap_or(piece.first);
            let sum = Sum { n_records: scanned.n_records, last, bytes: piece.end, crc };
            Ok((sum, true))
        }
        (_, stop) => Err(frames.damage(stop).into()),
    }
}

/// Reads the last file through, and says what a crash left behind its end.
/// Nothing is cut by that.
pub(super) fn read_last(
    piece: &mut Piece,
    file: &File,
) -> Result<(Scanned, Option<Torn>), StoreError> {
    let mut marks = Vec::new();
    let (scanned, torn) = examine(piece, file, |lsn, at| marks.push((lsn, at)))?;
    marks.into_iter().for_each(|(lsn, at)| piece.mark(lsn, at));
    piece.end = scanned.end;
    Ok((scanned, torn))
}

/// Where the last file ends, and what a crash left behind its end.
///
/// A flaw with a whole frame behind it that begins a later sync, or with a
/// mark, is damage: what stood there was durable, and must not be cut.
pub(super) fn examine(
    piece: &Piece,
    file: &File,
    seen: impl FnMut(Lsn, u64),
) -> Result<(Scanned, Option<Torn>), StoreError> {
    let mut frames = Frames::whole(clone(file, piece)?, piece.clone());
    let (mut scanned, stop) = scan(&mut frames, seen);
    if let Stop::Io(source) = stop {
        return Err(StoreError::io("read", &piece.path)(source));
    }
    let rest = read(file, scanned.end, piece.end).map_err(StoreError::io("read", &piece.path))?;
    let tail = behind_mark(&rest, &mut scanned, piece.seed);
    // A crash breaks records, but it does not make whole ones that do not belong here.
    let is_whole = matches!(stop, Stop::Flaw(Flaw::Chain | Flaw::Order));
    let is_proven = has_later_sync(tail, piece.seed, scanned.last) || mark::is_in(tail, piece.seed);
    if is_whole || is_proven {
        let stop = if let Stop::End = stop { Stop::Flaw(Flaw::Checksum) } else { stop };
        return Err(frames.damage(stop).into());
    }
    let bytes = n_written(tail) as u64;
    let offset = scanned.end + scanned.mark_len();
    let file = piece.path.clone();
    Ok((scanned, (bytes > 0).then_some(Torn { file, offset, bytes })))
}

/// What stands behind the mark, which is noted; all of it where there is none.
fn behind_mark<'a>(rest: &'a [u8], scanned: &mut Scanned, seed: u32) -> &'a [u8] {
    let Some(last) = scanned.last else { return rest };
    let n_common = mark::n_common(rest, &mark::put(seed, scanned.chain, last));
    scanned.is_marked = n_common == mark::LEN;
    let is_cut = n_written(rest) <= n_common;
    if scanned.is_marked || is_cut { &rest[n_common..] } else { rest }
}

impl Scanned {
    /// Bytes of the mark behind the last record.
    pub(super) fn mark_len(&self) -> u64 {
        if self.is_marked { mark::LEN as u64 } else { 0 }
    }
}

/// How many of these bytes are there up to the last one that is not zero.
///
/// Nearly always all are the zeros that a file is filled with ahead, and these
/// are millions: whole blocks are compared first.
pub(super) fn n_written(bytes: &[u8]) -> usize {
    const ZEROS: [u8; 4096] = [0; 4096];
    let mut end = bytes.len();
    while end > 0 && bytes[end.saturating_sub(ZEROS.len())..end] == ZEROS[..end.min(ZEROS.len())] {
        end = end.saturating_sub(ZEROS.len());
    }
    bytes[..end].iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1)
}

/// Reads frames until something stops it.
pub(super) fn scan(frames: &mut Frames, mut seen: impl FnMut(Lsn, u64)) -> (Scanned, Stop) {
    let (end, chain) = (frames.at, frames.piece.seed);
    let mut scanned = Scanned { end, chain, last: None, n_records: 0, is_marked: false };
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

pub(super) fn clone(file: &File, piece: &Piece) -> Result<File, StoreError> {
    file.try_clone().map_err(StoreError::io("open", &piece.path))
}

pub(super) fn read(file: &File, from: u64, to: u64) -> io::Result<Vec<u8>> {
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
