//! The events of one person in canonical order.

use super::marks::{Detail, Details, Mark};

/// An event that a pattern looks at.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    pub when: i64,
    /// Its place among all of them.
    pub place: usize,
    pub bits: u64,
    detail: Detail,
}

/// Puts marks in canonical order, and says whether only ids can tell that of two of them.
pub fn in_order(person: &[Mark], details: Details<'_>, events: &mut Vec<Event>) -> bool {
    events.clear();
    events.extend(person.iter().map(|mark| {
        let (detail, Mark { when, bits, .. }) = (details.of(mark), *mark);
        Event { when, place: 0, bits, detail }
    }));
    events.sort_by_key(|event| (event.when, event.detail.ord, event.detail.id));
    events.iter_mut().enumerate().for_each(|(place, event)| event.place = place);
    let head = |event: &Event| (event.when, event.detail.ord);
    events.windows(2).any(|pair| head(&pair[0]) == head(&pair[1]))
}

/// Whether no two lie at one instant; they ascend.
#[inline]
pub fn are_apart(mut whens: impl Iterator<Item = i64>) -> bool {
    let Some(mut last) = whens.next() else { return true };
    whens.all(|when| std::mem::replace(&mut last, when) != when)
}

/// The events under each key, in order.
pub fn by_key(events: &[Event], details: Details<'_>, mut visit: impl FnMut(&[Event])) {
    let keys = |(n, event): (usize, &Event)| {
        details.keys(event.detail).iter().map(move |key| (*key, n)).collect::<Vec<_>>()
    };
    let mut keyed: Vec<(u128, usize)> = events.iter().enumerate().flat_map(keys).collect();
    keyed.sort_unstable();
    keyed.dedup();
    let mut together = Vec::new();
    for of_key in keyed.chunk_by(|left, right| left.0 == right.0) {
        together.clear();
        together.extend(of_key.iter().map(|(_, n)| events[*n]));
        visit(&together);
    }
}
