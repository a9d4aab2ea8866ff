//! Ranks: where a person stands among others.

use super::{Aggregate, Condition, Expr, Function, PersonLeaf, Point};
use crate::model::{Decimal, Kind};

/// A part of an order of people. The population are those who exist, for whom
/// `among` holds and whose value is known. Whoever has equal values is in
/// together or out together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rank {
    /// What people are ordered by.
    pub value: Expr<PersonLeaf>,
    /// The kind that is ordered: numbers, instants or dates. A value of another
    /// kind is missing.
    pub reads: Kind,
    /// Who is ranked.
    pub among: Condition,
    /// Which part.
    pub cut: Cut,
    /// What gives the same order at any instant, if time alone moves the value.
    /// It is there where the answer is kept while time passes.
    pub moves: Option<Alike>,
}

impl Rank {
    /// The sum that decays, where its order is ranked: what gives that order is
    /// nothing that anybody would know.
    pub fn decayed(&self) -> Option<Expr<PersonLeaf>> {
        let Expr::Leaf(PersonLeaf::Aggregate(of)) = &self.value else { return None };
        let Function::DecayedOrder { half_life_ms } = of.function else { return None };
        let decayed = Aggregate { function: Function::Decayed { half_life_ms }, ..(**of).clone() };
        Some(Expr::Leaf(PersonLeaf::Aggregate(Box::new(decayed))))
    }
}

/// Which part of an order, of a population of n.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Those whom fewer than so many are ahead of.
    Top(Size),
    /// Those whom fewer than so many are behind.
    Bottom(Size),
    /// Those with `number = 1 + floor(of * less / n)`, where `less` people have
    /// a smaller value.
    Part {
        /// Which one, from 1.
        number: u32,
        /// Of how many.
        of: u32,
    },
}

/// How many of a population.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// So large a part, rounded up to a whole person.
    Share(Decimal),
    /// So many.
    Count(u64),
}

/// A length of time to a point, up to a constant: time moves it alike for
/// everyone, so the order is that of the points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// The point.
    pub point: Point<PersonLeaf>,
    /// Whether a later point makes the value smaller, as for `days since`.
    pub falls: bool,
}
