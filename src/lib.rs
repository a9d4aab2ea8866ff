//! Throng: a customer data platform in one binary, and the library inside it.

pub mod model;
