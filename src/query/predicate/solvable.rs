//! Whether it can be told when a comparison turns over while nothing happens.
//!
//! One moving value rises or falls, whatever is made of it with values that stay,
//! so it crosses a bound between two instants that a search finds. Of several,
//! each alone says little: only where they are distances that are added up, each
//! times a number that is written there, the whole is a straight line. A line
//! that does not rise stays on one side of its bound, unless rounding moves it.

use super::moving::{Moves, moves_by, point_moves_by};
use super::{Direction, Expr, Operator};
use crate::model::{Unit, Value};

/// More choices between values are not looked through.
const CHOICES_MAX: usize = 64;
/// For so many milliseconds at the most rounding may say which side is greater.
const UNCERTAIN_MS: f64 = 10_000.0;

/// One thing that moves.
#[derive(Clone, Copy, Debug)]
enum Part {
    /// A distance so many times, in a unit of so many milliseconds.
    Distance { times: f64, unit_ms: i64 },
    /// Anything else that moves.
    Other,
}

/// What moves in a value, whichever of its choices is taken.
type Choices = Vec<Vec<Part>>;

/// Whether it can be told when two values, or a value and what stays, change sides.
pub fn is_solvable<L: Moves>(left: &Expr<L>, right: Option<&Expr<L>>) -> bool {
    let right = right.map_or_else(stays, |right| parts(right, Some(-1.0)));
    let all = both(parts(left, Some(1.0)), right);
    all.len() <= CHOICES_MAX && all.iter().all(|parts| is_line(parts))
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

/// What moves in an expression that counts so many times; `None`: in no fixed proportion.
fn parts<L: Moves>(expr: &Expr<L>, times: Option<f64>) -> Choices {
    let negative = times.map(|times| -times);
    match expr {
        _ if !moves_by(expr, &Moves::moves) => stays(),
        Expr::Leaf(_) | Expr::Literal(_) => vec![vec![Part::Other]],
        Expr::Negative(inner) => parts(inner, negative),
        Expr::Coalesce(all) => all.iter().flat_map(|part| parts(part, times)).collect(),
        Expr::Choice(choice) => {
            [parts(&choice.then, times), parts(&choice.otherwise, times)].concat()
        }
        Expr::Call { of, .. } => parts(of, None),
        Expr::Arithmetic { operator, left, right } => match operator {
            Operator::Add => both(parts(left, times), parts(right, times)),
            Operator::Subtract => both(parts(left, times), parts(right, negative)),
            Operator::Multiply => {
                both(multiple(left, right, times, false), multiple(right, left, times, false))
            }
            Operator::Divide => both(multiple(left, right, times, true), parts(right, None)),
        },
        Expr::Elapsed { unit: Unit::Fixed(unit), direction, point, .. } => {
            let sign = if *direction == Direction::Since { 1.0 } else { -1.0 };
            match times.filter(|_| !point_moves_by(point, &Moves::moves)) {
                Some(times) => {
                    vec![vec![Part::Distance { times: sign * times, unit_ms: unit.ms() }]]
                }
                None => vec![vec![Part::Other]],
            }
        }
        // Whole months pass at midnights.
        Expr::Elapsed { .. } => stays(),
    }
}

/// What moves in a value that is multiplied or divided by another. A distance by
/// a number that is written there is a distance.
fn multiple<L: Moves>(of: &Expr<L>, by: &Expr<L>, times: Option<f64>, divided: bool) -> Choices {
    let number = match by {
        Expr::Literal(Value::Number(number)) => number.to_string().parse::<f64>().ok(),
        _ => None,
    };
    let number = number.filter(|_| matches!(of, Expr::Elapsed { .. }));
    let product = |times: f64| number.map(|by| if divided { times / by } else { times * by });
    parts(of, times.and_then(product))
}

/// Whether the side on which a sum lies can be told for all time.
fn is_line(parts: &[Part]) -> bool {
    if parts.len() <= 1 {
        return true;
    }
    let (mut slope, mut steepest, mut noise, mut unit, mut even) = (0.0, 0.0_f64, 0.0, 0, true);
    for part in parts {
        let Part::Distance { times, unit_ms } = *part else { return false };
        slope += times / unit_ms as f64;
        steepest = steepest.max((times / unit_ms as f64).abs());
        noise += (times.abs() + 1.0) * 1e-9;
        even &= times.fract() == 0.0 && (unit == 0 || unit == unit_ms);
        unit = unit_ms;
    }
    let rises = slope.abs() > 1e-12 * steepest;
    if rises { noise / slope.abs() <= UNCERTAIN_MS } else { even }
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
            (days(1), of(Multiply, points(), days(2)), false),
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
