//! Everybody's rows read into stores, piece by piece and several at once.

use super::super::circuit::Circuit;
use super::super::facts::{Facts, PageError, Wanted};
use super::super::keep::{Share, Stamp, put};
use super::super::people::{Arrival, Person, read_cells_ahead};
use super::super::plan::Need;
use super::Live;
use super::event::{cause_of, gather};
use crate::model::{Event, Ordinal, Stream, Timestamp};
use crate::query::Parties;
use crate::timeline::Fields;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What rows give: to whom, by their place in a part, and in which canonical order.
type Given = (u32, Stamp, Share);

/// What is given is put where it belongs when it is so much: what rows lead to is then
/// still near in memory.
const POURED: usize = if cfg!(test) { 3 } else { 512 };

/// Some stores that are filled.
struct Filling<'f> {
    circuit: &'f Circuit,
    parties: &'f Parties,
    /// By store, whether it is one of them.
    stores: Vec<bool>,
    /// By store, until when what happened is of no use to it.
    gone: Vec<i64>,
    /// The same by stream, for all stores that look at it, and for stores that look at all.
    gone_of: HashMap<Stream, i64>,
    gone_of_all: i64,
    /// What their feeds read of rows.
    fields: Fields,
    now: i64,
}

/// What the rows of a piece give.
struct Read {
    /// By part of everybody.
    given: Vec<Vec<Given>>,
    ahead: Vec<(Ordinal, Stamp, Arrival)>,
}

impl Live {
    /// Reads everybody's rows into some stores, in whatever order they lie.
    pub(super) fn refill_everybody(
        &mut self,
        need: &Need,
        only: &[u32],
        facts: &dyn Facts,
        now: i64,
    ) -> Result<(), PageError> {
        for person in self.people.persons.iter_mut().filter(|person| !person.cells.is_empty()) {
            person.cells.retain(|cell| !only.contains(&cell.store));
        }
        // Of somebody whose facts all lie ahead, every one matters: the first makes them exist.
        let is_known = |place: usize| self.people.persons[place].exists;
        let wanted = match self.people.each().all(|(_, place)| is_known(place)) {
            true => need.wanted(),
            false => Wanted::All,
        };
        let n_places = self.part_len();
        let filling = Filling::of(&self.circuit, &self.parties, only, now);
        let (find, persons) = self.people.finding();
        let n_parts = persons.len().div_ceil(n_places);
        let persons: Vec<_> = persons.chunks_mut(n_places).map(Mutex::new).collect();
        let parts = facts.parts(&wanted, &|stream| filling.since(stream));
        let ends = Mutex::new((Vec::new(), None));
        // Room that one job leaves is the next one's.
        let rooms = Mutex::new(Vec::new());
        (facts.run())(parts.len(), &|n| {
            let mut read = locked(&rooms).pop().unwrap_or_else(|| Read::of(n_parts));
            let mut shares = Vec::new();
            let visit = &mut |seat, row: &Event| {
                if let Some(place) = find(seat) {
                    filling.take((seat, place), row, n_places, &mut shares, &mut read);
                    let part = place / n_places;
                    if read.given[part].len() >= POURED {
                        filling.pour(&mut read.given[part], &mut locked(&persons[part]));
                    }
                }
            };
            let wanted = (&wanted, &filling.fields);
            let all_read = facts.each_event(parts[n], wanted, visit);
            for (given, persons) in read.given.iter_mut().zip(&persons) {
                filling.pour(given, &mut locked(persons));
            }
            let mut ends = locked(&ends);
            ends.0.append(&mut read.ahead);
            ends.1 = ends.1.take().or(all_read.err());
            drop(ends);
            locked(&rooms).push(read);
        });
        let (ahead, failed) = ends.into_inner().unwrap_or_else(PoisonError::into_inner);
        drop(persons);
        ahead.into_iter().for_each(|(seat, stamp, arrival)| {
            self.waiting.put(seat, stamp, arrival);
        });
        failed.map_or(Ok(()), Err)
    }
}

impl Read {
    fn of(n_parts: usize) -> Read {
        let given = (0..n_parts).map(|_| Vec::with_capacity(POURED)).collect();
        Read { given, ahead: Vec::new() }
    }
}

impl<'f> Filling<'f> {
    fn of(circuit: &'f Circuit, parties: &'f Parties, only: &[u32], now: i64) -> Filling<'f> {
        let n_stores = circuit.stores.len();
        let (mut stores, mut fields) = (vec![false; n_stores], Fields::default());
        let mut gone = vec![i64::MIN; n_stores];
        let (mut gone_of, mut gone_of_all) = (HashMap::new(), now);
        for number in only {
            let store = circuit.store(*number);
            stores[*number as usize] = true;
            let of_store = store.gone(now);
            gone[*number as usize] = of_store;
            store.feed.fields(&mut fields);
            let touched = store.feed.touches();
            if touched.everything() {
                gone_of_all = gone_of_all.min(of_store);
            }
            for stream in touched.streams {
                let of_stream = gone_of.entry(stream).or_insert(now);
                *of_stream = of_store.min(*of_stream);
            }
        }
        Filling { circuit, parties, stores, gone, gone_of, gone_of_all, fields, now }
    }

    /// From when on rows of a stream are of use; of those that lie ahead each is.
    fn since(&self, stream: &Stream) -> Timestamp {
        let of_stream = self.gone_of.get(stream).copied().unwrap_or(self.now);
        Timestamp::saturating_from_millis(of_stream.min(self.gone_of_all))
    }

    /// Notes what a row gives, or that it waits.
    fn take(
        &self,
        (seat, place): (Ordinal, usize),
        row: &Event,
        n_places: usize,
        shares: &mut Vec<Share>,
        read: &mut Read,
    ) {
        gather(self.circuit, row, self.parties, Some(&self.stores), shares);
        let stamp = Stamp::of(row);
        if stamp.when > self.now {
            let asks = self.circuit.entry(&row.body).rows.clone();
            let (shares, cause) = (std::mem::take(shares), cause_of(&row.body));
            return read.ahead.push((seat, stamp, Arrival { shares, asks, cause }));
        }
        let place_in_part = (place % n_places) as u32;
        let given = &mut read.given[place / n_places];
        let of_use = shares.drain(..).filter(|share| self.gone[share.store as usize] < stamp.when);
        given.extend(of_use.map(|share| (place_in_part, stamp, share)));
    }

    /// Puts what rows gave where it belongs.
    fn pour(&self, given: &mut Vec<Given>, persons: &mut [Person]) {
        read_cells_ahead(given.iter().map(|(place, ..)| &persons[*place as usize]));
        for (place, stamp, share) in given.drain(..) {
            let shape = self.circuit.store(share.store).shape;
            let cells = &mut persons[place as usize].cells;
            put(cells, share.store, shape, stamp, share.load, self.now);
        }
    }
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
