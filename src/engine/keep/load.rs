//! The state as a checkpoint left it.

use super::worker::{ROWS, STATE};
use crate::engine::pages::Shelf;
use crate::state::State;
use crate::store::{Checkpoint, KvError, shapes};
use crate::timeline::{DirectoryKey, Timeline};

/// The state that a checkpoint holds, or why it cannot be read.
pub(in crate::engine) fn load(
    shelf: &Shelf,
    checkpoint: Checkpoint,
    secret: u128,
) -> Result<State, String> {
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
            Ok(())
        })
    });
    let found: Result<bool, KvError> = found.ok_or("the database was closed")?;
    if !found.map_err(|error| error.to_string())? {
        return Err("kv: the checkpoint has no directory".to_owned());
    }
    if let Some(name) = wrong {
        return Err(format!("kv: piece {name:02x?} of the checkpoint says nothing"));
    }
    let entries = rows.iter().map(|(key, bytes)| (*key, &bytes[..]));
    let timeline = Timeline::open(entries).map_err(|error| format!("kv: {error}"))?;
    let state = State::of_kept(secret, timeline, kept);
    let state = state.ok_or("kv: the pieces of the checkpoint do not fit together")?;
    if state.lsn() != checkpoint.lsn {
        return Err(format!(
            "kv: it is of record {}, the checkpoint of {}",
            state.lsn(),
            checkpoint.lsn
        ));
    }
    Ok(state)
}
