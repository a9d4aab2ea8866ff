//! A sum over many things, of which some are asked.

/// At most about so many are asked.
const ASKED: usize = 16_384;

/// Roughly the sum of what each of `n` things has: of many, one here and one there is asked,
/// as this is told while everybody else waits.
pub fn sampled(n: usize, each: impl Fn(usize) -> usize) -> usize {
    // An odd step: every second thing may be of another kind.
    let step = n.div_ceil(ASKED) | 1;
    (0..n).step_by(step).map(each).sum::<usize>() * step
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn few_are_all_asked_and_of_many_some() {
        assert_eq!(sampled(0, |_| 1), 0);
        assert_eq!(sampled(1_000, |n| n), 499_500);
        let asked = Cell::new(0);
        let sum = sampled(1_000_000, |n| {
            asked.set(asked.get() + 1);
            if n % 2 == 0 { 3 } else { 5 }
        });
        assert!(asked.get() <= ASKED && sum.abs_diff(4_000_000) < 1_000, "{asked:?} {sum}");
    }
}
