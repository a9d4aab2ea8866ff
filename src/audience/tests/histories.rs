//! Generated histories: calls in order, late and ahead, people regrouped and
//! forgotten, audiences coming and going, time jumping to each critical instant
//! and a millisecond to either side. After every step everybody's membership,
//! the differences given and their dates are compared with the oracle.

use super::super::{Cause, Delta, HeadKept, Kept, Live, WaitingKept};
use super::chance::Chance;
use super::conditions::{DAY, HOUR, condition, event, origin};
use super::naive::Naive;
use crate::model::{Event, Ordinal, Party, Text, Timestamp};
use crate::query::predicate::{Audience, Local};
use crate::store::{decode_standing, encode_standing};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

const SEATS: u32 = 5;

struct Case {
    seed: u64,
    chance: Chance,
    facts: Naive,
    live: Live,
    audiences: BTreeMap<Text, Arc<Audience>>,
    versions: u32,
    /// Whose rows have been moved since the last settle: their changes are dated by that.
    moved: BTreeSet<u32>,
    /// Members as the differences given so far make them.
    folded: BTreeMap<Text, BTreeSet<u32>>,
    /// How often audiences were laid down and taken up again.
    n_resumed: u32,
}

impl Case {
    fn new(seed: u64) -> Case {
        let mut facts = Naive { now: origin(), ..Naive::default() };
        facts.parties.declare("bought".into(), Party::Third);
        Case {
            seed,
            chance: Chance::new(seed),
            facts,
            live: Live::default(),
            audiences: BTreeMap::new(),
            versions: 0,
            moved: BTreeSet::new(),
            folded: BTreeMap::new(),
            n_resumed: 0,
        }
    }

    fn define(&mut self) {
        let name: Text = self.chance.pick(&["a", "b", "c", "d"]).into();
        // An audience may name those of smaller names, as they are defined now.
        let others: Vec<Arc<Audience>> =
            self.audiences.range::<Text, _>(..name.clone()).map(|(_, a)| a.clone()).collect();
        self.versions += 1;
        let condition = condition(&mut self.chance, &others);
        let version = self.versions;
        let audience =
            Arc::new(Audience { name: name.clone(), version, condition, zone: Local::UTC });
        // It may have been made ready before, and another one that nobody asks for then.
        if self.versions.is_multiple_of(3) {
            let other = Arc::new(Audience { name: "other".into(), ..(*audience).clone() });
            let both = [audience.clone(), other];
            self.live.prepare(&both, &self.facts, self.facts.now).unwrap();
        }
        self.live.define(audience.clone(), &self.facts, self.facts.now).unwrap();
        self.live.end_preparing();
        self.audiences.insert(name, audience);
    }

    fn drop_one(&mut self) {
        let Some(name) = self.audiences.keys().next().cloned() else { return };
        self.live.drop(&name);
        self.audiences.remove(&name);
        self.folded.remove(&name);
    }

    fn tell(&mut self) {
        let now = self.facts.now;
        let when = match self.chance.below(6) {
            0 => now.plus_ms(-(self.chance.below(3 * 24) as i64) * HOUR),
            1 => now.plus_ms(self.chance.below(2 * 24) as i64 * HOUR),
            2 => now.plus_ms(-(self.chance.below(3) as i64)),
            _ => now,
        };
        let seat = 1 + self.chance.below(u64::from(SEATS)) as u32;
        let event = event(&mut self.chance, when, now);
        self.facts.put(seat, event.clone());
        self.live.event(Ordinal(seat), &event, now);
    }

    /// Rows move from one person to another, whole or from an instant on.
    fn regroup(&mut self) {
        let from = 1 + self.chance.below(u64::from(SEATS)) as u32;
        let to = 1 + self.chance.below(u64::from(SEATS)) as u32;
        let cut = if self.chance.one_in(2) { Timestamp::MIN } else { self.facts.now.plus_ms(-DAY) };
        let rows = self.facts.rows.remove(&from).unwrap_or_default();
        let (moving, staying): (Vec<Event>, Vec<Event>) =
            rows.into_iter().partition(|row| row.when >= cut);
        self.facts.rows.insert(from, staying);
        moving.into_iter().for_each(|row| self.facts.put(to, row));
        if self.chance.one_in(3) {
            self.facts.user_ids.insert(to, self.chance.pick(&["a", "b"]).into());
        }
        self.moved.extend([from, to]);
        self.live.regrouped(&[Ordinal(from), Ordinal(to)]);
    }

