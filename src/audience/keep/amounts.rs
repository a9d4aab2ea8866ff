//! Amounts in order of time, with running sums, so that the sum of any stretch
//! is one difference. Sums are 64 bits while they fit.

/// Instants in order, each with the sum up to and with it.
#[derive(Clone, Debug)]
pub(crate) struct Amounts {
    /// The sum before the first.
    base: i128,
    sums: Sums,
}

#[derive(Clone, Debug)]
enum Sums {
    Narrow(Vec<(i64, i64)>),
    Wide(Vec<(i64, i128)>),
}

impl Default for Amounts {
    fn default() -> Amounts {
        Amounts { base: 0, sums: Sums::Narrow(Vec::new()) }
    }
}

impl Amounts {
    pub(crate) fn len(&self) -> usize {
        match &self.sums {
            Sums::Narrow(sums) => sums.len(),
            Sums::Wide(sums) => sums.len(),
        }
    }

    pub(crate) fn when(&self, place: usize) -> Option<i64> {
        match &self.sums {
            Sums::Narrow(sums) => sums.get(place).map(|one| one.0),
            Sums::Wide(sums) => sums.get(place).map(|one| one.0),
        }
    }

    /// The number of instants up to and with one.
    pub(crate) fn upto(&self, when: i64) -> usize {
        match &self.sums {
            Sums::Narrow(sums) => sums.partition_point(|one| one.0 <= when),
            Sums::Wide(sums) => sums.partition_point(|one| one.0 <= when),
        }
    }

    /// The sum of the first `n` and of what was before them.
    fn sum_of(&self, n: usize) -> i128 {
        let Some(last) = n.checked_sub(1) else { return self.base };
        match &self.sums {
            Sums::Narrow(sums) => sums.get(last).map_or(self.base, |one| i128::from(one.1)),
            Sums::Wide(sums) => sums.get(last).map_or(self.base, |one| one.1),
        }
    }

    /// The sum of the places `from..to`.
    pub(crate) fn sum(&self, from: usize, to: usize) -> i128 {
        self.sum_of(to) - self.sum_of(from)
    }

    pub(crate) fn insert(&mut self, when: i64, amount: i128) {
        let place = self.upto(when);
        let sum = self.sum_of(place) + amount;
        if let Sums::Narrow(sums) = &mut self.sums {
            if narrow_insert(sums, place, when, sum, amount) {
                return;
            }
            self.sums =
                Sums::Wide(sums.iter().map(|(when, sum)| (*when, i128::from(*sum))).collect());
        }
        if let Sums::Wide(sums) = &mut self.sums {
            sums[place..].iter_mut().for_each(|one| one.1 += amount);
            sums.insert(place, (when, sum));
        }
    }

    /// Those of both.
    pub(crate) fn united(a: &Amounts, b: &Amounts) -> Amounts {
        let parts = |of: &Amounts| -> Vec<(i64, i128)> {
            (0..of.len()).filter_map(|n| Some((of.when(n)?, of.sum(n, n + 1)))).collect()
        };
        let mut all = [parts(a), parts(b)].concat();
        all.sort_unstable();
        let mut united = Amounts::default();
        all.into_iter().for_each(|(when, amount)| united.insert(when, amount));
        united
    }

    /// Forgets the first `n`.
    pub(crate) fn forget(&mut self, n: usize) {
        self.base = self.sum_of(n);
        match &mut self.sums {
            Sums::Narrow(sums) => drop(sums.drain(..n)),
            Sums::Wide(sums) => drop(sums.drain(..n)),
        }
        if self.len() == 0 {
            *self = Amounts::default();
        }
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        match &self.sums {
            Sums::Narrow(sums) => sums.capacity() * 16,
            Sums::Wide(sums) => sums.capacity() * 32,
        }
    }
}

/// Inserts if every sum still fits into 64 bits; else changes nothing.
fn narrow_insert(
    sums: &mut Vec<(i64, i64)>,
    place: usize,
    when: i64,
    sum: i128,
    amount: i128,
) -> bool {
    let (Ok(sum), Ok(amount)) = (i64::try_from(sum), i64::try_from(amount)) else { return false };
    if !sums[place..].iter().all(|one| one.1.checked_add(amount).is_some()) {
        return false;
    }
    sums[place..].iter_mut().for_each(|one| one.1 += amount);
    sums.insert(place, (when, sum));
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_stretches_stay_exact_when_they_outgrow_64_bits() {
        let mut kept = Amounts::default();
        let mut plain: Vec<(i64, i128)> = Vec::new();
        let mut seed = 7u64;
        for step in 0..400i64 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let when = (seed >> 40) as i64 % 50;
            let amount = if step < 200 { i128::from(step) } else { i128::from(seed) << 30 };
            kept.insert(when, amount);
            plain.insert(plain.partition_point(|one| one.0 <= when), (when, amount));
            if step % 37 == 0 {
                kept.forget(3.min(plain.len()));
                plain.drain(..3.min(plain.len()));
            }
            let (from, to) = (plain.len() / 3, plain.len());
            let expected: i128 = plain[from..to].iter().map(|one| one.1).sum();
            assert_eq!((kept.sum(from, to), kept.len()), (expected, plain.len()), "step {step}");
        }
        assert!(matches!(kept.sums, Sums::Wide(_)));
    }
}
