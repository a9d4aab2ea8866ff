//! Ranks: where a person stands among others.

use super::super::Spanned;
use super::{Condition, Value};
use crate::model::Decimal;

/// `in top 5% by VALUE among (CONDITION)` and its kin.
///
/// ```
/// use throng::lang::{parse, tree::{Condition, Cut, CutSize, Member, Predicate, Rank, StatementKind}};
/// let parsed = parse("create audience a is people in top 5 by age among (did order)");
/// let StatementKind::CreateAudience { people, .. } = &parsed.statements[0].kind else { panic!() };
/// let Some(Condition::Predicate(Predicate::Member(Member::Rank(rank)), _)) = &people.condition else { panic!() };
/// let Rank { cut, among, .. } = &**rank;
/// assert_eq!((cut.node, among.is_some()), (Cut::Top(CutSize::Count(5)), true));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rank {
    /// Which part of the order.
    pub cut: Spanned<Cut>,
    /// What people are ordered by.
    pub value: Value,
    /// Who is ranked; without it, everyone.
    pub among: Option<Box<Condition>>,
}

/// Which part of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The greatest.
    Top(CutSize),
    /// The least.
    Bottom(CutSize),
    /// One of so many parts, the first the least.
    Part(Parts, u64),
}

/// How many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutSize {
    /// A share of all: `5%` is 0.05.
    Percent(Decimal),
    /// So many.
    Count(u64),
}

/// Into how many parts an order is cut.
///
/// ```
/// use throng::lang::tree::Parts;
/// assert_eq!((Parts::Quintile.count(), Parts::Quintile.name()), (5, "quintile"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the language's")]
pub enum Parts {
    Quartile,
    Quintile,
    Decile,
}

impl Parts {
    /// Each of them.
    pub const ALL: [Parts; 3] = [Parts::Quartile, Parts::Quintile, Parts::Decile];

    /// How many parts there are.
    pub fn count(self) -> u32 {
        match self {
            Parts::Quartile => 4,
            Parts::Quintile => 5,
            Parts::Decile => 10,
        }
    }

    /// The word of the language.
    pub fn name(self) -> &'static str {
        match self {
            Parts::Quartile => "quartile",
            Parts::Quintile => "quintile",
            Parts::Decile => "decile",
        }
    }
}
