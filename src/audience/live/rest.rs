//! Standing audiences laid down: everything that is kept, piece by piece, so that they can
//! be taken up again as they are.

use super::super::circuit::{Anew, Print};
use super::super::keep::Stamp;
use super::super::kept::{HeadKept, Kept, PeopleKept, PersonKept, WaitingKept};
use super::super::people::{Arrival, Columns};
use super::Live;
use crate::model::{Ordinal, Timestamp, Zone};
use crate::query::predicate::Audience;
use std::sync::Arc;

/// People of one piece.
pub(super) const PER_PIECE: usize = 4_096;

/// Standing audiences that go on no more: what was kept for them.
#[derive(Debug)]
pub struct Rest {
    live: Live,
    head: HeadKept,
    /// What has which number in the pieces.
    numbers: Anew,
    /// Columns of answers.
    columns: Columns,
    /// Words of answers of one person there.
    n_words: usize,
}

impl Live {
    /// Lays everything down as of `now`, for a circuit that is made of these audiences in this
    /// order. None if there is none, if not everything is settled, or if audiences that have
    /// gone left it in another form than theirs alone would.
    pub fn rest(
        self,
        audiences: impl IntoIterator<Item = Arc<Audience>>,
        now: Timestamp,
    ) -> Option<Rest> {
        if self.circuit.is_empty() || !self.is_settled() {
            return None;
        }
        let (anew, ..) = Live::begin(audiences);
        let numbers = self.circuit.numbers_in(&anew.circuit)?;
        let head = HeadKept {
            at: now,
            n_people: u32::try_from(self.people.len()).ok()?,
            print: anew.circuit.print(program()),
        };
        let here: Vec<u32> = numbers.columns.iter().map(|(here, _)| *here).collect();
        let (columns, n_words) = (Columns::of(&here), anew.people.bits.n_words());
        Some(Rest { live: self, head, numbers, columns, n_words })
    }

    /// Whether nothing waits for the next settling.
    fn is_settled(&self) -> bool {
        let is_still = self.work.is_empty() && self.afresh.is_empty() && self.united.is_empty();
        let are_told = self.moves.flips.is_empty() && self.late.is_empty();
        let is_open = self.people.persons.iter().any(|person| person.is_open);
        is_still && are_told && self.prepared.is_empty() && !is_open
    }
}

/// The program decides, down to its sources, and the rules of time zones that it has.
pub(super) fn program() -> Print {
    let mut print = Print::default();
    print.say(&(env!("CARGO_PKG_VERSION"), env!("THRONG_SOURCES"), Zone::rules()));
    print
}

impl Rest {
    /// Hands everything over, piece by piece, the head at the end: where it is, all is.
    pub fn each_kept(mut self, visit: &mut dyn FnMut(Kept)) {
        visit(Kept::Waiting(self.waiting()));
        let places: Vec<usize> = self.live.people.each().map(|(_, place)| place).collect();
        for (n, places) in places.chunks(PER_PIECE).enumerate() {
            let people = places.iter().map(|place| self.person(*place)).collect();
            visit(Kept::People(PeopleKept { first: (n * PER_PIECE) as u32, people }));
        }
        visit(Kept::Head(self.head));
    }

    fn waiting(&mut self) -> WaitingKept {
        let arrivals = std::mem::take(&mut self.live.waiting).into_all();
        let renumber = |(seat, stamp, mut arrival): (Ordinal, Stamp, Arrival)| {
            let Anew { stores, questions, .. } = &self.numbers;
            arrival.shares.iter_mut().for_each(|it| it.store = stores[it.store as usize]);
            arrival.asks.iter_mut().for_each(|ask| *ask = questions[*ask as usize]);
            (seat, stamp, arrival)
        };
        WaitingKept { arrivals: arrivals.map(renumber).collect() }
    }

    /// Everything that is kept of a person; it is gone here.
    fn person(&mut self, place: usize) -> PersonKept {
        let (keys, bits) = (self.keys(place), self.bits(place));
        let row = self.live.people.row(place);
        let (base, mut units) = row.clock.kept();
        units.iter_mut().for_each(|(clock, _)| *clock = self.numbers.clocks[*clock as usize]);
        let mut cells = std::mem::take(&mut row.person.cells);
        cells.iter_mut().for_each(|cell| cell.store = self.numbers.stores[cell.store as usize]);
        cells.sort_unstable_by_key(|cell| cell.store);
        let (since, until, rows_until) =
            (row.person.since, row.person.until, row.person.rows_until);
        let (seat, exists) = (row.person.seat.0, row.person.exists);
        PersonKept { seat, exists, since, until, rows_until, base, units, bits, keys, cells }
    }

    fn bits(&self, place: usize) -> Vec<u64> {
        let mut bits = vec![0; self.n_words];
        self.live.people.bits.each_set(place, &self.columns, |n| {
            let there = self.numbers.columns[n].1;
            bits[there as usize / 64] |= 1 << (there % 64);
        });
        bits
    }

    fn keys(&self, place: usize) -> Vec<(u32, i128)> {
        let rankings = self.live.circuit.rankings.iter().zip(&self.numbers.rankings);
        let mut keys: Vec<(u32, i128)> = rankings
            .filter_map(|(ranking, number)| Some((*number, ranking.as_ref()?.key_of(place)?)))
            .collect();
        keys.sort_unstable_by_key(|(number, _)| *number);
        keys
    }
}
