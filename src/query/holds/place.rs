//! Where leaves are read: a person at an instant, or one of their events.

use super::super::Person;
use super::super::predicate::{PersonLeaf, RowLeaf, Type};
use super::{aggregate, attribute, calendar, path, typed};
use crate::model::{Event, Object, Path, Timestamp, Value};

/// Something that leaves `L` are read of.
pub(crate) trait Place<L> {
    /// The value of the leaf.
    fn read(&self, leaf: &L) -> Value;

    /// The person, and the instant asked about.
    fn seen(&self) -> Seen<'_>;
}

/// A person at an instant. Whatever is read of them is read through here, so
/// nothing dated later can be seen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) person: Person<'a>,
    pub(crate) now: Timestamp,
}

/// An event of a person, and the array element in it that is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    pub(crate) seen: Seen<'a>,
    pub(crate) event: &'a Event,
    /// The innermost array element that is an object: bare names are its fields.
    object: Option<&'a Object>,
    /// What the walk through the arrays led to.
    element: Option<&'a Value>,
}

impl<'a> Seen<'a> {
    /// Every visible call, in canonical order.
    pub(crate) fn calls(self) -> impl Iterator<Item = &'a Event> {
        self.person.events.iter().filter(move |call| call.when <= self.now)
    }

    /// The same person at another instant.
    pub(crate) fn as_of(self, now: Timestamp) -> Seen<'a> {
        Seen { now, ..self }
    }

    /// Every visible event: identify, group, alias and consent are none.
    pub(crate) fn events(self) -> impl Iterator<Item = &'a Event> {
        self.calls().filter(|call| call.name().is_some())
    }
}

impl<'a> Row<'a> {
    /// The event as a whole.
    pub(crate) fn of(seen: Seen<'a>, event: &'a Event) -> Row<'a> {
        Row { seen, event, object: None, element: None }
    }

    /// The same event, read at another instant.
    pub(crate) fn as_of(self, now: Timestamp) -> Row<'a> {
        Row { seen: self.seen.as_of(now), ..self }
    }

    /// The same event, inside an element of an array.
    pub(super) fn inside(self, element: &'a Value) -> Row<'a> {
        match element {
            Value::Object(object) => Row { object: Some(object), ..self },
            _ => self,
        }
    }

    /// The same event, at the end of the walk.
    pub(super) fn at_element(self, element: &'a Value) -> Row<'a> {
        Row { element: Some(element), ..self }
    }

    fn property(&self, of: Option<&Object>, path: &Path, declared: Option<Type>) -> Value {
        typed::read(path::of_object(of, path.steps()), declared)
    }

    /// A property called `context` hides the context of the call.
    fn context(&self, path: &Path) -> Value {
        let hiding = self.event.body.properties().and_then(|all| all.get("context"));
        match hiding.filter(|value| !value.is_null()) {
            Some(property) => path::of(property, path.steps()),
            None => path::of_object(Some(&self.event.context), path.steps()),
        }
    }
}

impl Place<PersonLeaf> for Seen<'_> {
    fn read(&self, leaf: &PersonLeaf) -> Value {
        let whens = || self.calls().map(|call| call.when);
        match leaf {
            PersonLeaf::Attribute { path, declared } => {
                typed::read(attribute::attribute(path, *self), *declared)
            }
            PersonLeaf::GroupId => attribute::group(*self),
            PersonLeaf::UserId => self.person.user_id.cloned().map_or(Value::Null, Value::Text),
            PersonLeaf::FirstSeen => whens().min().map_or(Value::Null, Value::Instant),
            PersonLeaf::LastSeen => whens().max().map_or(Value::Null, Value::Instant),
            PersonLeaf::Aggregate(of) => aggregate::aggregate(of, *self),
            PersonLeaf::Score(of) => super::score::score(of, *self),
        }
    }

    fn seen(&self) -> Seen<'_> {
        *self
    }
}

impl Place<RowLeaf> for Row<'_> {
    fn read(&self, leaf: &RowLeaf) -> Value {
        let properties = self.event.body.properties();
        match leaf {
            RowLeaf::Property { path, declared } => {
                self.property(self.object.or(properties), path, *declared)
            }
            RowLeaf::Enclosing { path, declared } => self.property(properties, path, *declared),
            RowLeaf::Element { declared } => {
                typed::read(self.element.map_or(Value::Null, path::known), *declared)
            }
            RowLeaf::Context { path } => self.context(path),
            RowLeaf::When => Value::Instant(self.event.when),
            RowLeaf::Local { of, first_day, zone } => Value::Date(calendar::began(
                *of,
                *first_day,
                calendar::day_of(&self.seen.zone(zone), self.event.when),
            )),
            RowLeaf::Received => Value::Instant(self.event.received),
            RowLeaf::Channel => self.event.channel.clone().map_or(Value::Null, Value::Text),
            RowLeaf::Source => Value::Text(self.event.source.clone()),
            RowLeaf::CallType => Value::Text(self.event.body.kind().name().into()),
            RowLeaf::Person(leaf) => self.seen.read(leaf),
        }
    }

    fn seen(&self) -> Seen<'_> {
        self.seen
    }
}
