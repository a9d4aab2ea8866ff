//! Numbers of models: in binary floating point, computed alike on every machine.
//!
//! Only the four operations and what is made of them here are used: those are
//! the same wherever they run, and no library of the system is asked.

use super::Decimal;
use std::hash::{Hash, Hasher};

/// A finite number in binary floating point; equal if its bits are.
///
/// ```
/// use throng::model::Real;
/// let half: Real = "0.5".parse().unwrap();
/// assert_eq!(half, Real::of("0.5".parse().unwrap()));
/// assert!("1e999".parse::<Real>().is_err() && "one".parse::<Real>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Real(f64);

impl Eq for Real {}

impl Hash for Real {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

/// A text that is no number, or none that is finite.
///
/// ```
/// use throng::model::{NotAReal, Real};
/// assert_eq!("".parse::<Real>(), Err(NotAReal));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAReal;

impl std::str::FromStr for Real {
    type Err = NotAReal;

    fn from_str(text: &str) -> Result<Real, NotAReal> {
        let number = text.parse::<f64>().map_err(|_| NotAReal)?;
        // Zero has one sign, so that what is equal has equal bits.
        if number.is_finite() { Ok(Real(number + 0.0)) } else { Err(NotAReal) }
    }
}

impl Real {
    /// Nothing.
    pub const ZERO: Real = Real(0.0);
    /// One.
    pub const ONE: Real = Real(1.0);

    /// The number nearest to a decimal.
    pub fn of(decimal: Decimal) -> Real {
        const EXACT: i128 = 1 << 53;
        let billionths = decimal.billionths();
        if (-EXACT..=EXACT).contains(&billionths) {
            // Both are exact, so their quotient is rounded once.
            return Real(billionths as f64 / 1e9);
        }
        decimal.to_string().parse().unwrap_or(Real::ZERO)
    }

    /// The number in floating point.
    ///
    /// ```
    /// assert_eq!(throng::model::Real::ONE.get(), 1.0);
    /// ```
    pub fn get(self) -> f64 {
        self.0
    }
}

/// A number rounded half-even to nine decimals; none if it is beyond 10^29 or no number.
///
/// ```
/// use throng::model::{Decimal, rounded};
/// assert_eq!(rounded(0.1), Some("0.1".parse::<Decimal>().unwrap()));
/// assert_eq!(rounded(f64::NAN), None);
/// ```
pub fn rounded(number: f64) -> Option<Decimal> {
    if !number.is_finite() || number.abs() >= 1e29 {
        return None;
    }
    let bits = number.to_bits();
    let (exponent, fraction) = ((bits >> 52 & 0x7ff) as i32, i128::from(bits & ((1 << 52) - 1)));
    let (mantissa, shift) = match exponent {
        0 => (fraction, -1_074),
        _ => (fraction | 1 << 52, exponent - 1_075),
    };
    let scaled = mantissa * 1_000_000_000;
    let size = match shift {
        0.. => scaled.checked_mul(1i128.checked_shl(shift as u32)?)?,
        -126..0 => half_even(scaled, shift.unsigned_abs()),
        _ => 0,
    };
    Decimal::from_billionths(if number < 0.0 { -size } else { size })
}

/// A number by a power of two, rounded half-even.
fn half_even(number: i128, places: u32) -> i128 {
    let (whole, rest, half) = (number >> places, number & ((1 << places) - 1), 1 << (places - 1));
    whole + i128::from(rest > half || (rest == half && whole & 1 == 1))
}

/// `1 / (1 + e^-x)`.
///
/// ```
/// use throng::model::logistic;
/// assert_eq!(logistic(0.0), 0.5);
/// assert!((logistic(2.0) - 0.880797077977882).abs() < 1e-15);
/// assert_eq!((logistic(1e9), logistic(-1e9)), (1.0, 0.0));
/// ```
pub fn logistic(x: f64) -> f64 {
    // The greater power never occurs, so nothing overflows on the way.
    let power = exponential(-x.abs());
    if x < 0.0 { power / (1.0 + power) } else { 1.0 / (1.0 + power) }
}

/// `e^x` of a number that is not above 0: a power of two times a short series.
fn exponential(x: f64) -> f64 {
    if x < -745.0 {
        return 0.0;
    }
    let halves = (x / std::f64::consts::LN_2).round();
    // In two parts, the first of which times a whole number is exact.
    let rest = (x - halves * 0.693_147_180_369_123_8) - halves * 1.908_214_929_270_587_7e-10;
    let series = (1..=14).rev().fold(1.0, |sum, n| 1.0 + rest / f64::from(n) * sum);
    let n = -halves as i32;
    // Below the least normal number a power of two is halved twice.
    let power = |n: i32| f64::from_bits(((1_023 - n) as u64) << 52);
    if n > 1_000 { series * power(1_000) * power(n - 1_000) } else { series * power(n) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_half_even_to_nine_decimals() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (1.5, "1.5"),
            (0.000_000_000_4, "0"),
            (0.000_000_000_6, "0.000000001"),
            (-2.25, "-2.25"),
            (1e17, "100000000000000000"),
            // Halves of a billionth in binary: 2^-10 times odd numbers has ten decimals.
            (0.000_976_562_5, "0.000976562"),
            (0.002_929_687_5, "0.002929688"),
            (5e-324, "0"),
        ];
        for (number, expected) in cases {
            assert_eq!(rounded(number).unwrap().to_string(), expected, "{number}");
        }
        assert_eq!(rounded(1e29), None);
        assert_eq!(rounded(f64::INFINITY), None);
        assert!(rounded(9e28).is_some());
    }

    #[test]
    fn the_logistic_function_is_what_it_is() {
        for n in -8_000..8_000 {
            let x = f64::from(n) / 10.0;
            let (found, right) = (logistic(x), 1.0 / (1.0 + (-x).exp()));
            assert!((found - right).abs() <= 4e-16, "{x}: {found} and {right}");
        }
    }

    #[test]
    fn decimals_become_the_nearest_numbers() {
        for text in ["0", "0.1", "-3.7", "123456789.123456789", "999999999999999999.999999999"] {
            let decimal: Decimal = text.parse().unwrap();
            assert_eq!(Real::of(decimal).get(), text.parse::<f64>().unwrap(), "{text}");
        }
    }
}
