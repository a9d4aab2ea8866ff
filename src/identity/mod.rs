//! Who is who: claims folded in event order into groups of identifiers.
//!
//! It knows no event beyond the claim in it, and no audience.
