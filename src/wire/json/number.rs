//! Numbers as they are written, never through f64.

use crate::model::{Decimal, DecimalError, Value};

/// The value of a number's text: exact, or its digits where it is out of range.
/// `None` if it is no number.
pub(crate) fn number(text: &str) -> Option<Value> {
    if let Some(short) = short(text.as_bytes()) {
        return Some(Value::Number(short));
    }
    match text.parse::<Decimal>() {
        Ok(number) => Some(Value::Number(number)),
        Err(DecimalError::OutOfRange) => Some(Value::Digits(text.into())),
        Err(_) => None,
    }
}

/// Powers of ten.
const POWERS: [u64; 10] = {
    let mut powers = [1; 10];
    let mut place = 1;
    while place < 10 {
        powers[place] = powers[place - 1] * 10;
        place += 1;
    }
    powers
};

/// Numbers of at most 17 digits, 9 of them behind the point: nearly all.
fn short(text: &[u8]) -> Option<Decimal> {
    let (negative, digits) = match text.split_first()? {
        (b'-', rest) => (true, rest),
        _ => (false, text),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let (mut mantissa, mut n_behind) = (0u64, None);
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                mantissa = mantissa * 10 + u64::from(byte - b'0');
                n_behind = n_behind.map(|n| n + 1);
            }
            b'.' if n_behind.is_none() => n_behind = Some(0),
            _ => return None,
        }
    }
    let scale = match n_behind {
        None if digits.len() == 18 => return None,
        None => 9,
        // The general way says no to a point without digits on both sides.
        Some(0) => return None,
        Some(n) if n > 9 || digits[0] == b'.' => return None,
        Some(n) => 9 - n,
    };
    let scaled = i128::from(mantissa) * i128::from(POWERS[scale]);
    Decimal::from_billionths(if negative { -scaled } else { scaled })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_and_the_long_way_agree() {
        for text in [
            "0",
            "-0",
            "-0.5",
            "12.50",
            "99999999999999999",
            "123456789012345.67",
            "1234567.123456789",
            "0.000000001",
            "-7",
        ] {
            assert_eq!(short(text.as_bytes()), Some(text.parse().unwrap()), "{text}");
        }
        for text in ["", "-", ".", ".5", "1.", "1.2.3", "1e3", "0.1234567891", "+1", "1 "] {
            assert_eq!(short(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn what_is_out_of_range_keeps_its_digits() {
        assert_eq!(
            number("1000000000000000000"),
            Some(Value::Digits("1000000000000000000".into()))
        );
        assert_eq!(number("-1e400"), Some(Value::Digits("-1e400".into())));
        assert_eq!(number("1e3"), Some(Value::from(1_000)));
        assert_eq!(number("one"), None);
    }
}
