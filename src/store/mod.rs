//! What is on disk: the log, the feed, and the rebuildable store beside them.
//!
//! It gives a record no meaning.
