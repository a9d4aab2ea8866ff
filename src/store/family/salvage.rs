//! What can still be read of a damaged family, and keeping just that. Nothing
//! is deleted: the rest is set aside.

use super::Kind;
use super::frame;
use super::frames::{Frames, Stop};
use super::head;
use super::open;
use super::piece::{self, Piece};
use super::seal::Sum;
use super::write;
use crate::model::Lsn;
use crate::store::codec::Malformed;
use crate::store::directory::{Directory, Generations};
use crate::store::error::{Damage, Flaw, StoreError};
use crate::store::files;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// How much of a family can be read from its start on.
#[derive(Debug, Default)]
pub(in crate::store) struct Readable {
    pub(in crate::store) last: Option<Lsn>,
    pub(in crate::store) n_records: u64,
    /// What keeps the rest from being read.
    pub(in crate::store) damage: Option<Damage>,
    /// The last record that is whole behind the damage.
    pub(in crate::store) behind: Option<Lsn>,
    /// The files, by number, with the name of each.
    names: BTreeMap<u32, PathBuf>,
    /// The last file of which something is kept, and how much of it.
    kept: (u32, u64),
    /// Heads that are damaged, and what they must have been.
    heads: Vec<(PathBuf, [u8; head::LEN])>,
    /// Sums that are damaged, of files that are whole.
    sums: Vec<PathBuf>,
    /// Damage that keeps nothing from being read.
    slight: Option<Damage>,
}

/// Is told of each record whether it can be kept, and what it says.
pub(in crate::store) type Visit<'a> =
    &'a mut dyn FnMut(bool, Lsn, u8, &[u8]) -> Result<(), Malformed>;

impl Readable {
    /// Reads a family as far as it is whole, and looks for records behind that.
    pub(in crate::store) fn of(
        directory: &Directory,
        kind: Kind,
        visit: Visit<'_>,
    ) -> Result<Readable, StoreError> {
        let folder = directory.path().join(kind.name);
        let (uuid, generations) =
            (directory.manifest().uuid, directory.manifest().generations(kind));
        let mut readable = Readable { names: names(&folder, kind, generations)?, ..<_>::default() };
        let n_files = readable.names.keys().next_back().copied().unwrap_or(1);
        for number in 1..=n_files {
            let file = (number, generations.get(&number).copied().unwrap_or(0));
            let is_last = number == n_files;
            let read = readable
                .open(&folder, kind, uuid, file)
                .and_then(|(piece, file)| readable.read(&piece, &file, is_last, visit));
            match read {
                Err(StoreError::Damaged(damage)) => _ = readable.damage.get_or_insert(damage),
                read => read?,
            }
        }
        readable.damage = readable.damage.take().or(readable.slight.take());
        Ok(readable)
    }

    /// Where what can be read ends.
    pub(in crate::store) fn end(&self) -> Option<(PathBuf, u64)> {
        self.names.get(&self.kept.0).map(|path| (path.clone(), self.kept.1))
    }

    fn open(
        &mut self,
        folder: &Path,
        kind: Kind,
        uuid: u128,
        file: (u32, u32),
    ) -> Result<(Piece, File), StoreError> {
        let refused = match Piece::open(folder, kind, uuid, file) {
            Err(StoreError::Damaged(damage)) if damage.flaw == Flaw::Head => damage,
            opened => return opened,
        };
        let Some((piece, file, head)) = Piece::open_headless(folder, kind, uuid, file) else {
            return Err(refused.into());
        };
        if self.damage.is_none() {
            self.heads.push((piece.path.clone(), head));
            self.slight.get_or_insert(refused);
        }
        Ok((piece, file))
    }

    /// Reads one file: its records are kept, unless something before them is damaged.
    fn read(
        &mut self,
        piece: &Piece,
        file: &File,
        is_last: bool,
        visit: Visit<'_>,
    ) -> Result<(), StoreError> {
        if self.damage.is_some() {
            return self.look_behind(piece, file, head::LEN as u64, visit);
        }
        self.kept = (piece.number, head::LEN as u64);
        let read = self.keep(piece, file, is_last, visit);
        if matches!(read, Err(StoreError::Damaged(_))) {
            self.look_behind(piece, file, self.kept.1 + 1, visit)?;
        }
        read
    }

    fn keep(
        &mut self,
        piece: &Piece,
        file: &File,
        is_last: bool,
        visit: Visit<'_>,
    ) -> Result<(), StoreError> {
        let mut frames = Frames::whole(open::clone(file, piece)?, piece.clone());
        let n_before = self.n_records;
        let stop = loop {
            let (at, frame) = match frames.next() {
                Ok(next) => next,
                Err(stop) => break stop,
            };
            if self.last.is_some_and(|last| !piece.kind.follows(last, frame.lsn)) {
                return Err(piece.damage(at, Flaw::Order).into());
            }
            let said = frame.raw().and_then(|raw| visit(true, frame.lsn, frame.kind, &raw));
            said.map_err(|why| piece.damage(at, Flaw::Content(why.0)))?;
            (self.last, self.n_records) = (Some(frame.lsn), self.n_records + 1);
            self.kept.1 = frames.at;
        };
        match stop {
            _ if is_last => check_end(piece, file),
            Stop::End if frames.at == piece.end => self.sum(piece, self.n_records - n_before),
            stop => Err(frames.damage(stop).into()),
        }
    }

