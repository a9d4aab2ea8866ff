//! Standing audiences taken up again as they were laid down: no row is read, and nobody is
//! asked anything.

use super::super::circuit::Circuit;
use super::super::delta::Cause;
use super::super::eval::NEVER;
use super::super::facts::Facts;
use super::super::kept::{HeadKept, PeopleKept, PersonKept, WaitingKept};
use super::super::people::{Person, Row, Rows};
use super::Live;
use super::rest::{PER_PIECE, program};
use crate::model::{Ordinal, Timestamp};
use crate::query::predicate::Audience;
use crate::query::scan::Runner;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Gives pieces of people by the number of those before them; none of what cannot be read.
pub type PeopleOf<'p> = &'p (dyn Fn(u32) -> Option<PeopleKept> + Sync);

impl Live {
    /// Standing audiences as they were laid down, if they were the same and it is the same
    /// instant, and everything fits together.
    ///
    /// # Errors
    /// Why they are not; nothing has changed then.
    pub fn resume(
        audiences: impl IntoIterator<Item = Arc<Audience>>,
        (head, waiting): (&HeadKept, WaitingKept),
        people: PeopleOf<'_>,
        facts: &dyn Facts,
        now: Timestamp,
    ) -> Result<Live, &'static str> {
        let (mut live, _, nodes) = Live::begin(audiences);
        live.parties = facts.parties().clone();
        if head.at != now || head.print != live.circuit.print(program()) {
            return Err("another program, or of other audiences, has left them");
        }
        let mut seats = Vec::new();
        facts.each(&mut |seat| seats.push(seat));
        if seats.len() != head.n_people as usize {
            return Err("they are of other people");
        }
        live.people.make_places(seats.len());
        live.take_people(people, facts.run()).ok_or("a piece of people is not whole")?;
        live.seat(seats, facts).ok_or("they are of other people")?;
        live.take_waiting(waiting).ok_or("what waits is not whole")?;
        for person in &live.people.persons {
            if person.wakes() != NEVER {
                live.due.put(person.wakes(), person.seat);
            }
        }
        // Nobody passes anybody: orders are as they were, and have nothing to say.
        live.rank(Cause::Definition);
        live.settle_ranks(now.millis());
        live.stand_all(nodes);
        Ok(live)
    }

    /// Everybody's pieces, several at once, and where they stand in orders of people.
    fn take_people(&mut self, pieces: PeopleOf<'_>, run: Runner<'_>) -> Option<()> {
        let circuit = &self.circuit;
        let parts = self.people.rows().parts(PER_PIECE).into_iter();
        let parts = parts.filter(|rows| !rows.places().is_empty()).map(|rows| (rows, Vec::new()));
        let parts: Vec<Mutex<(Rows<'_>, Keys)>> = parts.map(Mutex::new).collect();
        let are_whole = AtomicBool::new(true);
        run(parts.len(), &|n| {
            let (rows, keys) = &mut *parts[n].lock().unwrap_or_else(PoisonError::into_inner);
            let piece = pieces((n * PER_PIECE) as u32);
            if piece.and_then(|piece| circuit.take_piece(piece, rows, keys)).is_none() {
                are_whole.store(false, Ordering::Relaxed);
            }
        });
        let keys = parts
            .into_iter()
            .flat_map(|part| part.into_inner().unwrap_or_else(PoisonError::into_inner).1);
        let keys: Keys = keys.collect();
        are_whole.load(Ordering::Relaxed).then(|| self.take_keys(keys))
    }

    fn take_keys(&mut self, keys: Keys) {
        let columns: Vec<Option<u32>> = self
            .circuit
            .rankings
            .iter()
            .map(|it| it.as_ref().map(|it| self.circuit.node(it.population).column))
            .collect();
        for (place, number, key) in keys {
            let ranking = self.circuit.ranking_mut(number);
            ranking.told(place, Some(key));
            let is_in = |column| self.people.row(place).bits.get(column);
            if columns[number as usize].is_some_and(is_in) {
                ranking.enter(place);
            }
        }
    }

    /// Everybody is found by their seat from here on; none unless everybody is here of whom
    /// there are facts, and nobody else.
    fn seat(&mut self, mut seats: Vec<Ordinal>, facts: &dyn Facts) -> Option<()> {
        seats.sort_unstable();
        let people = &self.people.persons;
        let fits = |(seat, person): (&Ordinal, &Person)| {
            *seat == person.seat && facts.exists(*seat) == person.exists
        };
        seats.iter().zip(people).all(fits).then(|| self.people.seat_all())
    }

    fn take_waiting(&mut self, waiting: WaitingKept) -> Option<()> {
        for (seat, stamp, arrival) in waiting.arrivals {
            let is_store = |store: u32| self.circuit.has_store(store);
            let is_asked = |ask: &u32| self.circuit.rows.contains(ask);
            let fits = arrival.shares.iter().all(|share| is_store(share.store))
                && arrival.asks.iter().all(is_asked);
            self.people.find(seat).filter(|_| fits)?;
            self.waiting.put(seat, stamp, arrival);
        }
        Some(())
    }
}

/// Of places and orders the keys.
type Keys = Vec<(usize, u32, i128)>;

impl Circuit {
    fn take_piece(&self, piece: PeopleKept, rows: &mut Rows<'_>, keys: &mut Keys) -> Option<()> {
        let places = rows.places();
        if places.start != piece.first as usize || places.len() != piece.people.len() {
            return None;
        }
        for (place, kept) in places.zip(piece.people) {
            let of = kept.keys.iter();
            keys.extend(of.map(|(ranking, key)| (place, *ranking, *key)));
            self.take_person(kept, &mut rows.row(place))?;
        }
        let is_key = |(_, number, key): &(usize, u32, i128)| {
            let is_order = self.rankings.get(*number as usize).is_some_and(Option::is_some);
            // Behind the last of an order is one more.
            is_order && *key < i128::MAX
        };
        keys.iter().all(is_key).then_some(())
    }

    fn take_person(&self, kept: PersonKept, row: &mut Row<'_>) -> Option<()> {
        let are_in_order = kept.cells.is_sorted_by(|a, b| a.store < b.store);
        let fits = kept.cells.iter().all(|cell| {
            let store = self.stores.get(cell.store as usize).and_then(Option::as_ref);
            store.is_some_and(|store| cell.body.is_of(store.shape))
        });
        (are_in_order && fits).then_some(())?;
        let person = &mut *row.person;
        (person.seat, person.exists, person.cells) = (Ordinal(kept.seat), kept.exists, kept.cells);
        (person.since, person.until, person.rows_until) = (kept.since, kept.until, kept.rows_until);
        row.clock.take(kept.base, &kept.units)?;
        row.bits.take(&kept.bits)
    }

    fn has_store(&self, number: u32) -> bool {
        self.stores.get(number as usize).is_some_and(Option::is_some)
    }
}
