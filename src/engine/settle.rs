//! Changes that are told once they have held for a while.
//!
//! A change settles at `at` and the span after it, or with its commit if that
//! is later, unless a commit before that instant takes it back: then neither
//! of the two is told. What has settled stays told, whatever comes late. Since
//! only the feed and the passing of time decide, whoever reads the feed again
//! from its beginning comes to the same.

use super::Change;
use crate::model::{Lsn, ProfileId, Timestamp};
use std::collections::{HashMap, VecDeque};

/// Changes of one audience on their way to be told.
pub(super) struct Settling {
    span_ms: i64,
    /// Changes that are not told yet, in the order of the feed.
    held: VecDeque<Held>,
    /// How many of the first of them are decided.
    n_decided: usize,
    /// How many were held before them.
    n_gone: u64,
    /// Of each person the change that nothing has taken back yet.
    open: HashMap<ProfileId, u64>,
    /// Every commit before this instant is known.
    until: Timestamp,
}

struct Held {
    change: Change,
    /// Taken back too soon, or taking back too soon.
    is_void: bool,
}

impl Settling {
    pub fn new(span_ms: i64) -> Settling {
        Settling {
            span_ms,
            held: VecDeque::new(),
            n_decided: 0,
            n_gone: 0,
            open: HashMap::new(),
            until: Timestamp::MIN,
        }
    }

    /// Takes the next change of the feed.
    pub fn take(&mut self, change: Change) {
        self.pass(change.committed);
        let number = self.n_gone + self.held.len() as u64;
        let before = self.open.get(&change.profile).and_then(|open| self.place(*open));
        let back = before.filter(|place| self.settles(*place) > change.committed);
        match back {
            Some(place) => {
                self.held[place].is_void = true;
                self.open.remove(&change.profile);
            }
            None => drop(self.open.insert(change.profile, number)),
        }
        self.held.push_back(Held { change, is_void: back.is_some() });
    }

    /// Every commit before `until` has been taken in.
    pub fn pass(&mut self, until: Timestamp) {
        self.until = self.until.max(until);
    }

    /// The next changes that have settled: those of one record, all at once,
    /// so that whoever goes on behind its number misses nothing. Those of a
    /// later record wait for those of an earlier one.
    pub fn record(&mut self) -> Option<Vec<Change>> {
        let lsn = self.held.front()?.change.lsn;
        while self.is_decided(self.n_decided, lsn) {
            self.n_decided += 1;
        }
        let next = self.held.get(self.n_decided);
        if next.is_some_and(|next| next.change.lsn == lsn) {
            return None;
        }
        let told: Vec<Held> = self.held.drain(..self.n_decided).collect();
        self.n_gone += told.len() as u64;
        self.n_decided = 0;
        let told = told.into_iter().filter(|held| !held.is_void).map(|held| held.change);
        let told: Vec<Change> = told.collect();
        for change in &told {
            if self.open.get(&change.profile).is_some_and(|number| *number < self.n_gone) {
                self.open.remove(&change.profile);
            }
        }
        Some(told)
    }

    /// When the change settles that all others wait for.
    pub fn due(&self) -> Option<Timestamp> {
        (self.n_decided < self.held.len()).then(|| self.settles(self.n_decided))
    }

    /// The record of the first change that is not told yet.
    pub fn first(&self) -> Option<Lsn> {
        self.held.front().map(|held| held.change.lsn)
    }

    fn is_decided(&self, place: usize, lsn: Lsn) -> bool {
        let of = |held: &Held| held.change.lsn == lsn;
        let Some(held) = self.held.get(place).filter(|held| of(held)) else { return false };
        held.is_void || self.settles(place) <= self.until
    }

    fn settles(&self, place: usize) -> Timestamp {
        self.held[place].change.settles(self.span_ms)
    }

    fn place(&self, number: u64) -> Option<usize> {
        let place = usize::try_from(number.checked_sub(self.n_gone)?).ok()?;
        (place < self.held.len()).then_some(place)
    }
}

