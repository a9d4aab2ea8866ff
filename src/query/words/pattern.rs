//! Sequences and combinations in words.

use super::window::{length, window};
use super::{InWords, count, matcher};
use crate::model::agreeing;
use crate::query::predicate::{
    Binds, CountRange, Form, Gap, Length, Link, Matcher, Pattern, Placing, Sequence, Step, Tail,
};

pub(in crate::query) fn pattern(pattern: &Pattern) -> String {
    let verb = if pattern.count == CountRange::NONE { "did not" } else { "did" };
    let form = match &pattern.form {
        Form::Sequence(found) => sequence(found),
        Form::Combination { kinds, needed } => combination(kinds, *needed),
    };
    let total = pattern.total.as_ref().map(|total| format!(" within {}", span(total)));
    let windows: String = pattern.windows.iter().map(placing).collect();
    format!("{verb} {form}{}{}{windows}", total.unwrap_or_default(), count(pattern.count))
}

fn sequence(sequence: &Sequence) -> String {
    let steps = sequence.steps.iter().enumerate().map(|(place, found)| step(place, found));
    let events: Vec<String> = steps.chain(sequence.tails.iter().map(tail)).collect();
    let same = sequence.same.as_ref().map(|same| format!(" same {}", same.words()));
    format!("({}){}", events.join(" "), same.unwrap_or_default())
}

pub(in crate::query) fn step(place: usize, step: &Step) -> String {
    let link = match step.link {
        _ if place == 0 => "",
        Link::Then => "then ",
        Link::Immediately => "then immediately ",
        Link::Strictly => "then strictly ",
    };
    let without = step.without.as_ref().map(|other| format!(" without {}", matcher(other)));
    format!("{link}{}{}{}", matcher(&step.matcher), gaps(&step.gaps), without.unwrap_or_default())
}

pub(in crate::query) fn tail(tail: &Tail) -> String {
    format!("then no {}{}", matcher(&tail.matcher), gaps(&tail.gaps))
}

fn gaps(gaps: &[Gap]) -> String {
    let gap = |gap: &Gap| match gap {
        Gap::Within(length) => format!(" within {}", span(length)),
        Gap::AtLeast(length) => format!(" after at least {}", span(length)),
    };
    gaps.iter().map(gap).collect()
}

fn combination(kinds: &[Matcher], needed: usize) -> String {
    let of: Vec<String> = kinds.iter().map(matcher).collect();
    let needed = if needed == kinds.len() { "all".to_owned() } else { needed.to_string() };
    format!("{needed} of ({})", of.join(", "))
}

fn placing(placing: &Placing) -> String {
    let binds = match placing.binds {
        Binds::Each => "",
        Binds::First => " starting",
        Binds::Last => " ending",
    };
    format!("{binds}{}", window(&placing.window))
}

fn span(found: &Length) -> String {
    match found {
        Length::Ms(ms) => length(*ms),
        Length::Months(months, _) if months % 12 == 0 => {
            let years = months / 12;
            format!("{years} year{}", agreeing(years.unsigned_abs().into(), "", "s"))
        }
        Length::Months(months, _) => {
            format!("{months} month{}", agreeing(months.unsigned_abs().into(), "", "s"))
        }
    }
}
