//! What the world sends and gets: JSON, NDJSON, CSV.
//!
//! It knows no socket.
