//! Marks: the events that a pattern looks at, as they are gathered, page by page of people.

use super::role;
use crate::query::scan::slot::PAGE;

/// An event of somebody, and what it is good for: there are many of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mark {
    pub when: i64,
    pub bits: u64,
    pub seat: u32,
    /// Where more is known of it, counted from one; 0 if nothing is.
    more: u32,
}

/// What is known of few events.
#[derive(Clone, Copy, Debug, Default)]
pub struct Detail {
    /// The sender's sequence.
    pub ord: i64,
    /// The id, where ids were read.
    pub id: u128,
    /// From where to where the hashes lie of the values that it agrees with others by.
    keys: (u32, u32),
}

/// The marks of a page of people.
#[derive(Clone, Debug, Default)]
pub struct Part {
    marks: Vec<Mark>,
    more: Vec<Detail>,
    keys: Vec<u128>,
}

/// The marks of all people; each of its parts was gathered by one worker.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// By page of seats.
    pages: Vec<Part>,
    others: Vec<Vec<Part>>,
}

/// Marks for which a page has room at first.
const FEW: usize = PAGE / 16;

/// Somebody on a page, while marks are put in order.
#[derive(Clone, Copy, Default)]
struct Person {
    /// What their marks together are good for; then, 1 if that is all that is needed.
    good_for: u32,
    /// How many marks they have; then, where the next of them belongs.
    n: u32,
}

impl Mark {
    pub fn new(seat: u32, when: i64, bits: u64) -> Mark {
        Mark { when, bits, seat, more: 0 }
    }

    /// The same where what is known of so many others stands before what is known of it.
    fn behind(self, n_more: u32) -> Mark {
        Mark { more: if self.more == 0 { 0 } else { self.more + n_more }, ..self }
    }
}

impl Marks {
    /// An event of which nothing more is known.
    #[inline]
    pub fn take(&mut self, seat: u32, when: i64, bits: u64) {
        let marks = &mut self.part(seat).marks;
        if marks.len() == marks.capacity() {
            // Few steps to what a page of busy people has: each of them moves what is there.
            marks.reserve((marks.len() * 3).max(FEW));
        }
        marks.push(Mark::new(seat, when, bits));
    }

    /// An event with what is known of it: the sender's sequence, the id, hashes of what
    /// it agrees with others by.
    pub fn take_more(&mut self, mark: Mark, (ord, id): (i64, u128), keys: &[u128]) {
        let part = self.part(mark.seat);
        let first = part.keys.len() as u32;
        part.keys.extend(keys);
        part.more.push(Detail { ord, id, keys: (first, part.keys.len() as u32) });
        part.marks.push(Mark { more: part.more.len() as u32, ..mark });
    }

    #[inline]
    fn part(&mut self, seat: u32) -> &mut Part {
        let page = seat as usize / PAGE;
        if self.pages.len() <= page {
            self.pages.resize_with(page + 1, Part::default);
        }
        &mut self.pages[page]
    }

    pub fn absorb(&mut self, other: Marks) {
        self.others.push(other.pages);
        self.others.extend(other.others);
    }

    /// The pages of which there are marks, each with its number and what every worker has found.
    pub fn into_pages(self) -> Vec<(usize, Vec<Part>)> {
        let n_pages = self.others.iter().chain([&self.pages]).map(Vec::len).max().unwrap_or(0);
        let mut pages: Vec<(usize, Vec<Part>)> = (0..n_pages).map(|n| (n, Vec::new())).collect();
        for parts in self.others.into_iter().chain([self.pages]) {
            for ((_, of_page), part) in pages.iter_mut().zip(parts) {
                of_page.extend(Some(part).filter(|part| !part.marks.is_empty()));
            }
        }
        pages.retain(|(_, parts)| !parts.is_empty());
        pages
    }
}

/// The marks of a page, behind one that is nobody's: person after person, each as time goes.
pub struct Sorted {
    marks: Vec<Mark>,
    more: Vec<Detail>,
    keys: Vec<u128>,
}

impl Sorted {
    /// Those of people whose marks together are good for all that is needed.
    pub fn of(parts: &[Part], needed: u32) -> Sorted {
        let marks = by_person(parts, needed);
        let mut sorted = Sorted { marks, more: Vec::new(), keys: Vec::new() };
        for part in parts {
            let (n_more, n_keys) = (sorted.more.len(), sorted.keys.len() as u32);
            sorted.more.extend_from_slice(&part.more);
            sorted.keys.extend_from_slice(&part.keys);
            for more in &mut sorted.more[n_more..] {
                more.keys = (more.keys.0 + n_keys, more.keys.1 + n_keys);
            }
        }
        sorted
    }

