//! The state as a checkpoint left it.

use super::worker::{Failed, ROWS, STATE};
use crate::engine::pages::Shelf;
use crate::state::State;
use crate::store::{Checkpoint, KvError, shapes};
use crate::timeline::{DirectoryKey, Timeline};

/// The state that a checkpoint holds, or why it cannot be read.
pub(in crate::engine) fn load(
    shelf: &Shelf,
    checkpoint: Checkpoint,
    secret: u128,
) -> Result<State, Failed> {
    let (mut rows, mut kept) = (Vec::new(), Vec::new());
    let mut wrong = None;
    let found = shelf.with(|kv| {
        kv.each_piece(checkpoint.epoch, &mut |name, bytes| {
            let taken = match name.split_first() {
                Some((&ROWS, key)) => {
                    DirectoryKey::from_bytes(key).map(|key| rows.push((key, bytes)))
                }
                Some((&STATE, _)) => shapes::decode(&bytes).map(|piece| kept.push(piece)),
                _ => None,
            };
            wrong = wrong.take().or(taken.is_none().then(|| name.to_vec()));
        })
    });
    let found: Result<bool, KvError> = found.ok_or_else(|| damage("the database was closed"))?;
    if !found? {
        return Err(damage("kv: the checkpoint has no directory"));
    }
    if let Some(name) = wrong {
        return Err(damage(&format!("kv: piece {name:02x?} of the checkpoint says nothing")));
    }
    let entries = rows.iter().map(|(key, bytes)| (*key, &bytes[..]));
    let timeline = Timeline::open(entries).map_err(|error| damage(&format!("kv: {error}")))?;
    let state = State::of_kept(secret, timeline, kept);
    let state =
        state.ok_or_else(|| damage("kv: the pieces of the checkpoint do not fit together"))?;
    if state.lsn() != checkpoint.lsn {
        let (found, named) = (state.lsn(), checkpoint.lsn);
        return Err(damage(&format!("kv: it is of record {found}, the checkpoint of {named}")));
    }
    Ok(state)
}

fn damage(what: &str) -> Failed {
    Failed::Damage(what.to_owned())
}
