//! Frames of one file, one after another, each checked by itself and against
//! the one before.

use super::frame::{self, Frame};
use super::piece::Piece;
use crate::model::Lsn;
use crate::store::error::{Damage, Flaw};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

const STEP: usize = 256 << 10;
const LEN_MAX: u64 = (frame::HEAD + frame::RAW_MAX) as u64;

/// Frames of one file from an offset on.
#[derive(Debug)]
pub(super) struct Frames {
    file: File,
    pub(super) piece: Piece,
    /// Where the next frame begins.
    pub(super) at: u64,
    /// The checksum and number of the frame before, once one was read here.
    before: Option<(u32, Lsn)>,
    /// Bytes of the file from `from` on.
    bytes: Vec<u8>,
    from: u64,
}

/// Why there is no frame.
#[derive(Debug)]
pub(super) enum Stop {
    /// The file ends here, or only zeros follow as far as a head is long.
    End,
    /// Something else is here.
    Flaw(Flaw),
    /// The file cannot be read.
    Io(io::Error),
}

impl Frames {
    pub(super) fn new(file: File, piece: Piece, at: u64) -> Frames {
        Frames { file, piece, at, before: None, bytes: Vec::new(), from: at }
    }

    /// Frames from the start of the file on, with the chain from its head.
    pub(super) fn whole(file: File, piece: Piece) -> Frames {
        let before = Some((piece.seed, Lsn(piece.first.0.saturating_sub(1))));
        Frames { before, ..Frames::new(file, piece, super::head::LEN as u64) }
    }

    /// The next frame and where it begins.
    pub(super) fn next(&mut self) -> Result<(u64, Frame<'_>), Stop> {
        let at = self.at;
        let left = self.piece.end.saturating_sub(at);
        if left == 0 {
            return Err(Stop::End);
        }
        let head = self.window(left.min(frame::HEAD as u64)).map_err(Stop::Io)?;
        if head.iter().all(|byte| *byte == 0) {
            return Err(Stop::End);
        }
        let length = frame::len(head).filter(|length| *length <= left.min(LEN_MAX));
        let length = length.ok_or(Stop::Flaw(Flaw::Checksum))?;
        self.window(length).map_err(Stop::Io)?;
        let start = (at - self.from) as usize;
        let bytes = &self.bytes[start..start + length as usize];
        let frame = frame::parse(bytes, self.piece.seed).ok_or(Stop::Flaw(Flaw::Checksum))?;
        if let Some((crc, lsn)) = self.before {
            if frame.chain != crc {
                return Err(Stop::Flaw(Flaw::Chain));
            }
            if !self.piece.kind.follows(lsn, frame.lsn) {
                return Err(Stop::Flaw(Flaw::Order));
            }
        }
        self.before = Some((frame.crc, frame.lsn));
        self.at = at + length;
        Ok((at, frame))
    }

    /// The damage that a stop inside a sealed or durable stretch is.
    pub(super) fn damage(&self, stop: Stop) -> Damage {
        match stop {
            Stop::End => self.piece.damage(self.at, Flaw::Length),
            Stop::Flaw(flaw) => self.piece.damage(self.at, flaw),
            Stop::Io(_) => self.piece.damage(self.at, Flaw::Unreadable),
        }
    }

    /// The next `n` bytes of the file, read in steps.
    fn window(&mut self, n: u64) -> io::Result<&[u8]> {
        let n = n as usize;
        let start = (self.at - self.from) as usize;
        if self.bytes.len() < start + n {
            self.bytes.drain(..start);
            self.from = self.at;
            let known = self.bytes.len();
            let left = (self.piece.end - self.from) as usize;
            self.bytes.resize(n.max(STEP).min(left), 0);
            self.file.read_exact_at(&mut self.bytes[known..], self.from + known as u64)?;
        }
        let start = (self.at - self.from) as usize;
        Ok(&self.bytes[start..start + n])
    }
}