    fn forget(&mut self) {
        let seat = 1 + self.chance.below(u64::from(SEATS)) as u32;
        self.facts.rows.remove(&seat);
        self.moved.insert(seat);
        self.live.forgotten(&[Ordinal(seat)]);
    }

    /// Every instant at which anything can change: rows, and rows moved by the lengths in use.
    fn critical(&self) -> Vec<i64> {
        let lengths = [0, 1, HOUR, 5 * HOUR, DAY, 2 * DAY, 3 * DAY, 7 * DAY];
        let rows = self.facts.rows.values().flatten().map(|row| row.when.millis());
        rows.flat_map(|when| lengths.map(|length| when + length)).collect()
    }

    fn advance(&mut self) {
        self.settle();
        let now = self.facts.now.millis();
        let due = self.live.due().map_or(now, Timestamp::millis);
        let edge = match self.chance.below(4) {
            0 => now + self.chance.below(30 * 3_600_000) as i64,
            1 => {
                let ahead: Vec<i64> = self.critical().into_iter().filter(|at| *at > now).collect();
                if ahead.is_empty() { now } else { self.chance.pick(&ahead) }
            }
            _ => due,
        };
        let to = (edge - 1 + self.chance.below(3) as i64).max(now);
        self.check_until(due, to);
        self.facts.now = Timestamp::saturating_from_millis(to);
        self.settle();
    }

    /// Before anything is due nothing changes.
    fn check_until(&self, due: i64, to: i64) {
        let now = self.facts.now.millis();
        let inside = |at: &i64| now < *at && *at < due.min(to + 1);
        for at in self.critical().into_iter().chain([to, due - 1]).filter(inside) {
            self.compare(Timestamp::saturating_from_millis(at));
        }
    }

    fn settle(&mut self) {
        let before = self.live.stats().due;
        let deltas = self.live.settle(&self.facts, self.facts.now).unwrap();
        let woken = self.live.stats().due - before;
        assert!(woken < 2_000, "seed {}: {woken} woken, {:?}", self.seed, self.audiences);
        deltas.iter().for_each(|delta| self.fold(delta));
        self.moved.clear();
        self.compare(self.facts.now);
        for (name, audience) in &self.audiences {
            let live: BTreeSet<u32> =
                self.live.members(name).unwrap().iter().map(|seat| seat.0).collect();
            let folded = self.folded.get(name).cloned().unwrap_or_default();
            assert_eq!(live, folded, "seed {} {name} {audience:?}", self.seed);
        }
    }

    fn fold(&mut self, delta: &Delta) {
        let members = self.folded.entry(delta.audience.clone()).or_default();
        for (seat, _) in &delta.entered {
            assert!(members.insert(seat.0), "seed {}: twice in {delta:?}", self.seed);
        }
        for (seat, _) in &delta.left {
            assert!(members.remove(&seat.0), "seed {}: not there {delta:?}", self.seed);
        }
        if matches!(delta.cause, Cause::Event | Cause::Time | Cause::Consent) {
            delta.entered.iter().for_each(|(seat, at)| self.check_date(delta, seat.0, *at, true));
            delta.left.iter().for_each(|(seat, at)| self.check_date(delta, seat.0, *at, false));
        }
    }

    /// The answer has held since then, and not a millisecond longer.
    fn check_date(&self, delta: &Delta, seat: u32, at: Timestamp, inside: bool) {
        if self.moved.contains(&seat) {
            return;
        }
        let audience = &self.audiences[&delta.audience];
        let holds = |at| self.facts.holds(seat, &audience.condition, at);
        let story = || {
            format!(
                "seed {} seat {seat} at {at} now {} {:?}\n{:?}\n{:?}",
                self.seed, self.facts.now, delta.cause, audience.condition, self.facts.rows[&seat]
            )
        };
        assert_eq!(holds(at), inside, "not yet: {}", story());
        let born = self.facts.rows[&seat].first().map(|row| row.when);
        assert!(holds(at.plus_ms(-1)) != inside || born == Some(at), "longer: {}", story());
        for between in self.critical() {
            let between = Timestamp::saturating_from_millis(between);
            if at < between && between <= self.facts.now {
                assert_eq!(holds(between), inside, "interrupted at {between}: {}", story());
            }
        }
    }

    fn compare(&self, at: Timestamp) {
        for (name, audience) in &self.audiences {
            let members = self.live.members(name).unwrap();
            for seat in 1..=SEATS {
                let expected = self.facts.holds(seat, &audience.condition, at);
                assert_eq!(
                    members.contains(Ordinal(seat)),
                    expected,
                    "seed {} seat {seat} at {at}, now {}\n{:?}\n{:?}",
                    self.seed,
                    self.facts.now,
                    audience.condition,
                    self.facts.rows.get(&seat)
                );
            }
        }
    }

