//! The tree of a text: what was written, with nothing looked up.
//!
//! Every node keeps its span, so that a diagnostic can point at it.

mod condition;
mod report;
mod statement;
mod value;
mod window;

pub use condition::{
    Amount, Condition, Event, Matcher, Member, Occurrence, People, Place, Predicate, Quantifier,
    Test, Times,
};
pub use report::{AsOf, Column, Group, Report, ReportKind, Sort};
pub use statement::{
    AudienceOption, Blocking, Declare, Explained, IdentifierKind, Kind, Shown, Statement,
    StatementKind,
};
pub use value::{
    Accessor, Aggregate, Comparison, Direction, ElementType, Function, Literal, Operator, PathHead,
    Stream, TypeName, Value, ValueKind, ValuePath,
};
pub use window::{Bound, Instant, Length, Window, WindowKind};

use super::Spanned;
use crate::model::Text;

/// A name as it was written, without its quotes or backticks.
pub type Name = Spanned<Text>;
