//! Sequences whose own events are of the kinds that may not lie between or behind
//! them: what was chosen does not stand in its own way, and everything else does.

use super::{Random, event, now};
use throng::model::{Body, Event, Path};
use throng::query::predicate::*;

const HOUR: i64 = 3_600_000;

/// Two or three events of two kinds, and one of these kinds, or any, is not wanted.
pub fn crossed_pattern(random: &mut Random) -> Pattern {
    let n_steps = 2 + random.below(2);
    let steps: Vec<Step> = (0..n_steps).map(|n| step(random, n > 0)).collect();
    let tails = random.several(0, 2, |random| Tail {
        matcher: matcher(random),
        gaps: if random.chance(2) { vec![Gap::Within(hours(random))] } else { Vec::new() },
    });
    let path = Path::dotted("channel").unwrap();
    let same = random.chance(4).then_some(RowLeaf::Property { path, declared: None });
    let form = Form::Sequence(Sequence { steps, tails, same });
    let more = CountRange { least: 2, most: None };
    let count = random.one_of(&[CountRange::SOME, CountRange::NONE, more]);
    Pattern { form, total: None, windows: Vec::new(), count }
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
    let mut events = random.several(2, 6, |random| {
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
