//! The rows of one origin in canonical order, wherever they lie.

use super::column::{Column, ColumnKey, kind_named};
use super::event::{Parts, Stamp, objects_of};
use super::pages::{PageError, PageKey, Pages};
use super::run::{Bounds, Rest, Run, Stripe};
use super::tail::event_of;
use super::wanted::{Fields, Part, Wanted};
use super::whole::Timeline;
use crate::model::{CallKind, Event, EventId, IdentifierNumber, Stream, Text, Timestamp, Value};
use std::sync::Arc;

/// A row that is wanted: what orders it, and where it lies.
struct Found {
    key: (i64, i64, EventId),
    place: Place,
}

/// Sealed rows come before those of the tail where they are equal in all that orders them.
enum Place {
    /// The stripe among those opened, and the row in it.
    Run(usize, usize),
    /// The number of the row.
    Tail(u64),
}

impl Timeline {
    /// Hands over every row of one origin with `from <= when < to`, of the
    /// wanted streams, in canonical order. Without `to` there is no end.
    pub fn rows(
        &self,
        pages: &dyn Pages,
        origin: IdentifierNumber,
        from: Timestamp,
        to: Option<Timestamp>,
        wanted: &Wanted<'_>,
        visit: &mut dyn FnMut(&Event),
    ) -> Result<(), PageError> {
        let mut found = Vec::new();
        let mut stripes = Vec::new();
        self.find_sealed(pages, origin, (from, to), wanted, &mut stripes, &mut found)?;
        self.find_new(origin, (from, to), wanted, &mut found);
        found.sort_by_key(|row| row.key);
        let fields = &Fields::ALL;
        let mut opened: Vec<Option<Opened<'_>>> = stripes.iter().map(|_| None).collect();
        for row in found {
            let event = match row.place {
                Place::Run(number, row) => {
                    let stripe = &*stripes[number];
                    let opened = match &mut opened[number] {
                        Some(opened) => opened,
                        none => none.insert(Opened::of(pages, stripe, fields)?),
                    };
                    opened.event(row).ok_or(PageError::Damaged(stripe.at()))?
                }
                Place::Tail(number) => self.new_event(number),
            };
            visit(&event);
        }
        Ok(())
    }

    /// The pieces in which rows of the wanted streams lie, of each stream those since an
    /// instant, and perhaps older ones.
    pub fn parts(&self, wanted: &Wanted<'_>, since: &dyn Fn(&Stream) -> Timestamp) -> Vec<Part> {
        let mut parts = vec![Part::Tail];
        for run in self.chunks.values().flat_map(|chunk| chunk.values().flatten()) {
            for (number, group) in run.groups.iter().enumerate() {
                if !group.may_have(wanted) {
                    continue;
                }
                let filtered = group.stream.is_none() && *wanted != Wanted::All;
                let since = match (&group.stream, wanted) {
                    (Some(stream), _) => since(stream),
                    (None, Wanted::Streams(streams)) => {
                        streams.iter().map(since).min().unwrap_or(Timestamp::MIN)
                    }
                    (None, Wanted::All) => Timestamp::MIN,
                };
                let stripes = group.stripes.iter().filter(|bounds| since <= bounds.whens.1);
                parts.extend(stripes.map(|bounds| {
                    let (chunk, run) = (run.chunk, run.number);
                    let page = PageKey { chunk, run, group: number as u32, page: bounds.page };
                    Part::Stripe { page, n_pages: bounds.n_pages.into(), filtered }
                }));
            }
        }
        parts
    }

