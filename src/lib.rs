//! Throng: a customer data platform in one binary, and the library inside it.

pub mod audience;
pub mod engine;
pub mod identity;
pub mod index;
pub mod lang;
pub mod measure;
pub mod model;
pub mod query;
pub mod report;
pub mod state;
pub mod store;
pub mod timeline;
pub mod wire;
