//! Whether a condition holds for one person, row by row, straight from the
//! semantics: slow, short, obviously right.
//!
//! The oracle that the other evaluators are held to. It knows no index, no
//! column and no earlier answer: it looks at every visible call, every time.

mod aggregate;
mod attribute;
mod calendar;
mod compare;
mod consent;
mod drawn;
mod elapsed;
mod expression;
mod items;
mod list;
mod listed;
mod matcher;
mod occurrence;
mod path;
mod pattern;
mod place;
mod point;
mod rank;
mod scalar;
mod score;
mod special;
mod tally;
mod test;
mod typed;
mod window;
mod zone;

#[cfg(test)]
pub(crate) mod tests;

pub use compare::order;
pub use rank::Remembered;
pub use tally::Tally;

pub(crate) use aggregate::readings;
pub(crate) use attribute::{setter, setter_of_group};
pub(crate) use calendar::{day_of, lies, reaches};
pub(crate) use consent::{consent, decision};
pub(crate) use expression::value as value_at;
pub(crate) use items::scopes;
pub(crate) use matcher::{anchor, names};
pub(crate) use occurrence::matched;
pub(crate) use pattern::matches;
pub(crate) use place::{Place, Row, Seen};
pub(crate) use point::bound_ms;
pub(crate) use rank::{Standing, at_most, standing};
pub(crate) use test::passes;

use super::Person;
use super::predicate::{Aggregate, Condition, Expr, Matcher, PersonLeaf, Predicate, Tree, Window};
use crate::model::{Event, Timestamp, Value};

/// Whether a condition holds for a person at an instant.
///
/// ```
/// use throng::model::{ProfileId, Timestamp};
/// use throng::query::predicate::{Condition, CountRange, EventFilter, Matcher, Occurrence};
/// use throng::query::predicate::{Predicate, Tree};
/// use throng::query::{Nobody, Parties, Person, holds};
///
/// let parties = Parties::default();
/// let profile = ProfileId(1);
/// let (events, identifiers, user_id) = (&[], &[], None);
/// let person =
///     Person { profile, events, identifiers, user_id, parties: &parties, others: &Nobody };
/// let matcher = Matcher(vec![EventFilter { name: Some("order".into()), filter: None }]);
/// let did: Condition = Tree::Leaf(Predicate::Did(Occurrence {
///     matcher,
///     windows: Vec::new(),
///     count: CountRange::SOME,
/// }));
/// assert!(!holds::holds(&did, &person, Timestamp::EPOCH));
/// assert!(holds::holds(&did.not(), &person, Timestamp::EPOCH));
/// ```
pub fn holds(condition: &Condition, person: &Person<'_>, now: Timestamp) -> bool {
    fulfilled(condition, Seen { person: *person, now })
}

/// A value of a person at an instant.
pub fn value(expr: &Expr<PersonLeaf>, person: &Person<'_>, now: Timestamp) -> Value {
    expression::value(expr, &Seen { person: *person, now })
}

/// The person's visible events that fit, in each of the windows, in canonical order.
pub fn events<'a>(
    matcher: &Matcher,
    windows: &[Window<PersonLeaf>],
    person: &Person<'a>,
    now: Timestamp,
) -> Vec<&'a Event> {
    matched(matcher, windows, Seen { person: *person, now })
}

/// Adds what an aggregate reads of one person to a tally, which may hold what
/// it read of others.
pub fn take_in(tally: &mut Tally, aggregate: &Aggregate, person: &Person<'_>, now: Timestamp) {
    for reading in readings(aggregate, Seen { person: *person, now }) {
        tally.take(reading.event.key(), &reading.value);
    }
}

pub(crate) fn fulfilled(condition: &Condition, seen: Seen<'_>) -> bool {
    truth(condition, &mut |predicate| predicate_holds(predicate, seen))
}

pub(crate) fn predicate_holds(predicate: &Predicate, seen: Seen<'_>) -> bool {
    match predicate {
        Predicate::Did(occurrence) => occurrence::did(occurrence, seen),
        Predicate::Pattern(of) => pattern::did(of, seen),
        Predicate::Is(test) => passes(test, &seen),
        Predicate::InAudience(audience) => fulfilled(&audience.condition, seen),
        Predicate::Ranked(rank) => rank::is_in(rank, seen),
        Predicate::Consent { purpose } => consent(purpose, seen),
        Predicate::Drawn(draw) => drawn::drawn(draw, seen),
        Predicate::Listed(list) => list::names(list, seen),
    }
}

/// Two values only: `not` is the plain complement.
fn truth<L>(tree: &Tree<L>, leaf: &mut dyn FnMut(&L) -> bool) -> bool {
    match tree {
        Tree::All(parts) => parts.iter().all(|part| truth(part, leaf)),
        Tree::Any(parts) => parts.iter().any(|part| truth(part, leaf)),
        Tree::Not(inner) => !truth(inner, leaf),
        Tree::Leaf(predicate) => leaf(predicate),
    }
}
