//! The database over HTTP: calls in, answers out, changes as they happen.
//!
//! It decides nothing about people, and it knows no terminal: where to listen
//! and when to stop it is told.

mod answer;
mod apply;
mod ask;
mod audiences;
mod body;
mod calls;
mod changes;
mod client;
mod cursor;
mod door;
#[cfg(feature = "lake")]
mod export;
mod health;
mod info;
mod members;
mod params;
mod problem;
mod profiles;
mod router;
mod run;
mod settings;
mod shared;
mod stream;
mod take;
mod token;

pub use client::{Client, ClientError, Follow, Followed, How, Imported, RejectedCall, Told};
pub use info::rows_of_info;
pub use run::{Server, Stopper};
pub use settings::{ServeError, Settings};
