//! Writing pieces.

use super::{EXISTS, Node, ROWS_WAKE, Room, WAKES, cell, load};
use crate::audience::{
    Arrival, Cause, Cell, Decision, HeadKept, Kind, Load, Mark, PeopleKept, PersonKept, Stamp,
    WaitingKept, Weight,
};
use crate::model::{EventId, Party, Timestamp, Value};
use crate::store::codec::bytes::{put_number, put_signed, put_wide};

/// A piece on its way out.
pub(super) struct Put<'a> {
    values: Node<'a>,
    n_values: u64,
    room: Room,
    out: Vec<u8>,
    /// Instants are written by how far they lie from this one.
    base: i64,
}

impl<'a> Put<'a> {
    pub fn new(room: Room) -> Put<'a> {
        Put { values: Node::default(), n_values: 0, room, out: Vec::new(), base: 0 }
    }

    /// The whole piece.
    pub fn done(self, kind: u8) -> Vec<u8> {
        let mut bytes = vec![kind];
        put_number(&mut bytes, self.n_values);
        if self.n_values > 0 {
            self.values.put(&mut bytes);
        }
        bytes.extend_from_slice(&self.out);
        bytes
    }

    pub fn head(&mut self, head: &HeadKept) {
        self.signed(head.at.millis());
        self.number(head.n_people.into());
        self.out.extend_from_slice(&head.print);
    }

    pub fn people(&mut self, people: &'a PeopleKept) -> Option<()> {
        self.number(people.first.into());
        self.number(people.people.len() as u64);
        let mut before = 0;
        for person in &people.people {
            self.number(person.seat.wrapping_sub(before).into());
            before = person.seat;
            self.person(person)?;
        }
        Some(())
    }

    fn person(&mut self, person: &'a PersonKept) -> Option<()> {
        let flags = [
            (EXISTS, person.exists),
            (WAKES, person.until != i64::MAX),
            (ROWS_WAKE, person.rows_until != i64::MAX),
        ];
        self.out.push(flags.iter().filter(|(_, is)| *is).map(|(flag, _)| flag).sum());
        self.signed(person.base);
        self.base = person.base;
        self.instant(person.since);
        let wakes = [person.until, person.rows_until].into_iter().filter(|at| *at != i64::MAX);
        wakes.for_each(|at| self.instant(at));
        self.number(person.units.len() as u64);
        for (column, unit) in &person.units {
            self.number((*column).into());
            self.number((*unit).into());
        }
        self.number(person.bits.len() as u64);
        person.bits.iter().for_each(|word| self.out.extend_from_slice(&word.to_le_bytes()));
        self.number(person.keys.len() as u64);
        for (ranking, key) in &person.keys {
            self.number((*ranking).into());
            put_wide(&mut self.out, *key);
        }
        self.number(person.cells.len() as u64);
        person.cells.iter().try_for_each(|cell| self.cell(cell))
    }

    fn cell(&mut self, cell: &'a Cell) -> Option<()> {
        self.number(cell.store.into());
        match &cell.body {
            Kind::Tally(count) => self.tagged(cell::TALLY).number(*count),
            Kind::Total(total) => {
                self.tagged(cell::TOTAL).number(total.0);
                put_wide(&mut self.out, total.1);
            }
            Kind::Instant(at) => self.tagged(cell::INSTANT).instant(*at),
            Kind::Instants(all) => {
                self.tagged(cell::INSTANTS).number(all.len() as u64);
                all.iter().for_each(|at| self.instant(*at));
            }
            Kind::Amounts(all) => {
                self.tagged(cell::AMOUNTS).number(all.len() as u64);
                for n in 0..all.len() {
                    self.instant(all.when(n)?);
                    put_wide(&mut self.out, all.sum(n, n + 1));
                }
            }
            Kind::Rows(all) => {
                self.tagged(cell::ROWS).number(all.len() as u64);
                all.iter().try_for_each(|row| self.stamped(row))?;
            }
            Kind::Values(all) => {
                self.tagged(cell::VALUES).number(all.len() as u64);
                all.iter().try_for_each(|value| self.value(value))?;
            }
            Kind::Latest(all) => {
                self.tagged(cell::LATEST).number(all.each().count() as u64);
                for (at, value) in all.each() {
                    self.instant(at);
                    self.value(value)?;
                }
            }
            Kind::Marks(all) => {
                self.tagged(cell::MARKS).number(all.keyed().count() as u64);
                for (key, marks) in all.keyed() {
                    self.value(key)?;
                    self.number(marks.len() as u64);
                    marks.iter().for_each(|mark| self.mark(mark));
                }
            }
            Kind::Picked(row) => self.tagged(cell::PICKED).stamped(row)?,
            Kind::Extreme(value) => self.tagged(cell::EXTREME).value(value)?,
            Kind::Said(said) => self.tagged(cell::SAID).said(&said.0, &said.1)?,
            Kind::Decision(decision) => self.tagged(cell::DECISION).decision(decision),
        }
        Some(())
    }

    pub fn waiting(&mut self, waiting: &'a WaitingKept) -> Option<()> {
        self.number(waiting.arrivals.len() as u64);
        for (seat, stamp, arrival) in &waiting.arrivals {
            self.number(seat.0.into());
            self.stamp(stamp);
            self.arrival(arrival)?;
        }
        Some(())
    }

    fn arrival(&mut self, arrival: &'a Arrival) -> Option<()> {
        self.out.push((arrival.cause == Cause::Consent).into());
        self.number(arrival.asks.len() as u64);
        arrival.asks.iter().for_each(|ask| self.number((*ask).into()));
        self.number(arrival.shares.len() as u64);
        for share in &arrival.shares {
            self.number(share.store.into());
            self.load(&share.load)?;
        }
        Some(())
    }

    fn load(&mut self, load: &'a Load) -> Option<()> {
        match load {
            Load::Once => self.out.push(load::ONCE),
            Load::Mark(mark, key) => {
                self.tagged(load::MARK).mark(mark);
                self.value(key)?;
            }
            Load::Amount(amount) => put_wide(&mut self.tagged(load::AMOUNT).out, *amount),
            Load::Value(value) => self.tagged(load::VALUE).value(value)?,
            Load::Said(weight, value) => self.tagged(load::SAID).said(weight, value)?,
            Load::Decision { granted, expires } => {
                self.tagged(if *granted { load::GRANTED } else { load::DENIED }).expiry(*expires);
            }
        }
        Some(())
    }

    fn said(&mut self, (party, at, id): &Weight, value: &'a Value) -> Option<()> {
        self.out.push((*party == Party::First).into());
        self.instant(at.millis());
        self.id(*id);
        self.value(value)
    }

    fn decision(&mut self, decision: &Decision) {
        self.out.push(decision.granted.into());
        self.instant(decision.key.0);
        self.id(decision.key.1);
        self.expiry(decision.expires);
    }

    fn expiry(&mut self, expires: Option<Timestamp>) {
        self.out.push(expires.is_some().into());
        expires.iter().for_each(|at| self.instant(at.millis()));
    }

    fn mark(&mut self, mark: &Mark) {
        self.instant(mark.when);
        [mark.place, mark.steps, mark.without, mark.tails]
            .into_iter()
            .for_each(|part| self.number(part.into()));
    }

    fn stamped(&mut self, (stamp, value): &'a (Stamp, Value)) -> Option<()> {
        self.stamp(stamp);
        self.value(value)
    }

    fn stamp(&mut self, stamp: &Stamp) {
        self.instant(stamp.when);
        self.signed(stamp.ord);
        self.id(stamp.id);
    }

    fn value(&mut self, value: &'a Value) -> Option<()> {
        self.n_values += 1;
        self.values.push(value, &mut self.room)
    }

    fn tagged(&mut self, tag: u8) -> &mut Put<'a> {
        self.out.push(tag);
        self
    }

    /// A distance past the end of the range wraps, and back again.
    fn instant(&mut self, at: i64) {
        self.signed(at.wrapping_sub(self.base));
    }

    fn id(&mut self, id: EventId) {
        self.out.extend_from_slice(&id.0.to_be_bytes());
    }

    fn number(&mut self, number: u64) {
        put_number(&mut self.out, number);
    }

    fn signed(&mut self, number: i64) {
        put_signed(&mut self.out, number);
    }
}
