//! Sequences and combinations of every shape.

use super::rows::matcher;
use super::window::{LENGTHS, event_window};
use super::{Random, local};
use throng::model::Path;
use throng::query::predicate::*;

/// A pattern of few events. Its months are told by one zone: a text has one for all.
pub fn pattern(random: &mut Random) -> Pattern {
    let local = local(random);
    let form = match random.chance(4) {
        true => combination(random),
        false => Form::Sequence(sequence(random, &local)),
    };
    let is_sequence = matches!(form, Form::Sequence(_));
    let total = random.chance(3).then(|| length(random, &local));
    let windows = random.several(0, 2, placing);
    let count = match random.below(4) {
        0 => CountRange::NONE,
        1 if is_sequence => CountRange { least: 2, most: None },
        2 if is_sequence => CountRange { least: 0, most: Some(1 + random.below(2)) },
        _ => CountRange::SOME,
    };
    Pattern { form, total, windows, count }
}

fn combination(random: &mut Random) -> Form {
    let kinds = random.several(1, 4, |random| matcher(random, 0));
    let needed = 1 + random.below(kinds.len() as u64) as usize;
    Form::Combination { kinds, needed }
}

fn sequence(random: &mut Random, local: &Local) -> Sequence {
    let mut steps = random.several(1, 4, |random| step(random, local));
    // Of a first step nothing but the matcher is said.
    steps[0] = Step { link: Link::Then, gaps: Vec::new(), without: None, ..steps[0].clone() };
    let n_tails = if steps.len() == 1 { 1 } else { 0 };
    let tails = random.several(n_tails, 2, |random| Tail {
        matcher: matcher(random, 0),
        gaps: random.several(0, 2, |random| gap(random, local)),
    });
    Sequence { steps, tails, same: random.chance(3).then(|| key(random)) }
}

fn key(random: &mut Random) -> RowLeaf {
    let path = random.one_of(&["channel", "total", "items.sku", "tags"]);
    match random.chance(5) {
        true => RowLeaf::Source,
        false => RowLeaf::Property { path: Path::dotted(path).unwrap(), declared: None },
    }
}

fn step(random: &mut Random, local: &Local) -> Step {
    let links = [Link::Then, Link::Then, Link::Then, Link::Strictly, Link::Immediately];
    Step {
        link: random.one_of(&links),
        matcher: matcher(random, 0),
        gaps: match random.chance(2) {
            true => random.several(1, 2, |random| gap(random, local)),
            false => Vec::new(),
        },
        without: random.chance(3).then(|| matcher(random, 0)),
    }
}

fn gap(random: &mut Random, local: &Local) -> Gap {
    let length = length(random, local);
    if random.chance(3) { Gap::AtLeast(length) } else { Gap::Within(length) }
}

fn length(random: &mut Random, local: &Local) -> Length {
    match random.chance(4) {
        true => Length::Months(random.one_of(&[1, 2, 3]), local.clone()),
        false => Length::Ms(random.one_of(&LENGTHS)),
    }
}

fn placing(random: &mut Random) -> Placing {
    let binds = random.one_of(&[Binds::Each, Binds::First, Binds::Last]);
    Placing { binds, window: event_window(random, 1) }
}
