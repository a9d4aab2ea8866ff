//! How values move while time passes and nothing happens.
//!
//! A standing audience must know the moment at which a comparison turns over.
//! That can be solved where each side moves along a straight line, or is one
//! such by another; anything else is refused while it is defined.

use super::Resolver;
use super::bent::{Side, trouble};
use super::leaf::Leaf;
use crate::lang::tree::Operator;
use crate::lang::{Code, Diagnostic};
use crate::query::predicate::{Expr, Function, Unsolved};

/// How a value moves; pieces change at facts, edges of windows and days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::query) enum Motion {
    /// Not at all.
    Still,
    /// Along a straight line.
    Straight,
    /// As one straight line by another.
    Quotient,
    /// Towards 0, losing half of itself again and again.
    Decay,
    /// In some other way.
    Free,
}

impl Motion {
    /// The motion of what an operation makes of two values.
    pub(super) fn of(operator: Operator, left: Motion, right: Motion) -> Motion {
        use Motion::{Free, Quotient, Still, Straight};
        match (operator, left, right) {
            (_, Free, _) | (_, _, Free) => Free,
            (_, left, Still) => left,
            (Operator::Divide, Still | Straight, Straight) => Quotient,
            (Operator::Divide, Still, Quotient) => Quotient,
            (Operator::Divide, ..) => Free,
            (_, Still, right) => right,
            (Operator::Add | Operator::Subtract, Straight, Straight) => Straight,
            _ => Free,
        }
    }

    /// The motion of an aggregate over values that move so.
    pub(super) fn of_aggregate<L>(function: Function, value: Motion, expr: &Expr<L>) -> Motion {
        match (function, value) {
            (Function::Decayed { .. }, Motion::Still) => Motion::Decay,
            (Function::Count, _) | (_, Motion::Still) => Motion::Still,
            (Function::First | Function::Last, motion) => motion,
            (Function::Sum | Function::Avg, Motion::Straight) => Motion::Straight,
            // The least of values that all move alike is always the same one.
            (Function::Min | Function::Max, Motion::Straight)
                if matches!(expr, Expr::Elapsed { .. }) =>
            {
                Motion::Straight
            }
            _ => Motion::Free,
        }
    }
}

impl Resolver<'_> {
    /// Refuses a comparison of which a standing audience could not say when it turns
    /// over. What decays is solved against what does not move, and nothing else.
    pub(super) fn must_stay_live<L: Leaf>(&mut self, sides: &[Side<'_, L>]) -> Option<()> {
        let others_move = |side: &&Side<'_, L>| {
            let moves = |side: &&Side<'_, L>| side.typed.motion != Motion::Still;
            let n_moving = sides.iter().filter(moves).count();
            let motion = side.typed.motion;
            motion == Motion::Free || (motion == Motion::Decay && n_moving > 1)
        };
        let free = sides.iter().find(others_move);
        let trouble = trouble(sides);
        self.bent |= free.is_some() || trouble.is_some();
        if !self.standing {
            return Some(());
        }
        let refused =
            |span| Diagnostic::error(Code::NotLive, span, "this comparison cannot be kept live");
        match (free, trouble) {
            (Some(side), _) if side.typed.motion == Motion::Decay => self.refuse(
                refused(side.typed.span)
                    .label("decays, and the other side moves too")
                    .help("compare it with a value that only events change")
                    .help("or: use it in a report (`list`, `count`)"),
            ),
            (Some(side), _) => self.refuse(
                refused(side.part())
                    .label("does not move along a straight line as time passes")
                    .help("use it in a report (`list`, `count`)")
                    .help("or: compare each of the values that move by itself"),
            ),
            (None, Some((why, span))) => {
                let (label, instead) = said_of(why);
                let refused = refused(span).label(label).help(instead);
                self.refuse(refused.help("or: use it in a report (`list`, `count`)"))
            }
            (None, None) => Some(()),
        }
    }
}

/// What is wrong, and what may be written instead.
fn said_of(why: Unsolved) -> (&'static str, &'static str) {
    match why {
        Unsolved::Bent => (
            "several values move here at once, and not as one straight line",
            "add and subtract them in one unit: `days since a > 0.9 * days since b`",
        ),
        Unsolved::Units => (
            "these keep level in several units, so that rounding alone tells them apart",
            "measure both in one unit: `days since a - days since b >= 14`",
        ),
        Unsolved::Fractions => (
            "these keep level in parts, so that rounding alone tells them apart",
            "take each whole: instead of `0.5 * (a - b) >= 30` write `a - b >= 60`",
        ),
        Unsolved::Slow => (
            "these drift apart so slowly that rounding decides for long",
            "compare them as they are: instead of `a > 0.999999999 * b` write `a > b`",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::Motion::{Free, Quotient, Still, Straight};
    use super::*;

    #[test]
    fn straight_lines_add_up_and_their_product_bends() {
        use Operator::{Add, Divide, Multiply};
        let cases = [
            (Add, Straight, Straight, Straight),
            (Multiply, Straight, Still, Straight),
            (Multiply, Straight, Straight, Free),
            (Divide, Straight, Straight, Quotient),
            (Divide, Still, Straight, Quotient),
            (Add, Quotient, Still, Quotient),
            (Add, Quotient, Straight, Free),
            (Multiply, Still, Quotient, Quotient),
            (Divide, Quotient, Straight, Free),
        ];
        for (operator, left, right, expected) in cases {
            assert_eq!(Motion::of(operator, left, right), expected, "{operator:?} {left:?}");
        }
    }
}
