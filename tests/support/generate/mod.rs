//! Random histories and conditions over one small vocabulary, from a seed, and
//! a shrinker that takes away what a failure does not need.
//!
//! The conditions reach every predicate, window, check, function and leaf; the
//! histories sit on the edges that the conditions ask about.

#![allow(dead_code, unused_imports, reason = "each test takes what it needs")]

mod among;
mod calendar;
mod condition;
mod crossed;
mod history;
mod live;
mod pattern;
mod question;
mod random;
mod rank;
mod rows;
mod shrink;
mod special;
mod value;
mod window;

pub use among::{aggregate_among_others, asked_among_others, value_among_others};
pub use calendar::{calendar, midnight};
pub use condition::{condition, occurrence_matcher, predicate};
pub use crossed::{close_history, crossed_pattern};
pub use history::{event, history, parties};
pub use live::only_live;
pub use pattern::pattern;
pub use question::question;
pub use random::Random;
pub use rank::{Few, condition_among_others, rank};
pub use rows::matcher;
pub use shrink::{Case, shrink};
pub use value::{active_periods, extreme_of_kinds, person_leaf, plain_aggregate, value};
pub use window::{LENGTHS, event_window};

use std::cell::Cell;
use throng::model::{ProfileId, Timestamp, Zone};
use throng::query::predicate::Local;
use throng::query::{Nobody, Parties, Person};

/// Instants that generated histories surround. On 29 March 2026 clocks of Europe
/// went forward, on 26 October 2025 back; on 4 November 2018 those of São Paulo
/// went forward at midnight, on 18 February 2018 back to it; Apia had no
/// 30 December 2011; on 1 November 2009 clocks of Newfoundland went back from a
/// minute past midnight, on 5 April 2025 those of Lord Howe by half an hour.
const NOWS: [&str; 12] = [
    "2026-03-31T12:00:00Z",
    "2026-03-31T12:00:00Z",
    "2024-02-29T12:00:00Z",
    "2025-03-31T00:00:00Z",
    "2024-03-30T23:00:00Z",
    "2025-10-26T00:30:00Z",
    "2018-11-04T02:59:59.999Z",
    "2018-02-18T02:00:00Z",
    "2011-12-30T09:59:59.999Z",
    "2025-12-31T23:59:59.999Z",
    "2009-11-01T02:31:00Z",
    "2025-04-05T15:00:00Z",
];

/// Zones in which generated conditions count days.
pub const ZONES: [&str; 6] = [
    "UTC",
    "Europe/Bratislava",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "America/St_Johns",
    "Australia/Lord_Howe",
];

thread_local! {
    static NOW: Cell<Timestamp> = Cell::new(NOWS[0].parse().unwrap());
}

/// The instant that generated histories surround.
pub fn now() -> Timestamp {
    NOW.get()
}

/// From here on, and in this thread, histories surround another instant.
pub fn stand_somewhere(random: &mut Random) {
    NOW.set(random.one_of(&NOWS).parse().unwrap());
}

/// A zone in which a generated condition counts days.
pub fn zone(random: &mut Random) -> Zone {
    let name = if random.chance(3) { "UTC" } else { random.one_of(&ZONES) };
    Zone::named(name).unwrap()
}

/// Whose days a generated condition counts: those of a zone, or of the person.
pub fn local(random: &mut Random) -> Local {
    let zone = zone(random);
    if random.chance(3) { Local::Theirs(zone) } else { Local::In(zone) }
}

/// A person of those events.
pub fn person<'a>(events: &'a [throng::model::Event], parties: &'a Parties) -> Person<'a> {
    let (profile, identifiers) = (ProfileId(1), &[]);
    Person { profile, events, identifiers, user_id: None, parties, others: &Nobody }
}
