//! Opening a family. By that nothing is changed.

use super::Kind;
use super::open::{self, Listed};
use super::piece::Piece;
use super::seal::Sum;
use super::write::Family;
use crate::model::Lsn;
use crate::store::directory::Generations;
use crate::store::error::{Damage, Flaw, StoreError};
use crate::store::options::Options;
use std::fs;
use std::path::Path;

impl Family {
    /// Opens a family. What a crash left stays until [`Family::mend`], or the
    /// first record that is appended.
    pub(in crate::store) fn open(
        directory: &Path,
        kind: Kind,
        uuid: u128,
        generations: &Generations,
        options: &Options,
    ) -> Result<Family, StoreError> {
        let folder = directory.join(kind.name);
        let Listed { mut numbers, leftovers } = open::list(&folder, kind, generations)?;
        let Some(last_number) = numbers.pop() else {
            return Err(open::missing(&folder, kind, 1, generations));
        };
        let Sealed { pieces, last: last_sealed, unsummed } =
            open_sealed(&folder, kind, uuid, &numbers)?;
        let (mut open, file) = Piece::open(&folder, kind, uuid, last_number)?;
        // A sum is written only once the next file is there.
        if fs::exists(open.sum_path()).map_err(StoreError::io("read", &folder))? {
            return Err(open::missing(&folder, kind, last_number.0 + 1, generations));
        }
        check_order(&open, last_sealed)?;
        let (scanned, torn) = open::read_last(&mut open, &file)?;
        let last = scanned.last.or(last_sealed);
        let filled = file.metadata().map_err(StoreError::io("read", &open.path))?.len();
        Ok(Family {
            folder,
            kind,
            uuid,
            file_bytes: options.file_bytes,
            step_bytes: options.step_bytes.max(1),
            sealed: pieces,
            open,
            file,
            filled,
            chain: scanned.chain,
            n_records: scanned.n_records,
            waiting: Vec::new(),
            last,
            durable: last,
            is_stopped: false,
            is_mended: false,
            torn,
            leftovers,
            unsummed,
            is_marked: scanned.is_marked,
            is_mark_synced: true,
        })
    }
}

/// The sealed files, the last record in them, and the sums that are not there.
#[derive(Default)]
struct Sealed {
    pieces: Vec<Piece>,
    last: Option<Lsn>,
    unsummed: Vec<(Piece, Sum)>,
}

fn open_sealed(
    folder: &Path,
    kind: Kind,
    uuid: u128,
    numbers: &[(u32, u32)],
) -> Result<Sealed, StoreError> {
    let mut sealed = Sealed::default();
    for number in numbers {
        let (piece, file) = Piece::open(folder, kind, uuid, *number)?;
        check_order(&piece, sealed.last)?;
        let (sum, is_new) = open::sum_of(&piece, file)?;
        sealed.last = Some(sum.last);
        if is_new {
            sealed.unsummed.push((piece.clone(), sum));
        }
        sealed.pieces.push(piece);
    }
    Ok(sealed)
}

/// A file begins after the last record of the one before.
fn check_order(piece: &Piece, last: Option<Lsn>) -> Result<(), Damage> {
    match last {
        Some(last) if !piece.kind.follows(last, piece.first) => Err(piece.damage(0, Flaw::Order)),
        _ => Ok(()),
    }
}
