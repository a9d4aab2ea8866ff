//! Numbers about one person at one moment.
//!
//! It knows one person at a time.
