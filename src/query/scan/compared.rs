//! Comparisons of numbers that all must hold: one after the other over the same people, of
//! whom fewer and fewer are left, as bits. What is compared with one after the other is
//! computed once.

use super::choose::Choice;
use super::plan::slots_of;
use super::plan::tree::{Check, Expr, Read, Test};
use super::slot::{Numbers, Places};
use super::value::{Here, Range, compared, numbers, passes};
use crate::identity::NOBODY;
use crate::index::{CHUNK_WORDS, Seats};

/// A comparison, and the slots that it reads: whoever has nothing in any of them passes or
/// fails like nobody.
pub struct Comparison<'t> {
    test: &'t Test,
    slots: Vec<usize>,
    by_default: bool,
}

/// The people of a chunk who are left.
struct Left {
    chunk: u32,
    words: [u64; CHUNK_WORDS],
}

/// What some people have of an expression.
struct Known<'t> {
    of: &'t Expr,
    people: Places,
    numbers: Numbers,
}

impl<'t> Comparison<'t> {
    /// None of what is told in other ways: what does not compare, reads more than slots, or
    /// compares one slot with a literal.
    pub fn of(test: &'t Test, choice: &Choice<'_>) -> Option<Comparison<'t>> {
        let Check::Compare(..) = &test.check else { return None };
        let is_slot = matches!(&test.subject, Expr::Read(Read::Slot { .. }));
        if is_slot && Range::of(&test.check).is_some() {
            return None;
        }
        let by_default = passes(test, &here(NOBODY, choice));
        Some(Comparison { test, slots: slots_of(test)?, by_default })
    }
}

/// Of these people those of whom all of that holds.
pub fn all_hold(comparisons: &[Comparison<'_>], people: &Seats, choice: &Choice<'_>) -> Seats {
    Seats::of_chunks(people.chunks().map(|chunk| {
        let mut left = Left { chunk, words: [0; CHUNK_WORDS] };
        people.mark(chunk, &mut left.words);
        let mut known = None;
        for comparison in comparisons {
            left.narrow(comparison, choice, &mut known);
        }
        Seats::of_chunk(chunk, &left.words)
    }))
}

impl Left {
    fn narrow<'t>(
        &mut self,
        Comparison { test, slots, by_default }: &Comparison<'t>,
        choice: &Choice<'_>,
        known: &mut Option<Known<'t>>,
    ) {
        let people = Places::of_words(self.chunk, &self.touched(slots, choice));
        let verdicts = verdicts(test, &people, choice, known).unwrap_or_else(|| {
            let seats = people.seats();
            seats.iter().map(|seat| passes(test, &here(*seat, choice))).collect()
        });
        if *by_default {
            let fail = people.bits(|place| !verdicts[place]);
            self.words.iter_mut().zip(&*fail).for_each(|(word, fail)| *word &= !fail);
        } else {
            self.words = *people.bits(|place| verdicts[place]);
        }
    }

    /// Those in one of whose slots something was put.
    fn touched(&self, slots: &[usize], choice: &Choice<'_>) -> [u64; CHUNK_WORDS] {
        let mut touched = [0; CHUNK_WORDS];
        if !choice.table.touch(slots, self.chunk, &mut touched) {
            return self.words;
        }
        touched.iter_mut().zip(&self.words).for_each(|(touched, word)| *touched &= word);
        touched
    }
}

/// Of whom a comparison of numbers holds, all of them computed together; none if it is not
/// one of plain numbers.
fn verdicts<'t>(
    test: &'t Test,
    people: &Places,
    choice: &Choice<'_>,
    known: &mut Option<Known<'t>>,
) -> Option<Vec<bool>> {
    let Check::Compare(how, other) = &test.check else { return None };
    let subject = match known.take() {
        Some(known) if is_same(known.of, &test.subject) => known.numbers_of(people),
        _ => None,
    };
    let subject = match subject {
        Some(subject) => subject,
        None => numbers(&test.subject, people, choice.table)?,
    };
    let verdicts = compared(*how, &subject, &numbers(other, people, choice.table)?);
    *known = Some(Known { of: &test.subject, people: people.clone(), numbers: subject });
    Some(verdicts)
}

impl Known<'_> {
    /// What these have, if it is known of all of them.
    fn numbers_of(self, people: &Places) -> Option<Numbers> {
        let among = self.people.places_of(people)?;
        Some(match self.numbers {
            Numbers::Whole(whole) => Numbers::Whole(among.iter().map(|n| whole[*n]).collect()),
            Numbers::Small(small) => Numbers::Small(among.iter().map(|n| small[*n]).collect()),
            Numbers::Any(any) => Numbers::Any(among.iter().map(|n| any[*n]).collect()),
        })
    }
}

/// Whether both are the same sums and products of the same slots.
fn is_same(one: &Expr, other: &Expr) -> bool {
    match (one, other) {
        (
            Expr::Read(Read::Slot { slot, steps, declared: None }),
            Expr::Read(Read::Slot { slot: other, steps: more, declared: None }),
        ) => slot == other && steps.is_empty() && more.is_empty(),
        (Expr::Literal(one), Expr::Literal(other)) => one == other,
        (Expr::Negative(one), Expr::Negative(other)) => is_same(one, other),
        (
            Expr::Arithmetic { operator, left, right },
            Expr::Arithmetic { operator: other, left: from, right: to },
        ) => operator == other && is_same(left, from) && is_same(right, to),
        _ => false,
    }
}

fn here<'h>(seat: u32, choice: &Choice<'h>) -> Here<'h> {
    Here::of(seat, choice.table, choice.identity, choice.now)
}
