//! Who is in one standing audience, at the moment at which it was asked for.

use super::QueryError;
use super::members::kept;
use crate::index::Seats;
use crate::lang::nearest;
use crate::model::{Identifier, Ordinal, ProfileId, Timestamp};
use crate::query::{Reference, predicate};
use crate::state::View;
use std::fmt;
use std::sync::Arc;

/// A standing audience as of one moment: what comes later does not change it.
///
/// ```
/// use throng::engine::Throng;
/// use throng::model::{Body, Call, Object};
/// let throng = Throng::temporary()?;
/// throng.query("declare event order; create audience buyers is people who did order")?;
/// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
/// call.user_id = Some("u-1".into());
/// throng.ingest(vec![call])?;
///
/// let buyers = throng.audience("buyers")?;
/// assert_eq!((buyers.name(), buyers.version(), buyers.len()), ("buyers", 1, 1));
/// assert_eq!(buyers.definition(), "create audience buyers is\n  people who did order");
/// assert!(!buyers.is_empty() && buyers.at() == throng.audience("buyers")?.at());
///
/// assert!(buyers.contains_called("user_id:u-1")?);
/// assert!(!buyers.contains_called("user_id:u-2")?);
/// for profile in buyers.members() {
///     assert!(buyers.contains(profile));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Audience {
    view: View,
    audience: Arc<predicate::Audience>,
    members: Seats,
}

impl Audience {
    pub(super) fn of(view: View, name: &str) -> Result<Audience, QueryError> {
        let audience = known(&view, name)?.clone();
        let members = kept(&view, &audience)?.clone();
        Ok(Audience { view, audience, members })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.audience.name
    }

    /// How often it has been defined, from 1.
    pub fn version(&self) -> u32 {
        self.audience.version
    }

    /// Its definition, as the language lays it out.
    pub fn definition(&self) -> &str {
        let mut entries = self.view.catalog().audience_entries();
        let own = entries.find(|entry| entry.audience.name == self.audience.name);
        own.map_or("", |entry| &entry.definition.text)
    }

    /// Whether its changes are not announced for now. Its members are exact all the same.
    ///
    /// ```
    /// use throng::engine::Throng;
    /// let throng = Throng::temporary()?;
    /// throng.query("create audience visitors is everyone; pause audience visitors")?;
    /// assert!(throng.audience("visitors")?.is_paused());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_paused(&self) -> bool {
        let entry = self.view.catalog().audience_entry(&self.audience.name);
        entry.is_some_and(|entry| entry.paused)
    }

    /// The time of the last commit that it shows.
    pub fn at(&self) -> Timestamp {
        self.view.at()
    }

    /// How many people are in it.
    pub fn len(&self) -> u64 {
        self.members.len()
    }

    /// Whether nobody is in it.
    pub fn is_empty(&self) -> bool {
        self.members.len() == 0
    }

    /// Whether a person is in it.
    pub fn contains(&self, profile: ProfileId) -> bool {
        self.members.contains(Ordinal(profile.0))
    }

    /// Whether the person who is called so is in it; whom nobody knows is not.
    /// People are called as in the language: `user_id:u-1`, or `p:15nm7`.
    ///
    /// ```
    /// use throng::engine::Throng;
    /// let throng = Throng::temporary()?;
    /// throng.query("create audience visitors is everyone")?;
    /// let visitors = throng.audience("visitors")?;
    /// assert!(!visitors.contains_called("email:ada@example.org")?);
    /// let slip = visitors.contains_called("emial:ada@example.org").unwrap_err();
    /// assert!(slip.to_string().contains("did you mean `email:ada@example.org`?"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If it is no name of a person: its kind of identifier is not known, or its shape is another.
    pub fn contains_called(&self, called: &str) -> Result<bool, QueryError> {
        let reference = self.reference(called)?;
        Ok(self.view.seat(&reference).is_some_and(|seat| self.members.contains(seat)))
    }

    /// Everyone in it, by the birth of their profiles.
    pub fn members(&self) -> impl Iterator<Item = ProfileId> + '_ {
        self.members.iter().map(|seat| ProfileId(seat.0))
    }

    /// What it was read from.
    #[doc(hidden)]
    pub fn view(&self) -> &View {
        &self.view
    }

    fn reference(&self, called: &str) -> Result<Reference, QueryError> {
        let wrong = |why: String| QueryError::NotAPerson { called: called.to_owned(), why };
        if called.starts_with("p:") {
            let profile = called.parse::<ProfileId>();
            return profile
                .map(Reference::Profile)
                .map_err(|_| wrong("a ProfileId is written like `p:15nm7`".to_owned()));
        }
        let identifier = called.parse::<Identifier>().map_err(|error| wrong(error.to_string()))?;
        let known = || self.view.policy().namespaces().map(|namespace| &*namespace.name);
        if known().any(|name| name == &*identifier.namespace) {
            return Ok(Reference::Identifier(identifier));
        }
        let meant = nearest(&identifier.namespace, known().map(|name| (name, 0)));
        Err(wrong(meant.map_or_else(
            || format!("`{}` is no identifier", identifier.namespace),
            |meant| format!("did you mean `{meant}:{}`?", identifier.value),
        )))
    }
}

impl fmt::Debug for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Audience");
        shown.field("name", &self.name()).field("version", &self.version());
        shown.field("at", &self.at()).field("len", &self.len()).finish_non_exhaustive()
    }
}

/// The audience of a name, or the error that names the nearest.
pub(super) fn known<'v>(
    view: &'v View,
    name: &str,
) -> Result<&'v Arc<predicate::Audience>, QueryError> {
    let catalog = view.catalog();
    catalog.audience(name).ok_or_else(|| QueryError::no_audience(catalog, name))
}
