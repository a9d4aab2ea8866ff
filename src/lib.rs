//! Throng: a customer data platform in one binary, and the library inside it.
//!
//! It takes in what customers do, works out who is who, and keeps audiences
//! that are exact at every millisecond. One directory holds everything; the
//! handle to it is [`engine::Throng`], which any number of threads may share.
//!
//! ```
//! use throng::engine::Throng;
//! use throng::model::{Body, Call, Object};
//!
//! let throng = Throng::temporary()?;
//! let properties = Object::new(vec![("total".into(), 120.into())]).unwrap();
//! let mut call = Call::new("shop", Body::Track { event: "order".into(), properties });
//! call.user_id = Some("ada".into());
//! throng.ingest(vec![call])?;
//!
//! throng.query("create audience spenders is people whose sum(order: total) > 100")?;
//! let answers = throng.query("count people in audience spenders")?;
//! assert_eq!(answers.answers[0].rows().unwrap().rows, [[1.into()]]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is public
//!
//! - [`engine`]: the handle. Opening, ingesting, asking, following an audience,
//!   and whatever these answer.
//! - [`model`]: the nouns. Calls, identifiers, values, instants, and the limits.
//! - [`wire`]: JSON, NDJSON and CSV in; answers out as JSON, NDJSON or CSV.
//! - [`lang`]: the language of questions. Text to a tree, a tree to text, and
//!   diagnostics that point.
//!
//! The other rooms of the house are open too, so that tests, benches, fuzz
//! targets and those who study it reach them. They are left out of these
//! pages, for they promise nothing: any version may change them.

// Rooms that promise nothing are hidden from the pages, and only there: hidden
// for good, they would be let off the lint that asks for comments.
#[cfg_attr(doc, doc(hidden))]
pub mod audience;
#[cfg_attr(doc, doc(hidden))]
#[cfg(all(feature = "shell", feature = "server"))]
#[allow(clippy::disallowed_methods, reason = "the command reads the files that it is told")]
pub mod command;
#[allow(clippy::disallowed_methods, reason = "the engine owns clock and threads")]
pub mod engine;
#[cfg_attr(doc, doc(hidden))]
pub mod identity;
#[cfg_attr(doc, doc(hidden))]
pub mod index;
#[cfg_attr(doc, doc(hidden))]
#[cfg(feature = "lake")]
#[allow(clippy::disallowed_methods, reason = "the lake is files")]
pub mod lake;
pub mod lang;
pub mod model;
#[cfg_attr(doc, doc(hidden))]
#[allow(clippy::disallowed_methods, reason = "a play reads the files that it names")]
pub mod play;
#[cfg_attr(doc, doc(hidden))]
pub mod query;
#[cfg_attr(doc, doc(hidden))]
pub mod report;
#[cfg_attr(doc, doc(hidden))]
#[cfg(feature = "server")]
#[allow(clippy::disallowed_methods, reason = "the server knows when a request came in")]
pub mod server;
#[cfg_attr(doc, doc(hidden))]
pub mod shelf;
#[cfg_attr(doc, doc(hidden))]
#[cfg(feature = "shell")]
#[allow(clippy::disallowed_methods, reason = "the shell keeps a history and measures time")]
pub mod shell;
#[cfg_attr(doc, doc(hidden))]
pub mod state;
#[cfg_attr(doc, doc(hidden))]
#[allow(clippy::disallowed_methods, reason = "the store owns files and secrets")]
pub mod store;
#[cfg_attr(doc, doc(hidden))]
pub mod timeline;
#[allow(clippy::disallowed_methods, reason = "the wire parses in parallel")]
pub mod wire;

/// The README's program, so that it compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
