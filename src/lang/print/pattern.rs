//! Sequences and combinations.

use super::condition::{event, matcher};
use super::name::path;
use super::window::reach;
use crate::lang::tree::{Combination, Gap, Link, Reach, Sequence, Step, Tail};

pub(super) fn sequence(sequence: &Sequence) -> String {
    let steps = sequence.steps.iter().map(step);
    let tails = sequence.tails.iter().map(tail);
    let follows: String = steps.chain(tails).collect();
    let same = sequence.same.as_ref().map(|same| format!(" same {}", path(same)));
    let same = same.unwrap_or_default();
    format!("({}{follows}){same}{}", matcher(&sequence.first), total(sequence.total.as_ref()))
}

fn step(step: &Step) -> String {
    let link = match step.link {
        Link::Then => "then",
        Link::Immediately => "then immediately",
        Link::Strictly => "then strictly",
    };
    let without: String =
        step.without.iter().map(|other| format!(" without {}", matcher(other))).collect();
    format!(" {link} {}{}{without}", linked(step), gaps(&step.gaps))
}

/// What follows the link; an event that is called like a link is told from one.
fn linked(step: &Step) -> String {
    let printed = matcher(&step.matcher);
    let is_link =
        |word: &str| ["immediately", "strictly"].iter().any(|link| word.eq_ignore_ascii_case(link));
    let (word, rest) = printed.split_at(printed.find(' ').unwrap_or(printed.len()));
    if is_link(word) { format!("`{word}`{rest}") } else { printed }
}

fn tail(tail: &Tail) -> String {
    format!(" then no {}{}", matcher(&tail.matcher), gaps(&tail.gaps))
}

fn gaps(gaps: &[Gap]) -> String {
    let gap = |gap: &Gap| match gap {
        Gap::Within(span) => format!(" within {}", reach(span)),
        Gap::AtLeast(span) => format!(" after at least {}", reach(span)),
    };
    gaps.iter().map(gap).collect()
}

fn total(total: Option<&Reach>) -> String {
    total.map_or(String::new(), |span| format!(" within {}", reach(span)))
}

pub(super) fn combination(combination: &Combination) -> String {
    let needed = combination.needed.map_or("all".to_owned(), |n| n.to_string());
    let events: Vec<String> = combination.events.iter().map(event).collect();
    format!("{needed} of ({}){}", events.join(", "), total(combination.total.as_ref()))
}
