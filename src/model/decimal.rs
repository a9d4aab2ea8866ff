//! Exact decimals: 9 digits behind the point, never through f64.

use ethnum::I256;
use std::fmt;
use std::ops::Neg;

/// A number of nine decimals, kept as that many billionths.
///
/// `+` and `-` are exact; `*` and `/` use 256-bit intermediates and round once,
/// half to even. A result beyond 10^29 is none. What comes in from outside
/// must stay below 10^18, so a sum of 2^36 such numbers is exact in any order.
///
/// ```
/// use throng::model::Decimal;
/// let third = Decimal::from(1).checked_div(Decimal::from(3)).unwrap();
/// assert_eq!(third.to_string(), "0.333333333");
/// let [a, b]: [Decimal; 2] = ["0.1", "0.2"].map(|text| text.parse().unwrap());
/// assert_eq!(a.checked_add(b).unwrap().to_string(), "0.3");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal(i128);

/// Why a text is no number.
///
/// ```
/// use throng::model::Decimal;
/// assert!("1,5".parse::<Decimal>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecimalError {
    /// Not written as JSON writes numbers.
    Malformed,
    /// At or beyond 10^18.
    OutOfRange,
}

const ONE: i128 = 1_000_000_000;
const INPUT_LIMIT: i128 = ONE * 10i128.pow(18);
const RESULT_LIMIT: i128 = ONE * 10i128.pow(29);

impl Decimal {
    /// Digits behind the point.
    pub const SCALE: u32 = 9;
    /// Nothing.
    pub const ZERO: Decimal = Decimal(0);
    /// The greatest result; its negative is the least.
    pub(crate) const MAX: Decimal = Decimal(RESULT_LIMIT);

    /// The number of that many billionths, if it is no further from 0 than 10^29.
    ///
    /// ```
    /// use throng::model::Decimal;
    /// let half = Decimal::from_billionths(500_000_000).unwrap();
    /// assert_eq!((half.to_string(), half.billionths()), ("0.5".to_owned(), 500_000_000));
    /// assert_eq!(Decimal::from_billionths(i128::MAX), None);
    /// ```
    pub fn from_billionths(scaled: i128) -> Option<Decimal> {
        (scaled.unsigned_abs() <= RESULT_LIMIT as u128).then_some(Decimal(scaled))
    }

    /// How many billionths it has.
    pub fn billionths(self) -> i128 {
        self.0
    }

    /// Whether it lies below 10^18, as every number from outside and every summand must.
    ///
    /// ```
    /// use throng::model::Decimal;
    /// let large: Decimal = "999999999999999999".parse().unwrap();
    /// assert!(large.is_input());
    /// assert!(!large.checked_add(Decimal::from(1)).unwrap().is_input());
    /// ```
    pub fn is_input(self) -> bool {
        self.0.unsigned_abs() < INPUT_LIMIT as u128
    }

    /// The exact sum.
    pub fn checked_add(self, other: Decimal) -> Option<Decimal> {
        self.0.checked_add(other.0).and_then(Decimal::from_billionths)
    }

    /// The exact difference.
    ///
    /// ```
    /// use throng::model::Decimal;
    /// let [a, b]: [Decimal; 2] = ["0.3", "0.1"].map(|text| text.parse().unwrap());
    /// assert_eq!(a.checked_sub(b).unwrap().to_string(), "0.2");
    /// ```
    pub fn checked_sub(self, other: Decimal) -> Option<Decimal> {
        self.0.checked_sub(other.0).and_then(Decimal::from_billionths)
    }

    /// The product, rounded once.
    ///
    /// ```
    /// use throng::model::Decimal;
    /// let [price, rate]: [Decimal; 2] = ["19.99", "0.2"].map(|text| text.parse().unwrap());
    /// assert_eq!(price.checked_mul(rate).unwrap().to_string(), "3.998");
    /// ```
    pub fn checked_mul(self, other: Decimal) -> Option<Decimal> {
        match self.0.checked_mul(other.0) {
            Some(product) => rounded(product, ONE),
            None => wide(I256::from(self.0) * I256::from(other.0), I256::from(ONE)),
        }
        .and_then(Decimal::from_billionths)
    }

    /// The quotient, rounded once; none by zero.
    pub fn checked_div(self, other: Decimal) -> Option<Decimal> {
        Decimal::ratio(self.0, other.0)
    }

