//! What a column has at some places, gathered once for as long as it says the same.

use super::column::{Column, PAGE};
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// Room for what a column has at places that ascend. Who reads a few thousand places of a large
/// column waits for memory at each of them; here they lie side by side.
///
/// It is right whatever happens to the column: it remembers which pages it was gathered from,
/// and a page that was changed since is another one, for as long as it is remembered. So each
/// call compares a pointer per page, and gathers anew from those that are others.
///
/// ```
/// use throng::shelf::{Column, Gathered};
/// let mut column: Column<u32> = (0..5_000).map(|n| n * 2).collect();
/// let gathered = Gathered::default();
/// assert_eq!(gathered.of(&column, &[1, 4_000, 9_999], 7)[..], [2, 8_000, 7]);
/// *column.get_mut(1).unwrap() = 3;
/// assert_eq!(gathered.of(&column, &[1, 4_000, 9_999], 7)[..], [3, 8_000, 7]);
/// ```
#[derive(Debug)]
pub struct Gathered<T>(Mutex<Option<Arc<Found<T>>>>);

/// The values at the places that were asked for.
#[derive(Debug)]
pub struct Found<T> {
    values: Vec<T>,
    parts: Vec<Part<T>>,
}

/// Values of one page.
#[derive(Debug)]
struct Part<T> {
    page: u32,
    /// Behind the last of its values.
    end: u32,
    /// The page as it was; one that is nowhere if there was none. Its values are not held by
    /// this: whoever changes it takes them along.
    from: Weak<Vec<T>>,
}

impl<T> Default for Gathered<T> {
    fn default() -> Gathered<T> {
        Gathered(Mutex::default())
    }
}

impl<T> Deref for Found<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.values
    }
}

impl<T: Copy> Gathered<T> {
    /// What a column has at these places, which ascend and are the same at each call; `none`
    /// at those beyond its end, the same at each call, too.
    pub fn of(&self, column: &Column<T>, places: &[u32], none: T) -> Arc<Found<T>> {
        let known = self.known();
        debug_assert!(known.as_ref().is_none_or(|known| known.values.len() == places.len()));
        if let Some(known) = known.as_ref().filter(|known| known.is_of(column)) {
            return known.clone();
        }
        // It is gathered outside the lock; of two who do, either may keep what it found.
        let found = Arc::new(match known {
            Some(known) => known.again(column, places, none),
            None => Found::new(column, places, none),
        });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(found.clone());
        found
    }

    fn known(&self) -> Option<Arc<Found<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl<T: Copy> Found<T> {
    fn new(column: &Column<T>, places: &[u32], none: T) -> Found<T> {
        let mut found = Found { values: Vec::with_capacity(places.len()), parts: Vec::new() };
        let same_page = |left: &u32, right: &u32| *left as usize / PAGE == *right as usize / PAGE;
        for of_page in places.chunk_by(same_page) {
            found.gather(column, of_page[0] / PAGE as u32, of_page, none);
        }
        found
    }

    /// The same of a column that has changed, or of another.
    fn again(&self, column: &Column<T>, places: &[u32], none: T) -> Found<T> {
        let mut found = Found {
            values: Vec::with_capacity(places.len()),
            parts: Vec::with_capacity(self.parts.len()),
        };
        for part in &self.parts {
            let (from, to) = (found.values.len(), part.end as usize);
            if part.is_of(column) {
                found.values.extend_from_slice(&self.values[from..to]);
                found.parts.push(Part { from: part.from.clone(), ..*part });
            } else {
                found.gather(column, part.page, &places[from..to], none);
            }
        }
        found
    }

    /// Adds the values of one page.
    fn gather(&mut self, column: &Column<T>, page: u32, places: &[u32], none: T) {
        let of = column.page(page as usize);
        let values = of.map_or(&[][..], |page| page);
        let value = |place: &u32| values.get(*place as usize % PAGE).copied().unwrap_or(none);
        self.values.extend(places.iter().map(value));
        let from = of.map_or_else(Weak::new, Arc::downgrade);
        self.parts.push(Part { page, end: self.values.len() as u32, from });
    }

    fn is_of(&self, column: &Column<T>) -> bool {
        self.parts.iter().all(|part| part.is_of(column))
    }
}

impl<T> Part<T> {
    /// Whether the page is still there as it was: while it is remembered here, whoever changes
    /// it moves it elsewhere first.
    fn is_of(&self, column: &Column<T>) -> bool {
        match column.page(self.page as usize) {
            Some(now) => std::ptr::eq(Arc::as_ptr(now), self.from.as_ptr()),
            None => self.from.ptr_eq(&Weak::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn right(column: &Column<u32>, places: &[u32]) -> Vec<u32> {
        places.iter().map(|place| column.get(*place as usize).copied().unwrap_or(7)).collect()
    }

    /// A column that grows, is changed alone and while others have it, is gone back to, and is
    /// made anew as a whole.
    #[test]
    fn it_is_what_the_column_says_whatever_happened_to_it() {
        let places: Vec<u32> = (0..900).map(|n| n * 11).collect();
        let gathered = Gathered::default();
        let mut column: Column<u32> = Column::default();
        let mut views = Vec::new();
        for step in 0..2_000u32 {
            let place = step.wrapping_mul(2_654_435_761) % 12_000;
            match step % 5 {
                _ if step % 97 == 0 => {
                    column = column.iter().copied().filter(|value| value % 7 != 0).collect();
                }
                _ if step == 1_500 => column = Column::default(),
                0 => (0..9).for_each(|n| column.push(step + n)),
                1 if step % 3 == 0 => views.push(column.clone()),
                2 if views.len() > 3 => drop(views.remove(place as usize % 3)),
                _ => {
                    if let Some(value) = column.get_mut(place as usize) {
                        *value = step;
                    }
                }
            }
            let asked = views.get(place as usize % 7).unwrap_or(&column);
            assert_eq!(gathered.of(asked, &places, 7)[..], right(asked, &places), "step {step}");
            assert_eq!(
                gathered.of(&column, &places, 7)[..],
                right(&column, &places),
                "step {step}"
            );
        }
    }

    #[test]
    fn what_is_the_same_is_not_gathered_again() {
        let mut column: Column<u32> = (0..3_000).collect();
        let (gathered, places) = (Gathered::default(), [5, 6, 2_500, 9_000]);
        let first = gathered.of(&column, &places, 0);
        let view = column.clone();
        *column.get_mut(1_500).unwrap() = 0;
        for same in [&column, &view] {
            assert!(Arc::ptr_eq(&first, &gathered.of(same, &places, 0)));
        }
        *column.get_mut(5).unwrap() = 1;
        let second = gathered.of(&column, &places, 0);
        assert_eq!(second[..], [1, 6, 2_500, 0]);
        assert!(first.parts[1].from.ptr_eq(&second.parts[1].from));
    }

    #[test]
    #[allow(clippy::disallowed_methods, reason = "a test runs two at once")]
    fn two_who_ask_of_two_columns_get_each_their_own() {
        let columns: [Column<u32>; 2] =
            [(0..9_000).collect(), (0..9_000).map(|value| value * 3).collect()];
        let places: Vec<u32> = (0..9_000).step_by(7).collect();
        let gathered = Gathered::default();
        std::thread::scope(|scope| {
            for column in &columns {
                scope.spawn(|| {
                    for _ in 0..300 {
                        assert_eq!(gathered.of(column, &places, 7)[..], right(column, &places));
                    }
                });
            }
        });
    }
}
