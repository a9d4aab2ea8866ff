//! Patterns among the events of one person that were gathered for them.

mod chain;
mod combination;
mod instants;
mod marks;
mod quick;
pub mod role;

pub use marks::{Marks, Raw};

use super::plan::after;
use crate::model::{Timestamp, Zone};
use crate::query::predicate::{Form, Gap, Pattern};
use chain::Chain;
use instants::Instants;
use quick::Quick;

/// How many matches the marks of a person make.
pub fn n_matches(pattern: &Pattern, marks: &[Raw], now: Timestamp, zone: &Zone) -> u64 {
    let in_order = || marks::in_order(marks);
    match &pattern.form {
        Form::Combination { kinds: _, needed } => {
            let marks = in_order();
            u64::from(combination::is_there(pattern, &marks, *needed, zone))
        }
        Form::Sequence(sequence) => {
            let total = pattern.total.as_ref();
            let quick = Quick::of(sequence, total, (now.millis(), zone));
            let plainly = quick.and_then(|quick| Some((quick, marks::one_by_one(marks)?)));
            if let Some((quick, events)) = plainly {
                return quick.n_firsts(&events);
            }
            let marks = in_order();
            let chain = Chain::new(pattern, sequence, (now.millis(), zone));
            let count = |marks: &[marks::Mark]| chain.n_firsts(&Instants::of(marks));
            if sequence.same.is_none() {
                return count(&marks);
            }
            let keyed = marks::by_key(&marks);
            keyed.iter().filter(|marks| count(marks) > 0).count() as u64
        }
    }
}

/// The first instant that gaps allow behind another, and the first they do not any more.
fn allowed(from: i64, gaps: &[Gap], zone: &Zone) -> (i64, i64) {
    let (mut least, mut end) = (from, i64::MAX);
    for gap in gaps {
        match gap {
            Gap::Within(length) => end = end.min(after(from, length, zone)),
            Gap::AtLeast(length) => least = least.max(after(from, length, zone)),
        }
    }
    (least, end)
}
