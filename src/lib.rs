//! Throng: a customer data platform in one binary, and the library inside it.

pub mod audience;
#[cfg(all(feature = "shell", feature = "server"))]
#[allow(clippy::disallowed_methods, reason = "the command reads the files that it is told")]
pub mod command;
#[allow(clippy::disallowed_methods, reason = "the engine owns clock and threads")]
pub mod engine;
pub mod identity;
pub mod index;
pub mod lang;
pub mod model;
pub mod query;
pub mod report;
#[cfg(feature = "server")]
#[allow(clippy::disallowed_methods, reason = "the server knows when a request came in")]
pub mod server;
pub mod shelf;
#[cfg(feature = "shell")]
#[allow(clippy::disallowed_methods, reason = "the shell keeps a history and measures time")]
pub mod shell;
pub mod state;
#[allow(clippy::disallowed_methods, reason = "the store owns files and secrets")]
pub mod store;
pub mod timeline;
#[allow(clippy::disallowed_methods, reason = "the wire parses in parallel")]
pub mod wire;

/// The README's program, so that it compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
