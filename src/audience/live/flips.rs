//! Who entered and left since the last time, as differences.

use super::super::delta::{Cause, Delta};
use super::super::facts::{Facts, PageError};
use super::Live;
use crate::model::{Ordinal, Timestamp};

/// A late fact has changed the answer; since when it holds is found when it is announced.
pub(super) const LATE: i64 = i64::MIN;

/// One person entered or left one audience.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flip {
    pub(super) label: u32,
    pub(super) seat: Ordinal,
    pub(super) inside: bool,
    pub(super) at: i64,
    pub(super) cause: Cause,
}

impl Live {
    /// The differences since the last time, and a clean sheet.
    pub(super) fn announce(
        &mut self,
        facts: &dyn Facts,
        now: i64,
    ) -> Result<Vec<Delta>, PageError> {
        let mut flips = net(&mut self.flips);
        flips.retain(|flip| self.names.contains_key(&self.labels[flip.label as usize]));
        if let Err(error) = self.date(&mut flips, facts, now) {
            self.flips = flips;
            return Err(error);
        }
        flips.sort_by_key(|flip| (flip.label, flip.cause, flip.seat));
        let same = |a: &Flip, b: &Flip| (a.label, a.cause) == (b.label, b.cause);
        Ok(flips.chunk_by(same).map(|flips| self.delta(flips)).collect())
    }

    fn delta(&self, flips: &[Flip]) -> Delta {
        let audience = self.labels[flips[0].label as usize].clone();
        let version =
            self.names.get(&audience).map_or(0, |node| self.circuit.node(*node).audience.version);
        let side = |inside: bool| {
            let chosen = flips.iter().filter(move |flip| flip.inside == inside);
            chosen.map(|flip| (flip.seat, Timestamp::saturating_from_millis(flip.at))).collect()
        };
        Delta { audience, version, cause: flips[0].cause, entered: side(true), left: side(false) }
    }

    /// Finds since when answers hold that a late fact has changed.
    fn date(&self, flips: &mut [Flip], facts: &dyn Facts, now: i64) -> Result<(), PageError> {
        let mut rows: Option<(Ordinal, super::since::History)> = None;
        flips.sort_by_key(|flip| flip.seat);
        for flip in flips.iter_mut().filter(|flip| flip.at == LATE) {
            if rows.as_ref().is_none_or(|(seat, _)| *seat != flip.seat) {
                rows = Some((flip.seat, super::since::History::of(flip.seat, facts)?));
            }
            let node = self.names.get(&self.labels[flip.label as usize]);
            if let (Some((_, history)), Some(node)) = (&rows, node) {
                let condition = &self.circuit.node(*node).audience.condition;
                flip.at = history.since(condition, &self.parties, now);
            }
        }
        Ok(())
    }
}

/// One flip for each person who is not where they were; the last one says since when.
fn net(flips: &mut Vec<Flip>) -> Vec<Flip> {
    flips.sort_by_key(|flip| (flip.label, flip.seat));
    let same = |a: &Flip, b: &Flip| (a.label, a.seat) == (b.label, b.seat);
    let mut kept = Vec::new();
    for run in flips.chunk_by(same) {
        let cause = run.iter().map(|flip| flip.cause).min();
        if let (true, Some(last), Some(cause)) = (run.len() % 2 == 1, run.last(), cause) {
            kept.push(Flip { cause, ..*last });
        }
    }
    flips.clear();
    kept
}
