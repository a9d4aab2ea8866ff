//! Leaves of an event, and whether it fits a matcher.

use super::super::eval::{
    Horizon, Leaves, Moves, Over, Span, judge, period_begun, test_moves, today,
};
use super::super::scan::Scan;
use super::declared::declared;
use super::path::{declared_at, walk};
use crate::model::{Event, Object, Timestamp, Value, Zone};
use crate::query::predicate::{Filter, Local, Matcher, Predicate, RowLeaf, Tree, Which};
use std::borrow::Cow;

/// An event, or an element inside it.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    pub(crate) event: &'a Event,
    /// What `items` leads to.
    pub(crate) element: Option<&'a Value>,
    /// The innermost element that is an object.
    pub(crate) object: Option<&'a Object>,
}

/// A row as a filter reads it, with its person where the filter names one.
pub(crate) struct RowSource<'a> {
    row: Row<'a>,
    person: Option<&'a Scan<'a>>,
    horizon: Horizon,
}

impl<'a> Row<'a> {
    /// The event itself.
    pub(crate) fn of(event: &'a Event) -> Row<'a> {
        Row { event, element: None, object: None }
    }

    fn fields(self) -> Option<&'a Object> {
        self.object.or_else(|| self.event.body.properties())
    }
}

impl<'a> RowSource<'a> {
    pub(crate) fn new(row: Row<'a>, person: Option<&'a Scan<'a>>) -> RowSource<'a> {
        RowSource { row, person, horizon: Horizon::default() }
    }

    /// The instant asked about; a filter that does not move has the same answer at any.
    pub(crate) fn at(&self) -> i64 {
        self.person.map_or(self.row.event.when.millis(), |person| person.at())
    }

    /// What moved in the row moves the person's answer.
    pub(crate) fn pass_horizon(&self) {
        if let Some(person) = self.person {
            person.horizon().note(self.horizon.get());
        }
    }

    /// A known property called `context` hides the context of the call.
    fn context<'v>(&'v self, path: &crate::model::Path) -> Cow<'v, Value> {
        let event = self.row.event;
        let hiding = event.body.properties().and_then(|properties| properties.get("context"));
        match hiding.filter(|value| !value.is_null()) {
            Some(hiding) => declared(walk(hiding, path.steps()), None),
            None => declared_at(&event.context, path, None),
        }
    }
}

impl Leaves<RowLeaf> for RowSource<'_> {
    fn read<'v>(&'v self, leaf: &'v RowLeaf) -> Cow<'v, Value> {
        let event = self.row.event;
        let missing = Cow::Owned(Value::Null);
        match leaf {
            RowLeaf::Property { path, declared } => {
                self.row.fields().map_or(missing, |fields| declared_at(fields, path, *declared))
            }
            RowLeaf::Enclosing { path, declared } => event
                .body
                .properties()
                .map_or(missing, |fields| declared_at(fields, path, *declared)),
            RowLeaf::Element { declared: kind } => {
                self.row.element.map_or(missing, |value| declared(Cow::Borrowed(value), *kind))
            }
            RowLeaf::Context { path } => self.context(path),
            RowLeaf::When => Cow::Owned(Value::Instant(event.when)),
            RowLeaf::Local { of, first_day, zone } => {
                let day =
                    period_begun(*of, *first_day, today(self.zone(zone), event.when.millis()));
                Cow::Owned(Value::Date(day))
            }
            RowLeaf::Received => Cow::Owned(Value::Instant(event.received)),
            RowLeaf::Channel => {
                event.channel.clone().map_or(missing, |channel| Cow::Owned(Value::Text(channel)))
            }
            RowLeaf::Source => Cow::Owned(Value::Text(event.source.clone())),
            RowLeaf::CallType => Cow::Owned(Value::Text(event.body.kind().name().into())),
            RowLeaf::Person(leaf) => self.person.map_or(missing, |person| person.read(leaf)),
        }
    }

    fn over<'v>(&'v self, leaf: &'v RowLeaf, span: Span) -> Over<'v> {
        match (leaf, self.person) {
            (RowLeaf::Person(leaf), Some(person)) => person.over(leaf, span),
            _ => Over::Is(self.read(leaf)),
        }
    }

    fn moves(&self, leaf: &RowLeaf) -> bool {
        leaf.moves()
    }

    fn anchor(&self, which: Which, matcher: &Matcher) -> Option<Timestamp> {
        self.person.and_then(|person| person.anchor(which, matcher))
    }

    fn zone<'v>(&'v self, local: &'v Local) -> &'v Zone {
        self.person.map_or(local.common(), |person| person.zone(local))
    }

    fn asked(&self, predicate: &Predicate) -> bool {
        self.person.is_some_and(|person| person.decide(predicate))
    }

    fn horizon(&self) -> &Horizon {
        &self.horizon
    }
}

/// Whether a row fits at least one of a matcher's filters.
pub(crate) fn fits(row: Row<'_>, matcher: &Matcher, person: Option<&Scan<'_>>) -> bool {
    let Some(name) = row.event.name() else { return false };
    matcher.0.iter().any(|one| {
        one.name.as_ref().is_none_or(|wanted| **wanted == *name)
            && one.filter.as_ref().is_none_or(|filter| passes(row, filter, person))
    })
}

fn passes(row: Row<'_>, filter: &Filter, person: Option<&Scan<'_>>) -> bool {
    match filter {
        Tree::All(parts) => parts.iter().all(|part| passes(row, part, person)),
        Tree::Any(parts) => parts.iter().any(|part| passes(row, part, person)),
        Tree::Not(inner) => !passes(row, inner, person),
        Tree::Leaf(test) => {
            let source = RowSource::new(row, person);
            let moves = person.is_some() && test_moves(test);
            let answer = judge(test, &source, source.at(), moves);
            source.pass_horizon();
            answer
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Body, EventId, IdentifierNumber, Path};

    fn object(key: &str, value: Value) -> Object {
        Object::new(vec![(key.into(), value)]).unwrap()
    }

    /// What a row with that property reads of a context that says `spring`.
    fn season_beside(property: Value) -> Value {
        let event = Event {
            when: Timestamp::EPOCH,
            received: Timestamp::EPOCH,
            ord: 0,
            id: EventId(1),
            origin: IdentifierNumber(1),
            source: "web".into(),
            channel: None,
            body: Body::Track { event: "view".into(), properties: object("context", property) },
            context: object("season", Value::text("spring")),
        };
        let leaf = RowLeaf::Context { path: Path::key("season") };
        RowSource::new(Row::of(&event), None).read(&leaf).into_owned()
    }

    #[test]
    fn a_property_called_context_hides_the_context_unless_it_is_null() {
        assert_eq!(season_beside(Value::text("own")), Value::Null);
        assert_eq!(season_beside(Value::Null), Value::text("spring"));
    }
}
