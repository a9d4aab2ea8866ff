//! Appending to a family: records wait until a sync makes them durable together.

use super::Kind;
use super::frame;
use super::head::{self, Head};
use super::open::{self, Torn};
use super::piece::{self, Piece};
use super::read::Reader;
use super::seal::Sum;
use crate::model::Lsn;
use crate::store::directory::Generations;
use crate::store::error::{Damage, Flaw, StoreError};
use crate::store::files;
use crate::store::options::Options;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// A family of files, open for appending.
#[derive(Debug)]
pub(in crate::store) struct Family {
    folder: PathBuf,
    kind: Kind,
    uuid: u128,
    file_bytes: u64,
    step_bytes: u64,
    sealed: Vec<Piece>,
    open: Piece,
    file: File,
    /// How far the open file is filled with zeros.
    filled: u64,
    /// Checksum of the last record that waits or is durable.
    chain: u32,
    n_records: u64,
    /// Records that wait for a sync.
    waiting: Vec<u8>,
    last: Option<Lsn>,
    durable: Option<Lsn>,
    is_stopped: bool,
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

    /// Opens a family; says what it cut from the end of the last file.
    pub(in crate::store) fn open(
        directory: &Path,
        kind: Kind,
        uuid: u128,
        generations: &Generations,
        options: &Options,
    ) -> Result<(Family, Option<Torn>), StoreError> {
        let folder = directory.join(kind.name);
        let mut numbers = open::list(&folder, kind, generations)?;
        let Some(last_number) = numbers.pop() else {
            return Err(open::missing(&folder, kind, 1, generations));
        };
        let (sealed, last_sealed) = open_sealed(&folder, kind, uuid, &numbers)?;
        let (mut open, file) = Piece::open(&folder, kind, uuid, last_number)?;
        // A sum is written only once the next file is there.
        if fs::exists(open.sum_path()).map_err(StoreError::io("read", &folder))? {
            return Err(open::missing(&folder, kind, last_number.0 + 1, generations));
        }
        check_order(&open, last_sealed)?;
        let (scanned, torn) = open::open_last(&mut open, &file)?;
        let last = scanned.last.or(last_sealed);
        let filled = file.metadata().map_err(StoreError::io("read", &open.path))?.len();
        let family = Family {
            folder,
            kind,
            uuid,
            file_bytes: options.file_bytes,
            step_bytes: options.step_bytes.max(1),
            sealed,
            open,
            file,
            filled,
            chain: scanned.chain,
            n_records: scanned.n_records,
            waiting: Vec::new(),
            last,
            durable: last,
            is_stopped: false,
        };
        Ok((family, torn))
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
            family.fill(end);
            let written = family.file.write_all_at(&family.waiting, at);
            written.map_err(StoreError::io("write", &family.open.path))?;
            tracing::trace!(family = family.kind.name, "records are written");
            let synced = family.file.sync_data();
            synced.map_err(StoreError::io("sync", &family.open.path))?;
            tracing::trace!(family = family.kind.name, "records are on disk");
            family.open.end = end;
            family.waiting.clear();
            family.durable = family.last;
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
        files::copy(&self.open.path, &folder, Some(self.open.end))?;
        files::sync_dir(&folder)
    }

    /// After a failed write nothing is known of the file: only opening it again tells.
    fn check_goes_on(&self) -> Result<(), StoreError> {
        if self.is_stopped { Err(StoreError::Stopped) } else { Ok(()) }
    }

    fn guarded(
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
        self.file = file;
        self.sealed.push(std::mem::replace(&mut self.open, open));
        Ok(())
    }
}

fn create_piece(
    folder: &Path,
    kind: Kind,
    uuid: u128,
    number: u32,
    first: Lsn,
) -> Result<(), StoreError> {
    let head = Head { number, generation: 0, uuid, first };
    files::put_whole(&folder.join(piece::name(kind, number, 0)), &head.print(kind))
}

/// The sealed files, and the last record in them.
fn open_sealed(
    folder: &Path,
    kind: Kind,
    uuid: u128,
    numbers: &[(u32, u32)],
) -> Result<(Vec<Piece>, Option<Lsn>), StoreError> {
    let mut sealed = Vec::new();
    let mut last = None;
    for number in numbers {
        let (piece, file) = Piece::open(folder, kind, uuid, *number)?;
        check_order(&piece, last)?;
        last = Some(open::sum_of(&piece, file)?.last);
        sealed.push(piece);
    }
    Ok((sealed, last))
}

/// A file begins after the last record of the one before.
fn check_order(piece: &Piece, last: Option<Lsn>) -> Result<(), Damage> {
    match last {
        Some(last) if !piece.kind.follows(last, piece.first) => Err(piece.damage(0, Flaw::Order)),
        _ => Ok(()),
    }
}

#[cfg(test)]
impl Family {
    /// Lets every later write fail as on a full disk.
    pub(in crate::store) fn fail_from_now_on(&mut self) {
        self.file = File::options().read(true).write(true).open("/dev/full").unwrap();
    }
}
