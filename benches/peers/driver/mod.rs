//! The measurements of Throng, through the library as a program would use it.

mod arguments;
mod bandwidth;
mod busy;
mod calls;
mod changes;
mod load;
mod members;
mod opening;
mod questions;
mod rows;
mod standing;

use crate::Outcome;
pub use arguments::Arguments;
pub use bandwidth::bandwidth;
pub use busy::busy;
pub use changes::{refresh, single};
pub use load::{generate, load};
pub use opening::{hold, ready};
pub use questions::{ask, cold};
pub use standing::standing;

/// A text of a JSON object.
fn field<'a>(of: &'a serde_json::Value, key: &str) -> Outcome<&'a str> {
    Ok(of[key].as_str().ok_or(format!("there is no `{key}` in {of}"))?)
}
