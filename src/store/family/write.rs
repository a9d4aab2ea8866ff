//! Appending to a family: records wait until a sync makes them durable together.

use super::Kind;
use super::frame;
use super::head::{self, Head};
use super::mark;
use super::mend::Torn;
use super::open;
use super::piece::{self, Piece};
use super::read::Reader;
use super::seal::Sum;
use crate::model::Lsn;
use crate::store::error::{Damage, Flaw, StoreError};
use crate::store::files;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// A family of files, open for appending.
#[derive(Debug)]
pub(in crate::store) struct Family {
    pub(super) folder: PathBuf,
    pub(super) kind: Kind,
    pub(super) uuid: u128,
    pub(super) file_bytes: u64,
    pub(super) step_bytes: u64,
    pub(super) sealed: Vec<Piece>,
    pub(super) open: Piece,
    pub(super) file: File,
    /// How far the open file is filled with zeros.
    pub(super) filled: u64,
    /// Checksum of the last record that waits or is durable.
    pub(super) chain: u32,
    /// Records of the open file.
    pub(super) n_records: u64,
    /// Records that wait for a sync.
    pub(super) waiting: Vec<u8>,
    pub(super) last: Option<Lsn>,
    pub(super) durable: Option<Lsn>,
    pub(super) is_stopped: bool,
    /// Whether what a crash left is mended.
    pub(super) is_mended: bool,
    pub(super) torn: Option<Torn>,
    /// Files that a crash or a rewriting left over.
    pub(super) leftovers: Vec<PathBuf>,
    /// Sums that a crash kept from being written.
    pub(super) unsummed: Vec<(Piece, Sum)>,
    /// Whether a mark stands behind the last record.
    pub(super) is_marked: bool,
    /// Whether the mark is known to be on disk.
    pub(super) is_mark_synced: bool,
}

impl Family {
    /// Bytes of memory that waiting records take.
    pub(in crate::store) fn memory(&self) -> usize {
        self.waiting.capacity()
    }

    /// Makes the first file of a family in a store that is being created.
    pub(in crate::store) fn create(
        directory: &Path,
        kind: Kind,
        uuid: u128,
    ) -> Result<(), StoreError> {
        let folder = directory.join(kind.name);
        files::make_dir(&folder)?;
        create_piece(&folder, kind, uuid, 1, Lsn(0))?;
        files::sync_dir(directory)
    }

