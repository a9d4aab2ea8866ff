//! Patterns judged once all rows are gathered: a job per page of people.

use super::Level;
use crate::query::scan::pattern::{Judge, Marks, Part, Sorted};
use crate::query::scan::slot::{PAGE, Packed, PerSeat, Slots, Ties};
use crate::query::scan::source::ScanError;
use crate::query::scan::value::Here;
use std::sync::OnceLock;

/// What a page of people comes to, and whether ids would have been needed.
type Judged = (Packed<u64>, bool);

/// The number of each person that the marks in a slot come to.
pub fn judged(
    level: Level<'_>,
    slot: usize,
    marks: Marks,
    ties: &mut Ties,
) -> Result<Slots, ScanError> {
    let pages = marks.into_pages();
    let found: Vec<OnceLock<Judged>> = pages.iter().map(|_| OnceLock::new()).collect();
    (level.source.run)(pages.len(), &|n| {
        if !(level.source.stop)() {
            found[n].get_or_init(|| page(level, slot, &pages[n].1));
        }
    });
    let mut counts = Vec::with_capacity(found.len());
    for ((number, _), found) in pages.iter().zip(found) {
        let (of_page, is_torn) = found.into_inner().ok_or(ScanError::Cancelled)?;
        ties.torn |= is_torn;
        counts.push((*number, of_page));
    }
    Ok(Slots::Counts(PerSeat::of_pages(counts)))
}

fn page(level: Level<'_>, slot: usize, parts: &[Part]) -> Judged {
    let Some((sought, days)) = level.plan.pattern(slot) else { return Judged::default() };
    let Level { source, plan, table, has_ids, .. } = level;
    let mut judge = Judge::new(sought, plan.now.millis(), has_ids);
    let mut counts = Vec::new();
    Sorted::of(parts, judge.needed()).each(|person, details| {
        let seat = person[0].seat;
        let here = Here::of(seat, table, source.identity, plan.now);
        let n = judge.judge(person, details, &days.zone(&here));
        if n > 0 {
            counts.push((seat as usize % PAGE, n));
        }
    });
    counts.sort_unstable_by_key(|(place, _)| *place);
    (Packed::of(counts), judge.torn)
}
