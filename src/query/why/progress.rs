//! How far somebody has come in a sequence or a combination, and what is awaited.

use super::super::holds::{Seen, day_of, matched, matches};
use super::super::predicate::{CountRange, Form, Gap, Length, Matcher, Pattern, Sequence, Tail};
use super::super::words;
use crate::model::{Date, Event, Text, Timestamp, Zone};
use std::fmt;

/// How far somebody has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many steps, tails counted in, some choice of events fulfils: the
    /// longest beginning that is there, or the most kinds.
    pub reached: usize,
    /// How many there are.
    pub steps: usize,
    /// The events of the latest beginning of that length, with their names.
    pub chosen: Vec<(Text, Timestamp)>,
    /// What is missing next, if anything.
    pub next: Option<String>,
}

impl Progress {
    pub(super) fn of(pattern: &Pattern, seen: Seen<'_>) -> Progress {
        match &pattern.form {
            Form::Sequence(sequence) => in_sequence(pattern, sequence, seen),
            Form::Combination { kinds, needed } => in_combination(pattern, kinds, *needed, seen),
        }
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reached {
            n if n == self.steps => write!(f, "all {n} steps: ")?,
            n => write!(f, "{n} of {} steps: ", self.steps)?,
        }
        let chosen: Vec<String> =
            self.chosen.iter().map(|(name, when)| format!("{name} at {when}")).collect();
        match chosen.is_empty() {
            true => f.write_str("nothing begins it"),
            false => f.write_str(&chosen.join(", ")),
        }
    }
}

fn in_sequence(pattern: &Pattern, sequence: &Sequence, seen: Seen<'_>) -> Progress {
    let steps = sequence.steps.len() + sequence.tails.len();
    // A longer beginning may be there where a shorter one is not, so the longest is looked for first.
    let found = (1..=steps).rev().find_map(|n| {
        let chosen = matches(&beginning(pattern, sequence, n), seen).pop()?;
        Some((n, chosen))
    });
    let (reached, chosen) = found.unwrap_or_default();
    let next = match () {
        () if reached == steps => None,
        () if reached < sequence.steps.len() => {
            Some(next_step(pattern, sequence, reached, (&chosen, seen)))
        }
        () => {
            let tail = &sequence.tails[reached - sequence.steps.len()];
            Some(next_tail(tail, &chosen, seen))
        }
    };
    Progress { reached, steps, chosen: named(&chosen), next }
}

/// The first steps of a sequence, and of its tails those that come before the n-th.
fn beginning(pattern: &Pattern, sequence: &Sequence, n: usize) -> Pattern {
    let n_tails = n.saturating_sub(sequence.steps.len());
    let form = Form::Sequence(Sequence {
        steps: sequence.steps.iter().take(n).cloned().collect(),
        tails: sequence.tails.iter().take(n_tails).cloned().collect(),
        same: sequence.same.clone(),
    });
    Pattern { form, count: CountRange::SOME, ..pattern.clone() }
}

fn next_step(
    pattern: &Pattern,
    sequence: &Sequence,
    reached: usize,
    (chosen, seen): (&[&Event], Seen<'_>),
) -> String {
    let step = &sequence.steps[reached];
    let words = words::step(reached, step);
    let (Some(first), Some(last)) = (chosen.first(), chosen.last()) else { return words };
    let from = step.gaps.iter().find_map(|gap| match gap {
        Gap::AtLeast(length) => Some(end(last.when, length, seen)),
        Gap::Within(_) => None,
    });
    let gaps = step.gaps.iter().filter_map(|gap| match gap {
        Gap::Within(length) => Some(end(last.when, length, seen)),
        Gap::AtLeast(_) => None,
    });
    let total = pattern.total.iter().map(|total| end(first.when, total, seen));
    let before = gaps.chain(total).min();
    let from = from.map(|at| format!(", from {at} on")).unwrap_or_default();
    format!("{words}{from}{}", deadline(before, seen.now))
}

/// The time of a tail is not over, or what must not follow has followed.
fn next_tail(tail: &Tail, chosen: &[&Event], seen: Seen<'_>) -> String {
    let words = words::tail(tail);
    let Some(last) = chosen.last() else { return words };
    let until = tail.gaps.iter().filter_map(|gap| match gap {
        Gap::Within(length) => Some(end(last.when, length, seen)),
        Gap::AtLeast(_) => None,
    });
    let until = until.min();
    let from = tail.gaps.iter().filter_map(|gap| match gap {
        Gap::AtLeast(length) => Some(end(last.when, length, seen)),
        Gap::Within(_) => None,
    });
    let from = from.max().unwrap_or(last.when);
    let follows = |event: &&&Event| {
        from <= event.when
            && until.is_none_or(|until| event.when < until)
            && chosen.iter().all(|other| other.id != event.id)
    };
    let all = matched(&tail.matcher, &[], seen);
    match (all.iter().find(follows), until) {
        (Some(event), _) => {
            let name = event.name().unwrap_or_default();
            format!("{words}; {name} came at {}", event.when)
        }
        (None, Some(until)) => format!("{words}, until {until}"),
        (None, None) => words,
    }
}

fn in_combination(pattern: &Pattern, kinds: &[Matcher], needed: usize, seen: Seen<'_>) -> Progress {
    let of = |needed: usize| {
        let form = Form::Combination { kinds: kinds.to_vec(), needed };
        let part = Pattern { form, count: CountRange::SOME, ..pattern.clone() };
        Some((needed, matches(&part, seen).pop()?))
    };
    let (reached, chosen) = (1..=needed).rev().find_map(of).unwrap_or_default();
    let is_there = |kind: &&Matcher| {
        let all = matched(kind, &[], seen);
        !all.iter().any(|event| chosen.iter().any(|other| other.id == event.id))
    };
    let missing: Vec<String> = kinds.iter().filter(is_there).map(words::matcher).collect();
    let total = pattern.total.as_ref().zip(chosen.first());
    let before = total.map(|(total, first)| end(first.when, total, seen));
    let before = deadline(before, seen.now);
    let next = (reached < needed).then(|| format!("{}{before}", missing.join(" or ")));
    Progress { reached, steps: needed, chosen: named(&chosen), next }
}

fn named(chosen: &[&Event]) -> Vec<(Text, Timestamp)> {
    chosen.iter().map(|event| (event.name().unwrap_or_default().into(), event.when)).collect()
}

fn deadline(before: Option<Timestamp>, now: Timestamp) -> String {
    match before {
        None => String::new(),
        Some(at) if at <= now => format!(", too late since {at}"),
        Some(at) => format!(", before {at}"),
    }
}

/// When a length behind an instant is over: one of the calendar as a local day
/// begins, held at its month's end.
fn end(since: Timestamp, length: &Length, seen: Seen<'_>) -> Timestamp {
    match length {
        Length::Ms(ms) => since.plus_ms(*ms),
        Length::Months(months, local) => month_end(since, *months, &seen.zone(local)),
    }
}

fn month_end(since: Timestamp, months: i32, zone: &Zone) -> Timestamp {
    let (year, month, day) = day_of(zone, since).ymd();
    let count = year * 12 + month as i32 - 1 + months;
    let (year, month) = (count.div_euclid(12), count.rem_euclid(12) as u32 + 1);
    let there = (1..=day).rev().find_map(|day| Date::from_ymd(year, month, day));
    there.map_or(Timestamp::MAX, |day| zone.start_of(day))
}
