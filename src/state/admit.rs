//! The door: which calls of a batch become facts, before anything is logged.

use super::{Offer, State};
use crate::identity::{Named, NamedError};
use crate::model::{Call, Event, EventId, IdentifierNumber, Input, Timestamp};
use crate::timeline::{PageError, Pages, Wanted};
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::fmt;

/// So many ids are looked for ahead of the calls that bring them.
const AHEAD: usize = 32;

/// What is left of a batch, and what was not taken.
#[derive(Debug, Default)]
pub struct Admitted {
    /// The calls that become one record, in order.
    pub calls: Vec<Call>,
    /// Whom each of them names.
    pub named: Vec<Named>,
    /// Places of calls whose id was known with the same content.
    pub duplicates: Vec<usize>,
    /// Places of calls whose id was known with another content: the first stays.
    pub conflicting: Vec<usize>,
    /// Places of calls that were refused, and why.
    pub refused: Vec<(usize, Refused)>,
}

/// Why a call does not become a fact.
///
/// ```
/// use throng::engine::{NamedError, Refused, Throng};
/// use throng::model::{Body, Call, Object};
/// let nobody = Call::new("web", Body::Page { properties: Object::default() });
/// let receipt = Throng::temporary()?.ingest(vec![nobody])?;
/// let (place, refused) = &receipt.refused[0];
/// assert_eq!((*place, refused), (0, &Refused::Names(NamedError::Missing)));
/// assert_eq!(refused.reason(), "missing_identifier");
/// assert!(refused.remedy().starts_with("give it a userId"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// It names nobody, or too many, or only blocked identifiers.
    Names(NamedError),
    /// It speaks of somebody who was forgotten.
    Forgotten,
    /// An event of its message id was forgotten.
    ForgottenEvent,
    /// It wishes somebody to be forgotten, and has a key that says nothing.
    UnknownKey {
        /// The key.
        key: String,
        /// The one that was probably meant.
        nearest: Option<String>,
    },
}

impl Refused {
    /// The reason as reports count it.
    pub fn reason(&self) -> &'static str {
        match self {
            Refused::Names(error) => error.reason(),
            Refused::Forgotten | Refused::ForgottenEvent => "forgotten",
            Refused::UnknownKey { .. } => "unknown_key",
        }
    }

    /// How to mend it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Refused::Names(NamedError::Missing) => {
                "give it a userId, an anonymousId, or another identifier that the policy reads"
            }
            Refused::Names(NamedError::Blocked) => {
                "give it an identifier of the person; the policy blocks those that it has"
            }
            Refused::Names(_) => "leave identifiers out, or send a hash of a long one",
            Refused::Forgotten => "leave it out, or date it after the person was forgotten",
            Refused::ForgottenEvent => "leave it out; an event under another message id comes in",
            Refused::UnknownKey { .. } => {
                "mend the key or leave it out: a forget call has userId, anonymousId, traits, \
                 context and suppress"
            }
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Names(error) => error.fmt(f),
            Refused::Forgotten => f.write_str(
                "the person was forgotten, and the call is dated before that or was suppressed",
            ),
            Refused::ForgottenEvent => {
                f.write_str("the event of this message id was forgotten, and the id stays refused")
            }
            Refused::UnknownKey { key, nearest } => {
                write!(f, "`{key}` is no key of a forget call")?;
                match nearest {
                    Some(nearest) => write!(f, ", did you mean `{nearest}`?"),
                    None => Ok(()),
                }
            }
        }
    }
}

impl State {
    /// Sorts a batch that is to be committed at `at`: what becomes facts, what
    /// is known already, what is refused. The ids of what is taken are known
    /// from here on, so the record must be applied next.
    pub fn admit(
        &mut self,
        offer: impl Into<Offer>,
        at: Timestamp,
        pages: &dyn Pages,
    ) -> Result<Admitted, PageError> {
        let (calls, names) = offer.into().open(&self.policy);
        let mut admitted =
            Admitted { named: Vec::with_capacity(calls.len()), ..Admitted::default() };
        let (mut left_out, mut here) = (Vec::new(), Here::default());
        for (place, (call, named)) in calls.iter().zip(names).enumerate() {
            if place.is_multiple_of(AHEAD) {
                let next = calls[place..].iter().take(AHEAD);
                self.messages.read_ahead(next.filter_map(|call| call.id.as_ref()));
            }
            match self.door(call, named, at) {
                Ok(named) if call.id.is_none_or(|id| self.messages.insert(id)) => {
                    admitted.named.push(named);
                    continue;
                }
                Err(refused) => admitted.refused.push((place, refused)),
                Ok(named) => {
                    let first = here.first(&calls[..place], &left_out, call);
                    match self.is_same(first, call, &named, pages)? {
                        true => admitted.duplicates.push(place),
                        false => admitted.conflicting.push(place),
                    }
                }
            }
            left_out.push(place);
        }
        admitted.calls = without(calls, &left_out);
        Ok(admitted)
    }

