//! One file of a family: where it is, and which records it holds.

use super::Kind;
use super::frame;
use super::head::{self, Head};
use crate::model::Lsn;
use crate::store::error::{Damage, Flaw, StoreError};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// Bytes between two places where reading may begin.
const MARK_BYTES: u64 = 256 << 10;

/// One file of a family.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) path: PathBuf,
    pub(super) number: u32,
    pub(super) kind: Kind,
    pub(super) seed: u32,
    /// The least record that may be in it.
    pub(super) first: Lsn,
    /// Where its durable records end.
    pub(super) end: u64,
    /// Records of which the offset is known, so that reading may begin there.
    marks: Vec<(Lsn, u64)>,
}

impl Piece {
    /// The file of that number, if its head is that of this store's file.
    pub(super) fn open(
        folder: &Path,
        kind: Kind,
        uuid: u128,
        (number, generation): (u32, u32),
    ) -> Result<(Piece, File), StoreError> {
        let path = folder.join(name(kind, number, generation));
        let file = match File::options().read(true).write(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(Damage { file: path, offset: 0, flaw: Flaw::Missing }.into());
            }
            Err(error) => return Err(StoreError::io("open", &path)(error)),
        };
        let end = file.metadata().map_err(StoreError::io("read", &path))?.len();
        let mut bytes = [0; head::LEN];
        let expected = Head { number, generation, uuid, first: Lsn(0) };
        let first = match file.read_exact_at(&mut bytes, 0) {
            Ok(()) => Head::first_of(&bytes, kind, &expected),
            Err(_) => None,
        };
        match first {
            Some(first) => Ok((Piece::of(path, kind, Head { first, ..expected }, end), file)),
            None => Err(Damage { file: path, offset: 0, flaw: Flaw::Head }.into()),
        }
    }

    /// The file of that number although its head is damaged, if its first
    /// record passes under the head that it must have had. Gives the head.
    pub(super) fn open_headless(
        folder: &Path,
        kind: Kind,
        uuid: u128,
        (number, generation): (u32, u32),
    ) -> Option<(Piece, File, [u8; head::LEN])> {
        let path = folder.join(name(kind, number, generation));
        let file = File::options().read(true).write(true).open(&path).ok()?;
        let end = file.metadata().ok()?.len();
        let mut start = vec![0; frame::HEAD];
        file.read_exact_at(&mut start, head::LEN as u64).ok()?;
        let length = frame::len(&start).filter(|length| *length <= end)?;
        start.resize(usize::try_from(length).ok()?, 0);
        file.read_exact_at(&mut start, head::LEN as u64).ok()?;
        // The first file begins before any record, each later one with its first.
        let first = if number == 1 { Lsn(0) } else { frame::lsn(&start) };
        let head = Head { number, generation, uuid, first };
        frame::parse(&start, head.seed(kind))?;
        Some((Piece::of(path, kind, head, end), file, head.print(kind)))
    }

    fn of(path: PathBuf, kind: Kind, head: Head, end: u64) -> Piece {
        let (seed, first, number) = (head.seed(kind), head.first, head.number);
        Piece { path, number, kind, seed, first, end, marks: vec![(first, head::LEN as u64)] }
    }

    /// Remembers where a record lies, if the last such place is far behind.
    pub(super) fn mark(&mut self, lsn: Lsn, offset: u64) {
        let last = self.marks.last().map_or(0, |mark| mark.1);
        if offset >= last + MARK_BYTES {
            self.marks.push((lsn, offset));
        }
    }

    /// Where to begin reading for the records from `lsn` on.
    pub(super) fn place_before(&self, lsn: Lsn) -> u64 {
        let before = self.marks.partition_point(|mark| mark.0 < lsn);
        before.checked_sub(1).map_or(head::LEN as u64, |mark| self.marks[mark].1)
    }

    /// Damage in this file.
    pub(super) fn damage(&self, offset: u64, flaw: Flaw) -> Damage {
        Damage { file: self.path.clone(), offset, flaw }
    }

    /// Where its sum lies.
    pub(super) fn sum_path(&self) -> PathBuf {
        self.path.with_extension("sum")
    }
}

/// The name of a file; one that was rewritten has its generation in it.
pub(super) fn name(kind: Kind, number: u32, generation: u32) -> String {
    match generation {
        0 => format!("{number:08}.{}", kind.name),
        _ => format!("{number:08}-{generation}.{}", kind.name),
    }
}

/// Number and generation of a file of that name.
pub(super) fn parse_name(kind: Kind, name: &str) -> Option<(u32, u32)> {
    let stem = name.strip_suffix(kind.name)?.strip_suffix('.')?;
    let (number, generation) = stem.split_once('-').unwrap_or((stem, "0"));
    let parsed = (number.parse().ok()?, generation.parse().ok()?);
    (self::name(kind, parsed.0, parsed.1) == name).then_some(parsed)
}