    /// Hands over every row of a piece that is of the wanted streams, whoever's it is
    /// and in no order, with the fields that are wanted.
    pub fn each_row(
        &self,
        pages: &dyn Pages,
        part: Part,
        (wanted, fields): (&Wanted<'_>, &Fields),
        visit: &mut dyn FnMut(&Event),
    ) -> Result<(), PageError> {
        let Part::Stripe { page, n_pages, filtered } = part else {
            for (number, block, row) in self.tail.rows() {
                if wanted.has(self.streams.stream(block.stream(row))) {
                    visit(&self.new_event(number));
                }
            }
            return Ok(());
        };
        let stripe = self.cache.stripe(pages, page, n_pages)?;
        let opened = Opened::of(pages, &stripe, fields)?;
        for row in 0..stripe.n_rows() {
            if !filtered || is_wanted(pages, &stripe, row, wanted)? {
                visit(&opened.event(row).ok_or(PageError::Damaged(page))?);
            }
        }
        Ok(())
    }

    fn find_sealed(
        &self,
        pages: &dyn Pages,
        origin: IdentifierNumber,
        span: (Timestamp, Option<Timestamp>),
        wanted: &Wanted<'_>,
        stripes: &mut Vec<Arc<Stripe>>,
        found: &mut Vec<Found>,
    ) -> Result<(), PageError> {
        let Some(chunk) = self.chunks.get(&(origin.0 >> 16)) else { return Ok(()) };
        for run in chunk.values().flatten() {
            for (group, bounds, filtered) in stripes_of(run, origin, span, wanted) {
                let key = PageKey { chunk: run.chunk, run: run.number, group, page: bounds.page };
                let stripe = self.cache.stripe(pages, key, bounds.n_pages.into())?;
                let (keys, ids) = (stripe.keys(), stripe.ids(pages)?);
                for row in keys.of_origin(origin.0) {
                    let within = is_within(keys.whens[row], span);
                    if within && (!filtered || is_wanted(pages, &stripe, row, wanted)?) {
                        let key = (keys.whens[row], keys.ords[row], ids[row]);
                        found.push(Found { key, place: Place::Run(stripes.len(), row) });
                    }
                }
                stripes.push(stripe);
            }
        }
        Ok(())
    }

    fn find_new(
        &self,
        origin: IdentifierNumber,
        span: (Timestamp, Option<Timestamp>),
        wanted: &Wanted<'_>,
        found: &mut Vec<Found>,
    ) {
        let start = found.len();
        self.tail.each_of(origin, span.0, |number, block, row| {
            let stream = || self.streams.stream(block.stream(row));
            if is_within(block.when(row).millis(), span) && wanted.has(stream()) {
                let stamp = block.stamp(row);
                let key = (stamp.when.millis(), stamp.ord, stamp.id);
                found.push(Found { key, place: Place::Tail(number) });
            }
        });
        found[start..].reverse();
    }

    fn new_event(&self, number: u64) -> Event {
        let (block, row) = self.tail.row(number);
        let stream = self.streams.stream(block.stream(row));
        let parts = event_of(block.bytes(row), block.names(), stream);
        let event = parts.and_then(|parts| parts.event(block.stamp(row)));
        event.expect("the tail reads what it wrote")
    }
}

/// Whether an instant lies in a span, whose end is no part of it.
pub fn is_within(when: i64, span: (Timestamp, Option<Timestamp>)) -> bool {
    span.0.millis() <= when && span.1.is_none_or(|to| when < to.millis())
}

/// The stripes of a run that may hold wanted rows: with the number of their
/// group, and whether rows of other streams lie among them.
fn stripes_of<'r>(
    run: &'r Run,
    origin: IdentifierNumber,
    span: (Timestamp, Option<Timestamp>),
    wanted: &'r Wanted<'_>,
) -> impl Iterator<Item = (u32, &'r Bounds, bool)> {
    let groups = run.groups.iter().enumerate();
    groups.filter(move |(_, group)| group.may_have(wanted)).flat_map(move |(number, group)| {
        let filtered = group.stream.is_none() && *wanted != Wanted::All;
        let start = group.stripes.partition_point(|stripe| stripe.origins.1 < origin.0);
        group.stripes[start..]
            .iter()
            .take_while(move |stripe| stripe.origins.0 <= origin.0)
            .filter(move |stripe| stripe.overlaps(span.0, span.1))
            .map(move |stripe| (number as u32, stripe, filtered))
    })
}

/// Whether a row of a stripe with several streams is of a wanted one.
fn is_wanted(
    pages: &dyn Pages,
    stripe: &Stripe,
    row: usize,
    wanted: &Wanted<'_>,
) -> Result<bool, PageError> {
    Ok(stripe.streams(pages)?.of_row(row).is_some_and(|stream| wanted.has(stream)))
}

