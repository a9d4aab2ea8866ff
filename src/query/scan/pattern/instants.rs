//! Marks, instant by instant.

use super::marks::Mark;

/// The marks of a person, parted where `when` grows.
pub struct Instants<'m> {
    marks: &'m [Mark],
    /// By instant, the number of its first mark; one more at the end.
    starts: Vec<usize>,
    pub whens: Vec<i64>,
    /// By instant, what any of its marks is good for.
    pub bits: Vec<u128>,
}

impl<'m> Instants<'m> {
    pub fn of(marks: &'m [Mark]) -> Instants<'m> {
        let (mut starts, mut whens, mut bits) = (Vec::new(), Vec::new(), Vec::<u128>::new());
        for (n, mark) in marks.iter().enumerate() {
            if whens.last() != Some(&mark.rank.when) {
                starts.push(n);
                whens.push(mark.rank.when);
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
    pub fn at(&self, instant: usize) -> &'m [Mark] {
        &self.marks[self.starts[instant]..self.starts[instant + 1]]
    }

    /// The first instant that is not earlier.
    pub fn from(&self, when: i64) -> usize {
        self.whens.partition_point(|other| *other < when)
    }
}
