//! What would become of calls that come in several batches: a database that is
//! not changed does not remember the batches before.

use super::{CommitError, CommitTime, Receipt, Throng};
use crate::model::{Call, EventId};
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::hash::BuildHasher;

/// A trial of many calls: what would become of each if those before it had come in.
///
/// ```
/// use throng::engine::{CommitTime, Throng, Trial};
/// use throng::model::{Body, Call, EventId, Object};
/// let throng = Throng::temporary()?;
/// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
/// (call.user_id, call.id) = (Some("u-1".into()), Some(EventId(1)));
/// let mut trial = Trial::default();
/// assert_eq!(trial.ingest(&throng, vec![call.clone()], CommitTime::Clock)?.accepted, 1);
/// assert_eq!(trial.ingest(&throng, vec![call], CommitTime::Clock)?.duplicates, 1);
/// assert_eq!(throng.info()?.people, 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// Ids of the calls that would have come in, each with a sign of what it said.
    met: HashMap<EventId, u64, FixedState>,
}

impl Trial {
    /// What would become of calls as one commit at that time; nothing is changed.
    ///
    /// ```
    /// use throng::engine::{CommitTime, Throng, Trial};
    /// use throng::model::{Body, Call, Object};
    /// let throng = Throng::temporary()?;
    /// let nobody = Call::new("web", Body::Page { properties: Object::default() });
    /// let receipt = Trial::default().ingest(&throng, vec![nobody], CommitTime::Clock)?;
    /// assert_eq!(receipt.refused[0].1.reason(), "missing_identifier");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// See [`CommitError`].
    pub fn ingest(
        &mut self,
        throng: &Throng,
        calls: Vec<Call>,
        time: CommitTime,
    ) -> Result<Receipt, CommitError> {
        let (mut fresh, mut places, mut signs) = (Vec::new(), Vec::new(), Vec::new());
        let mut again = Receipt::default();
        for (place, call) in calls.into_iter().enumerate() {
            match self.repeats(&call) {
                Some(true) => again.duplicates += 1,
                Some(false) => again.conflicting.push(place),
                None => {
                    signs.push(sign(&call));
                    fresh.push(call);
                    places.push(place);
                }
            }
        }
        let mut receipt = throng.would_ingest(fresh, time)?;
        for place in left_out(&receipt) {
            signs[place] = None;
        }
        signs.into_iter().flatten().for_each(|sign| self.note(sign));
        receipt.refused.iter_mut().for_each(|(place, _)| *place = places[*place]);
        receipt.conflicting.iter_mut().for_each(|place| *place = places[*place]);
        receipt.duplicates += again.duplicates;
        receipt.conflicting.extend(again.conflicting);
        Ok(receipt)
    }

    /// Whether a call has come under this one's id, and if so whether it said the same.
    ///
    /// ```
    /// use throng::engine::Trial;
    /// use throng::model::{Body, Call, EventId, Object};
    /// let mut call = Call::new("web", Body::Page { properties: Object::default() });
    /// call.id = Some(EventId(1));
    /// let mut trial = Trial::default();
    /// assert_eq!(trial.repeats(&call), None);
    /// trial.add(&call);
    /// assert_eq!(trial.repeats(&call), Some(true));
    /// call.channel = Some("app".into());
    /// assert_eq!(trial.repeats(&call), Some(false));
    /// ```
    #[must_use]
    pub fn repeats(&self, call: &Call) -> Option<bool> {
        let first = self.met.get(&call.id?)?;
        sign(call).map(|(_, said)| *first == said)
    }

    /// Remembers a call that would come in where another process was asked.
    ///
    /// ```
    /// use throng::engine::{CommitTime, Throng, Trial};
    /// use throng::model::{Body, Call, EventId, Object};
    /// let mut call = Call::new("web", Body::Page { properties: Object::default() });
    /// (call.user_id, call.id) = (Some("u-1".into()), Some(EventId(1)));
    /// let mut trial = Trial::default();
    /// trial.add(&call);
    /// let receipt = trial.ingest(&Throng::temporary()?, vec![call], CommitTime::Clock)?;
    /// assert_eq!((receipt.accepted, receipt.duplicates), (0, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add(&mut self, call: &Call) {
        sign(call).into_iter().for_each(|sign| self.note(sign));
    }

    fn note(&mut self, (id, said): (EventId, u64)) {
        // The content that came in first stays.
        self.met.entry(id).or_insert(said);
    }
}

/// Places of the calls whose content would not come in.
fn left_out(receipt: &Receipt) -> Vec<usize> {
    let refused = receipt.refused.iter().map(|(place, _)| *place);
    refused.chain(receipt.conflicting.iter().copied()).collect()
}

fn sign(call: &Call) -> Option<(EventId, u64)> {
    Some((call.id?, FixedState::default().hash_one(call)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Body, Object};

    fn call(id: u128, user: Option<&str>) -> Call {
        let mut call = Call::new("web", Body::Page { properties: Object::default() });
        (call.id, call.user_id) = (Some(EventId(id)), user.map(Into::into));
        call
    }

    #[test]
    fn what_was_refused_is_not_remembered_and_the_places_are_those_of_the_calls() {
        let throng = Throng::temporary().unwrap();
        let mut trial = Trial::default();
        let mut send = |calls| trial.ingest(&throng, calls, CommitTime::Clock).unwrap();
        let first = send(vec![call(1, None), call(1, Some("u-1")), call(1, Some("u-2"))]);
        assert_eq!((first.accepted, first.refused[0].0, &first.conflicting), (1, 0, &vec![2]));
        let second = send(vec![call(1, Some("u-1")), call(1, Some("u-2")), call(2, None)]);
        assert_eq!((second.accepted, second.duplicates), (0, 1));
        assert_eq!((second.refused[0].0, &second.conflicting), (2, &vec![1]));
    }
}
