//! What an event may be good for, as bits of a mark: a pattern has at most as many
//! steps and tails together, or kinds, as there are bits for them.

/// To lie between others, as every event does.
pub const EVENT: u64 = 1 << 32;
/// The first of a combination.
pub const FIRST: u64 = 1 << 33;
/// The last.
pub const LAST: u64 = 1 << 34;

const N_STEPS: usize = 32;

/// The step of that number, or the kind.
#[inline]
pub fn step(n: usize) -> u64 {
    1 << n
}

/// The bits of steps and tails alone.
#[inline]
pub fn steps(bits: u64) -> u32 {
    bits as u32
}

/// To break the tail of that number: counted down, from behind the last step.
#[inline]
pub fn tail(n: usize) -> u64 {
    1 << (N_STEPS - 1 - n)
}

/// Not to lie before the step of that number; before the first one everything may.
#[inline]
pub fn without(n: usize) -> u64 {
    if n == 0 { 0 } else { 1 << (N_STEPS + n) }
}
