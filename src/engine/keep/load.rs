//! The state as a checkpoint left it.

use super::worker::{Failed, ROWS, STANDING, STATE, standing_name};
use crate::audience::{HeadKept, Kept as StandingKept, WaitingKept};
use crate::engine::pages::Shelf;
use crate::state::{Kept, State};
use crate::store::{Checkpoint, KvError, decode_standing, shapes};
use crate::timeline::{DirectoryKey, Timeline};
use crossbeam::channel::{Sender, bounded};

/// Pieces that were read and are waited with: one thread reads, another builds.
const AHEAD: usize = 64;

type Rows = Vec<(DirectoryKey, Vec<u8>)>;

/// The state that a checkpoint holds, or why it cannot be read.
pub(in crate::engine) fn load(
    shelf: &Shelf,
    checkpoint: Checkpoint,
    secret: u128,
) -> Result<State, Failed> {
    let (pieces, built) = bounded(AHEAD);
    let (rows, state) = std::thread::scope(|scope| {
        let building = scope.spawn(move || State::of_kept(secret, built));
        let rows = read(shelf, checkpoint, &pieces);
        drop(pieces);
        (rows, building.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    let rows = rows?;
    let entries = rows.iter().map(|(key, bytes)| (*key, &bytes[..]));
    let timeline = Timeline::open(entries).map_err(|error| damage(&format!("kv: {error}")))?;
    let state =
        state.ok_or_else(|| damage("kv: the pieces of the checkpoint do not fit together"))?;
    let state = state.over(timeline);
    if state.lsn() != checkpoint.lsn {
        let (found, named) = (state.lsn(), checkpoint.lsn);
        return Err(damage(&format!("kv: it is of record {found}, the checkpoint of {named}")));
    }
    Ok(state)
}

/// Hands over the pieces of the state; gives the entries of the directory of rows.
fn read(shelf: &Shelf, checkpoint: Checkpoint, pieces: &Sender<Kept>) -> Result<Rows, Failed> {
    let (mut rows, mut wrong) = (Rows::new(), None);
    let found = shelf.with(|kv| {
        kv.each_piece(
            checkpoint.epoch,
            |name| name.first() != Some(&STANDING),
            &mut |name, bytes| {
                let taken = match name.split_first() {
                    Some((&ROWS, key)) => {
                        DirectoryKey::from_bytes(key).map(|key| rows.push((key, bytes)))
                    }
                    // Whoever builds says at the end if it could not.
                    Some((&STATE, _)) => {
                        shapes::decode(&bytes).map(|piece| drop(pieces.send(piece)))
                    }
                    _ => None,
                };
                wrong = wrong.take().or(taken.is_none().then(|| name.to_vec()));
            },
        )
    });
    let found: Result<bool, KvError> = found.ok_or_else(|| damage("the database was closed"))?;
    if !found? {
        return Err(damage("kv: the checkpoint has no directory"));
    }
    match wrong {
        Some(name) => Err(damage(&format!("kv: piece {name:02x?} of the checkpoint says nothing"))),
        None => Ok(rows),
    }
}

/// Takes standing audiences up as the last close has laid them down, if it did; whether
/// they are. What cannot be read is computed again, like everything where nothing was laid
/// down.
pub(in crate::engine) fn resume(shelf: &Shelf, state: &mut State) -> bool {
    let taken = match laid_down(shelf) {
        Some((head, waiting)) => {
            state.resume_live((&head, waiting), &|first| match standing(shelf, (2, first))? {
                StandingKept::People(people) => Some(people),
                _ => None,
            })
        }
        None => Err("none were laid down"),
    };
    match taken {
        Ok(()) => tracing::info!("standing audiences are taken up as they were"),
        Err(why) => tracing::info!(why, "standing audiences are computed from the rows"),
    }
    taken.is_ok()
}

/// What is short of it.
fn laid_down(shelf: &Shelf) -> Option<(HeadKept, WaitingKept)> {
    let StandingKept::Head(head) = standing(shelf, (0, 0))? else { return None };
    let StandingKept::Waiting(waiting) = standing(shelf, (1, 0))? else { return None };
    Some((head, waiting))
}

fn standing(shelf: &Shelf, name: (u8, u32)) -> Option<StandingKept> {
    let read = shelf.with(|kv| kv.piece(&standing_name(name)))?;
    let warn = |error: &KvError| tracing::warn!(%error, "a piece of standing audiences is lost");
    decode_standing(&read.inspect_err(warn).ok()??)
}

fn damage(what: &str) -> Failed {
    Failed::Damage(what.to_owned())
}
