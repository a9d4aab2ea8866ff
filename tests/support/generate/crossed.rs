//! Sequences whose own events are of the kinds that may not lie between or behind
//! them: what was chosen does not stand in its own way, and everything else does.

use super::{Random, event, now};
use throng::model::{Body, Event, Path};
use throng::query::predicate::*;

const HOUR: i64 = 3_600_000;

/// Two or three events of two kinds, and one of these kinds, or any, is not wanted;
/// or some of two kinds in any order.
pub fn crossed_pattern(random: &mut Random) -> Pattern {
    let (form, count) = match random.chance(5) {
        true => (combination(random), random.one_of(&[CountRange::SOME, CountRange::NONE])),
        false => (sequence(random), count(random)),
    };
    let total = random.chance(4).then(|| hours(random));
    Pattern { form, total, windows: random.several(0, 2, placing), count }
}

fn combination(random: &mut Random) -> Form {
    let kinds = random.several(2, 3, matcher);
    let needed = 1 + random.below(kinds.len() as u64) as usize;
    Form::Combination { kinds, needed }
}

fn sequence(random: &mut Random) -> Form {
    let n_steps = 2 + random.below(2);
    let steps: Vec<Step> = (0..n_steps).map(|n| step(random, n > 0)).collect();
    let tails = random.several(0, 2, |random| Tail {
        matcher: matcher(random),
        gaps: if random.chance(2) { vec![Gap::Within(hours(random))] } else { Vec::new() },
    });
    let path = Path::dotted("channel").unwrap();
    let same = random.chance(4).then_some(RowLeaf::Property { path, declared: None });
    Form::Sequence(Sequence { steps, tails, same })
}

fn count(random: &mut Random) -> CountRange {
    let range = |least, most| CountRange { least, most };
    random.one_of(&[
        CountRange::SOME,
        CountRange::NONE,
        range(2, None),
        range(0, Some(1)),
        range(1, Some(1)),
    ])
}

/// A window that some of a few hours are in.
fn placing(random: &mut Random) -> Placing {
    let binds = random.one_of(&[Binds::Each, Binds::First, Binds::Last]);
    let (n_hours, more) = (random.between(0, 4), random.between(1, 3));
    let edge = |hours: i64, included| {
        Some(Edge { point: Point::Instant(now().plus_ms(-hours * HOUR)), included })
    };
    let window = match random.below(4) {
        0 | 1 => Window::Last { ms: (n_hours + 1) * HOUR },
        2 => Window::Ago { from_ms: n_hours * HOUR, to_ms: (n_hours + more) * HOUR },
        _ => Window::Range {
            from: edge(n_hours + more, random.chance(2)),
            to: random.chance(2).then(|| edge(n_hours, random.chance(2))).flatten(),
        },
    };
    Placing { binds, window }
}

fn step(random: &mut Random, follows: bool) -> Step {
    let link = if follows { random.one_of(&[Link::Then, Link::Strictly]) } else { Link::Then };
    let without = (follows && random.chance(2)).then(|| matcher(random));
    Step { link, matcher: matcher(random), gaps: Vec::new(), without }
}

fn matcher(random: &mut Random) -> Matcher {
    let name = random.one_of(&[Some("order"), Some("order"), Some("visit"), None]);
    Matcher(vec![EventFilter { name: name.map(Into::into), filter: None }])
}

fn hours(random: &mut Random) -> Length {
    Length::Ms(random.one_of(&[1, 2, 3]) * HOUR)
}

/// A few orders and visits within hours, some of them in one instant.
pub fn close_history(random: &mut Random) -> Vec<Event> {
    let mut events = random.several(2, 8, |random| {
        let when = now().plus_ms(-(random.below(6) as i64) * HOUR);
        let mut found = Event { when, ..event(random) };
        let Body::Track { properties, .. } = body_of_track(random) else { return found };
        let name = random.one_of(&["order", "visit"]);
        found.body = Body::Track { event: name.into(), properties };
        found
    });
    events.sort_by(Event::canonical);
    events
}

fn body_of_track(random: &mut Random) -> Body {
    std::iter::repeat_with(|| event(random).body)
        .find(|body| matches!(body, Body::Track { .. }))
        .unwrap()
}
