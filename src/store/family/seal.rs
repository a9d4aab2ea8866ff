//! The sum of a sealed file: how long it is, what it holds, and a checksum over all.

use super::piece::Piece;
use crate::model::Lsn;
use crate::store::error::{Flaw, StoreError};
use crate::store::lines::{self, Lines};

const TITLE: &str = "throng sum";

/// What a file holds, taken when it was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) n_records: u64,
    pub(super) last: Lsn,
    pub(super) bytes: u64,
    pub(super) crc: u32,
}

impl Sum {
    pub(super) fn put(&self, piece: &Piece) -> Result<(), StoreError> {
        let lines = Lines::default()
            .with("records", self.n_records)
            .with("first", piece.first)
            .with("last", self.last)
            .with("bytes", self.bytes)
            .with("content", self.crc);
        lines.put(&piece.sum_path(), TITLE)
    }

    /// The sum of a file; none if it was not sealed. A length that differs is damage.
    pub(super) fn read(piece: &Piece) -> Result<Option<Sum>, StoreError> {
        let Some(read) = lines::read(&piece.sum_path(), TITLE)? else { return Ok(None) };
        let sum = Sum {
            n_records: read.one("records", lines::number)?,
            last: Lsn(read.one("last", lines::number)?),
            bytes: read.one("bytes", lines::number)?,
            crc: read.one("content", lines::number)?,
        };
        if sum.bytes != piece.end {
            return Err(piece.damage(piece.end.min(sum.bytes), Flaw::Length).into());
        }
        Ok(Some(sum))
    }
}
