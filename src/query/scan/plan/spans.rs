//! Between which instants an event matters to a sequence: what lies outside belongs to
//! no match and breaks none, so that it need not be read.

use super::Plan;
use super::gather::Gather;
use super::pattern::binds_of;
use crate::query::predicate::{Form, Gap, Length, Pattern, Sequence};
use crate::query::scan::pattern::{Sought, role};

/// By what an event is good for, from which instant on and before which it matters.
pub struct Spans(Vec<(u64, (i64, i64))>);

impl Spans {
    /// Those of all that is looked for, together.
    pub fn of<'c>(plan: &mut Plan<'c>, sought: Sought<'c>) -> Spans {
        let mut all: Vec<(u64, (i64, i64))> = Vec::new();
        for pattern in sought.patterns() {
            let Form::Sequence(sequence) = &pattern.form else { continue };
            for (bits, span) in of_roles(sequence, &of_steps(plan, pattern, sequence)) {
                match all.iter_mut().find(|(known, _)| *known == bits) {
                    Some((_, known)) => *known = (known.0.min(span.0), known.1.max(span.1)),
                    None => all.push((bits, span)),
                }
            }
        }
        Spans(all)
    }

    pub fn narrow(&self, gather: &mut Gather, bits: u64) {
        if let Some((_, (from, to))) = self.0.iter().find(|(known, _)| *known == bits) {
            gather.span = (gather.span.0.max(*from), gather.span.1.min(*to));
        }
    }
}

/// Where each step may lie: no step lies before the one before.
fn of_steps<'c>(
    plan: &mut Plan<'c>,
    pattern: &'c Pattern,
    sequence: &'c Sequence,
) -> Vec<(i64, i64)> {
    let n_steps = sequence.steps.len();
    let mut spans: Vec<(i64, i64)> =
        (0..n_steps).map(|n| plan.bound(pattern, &binds_of(n, n_steps))).collect();
    let total = pattern.total.as_ref().map_or(i64::MAX, longest);
    for n in 1..n_steps {
        let (before, gaps) = (spans[n - 1], &sequence.steps[n].gaps);
        let latest = before.1.saturating_add(most(gaps)).min(spans[0].1.saturating_add(total));
        spans[n] = (spans[n].0.max(before.0.saturating_add(least(gaps))), spans[n].1.min(latest));
    }
    for n in (1..n_steps).rev() {
        let (behind, gaps) = (spans[n], &sequence.steps[n].gaps);
        let earliest = behind.0.saturating_sub(most(gaps));
        let earliest = earliest.max(spans[n_steps - 1].0.saturating_sub(total));
        let latest = behind.1.saturating_sub(least(gaps));
        spans[n - 1] = (spans[n - 1].0.max(earliest), spans[n - 1].1.min(latest));
    }
    spans
}

/// The same of everything that an event may be good for.
fn of_roles(sequence: &Sequence, steps: &[(i64, i64)]) -> Vec<(u64, (i64, i64))> {
    let (Some(first), Some(last)) = (steps.first(), steps.last()) else { return Vec::new() };
    let own = steps.iter().enumerate().map(|(n, span)| (role::step(n), *span));
    let between = steps.windows(2).map(|pair| (pair[0].0, pair[1].1));
    let between = between.enumerate().map(|(n, span)| (role::without(n + 1), span));
    let tails = sequence.tails.iter().enumerate().map(|(n, tail)| {
        let end = last.1.saturating_add(most(&tail.gaps));
        (role::tail(n), (last.0.saturating_add(least(&tail.gaps)), end))
    });
    let all = [(role::EVENT, (first.0, last.1))];
    own.chain(between).chain(tails).chain(all).collect()
}

/// No match lies further apart than that.
fn most(gaps: &[Gap]) -> i64 {
    let lengths = gaps.iter().filter_map(|gap| match gap {
        Gap::Within(length) => Some(longest(length)),
        Gap::AtLeast(_) => None,
    });
    lengths.min().unwrap_or(i64::MAX)
}

/// None lies nearer.
fn least(gaps: &[Gap]) -> i64 {
    let lengths = gaps.iter().filter_map(|gap| match gap {
        Gap::AtLeast(Length::Ms(ms)) => Some(*ms),
        _ => None,
    });
    lengths.max().unwrap_or(0).max(0)
}

/// A month has 31 days, and a day of a zone begins hours before or after another's.
fn longest(length: &Length) -> i64 {
    const DAY_MS: i64 = 86_400_000;
    match length {
        Length::Ms(ms) => *ms,
        Length::Months(months, _) => i64::from(*months) * 31 * DAY_MS + 3 * DAY_MS,
    }
}
