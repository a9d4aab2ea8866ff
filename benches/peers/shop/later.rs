//! What comes after the history, in batches; a visitor's calls are never parted.

use super::Size;
use super::event::{Event, Identify, Says};
use super::history::History;
use std::collections::HashMap;

/// One batch, in order of time: so many events, a few more where a visit goes on,
/// and the calls that say whose the visits were.
#[derive(Default)]
pub struct Batch {
    pub events: Vec<Event>,
    pub identifies: Vec<Identify>,
}

/// As many batches as were asked for, if so much happens.
pub fn batches(history: &History, size: &Size) -> Vec<Batch> {
    let each = size.batch_size as usize;
    let n_batches = (history.later.len() / each.max(1)).min(size.batches as usize);
    let mut batches: Vec<Batch> = (0..n_batches).map(|_| Batch::default()).collect();
    let (mut of_visit, mut open) = (HashMap::new(), 0);
    for event in &history.later {
        let visit = (event.person, event.visit);
        let place = match of_visit.get(&visit).filter(|_| event.anonymous) {
            Some(place) => *place,
            None if open == n_batches => continue,
            None => open,
        };
        if event.anonymous {
            of_visit.insert(visit, place);
        }
        batches[place].events.push(*event);
        open += usize::from(open < n_batches && batches[open].events.len() >= each);
    }
    for call in &history.later_identifies {
        if let Says::Visit(visit) = call.says
            && let Some(place) = of_visit.get(&(call.person, visit))
        {
            batches[*place].identifies.push(*call);
        }
    }
    batches
}
