//! Reading a family through, to say whether all of it is what was written.

use super::Kind;
use super::frames::{Frames, Stop};
use super::mend::Torn;
use super::open;
use super::piece::Piece;
use super::seal::Sum;
use super::write::Family;
use crate::model::Lsn;
use crate::store::codec::Malformed;
use crate::store::directory::Generations;
use crate::store::error::{Damage, Flaw, StoreError};
use std::fs::File;
use std::path::{Path, PathBuf};

/// What reading every record of a family found.
///
/// ```
/// use throng::engine::{Checked, Options, Throng, check};
/// let place = tempfile::tempdir()?;
/// let throng = Throng::open(place.path(), Options { reserve_bytes: 0, ..Options::default() })?;
/// throng.query("declare event order")?;
/// throng.close()?;
/// let log: Checked = check(place.path())?.log;
/// assert_eq!((log.n_files, log.n_records, log.damage), (1, 1, None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Files read.
    pub n_files: u64,
    /// Records that are whole.
    pub n_records: u64,
    /// Bytes of them, with the heads of their files.
    pub bytes: u64,
    /// The last record.
    pub last: Option<Lsn>,
    /// Where the last file ends.
    pub end: Option<(PathBuf, u64)>,
    /// What a crash left at the end; the next open that writes cuts it.
    pub torn: Option<Torn>,
    /// The first damage.
    pub damage: Option<Damage>,
}

impl Family {
    /// Reads every record and compares every sum. Damage in one file does not
    /// keep the others from being read.
    pub(in crate::store) fn check(
        directory: &Path,
        kind: Kind,
        uuid: u128,
        generations: &Generations,
        decode: impl Fn(Lsn, u8, &[u8]) -> Result<(), Malformed>,
    ) -> Result<Checked, StoreError> {
        let folder = directory.join(kind.name);
        let mut checked = Checked::default();
        let numbers = match open::list(&folder, kind, generations) {
            Err(StoreError::Damaged(damage)) => {
                return Ok(Checked { damage: Some(damage), ..checked });
            }
            listed => listed?.numbers,
        };
        for (place, number) in numbers.iter().enumerate() {
            let is_last = place + 1 == numbers.len();
            let read = Piece::open(&folder, kind, uuid, *number)
                .and_then(|(piece, file)| checked.piece(&piece, file, is_last, &decode));
            match read {
                Err(StoreError::Damaged(damage)) => _ = checked.damage.get_or_insert(damage),
                read => read?,
            }
        }
        Ok(checked)
    }
}

impl Checked {
    /// Notes that others prove a later record than the last one to have been
    /// on disk: then what is torn was not only begun.
    pub(in crate::store) fn must_reach(&mut self, proven: Lsn, by: &'static str) {
        let last = self.last.unwrap_or_default();
        let Some((file, offset)) = self.end.clone().filter(|_| last < proven) else { return };
        let flaw = Flaw::Short { last, proven, by };
        self.damage.get_or_insert(Damage { file, offset, flaw });
        self.torn = None;
    }

    fn piece(
        &mut self,
        piece: &Piece,
        file: File,
        is_last: bool,
        decode: impl Fn(Lsn, u8, &[u8]) -> Result<(), Malformed>,
    ) -> Result<(), StoreError> {
        self.n_files += 1;
        let of_file = file.try_clone().map_err(StoreError::io("open", &piece.path))?;
        let mut frames = Frames::whole(of_file, piece.clone());
        let n_before = self.n_records;
        let stop = loop {
            match frames.next() {
                Ok((at, frame)) => {
                    if self.last.is_some_and(|last| !piece.kind.follows(last, frame.lsn)) {
                        return Err(piece.damage(at, Flaw::Order).into());
                    }
                    let decoded = frame.raw().and_then(|raw| decode(frame.lsn, frame.kind, &raw));
                    decoded.map_err(|why| piece.damage(at, Flaw::Content(why.0)))?;
                    self.last = Some(frame.lsn);
                    self.n_records += 1;
                }
                Err(stop) => break stop,
            }
        };
        self.bytes += frames.at;
        if is_last {
            let (scanned, torn) = open::examine(piece, &file, |_, _| {})?;
            self.end = Some((piece.path.clone(), scanned.end));
            self.torn = torn;
            return Ok(());
        }
        match stop {
            Stop::End if frames.at == piece.end => {
                self.sum(piece, &file, self.n_records - n_before)
            }
            stop => Err(frames.damage(stop).into()),
        }
    }

    fn sum(&self, piece: &Piece, file: &File, n_records: u64) -> Result<(), StoreError> {
        let Some(sum) = Sum::read(piece)? else { return Ok(()) };
        let crc = open::content(file, piece.end).map_err(StoreError::io("read", &piece.path))?;
        let is_same = sum.crc == crc && sum.n_records == n_records;
        if is_same { Ok(()) } else { Err(piece.damage(0, Flaw::Sum).into()) }
    }
}
