//! Forgetting whom a call names.

use super::request::Change;
use super::{CommitError, CommitTime, Throng};
use crate::identity::{Named, Policy};
use crate::lang::nearest;
use crate::model::{Call, Identifier, Step, Timestamp};
use crate::query::Reference;
use crate::state::{Refused, View};

/// What came of a call that wishes somebody to be forgotten.
///
/// ```
/// use throng::engine::{CommitTime, Forgotten, Throng};
/// use throng::model::{Body, Call, Object};
/// let throng = Throng::temporary()?;
/// let mut call = Call::new("web", Body::Page { properties: Object::default() });
/// call.user_id = Some("u-1".into());
/// assert_eq!(throng.forget(&call, false, CommitTime::Clock)?, Forgotten::Nobody);
/// call.user_id = None;
/// assert!(matches!(throng.forget(&call, false, CommitTime::Clock)?, Forgotten::Refused(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forgotten {
    /// The person was forgotten.
    Person,
    /// Nobody is called so: there was nothing to forget.
    Nobody,
    /// The call says not whom, or says more than a call of its kind may.
    Refused(Refused),
}

/// Keys at the top that any call may have, those of identity aside.
const KEYS: [&str; 10] = [
    "userId",
    "anonymousId",
    "suppress",
    "traits",
    "context",
    "timestamp",
    "messageId",
    "channel",
    "source",
    "type",
];

impl Throng {
    /// Forgets the person whom a call names, with everything dated up to the
    /// commit. The strongest of its identifiers says who it is. With `suppress`
    /// those that nobody has yet are refused from then on as well.
    ///
    /// ```
    /// use throng::engine::{CommitTime, Forgotten, Throng};
    /// use throng::model::{Body, Call, Object};
    /// let throng = Throng::temporary()?;
    /// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
    /// call.user_id = Some("u-1".into());
    /// throng.ingest(vec![call.clone()])?;
    /// assert_eq!(throng.forget(&call, false, CommitTime::Clock)?, Forgotten::Person);
    /// assert_eq!(throng.info()?.people, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// See [`CommitError`]; nothing was applied.
    pub fn forget(
        &self,
        names: &Call,
        suppress: bool,
        time: CommitTime,
    ) -> Result<Forgotten, CommitError> {
        let view = self.view()?;
        let named = match named(view.policy(), names) {
            Ok(named) => named,
            Err(refused) => return Ok(Forgotten::Refused(refused)),
        };
        let upto = match time {
            CommitTime::At(at) => at,
            CommitTime::Clock | CommitTime::Follow => self.now(&view),
        };
        let seat = view.seat(&anchor(&named));
        let (mut personal, mut tenures) =
            seat.map(|seat| view.hashes_of(seat, upto)).unwrap_or_default();
        if suppress {
            suppress_unknown(&view, &named, upto, &mut personal, &mut tenures);
        }
        if !personal.is_empty() || !tenures.is_empty() {
            self.change(Change::Forget { personal, tenures, suppress }, time)?;
        }
        Ok(if seat.is_some() { Forgotten::Person } else { Forgotten::Nobody })
    }

    /// What would come of it, nothing being changed.
    ///
    /// ```
    /// use throng::engine::{Forgotten, Throng};
    /// use throng::model::{Body, Call, Object};
    /// let throng = Throng::temporary()?;
    /// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
    /// call.user_id = Some("u-1".into());
    /// assert_eq!(throng.would_forget(&call)?, Forgotten::Nobody);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the handle is closed or stopped.
    pub fn would_forget(&self, names: &Call) -> Result<Forgotten, CommitError> {
        let view = self.view()?;
        Ok(match named(view.policy(), names) {
            Ok(named) if view.seat(&anchor(&named)).is_some() => Forgotten::Person,
            Ok(_) => Forgotten::Nobody,
            Err(refused) => Forgotten::Refused(refused),
        })
    }
}

fn anchor(named: &Named) -> Reference {
    Reference::Identifier(named.identifiers[named.anchor].clone())
}

/// Whom the call names. A mistyped key would leave a person in place who
/// believes to be forgotten, so here every key must mean something.
fn named(policy: &Policy, names: &Call) -> Result<Named, Refused> {
    let declared: Vec<&Step> = policy
        .namespaces()
        .flat_map(|namespace| namespace.from.iter())
        .filter_map(|path| path.steps().first())
        .collect();
    let means = |key: &str| {
        key == "integrations"
            || declared.iter().any(|step| matches!(step, Step::Key(known) if **known == *key))
    };
    if let Some((key, _)) = names.extra.iter().find(|(key, _)| !means(key)) {
        let nearest = nearest(key, KEYS.into_iter().map(|key| (key, 0))).map(str::to_owned);
        let key = key.chars().take(40).collect();
        return Err(Refused::UnknownKey { key, nearest });
    }
    policy.named(names).map_err(Refused::Names)
}

/// Adds the identifiers that nobody has had: whoever comes under them later is
/// refused. One that somebody else holds is left alone.
fn suppress_unknown(
    view: &View,
    named: &Named,
    upto: Timestamp,
    personal: &mut Vec<u128>,
    tenures: &mut Vec<(u128, Timestamp, Timestamp)>,
) {
    let unknown = |identifier: &&Identifier| view.n_holders(identifier) == 0;
    for identifier in named.identifiers.iter().filter(unknown) {
        let hash = view.hash(identifier);
        if view.policy().names_persons(&identifier.namespace) {
            personal.push(hash);
        } else {
            tenures.push((hash, Timestamp::MIN, upto.plus_ms(1)));
        }
    }
}