    /// Whether a family in this directory has no record yet.
    pub(in crate::store) fn is_blank(folder: &Path) -> Result<bool, StoreError> {
        for name in files::names(folder)? {
            let path = folder.join(&name);
            let length = fs::metadata(&path).map_err(StoreError::io("read", &path))?.len();
            if length > head::LEN as u64 {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// That this family ends before a record that was on disk.
    pub(in crate::store) fn short(&self, proven: Lsn, by: &'static str) -> Damage {
        let last = self.durable.unwrap_or_default();
        self.open.damage(self.open.end, Flaw::Short { last, proven, by })
    }

    /// The number of the last durable record.
    pub(in crate::store) fn durable(&self) -> Option<Lsn> {
        self.durable
    }

    /// The number of the last record, durable or waiting.
    pub(in crate::store) fn last(&self) -> Option<Lsn> {
        self.last
    }

    /// Durable bytes of all files.
    pub(in crate::store) fn bytes(&self) -> u64 {
        self.sealed.iter().chain([&self.open]).map(|piece| piece.end).sum()
    }

    /// Lets a record wait for the next sync.
    pub(in crate::store) fn append(
        &mut self,
        lsn: Lsn,
        kind: u8,
        raw: &[u8],
    ) -> Result<(), StoreError> {
        self.check_goes_on()?;
        if let Some(last) = self.last.filter(|last| !self.kind.follows(*last, lsn)) {
            return Err(StoreError::OutOfOrder { given: lsn, last });
        }
        if raw.len() > frame::RAW_MAX {
            let (given, limit) = (raw.len() as u64, frame::RAW_MAX as u64);
            return Err(StoreError::TooLarge { what: "bytes of one record", given, limit });
        }
        self.mend()?;
        let is_first = self.waiting.is_empty();
        if is_first && self.open.end >= self.file_bytes {
            self.guarded(|family| family.seal(lsn))?;
        }
        let offset = self.open.end + self.waiting.len() as u64;
        if is_first {
            self.open.mark(lsn, offset);
        }
        let chain = (self.open.seed, self.chain);
        self.chain = frame::put(&mut self.waiting, chain, lsn, (kind, is_first), raw);
        self.n_records += 1;
        self.last = Some(lsn);
        Ok(())
    }

    /// Makes all waiting records durable: one write, one `fdatasync`.
    pub(in crate::store) fn sync(&mut self) -> Result<(), StoreError> {
        self.check_goes_on()?;
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.guarded(|family| {
            let (at, end) = (family.open.end, family.open.end + family.waiting.len() as u64);
            family.fill(end + mark::LEN as u64);
            let written = family.file.write_all_at(&family.waiting, at);
            written.map_err(StoreError::io("write", &family.open.path))?;
            tracing::trace!(family = family.kind.name, "records are written");
            let synced = family.file.sync_data();
            synced.map_err(StoreError::io("sync", &family.open.path))?;
            tracing::trace!(family = family.kind.name, "records are on disk");
            family.open.end = end;
            family.waiting.clear();
            family.durable = family.last;
            family.put_mark();
            Ok(())
        })
    }

    /// The durable records from `from` on, as they are now.
    pub(in crate::store) fn read(&self, from: Lsn) -> Reader {
        Reader::new(self.sealed.iter().chain([&self.open]).cloned().collect(), from)
    }

    /// Copies the durable records of all files into another directory.
    pub(in crate::store) fn copy_to(&self, directory: &Path) -> Result<(), StoreError> {
        let folder = directory.join(self.kind.name);
        files::make_dir(&folder)?;
        for piece in &self.sealed {
            for path in [&piece.path, &piece.sum_path()] {
                files::copy(path, &folder, None)?;
            }
        }
        let mark = if self.is_marked { mark::LEN as u64 } else { 0 };
        files::copy(&self.open.path, &folder, Some(self.open.end + mark))?;
        files::sync_dir(&folder)
    }

    /// After a failed write nothing is known of the file: only opening it again tells.
    fn check_goes_on(&self) -> Result<(), StoreError> {
        if self.is_stopped { Err(StoreError::Stopped) } else { Ok(()) }
    }

    pub(super) fn guarded(
        &mut self,
        write: impl FnOnce(&mut Family) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.is_stopped = true;
        write(self)?;
        self.is_stopped = false;
        Ok(())
    }

    /// Fills the file with zeros ahead of `end`, so that a sync need not change
    /// its length. What fails here fails again, and is told, when records are written.
    fn fill(&mut self, end: u64) {
        if end <= self.filled {
            return;
        }
        let zeros = vec![0; self.step_bytes as usize];
        let filled = self.file.write_all_at(&zeros, end);
        self.filled = if filled.is_ok() { end + self.step_bytes } else { end };
    }

    /// Seals the open file and begins the next one, in an order that leaves
    /// every crash recognisable: cut, next file, sum.
    fn seal(&mut self, first: Lsn) -> Result<(), StoreError> {
        let cut = self.file.set_len(self.open.end).and_then(|()| self.file.sync_all());
        cut.map_err(StoreError::io("cut", &self.open.path))?;
        let crc = open::content(&self.file, self.open.end);
        let crc = crc.map_err(StoreError::io("read", &self.open.path))?;
        let number = self.open.number + 1;
        create_piece(&self.folder, self.kind, self.uuid, number, first)?;
        let last = self.durable.unwrap_or_default();
        let sum = Sum { n_records: self.n_records, last, bytes: self.open.end, crc };
        sum.put(&self.open)?;
        let (open, file) = Piece::open(&self.folder, self.kind, self.uuid, (number, 0))?;
        self.filled = open.end;
        self.chain = open.seed;
        self.n_records = 0;
        self.is_marked = false;
        self.file = file;
        self.sealed.push(std::mem::replace(&mut self.open, open));
        Ok(())
    }
}

pub(super) fn create_piece(
    folder: &Path,
    kind: Kind,
    uuid: u128,
    number: u32,
    first: Lsn,
) -> Result<(), StoreError> {
    let head = Head { number, generation: 0, uuid, first };
    files::put_whole(&folder.join(piece::name(kind, number, 0)), &head.print(kind))
}

#[cfg(test)]
impl Family {
    /// Lets every later write fail as on a full disk.
    pub(in crate::store) fn fail_from_now_on(&mut self) {
        self.file = File::options().read(true).write(true).open("/dev/full").unwrap();
    }
}
