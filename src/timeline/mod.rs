//! Events of many people: tails of new rows, sealed runs, pages of columns.
//!
//! It knows no file and no question.
