//! Whole numbers of 256 bits, for what is exact on the way to one rounding.

use ethnum::{I256, U256};
use std::ops::{Add, Mul, Sub};

/// A whole number of 256 bits.
///
/// ```
/// use throng::model::Wide;
/// // The root of 50, halved: 3.5355 is nearer to 4.
/// let fifty = Wide::from(7) * Wide::from(7) + Wide::from(1);
/// assert_eq!(fifty.root_over(2), Some(4));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wide(I256);

impl Wide {
    /// Nothing.
    pub const ZERO: Wide = Wide(I256::ZERO);

    /// The square root of a number below 2^253, by a divisor below 2^36, as the
    /// nearest whole number, of two the even one. None of what has no root.
    ///
    /// ```
    /// use throng::model::Wide;
    /// assert_eq!(Wide::from(25).root_over(2), Some(2));
    /// assert_eq!(Wide::from(-1).root_over(1), None);
    /// ```
    pub fn root_over(self, divisor: u64) -> Option<i128> {
        if self.0.is_negative() || divisor == 0 {
            return None;
        }
        let (square, divisor) = (self.0.as_u256(), U256::from(divisor));
        let below = root(square) / divisor;
        // The middle between two whole numbers, doubled: 2k + 1 against twice the root.
        let middle = (below * 2 + U256::ONE) * divisor;
        let up = match (square * 4).cmp(&(middle * middle)) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => below % 2 != 0,
            std::cmp::Ordering::Greater => true,
        };
        i128::try_from(if up { below + 1 } else { below }).ok()
    }
}

/// The greatest whole number whose square is not greater.
fn root(square: U256) -> U256 {
    if square == U256::ZERO {
        return square;
    }
    let n_bits = U256::BITS - square.leading_zeros();
    // From above, each step comes nearer until it would not fall any more.
    let mut found = U256::ONE << n_bits.div_ceil(2);
    loop {
        let next = (found + square / found) >> 1;
        if next >= found {
            return found;
        }
        found = next;
    }
}

impl From<i128> for Wide {
    fn from(number: i128) -> Wide {
        Wide(I256::from(number))
    }
}

impl Add for Wide {
    type Output = Wide;

    fn add(self, other: Wide) -> Wide {
        Wide(self.0.saturating_add(other.0))
    }
}

impl Sub for Wide {
    type Output = Wide;

    fn sub(self, other: Wide) -> Wide {
        Wide(self.0.saturating_sub(other.0))
    }
}

impl Mul for Wide {
    type Output = Wide;

    fn mul(self, other: Wide) -> Wide {
        Wide(self.0.saturating_mul(other.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_is_the_nearest_whole_number_and_of_two_the_even_one() {
        for n in 0..2_000i128 {
            for divisor in 1..7u64 {
                let exact = (n as f64).sqrt() / divisor as f64;
                let found = Wide::from(n).root_over(divisor).unwrap();
                assert!((found as f64 - exact).abs() <= 0.5, "{n} {divisor} {found}");
            }
        }
        // 3 / 2 and 5 / 2 lie in the middle.
        assert_eq!(Wide::from(9).root_over(2), Some(2));
        assert_eq!(Wide::from(25).root_over(2), Some(2));
        assert_eq!(Wide::from(49).root_over(2), Some(4));
    }

    #[test]
    fn the_greatest_squares_have_roots() {
        let size = (1i128 << 126) - 3;
        let square = Wide::from(size) * Wide::from(size);
        assert_eq!(square.root_over(1), Some(size));
        assert_eq!((square - Wide::from(1)).root_over(1), Some(size));
    }
}
