//! Conditions of every kind.

use super::rows::matcher;
use super::value::{check, value};
use super::window::event_window;
use super::{Random, zone};
use std::sync::Arc;
use throng::query::predicate::*;

/// A condition at most so deep.
pub fn condition(random: &mut Random, depth: u32) -> Condition {
    match random.below(if depth > 0 { 8 } else { 4 }) {
        0..=3 => Tree::Leaf(predicate(random, depth)),
        4 | 5 => Tree::All(random.several(0, 3, |random| condition(random, depth - 1))),
        6 => Tree::Any(random.several(0, 3, |random| condition(random, depth - 1))),
        _ => Tree::Not(Box::new(condition(random, depth - 1))),
    }
}

/// A predicate of any kind.
pub fn predicate(random: &mut Random, depth: u32) -> Predicate {
    match random.below(9) {
        0..=3 => Predicate::Did(Occurrence {
            matcher: occurrence_matcher(random),
            windows: random.several(0, 2, |random| event_window(random, 1)),
            count: count(random),
        }),
        4..=6 => Predicate::Is(Test { subject: value(random, 2), check: check(random, 2, &value) }),
        7 => Predicate::Consent { purpose: random.one_of(&["email", "sms", "post"]).into() },
        _ => Predicate::InAudience(Arc::new(Audience {
            name: "inner".into(),
            version: 1,
            condition: condition(random, depth.saturating_sub(1)),
            zone: zone(random),
        })),
    }
}

/// Events that are counted.
pub fn occurrence_matcher(random: &mut Random) -> Matcher {
    matcher(random, 2)
}

fn count(random: &mut Random) -> CountRange {
    let least = random.below(4);
    match random.below(4) {
        0 => CountRange::SOME,
        1 => CountRange::NONE,
        2 => CountRange { least, most: None },
        _ => CountRange { least, most: Some(least + random.below(3)) },
    }
}
