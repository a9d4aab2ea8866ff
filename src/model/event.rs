//! Events: accepted calls as a timeline holds them.

use super::{Body, EventId, IdentifierNumber, Object, Text, Timestamp};
use std::cmp::Ordering;

/// An accepted call in a timeline: what happened, when, and under which identifier.
///
/// ```
/// use throng::model::{Body, Event, EventId, IdentifierNumber, Object, Timestamp};
/// let event = Event {
///     when: Timestamp::EPOCH,
///     received: Timestamp::EPOCH,
///     ord: 0,
///     id: EventId(1),
///     origin: IdentifierNumber(1),
///     source: "web".into(),
///     channel: None,
///     body: Body::Track { event: "order".into(), properties: Object::default() },
///     context: Object::default(),
/// };
/// assert_eq!(event.name(), Some("order"));
/// let next = Event { ord: 1, ..event.clone() };
/// assert!(event.canonical(&next).is_lt());
/// assert!(event.key() < next.key());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When it happened.
    pub when: Timestamp,
    /// When it was committed.
    pub received: Timestamp,
    /// The sender's own sequence among calls of one instant.
    pub ord: i64,
    /// Its id.
    pub id: EventId,
    /// The identifier that it came under: the anchor of the call.
    pub origin: IdentifierNumber,
    /// Which source sent it.
    pub source: Text,
    /// The channel at the top of the call.
    pub channel: Option<Text>,
    /// What the call says.
    pub body: Body,
    /// The context of the call.
    pub context: Object,
}

/// Which stream a row belongs to: all events of one name, or all calls of a
/// kind that is no event.
///
/// ```
/// use throng::model::{Body, Object, Stream};
/// let body = Body::Track { event: "order".into(), properties: Object::default() };
/// assert_eq!(body.stream(), Stream::Events("order".into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stream {
    /// Events of that name: `track` by its name, `page` and `screen` by theirs.
    Events(Text),
    /// Attribute history.
    Identify,
    /// Group membership.
    Group,
    /// User ids that followed one another.
    Alias,
    /// Consent history.
    Consent,
}

impl Event {
    /// The order of a person's events: when, then the sender's sequence, then the id.
    pub fn canonical(&self, other: &Event) -> Ordering {
        self.key().cmp(&other.key())
    }

    /// What [`Event::canonical`] compares.
    pub fn key(&self) -> (Timestamp, i64, EventId) {
        (self.when, self.ord, self.id)
    }

    /// The name of the event, if the call is one: identify, group, alias and consent are not.
    pub fn name(&self) -> Option<&str> {
        self.body.event_name()
    }
}

/// The name that a `page` call's event has.
pub const PAGE_VIEW: &str = "page_view";
/// The name that a `screen` call's event has.
pub const SCREEN_VIEW: &str = "screen_view";

impl Body {
    /// The name of the event, if the call is one.
    pub fn event_name(&self) -> Option<&str> {
        match self {
            Body::Track { event, .. } => Some(event),
            Body::Page { .. } => Some(PAGE_VIEW),
            Body::Screen { .. } => Some(SCREEN_VIEW),
            _ => None,
        }
    }

    /// The stream that rows of this call lie in.
    ///
    /// ```
    /// use throng::model::{Body, Object, Stream};
    /// let seen = Body::Page { properties: Object::default() };
    /// assert_eq!(seen.stream(), Stream::Events("page_view".into()));
    /// assert_eq!(Body::Alias { previous: "old".into() }.stream(), Stream::Alias);
    /// ```
    pub fn stream(&self) -> Stream {
        match self {
            Body::Track { event, .. } => Stream::Events(event.clone()),
            Body::Page { .. } => Stream::Events(PAGE_VIEW.into()),
            Body::Screen { .. } => Stream::Events(SCREEN_VIEW.into()),
            Body::Identify { .. } => Stream::Identify,
            Body::Group { .. } => Stream::Group,
            Body::Alias { .. } => Stream::Alias,
            Body::Consent { .. } => Stream::Consent,
        }
    }

    /// The properties of an event, if the call is one.
    ///
    /// ```
    /// use throng::model::{Body, Object};
    /// let properties = Object::new(vec![("total".into(), 120.into())]).unwrap();
    /// let order = Body::Track { event: "order".into(), properties: properties.clone() };
    /// assert_eq!(order.properties(), Some(&properties));
    /// assert_eq!(Body::Alias { previous: "old".into() }.properties(), None);
    /// ```
    pub fn properties(&self) -> Option<&Object> {
        match self {
            Body::Track { properties, .. }
            | Body::Page { properties }
            | Body::Screen { properties } => Some(properties),
            _ => None,
        }
    }
}
