//! What a question means, as a statement in SQL over the files of a lake.
//!
//! It knows no file and no engine: it writes text. The bounds of windows are
//! literals, so engines need no calendar but where a bound lies with a person.

mod aggregate;
mod cell;
mod check;
mod clock;
mod column;
mod compile;
mod day;
mod dialect;
mod expression;
mod items;
mod leaf;
mod number;
mod path;
mod pattern;
mod point;
mod predicate;
mod rank;
mod refused;
mod rows;
mod scalar;
mod score;
mod special;
#[expect(clippy::module_inception, reason = "the statement that the room is about")]
mod sql;
mod told;
mod version;
mod window;

pub use cell::lettered;
pub use compile::{Compiled, compile};
pub use dialect::Dialect;
pub use refused::Refused;
