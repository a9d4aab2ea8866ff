//! Reading what [`super::put`] wrote.

use super::{
    Budget, Bytes, EXISTS, Malformed, ROWS_WAKE, ReadNode, VALUES_MAX, WAKES, cell, kind, load,
};
use crate::audience::{
    Amounts, Arrival, Cause, Cell, Decision, HeadKept, Kept, Kind, Latest, Load, Mark, Marks,
    PeopleKept, PersonKept, Share, Stamp, Values, WaitingKept, Weight,
};
use crate::model::{EventId, Ordinal, Party, Timestamp, Value};
use crate::store::codec::read::instant;

/// So much room is made ahead for what is only said to follow.
const ROOM_MAX: usize = 1 << 16;

/// A piece on its way in.
struct Read<'b, 'a> {
    bytes: &'b mut Bytes<'a>,
    values: Option<ReadNode>,
    base: i64,
}

/// Reads a whole piece.
pub(super) fn piece(bytes: &mut Bytes<'_>) -> Result<Kept, Malformed> {
    let kind = bytes.byte()?;
    let n_values = bytes.fit::<usize>()?;
    let read = |bytes: &mut Bytes<'_>| ReadNode::read(bytes, n_values, &mut Budget(VALUES_MAX), 0);
    let values = (n_values > 0).then(|| read(bytes)).transpose()?;
    let mut read = Read { bytes, values, base: 0 };
    let piece = match kind {
        kind::HEAD => Kept::Head(read.head()?),
        kind::PEOPLE => Kept::People(read.people()?),
        kind::WAITING => Kept::Waiting(read.waiting()?),
        _ => return Err(Malformed("a piece is of an unknown kind")),
    };
    read.bytes.done()?;
    Ok(piece)
}

impl Read<'_, '_> {
    fn head(&mut self) -> Result<HeadKept, Malformed> {
        let at = instant(self.bytes.signed()?)?;
        let n_people = self.bytes.fit()?;
        let mut print = [0; 32];
        print.copy_from_slice(self.bytes.take(32)?);
        Ok(HeadKept { at, n_people, print })
    }

    fn people(&mut self) -> Result<PeopleKept, Malformed> {
        let first = self.bytes.fit()?;
        let n = self.bytes.count()?;
        let (mut people, mut before) = (Vec::new(), 0u32);
        for _ in 0..n {
            before = before.wrapping_add(self.bytes.fit()?);
            people.push(self.person(before)?);
        }
        Ok(PeopleKept { first, people })
    }

    fn person(&mut self, seat: u32) -> Result<PersonKept, Malformed> {
        let flags = self.bytes.byte()?;
        let base = self.bytes.signed()?;
        self.base = base;
        let since = self.instant()?;
        let until = self.wakes(flags & WAKES)?;
        let rows_until = self.wakes(flags & ROWS_WAKE)?;
        let units = self.many(|read| Ok((read.bytes.fit()?, read.bytes.fit()?)))?;
        let bits = self.many(Read::word)?;
        let keys = self.many(|read| Ok((read.bytes.fit()?, read.bytes.wide()?)))?;
        let cells = self.many(Read::cell)?;
        let exists = flags & EXISTS > 0;
        Ok(PersonKept { seat, exists, since, until, rows_until, base, units, bits, keys, cells })
    }

    /// An instant, if there is one.
    fn wakes(&mut self, is_there: u8) -> Result<i64, Malformed> {
        if is_there > 0 { self.instant() } else { Ok(i64::MAX) }
    }

    fn word(&mut self) -> Result<u64, Malformed> {
        let mut word = [0; 8];
        word.copy_from_slice(self.bytes.take(8)?);
        Ok(u64::from_le_bytes(word))
    }

    fn cell(&mut self) -> Result<Cell, Malformed> {
        Ok(Cell { store: self.bytes.fit()?, body: self.body()? })
    }

    fn body(&mut self) -> Result<Kind, Malformed> {
        Ok(match self.bytes.byte()? {
            cell::TALLY => Kind::Tally(self.bytes.number()?),
            cell::TOTAL => Kind::Total(Box::new((self.bytes.number()?, self.bytes.wide()?))),
            cell::INSTANT => Kind::Instant(self.instant()?),
            cell::INSTANTS => Kind::Instants(self.many(Read::instant)?),
            cell::AMOUNTS => Kind::Amounts(Box::new(self.amounts()?)),
            cell::ROWS => Kind::Rows(Box::new(self.many(Read::stamped)?)),
            cell::VALUES => {
                let n = self.bytes.fit::<usize>()?;
                // Each is one of the piece's column, which ends.
                let values = (0..n).map(|_| self.value()).collect::<Result<Values, _>>()?;
                Kind::Values(Box::new(values))
            }
            cell::LATEST => {
                let values = self.many(|read| Ok((read.instant()?, read.value()?)))?;
                Kind::Latest(Box::new(Latest::of(values.into_iter())))
            }
            cell::MARKS => {
                let groups = self.many(|read| Ok((read.value()?, read.many(Read::mark)?)))?;
                Kind::Marks(Box::new(Marks::of(groups.into_iter())))
            }
            cell::PICKED => Kind::Picked(Box::new(self.stamped()?)),
            cell::EXTREME => Kind::Extreme(Box::new(self.value()?)),
            cell::SAID => Kind::Said(Box::new(self.said()?)),
            cell::DECISION => Kind::Decision(Box::new(self.decision()?)),
            _ => return Err(Malformed("a cell is of an unknown kind")),
        })
    }

