//! A person read from their rows: nothing kept, everything computed.

mod aggregate;
mod begin;
mod drawn;
mod listed;
mod moving;
mod pattern;
mod score;
mod window;

pub(crate) use aggregate::{known, mean, ranked, summand};
pub(crate) use drawn::drawn;

use super::eval::{Horizon, Leaves, Moves, Over, Span, judge, test_moves};
use super::row::declared_at;
use crate::model::{
    Body, Event, EventId, Identifier, Ordinal, Party, Path, Step, Text, Timestamp, Value, Zone,
};
use crate::query::Parties;
use crate::query::predicate::{
    Condition, Function, List, Local, Matcher, Occurrence, PersonLeaf, Predicate, Tree, Type, Which,
};
use std::borrow::Cow;
use std::cell::OnceCell;

/// A person's rows, those ahead too, and the instant asked about.
pub(crate) struct Scan<'a> {
    rows: &'a [Event],
    n_visible: usize,
    user_id: Option<&'a Text>,
    seat: Ordinal,
    names: &'a [Identifier],
    parties: &'a Parties,
    at: i64,
    horizon: Horizon,
    /// Their zone, once it was asked for.
    theirs: OnceCell<Option<Zone>>,
}

/// The order in which calls of the first and of third parties decide on an attribute.
pub(crate) type Weight = (Party, Timestamp, EventId);

impl<'a> Scan<'a> {
    /// The person at an instant; rows lie in canonical order.
    pub(crate) fn new(
        rows: &'a [Event],
        user_id: Option<&'a Text>,
        parties: &'a Parties,
        at: i64,
    ) -> Scan<'a> {
        let n_visible = rows.partition_point(|row| row.when.millis() <= at);
        let horizon = Horizon::default();
        if let Some(ahead) = rows.get(n_visible) {
            horizon.note(ahead.when.millis());
        }
        let (seat, names) = (Ordinal(0), &[][..]);
        let theirs = OnceCell::new();
        Scan { rows, n_visible, user_id, seat, names, parties, at, horizon, theirs }
    }

    /// The same person with a number, and with all names.
    pub(crate) fn called(self, seat: Ordinal, names: &'a [Identifier]) -> Scan<'a> {
        Scan { seat, names, ..self }
    }

    pub(crate) fn at(&self) -> i64 {
        self.at
    }

    /// The visible rows.
    fn visible(&self) -> &'a [Event] {
        &self.rows[..self.n_visible]
    }

    /// Whether a predicate holds, and until when that stays.
    pub(crate) fn decide(&self, predicate: &Predicate) -> bool {
        match predicate {
            Predicate::Did(occurrence) => self.did(occurrence),
            Predicate::Pattern(pattern) => self.pattern(pattern),
            Predicate::Is(test) => judge(test, self, self.at, test_moves(test)),
            Predicate::InAudience(audience) => self.fulfils(&audience.condition),
            // One person's rows do not tell; nobody asks them.
            Predicate::Ranked(_) => false,
            Predicate::Consent { purpose } => self.consents(purpose),
            Predicate::Drawn(draw) => drawn(draw, self.seat),
            Predicate::Listed(list) => self.is_listed(list),
        }
    }

    /// Whether a condition holds.
    pub(crate) fn fulfils(&self, condition: &Condition) -> bool {
        match condition {
            Tree::All(parts) => parts.iter().all(|part| self.fulfils(part)),
            Tree::Any(parts) => parts.iter().any(|part| self.fulfils(part)),
            Tree::Not(inner) => !self.fulfils(inner),
            Tree::Leaf(predicate) => self.decide(predicate),
        }
    }

    fn did(&self, occurrence: &Occurrence) -> bool {
        let mut count = 0;
        self.each_inside(&occurrence.windows, &mut |row| {
            count += u64::from(super::row::fits(
                super::row::Row::of(row),
                &occurrence.matcher,
                Some(self),
            ));
        });
        occurrence.count.contains(count)
    }

    fn is_listed(&self, list: &List) -> bool {
        self.names.iter().any(|name| {
            let written = format!("{}:{}", name.namespace, name.value);
            list.elements.contains_key(&*written)
        })
    }

    fn consents(&self, purpose: &str) -> bool {
        let decisions = self.visible().iter().filter_map(|row| match &row.body {
            Body::Consent { purpose: of, granted, expires } if **of == *purpose => {
                Some(((row.when, row.id), *granted, *expires))
            }
            _ => None,
        });
        let Some((_, granted, expires)) = decisions.max_by_key(|decision| decision.0) else {
            return false;
        };
        let end = expires.map_or(super::eval::NEVER, Timestamp::millis);
        if granted {
            self.horizon.note_after(self.at, end);
        }
        granted && self.at < end
    }

    fn attribute(&self, path: &Path, declared: Option<Type>) -> Cow<'_, Value> {
        let Some(Step::Key(key)) = path.steps().first() else { return Cow::Owned(Value::Null) };
        let said = self.visible().iter().filter_map(|row| match &row.body {
            Body::Identify { traits } if traits.get(key).is_some() => Some((row, traits)),
            _ => None,
        });
        said.max_by_key(|(row, _)| weight(row, self.parties))
            .map_or(Cow::Owned(Value::Null), |(_, traits)| declared_at(traits, path, declared))
    }

    /// The person's zone, looked for once.
    fn theirs(&self) -> Option<&Zone> {
        self.theirs.get_or_init(|| self.told_zone()).as_ref()
    }

    /// The zone that the person's attribute names, unless it names none.
    fn told_zone(&self) -> Option<Zone> {
        let name = self.attribute(&Path::key("timezone"), None);
        name.as_text().and_then(|name| Zone::named(name).ok())
    }

    fn group(&self) -> Cow<'_, Value> {
        let said = self.visible().iter().filter_map(|row| match &row.body {
            Body::Group { group_id, .. } => Some((row, group_id)),
            _ => None,
        });
        said.max_by_key(|(row, _)| weight(row, self.parties))
            .map_or(Cow::Owned(Value::Null), |(_, id)| Cow::Owned(Value::Text(id.clone())))
    }

    /// The first or last visible event that fits.
    fn anchor_row(&self, which: Which, matcher: &Matcher) -> Option<&'a Event> {
        let mut rows = self.visible().iter();
        let fits = |row: &&Event| super::row::fits(super::row::Row::of(row), matcher, Some(self));
        match which {
            Which::First => rows.find(fits),
            Which::Last => rows.rev().find(fits),
        }
    }
}

