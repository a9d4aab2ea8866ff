//! Codes for values that come again: each one's place among the different ones.

use foldhash::fast::FixedState;
use std::hash::{BuildHasher, Hash};

/// Room for coding, used again for every column: a map that borrows its keys
/// would be made anew for each.
#[derive(Debug, Default)]
pub struct Coder {
    /// By hash, a code and one more; 0 where there is none.
    slots: Vec<u32>,
    /// Of each value its code.
    pub codes: Vec<u32>,
    /// By code, the place of the first such value.
    pub firsts: Vec<u32>,
}

impl Coder {
    /// Codes these values, in the order of their first places.
    pub fn code<K: Hash + Eq>(&mut self, values: &[K]) {
        self.codes.clear();
        self.firsts.clear();
        // Many a column says one thing throughout, and needs no table.
        let n_same = values.iter().take_while(|value| **value == values[0]).count();
        self.codes.resize(n_same, 0);
        if n_same == values.len() {
            return self.firsts.extend((n_same > 0).then_some(0));
        }
        self.slots.clear();
        self.slots.resize((2 * values.len()).next_power_of_two(), 0);
        self.find(values, 0);
        for (place, value) in values.iter().enumerate().skip(n_same) {
            // Neighbours are often equal, and to compare is less than to hash.
            let same = values[place - 1] == *value;
            let code = if same { self.codes[place - 1] } else { self.find(values, place) };
            self.codes.push(code);
        }
    }

    fn find<K: Hash + Eq>(&mut self, values: &[K], place: usize) -> u32 {
        let hash = FixedState::default().hash_one(&values[place]);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while let Some(code) = self.slots[at].checked_sub(1) {
            if values[self.firsts[code as usize] as usize] == values[place] {
                return code;
            }
            at = (at + 1) & mask;
        }
        self.firsts.push(place as u32);
        self.slots[at] = self.firsts.len() as u32;
        self.firsts.len() as u32 - 1
    }

    /// The different values, by code.
    pub fn entries<'v, K>(&self, values: &'v [K]) -> impl ExactSizeIterator<Item = &'v K> + Clone {
        self.firsts.iter().map(|place| &values[*place as usize])
    }

    /// Whether every value is its own.
    pub fn all_differ(&self) -> bool {
        self.firsts.len() == self.codes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_coded_in_the_order_of_their_first_places() {
        let mut coder = Coder::default();
        for _ in 0..2 {
            let values = ["b", "b", "a", "b", "", "a"];
            coder.code(&values);
            assert_eq!(coder.codes, [0, 0, 1, 0, 2, 1]);
            assert!(coder.entries(&values).eq(&["b", "a", ""]));
            coder.code(&(0..1_000).collect::<Vec<u32>>());
            assert!(coder.all_differ());
            coder.code(&["a", "a"]);
            assert_eq!((&coder.codes[..], &coder.firsts[..]), (&[0, 0][..], &[0][..]));
            coder.code::<u8>(&[]);
            assert_eq!((coder.codes.len(), coder.firsts.len()), (0, 0));
        }
    }
}
