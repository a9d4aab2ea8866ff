//! A dense column by number, in shared pages.

use std::sync::Arc;

/// Reads a column at places that are mostly near the one before.
///
/// ```
/// use throng::shelf::Column;
/// let column: Column<u32> = (0..5_000).collect();
/// let mut near = column.near();
/// assert_eq!((near.get(1), near.get(4_999), near.get(5_000)), (Some(&1), Some(&4_999), None));
/// ```
#[derive(Clone, Debug)]
pub struct Near<'c, T> {
    column: &'c Column<T>,
    number: usize,
    page: &'c [T],
}

impl<'c, T> Near<'c, T> {
    /// The value at a place.
    #[inline]
    pub fn get(&mut self, place: usize) -> Option<&'c T> {
        if place / PAGE != self.number {
            self.number = place / PAGE;
            self.page = self.column.pages.get(self.number).map_or(&[], |page| page);
        }
        self.page.get(place % PAGE)
    }
}

/// Entries in one page: what a first write after a clone copies.
pub(super) const PAGE: usize = 1_024;

/// Values by place, from 0. Cloning costs a pointer per page.
///
/// ```
/// use throng::shelf::Column;
/// let mut column: Column<u32> = Column::default();
/// column.push(7);
/// let kept = column.clone();
/// *column.get_mut(0).unwrap() = 8;
/// assert_eq!((kept.get(0), column.get(0)), (Some(&7), Some(&8)));
/// ```
#[derive(Clone, Debug)]
pub struct Column<T> {
    pages: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Column<T> {
    fn default() -> Column<T> {
        Column { pages: Vec::new(), len: 0 }
    }
}

impl<T> Column<T> {
    /// How many values there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The value at a place.
    pub fn get(&self, place: usize) -> Option<&T> {
        self.pages.get(place / PAGE)?.get(place % PAGE)
    }

    /// A page as it lies.
    pub(super) fn page(&self, number: usize) -> Option<&Arc<Vec<T>>> {
        self.pages.get(number)
    }

    /// To be read place after place.
    pub fn near(&self) -> Near<'_, T> {
        Near { column: self, number: usize::MAX, page: &[] }
    }

    /// All values in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pages.iter().flat_map(|page| page.iter())
    }
}

impl<T> Column<T> {
    /// Bytes of memory held, without what values point at.
    pub fn memory(&self) -> usize {
        let values = self.pages.iter().map(|page| page.capacity()).sum::<usize>();
        values * size_of::<T>() + self.pages.capacity() * size_of::<Arc<Vec<T>>>()
    }
}

impl<T: Clone> Column<T> {
    /// The value at a place, to be changed.
    pub fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        let page = self.pages.get_mut(place / PAGE)?;
        Arc::make_mut(page).get_mut(place % PAGE)
    }

    /// Adds a value behind the last.
    pub fn push(&mut self, value: T) {
        if self.len.is_multiple_of(PAGE) {
            self.pages.push(Arc::new(Vec::with_capacity(PAGE)));
        }
        let page = self.pages.last_mut().expect("a page was just made");
        Arc::make_mut(page).push(value);
        self.len += 1;
    }

    /// Adds values behind the last; where they begin a page and are no more than one, as they lie.
    pub fn append(&mut self, values: Vec<T>) {
        if self.len.is_multiple_of(PAGE) && values.len() <= PAGE && !values.is_empty() {
            self.len += values.len();
            self.pages.push(Arc::new(values));
        } else {
            values.into_iter().for_each(|value| self.push(value));
        }
    }

    /// Adds values until the place exists, then gives the one there.
    pub fn grown(&mut self, place: usize, fill: impl Fn() -> T) -> &mut T {
        while self.len <= place {
            self.push(fill());
        }
        self.get_mut(place).expect("the place was just made")
    }
}

impl<T: Clone> FromIterator<T> for Column<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Column<T> {
        let mut column = Column::default();
        values.into_iter().for_each(|value| column.push(value));
        column
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_stays_as_it_was_and_shares_the_rest() {
        let mut column: Column<usize> = (0..3 * PAGE + 5).collect();
        let kept = column.clone();
        *column.get_mut(PAGE).unwrap() = 0;
        column.push(9);
        assert!(kept.iter().copied().eq(0..3 * PAGE + 5));
        assert_eq!((column.get(PAGE), column.len()), (Some(&0), 3 * PAGE + 6));
        assert!(Arc::ptr_eq(&kept.pages[0], &column.pages[0]));
        assert!(!Arc::ptr_eq(&kept.pages[1], &column.pages[1]));
    }

    #[test]
    fn values_that_come_together_lie_as_single_ones_do() {
        for parts in [vec![PAGE, PAGE, 7], vec![5, PAGE], vec![2 * PAGE + 1], vec![0, 3, 0, 4]] {
            let mut column: Column<usize> = Column::default();
            for n in &parts {
                column.append((column.len()..column.len() + n).collect());
            }
            column.push(column.len());
            assert!(column.iter().copied().eq(0..parts.iter().sum::<usize>() + 1), "{parts:?}");
            assert!((0..column.len()).all(|place| column.get(place) == Some(&place)), "{parts:?}");
        }
    }

    #[test]
    fn growing_fills_the_places_between() {
        let mut column: Column<u8> = Column::default();
        *column.grown(2 * PAGE, || 1) = 2;
        assert_eq!(column.iter().filter(|value| **value == 1).count(), 2 * PAGE);
        assert_eq!(column.get(2 * PAGE), Some(&2));
    }
}
