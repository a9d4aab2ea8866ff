//! `--rejects`: a file of the records that were not taken, made when there is one.

use super::super::arguments::Import;
use super::super::failure::Failure;
use crate::wire::{RejectedRecord, Rejects};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where rejected records are kept, and what is wrong with them beside.
pub(super) struct Keep {
    records: PathBuf,
    reasons: PathBuf,
    open: Option<Rejects<BufWriter<File>>>,
    /// The header of the file that is read, and the one that was written.
    header: Option<Arc<[u8]>>,
    written: Option<Arc<[u8]>>,
    /// Lines of this input that are kept, and where: a row is written once,
    /// however many of its calls are wrong.
    lines: HashMap<u64, u64>,
}

impl Keep {
    /// Where the arguments say, which must not be there: what it holds, or what
    /// is being read, would be lost.
    pub fn new(import: &Import) -> Result<Option<Keep>, Failure> {
        let Some(records) = import.rejects.clone() else { return Ok(None) };
        let mut reasons = records.clone().into_os_string();
        reasons.push(".reasons");
        let reasons = PathBuf::from(reasons);
        for path in [&records, &reasons] {
            if path.symlink_metadata().is_ok() {
                return Err(Failure::Wrong(occupied(path, import)));
            }
        }
        let (header, written) = (None, None);
        Ok(Some(Keep { records, reasons, open: None, header, written, lines: HashMap::new() }))
    }

    /// From here on records are those of an input with this header.
    pub fn begin(&mut self, header: Option<Arc<[u8]>>) {
        self.header = header;
        self.lines.clear();
    }

    /// Keeps one; without its bytes, what is wrong with it.
    pub fn write(&mut self, wrong: &RejectedRecord<'_>, raw: Option<&[u8]>) -> Result<(), Failure> {
        if self.open.is_some() && self.written != self.header {
            return Err(Failure::Failed(format!(
                "the columns of this file are not those of the one before, whose rejected rows \
                 {} holds; what was accepted is kept: import the files one by one",
                self.records.display()
            )));
        }
        if self.open.is_none() {
            self.open = Some(self.create()?);
            self.written = self.header.clone();
        }
        let Some(open) = &mut self.open else { return Ok(()) };
        let at = match (self.lines.get(&wrong.line), raw) {
            (Some(at), _) => Some(*at),
            (None, Some(raw)) => Some(open.record(raw)?),
            (None, None) => None,
        };
        self.lines.extend(at.map(|at| (wrong.line, at)));
        Ok(open.reason(at, wrong)?)
    }

    fn create(&self) -> Result<Rejects<BufWriter<File>>, Failure> {
        let made = |path: &Path| {
            let file = OpenOptions::new().write(true).create_new(true).open(path);
            file.map(BufWriter::new).map_err(|error| Failure::at(path.display(), error))
        };
        let (records, reasons) = (made(&self.records)?, made(&self.reasons)?);
        Ok(Rejects::new(records, reasons, self.header.as_deref())?)
    }

    /// Closes the files, and says where they are; nothing if none was made.
    pub fn finish(self) -> Result<Option<String>, Failure> {
        let Some(open) = self.open else { return Ok(None) };
        open.finish()?;
        let (records, reasons) = (self.records.display(), self.reasons.display());
        Ok(Some(format!("kept in {records}, to be mended and imported; why is in {reasons}")))
    }
}

fn occupied(path: &Path, import: &Import) -> String {
    let canonical = path.canonicalize().ok();
    let read = import.files.iter().chain(&import.map);
    let is_read =
        canonical.is_some() && read.into_iter().any(|file| file.canonicalize().ok() == canonical);
    let path = path.display();
    if is_read {
        return format!(
            "throng: --rejects {path}: that file is read; give rejected records a file of their own"
        );
    }
    format!("throng: --rejects {path}: that file is there already; give another name, or remove it")
}