    /// `numerator / denominator` of two whole numbers in one unit, rounded once; none by zero.
    ///
    /// ```
    /// use throng::model::Decimal;
    /// assert_eq!(Decimal::ratio(2, 3).unwrap().to_string(), "0.666666667");
    /// assert_eq!(Decimal::ratio(2, 0), None);
    /// ```
    pub fn ratio(numerator: i128, denominator: i128) -> Option<Decimal> {
        if denominator == 0 {
            return None;
        }
        match numerator.checked_mul(ONE) {
            Some(scaled) => rounded(scaled, denominator),
            None => wide(I256::from(numerator) * I256::from(ONE), I256::from(denominator)),
        }
        .and_then(Decimal::from_billionths)
    }

    /// A number of a machine, rounded half to even; none if it is out of range or no number.
    ///
    /// ```
    /// use throng::model::Decimal;
    /// assert_eq!(Decimal::from_machine(0.1).unwrap().to_string(), "0.1");
    /// assert_eq!(Decimal::from_machine(0.001953125).unwrap().to_string(), "0.001953125");
    /// assert_eq!(Decimal::from_machine(f64::NAN), None);
    /// ```
    pub fn from_machine(number: f64) -> Option<Decimal> {
        if !number.is_finite() {
            return None;
        }
        let (bits, is_negative) = (number.abs().to_bits(), number < 0.0);
        let (exponent, fraction) = ((bits >> 52) as i32, bits & ((1 << 52) - 1));
        let mantissa = if exponent == 0 { fraction } else { fraction | 1 << 52 };
        // The mantissa is below 2^53, so its billionths are below 2^83.
        let (scaled, shift) = (i128::from(mantissa) * ONE, exponent.max(1) - 1_075);
        let size = match shift {
            0..44 => scaled << shift,
            44.. => return None,
            -126..0 => rounded(scaled, 1 << -shift)?,
            _ => 0,
        };
        Decimal::from_billionths(if is_negative { -size } else { size })
    }

    /// The number that JSON text says, half-even beyond nine decimals, and
    /// whether it says exactly that.
    ///
    /// ```
    /// use throng::model::Decimal;
    /// let (number, is_exact) = Decimal::parse_rounding("0.1234567895").unwrap();
    /// assert_eq!((number.to_string(), is_exact), ("0.12345679".to_owned(), false));
    /// ```
    pub fn parse_rounding(text: &str) -> Result<(Decimal, bool), DecimalError> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
        let digits_only = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits_only(whole) || !digits_only(fraction) {
            return Err(DecimalError::Malformed);
        }
        let (scaled, exact) = scale(whole, fraction, exponent)?;
        Ok((Decimal(if negative { -scaled } else { scaled }), exact))
    }
}

/// An exponent; one that no machine needs is held at a million.
fn parse_exponent(text: &str) -> Result<i64, DecimalError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DecimalError::Malformed);
    }
    let size = digits.parse::<i64>().unwrap_or(1_000_000).min(1_000_000);
    Ok(if text.starts_with('-') { -size } else { size })
}

/// Billionths of `whole.fraction * 10^exponent`, half-even, and whether nothing was cut.
fn scale(whole: &str, fraction: &str, exponent: i64) -> Result<(i128, bool), DecimalError> {
    let point = whole.len() as i64 + exponent + i64::from(Decimal::SCALE);
    let (mut scaled, mut exact, mut half, mut above) = (0i128, true, false, false);
    let mut n_digits = 0i64;
    for digit in whole.bytes().chain(fraction.bytes()).map(|byte| i128::from(byte - b'0')) {
        if n_digits < point {
            scaled = scaled
                .checked_mul(10)
                .and_then(|s| s.checked_add(digit))
                .filter(|s| *s < INPUT_LIMIT)
                .ok_or(DecimalError::OutOfRange)?;
        } else if n_digits == point {
            half = digit >= 5;
            above = digit > 5;
            exact &= digit == 0;
        } else {
            above |= half && digit != 0;
            exact &= digit == 0;
        }
        n_digits += 1;
    }
    for _ in n_digits..point {
        if scaled == 0 {
            break;
        }
        scaled =
            scaled.checked_mul(10).filter(|s| *s < INPUT_LIMIT).ok_or(DecimalError::OutOfRange)?;
    }
    if half && (above || scaled % 2 == 1) {
        scaled += 1;
    }
    if scaled >= INPUT_LIMIT { Err(DecimalError::OutOfRange) } else { Ok((scaled, exact)) }
}

