//! What time leaves of something that loses half of itself again and again.

/// What is left of 1 after an age: one half for each half-life. Made of sums,
/// products and quotients alone, so it is the same on every machine; of a whole
/// number of half-lives it is exact.
///
/// ```
/// use throng::model::left_after;
/// assert_eq!([0, 7, 14].map(|age| left_after(age, 7)), [1.0, 0.5, 0.25]);
/// assert!((left_after(1, 2) - 0.5f64.sqrt()).abs() < 1e-15);
/// assert_eq!(left_after(i64::MAX, 1), 0.0);
/// ```
pub fn left_after(age_ms: i64, half_life_ms: i64) -> f64 {
    let half_life_ms = half_life_ms.max(1);
    let (n_halves, rest) = (age_ms.div_euclid(half_life_ms), age_ms.rem_euclid(half_life_ms));
    let part = rest as f64 / half_life_ms as f64;
    power(part) * halves(n_halves)
}

/// One half as often as told. What is left after a thousand of them is nothing
/// to a number of nine decimals.
fn halves(n: i64) -> f64 {
    match n {
        0..=1_000 => f64::from_bits((1_023 - n as u64) << 52),
        ..0 => 1.0,
        _ => 0.0,
    }
}

/// 2 to the power of minus a part of one, by the series of e.
fn power(part: f64) -> f64 {
    let x = part * std::f64::consts::LN_2;
    (1..=22).rev().fold(1.0, |sum, n| 1.0 - x / f64::from(n) * sum)
}

/// The power of 2 that a positive number is. Like the powers it is made of sums,
/// products and quotients alone, so it is the same on every machine.
///
/// ```
/// use throng::model::binary_logarithm;
/// assert_eq!([0.25, 1.0, 8.0].map(binary_logarithm), [-2.0, 0.0, 3.0]);
/// assert!((binary_logarithm(3.0) - 3f64.log2()).abs() < 1e-15);
/// assert_eq!(binary_logarithm(0.0), f64::NEG_INFINITY);
/// ```
pub fn binary_logarithm(number: f64) -> f64 {
    if number.is_nan() || number <= 0.0 {
        return f64::NEG_INFINITY;
    }
    // What is too small for a whole mantissa is looked at through a glass.
    let (number, lifted) =
        if number < f64::MIN_POSITIVE { (number * halves(64).recip(), 64) } else { (number, 0) };
    let bits = number.to_bits();
    let (mut exponent, fraction) = ((bits >> 52) as i64 - 1_023 - lifted, bits & ((1 << 52) - 1));
    let mut mantissa = f64::from_bits(fraction | 1_023 << 52);
    if mantissa > std::f64::consts::SQRT_2 {
        (mantissa, exponent) = (mantissa / 2.0, exponent + 1);
    }
    let part = (mantissa - 1.0) / (mantissa + 1.0);
    let square = part * part;
    let series = (0..14).rev().fold(0.0, |sum, n| 1.0 / f64::from(2 * n + 1) + square * sum);
    exponent as f64 + 2.0 * part * series / std::f64::consts::LN_2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logarithm_is_near_to_what_mathematics_says() {
        for n in 1..5_000 {
            for number in [f64::from(n) / 7.0, f64::from(n) * 1e-9, left_after(i64::from(n), 11)] {
                let (found, expected) = (binary_logarithm(number), number.log2());
                assert!((found - expected).abs() <= 4e-16 * expected.abs().max(1.0), "{number}");
            }
        }
        assert_eq!(binary_logarithm(f64::from_bits(1)), -1_074.0);
    }

    #[test]
    fn it_falls_from_millisecond_to_millisecond_and_is_what_powers_are() {
        let half_life = 14 * 86_400_000;
        let mut before = 1.0;
        for age in (1..200).map(|n| n * 7_919_993) {
            let left = left_after(age, half_life);
            let expected = (-(age as f64) / half_life as f64).exp2();
            assert!((left - expected).abs() < 4e-16 * expected.max(1e-300), "{age}");
            assert!(left < before && left_after(age + 1, half_life) < left, "{age}");
            before = left;
        }
    }
}
