//! What an event may be good for, as bits of a mark.

/// The step of that number, or the kind.
pub const STEP: u32 = 0;
/// Not to lie before the step of that number.
pub const WITHOUT: u32 = 32;
/// To break the tail of that number.
pub const TAIL: u32 = 64;
/// The first of a combination.
pub const FIRST: u32 = 96;
/// The last.
pub const LAST: u32 = 97;
/// To lie between others, as every event does.
pub const EVENT: u32 = 98;

/// The bit of a role, and its number.
pub fn bit(role: u32, number: usize) -> u128 {
    1 << (role as usize + number)
}
