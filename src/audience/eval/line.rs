//! Differences that are straight lines of time, up to rounding.
//!
//! Bounds of the two sides of a comparison know nothing of one another: of
//! `days since a > days since b` each side grows, and only the difference shows
//! that nothing changes. Here the distances in it are kept by name, so equal
//! ones cancel, and the rest has a slope.

use super::choice::holds;
use super::elapsed::{Spot, spot};
use super::factor::{Factor, ONE, gcd};
use super::{Leaves, Moves, Over, Span, over};
use crate::model::{Decimal, Unit, Value};
use crate::query::predicate::moving::{moves_by, point_moves_by};
use crate::query::predicate::{Comparison, Direction, Expr, Operator};
use std::cmp::Ordering;

/// A number of billionths plus some distances, each times a factor.
#[derive(Default)]
struct Line {
    constant: i128,
    distances: Vec<Distance>,
    /// So many billionths away it may be, as products and quotients are rounded.
    slack: i128,
}

/// `(now - from) / unit`, rounded, times a factor, rounded.
#[derive(Clone, Copy)]
struct Distance {
    factor: Factor,
    unit_ms: i64,
    from: i64,
}

/// Whether a comparison of two numbers holds all through a stretch, or never.
pub(super) fn compared<L: Moves>(
    comparison: Comparison,
    left: &Expr<L>,
    right: &Expr<L>,
    leaves: &impl Leaves<L>,
    span: Span,
) -> Option<bool> {
    let mut line = Line::default();
    line.add(left, Factor::ONCE, leaves, span)?;
    line.add(right, Factor::ONCE.negative(), leaves, span)?;
    let (low, high) = line.bounds(span)?;
    let agrees = |order| super::compare::agrees(comparison, order);
    match (low.cmp(&0), high.cmp(&0)) {
        (Ordering::Greater, _) => Some(agrees(Ordering::Greater)),
        (_, Ordering::Less) => Some(agrees(Ordering::Less)),
        (Ordering::Equal, Ordering::Equal) => Some(agrees(Ordering::Equal)),
        _ => line.level(span, |difference| agrees(difference.cmp(&0))),
    }
}

impl Line {
    /// Adds an expression so often; `None` if it is no line.
    fn add<L: Moves>(
        &mut self,
        expr: &Expr<L>,
        factor: Factor,
        leaves: &impl Leaves<L>,
        span: Span,
    ) -> Option<()> {
        if let Over::Is(value) = over(expr, leaves, span) {
            return self.constant(&value, factor);
        }
        match expr {
            Expr::Leaf(_) | Expr::Literal(_) | Expr::Call { .. } => None,
            Expr::Coalesce(parts) => {
                let missing = |part: &&Expr<L>| matches!(over(part, leaves, span), Over::Is(value) if value.is_null());
                self.add(parts.iter().find(|part| !missing(part))?, factor, leaves, span)
            }
            Expr::Negative(inner) => self.add(inner, factor.negative(), leaves, span),
            Expr::Arithmetic { operator, left, right } => {
                self.join(*operator, (left, right), factor, leaves, span)
            }
            Expr::Elapsed { .. } => self.elapsed(expr, factor, leaves),
            Expr::Choice(choice) => match holds(&choice.condition, leaves, span)? {
                true => self.add(&choice.then, factor, leaves, span),
                false => self.add(&choice.otherwise, factor, leaves, span),
            },
        }
    }

    fn constant(&mut self, value: &Value, factor: Factor) -> Option<()> {
        let Value::Number(number) = value else { return None };
        let product = Decimal::billionths(*number).checked_mul(factor.times)?;
        self.slack += i128::from(product % factor.divisor != 0);
        self.constant = self.constant.checked_add(product / factor.divisor)?;
        Some(())
    }

    fn join<L: Moves>(
        &mut self,
        operator: Operator,
        (left, right): (&Expr<L>, &Expr<L>),
        factor: Factor,
        leaves: &impl Leaves<L>,
        span: Span,
    ) -> Option<()> {
        match operator {
            Operator::Add | Operator::Subtract => {
                self.add(left, factor, leaves, span)?;
                let adds = operator == Operator::Add;
                self.add(right, if adds { factor } else { factor.negative() }, leaves, span)
            }
            Operator::Multiply => {
                let (number, of) = match fixed(left, leaves) {
                    Some(number) => (number, right),
                    None => (fixed(right, leaves)?, left),
                };
                self.rounded(number % ONE != 0, factor);
                self.add(of, factor.multiplied(number)?, leaves, span)
            }
            Operator::Divide => {
                let by = fixed(right, leaves).filter(|by| *by != 0)?;
                self.rounded(true, factor);
                self.add(left, factor.divided(by)?, leaves, span)
            }
        }
    }

