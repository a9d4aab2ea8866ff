//! `if c then a else b`: one of two values.

use super::{Expr, Predicate, Test, Tree};

/// One of two values, as a condition says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice<L> {
    /// What decides.
    pub condition: Tree<Asked<L>>,
    /// The value where it holds.
    pub then: Expr<L>,
    /// The value where it does not.
    pub otherwise: Expr<L>,
}

/// What a condition inside a value asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked<L> {
    /// A test of a value, read where the whole value is.
    Is(Test<L>),
    /// Anything else is asked of the person, also where one of their events is read.
    Person(Box<Predicate>),
}
