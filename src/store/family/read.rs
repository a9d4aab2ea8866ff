//! Reading a family from a record on, file after file.

use super::frames::{Frames, Stop};
use super::piece::Piece;
use crate::model::Lsn;
use crate::store::codec::Malformed;
use crate::store::error::{Damage, Flaw};
use std::collections::VecDeque;
use std::fs::File;

/// Records of a family that were durable when it was made. It keeps no hold
/// on the family: records may be appended meanwhile.
#[derive(Debug)]
pub(in crate::store) struct Reader {
    pieces: VecDeque<Piece>,
    frames: Option<Frames>,
    from: Lsn,
    last: Option<Lsn>,
}

impl Reader {
    pub(super) fn new(pieces: Vec<Piece>, from: Lsn) -> Reader {
        // The last file that begins before `from` is the first that may hold it.
        let before = pieces.partition_point(|piece| piece.first < from).saturating_sub(1);
        let pieces = pieces.into_iter().skip(before).collect();
        Reader { pieces, frames: None, from, last: None }
    }

    /// The next record, read by `decode`. After damage there is no next record.
    pub(in crate::store) fn next<T>(
        &mut self,
        decode: impl FnOnce(Lsn, u8, &[u8]) -> Result<T, Malformed>,
    ) -> Option<Result<T, Damage>> {
        let read = self.step(decode);
        if let Err(damage) = read {
            self.pieces.clear();
            self.frames = None;
            return Some(Err(damage));
        }
        read.transpose()
    }

    fn step<T>(
        &mut self,
        decode: impl FnOnce(Lsn, u8, &[u8]) -> Result<T, Malformed>,
    ) -> Result<Option<T>, Damage> {
        loop {
            let Some(frames) = &mut self.frames else {
                match self.pieces.pop_front() {
                    None => return Ok(None),
                    Some(piece) => self.frames = Some(open(piece, self.from)?),
                }
                continue;
            };
            let (piece, at) = (frames.piece.clone(), frames.at);
            match frames.next() {
                Ok((_, frame)) if frame.lsn < self.from => {}
                Ok((at, frame)) => {
                    if self.last.is_some_and(|last| !piece.kind.follows(last, frame.lsn)) {
                        return Err(piece.damage(at, Flaw::Order));
                    }
                    self.last = Some(frame.lsn);
                    let record = frame.raw().and_then(|raw| decode(frame.lsn, frame.kind, &raw));
                    return record.map(Some).map_err(|why| piece.damage(at, Flaw::Content(why.0)));
                }
                Err(Stop::End) if at == piece.end => self.frames = None,
                Err(stop) => return Err(frames.damage(stop)),
            }
        }
    }
}

fn open(piece: Piece, from: Lsn) -> Result<Frames, Damage> {
    let file = File::open(&piece.path).map_err(|_| piece.damage(0, Flaw::Unreadable))?;
    Ok(match piece.place_before(from) {
        at if at == super::head::LEN as u64 => Frames::whole(file, piece),
        at => Frames::new(file, piece, at),
    })
}
