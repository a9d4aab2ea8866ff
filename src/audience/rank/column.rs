//! For each place a key, in eight bytes where it fits.
//!
//! Amounts below nine billion, dates and all instants fit; the few that do not
//! lie beside the column.

use foldhash::fast::FixedState;
use std::collections::HashMap;

const NONE: i64 = i64::MIN;
const BESIDE: i64 = i64::MIN + 1;

/// Keys by place.
#[derive(Debug, Default)]
pub(super) struct Column {
    keys: Vec<i64>,
    beside: HashMap<u32, i128, FixedState>,
}

impl Column {
    /// The key of a place, if it has one.
    pub(super) fn get(&self, place: u32) -> Option<i128> {
        match self.keys.get(place as usize) {
            None | Some(&NONE) => None,
            Some(&BESIDE) => self.beside.get(&place).copied(),
            Some(key) => Some((*key).into()),
        }
    }

    /// Gives a place a key, or takes it.
    pub(super) fn set(&mut self, place: u32, key: Option<i128>) {
        if self.keys.len() <= place as usize {
            self.keys.resize(place as usize + 1, NONE);
        }
        let own = &mut self.keys[place as usize];
        if *own == BESIDE {
            self.beside.remove(&place);
        }
        *own = match key {
            None => NONE,
            Some(key) => match i64::try_from(key) {
                Ok(short) if short > BESIDE => short,
                _ => {
                    self.beside.insert(place, key);
                    BESIDE
                }
            },
        };
    }

    pub(super) fn bytes(&self) -> usize {
        self.keys.capacity() * 8 + self.beside.capacity() * 32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_any_size_come_back() {
        let mut column = Column::default();
        let keys = [0, -1, i64::MIN.into(), i128::from(i64::MIN) + 1, 1 << 100, -(1 << 100)];
        for _ in 0..2 {
            for (place, key) in keys.iter().enumerate() {
                column.set(place as u32, Some(*key));
            }
            assert!(keys.iter().enumerate().all(|(p, key)| column.get(p as u32) == Some(*key)));
            (0..6).for_each(|place| column.set(place, None));
            assert!((0..9).all(|place| column.get(place).is_none()));
        }
    }
}
