//! Whether it can be told when a comparison turns over while nothing happens.
//!
//! One moving value rises or falls, whatever is made of it with values that stay,
//! so it crosses a bound between two instants that a search finds. Of several,
//! each alone says little: only where they are distances that are added up, each
//! times a value that stays, the whole is a straight line. A line that does not
//! rise stays on one side of its bound, unless rounding moves it: distances in
//! several units, or parts of one, may be told apart by rounding alone for ever.

use super::moving::{Moves, moves_by, point_moves_by};
use super::{Aggregate, Direction, Expr, Function, Operator};
use crate::model::{Unit, Value};

/// More choices between values are not looked through.
const CHOICES_MAX: usize = 4096;
/// For so many milliseconds at the most rounding may say which side is greater.
const UNCERTAIN_MS: f64 = 10_000.0;

/// One thing that moves.
#[derive(Clone, Copy, Debug)]
enum Part {
    /// A distance so often, in a unit of so many milliseconds.
    Distance { often: Often, unit_ms: i64 },
    /// Anything else that moves.
    Other,
}

/// How often a part counts.
#[derive(Clone, Copy, Debug)]
enum Often {
    /// So many times; whether that is a whole number, so that nothing is rounded.
    Times(f64, bool),
    /// As often as a value of the person says.
    Open,
}

/// What moves in a value, whichever of its choices is taken.
type Choices = Vec<Vec<Part>>;

/// Why it cannot be told when two values change sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsolved {
    /// Several move, and not along one straight line.
    Bent,
    /// Distances in several units keep level, or may: rounding alone tells them apart.
    Units,
    /// Distances that are taken in parts keep level.
    Fractions,
    /// Distances that drift apart so slowly that rounding decides for long.
    Slow,
}

/// Whether it can be told when two values, or a value and what stays, change sides.
pub fn is_solvable<L: Moves>(left: &Expr<L>, right: Option<&Expr<L>>) -> bool {
    unsolved(left, right).is_none()
}

/// Why it cannot be told when two values, or a value and what stays, change sides.
pub fn unsolved<L: Moves>(left: &Expr<L>, right: Option<&Expr<L>>) -> Option<Unsolved> {
    let once = Some(Often::Times(1.0, true));
    let right = right.map_or_else(stays, |right| parts(right, once.map(negative)));
    let all = both(parts(left, once), right);
    match all.len() > CHOICES_MAX {
        true => Some(Unsolved::Bent),
        false => all.iter().find_map(|parts| off_line(parts)),
    }
}

fn stays() -> Choices {
    vec![Vec::new()]
}

/// Each choice on one side with each on the other.
fn both(left: Choices, right: Choices) -> Choices {
    let with = |one: &Vec<Part>, other: &Vec<Part>| [&one[..], other].concat();
    let all = left.iter().flat_map(|one| right.iter().map(move |other| with(one, other)));
    all.take(CHOICES_MAX + 1).collect()
}

/// What moves in an expression that counts so often; `None`: in some other way.
fn parts<L: Moves>(expr: &Expr<L>, often: Option<Often>) -> Choices {
    match expr {
        _ if !moves_by(expr, &Moves::moves) => stays(),
        Expr::Leaf(leaf) => leaf.gathers().map_or_else(other, of_aggregate),
        Expr::Literal(_) => other(),
        Expr::Negative(inner) => parts(inner, often.map(negative)),
        Expr::Coalesce(all) => all.iter().flat_map(|part| parts(part, often)).collect(),
        Expr::Choice(choice) => {
            [parts(&choice.then, often), parts(&choice.otherwise, often)].concat()
        }
        Expr::Call { of, .. } => parts(of, None),
        Expr::Arithmetic { operator, left, right } => match operator {
            Operator::Add => both(parts(left, often), parts(right, often)),
            Operator::Subtract => both(parts(left, often), parts(right, often.map(negative))),
            Operator::Multiply => {
                both(multiple(left, right, often, false), multiple(right, left, often, false))
            }
            Operator::Divide => both(multiple(left, right, often, true), parts(right, None)),
        },
        Expr::Elapsed { unit: Unit::Fixed(unit), direction, point, .. } => {
            match often.filter(|_| !point_moves_by(point, &Moves::moves)) {
                Some(often) => {
                    let often =
                        if *direction == Direction::Since { often } else { negative(often) };
                    vec![vec![Part::Distance { often, unit_ms: unit.ms() }]]
                }
                None => other(),
            }
        }
        // Whole months pass at midnights.
        Expr::Elapsed { .. } => stays(),
    }
}

fn other() -> Choices {
    vec![vec![Part::Other]]
}

fn negative(often: Often) -> Often {
    match often {
        Often::Times(times, whole) => Often::Times(-times, whole),
        Often::Open => Often::Open,
    }
}

/// What moves in a value that is multiplied or divided by another, which moves in
/// no line itself.
fn multiple<L: Moves>(of: &Expr<L>, by: &Expr<L>, often: Option<Often>, divided: bool) -> Choices {
    if moves_by(by, &Moves::moves) {
        return parts(of, None);
    }
    let number = match by {
        Expr::Literal(Value::Number(number)) => number.to_string().parse::<f64>().ok(),
        _ => None,
    };
    let product = |often: Often| match (often, number) {
        (Often::Times(times, _), Some(by)) if divided => Often::Times(times / by, false),
        (Often::Times(times, whole), Some(by)) => {
            Often::Times(times * by, whole && by.fract() == 0.0)
        }
        _ => Often::Open,
    };
    parts(of, often.map(product))
}

