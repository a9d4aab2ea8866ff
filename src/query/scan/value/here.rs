//! Where values are read: a person, and maybe one of their rows.

use crate::identity::Identity;
use crate::model::{Decimal, Object, Ordinal, Text, Timestamp, Value};
use crate::query::scan::slot::Table;
use crate::timeline::Block;

/// A person at an instant, and maybe a row of theirs.
#[derive(Clone, Copy)]
pub struct Here<'a> {
    pub now: Timestamp,
    pub person: Option<Person<'a>>,
    pub row: Option<Row<'a>>,
    /// What every slot has, of whom nothing else is known.
    pub word: Option<&'a Value>,
}

/// A person: what was accumulated of them, and who they are.
#[derive(Clone, Copy)]
pub struct Person<'a> {
    pub seat: u32,
    pub table: &'a Table,
    pub identity: &'a Identity,
}

/// A row of a block, and the array element in it that is looked at.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    pub block: &'a Block<'a>,
    pub place: usize,
    pub object: Option<&'a Object>,
    pub element: Option<&'a Value>,
}

impl<'a> Here<'a> {
    /// Where nothing can be read: for what is the same everywhere.
    pub fn nobody(now: Timestamp) -> Here<'a> {
        Here { now, person: None, row: None, word: None }
    }

    pub fn of(seat: u32, table: &'a Table, identity: &'a Identity, now: Timestamp) -> Here<'a> {
        Here { person: Some(Person { seat, table, identity }), ..Here::nobody(now) }
    }

    /// Where one slot alone is read, of anybody who has that in it.
    pub fn of_word(word: &'a Value, now: Timestamp) -> Here<'a> {
        Here { word: Some(word), ..Here::nobody(now) }
    }

    pub fn at(self, block: &'a Block<'a>, place: usize) -> Here<'a> {
        Here { row: Some(Row { block, place, object: None, element: None }), ..self }
    }

    pub fn slot(&self, slot: usize) -> Value {
        match (self.word, self.person) {
            (Some(word), _) => word.clone(),
            (None, person) => {
                person.map_or(Value::Null, |person| person.table.value(slot, person.seat))
            }
        }
    }

    /// The number in a slot; none if the slot is not one of plain numbers.
    pub fn number(&self, slot: usize) -> Option<Option<Decimal>> {
        let person = self.person?;
        person.table.number(slot, person.seat)
    }

    pub fn score(&self, place: usize) -> Option<Decimal> {
        self.person.and_then(|person| person.table.score(place, person.seat))
    }

    /// Whether there is an event, in a slot that was asked for nothing else.
    pub fn has_any(&self, slot: usize) -> bool {
        self.person.is_some_and(|person| person.table.has_any(slot, person.seat))
    }

    /// How many were counted in a slot.
    pub fn count(&self, slot: usize) -> u64 {
        self.person.map_or(0, |person| person.table.count(slot, person.seat))
    }

    pub fn user_id(&self) -> Option<Text> {
        let person = self.person?;
        let number = person.identity.user_id(Ordinal(person.seat))?;
        person.identity.identifier(number).map(|identifier| identifier.value.clone())
    }
}
