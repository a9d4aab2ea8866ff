//! Marks, instant by instant.

use super::events::Event;

/// The marks of a person, parted where `when` grows.
pub struct Instants<'m> {
    marks: &'m [Event],
    /// By instant, the number of its first mark; one more at the end.
    starts: Vec<usize>,
    pub whens: Vec<i64>,
    /// By instant, what any of its marks is good for.
    pub bits: Vec<u64>,
}

impl<'m> Instants<'m> {
    pub fn of(marks: &'m [Event]) -> Instants<'m> {
        let (mut starts, mut whens, mut bits) = (Vec::new(), Vec::new(), Vec::<u64>::new());
        for (n, mark) in marks.iter().enumerate() {
            if whens.last() != Some(&mark.when) {
                starts.push(n);
                whens.push(mark.when);
                bits.push(0);
            }
            *bits.last_mut().expect("an instant was begun") |= mark.bits;
        }
        starts.push(marks.len());
        Instants { marks, starts, whens, bits }
    }

    pub fn len(&self) -> usize {
        self.whens.len()
    }

    /// The marks of an instant.
    pub fn at(&self, instant: usize) -> &'m [Event] {
        &self.marks[self.starts[instant]..self.starts[instant + 1]]
    }

    /// The first instant that is not earlier.
    pub fn from(&self, when: i64) -> usize {
        self.whens.partition_point(|other| *other < when)
    }
}
