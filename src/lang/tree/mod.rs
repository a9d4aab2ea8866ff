//! The tree of a text: what was written, with nothing looked up.
//!
//! Every node keeps its span, so that a diagnostic can point at it. Nodes are
//! public values without invariants: they are matched, and they may be built.
//! The examples stand at the nodes that hold others.
//!
//! ```
//! use throng::lang::parse;
//! use throng::lang::tree::{Condition, Matcher, Predicate, StatementKind, Subject};
//!
//! /// The names of the events that a condition asks about.
//! fn events(condition: &Condition) -> Vec<&str> {
//!     match condition {
//!         Condition::And(parts, _) | Condition::Or(parts, _) | Condition::Quantified(_, parts, _) => {
//!             parts.iter().flat_map(events).collect()
//!         }
//!         Condition::Not(part, _) => events(part),
//!         Condition::Predicate(Predicate::Did { occurrence, .. }, _) => match &occurrence.subject {
//!             Subject::Events(Matcher::Event(event)) => vec![&event.name.node],
//!             Subject::Events(Matcher::AnyOf(of, _)) => of.iter().map(|event| &*event.name.node).collect(),
//!             _ => Vec::new(),
//!         },
//!         Condition::Predicate(..) => Vec::new(),
//!     }
//! }
//!
//! let parsed = parse("create audience lapsed is people who did order and did not any of (visit, login)");
//! let StatementKind::CreateAudience { people, .. } = &parsed.statements[0].kind else { panic!() };
//! assert_eq!(events(people.condition.as_ref().unwrap()), ["order", "visit", "login"]);
//! ```

mod condition;
mod definition;
mod pattern;
mod rank;
mod report;
mod statement;
mod value;
mod window;
mod zone;

pub use condition::{
    Amount, Condition, Event, Matcher, Member, Occurrence, People, Place, Predicate, Quantifier,
    Subject, Test, Times,
};
pub use definition::{Let, Parameter, Variant};
pub use pattern::{Binds, Combination, Gap, Link, Placing, Sequence, Step, Tail};
pub use rank::{Cut, CutSize, Parts, Rank};
pub use report::{AsOf, Column, Group, Report, ReportKind, Sort};
pub use statement::{
    AudienceOption, Blocking, Declare, Explained, IdentifierKind, Kind, ModelSource, Shown,
    Statement, StatementKind,
};
pub use value::{
    Accessor, Aggregate, Choice, Comparison, Direction, ElementType, Function, Literal, Operator,
    PathHead, Stream, TypeName, Value, ValueKind, ValuePath,
};
pub use window::{Bound, Instant, Length, Moment, Reach, Side, Window, WindowKind, YearOf};
pub use zone::TimeZone;

use super::Spanned;
use crate::model::Text;

/// A name as it was written, without its quotes or backticks.
///
/// ```
/// use throng::lang::{parse, tree::{Name, StatementKind}};
/// let parsed = parse("verify audience \"big spenders\"");
/// let StatementKind::Verify(audience) = &parsed.statements[0].kind else { panic!() };
/// let audience: &Name = audience;
/// assert_eq!((&*audience.node, audience.span.start), ("big spenders", 16));
/// ```
pub type Name = Spanned<Text>;
