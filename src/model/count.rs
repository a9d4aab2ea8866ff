//! Numbers as messages say them.

/// A number with its thousands parted: `1,204,551`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// So many of something: `1 person`, `1,200 people`.
pub(crate) fn counted(number: u64, one: &str, several: &str) -> String {
    format!("{} {}", grouped(number), agreeing(number, one, several))
}

/// The form of a word that agrees with a number.
pub(crate) fn agreeing<T>(number: u64, one: T, several: T) -> T {
    if number == 1 { one } else { several }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted() {
        let cases = [(0, "0"), (999, "999"), (1_000, "1,000"), (1_204_551, "1,204,551")];
        for (number, expected) in cases {
            assert_eq!(grouped(number), expected);
        }
    }

    #[test]
    fn one_is_no_plural() {
        for (number, expected) in [(0, "0 people"), (1, "1 person"), (1_001, "1,001 people")] {
            assert_eq!(counted(number, "person", "people"), expected);
        }
    }
}
