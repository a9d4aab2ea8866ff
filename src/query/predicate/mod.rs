//! Resolved meaning: names, types and zones are settled, nothing is left to look up.
//!
//! The three evaluators share these types and nothing else. They do not say how
//! anything is found or kept.

mod aggregate;
mod calendar;
mod choice;
mod drawn;
mod expression;
mod length;
mod list;
mod local;
pub(crate) mod moving;
mod network;
mod occurrence;
mod others;
mod pattern;
mod rank;
mod scalar;
mod score;
mod solvable;
mod test;
mod tree;
mod window;

pub use aggregate::{Aggregate, Function};
pub use calendar::Calendar;
pub use choice::{Asked, Choice};
pub use drawn::{Draw, Drawn};
pub use expression::{Direction, Expr, Operator, PersonLeaf, RowLeaf, Type};
pub use length::Length;
pub use list::List;
pub use local::Local;
pub use moving::Moves;
pub use network::{Network, NoNetwork};
pub use occurrence::{CountRange, EventFilter, Matcher, Occurrence};
pub use pattern::{Binds, Form, Gap, Link, Pattern, Placing, Sequence, Step, Tail};
pub use rank::{Alike, Cut, Rank, Size};
pub use scalar::Scalar;
pub use score::{Feature, Form as ModelForm, Link as ModelLink, Score, TreeNode};
pub use solvable::{Unsolved, is_solvable, unsolved};
pub use test::{Check, Comparison, Place, Test};
pub use tree::Tree;
pub use window::{Edge, Point, Side, Which, Window};

use crate::model::Text;
use std::sync::Arc;

/// What a person fulfils or not.
pub type Condition = Tree<Predicate>;
/// What an event fulfils or not: the inside of `where ( )`.
pub type Filter = Tree<Test<RowLeaf>>;

/// One thing that a person fulfils or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Predicate {
    /// `did`: events counted.
    Did(Occurrence),
    /// `did`: events that belong together.
    Pattern(Box<Pattern>),
    /// A value of the person, tested.
    Is(Test<PersonLeaf>),
    /// Membership in another audience.
    InAudience(Arc<Audience>),
    /// A place among others.
    Ranked(Arc<Rank>),
    /// The latest decision on a purpose is a grant that has not expired.
    Consent {
        /// The purpose.
        purpose: Text,
    },
    /// The person is drawn by a hash.
    Drawn(Draw),
    /// An identifier of the person is in a list of ids.
    Listed(Arc<List>),
}

/// A named condition, kept answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience {
    /// Its name.
    pub name: Text,
    /// How often it has been defined, from 1.
    pub version: u32,
    /// Who belongs to it; the gates of `requiring consent for` are conjoined here too.
    pub condition: Condition,
    /// Where its local days begin.
    pub zone: Local,
}
