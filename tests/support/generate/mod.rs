//! Random histories and conditions over one small vocabulary, from a seed, and
//! a shrinker that takes away what a failure does not need.
//!
//! The conditions reach every predicate, window, check, function and leaf; the
//! histories sit on the edges that the conditions ask about.

#![allow(dead_code, unused_imports, reason = "each test takes what it needs")]

mod condition;
mod history;
mod random;
mod rows;
mod shrink;
mod value;
mod window;

pub use condition::{condition, occurrence_matcher, predicate};
pub use history::{event, history, parties};
pub use random::Random;
pub use rows::matcher;
pub use shrink::{Case, shrink};
pub use value::{extreme_of_kinds, person_leaf, plain_aggregate, value};
pub use window::{LENGTHS, event_window};

use throng::model::{ProfileId, Timestamp, Zone};
use throng::query::{Parties, Person};

/// The instant that generated histories surround: 2026-03-31T12:00:00Z.
pub fn now() -> Timestamp {
    "2026-03-31T12:00:00Z".parse().unwrap()
}

/// A zone in which a generated condition counts days: on 29 March 2026 the
/// clocks of the second go forward.
pub fn zone(random: &mut Random) -> Zone {
    if random.chance(2) { Zone::UTC } else { Zone::named("Europe/Prague").unwrap() }
}

/// A person of those events.
pub fn person<'a>(events: &'a [throng::model::Event], parties: &'a Parties) -> Person<'a> {
    Person { profile: ProfileId(1), events, identifiers: &[], user_id: None, parties }
}
