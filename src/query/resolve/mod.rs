//! From a text's tree to its meaning: names, types and zones are settled here.
//!
//! It reads no person and no event, only the catalog of their names.

mod absence;
mod aggregate;
mod around;
mod aside;
mod bent;
mod calendar;
mod clash;
mod condition;
mod definition;
mod drawn;
mod expand;
mod function;
mod given;
mod kinds;
mod leaf;
mod length;
mod lint;
mod listed;
mod lists;
mod money;
mod motion;
mod occurrence;
mod pattern;
mod person;
mod rank;
mod report;
mod resolver;
mod row;
mod scalar;
mod score;
mod series;
mod special;
mod sql;
mod stale;
mod statement;
mod synonym;
mod test;
mod typed;
mod unknown;
mod value;
mod watch;
mod window;
mod words;
mod zone;

#[cfg(test)]
mod tests;

pub use aside::{Aside, asides};
pub(in crate::query) use definition::{
    AudienceParts, ConditionParts, Outcome, TraitParts, audience, condition, trait_value,
};
pub(in crate::query) use kinds::{Kinds, element_type, evaluated, written};
pub(in crate::query) use money::Money;
pub(in crate::query) use motion::Motion;
pub(in crate::query) use occurrence::meant_audience;
pub(in crate::query) use person::BUILT_IN;
pub use resolver::{DEPTH_MAX, PARTS_MAX};
pub(in crate::query) use resolver::{Names, Resolver};
pub(in crate::query) use score::model;
pub use statement::{Explanation, Resolved, check, resolve};
use typed::Typed;
