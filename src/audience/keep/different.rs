//! Which values were met: few are compared one by one, many by their hashes.

use crate::model::Value;
use foldhash::fast::FixedState;
use std::collections::HashSet;

/// So many are compared one by one.
const FEW: usize = 12;

/// Values, each once.
#[derive(Default)]
pub(super) struct Different<'v> {
    few: Vec<&'v Value>,
    many: HashSet<&'v Value, FixedState>,
}

impl<'v> Different<'v> {
    /// Takes a value in; whether it is a new one.
    pub(super) fn insert(&mut self, value: &'v Value) -> bool {
        if !self.many.is_empty() {
            return self.many.insert(value);
        }
        if self.few.contains(&value) {
            return false;
        }
        self.few.push(value);
        if self.few.len() > FEW {
            self.many.extend(self.few.drain(..));
        }
        true
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.few.len() + self.many.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many_values_are_each_taken_once() {
        let values: Vec<Value> = (0..40).map(|n| Value::from(n % 20)).collect();
        let mut different = Different::default();
        let new = values.iter().filter(|value| different.insert(value)).count();
        assert_eq!((new, different.len()), (20, 20));
    }
}
