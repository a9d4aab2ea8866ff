//! Queries kept answered: matchers, accumulators, predicates, deadlines.
//!
//! It knows no disk and no subscriber.
