//! Who entered and left since the last time, as differences.

use super::super::delta::{Cause, Delta};
use super::super::facts::{Facts, PageError};
use super::Live;
use super::since::History;
use crate::model::{Ordinal, Timestamp};

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
        self.stats.flips += self.moves.flips.len() as u64;
        let mut moved = last_ones(&mut self.moves.flips);
        self.drop_fallen(&mut moved);
        self.move_members(&moved);
        let mut flips: Vec<Flip> =
            moved.into_iter().filter(|moved| moved.is_net).map(|moved| moved.flip).collect();
        if let Err(error) = self.date(&mut flips, facts, now) {
            self.moves.flips = flips;
            return Err(error);
        }
        self.late.clear();
        flips.sort_unstable_by_key(|flip| (flip.label, flip.cause, flip.seat));
        let same = |a: &Flip, b: &Flip| (a.label, a.cause) == (b.label, b.cause);
        Ok(flips.chunk_by(same).map(|flips| self.delta(flips)).collect())
    }

    /// Members are who is inside now: also of those who are where they were when others
    /// were told last, for an audience that came to stand since then has them as they
    /// were meanwhile. They come by audience and seat, each once.
    fn move_members(&mut self, moved: &[Moved]) {
        for of_one in moved.chunk_by(|a, b| a.flip.label == b.flip.label) {
            let label = of_one[0].flip.label;
            let Some(node) = self.names.get(&self.labels[label as usize]) else { continue };
            let sides: Vec<(Ordinal, bool)> =
                of_one.iter().map(|moved| (moved.flip.seat, moved.flip.inside)).collect();
            self.circuit.node_mut(*node).members.move_sorted(&sides);
        }
    }

    /// Of audiences that stand no more nothing is told.
    fn drop_fallen(&self, moved: &mut Vec<Moved>) {
        let mut last = (u32::MAX, false);
        moved.retain(|Moved { flip, .. }| {
            if flip.label != last.0 {
                last = (flip.label, self.names.contains_key(&self.labels[flip.label as usize]));
            }
            last.1
        });
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

    /// Of those who were told of something late, finds since when an answer has held.
    fn date(&mut self, flips: &mut [Flip], facts: &dyn Facts, now: i64) -> Result<(), PageError> {
        self.date_ranked(flips, now);
        if self.late.is_empty() || flips.is_empty() {
            return Ok(());
        }
        self.late.sort_unstable();
        self.late.dedup();
        let told = |flip: &Flip| matches!(flip.cause, Cause::Event | Cause::Time | Cause::Consent);
        flips.sort_by_key(|flip| flip.seat);
        for of_one in flips.chunk_by_mut(|a, b| a.seat == b.seat) {
            let seat = of_one[0].seat;
            if self.late.binary_search(&seat).is_err() || !of_one.iter().any(told) {
                continue;
            }
            self.stats.rescans += 1;
            let history = History::of(seat, facts)?;
            for flip in of_one.iter_mut().filter(|flip| told(flip)) {
                let node = self.names.get(&self.labels[flip.label as usize]);
                if let Some(node) = node.filter(|node| self.circuit.node(**node).stratum == 0) {
                    let condition = &self.circuit.node(*node).audience.condition;
                    flip.at = history.since(condition, &self.parties, now);
                }
            }
        }
        Ok(())
    }
}

impl Live {
    /// Since when somebody stands where they stand is a matter of everybody's
    /// facts, late ones too. What was told moves people from its commit on.
    fn date_ranked(&self, flips: &mut [Flip], now: i64) {
        if !self.has_ranks() {
            return;
        }
        for flip in flips.iter_mut().filter(|flip| flip.cause != Cause::Time) {
            let node = self.names.get(&self.labels[flip.label as usize]);
            if node.is_some_and(|node| self.circuit.node(*node).stratum > 0) {
                flip.at = now;
            }
        }
    }
}

/// The last flip of somebody in an audience, and whether they are not where they were.
#[derive(Clone, Copy, Debug)]
struct Moved {
    flip: Flip,
    is_net: bool,
}

/// The last flip of each person in each audience, by audience and seat, for the first
/// of all causes.
fn last_ones(flips: &mut Vec<Flip>) -> Vec<Moved> {
    let place =
        |(n, flip): (usize, &Flip)| (u64::from(flip.label) << 32 | u64::from(flip.seat.0), n);
    let mut order: Vec<(u64, usize)> = flips.iter().enumerate().map(place).collect();
    order.sort_unstable();
    let last = |run: &[(u64, usize)]| {
        let cause = run.iter().map(|(_, n)| flips[*n].cause).min()?;
        let flip = Flip { cause, ..flips[run.last()?.1] };
        Some(Moved { flip, is_net: run.len() % 2 == 1 })
    };
    let moved = order.chunk_by(|a, b| a.0 == b.0).filter_map(last).collect();
    flips.clear();
    moved
}
