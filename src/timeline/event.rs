//! An event put together again from its parts, wherever they lay.

use crate::model::{
    Body, CallKind, Event, EventId, IdentifierNumber, Object, Step, Text, Timestamp, Value,
};
use crate::timeline::column::ColumnKey;

/// What orders a row and says whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    pub when: Timestamp,
    pub received: Timestamp,
    pub ord: i64,
    pub id: EventId,
    pub origin: IdentifierNumber,
}

/// All else that a row says.
#[derive(Clone, Debug)]
pub struct Parts {
    pub kind: CallKind,
    pub name: Option<Text>,
    pub source: Text,
    pub channel: Option<Text>,
    /// The group, the previous id or the purpose.
    pub text: Option<Text>,
    pub granted: bool,
    pub expires: Option<Timestamp>,
    pub fields: Object,
    pub context: Object,
}

impl Parts {
    /// The event; none if a part is missing that its kind needs.
    pub fn event(self, stamp: Stamp) -> Option<Event> {
        let fields = self.fields;
        let body = match self.kind {
            CallKind::Track => Body::Track { event: self.name?, properties: fields },
            CallKind::Page => Body::Page { properties: fields },
            CallKind::Screen => Body::Screen { properties: fields },
            CallKind::Identify => Body::Identify { traits: fields },
            CallKind::Group => Body::Group { group_id: self.text?, traits: fields },
            CallKind::Alias => Body::Alias { previous: self.text? },
            CallKind::Consent => {
                Body::Consent { purpose: self.text?, granted: self.granted, expires: self.expires }
            }
        };
        let Stamp { when, received, ord, id, origin } = stamp;
        let (source, channel, context) = (self.source, self.channel, self.context);
        Some(Event { when, received, ord, id, origin, source, channel, body, context })
    }
}

/// Properties and context from leaves whose keys ascend.
pub fn objects_of(leaves: Vec<(&ColumnKey, Value)>) -> Option<(Object, Object)> {
    let n_properties =
        leaves.iter().take_while(|(key, _)| matches!(key, ColumnKey::Property(_))).count();
    let mut leaves = leaves.into_iter();
    let properties = object(&mut leaves, n_properties, 0)?;
    let n_context = leaves.len();
    Some((properties, object(&mut leaves, n_context, 0)?))
}

/// The object of the next so many leaves, whose paths agree before `depth`.
fn object(
    leaves: &mut std::vec::IntoIter<(&ColumnKey, Value)>,
    n_leaves: usize,
    depth: usize,
) -> Option<Object> {
    let end = leaves.len().checked_sub(n_leaves)?;
    let mut fields = Vec::with_capacity(n_leaves);
    while leaves.len() > end {
        let ahead = &leaves.as_slice()[..leaves.len() - end];
        let steps = ahead[0].0.steps();
        let Some(Step::Key(key)) = steps.get(depth) else { return None };
        if steps.len() == depth + 1 {
            fields.push((key.clone(), leaves.next()?.1));
            continue;
        }
        let same = |(other, _): &&(&ColumnKey, Value)| other.steps().get(depth) == steps.get(depth);
        let n_inside = ahead.iter().take_while(same).count();
        let key = key.clone();
        fields.push((key, Value::Object(object(leaves, n_inside, depth + 1)?)));
    }
    Object::new(fields).ok()
}

/// The value at `path` that leaves beyond it make: an object.
pub fn object_beyond(leaves: Vec<(&ColumnKey, Value)>, depth: usize) -> Option<Value> {
    let n_leaves = leaves.len();
    object(&mut leaves.into_iter(), n_leaves, depth).map(Value::Object)
}
