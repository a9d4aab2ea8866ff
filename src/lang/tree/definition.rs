//! What stands inside definitions: parameters, names for values, variants.

use super::super::Spanned;
use super::{Literal, Name, TypeName, Value};
use crate::model::{Decimal, Text};

/// A parameter of a definition: `$idle: duration = 60 days`.
///
/// ```
/// use throng::lang::{parse, tree::{Parameter, StatementKind, TypeName}};
/// let parsed = parse("create condition spent($least: number = 5) is points >= $least");
/// let StatementKind::CreateCondition { params, .. } = &parsed.statements[0].kind else { panic!() };
/// let Parameter { name, of, default } = &params[0];
/// assert_eq!((&*name.node, of.node, default.is_some()), ("least", TypeName::Number, true));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, without the `$`.
    pub name: Name,
    /// What may be given for it.
    pub of: Spanned<TypeName>,
    /// What stands where nothing is given.
    pub default: Option<Spanned<Literal>>,
}

/// A name for a value inside one definition: `let spent = sum(order.total)`.
///
/// ```
/// use throng::lang::{parse, tree::{Let, StatementKind}};
/// let parsed = parse("create audience a is let spent = sum(order.total) people whose spent > 9");
/// let StatementKind::CreateAudience { lets, .. } = &parsed.statements[0].kind else { panic!() };
/// let Let { name, .. } = &lets[0];
/// assert_eq!(&*name.node, "spent");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Let {
    /// The name.
    pub name: Name,
    /// What it stands for.
    pub value: Value,
}

/// A variant of an experiment: `"A" 50%`.
///
/// ```
/// use throng::lang::{parse, tree::{StatementKind, Variant}};
/// let parsed = parse("create experiment \"e\" is (\"A\" 50%, \"B\" 12.5%)");
/// let StatementKind::CreateExperiment { variants, .. } = &parsed.statements[0].kind else { panic!() };
/// let Variant { name, share } = &variants[1];
/// assert_eq!((&*name.node, share.node), ("B", "0.125".parse().unwrap()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Its name.
    pub name: Spanned<Text>,
    /// How much of everybody it takes: 1 is all.
    pub share: Spanned<Decimal>,
}
