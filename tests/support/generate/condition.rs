//! Conditions of every kind.

use super::live::of_kind_wanted;
use super::pattern::pattern;
use super::rows::matcher;
use super::special::{attribute, fitting};
use super::value::{
    active_periods, check, counting_score, during, growing, moment, plain_aggregate, value,
};
use super::window::{event_window, lately};
use super::{Random, local};
use std::sync::Arc;
use throng::model::{Decimal, FixedUnit, Unit, Value};
use throng::query::predicate::*;

/// A condition at most so deep.
pub fn condition(random: &mut Random, depth: u32) -> Condition {
    match random.below(if depth > 0 { 8 } else { 4 }) {
        0..=3 => Tree::Leaf(predicate(random, depth)),
        4 | 5 => Tree::All(random.several(0, 3, |random| condition(random, depth - 1))),
        6 => Tree::Any(random.several(0, 3, |random| condition(random, depth - 1))),
        _ => Tree::Not(Box::new(condition(random, depth - 1))),
    }
}

/// A predicate of any kind.
pub fn predicate(random: &mut Random, depth: u32) -> Predicate {
    match random.below(14) {
        10 | 11 => Predicate::Pattern(Box::new(pattern(random))),
        12 | 13 => Predicate::Is(of_kind_wanted(random, |r| fitting(r, &moment, &attribute))),
        9 => Predicate::Is(of_kind_wanted(random, moment_in_a_window)),
        0..=3 => {
            let matcher = occurrence_matcher(random);
            let mut windows = random.several(0, 2, |random| event_window(random, 1));
            if random.chance(3) {
                windows = vec![beside_its_own(random, &matcher)];
            }
            Predicate::Did(Occurrence { matcher, windows, count: count(random) })
        }
        4 => Predicate::Is(of_kind_wanted(random, against_a_constant)),
        5 | 6 => Predicate::Is(of_kind_wanted(random, |random| {
            let subject = match random.chance(3) {
                true => Expr::Leaf(plain_aggregate(random)),
                false => value(random, 2),
            };
            Test { subject, check: check(random, 2, &value) }
        })),
        7 => Predicate::Consent { purpose: random.one_of(&["email", "sms", "post"]).into() },
        _ => Predicate::InAudience(Arc::new(Audience {
            name: "inner".into(),
            version: 1,
            condition: condition(random, depth.saturating_sub(1)),
            zone: local(random),
        })),
    }
}

/// An instant or a date that may lie ahead.
fn moment_in_a_window(random: &mut Random) -> Test<PersonLeaf> {
    let subject = moment(random, 1);
    Test { subject, check: during(random, 1, &moment) }
}

/// A number of some rows against a small one, as most questions are.
fn against_a_constant(random: &mut Random) -> Test<PersonLeaf> {
    use Comparison::*;
    let comparison = random.one_of(&[AtLeast, AtLeast, Greater, Less, AtMost, Equal, NotEqual]);
    let bound = random.one_of(&["0", "1", "2", "2", "3", "10", "0.5", "-1"]).parse::<Decimal>();
    let bound = Expr::Literal(Value::Number(bound.unwrap()));
    let mut subject = match random.below(11) {
        0 | 1 => active_periods(random),
        2 => growing(random),
        3 => PersonLeaf::Score(Arc::new(counting_score(random))),
        _ => plain_aggregate(random),
    };
    if let PersonLeaf::Aggregate(aggregate) = &mut subject
        && random.chance(2)
    {
        aggregate.windows = vec![lately(random)];
        if random.chance(4) {
            aggregate.windows.clear();
            aggregate.value = Some(age(random));
            aggregate.function = random.one_of(&[Function::Sum, Function::Avg, Function::Last]);
            return Test { subject: Expr::Leaf(subject), check: Check::Compare(comparison, bound) };
        }
        // What one value did is hardest to keep.
        if random.chance(2) && aggregate.value.as_ref().is_none_or(is_leaf) {
            aggregate.function = Function::Distinct;
        }
    }
    Test { subject: Expr::Leaf(subject), check: Check::Compare(comparison, bound) }
}

fn is_leaf(value: &Expr<RowLeaf>) -> bool {
    matches!(value, Expr::Leaf(_))
}

/// How many days ago an event was.
fn age(random: &mut Random) -> Expr<RowLeaf> {
    let zone = local(random);
    let when = Point::Value(Expr::Leaf(RowLeaf::When), zone.clone());
    let (unit, direction) = (Unit::Fixed(FixedUnit::Day), Direction::Since);
    Expr::Elapsed { unit, direction, point: Box::new(when), zone }
}

/// After the first or before the last event of the same names, whatever the
/// filters: that event itself does not count.
fn beside_its_own(random: &mut Random, matcher: &Matcher) -> Window<PersonLeaf> {
    let bare = matcher.0.iter().map(|one| EventFilter { filter: None, ..one.clone() });
    let which = random.one_of(&[Which::First, Which::Last]);
    let point = Point::Anchor(which, Matcher(bare.collect()));
    let edge = Some(Edge { point, included: true });
    match which {
        Which::First => Window::Range { from: edge, to: None },
        Which::Last => Window::Range { from: None, to: edge },
    }
}

/// Events that are counted.
pub fn occurrence_matcher(random: &mut Random) -> Matcher {
    matcher(random, 2)
}

fn count(random: &mut Random) -> CountRange {
    let least = random.below(4);
    match random.below(4) {
        0 => CountRange::SOME,
        1 => CountRange::NONE,
        2 => CountRange { least, most: None },
        _ => CountRange { least, most: Some(least + random.below(3)) },
    }
}
