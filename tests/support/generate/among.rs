//! What only a report may ask: values that hang on where somebody stands among others.

use super::condition::{condition, occurrence_matcher};
use super::rank::{condition_among_others, rank};
use super::value::{check, moment, plain_aggregate, value};
use super::window::LENGTHS;
use super::{Random, local};
use std::sync::Arc;
use throng::model::{FixedUnit, Kind, Unit};
use throng::query::predicate::*;

/// A value that hangs on ranks, in an `if` or in what a window hangs on.
pub fn value_among_others(random: &mut Random, depth: u32) -> Expr<PersonLeaf> {
    let inner = depth.saturating_sub(1);
    match random.below(if depth > 0 { 8 } else { 2 }) {
        0 | 1 => chosen(random, inner, &value),
        2 => chosen(random, inner, &value_among_others),
        7 => among_some_and_others(random),
        3 => Expr::Coalesce(vec![value_among_others(random, inner), value(random, 0)]),
        4 => Expr::Elapsed {
            unit: Unit::Fixed(random.one_of(&[FixedUnit::Day, FixedUnit::Hour])),
            direction: Direction::Since,
            point: Box::new(Point::Value(moment_among_others(random), local(random))),
            zone: local(random),
        },
        5 => Expr::Leaf(aggregate_among_others(random)),
        _ => Expr::Arithmetic {
            operator: Operator::Add,
            left: Box::new(value_among_others(random, inner)),
            right: Box::new(value(random, 0)),
        },
    }
}

/// An aggregate over events of a window that hangs on ranks.
pub fn aggregate_among_others(random: &mut Random) -> PersonLeaf {
    loop {
        if let PersonLeaf::Aggregate(mut of) = plain_aggregate(random) {
            of.windows = vec![window_among_others(random)];
            return PersonLeaf::Aggregate(of);
        }
    }
}

/// A condition that names ranks, also where a value is tested or a window begins.
pub fn asked_among_others(random: &mut Random, depth: u32) -> Condition {
    match random.below(6) {
        0 => condition_among_others(random, depth),
        1 => Tree::Leaf(Predicate::Did(Occurrence {
            matcher: occurrence_matcher(random),
            windows: vec![window_among_others(random)],
            count: CountRange::SOME,
        })),
        2 => {
            let (value, reads) = (value_among_others(random, depth), Kind::Number);
            let among = match random.chance(2) {
                true => Condition::always(),
                false => asked_among_others(random, depth.saturating_sub(1)),
            };
            let rank = Rank { value, reads, among, moves: None, ..rank(random, 0) };
            Tree::Leaf(Predicate::Ranked(Arc::new(rank)))
        }
        3 => Tree::Any(vec![asked_among_others(random, 0).not(), condition(random, 0)]),
        _ => Tree::Leaf(Predicate::Is(Test {
            subject: value_among_others(random, depth),
            check: check(random, 0, &value),
        })),
    }
}

fn chosen(
    random: &mut Random,
    depth: u32,
    otherwise: &dyn Fn(&mut Random, u32) -> Expr<PersonLeaf>,
) -> Expr<PersonLeaf> {
    let mut asked = |predicate| match predicate {
        Predicate::Is(test) => Asked::Is(test),
        other => Asked::Person(Box::new(other)),
    };
    let depth = depth.min(1);
    Expr::Choice(Box::new(Choice {
        condition: condition_among_others(random, depth).map(&mut asked),
        then: value(random, depth),
        otherwise: otherwise(random, depth),
    }))
}

/// The same part of one order twice, of other people each time.
fn among_some_and_others(random: &mut Random) -> Expr<PersonLeaf> {
    let first = rank(random, 0);
    let second = Rank { among: condition(random, 1), ..first.clone() };
    let number = |n: i64| Expr::Literal(n.into());
    let if_in = |rank: Rank, then, otherwise| {
        let ranked = Predicate::Ranked(Arc::new(rank));
        let condition = Tree::Leaf(Asked::Person(Box::new(ranked)));
        Expr::Choice(Box::new(Choice { condition, then: number(then), otherwise }))
    };
    let [left, right] = [if_in(first, 1, number(0)), if_in(second, 2, number(0))].map(Box::new);
    Expr::Arithmetic { operator: Operator::Add, left, right }
}

fn moment_among_others(random: &mut Random) -> Expr<PersonLeaf> {
    chosen(random, 0, &moment)
}

fn window_among_others(random: &mut Random) -> Window<PersonLeaf> {
    let zone = local(random);
    let point = Point::Value(moment_among_others(random), zone.clone());
    match random.below(3) {
        0 => Window::Range { from: Some(Edge { point, included: true }), to: None },
        1 => Window::Range { from: None, to: Some(Edge { point, included: false }) },
        _ => {
            let (ms, side) = (random.one_of(&LENGTHS), Side::Either);
            Window::Within { ms, side, point, zone }
        }
    }
}
