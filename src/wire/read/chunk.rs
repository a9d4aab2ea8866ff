//! A source cut into chunks of whole records.

use super::cut::{Cut, Found};
use super::error::ReadError;
use super::source::Source;
use crate::model::limits::EVENT_BYTES_MAX;
use crate::wire::reject::Reason;
use std::sync::Arc;

/// Bytes that are read before they are cut. The cuts depend on the source
/// alone, so the same file always gives the same batches.
const CHUNK_BYTES: usize = 1 << 20;
/// Of a record that is too long, so much is kept to be shown.
const SHOWN_BYTES: usize = 1 << 10;

/// One record's place in its chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub start: usize,
    pub len: usize,
    /// The line that it begins at, from 1.
    pub line: u64,
    /// Its number among the records, from 1; the header does not count.
    pub row: u64,
    /// What is already known to be wrong with it.
    pub fault: Option<Reason>,
}

/// Some whole records, one after the other.
#[derive(Debug)]
pub(super) struct Chunk {
    pub text: Arc<Vec<u8>>,
    pub pieces: Vec<Piece>,
    /// Bytes of the source that had been read by then.
    pub read_to: u64,
}

/// Cuts a source into chunks.
pub(super) struct Chunks {
    source: Source,
    cut: Cut,
    buffer: Vec<u8>,
    is_end: bool,
    /// A record that is too long is passed over up to its line break.
    skips: bool,
    /// Quotes that never closed, since the last record that was whole.
    n_unclosed: u32,
    failed: Option<ReadError>,
    line: u64,
    row: u64,
}

impl Chunks {
    /// Passes over a byte order mark.
    pub(super) fn open(source: Source, cut: Cut) -> Result<Chunks, ReadError> {
        let (line, row) = (1, 1);
        let (is_end, skips, failed) = (false, false, None);
        let buffer = Vec::new();
        let n_unclosed = 0;
        let mut chunks =
            Chunks { source, cut, buffer, is_end, skips, n_unclosed, failed, line, row };
        chunks.fill(CHUNK_BYTES);
        if chunks.buffer.is_empty() {
            return Err(chunks.failed.take().unwrap_or(ReadError::Empty));
        }
        if chunks.buffer.starts_with(&[0xFF, 0xFE]) || chunks.buffer.starts_with(&[0xFE, 0xFF]) {
            return Err(ReadError::Utf16);
        }
        if chunks.buffer.starts_with(b"\xEF\xBB\xBF") {
            chunks.buffer.drain(..3);
        }
        Ok(chunks)
    }

    /// The first record, which is not one of the rows.
    pub(super) fn header(&mut self) -> Result<Vec<u8>, ReadError> {
        let (mut pieces, used) = self.cut(1);
        let Some(header) = pieces.pop() else {
            // Of a packed file that is cut short there may be a part of it.
            return Err(self.failed.take().unwrap_or(ReadError::Empty));
        };
        let bytes = self.buffer[header.start..header.start + header.len].to_vec();
        self.buffer.drain(..used);
        self.row = 1;
        Ok(bytes)
    }

    /// The next chunk. After an error there is nothing more.
    pub(super) fn next(&mut self) -> Result<Option<Chunk>, ReadError> {
        loop {
            let (pieces, used) = self.cut(usize::MAX);
            let rest = self.buffer.split_off(used);
            let text = std::mem::replace(&mut self.buffer, rest);
            let read_to = self.source.progress.bytes();
            if !pieces.is_empty() {
                return Ok(Some(Chunk { text: Arc::new(text), pieces, read_to }));
            }
            if let Some(error) = self.failed.take() {
                self.is_end = true;
                self.buffer.clear();
                return Err(error);
            }
            if self.is_end {
                return Ok(None);
            }
            self.fill(self.buffer.len() + CHUNK_BYTES);
        }
    }

    fn fill(&mut self, n_bytes: usize) {
        self.buffer.reserve(n_bytes.saturating_sub(self.buffer.len()));
        match self.source.fill(&mut self.buffer, n_bytes) {
            Ok(goes_on) => self.is_end = !goes_on,
            Err(error) => self.failed = Some(error),
        }
    }

    /// The whole records in the buffer, at most so many, and the bytes up to there.
    fn cut(&mut self, n_max: usize) -> (Vec<Piece>, usize) {
        let (mut pieces, mut at) = (Vec::new(), 0);
        while pieces.len() < n_max && at < self.buffer.len() {
            if self.skips {
                at += self.skip(at);
                continue;
            }
            let piece = match self.first(at) {
                Found::Record { n_content, n_bytes, n_lines } => {
                    let piece = self.piece(at, n_content, None);
                    at += n_bytes;
                    self.line += n_lines;
                    self.n_unclosed = 0;
                    piece
                }
                Found::Unfinished { quoted } => {
                    let Some((piece, n_bytes)) = self.unfinished(at, quoted) else { break };
                    at += n_bytes;
                    Some(piece)
                }
            };
            self.row += u64::from(piece.is_some());
            pieces.extend(piece);
        }
        (pieces, at)
    }

    /// The record that begins there. Each quote that did not close makes the
    /// view for the next shorter, so that a file full of them is not read
    /// through to its end from each of its lines.
    fn first(&self, at: usize) -> Found {
        let rest = &self.buffer[at..];
        let view = self.view().min(rest.len());
        match self.cut.first(&rest[..view], self.is_end && view == rest.len()) {
            Found::Unfinished { quoted: false } if view < rest.len() => {
                self.cut.first(rest, self.is_end)
            }
            found => found,
        }
    }

    fn view(&self) -> usize {
        EVENT_BYTES_MAX >> self.n_unclosed.min(8)
    }

    /// A record, unless it is blank.
    fn piece(&self, start: usize, len: usize, fault: Option<Reason>) -> Option<Piece> {
        let blank = self.buffer[start..start + len].iter().all(|byte| byte.is_ascii_whitespace());
        (!blank).then_some(Piece { start, len, line: self.line, row: self.row, fault })
    }

    /// A record that will not become whole: too long, or with a quote that
    /// never closes. Of the second kind only its first line is given up, so
    /// that one stray quote does not cost the rest of the file.
    fn unfinished(&mut self, at: usize, quoted: bool) -> Option<(Piece, usize)> {
        let rest = &self.buffer[at..];
        let view = if quoted { self.view() } else { EVENT_BYTES_MAX };
        if rest.len() <= view && !(self.is_end && quoted) {
            return None;
        }
        let (line, row) = (self.line, self.row);
        let first_line = rest.iter().take(EVENT_BYTES_MAX).position(|byte| *byte == b'\n');
        let (len, n_bytes, fault) = match (quoted, first_line) {
            (true, Some(len)) => (len, len + 1, Reason::UnclosedQuote),
            (true, None) if rest.len() <= EVENT_BYTES_MAX => {
                (rest.len(), rest.len(), Reason::UnclosedQuote)
            }
            _ => (SHOWN_BYTES, rest.len(), Reason::CallTooLong),
        };
        self.skips = fault == Reason::CallTooLong;
        self.n_unclosed += u32::from(!self.skips);
        self.line += u64::from(!self.skips);
        Some((Piece { start: at, len, line, row, fault: Some(fault) }, n_bytes))
    }

    /// Passes over the rest of a record that is too long, up to its line break.
    fn skip(&mut self, at: usize) -> usize {
        let rest = &self.buffer[at..];
        match rest.iter().position(|byte| *byte == b'\n') {
            Some(place) => {
                self.skips = false;
                self.line += 1;
                place + 1
            }
            None => rest.len(),
        }
    }
}