    /// Takes back what [`State::admit`] took note of, when its record was not written.
    pub fn take_back(&mut self, input: &Input) {
        if let Input::Calls(calls) | Input::Bulk(calls) = input {
            calls.iter().filter_map(|call| call.id).for_each(|id| self.messages.remove(id));
        }
    }

    /// Whom a call names, if it may come in at all.
    fn door(
        &mut self,
        call: &Call,
        named: Result<Named, NamedError>,
        at: Timestamp,
    ) -> Result<Named, Refused> {
        let named = named.map_err(Refused::Names)?;
        if self.refused.refuses(&call.source, call.id) {
            return Err(Refused::ForgottenEvent);
        }
        let when = call.when.unwrap_or(at);
        match self.ledger.refuses(&self.policy, &named.identifiers, when) {
            true => Err(Refused::Forgotten),
            false => Ok(named),
        }
    }

    /// Whether the call under a known id says what the first one said.
    fn is_same(
        &self,
        first: Option<&Call>,
        call: &Call,
        named: &Named,
        pages: &dyn Pages,
    ) -> Result<bool, PageError> {
        if let Some(first) = first {
            return Ok(first == call);
        }
        let (Some(id), Some(when)) = (call.id, call.when) else { return Ok(true) };
        let Some(origin) = self.identity.number(&named.identifiers[named.anchor]) else {
            return Ok(false);
        };
        let given = event_of(call.clone(), origin, id, when, when);
        let mut same = false;
        let (stream, after) = ([given.body.stream()], when.plus_ms(1));
        self.timeline.rows(
            pages,
            origin,
            when,
            Some(after),
            &Wanted::Streams(&stream),
            &mut |row| {
                same |= row.id == id && says_the_same(row, &given);
            },
        )?;
        Ok(same)
    }
}

/// By id the first call of a batch that was taken, as far as anybody has asked.
#[derive(Default)]
struct Here {
    places: HashMap<EventId, usize, FixedState>,
    seen: usize,
}

impl Here {
    /// The call before this one that came in under its id.
    fn first<'c>(
        &mut self,
        before: &'c [Call],
        left_out: &[usize],
        call: &Call,
    ) -> Option<&'c Call> {
        for (place, call) in before.iter().enumerate().skip(self.seen) {
            if let (Some(id), Err(_)) = (call.id, left_out.binary_search(&place)) {
                self.places.insert(id, place);
            }
        }
        self.seen = before.len();
        self.places.get(&call.id?).map(|place| &before[*place])
    }
}

/// The calls but for those at these places, which ascend.
fn without(calls: Vec<Call>, places: &[usize]) -> Vec<Call> {
    if places.is_empty() {
        return calls;
    }
    let mut left_out = places.iter().copied().peekable();
    let stays = |(place, call)| left_out.next_if_eq(&place).is_none().then_some(call);
    calls.into_iter().enumerate().filter_map(stays).collect()
}

/// Whether two events are one but for the time of their commit.
fn says_the_same(a: &Event, b: &Event) -> bool {
    (&a.body, &a.context, &a.channel, &a.source, a.ord)
        == (&b.body, &b.context, &b.channel, &b.source, b.ord)
}

/// The row that an accepted call becomes.
pub(super) fn event_of(
    call: Call,
    origin: IdentifierNumber,
    id: EventId,
    when: Timestamp,
    received: Timestamp,
) -> Event {
    Event {
        when,
        received,
        ord: call.ord,
        id,
        origin,
        source: call.source,
        channel: call.channel,
        body: call.body,
        context: call.context,
    }
}