    /// What is rounded here counts so often: half a billionth each time.
    fn rounded(&mut self, is_rounded: bool, factor: Factor) {
        if is_rounded {
            self.slack += (factor.times / factor.divisor).abs() / 2 + 1;
        }
    }

    fn elapsed<L: Moves>(
        &mut self,
        expr: &Expr<L>,
        factor: Factor,
        leaves: &impl Leaves<L>,
    ) -> Option<()> {
        let Expr::Elapsed { unit: Unit::Fixed(unit), direction, point, .. } = expr else {
            return None;
        };
        if point_moves_by(point, &|leaf| leaves.moves(leaf)) {
            return None;
        }
        let Spot::Instant(from) = spot(point, leaves, Span::at(0))? else { return None };
        let factor = match direction {
            Direction::Since => factor,
            Direction::Until => factor.negative(),
        };
        self.distance(Distance { factor, unit_ms: unit.ms(), from });
        Some(())
    }

    /// Two distances of one kind are one, if both are taken a whole number of
    /// times or they cancel: rounding a product comes after rounding its factor.
    fn distance(&mut self, new: Distance) {
        let place = self.distances.iter().position(|old| {
            let same = (old.unit_ms, old.from) == (new.unit_ms, new.from);
            let whole = old.factor.is_whole() && new.factor.is_whole();
            same && (whole || old.factor == new.factor.negative())
        });
        match place {
            Some(place) => {
                self.distances[place].factor.times += new.factor.times;
                if self.distances[place].factor.times == 0 {
                    self.distances.swap_remove(place);
                }
            }
            None => self.distances.push(new),
        }
    }

    /// What is said of the difference, if that is the same all through a stretch in
    /// which only rounding moves it: distances of one unit, whole numbers of times,
    /// that keep one another level. Rounding comes round with the milliseconds that
    /// are a whole number of billionths of the unit.
    fn level(&self, span: Span, say: impl Fn(i128) -> bool) -> Option<bool> {
        let unit_ms = i128::from(self.distances.first()?.unit_ms);
        let even = |distance: &Distance| {
            i128::from(distance.unit_ms) == unit_ms && distance.factor.is_whole()
        };
        let slope: i128 = self.distances.iter().map(|distance| distance.factor.times).sum();
        if self.slack != 0 || slope != 0 || !self.distances.iter().all(even) {
            return None;
        }
        // Twice as long, as halves are rounded to even numbers.
        let round = i64::try_from(2 * unit_ms / gcd(unit_ms, ONE)).ok()?;
        let to = span.to.min(span.from.saturating_add(round - 1));
        let first = say(self.at(span.from)?);
        let same = |at: i64| self.at(at).map(&say) == Some(first);
        (span.from..=to).all(same).then_some(first)
    }

    /// The difference at an instant, of distances that are taken whole numbers of times.
    fn at(&self, at: i64) -> Option<i128> {
        self.distances.iter().try_fold(self.constant, |sum, distance| {
            let ms = i128::from(at) - i128::from(distance.from);
            let away = Decimal::ratio(ms, i128::from(distance.unit_ms))?.billionths();
            sum.checked_add(away.checked_mul(distance.factor.times)?)
        })
    }

    /// The least and the greatest difference in a stretch, in billionths.
    fn bounds(&self, span: Span) -> Option<(i128, i128)> {
        let (mut ends, mut error) = ([self.constant; 2], self.slack);
        for distance in &self.distances {
            let Factor { times, divisor } = distance.factor;
            let unit = i128::from(distance.unit_ms);
            let common = gcd(unit, ONE);
            for (end, at) in ends.iter_mut().zip([span.from, span.to]) {
                let ms = i128::from(at) - i128::from(distance.from);
                let by = (unit / common).checked_mul(divisor)?;
                let part = times.checked_mul(ms)?.checked_mul(ONE / common)? / by;
                *end = end.checked_add(part)?;
            }
            // Half a billionth for the distance and for its product, one for the division here.
            error += (times / divisor).abs() / 2 + 3;
        }
        let [a, b] = ends;
        Some((a.min(b) - error, a.max(b) + error))
    }
}

/// The billionths of a number that does not move.
fn fixed<L: Moves>(expr: &Expr<L>, leaves: &impl Leaves<L>) -> Option<i128> {
    if moves_by(expr, &|leaf| leaves.moves(leaf)) {
        return None;
    }
    match over(expr, leaves, Span::at(0)) {
        Over::Is(value) => match value.as_ref() {
            Value::Number(number) => Some(Decimal::billionths(*number)),
            _ => None,
        },
        _ => None,
    }
}
