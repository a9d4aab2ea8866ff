//! What facts have shown: events and their properties, attributes, contexts.

use super::Shape;
use crate::model::{Body, Event, Text, Timestamp};
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::sync::Arc;

/// What was seen of one name.
#[derive(Clone, Debug)]
pub struct Use {
    /// How often.
    pub count: u64,
    /// The least event time.
    pub first: Timestamp,
    /// The greatest.
    pub last: Timestamp,
}

/// What was seen of the events of one name.
#[derive(Clone, Debug)]
pub struct EventFacts {
    /// How often, and when.
    pub seen: Use,
    /// Their properties.
    pub properties: Shape,
}

pub(super) type Names<T> = HashMap<Text, T, FixedState>;

/// Everything that facts have shown. Pieces are shared with earlier clones
/// until they change.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub(super) events: Names<Arc<EventFacts>>,
    pub(super) attributes: Arc<Shape>,
    pub(super) context: Arc<Shape>,
    pub(super) sources: Names<Use>,
    pub(super) purposes: Names<Use>,
}

impl Facts {
    /// Notes an accepted call.
    pub fn note(&mut self, event: &Event) {
        seen(&mut self.sources, &event.source, event.when);
        if !event.context.is_empty() {
            Arc::make_mut(&mut self.context).note(&event.context, event.when);
        }
        match &event.body {
            Body::Identify { traits } if !traits.is_empty() => {
                Arc::make_mut(&mut self.attributes).note(traits, event.when);
            }
            Body::Consent { purpose, .. } => seen(&mut self.purposes, purpose, event.when),
            _ => self.note_event(event),
        }
    }

    fn note_event(&mut self, event: &Event) {
        let (Some(name), Some(properties)) = (event.name(), event.body.properties()) else {
            return;
        };
        if let Some(facts) = self.events.get_mut(name) {
            let facts = Arc::make_mut(facts);
            facts.seen.note(event.when);
            facts.properties.note(properties, event.when);
            return;
        }
        let mut facts = EventFacts { seen: Use::once(event.when), properties: Shape::default() };
        facts.properties.note(properties, event.when);
        self.events.insert(name.into(), Arc::new(facts));
    }

    /// Drops every example that this call gave: its person is forgotten.
    pub fn forget(&mut self, event: &Event) {
        Arc::make_mut(&mut self.context).forget(&event.context);
        if let Body::Identify { traits } = &event.body {
            Arc::make_mut(&mut self.attributes).forget(traits);
        }
        if let (Some(name), Some(properties)) = (event.name(), event.body.properties())
            && let Some(facts) = self.events.get_mut(name)
        {
            Arc::make_mut(facts).properties.forget(properties);
        }
    }

    /// What was seen of the events of that name.
    pub fn event(&self, name: &str) -> Option<&EventFacts> {
        self.events.get(name).map(|facts| &**facts)
    }

    /// The names of events that were seen, in no order.
    pub fn events(&self) -> impl Iterator<Item = (&Text, &EventFacts)> {
        self.events.iter().map(|(name, facts)| (name, &**facts))
    }

    /// The attributes that `identify` calls have set.
    pub fn attributes(&self) -> &Shape {
        &self.attributes
    }

    /// What calls have carried as their context.
    pub fn context(&self) -> &Shape {
        &self.context
    }

    /// The sources that were seen, in no order.
    pub fn sources(&self) -> impl Iterator<Item = (&Text, &Use)> {
        self.sources.iter()
    }

    /// The purposes of consent that were seen, in no order.
    pub fn purposes(&self) -> impl Iterator<Item = (&Text, &Use)> {
        self.purposes.iter()
    }
}

impl Use {
    fn once(when: Timestamp) -> Use {
        Use { count: 1, first: when, last: when }
    }

    fn note(&mut self, when: Timestamp) {
        self.count += 1;
        self.first = self.first.min(when);
        self.last = self.last.max(when);
    }
}

fn seen(names: &mut Names<Use>, name: &Text, when: Timestamp) {
    match names.get_mut(name) {
        Some(seen) => seen.note(when),
        None => drop(names.insert(name.clone(), Use::once(when))),
    }
}
