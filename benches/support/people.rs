//! People with their rows, as standing audiences may read them.
#![allow(dead_code, reason = "no bench uses all of it")]

use std::sync::Arc;
use throng::audience::{Facts, PageError, Wanted};
use throng::lang::parse;
use throng::model::{Event, Ordinal, Stream, Text, Timestamp};
use throng::query::Parties;
use throng::query::catalog::Catalog;
use throng::query::predicate::Audience;

/// Everybody's events by seat, in the order in which they happened.
#[derive(Default)]
pub struct People {
    rows: Vec<Vec<Event>>,
    parties: Parties,
}

impl People {
    /// One more event, not before those that are there.
    pub fn push(&mut self, seat: Ordinal, event: Event) {
        let place = seat.0 as usize;
        if place >= self.rows.len() {
            self.rows.resize_with(place + 1, Vec::new);
        }
        self.rows[place].push(event);
    }

    /// How many events each has.
    pub fn lengths(&self) -> Vec<usize> {
        self.rows.iter().map(Vec::len).collect()
    }

    /// Lets go of what came since everybody had so many.
    pub fn shrink_to(&mut self, lengths: &[usize]) {
        self.rows.iter_mut().zip(lengths).for_each(|(rows, length)| rows.truncate(*length));
    }
}

impl Facts for People {
    fn exists(&self, seat: Ordinal) -> bool {
        self.rows.get(seat.0 as usize).is_some_and(|rows| !rows.is_empty())
    }

    fn each(&self, visit: &mut dyn FnMut(Ordinal)) {
        let seats = (0..self.rows.len() as u32).map(Ordinal);
        seats.filter(|seat| self.exists(*seat)).for_each(visit);
    }

    fn events(
        &self,
        seat: Ordinal,
        wanted: &Wanted<'_>,
        from: Timestamp,
        visit: &mut dyn FnMut(&Event),
    ) -> Result<(), PageError> {
        let rows = self.rows.get(seat.0 as usize).map(|rows| &**rows).unwrap_or_default();
        let first = rows.partition_point(|row| row.when < from);
        rows[first..].iter().filter(|row| is_wanted(wanted, row)).for_each(visit);
        Ok(())
    }

    fn user_id(&self, _: Ordinal) -> Option<Text> {
        None
    }

    fn parties(&self) -> &Parties {
        &self.parties
    }
}

fn is_wanted(wanted: &Wanted<'_>, row: &Event) -> bool {
    let Wanted::Streams(streams) = wanted else { return true };
    streams.iter().any(|stream| match stream {
        Stream::Events(name) => row.name() == Some(name),
        other => row.body.stream() == *other,
    })
}

/// Audiences `a0`, `a1` and so on of these conditions, over names that are declared.
pub fn audiences<'a>(
    declared: &str,
    conditions: impl IntoIterator<Item = &'a str>,
    at: Timestamp,
) -> Vec<Arc<Audience>> {
    let define = conditions.into_iter().enumerate();
    let define = define.map(|(n, text)| format!("create audience a{n} is people {text};"));
    let parsed = parse(&(declared.to_owned() + &define.collect::<String>()));
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    let mut catalog = Catalog::default();
    let mut found = Vec::new();
    for statement in &parsed.statements {
        found.extend(catalog.define(statement, at).expect("the bench's own text").changed);
    }
    found
}