impl Change {
    /// The instant from which a change is told that must have held for a span.
    pub(super) fn settles(&self, span_ms: i64) -> Timestamp {
        self.at.plus_ms(span_ms).max(self.committed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Cause;

    const SPAN: i64 = 10;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(ms).unwrap()
    }

    /// A change of a record, committed when and holding from when.
    fn change(lsn: u64, profile: u32, entered: bool, committed: i64, from: i64) -> Change {
        let (lsn, profile) = (Lsn(lsn), ProfileId(profile));
        let (committed, at) = (at(committed), at(from));
        Change { lsn, committed, version: 1, cause: Cause::Event, profile, entered, at }
    }

    fn told(changes: &[Change], until: i64) -> Vec<(u64, u32)> {
        let mut settling = Settling::new(SPAN);
        changes.iter().for_each(|change| settling.take(change.clone()));
        settling.pass(at(until));
        let mut told = Vec::new();
        while let Some(record) = settling.record() {
            told.extend(record.iter().map(|change| (change.lsn.0, change.profile.0)));
        }
        told
    }

    /// The records of what has settled by an instant, of changes that are committed at once.
    fn check(changes: &[(u64, u32, bool, i64)], until: i64, expected: &[(u64, u32)]) {
        let changes = changes.iter().map(|(lsn, who, way, at)| change(*lsn, *who, *way, *at, *at));
        assert_eq!(told(&changes.collect::<Vec<_>>(), until), expected);
    }

    #[test]
    fn a_change_is_told_once_it_has_held() {
        let one = [(1, 7, true, 0)];
        check(&one, 9, &[]);
        check(&one, 10, &[(1, 7)]);
        // Taken back within ten: neither is told. At ten, both are.
        check(&[(1, 7, true, 0), (2, 7, false, 9)], 100, &[]);
        check(&[(1, 7, true, 0), (2, 7, false, 10)], 100, &[(1, 7), (2, 7)]);
        check(&[(1, 7, true, 0), (2, 7, false, 10)], 15, &[(1, 7)]);
        // Away for less than ten: nobody heard of it.
        check(&[(1, 7, true, 0), (2, 7, false, 20), (3, 7, true, 25)], 100, &[(1, 7)]);
    }

    #[test]
    fn whoever_goes_on_behind_the_last_misses_nothing() {
        // The second waits for the first, and one record is told whole.
        let late = [change(1, 7, true, 5, 5), change(2, 8, true, 5, 0)];
        assert_eq!(told(&late, 12), []);
        assert_eq!(told(&late, 15), [(1, 7), (2, 8)]);
        let whole = [change(1, 7, true, 3, 0), change(1, 8, true, 3, 3)];
        assert_eq!(told(&whole, 10), []);
        assert_eq!(told(&whole, 13), [(1, 7), (1, 8)]);
    }

    #[test]
    fn what_was_told_stays_whatever_comes_late() {
        // At 50 it is learnt that it has not held since 5; at 10 that was not known.
        let late = [change(1, 7, true, 0, 0), change(2, 7, false, 50, 5)];
        assert_eq!(told(&late[..1], 49), [(1, 7)]);
        assert_eq!(told(&late, 50), [(1, 7), (2, 7)]);
    }

    /// The same by the definition: what is pending settles at its own instant,
    /// one instant after another.
    fn naive(changes: &[Change], until: i64) -> Vec<(u32, bool, i64)> {
        let mut pending: Vec<&Change> = Vec::new();
        let mut told = Vec::new();
        let mut settle = |pending: &mut Vec<&Change>, now: i64| {
            let due = |change: &&Change| (change.at.millis() + SPAN).max(change.committed.millis());
            let settled = pending
                .iter()
                .filter(|change| due(change) <= now)
                .map(|change| (change.profile.0, change.entered, due(change)));
            told.extend(settled);
            pending.retain(|change| due(change) > now);
        };
        for change in changes {
            settle(&mut pending, change.committed.millis());
            let n_before = pending.len();
            pending.retain(|other| other.profile != change.profile);
            if pending.len() == n_before {
                pending.push(change);
            }
        }
        settle(&mut pending, until);
        told.sort_unstable();
        told
    }

    /// Changes of three people by chance, some learnt late; each person's by turns.
    fn history(seed: u64) -> Vec<Change> {
        let (mut state, mut now, mut inside) = (seed | 1, 0, [false; 3]);
        let mut below = move |n: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        let mut changes = Vec::new();
        for lsn in 1..40 {
            now += below(12) as i64;
            for (who, inside) in (0..).zip(&mut inside) {
                if below(3) == 0 {
                    let late = if below(4) == 0 { below(30) as i64 } else { 0 };
                    *inside = !*inside;
                    changes.push(change(lsn, who, *inside, now, now - late));
                }
            }
        }
        changes
    }

    #[test]
    fn it_is_told_as_the_definition_says_and_from_any_record_on_alike() {
        let mut n_told = 0;
        for seed in 0..2_000 {
            let changes = history(seed * 7_919);
            let end = changes.last().map_or(0, |last| last.committed.millis()) + SPAN;
            let all = told(&changes, end);
            let mut said: Vec<(u32, bool, i64)> = changes
                .iter()
                .filter(|it| all.contains(&(it.lsn.0, it.profile.0)))
                .map(|it| (it.profile.0, it.entered, it.settles(SPAN).millis()))
                .collect();
            said.sort_unstable();
            assert_eq!(said, naive(&changes, end), "seed {seed}");
            n_told += said.len();
            for who in 0..3 {
                let ways = changes.iter().filter(|it| all.contains(&(it.lsn.0, who)));
                let ways: Vec<bool> =
                    ways.filter(|it| it.profile.0 == who).map(|it| it.entered).collect();
                assert!(ways.iter().enumerate().all(|(n, way)| *way == (n % 2 == 0)), "{seed}");
                let last = changes.iter().rev().find(|it| it.profile.0 == who);
                assert_eq!(
                    ways.last().copied().unwrap_or(false),
                    last.is_some_and(|last| last.entered),
                    "seed {seed}: once nothing has changed for the span, it is as it is"
                );
            }
            // Told piece by piece, as time goes on, it is the same.
            let mut settling = Settling::new(SPAN);
            let mut pieces = Vec::new();
            for change in &changes {
                settling.take(change.clone());
                let is_last_of_record = |it: &Change| {
                    !changes.iter().any(|other| other.lsn == it.lsn && other.profile > it.profile)
                };
                while is_last_of_record(change)
                    && let Some(record) = settling.record()
                {
                    pieces.extend(record.iter().map(|it| (it.lsn.0, it.profile.0)));
                }
            }
            settling.pass(at(end));
            while let Some(record) = settling.record() {
                pieces.extend(record.iter().map(|it| (it.lsn.0, it.profile.0)));
            }
            assert_eq!(pieces, all, "seed {seed}");
            assert!(settling.open.is_empty() && settling.held.is_empty());
        }
        assert!(n_told > 10_000);
    }
}
