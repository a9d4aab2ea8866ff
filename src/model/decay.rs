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

#[cfg(test)]
mod tests {
    use super::*;

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