/// `numerator / denominator`, half to even.
fn rounded(numerator: i128, denominator: i128) -> Option<i128> {
    let quotient = numerator.checked_div(denominator)?;
    let rest = (numerator % denominator).unsigned_abs();
    let room = denominator.unsigned_abs() - rest;
    let away = rest > room || (rest == room && quotient % 2 != 0);
    let step = if (numerator < 0) == (denominator < 0) { 1 } else { -1 };
    Some(if away { quotient + step } else { quotient })
}

/// [`rounded`] over 256 bits; none if the result needs more than 127.
fn wide(numerator: I256, denominator: I256) -> Option<i128> {
    let quotient = numerator / denominator;
    let rest = (numerator % denominator).unsigned_abs();
    let room = denominator.unsigned_abs() - rest;
    let away = rest > room || (rest == room && quotient % 2 != 0);
    let step = if (numerator < 0) == (denominator < 0) { I256::ONE } else { I256::MINUS_ONE };
    i128::try_from(if away { quotient + step } else { quotient }).ok()
}

impl From<i64> for Decimal {
    fn from(whole: i64) -> Decimal {
        Decimal(i128::from(whole) * ONE)
    }
}

impl std::str::FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Decimal, DecimalError> {
        Decimal::parse_rounding(text).map(|(number, _)| number)
    }
}

impl Neg for Decimal {
    type Output = Decimal;

    fn neg(self) -> Decimal {
        Decimal(-self.0)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.unsigned_abs();
        let (whole, fraction) = (size / ONE as u128, size % ONE as u128);
        let sign = if self.0 < 0 { "-" } else { "" };
        if fraction == 0 {
            return f.pad_integral(self.0 >= 0, "", &whole.to_string());
        }
        let digits = format!("{fraction:09}");
        write!(f, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DecimalError::Malformed => "a number is written like 12, -0.5 or 3e4",
            DecimalError::OutOfRange => {
                "a number lies between -10^18 and 10^18; longer ones belong in text"
            }
        })
    }
}

impl std::error::Error for DecimalError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn text_goes_in_and_comes_out() {
        for (given, expected) in [
            ("0", "0"),
            ("-0", "0"),
            ("12.50", "12.5"),
            ("-0.000000001", "-0.000000001"),
            ("1e3", "1000"),
            ("1.5E-3", "0.0015"),
            ("0.0000000005", "0"),
            ("0.0000000015", "0.000000002"),
            ("0.00000000051", "0.000000001"),
            ("999999999999999999.999999999", "999999999999999999.999999999"),
            ("0e999999999", "0"),
            ("1e-999999999", "0"),
        ] {
            assert_eq!(number(given).to_string(), expected, "{given}");
        }
    }

    #[test]
    fn what_is_no_number_or_too_great_is_refused() {
        for text in ["", "-", "+1", ".5", "1.", "1e", "1e+", "NaN", "0x1", "1,5", " 1"] {
            assert_eq!(text.parse::<Decimal>(), Err(DecimalError::Malformed), "{text}");
        }
        for text in [
            "1e18",
            "-1000000000000000000",
            "1e999999999999999999999",
            "999999999999999999.9999999999",
        ] {
            assert_eq!(text.parse::<Decimal>(), Err(DecimalError::OutOfRange), "{text}");
        }
    }

    #[test]
    fn what_was_rounded_says_so() {
        assert!(!Decimal::parse_rounding("0.1234567891").unwrap().1);
        assert!(Decimal::parse_rounding("0.1234567890").unwrap().1);
    }

    #[test]
    fn products_and_quotients_round_half_to_even() {
        assert_eq!(number("0.000000001").checked_mul(number("0.5")), Some(Decimal::ZERO));
        assert_eq!(number("0.000000003").checked_mul(number("0.5")), Some(number("0.000000002")));
        assert_eq!(number("-0.000000003").checked_mul(number("0.5")), Some(number("-0.000000002")));
        assert_eq!(number("1").checked_div(Decimal::ZERO), None);
        assert_eq!(number("-2").checked_div(number("3")), Some(number("-0.666666667")));
    }

    #[test]
    fn the_wide_way_and_the_short_way_agree() {
        for (a, b) in
            [(7, 2), (-7, 2), (7, -2), (5, 2), (3, 2), (1, 3), (-1, 3), (0, 9), (i64::MAX, 3)]
        {
            let (a, b) = (i128::from(a), i128::from(b));
            assert_eq!(rounded(a, b), wide(I256::from(a), I256::from(b)), "{a}/{b}");
        }
    }

    #[test]
    fn a_result_beyond_ten_to_the_29_is_none() {
        let great = number("999999999999999999");
        assert_eq!(great.checked_mul(great), None);
        assert!(great.checked_mul(number("99999999999")).is_some());
    }
}