/// What a stripe has of its rows, ready to be put together row by row.
struct Opened<'s> {
    stripe: &'s Stripe,
    ids: &'s [EventId],
    columns: Vec<(&'s ColumnKey, &'s Column)>,
    rest: Option<&'s Rest>,
    fields: &'s Fields,
}

impl<'s> Opened<'s> {
    fn of(
        pages: &dyn Pages,
        stripe: &'s Stripe,
        fields: &'s Fields,
    ) -> Result<Opened<'s>, PageError> {
        let mut columns = Vec::with_capacity(stripe.column_keys().len());
        for (place, key) in stripe.column_keys().enumerate().filter(|(_, key)| fields.has(key)) {
            columns.push((key, &**stripe.column(pages, place)?));
        }
        let (ids, rest) = (stripe.ids(pages)?, stripe.rest(pages)?);
        Ok(Opened { stripe, ids, columns, rest, fields })
    }

    /// The event of a row; none if the row lacks what its kind needs.
    fn event(&self, row: usize) -> Option<Event> {
        let mut draft = Draft::default();
        let mut leaves: Vec<(&ColumnKey, Value)> = Vec::with_capacity(self.columns.len());
        for (key, column) in &self.columns {
            match (key, column.text(row)) {
                (ColumnKey::Property(_) | ColumnKey::Context(_), Some(text)) => {
                    leaves.push((key, Value::Text(text.clone())));
                }
                (ColumnKey::Property(_) | ColumnKey::Context(_), None) => {
                    leaves.extend(column.value(row).map(|value| (*key, value)));
                }
                (_, Some(text)) => draft.set_text(key, text),
                (_, None) => column.value(row).into_iter().for_each(|value| draft.set(key, &value)),
            }
        }
        if let Some(rest) = self.rest {
            let n_leaves = leaves.len();
            for (key, value) in rest.of_row(row as u32).filter(|(key, _)| self.fields.has(key)) {
                match key {
                    ColumnKey::Property(_) | ColumnKey::Context(_) => {
                        leaves.push((key, value.clone()));
                    }
                    plain => draft.set(plain, value),
                }
            }
            if leaves.len() > n_leaves {
                leaves.sort_by_key(|(key, _)| *key);
            }
        }
        let keys = self.stripe.keys();
        let stamp = Stamp {
            when: Timestamp::saturating_from_millis(keys.whens[row]),
            received: draft.received,
            ord: keys.ords[row],
            id: self.ids[row],
            origin: IdentifierNumber(keys.origins[row]),
        };
        objects_of(leaves).and_then(|objects| draft.parts(objects)?.event(stamp))
    }
}

/// What the columns that are no paths say of one row.
#[derive(Default)]
struct Draft {
    kind: Option<CallKind>,
    name: Option<Text>,
    received: Timestamp,
    source: Option<Text>,
    channel: Option<Text>,
    text: Option<Text>,
    granted: bool,
    expires: Option<Timestamp>,
}

impl Draft {
    fn set_text(&mut self, key: &ColumnKey, text: &Text) {
        match key {
            ColumnKey::Kind => self.kind = kind_named(text),
            ColumnKey::Name => self.name = Some(text.clone()),
            ColumnKey::Source => self.source = Some(text.clone()),
            ColumnKey::Channel => self.channel = Some(text.clone()),
            ColumnKey::GroupId | ColumnKey::Previous | ColumnKey::Purpose => {
                self.text = Some(text.clone());
            }
            _ => {}
        }
    }

    fn set(&mut self, key: &ColumnKey, value: &Value) {
        match (key, value) {
            (key, Value::Text(text)) => self.set_text(key, text),
            (ColumnKey::Received, Value::Instant(at)) => self.received = *at,
            (ColumnKey::Granted, Value::Bool(granted)) => self.granted = *granted,
            (ColumnKey::Expires, Value::Instant(at)) => self.expires = Some(*at),
            _ => {}
        }
    }

    fn parts(self, objects: (crate::model::Object, crate::model::Object)) -> Option<Parts> {
        Some(Parts {
            kind: self.kind?,
            name: self.name,
            source: self.source?,
            channel: self.channel,
            text: self.text,
            granted: self.granted,
            expires: self.expires,
            fields: objects.0,
            context: objects.1,
        })
    }
}