/// What moves in an aggregate over values that do. It is one thing only if those of
/// each event are, and if none of them goes against the others.
fn of_aggregate(of: &Aggregate) -> Choices {
    let inner =
        of.value.as_ref().map_or_else(stays, |value| parts(value, Some(Often::Times(1.0, true))));
    let each = || inner.iter().flatten();
    let is_single = inner.iter().all(|parts| parts.len() <= 1);
    let rises = |part: &Part| match part {
        Part::Distance { often: Often::Times(times, _), .. } => Some(*times > 0.0),
        _ => None,
    };
    let first = each().next().map(&rises);
    let one_way = each().all(|part| rises(part).is_some() && Some(rises(part)) == first);
    let is_one = match of.function {
        Function::Count => each().all(|part| matches!(part, Part::Distance { .. })),
        Function::Sum | Function::Avg | Function::Median => is_single && one_way,
        Function::Decayed { .. } | Function::DecayedOrder { .. } => true,
        _ => is_single,
    };
    if is_one { other() } else { vec![vec![Part::Other, Part::Other]] }
}

/// Why the side on which a sum lies cannot be told for all time.
fn off_line(parts: &[Part]) -> Option<Unsolved> {
    if parts.len() <= 1 {
        return None;
    }
    let (mut slope, mut steepest, mut noise, mut even) = (0.0, 0.0_f64, 0.0, true);
    let (mut units, mut is_open) = (Vec::new(), false);
    for part in parts {
        let Part::Distance { often, unit_ms } = *part else { return Some(Unsolved::Bent) };
        units.push(unit_ms);
        let Often::Times(times, whole) = often else {
            is_open = true;
            continue;
        };
        slope += times / unit_ms as f64;
        steepest = steepest.max((times / unit_ms as f64).abs());
        noise += (times.abs() + 1.0) * 1e-9;
        even &= whole;
    }
    let one_unit = units.iter().all(|unit| *unit == units[0]);
    let rises = slope.abs() > 1e-12 * steepest;
    match (is_open, rises) {
        (true, _) => (!one_unit).then_some(Unsolved::Units),
        (false, true) => (noise / slope.abs() > UNCERTAIN_MS).then_some(Unsolved::Slow),
        (false, false) if !one_unit => Some(Unsolved::Units),
        (false, false) => (!even).then_some(Unsolved::Fractions),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{PersonLeaf, Point};
    use super::*;
    use crate::model::{Decimal, FixedUnit, Timestamp};

    type Value = Expr<PersonLeaf>;

    fn since(unit: FixedUnit, from: i64) -> Value {
        let point = Box::new(Point::Instant(Timestamp::EPOCH.plus_ms(from)));
        let (unit, zone) = (Unit::Fixed(unit), super::super::Local::UTC);
        Expr::Elapsed { unit, direction: Direction::Since, point, zone }
    }

    fn days(from: i64) -> Value {
        since(FixedUnit::Day, from)
    }

    fn number(text: &str) -> Value {
        Expr::Literal(crate::model::Value::Number(text.parse::<Decimal>().unwrap()))
    }

    fn of(operator: Operator, left: Value, right: Value) -> Value {
        Expr::Arithmetic { operator, left: Box::new(left), right: Box::new(right) }
    }

    #[test]
    fn one_value_may_move_as_it_likes_and_several_along_a_line() {
        use Operator::{Add, Divide, Multiply, Subtract};
        let points = || {
            Expr::Leaf(PersonLeaf::Attribute {
                path: crate::model::Path::key("points"),
                declared: None,
            })
        };
        let cases = [
            (of(Divide, number("3"), days(1)), number("2"), true),
            (of(Multiply, points(), days(1)), number("2"), true),
            (of(Divide, days(1), days(2)), number("1"), false),
            (of(Multiply, days(1), days(2)), number("1"), false),
            (of(Subtract, days(1), days(2)), number("30"), true),
            (of(Add, days(1), days(2)), points(), true),
            (days(1), of(Multiply, number("0.9"), days(2)), true),
            (days(1), of(Multiply, number("0.999999999"), days(2)), false),
            (days(1), of(Multiply, points(), days(2)), true),
            (since(FixedUnit::Week, 1), of(Multiply, points(), days(2)), false),
            (of(Multiply, number("2"), of(Subtract, days(1), days(2))), number("60"), true),
            (of(Multiply, number("0.5"), days(1)), of(Divide, days(2), number("2")), false),
            (since(FixedUnit::Week, 1), of(Divide, days(2), number("7")), false),
            (since(FixedUnit::Week, 1), days(2), true),
            (of(Divide, number("3"), days(1)), days(2), false),
        ];
        for (left, right, expected) in cases {
            assert_eq!(is_solvable(&left, Some(&right)), expected, "{left:?} {right:?}");
        }
    }

    #[test]
    fn each_choice_between_values_is_looked_at() {
        let either = |parts: Vec<Value>| Expr::Coalesce(parts);
        let one = either(vec![days(1), of(Operator::Multiply, number("2"), days(2))]);
        assert!(is_solvable(&one, Some(&number("3"))));
        assert!(is_solvable(&one, Some(&days(3))));
        let bad = either(vec![days(1), of(Operator::Divide, number("2"), days(2))]);
        assert!(is_solvable(&bad, None) && !is_solvable(&bad, Some(&days(3))));
    }
}
