//! Plays: lines that call, ask and let time pass, and what is seen after each.
//!
//! It decides nothing about people: a play is put to a database of its own,
//! which is gone with it.

mod call;
mod difference;
mod script;
mod shown;
mod stage;
mod words;

pub use script::{Script, Section};
pub use stage::Play;
