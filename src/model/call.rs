//! Calls: what a sender says, checked once at the door.

use super::{EventId, Object, Text, Timestamp};

/// One call of a sender, after the wire has checked it.
///
/// Whom it names is read from it by the policy of identity, so it keeps every
/// part that a policy may point at.
///
/// ```
/// use throng::model::{Body, Call, EventId, Object};
/// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
/// call.user_id = Some("u-1".into());
/// call.when = Some("2026-03-01T12:00:00Z".parse()?);
/// call.id = Some(EventId::of_message("web", "o-1"));
/// assert_eq!(call.body.kind().name(), "track");
/// # Ok::<(), throng::model::TimestampError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Call {
    /// What it says.
    pub body: Body,
    /// The sender's id of it; without one a resend counts twice.
    pub id: Option<EventId>,
    /// When it happened, by the sender's corrected clock; without it, when it was committed.
    pub when: Option<Timestamp>,
    /// The sender's own sequence among calls of one instant.
    pub ord: i64,
    /// Which source sent it.
    pub source: Text,
    /// The channel at the top of the call.
    pub channel: Option<Text>,
    /// `userId`.
    pub user_id: Option<Text>,
    /// `anonymousId`.
    pub anonymous_id: Option<Text>,
    /// `context`.
    pub context: Object,
    /// Keys at the top of the call that have no meaning of their own.
    pub extra: Object,
}

/// What a call says, by its kind.
///
/// ```
/// use throng::model::{Body, Object};
/// let traits = Object::new(vec![("plan".into(), "gold".into())]).unwrap();
/// assert_eq!(Body::Identify { traits }.event_name(), None);
/// assert_eq!(Body::Page { properties: Object::default() }.event_name(), Some("page_view"));
/// assert_eq!(Body::Page { properties: Object::default() }.kind().name(), "page");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Body {
    /// Something happened.
    Track {
        /// The event's name.
        event: Text,
        /// Its properties.
        properties: Object,
    },
    /// A page was seen: the event `page_view`.
    Page {
        /// Its properties, `name` among them.
        properties: Object,
    },
    /// A screen was seen: the event `screen_view`.
    Screen {
        /// Its properties, `name` among them.
        properties: Object,
    },
    /// What is known about the person.
    Identify {
        /// The attributes that it sets; `null` unsets.
        traits: Object,
    },
    /// The person belongs to a group.
    Group {
        /// Which.
        group_id: Text,
        /// What is known about the group.
        traits: Object,
    },
    /// One user id follows another.
    Alias {
        /// `previousId`.
        previous: Text,
    },
    /// The person allows or forbids a purpose.
    Consent {
        /// For what.
        purpose: Text,
        /// Whether it is allowed.
        granted: bool,
        /// Until when the grant holds.
        expires: Option<Timestamp>,
    },
}

/// The kind of a call.
///
/// ```
/// use throng::model::{Body, Call, CallKind};
/// let call = Call::new("crm", Body::Alias { previous: "old".into() });
/// assert_eq!((call.body.kind(), call.body.kind().name()), (CallKind::Alias, "alias"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names are the wire's")]
pub enum CallKind {
    Track,
    Page,
    Screen,
    Identify,
    Group,
    Alias,
    Consent,
}

impl Call {
    /// A call of that body from that source, naming nobody yet.
    pub fn new(source: impl Into<Text>, body: Body) -> Call {
        Call {
            body,
            id: None,
            when: None,
            ord: 0,
            source: source.into(),
            channel: None,
            user_id: None,
            anonymous_id: None,
            context: Object::default(),
            extra: Object::default(),
        }
    }
}

impl Body {
    /// The kind of call that says this.
    pub fn kind(&self) -> CallKind {
        match self {
            Body::Track { .. } => CallKind::Track,
            Body::Page { .. } => CallKind::Page,
            Body::Screen { .. } => CallKind::Screen,
            Body::Identify { .. } => CallKind::Identify,
            Body::Group { .. } => CallKind::Group,
            Body::Alias { .. } => CallKind::Alias,
            Body::Consent { .. } => CallKind::Consent,
        }
    }
}

impl CallKind {
    /// The kind as the wire writes it.
    pub fn name(self) -> &'static str {
        match self {
            CallKind::Track => "track",
            CallKind::Page => "page",
            CallKind::Screen => "screen",
            CallKind::Identify => "identify",
            CallKind::Group => "group",
            CallKind::Alias => "alias",
            CallKind::Consent => "consent",
        }
    }
}