    /// A sum that cannot be read is taken again; one that differs says that
    /// something is lost.
    fn sum(&mut self, piece: &Piece, n_records: u64) -> Result<(), StoreError> {
        match Sum::read(piece) {
            Ok(Some(sum)) if sum.n_records != n_records => Err(piece.damage(0, Flaw::Sum).into()),
            Err(StoreError::Damaged(damage)) if damage.flaw == Flaw::Lines => {
                self.sums.push(piece.sum_path());
                self.slight.get_or_insert(damage);
                Ok(())
            }
            read => read.map(|_| ()),
        }
    }

    fn look_behind(
        &mut self,
        piece: &Piece,
        file: &File,
        from: u64,
        visit: Visit<'_>,
    ) -> Result<(), StoreError> {
        let bytes = open::read(file, from.min(piece.end), piece.end);
        let bytes = bytes.map_err(StoreError::io("read", &piece.path))?;
        let (mut at, end) = (0, open::n_written(&bytes));
        while at < end {
            let rest = &bytes[at..];
            let frame = frame::may_be(rest).then(|| frame::parse(rest, piece.seed)).flatten();
            let Some(frame) = frame.filter(|frame| self.last <= Some(frame.lsn)) else {
                at += 1;
                continue;
            };
            // What says nothing is lost like what cannot be read.
            let _nothing = frame.raw().and_then(|raw| visit(false, frame.lsn, frame.kind, &raw));
            self.behind = self.behind.max(Some(frame.lsn));
            at += frame::len(rest).map_or(1, |length| length as usize);
        }
        Ok(())
    }

    /// Keeps what can be read, and sets the rest aside in a directory.
    pub(in crate::store) fn keep_only(
        &self,
        directory: &mut Directory,
        kind: Kind,
        aside: &Path,
    ) -> Result<(), StoreError> {
        let folder = directory.path().join(kind.name);
        files::make_dir(aside)?;
        // The last one first: whatever happens meanwhile, no file is missing in between.
        for (_, path) in self.names.iter().rev().filter(|(number, _)| **number > self.kept.0) {
            move_to(aside, path)?;
            move_to(aside, &path.with_extension("sum"))?;
            files::sync_dir(&folder)?;
        }
        match self.names.get(&self.kept.0) {
            Some(path) => self.cut(path, aside)?,
            None => write::create_piece(&folder, kind, directory.manifest().uuid, 1, Lsn(0))?,
        }
        for path in [&folder, aside] {
            files::sync_dir(path)?;
        }
        let mut manifest = directory.manifest().clone();
        manifest.generations_mut(kind).retain(|number, _| *number <= self.kept.0);
        if manifest != *directory.manifest() { directory.put_manifest(manifest) } else { Ok(()) }
    }

    /// The last file that is kept goes on where it can be read to.
    fn cut(&self, path: &Path, aside: &Path) -> Result<(), StoreError> {
        let length = fs::metadata(path).map_err(StoreError::io("read", path))?.len();
        let mended = self.heads.iter().map(|(path, _)| path.as_path());
        for path in mended.chain((length > self.kept.1).then_some(path)) {
            files::copy(path, aside, None)?;
        }
        files::sync_dir(aside)?;
        for (path, head) in &self.heads {
            let file = files::open(path)?;
            let written = file.write_all_at(head, 0).and_then(|()| file.sync_all());
            written.map_err(StoreError::io("write", path))?;
        }
        let file = files::open(path)?;
        let cut = file.set_len(self.kept.1).and_then(|()| file.sync_all());
        cut.map_err(StoreError::io("cut", path))?;
        for sum in self.sums.iter().chain([&path.with_extension("sum")]) {
            move_to(aside, sum)?;
        }
        Ok(())
    }
}

/// The last file has no sum, and ends where a crash may have left it.
fn check_end(piece: &Piece, file: &File) -> Result<(), StoreError> {
    open::examine(piece, file, |_, _| {})?;
    match piece.sum_path().exists() {
        true => Err(piece.damage(piece.end, Flaw::Missing).into()),
        false => Ok(()),
    }
}

/// The files that count, by number; some in between may be missing.
fn names(
    folder: &Path,
    kind: Kind,
    generations: &Generations,
) -> Result<BTreeMap<u32, PathBuf>, StoreError> {
    let counts = |(number, generation): &(u32, u32)| {
        generations.get(number).copied().unwrap_or(0) == *generation
    };
    let names = files::names(folder)?.into_iter();
    let files = names.filter_map(|name| {
        let (number, _) = piece::parse_name(kind, &name).filter(counts)?;
        Some((number, folder.join(name)))
    });
    Ok(files.collect())
}

fn move_to(aside: &Path, path: &Path) -> Result<(), StoreError> {
    if !path.exists() {
        return Ok(());
    }
    let target = aside.join(path.file_name().unwrap_or_default());
    fs::rename(path, target).map_err(StoreError::io("rename", path))
}
