//! What values come to, added up.

use crate::model::Decimal;

/// Summands, added exactly, and how many they were. Nearly all fit into half of the room that
/// any may need, so that is all that each person is given.
#[derive(Clone, Debug)]
pub enum Sum {
    /// What fits into half of the room.
    Small {
        /// The sum.
        billionths: i64,
        /// How many summands.
        n_values: u32,
    },
    /// What does not.
    Any(Box<(i128, u64)>),
}

impl Default for Sum {
    fn default() -> Sum {
        Sum::Small { billionths: 0, n_values: 0 }
    }
}

impl Sum {
    /// A summand lies inside the range of input; what does not is missing.
    pub fn add(&mut self, number: Decimal) {
        if number.is_input() {
            self.add_all(number.billionths(), 1);
        }
    }

    /// A number of billionths that is far within the range.
    #[inline]
    pub fn add_small(&mut self, more: i64) {
        if let Sum::Small { billionths, n_values } = self
            && let (Some(sum), Some(n)) = (billionths.checked_add(more), n_values.checked_add(1))
        {
            (*billionths, *n_values) = (sum, n);
            return;
        }
        self.add_all(more.into(), 1);
    }

    /// Takes in the summands of another.
    pub fn absorb(&mut self, other: Sum) {
        self.add_all(other.billionths(), other.n_values());
    }

    fn add_all(&mut self, more: i128, n_more: u64) {
        let sum = self.billionths().saturating_add(more);
        let n_values = self.n_values() + n_more;
        *self = match (i64::try_from(sum), u32::try_from(n_values)) {
            (Ok(billionths), Ok(n_values)) => Sum::Small { billionths, n_values },
            _ => Sum::Any(Box::new((sum, n_values))),
        };
    }

    /// What they come to, in billionths.
    #[inline]
    pub fn billionths(&self) -> i128 {
        match self {
            Sum::Small { billionths, .. } => (*billionths).into(),
            Sum::Any(any) => any.0,
        }
    }

    /// Bytes beside the sum itself.
    pub fn memory(&self) -> usize {
        match self {
            Sum::Small { .. } => 0,
            Sum::Any(_) => 48,
        }
    }

    fn n_values(&self) -> u64 {
        match self {
            Sum::Small { n_values, .. } => (*n_values).into(),
            Sum::Any(any) => any.1,
        }
    }

    /// The same as a number; none if it is too great for one.
    #[inline]
    pub fn total(&self) -> Option<Decimal> {
        Decimal::from_billionths(self.billionths())
    }

    /// Rounded once, half to even; of nothing none.
    pub fn average(&self) -> Option<Decimal> {
        let n_values = i128::from(self.n_values()) * 10i128.pow(Decimal::SCALE);
        Decimal::ratio(self.billionths(), n_values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_that_outgrows_its_room_is_exact() {
        assert_eq!(size_of::<Sum>(), 16);
        let (mut sum, mut right) = (Sum::default(), 0i128);
        for more in [i64::MAX, 7, i64::MAX, -3, i64::MIN] {
            sum.add_small(more);
            right += i128::from(more);
            assert_eq!(sum.billionths(), right);
        }
        let large = Decimal::from_billionths(10i128.pow(26)).unwrap();
        sum.add(large);
        let mut both = Sum::default();
        both.absorb(sum.clone());
        both.absorb(sum);
        both.absorb(Sum::default());
        assert_eq!(both.total(), Decimal::from_billionths((right + 10i128.pow(26)) * 2));
        let twelfth = Decimal::ratio(both.billionths(), 12 * 10i128.pow(9));
        assert_eq!(both.average(), twelfth);
    }
}