    /// Everything is laid down, written, read and taken up again, as by a close and an
    /// opening. Where audiences that are gone have left more behind, or what was left is
    /// spoilt, it is computed.
    fn reopen(&mut self) {
        self.settle();
        let (live, now) = (std::mem::take(&mut self.live), self.facts.now);
        let audiences = || self.audiences.values().cloned();
        let mut pieces = Pieces::new();
        if let Some(rest) = live.rest(audiences(), now) {
            rest.each_kept(&mut |kept| {
                pieces.insert(kept.name(), encode_standing(&kept).unwrap());
            });
        }
        let is_whole = !pieces.is_empty() && !spoil(&mut self.chance, &mut pieces);
        let resumed = laid_down(&pieces).and_then(|(head, waiting)| {
            let people = |first| match piece(&pieces, (2, first))? {
                Kept::People(people) => Some(people),
                _ => None,
            };
            Live::resume(audiences(), (&head, waiting), &people, &self.facts, now).ok()
        });
        assert_eq!(resumed.is_some(), is_whole, "seed {}: {:?}", self.seed, self.audiences);
        self.n_resumed += u32::from(is_whole);
        let anew = || Live::of_all(audiences(), &self.facts, now).unwrap();
        self.live = resumed.unwrap_or_else(anew);
        self.compare(now);
    }

    fn step(&mut self) {
        match self.chance.below(21) {
            20 => self.reopen(),
            0 | 1 => self.define(),
            2 if self.chance.one_in(4) => self.drop_one(),
            3 if self.chance.one_in(2) => self.regroup(),
            4 if self.chance.one_in(8) => self.forget(),
            5 if self.chance.one_in(20) => {
                let party = self.chance.pick(&[Party::First, Party::Third]);
                self.facts.parties.declare("web".into(), party);
            }
            2..=8 => self.advance(),
            _ => {
                self.tell();
                if self.chance.one_in(2) {
                    return;
                }
            }
        }
        self.settle();
    }
}

/// What was laid down, by name.
type Pieces = BTreeMap<(u8, u32), Vec<u8>>;

fn piece(pieces: &Pieces, name: (u8, u32)) -> Option<Kept> {
    decode_standing(pieces.get(&name)?)
}

fn laid_down(pieces: &Pieces) -> Option<(HeadKept, WaitingKept)> {
    match (piece(pieces, (0, 0))?, piece(pieces, (1, 0))?) {
        (Kept::Head(head), Kept::Waiting(waiting)) => Some((head, waiting)),
        _ => None,
    }
}

/// Now and then loses a piece, or makes it that of another program or of another instant.
fn spoil(chance: &mut Chance, pieces: &mut Pieces) -> bool {
    let Some((mut head, _)) = laid_down(pieces) else { return false };
    match chance.below(20) {
        0 | 1 => return pieces.pop_last().is_some(),
        2 => head.print[7] ^= 1,
        3 => head.at = head.at.plus_ms(1),
        _ => return false,
    }
    pieces.insert((0, 0), encode_standing(&Kept::Head(head)).unwrap());
    true
}

/// `THRONG_LIVE_SEEDS=from..to` runs others than the usual ones.
#[expect(clippy::disallowed_methods, reason = "a test may be told by its caller to run longer")]
fn seeds() -> Range<u64> {
    let told = std::env::var("THRONG_LIVE_SEEDS").ok();
    let range = told.as_deref().and_then(|text| {
        let (from, to) = text.split_once("..")?;
        Some(from.parse().ok()?..to.parse().ok()?)
    });
    range.unwrap_or(0..600)
}

/// Every failing seed is named; each tells its own story.
#[test]
fn live_and_the_oracle_agree_after_every_step_of_generated_histories() {
    let n_resumed = AtomicU32::new(0);
    let fails = |seed: &u64| {
        let history = || {
            let mut case = Case::new(*seed);
            (0..60).for_each(|_| case.step());
            case.settle();
            n_resumed.fetch_add(case.n_resumed, Ordering::Relaxed);
        };
        std::panic::catch_unwind(history).is_err()
    };
    let failed: Vec<u64> = seeds().filter(fails).take(10).collect();
    assert!(failed.is_empty(), "seeds {failed:?}");
    let n_seeds = seeds().count() as u32;
    assert!(n_resumed.into_inner() >= n_seeds, "audiences are hardly ever taken up again");
}
