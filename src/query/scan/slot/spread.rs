//! Numbers that are looked at together: their middle, and how far they lie apart.

use crate::model::{Decimal, Value, Wide};

/// How many summands, their sum and that of their squares, all exact.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    n: u64,
    sum: i128,
    squares: Wide,
}

impl Default for Spread {
    fn default() -> Spread {
        Spread { n: 0, sum: 0, squares: Wide::ZERO }
    }
}

impl Spread {
    pub fn take(&mut self, billionths: i128) {
        let number = Wide::from(billionths);
        self.n += 1;
        self.sum = self.sum.saturating_add(billionths);
        self.squares = self.squares + number * number;
    }

    pub fn absorb(&mut self, other: Spread) {
        self.n += other.n;
        self.sum = self.sum.saturating_add(other.sum);
        self.squares = self.squares + other.squares;
    }

    /// The deviation of all of them; of nothing none.
    pub fn deviation(self) -> Option<Decimal> {
        let sum = Wide::from(self.sum);
        let n_squared_variances = Wide::from(i128::from(self.n)) * self.squares - sum * sum;
        n_squared_variances.root_over(self.n).and_then(Decimal::from_billionths)
    }
}

/// The billionths of a value that sums take.
pub fn summand(value: &Value) -> Option<i128> {
    match value {
        Value::Number(number) if number.is_input() => Some(number.billionths()),
        _ => None,
    }
}

/// The number in the middle.
pub fn median(all: &[i128]) -> Value {
    middle(all.to_vec()).and_then(|twice| Decimal::ratio(twice, 2_000_000_000)).into()
}

/// The days in the middle of those between rows that follow one another.
pub fn typical_gap(whens: &[i64]) -> Value {
    let mut whens = whens.to_vec();
    whens.sort_unstable();
    let gaps = whens.iter().zip(whens.iter().skip(1)).map(|(a, b)| i128::from(b - a));
    middle(gaps.collect()).and_then(|twice| Decimal::ratio(twice, 2 * 86_400_000)).into()
}

/// Twice the middle: that number again, or the one beside it.
fn middle(mut all: Vec<i128>) -> Option<i128> {
    let half = all.len() / 2;
    let is_even = all.len().is_multiple_of(2);
    let (below, upper, _) = (!all.is_empty()).then(|| all.select_nth_unstable(half))?;
    let lower = if is_even { below.iter().max() } else { None };
    Some(*upper + *lower.unwrap_or(upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_an_even_number_is_the_mean_of_two() {
        let median = |all: &[i64]| {
            let all: Vec<i128> = all.iter().map(|n| Decimal::from(*n).billionths()).collect();
            median(&all)
        };
        assert_eq!(median(&[]), Value::Null);
        assert_eq!(median(&[5, 1, 9]), Value::from(5));
        assert_eq!(median(&[9, 1, 4, 3]), Value::Number("3.5".parse().unwrap()));
        assert_eq!(typical_gap(&[0]), Value::Null);
        assert_eq!(typical_gap(&[3 * 86_400_000, 0]), Value::from(3));
    }

    #[test]
    fn the_deviation_is_that_of_the_population() {
        let mut spread = Spread::default();
        for n in [2, 4, 4, 4, 5, 5, 7, 9] {
            spread.take(Decimal::from(n).billionths());
        }
        assert_eq!(spread.deviation(), Some(Decimal::from(2)));
    }
}
