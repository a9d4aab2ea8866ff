//! People in an order, kept as they move: who stands where, and who is inside of which part.
//!
//! It knows keys and places of people, and neither values nor who they are.

mod column;
mod cut;
mod ladder;
mod ranking;

pub(super) use ranking::Ranking;
