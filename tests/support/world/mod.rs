//! A small world: calls, audiences and identity moving, step by step.

#![allow(dead_code, unused_imports, reason = "each test takes what it needs")]

mod call;
mod definitions;
mod past;
mod policy;
mod run;
mod step;
mod text;
mod values;

pub use call::Crowd;
pub use definitions::beginning;
pub use run::run;
pub use step::{Step, history, steps};