    /// Does something with everybody's marks, as time goes.
    pub fn each(&mut self, mut visit: impl FnMut(&[Mark], Details<'_>)) {
        let details = Details { more: &self.more, keys: &self.keys };
        for person in self.marks[1..].chunk_by_mut(|left, right| left.seat == right.seat) {
            if !person.is_sorted_by_key(|mark| mark.when) {
                person.sort_by_key(|mark| mark.when);
            }
            visit(person, details);
        }
    }
}

/// Those of a person together, in the order in which people appear; none of whoever lacks
/// something, but for one in the first place, where all of theirs are put. Whether somebody
/// is new or lacks something is no branch: nothing would foretell it.
fn by_person(parts: &[Part], needed: u32) -> Vec<Mark> {
    let n_marks: usize = parts.iter().map(|part| part.marks.len()).sum();
    let mut numbers = [0u16; PAGE];
    let (mut people, mut n_people) = (vec![Person::default(); n_marks.min(PAGE) + 1], 0);
    for part in parts {
        for mark in &part.marks {
            let number = &mut numbers[mark.seat as usize % PAGE];
            let is_new = *number == 0;
            n_people += u16::from(is_new);
            *number = if is_new { n_people } else { *number };
            let person = &mut people[usize::from(*number)];
            person.good_for |= role::steps(mark.bits);
            person.n += 1;
        }
    }
    let mut end = 1;
    for person in &mut people[1..] {
        let is_whole = person.good_for & needed == needed;
        let n = if is_whole { person.n } else { 0 };
        *person = Person { good_for: is_whole.into(), n: if is_whole { end } else { 0 } };
        end += n;
    }
    let (mut sorted, mut n_more) = (vec![Mark::default(); end as usize], 0);
    for part in parts {
        for mark in &part.marks {
            let person = &mut people[usize::from(numbers[mark.seat as usize % PAGE])];
            sorted[person.n as usize] = mark.behind(n_more);
            person.n += person.good_for;
        }
        n_more += part.more.len() as u32;
    }
    sorted
}

/// What more is known of the marks of a page.
#[derive(Clone, Copy)]
pub struct Details<'s> {
    more: &'s [Detail],
    keys: &'s [u128],
}

impl<'s> Details<'s> {
    pub fn of(self, mark: &Mark) -> Detail {
        match mark.more {
            0 => Detail::default(),
            more => self.more[more as usize - 1],
        }
    }

    /// The values that an event agrees with others by.
    pub fn keys(self, detail: Detail) -> &'s [u128] {
        let (from, to) = detail.keys;
        &self.keys[from as usize..to as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Marks of some people, found by three workers: each with a sequence that says which
    /// it is and with one key, but for every third, of which nothing more is known.
    fn found(n_marks: u32) -> (Marks, Vec<(u32, i64, u64)>) {
        let mut workers = [Marks::default(), Marks::default(), Marks::default()];
        let mut all = Vec::new();
        for n in 0..n_marks {
            let seat = n.wrapping_mul(2_654_435_761) % 9_000;
            let when = i64::from(n.wrapping_mul(40_503) % 500);
            let marks = &mut workers[n as usize % 3];
            let bits = u64::from(n) + 1;
            match n % 3 {
                0 => marks.take(seat, when, bits),
                _ => marks.take_more(Mark::new(seat, when, bits), (n.into(), 0), &[bits.into()]),
            }
            all.push((seat, when, bits));
        }
        let [mut first, second, third] = workers;
        first.absorb(second);
        first.absorb(third);
        all.sort_unstable();
        (first, all)
    }

    #[test]
    fn marks_of_all_workers_lie_person_by_person_with_what_is_known_of_them() {
        for n_marks in [0, 10, 3_000, 30_000] {
            let (marks, right) = found(n_marks);
            let mut told = Vec::new();
            for (page, parts) in marks.into_pages() {
                Sorted::of(&parts, 0).each(|person, details| {
                    assert!(person.is_sorted_by_key(|mark| mark.when));
                    for mark in person {
                        assert_eq!(mark.seat as usize / PAGE, page);
                        let (n, detail) = (mark.bits - 1, details.of(mark));
                        let (ord, keys) = if n % 3 == 0 { (0, 0) } else { (n as i64, 1) };
                        assert_eq!((detail.ord, details.keys(detail).len()), (ord, keys));
                        assert!(
                            details.keys(detail).iter().all(|key| *key == u128::from(mark.bits))
                        );
                        told.push((mark.seat, mark.when, mark.bits));
                    }
                });
            }
            told.sort_unstable();
            assert_eq!(told, right, "{n_marks}");
        }
    }

    #[test]
    fn whoever_lacks_something_is_left_out() {
        for (n_marks, n_least) in [(0, 0), (300, 10), (30_000, 1_000)] {
            leaves_out(n_marks, n_least);
        }
    }

    fn leaves_out(n_marks: u32, n_least: usize) {
        let (marks, right) = found(n_marks);
        let (mut told, mut n_lacking) = (Vec::new(), 0);
        for (_, parts) in marks.into_pages() {
            Sorted::of(&parts, 0b11_0000).each(|person, _| {
                told.extend(person.iter().map(|mark| (mark.seat, mark.when, mark.bits)));
            });
        }
        told.sort_unstable();
        let of_person = right.chunk_by(|left, right| left.0 == right.0);
        let whole: Vec<_> = of_person
            .filter(|person| {
                let good_for = person.iter().fold(0, |all, (_, _, bits)| all | bits);
                let is_whole = good_for & 0b11_0000 == 0b11_0000;
                n_lacking += usize::from(!is_whole);
                is_whole
            })
            .flatten()
            .copied()
            .collect();
        assert!(n_lacking >= n_least && whole.len() >= n_least, "{n_marks}");
        assert_eq!(told, whole, "{n_marks}");
    }
}
