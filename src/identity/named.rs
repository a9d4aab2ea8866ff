//! Whom a call names, as the policy reads it.

use super::policy::{self, Policy, place, shared};
use crate::model::limits::{IDENTIFIER_BYTES_MAX, IDENTIFIERS_PER_CALL_MAX};
use crate::model::{Body, Call, Identifier, Object, Path, Step, Text, Value};
use std::fmt;

/// The identifiers that a call names: at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Normalised and distinct, in the order in which new ones are born.
    pub identifiers: Vec<Identifier>,
    /// The place of the one that the event comes under.
    pub anchor: usize,
    /// Places of the user ids that an alias supersedes.
    pub previous: Vec<usize>,
}

/// Why a call names nobody.
///
/// ```
/// use throng::engine::NamedError;
/// let error = NamedError::TooMany { given: 41, limit: 32 };
/// assert_eq!(error.reason(), "too_many_identifiers");
/// assert_eq!(error.to_string(), "a call may carry at most 32 identifiers, this one carries 41");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NamedError {
    /// It carries no identifier.
    Missing,
    /// All that it carries are blocked.
    Blocked,
    /// It carries too many.
    TooMany {
        /// How many it carries.
        given: usize,
        /// How many it may carry.
        limit: usize,
    },
    /// One of them is too long.
    TooLong {
        /// How many bytes it has.
        given: usize,
        /// How many it may have.
        limit: usize,
    },
}

impl NamedError {
    /// The reason as reports count it.
    pub fn reason(&self) -> &'static str {
        match self {
            NamedError::Missing => "missing_identifier",
            NamedError::Blocked => "blocked_identifier",
            NamedError::TooMany { .. } => "too_many_identifiers",
            NamedError::TooLong { .. } => "identifier_too_long",
        }
    }
}

impl Policy {
    /// Whom a call names.
    ///
    /// ```
    /// use throng::identity::Policy;
    /// use throng::model::{Body, Call, Object};
    /// let mut call = Call::new("web", Body::Page { properties: Object::default() });
    /// call.anonymous_id = Some("a-1".into());
    /// call.user_id = Some(" u-1".into());
    /// let named = Policy::standard().named(&call).unwrap();
    /// assert_eq!(named.identifiers[named.anchor].to_string(), "user_id:u-1");
    /// assert_eq!(named.identifiers.len(), 2);
    /// ```
    pub fn named(&self, call: &Call) -> Result<Named, NamedError> {
        let mut reader =
            Reader { policy: self, found: Vec::with_capacity(2), user: None, blocked: false };
        reader.standard_places(call)?;
        let previous = reader.previous(&call.body)?;
        reader.declared_places(call)?;
        reader.finish(&previous)
    }

    /// The place of the one among these that an event comes under.
    fn anchor(&self, among: impl Iterator<Item = usize>, found: &[Identifier]) -> Option<usize> {
        among.min_by(|a, b| self.order(&found[*a], &found[*b]))
    }
}

struct Reader<'a> {
    policy: &'a Policy,
    found: Vec<Identifier>,
    /// The place of the call's own user id.
    user: Option<usize>,
    blocked: bool,
}

