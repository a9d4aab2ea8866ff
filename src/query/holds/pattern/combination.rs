//! Combinations: different events, one for each of enough kinds, in any order.

use super::super::matcher::fits;
use super::super::place::Row;
use super::Ground;
use crate::query::predicate::Matcher;

/// The places of such events, in canonical order: those of the earliest first
/// event that has any, and of its earliest last one.
pub(super) fn chosen(
    ground: &Ground<'_, '_>,
    kinds: &[Matcher],
    needed: usize,
) -> Option<Vec<usize>> {
    let n_events = ground.events.len();
    let kinds_of: Vec<Vec<bool>> = (0..n_events)
        .map(|place| {
            let row = Row::of(ground.seen, ground.events[place]);
            let lies = ground.lies(&ground.windows.each, place);
            kinds.iter().map(|kind| lies && fits(kind, &row)).collect()
        })
        .collect();
    let may = |place: &usize| kinds_of[*place].contains(&true);
    let firsts = (0..n_events).filter(|at| may(at) && ground.lies(&ground.windows.first, *at));
    firsts.into_iter().find_map(|first| {
        let lasts = (first..n_events)
            .filter(|at| may(at) && ground.lies(&ground.windows.last, *at))
            .filter(|last| ground.is_short(first, *last));
        lasts.into_iter().find_map(|last| from_to(&kinds_of, first, last, needed))
    })
}

/// So many events of different kinds, of which these two are the first and the last.
///
/// Events that can be given different kinds can always be joined by others, one
/// by one, until there are as many as the largest such set has.
fn from_to(kinds_of: &[Vec<bool>], first: usize, last: usize, needed: usize) -> Option<Vec<usize>> {
    let mut ends = vec![first, last];
    ends.dedup();
    if ends.len() > needed || !has_kinds(kinds_of, &ends) {
        return None;
    }
    let mut chosen = ends;
    for place in first + 1..last {
        if chosen.len() == needed {
            break;
        }
        chosen.push(place);
        if !has_kinds(kinds_of, &chosen) {
            chosen.pop();
        }
    }
    chosen.sort_unstable();
    (chosen.len() == needed).then_some(chosen)
}

/// Whether each of these events can be given a kind of its own.
fn has_kinds(kinds_of: &[Vec<bool>], chosen: &[usize]) -> bool {
    let n_kinds = kinds_of[chosen[0]].len();
    let mut holder: Vec<Option<usize>> = vec![None; n_kinds];
    chosen.iter().all(|place| give(kinds_of, *place, &mut holder, &mut vec![false; n_kinds]))
}

/// Gives an event a kind; whoever holds it looks for another one.
fn give(
    kinds_of: &[Vec<bool>],
    place: usize,
    holder: &mut [Option<usize>],
    asked: &mut [bool],
) -> bool {
    for kind in 0..holder.len() {
        if !kinds_of[place][kind] || std::mem::replace(&mut asked[kind], true) {
            continue;
        }
        if holder[kind].is_none_or(|other| give(kinds_of, other, holder, asked)) {
            holder[kind] = Some(place);
            return true;
        }
    }
    false
}