    fn amounts(&mut self) -> Result<Amounts, Malformed> {
        let (mut amounts, mut all) = (Amounts::default(), 0i128);
        for _ in 0..self.bytes.count()? {
            let when = self.instant()?;
            let amount = self.bytes.wide()?;
            let sum = amount.checked_abs().and_then(|amount| all.checked_add(amount));
            all = sum.ok_or(Malformed("a sum is out of range"))?;
            amounts.insert(when, amount);
        }
        Ok(amounts)
    }

    fn waiting(&mut self) -> Result<WaitingKept, Malformed> {
        let arrival = |read: &mut Self| {
            let seat = Ordinal(read.bytes.fit()?);
            Ok((seat, read.stamp()?, read.arrival()?))
        };
        Ok(WaitingKept { arrivals: self.many(arrival)? })
    }

    fn arrival(&mut self) -> Result<Arrival, Malformed> {
        let cause = if self.bytes.byte()? > 0 { Cause::Consent } else { Cause::Event };
        let asks = self.many(|read| read.bytes.fit())?;
        let share = |read: &mut Self| Ok(Share { store: read.bytes.fit()?, load: read.load()? });
        Ok(Arrival { shares: self.many(share)?, asks, cause })
    }

    fn load(&mut self) -> Result<Load, Malformed> {
        Ok(match self.bytes.byte()? {
            load::ONCE => Load::Once,
            load::MARK => Load::Mark(self.mark()?, self.value()?),
            load::AMOUNT => Load::Amount(self.bytes.wide()?),
            load::VALUE => Load::Value(self.value()?),
            load::SAID => {
                let (weight, value) = self.said()?;
                Load::Said(weight, value)
            }
            load::GRANTED => Load::Decision { granted: true, expires: self.expiry()? },
            load::DENIED => Load::Decision { granted: false, expires: self.expiry()? },
            _ => return Err(Malformed("what waits is of an unknown kind")),
        })
    }

    fn said(&mut self) -> Result<(Weight, Value), Malformed> {
        let party = if self.bytes.byte()? > 0 { Party::First } else { Party::Third };
        let at = instant(self.instant()?)?;
        Ok(((party, at, self.id()?), self.value()?))
    }

    fn decision(&mut self) -> Result<Decision, Malformed> {
        let granted = self.bytes.byte()? > 0;
        let key = (self.instant()?, self.id()?);
        Ok(Decision { key, granted, expires: self.expiry()? })
    }

    fn expiry(&mut self) -> Result<Option<Timestamp>, Malformed> {
        match self.bytes.byte()? {
            0 => Ok(None),
            _ => instant(self.instant()?).map(Some),
        }
    }

    fn mark(&mut self) -> Result<Mark, Malformed> {
        let when = self.instant()?;
        let [place, steps, without, tails] = [(); 4].map(|()| self.bytes.fit());
        Ok(Mark { when, place: place?, steps: steps?, without: without?, tails: tails? })
    }

    fn stamped(&mut self) -> Result<(Stamp, Value), Malformed> {
        Ok((self.stamp()?, self.value()?))
    }

    fn stamp(&mut self) -> Result<Stamp, Malformed> {
        Ok(Stamp { when: self.instant()?, ord: self.bytes.signed()?, id: self.id()? })
    }

    fn value(&mut self) -> Result<Value, Malformed> {
        self.values.as_mut().ok_or(Malformed("a value is missing"))?.value()
    }

    fn instant(&mut self) -> Result<i64, Malformed> {
        Ok(self.base.wrapping_add(self.bytes.signed()?))
    }

    fn id(&mut self) -> Result<EventId, Malformed> {
        self.bytes.bits().map(EventId)
    }

    /// Things of at least one byte each, after how many there are.
    fn many<T>(
        &mut self,
        one: impl Fn(&mut Self) -> Result<T, Malformed>,
    ) -> Result<Vec<T>, Malformed> {
        let n = self.bytes.count()?;
        let mut many = Vec::with_capacity(n.min(ROOM_MAX));
        for _ in 0..n {
            many.push(one(self)?);
        }
        Ok(many)
    }
}