impl Reader<'_> {
    fn standard_places(&mut self, call: &Call) -> Result<(), NamedError> {
        self.user = self.text(place::USER_ID, call.user_id.as_ref())?;
        self.text(place::ANONYMOUS_ID, call.anonymous_id.as_ref())?;
        let own = match &call.body {
            Body::Identify { traits } => Some(traits),
            _ => None,
        };
        let context = match call.context.get("traits") {
            Some(Value::Object(traits)) => Some(traits),
            _ => None,
        };
        for (place, key) in [(place::EMAIL, policy::EMAIL), (place::PHONE, policy::PHONE)] {
            for traits in [own, context].into_iter().flatten() {
                self.value(place, traits.get(key))?;
            }
        }
        if let Some(Value::Object(device)) = call.context.get("device") {
            self.value(place::DEVICE_ID, device.get("id"))?;
        }
        match call.context.get("externalIds") {
            Some(Value::List(ids)) => ids.iter().try_for_each(|id| self.external(id)),
            _ => Ok(()),
        }
    }

    /// `{type, id}`, where the type is a namespace of the policy.
    fn external(&mut self, given: &Value) -> Result<(), NamedError> {
        let Value::Object(given) = given else { return Ok(()) };
        let Some(Value::Text(namespace)) = given.get("type") else { return Ok(()) };
        let Some(place) = self.policy.place(namespace) else { return Ok(()) };
        self.value(place, given.get("id"))
    }

    /// What an alias names besides, as a user id and as a carrier: their places.
    fn previous(&mut self, body: &Body) -> Result<Vec<usize>, NamedError> {
        let Body::Alias { previous } = body else { return Ok(Vec::new()) };
        let mut places = Vec::new();
        for place in [place::USER_ID, place::ANONYMOUS_ID] {
            places.extend(self.text(place, Some(previous))?);
        }
        Ok(places)
    }

    fn declared_places(&mut self, call: &Call) -> Result<(), NamedError> {
        let policy = self.policy;
        for (place, namespace) in policy.declared() {
            for path in &namespace.from {
                for value in values_at(call, path) {
                    self.value(place, Some(&value))?;
                }
            }
        }
        Ok(())
    }

    /// Takes in what a call has for the namespace at that place.
    fn value(&mut self, place: usize, value: Option<&Value>) -> Result<(), NamedError> {
        let text = match value {
            Some(Value::Text(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string().into(),
            Some(Value::Digits(digits)) => digits.clone(),
            Some(Value::List(values)) => {
                return values.iter().try_for_each(|value| self.value(place, Some(value)));
            }
            _ => return Ok(()),
        };
        self.text(place, Some(&text)).map(|_| ())
    }

    /// Takes in a value and gives the place that it has among what was found.
    fn text(&mut self, place: usize, text: Option<&Text>) -> Result<Option<usize>, NamedError> {
        let Some(text) = text else { return Ok(None) };
        let namespace = self.policy.at(place);
        let value = namespace.normal(text);
        if value.len() > IDENTIFIER_BYTES_MAX {
            return Err(NamedError::TooLong { given: value.len(), limit: IDENTIFIER_BYTES_MAX });
        }
        if value.is_empty() || namespace.blocks(&value) {
            self.blocked |= !value.is_empty();
            return Ok(None);
        }
        let name = namespace.name.clone();
        Ok(Some(self.keep(Identifier { namespace: name, value: shared(text, value) })))
    }

    fn keep(&mut self, identifier: Identifier) -> usize {
        self.found.iter().position(|known| *known == identifier).unwrap_or_else(|| {
            self.found.push(identifier);
            self.found.len() - 1
        })
    }

    fn finish(self, previous: &[usize]) -> Result<Named, NamedError> {
        let limit = IDENTIFIERS_PER_CALL_MAX;
        if self.found.len() > limit {
            return Err(NamedError::TooMany { given: self.found.len(), limit });
        }
        let missing = if self.blocked { NamedError::Blocked } else { NamedError::Missing };
        let anchor = self.anchor(previous).ok_or(missing)?;
        let is_superseded =
            |place: &usize| *place != anchor && &*self.found[*place].namespace == policy::USER_ID;
        let previous = previous.iter().copied().filter(is_superseded).collect();
        Ok(Named { identifiers: self.found, anchor, previous })
    }

    /// An alias comes under its user id, else under what it names besides the
    /// previous id; where it names nothing else, the previous id stands for itself.
    fn anchor(&self, previous: &[usize]) -> Option<usize> {
        if !previous.is_empty() && self.user.is_some() {
            return self.user;
        }
        let found = &self.found;
        let others = (0..found.len()).filter(|place| !previous.contains(place));
        self.policy.anchor(others, found).or_else(|| self.policy.anchor(0..found.len(), found))
    }
}

/// The values at a path from the top of a call; on an array, of each element.
fn values_at(call: &Call, path: &Path) -> Vec<Value> {
    let (Some(Step::Key(head)), rest) = (path.steps().first(), &path.steps()[1..]) else {
        return Vec::new();
    };
    let top = |text: &Option<Text>| text.clone().map(Value::Text).into_iter().collect();
    let inside = |object: &Object| within(object, rest);
    match (&**head, &call.body) {
        ("userId", _) => top(&call.user_id),
        ("anonymousId", _) => top(&call.anonymous_id),
        ("context", _) => inside(&call.context),
        ("traits", Body::Identify { traits }) => inside(traits),
        ("properties", body) => body.properties().map(inside).unwrap_or_default(),
        _ => within(&call.extra, path.steps()),
    }
}

fn within(object: &Object, steps: &[Step]) -> Vec<Value> {
    let mut found = Vec::new();
    if let Some((Step::Key(key), rest)) = steps.split_first()
        && let Some(value) = object.get(key)
    {
        below(value, rest, &mut found);
    }
    found
}

fn below(value: &Value, steps: &[Step], found: &mut Vec<Value>) {
    match (value, steps.split_first()) {
        (value, None) => found.push(value.clone()),
        (Value::Object(object), Some(_)) => found.extend(within(object, steps)),
        (Value::List(values), Some((Step::Index(index), rest))) => {
            values.get(*index as usize).into_iter().for_each(|value| below(value, rest, found));
        }
        (Value::List(values), Some(_)) => {
            values.iter().for_each(|value| below(value, steps, found));
        }
        _ => {}
    }
}

impl fmt::Display for NamedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NamedError::Missing => f.write_str("the call names nobody"),
            NamedError::Blocked => {
                f.write_str("every identifier of the call is blocked by the policy")
            }
            NamedError::TooMany { given, limit } => {
                write!(f, "a call may carry at most {limit} identifiers, this one carries {given}")
            }
            NamedError::TooLong { given, limit } => {
                write!(f, "an identifier may have at most {limit} bytes, this one has {given}")
            }
        }
    }
}

impl std::error::Error for NamedError {}