/// How much a call weighs in what is known about its person.
pub(crate) fn weight(row: &Event, parties: &Parties) -> Weight {
    (parties.of(&row.source), row.when, row.id)
}

/// What an `identify` call says about an attribute; nothing if it does not name it.
pub(crate) fn said(row: &Event, path: &Path, declared: Option<Type>) -> Option<Value> {
    let Body::Identify { traits } = &row.body else { return None };
    let named = !matches!(path.steps().first(), Some(Step::Key(key)) if traits.get(key).is_none());
    named.then(|| declared_at(traits, path, declared).into_owned())
}

impl Leaves<PersonLeaf> for Scan<'_> {
    fn read<'v>(&'v self, leaf: &'v PersonLeaf) -> Cow<'v, Value> {
        let instant = |row: Option<&Event>| {
            Cow::Owned(row.map_or(Value::Null, |row| Value::Instant(row.when)))
        };
        match leaf {
            PersonLeaf::Attribute { path, declared } => self.attribute(path, *declared),
            PersonLeaf::GroupId => self.group(),
            PersonLeaf::UserId => {
                Cow::Owned(self.user_id.map_or(Value::Null, |id| Value::Text(id.clone())))
            }
            PersonLeaf::FirstSeen => instant(self.visible().first()),
            PersonLeaf::LastSeen => instant(self.visible().last()),
            PersonLeaf::Aggregate(aggregate) => Cow::Owned(self.aggregate(aggregate)),
            PersonLeaf::Score(score) => Cow::Owned(self.score(score)),
        }
    }

    fn over<'v>(&'v self, leaf: &'v PersonLeaf, span: Span) -> Over<'v> {
        match leaf {
            PersonLeaf::Aggregate(aggregate) if leaf.moves() => self.moving(aggregate, span),
            _ => Over::Is(self.read(leaf)),
        }
    }

    fn moves(&self, leaf: &PersonLeaf) -> bool {
        leaf.moves()
    }

    fn half_life_ms(&self, leaf: &PersonLeaf) -> Option<i64> {
        match leaf {
            PersonLeaf::Aggregate(of) => match of.function {
                Function::Decayed { half_life_ms } => Some(half_life_ms),
                _ => None,
            },
            _ => None,
        }
    }

    fn anchor(&self, which: Which, matcher: &Matcher) -> Option<Timestamp> {
        self.anchor_row(which, matcher).map(|row| row.when)
    }

    fn zone<'v>(&'v self, local: &'v Local) -> &'v Zone {
        match local {
            Local::In(zone) => zone,
            Local::Theirs(common) => self.theirs().unwrap_or(common),
        }
    }

    fn asked(&self, predicate: &Predicate) -> bool {
        self.decide(predicate)
    }

    fn horizon(&self) -> &Horizon {
        &self.horizon
    }
}
