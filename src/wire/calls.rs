//! Calls as they come in: what kinds there are, and what a sender need not say.

use crate::lang::nearest;
use crate::model::{Call, CallKind, Object, Text, Timestamp};
use std::fmt;

/// One call of a sender, checked.
///
/// ```
/// use throng::wire::{Defaults, Incoming, calls_of_json};
/// let read = |line: &str| calls_of_json(line.as_bytes(), &Defaults::file("import")).unwrap();
/// assert!(matches!(read(r#"{"type":"page","userId":"u1"}"#), Incoming::Call(_)));
/// assert!(matches!(read(r#"{"type":"forget","userId":"u1"}"#), Incoming::Forget(_)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incoming {
    /// A fact.
    Call(Call),
    /// A wish to be forgotten.
    Forget(Forget),
}

/// A `forget` call.
///
/// ```
/// use throng::wire::{Defaults, Incoming, calls_of_json};
/// let line = br#"{"type":"forget","userId":"u1","suppress":true}"#;
/// let Ok(Incoming::Forget(forget)) = calls_of_json(line, &Defaults::file("import")) else { panic!() };
/// assert_eq!((forget.names.user_id.as_deref(), forget.suppress), (Some("u1"), true));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forget {
    /// Whom it names, as an `identify` call that says nothing else: the policy
    /// of identity reads names from it as from any call.
    pub names: Call,
    /// Whether facts dated later are refused too.
    pub suppress: bool,
}

/// What a call on the wire may be.
///
/// ```
/// use throng::{model::CallKind, wire::Verb};
/// assert_eq!(Verb::named("track"), Ok(Verb::Call(CallKind::Track)));
/// assert_eq!(Verb::Forget.name(), "forget");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// A fact of that kind.
    Call(CallKind),
    /// A wish to be forgotten.
    Forget,
}

/// A word that is no [`Verb`].
///
/// ```
/// use throng::wire::Verb;
/// let unknown = Verb::named("trak").unwrap_err();
/// assert_eq!(unknown.nearest, Some("track"));
/// assert_eq!(unknown.to_string(), "no call has the type `trak`, did you mean `track`?");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownVerb {
    /// The word.
    pub given: String,
    /// The verb that looks most like it.
    pub nearest: Option<&'static str>,
}

const VERBS: [(&str, &str, Verb); 8] = [
    ("track", "t", Verb::Call(CallKind::Track)),
    ("identify", "i", Verb::Call(CallKind::Identify)),
    ("page", "p", Verb::Call(CallKind::Page)),
    ("screen", "s", Verb::Call(CallKind::Screen)),
    ("group", "g", Verb::Call(CallKind::Group)),
    ("alias", "a", Verb::Call(CallKind::Alias)),
    ("consent", "consent", Verb::Call(CallKind::Consent)),
    ("forget", "forget", Verb::Forget),
];

impl Verb {
    /// The verb of that name, as `type` says it.
    pub fn named(name: &str) -> Result<Verb, UnknownVerb> {
        match VERBS.iter().find(|(long, _, _)| *long == name) {
            Some((_, _, verb)) => Ok(*verb),
            None => Err(UnknownVerb {
                given: name.chars().take(40).collect(),
                nearest: nearest(name, VERBS.iter().map(|(long, _, _)| (*long, 0))),
            }),
        }
    }

    /// The verb of a path: its name, or the one letter that browsers send.
    ///
    /// ```
    /// use throng::{model::CallKind, wire::Verb};
    /// assert_eq!(Verb::of_path("t"), Verb::of_path("track"));
    /// assert_eq!(Verb::of_path("i"), Some(Verb::Call(CallKind::Identify)));
    /// assert_eq!(Verb::of_path("x"), None);
    /// ```
    pub fn of_path(word: &str) -> Option<Verb> {
        let found = VERBS.iter().find(|(long, short, _)| *long == word || *short == word);
        found.map(|(_, _, verb)| *verb)
    }

    /// The name, as `type` says it.
    pub fn name(self) -> &'static str {
        match self {
            Verb::Call(kind) => kind.name(),
            Verb::Forget => "forget",
        }
    }
}

/// What holds for a call unless it says otherwise.
///
/// ```
/// use throng::{model::CallKind, wire::{Defaults, Incoming, Verb, calls_of_json}};
/// let tracks = Defaults { verb: Some(Verb::Call(CallKind::Track)), ..Defaults::file("shop") };
/// let body = br#"{"event":"order","userId":"u1"}"#;
/// let Ok(Incoming::Call(call)) = calls_of_json(body, &tracks) else { panic!() };
/// assert_eq!((call.body.kind(), &*call.source), (CallKind::Track, "shop"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// Which source sends it.
    pub source: Text,
    /// Whether a text `source` in the call is believed: in files, which we may
    /// have written ourselves, never from a sender that has a key of its own.
    pub trusts_source: bool,
    /// What it is, if it has no `type`: an endpoint knows.
    pub verb: Option<Verb>,
    /// Whether it may be nothing else: a path that says `track` and a body that
    /// says `identify` mean two different things.
    pub only: bool,
    /// When it was received: what a sender's clock is corrected by. Without it
    /// `timestamp` is taken as it is.
    pub received: Option<Timestamp>,
    /// When it was sent, if it does not say so itself.
    pub sent_at: Option<Timestamp>,
    /// Context that lies under the call's own.
    pub context: Object,
    /// Integrations that lie under the call's own.
    pub integrations: Object,
}

impl Defaults {
    /// For calls of a file: times stand as they are written.
    pub fn file(source: impl Into<Text>) -> Defaults {
        Defaults {
            source: source.into(),
            trusts_source: true,
            verb: None,
            only: false,
            received: None,
            sent_at: None,
            context: Object::default(),
            integrations: Object::default(),
        }
    }

    /// For calls of a request: the sender's clock is corrected.
    ///
    /// ```
    /// use throng::wire::{Defaults, Incoming, calls_of_json};
    /// // The sender's clock is an hour ahead, as it says itself.
    /// let received = "2026-03-01T12:00:00Z".parse().unwrap();
    /// let body = br#"{"type":"page","userId":"u1","timestamp":"2026-03-01T12:59:00Z",
    ///                 "sentAt":"2026-03-01T13:00:00Z"}"#;
    /// let Ok(Incoming::Call(call)) = calls_of_json(body, &Defaults::request("web", received)) else { panic!() };
    /// assert_eq!(call.when, Some("2026-03-01T11:59:00Z".parse().unwrap()));
    /// ```
    pub fn request(source: impl Into<Text>, received: Timestamp) -> Defaults {
        let file = Defaults::file(source);
        Defaults { trusts_source: false, received: Some(received), ..file }
    }
}

impl fmt::Display for UnknownVerb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no call has the type `{}`", self.given)?;
        self.nearest.map_or(Ok(()), |nearest| write!(f, ", did you mean `{nearest}`?"))
    }
}

impl std::error::Error for UnknownVerb {}
