//! How often a part of a line counts: an exact fraction, so that factors of
//! factors lose nothing, however many decimals they have together.

/// What a number holds of billionths.
pub(super) const ONE: i128 = 1_000_000_000;

/// Sums of what is not greater do not overflow.
const TIMES_MAX: i128 = 1 << 100;

/// `times / divisor` in lowest terms; the divisor is above 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Factor {
    pub(super) times: i128,
    pub(super) divisor: i128,
}

impl Factor {
    pub(super) const ONCE: Factor = Factor { times: 1, divisor: 1 };

    pub(super) fn negative(self) -> Factor {
        Factor { times: -self.times, ..self }
    }

    /// So often a number of billionths.
    pub(super) fn multiplied(self, number: i128) -> Option<Factor> {
        Factor::new(self.times.checked_mul(number)?, self.divisor.checked_mul(ONE)?)
    }

    /// By a number of billionths; `None` by nothing.
    pub(super) fn divided(self, by: i128) -> Option<Factor> {
        Factor::new(self.times.checked_mul(ONE)?, self.divisor.checked_mul(by)?)
    }

    /// A whole number of times, so that nothing is rounded.
    pub(super) fn is_whole(self) -> bool {
        self.divisor == 1
    }

    fn new(times: i128, divisor: i128) -> Option<Factor> {
        if divisor == 0 || times == i128::MIN || divisor == i128::MIN {
            return None;
        }
        let common = gcd(times, divisor) * divisor.signum();
        let factor = Factor { times: times / common, divisor: divisor / common };
        (factor.times.abs().max(factor.divisor) <= TIMES_MAX).then_some(factor)
    }
}

/// The greatest that divides both.
pub(super) fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_of_factors_are_exact_beyond_nine_decimals() {
        let third = Factor::ONCE.divided(3 * ONE).unwrap();
        assert_eq!(third, Factor { times: 1, divisor: 3 });
        assert_eq!(third.multiplied(3 * ONE), Some(Factor::ONCE));
        let tiny = Factor::ONCE.multiplied(1).unwrap().multiplied(1).unwrap();
        assert_eq!(tiny, Factor { times: 1, divisor: ONE * ONE });
        assert_eq!(tiny.divided(-1).unwrap().divided(1), Some(Factor { times: -1, divisor: 1 }));
        let half = Factor::ONCE.multiplied(ONE / 2).unwrap();
        assert_eq!(Some(half), Factor::ONCE.divided(2 * ONE));
        assert!(!half.is_whole() && half.negative().divided(ONE / 2).unwrap().is_whole());
        assert_eq!(Factor::ONCE.divided(0), None);
    }
}
