//! Tables over many people.
//!
//! It knows no state: it is handed a crowd.
