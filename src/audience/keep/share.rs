//! What an event gives to the stores.

use super::super::pattern::Mark;
use super::super::plan::{Feed, Shape};
use super::super::row::{Row, each_value, fits};
use super::super::scan::{Weight, ranked, said, summand, weight};
use crate::model::{Body, Event, EventId, Timestamp, Value};
use crate::query::Parties;

/// A place in canonical order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stamp {
    pub(crate) when: i64,
    pub(crate) ord: i64,
    pub(crate) id: EventId,
}

/// One thing for one store.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Share {
    pub(crate) store: u32,
    pub(crate) load: Load,
}

/// What is given.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Load {
    /// That it happened.
    Once,
    /// What it is good for in a pattern, and what others must agree on with it.
    Mark(Mark, Value),
    /// An amount in billionths.
    Amount(i128),
    /// A value.
    Value(Value),
    /// What a call says, and how much that weighs.
    Said(Weight, Value),
    /// A decision.
    Decision { granted: bool, expires: Option<Timestamp> },
}

impl Stamp {
    /// Before every other.
    pub(crate) const LEAST: Stamp = Stamp { when: i64::MIN, ord: i64::MIN, id: EventId(0) };

    pub(crate) fn of(event: &Event) -> Stamp {
        Stamp { when: event.when.millis(), ord: event.ord, id: event.id }
    }
}

/// Adds what an event gives to one store. `matched` is what the store's matcher
/// says of the event, if it is known already; the answer is handed back.
pub(crate) fn shares_of(
    event: &Event,
    store: u32,
    feed: &Feed,
    shape: Shape,
    matched: Option<bool>,
    parties: &Parties,
    shares: &mut Vec<Share>,
) -> Option<bool> {
    let mut give = |load| shares.push(Share { store, load });
    match (feed, &event.body) {
        (Feed::Calls, _) => give(Load::Once),
        (Feed::Marks(kinds), _) => {
            let mark = kinds.mark(event, 0, None);
            if mark.matters() && kinds.same().is_none() {
                give(Load::Mark(mark, Value::Null));
            } else if mark.matters() {
                kinds.keys(event, None).into_iter().for_each(|key| give(Load::Mark(mark, key)));
            }
        }
        (Feed::Consent(wanted), Body::Consent { purpose, granted, expires })
            if wanted == purpose =>
        {
            give(Load::Decision { granted: *granted, expires: *expires });
        }
        (Feed::Group, Body::Group { group_id, .. }) => {
            give(Load::Said(weight(event, parties), Value::Text(group_id.clone())));
        }
        (Feed::Attribute { path, declared }, Body::Identify { .. }) => {
            if let Some(value) = said(event, path, *declared) {
                give(Load::Said(weight(event, parties), value));
            }
        }
        (Feed::Events { matcher, items, value, from, to }, _) => {
            let when = event.when.millis();
            let alone = items.is_none();
            let matched = if alone {
                Some(matched.unwrap_or_else(|| fits(Row::of(event), matcher, None)))
            } else {
                matched
            };
            if matched == Some(false) && alone || when < *from || *to <= when {
                return matched;
            }
            let visit = &mut |value: Option<&Value>| {
                load_of(shape, value).into_iter().for_each(&mut give);
            };
            match (alone, value) {
                (true, None) => visit(None),
                _ => each_value(event, matcher, items.as_ref(), value.as_ref(), None, alone, visit),
            }
            return matched;
        }
        _ => {}
    }
    None
}

fn load_of(shape: Shape, value: Option<&Value>) -> Option<Load> {
    match (shape, value) {
        (Shape::Total | Shape::Amounts { .. }, Some(value)) => {
            summand(value).map(|number| Load::Amount(number.billionths()))
        }
        (
            Shape::First | Shape::Last | Shape::Rows { .. } | Shape::Values | Shape::Latest { .. },
            Some(value),
        ) => Some(Load::Value(value.clone())),
        (Shape::Least | Shape::Greatest, Some(value)) => {
            ranked(value, value).map(|_| Load::Value(value.clone()))
        }
        (Shape::Tally | Shape::Newest { .. } | Shape::Oldest | Shape::Instants { .. }, _) => {
            Some(Load::Once)
        }
        _ => None,
    }
}
