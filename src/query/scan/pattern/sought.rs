//! What is looked for among the events of everybody.

use crate::query::predicate::{Binds, CountRange, Form, Pattern, Sequence};

/// A pattern, or how far people come in one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sought<'c> {
    pub whole: &'c Pattern,
    /// Its beginnings, each a step or a tail longer up to the whole, if it is asked
    /// which of them are there; else none.
    pub beginnings: &'c [&'c Pattern],
}

impl<'c> Sought<'c> {
    pub fn pattern(whole: &'c Pattern) -> Sought<'c> {
        Sought { whole, beginnings: &[] }
    }

    /// None if these are not the beginnings of the last of them.
    pub fn beginnings(beginnings: &'c [&'c Pattern]) -> Option<Sought<'c>> {
        let whole = *beginnings.last()?;
        let Form::Sequence(all) = &whole.form else { return None };
        let is_beginning = |(n, part): (usize, &&Pattern)| {
            let same = (&part.total, &part.windows, part.count);
            let Form::Sequence(of) = &part.form else { return false };
            same == (&whole.total, &whole.windows, CountRange::SOME) && begins(of, all, n + 1)
        };
        let is_bound = |binds: Binds| binds == Binds::Each;
        let is_series = beginnings.iter().enumerate().all(is_beginning)
            && whole.windows.iter().all(|placing| is_bound(placing.binds));
        is_series.then_some(Sought { whole, beginnings })
    }

    /// Every pattern that is looked for.
    pub fn patterns(self) -> impl Iterator<Item = &'c Pattern> {
        self.beginnings.iter().copied().chain([self.whole])
    }

    /// Whether it is asked how far people come.
    pub fn is_series(self) -> bool {
        !self.beginnings.is_empty()
    }

    /// Whether no values are asked of the events that they agree by.
    pub fn is_keyless(self) -> bool {
        !matches!(&self.whole.form, Form::Sequence(sequence) if sequence.same.is_some())
    }

    /// Whether nobody asks how many matches there are beyond one: under a key that
    /// is never asked.
    pub fn is_there_or_not(self) -> bool {
        let CountRange { least, most } = self.whole.count;
        !self.is_keyless() || most.map_or(least <= 1, |most| most == 0)
    }

    /// Whether it matters which events lie side by side.
    pub fn is_adjacent(self) -> bool {
        matches!(&self.whole.form, Form::Sequence(sequence) if sequence.is_adjacent())
    }
}

/// Whether a sequence is so many steps and tails of another.
fn begins(of: &Sequence, all: &Sequence, n: usize) -> bool {
    let n_steps = n.min(all.steps.len());
    (of.steps.len(), of.tails.len()) == (n_steps, n - n_steps)
        && all.steps.starts_with(&of.steps)
        && all.tails.starts_with(&of.tails)
        && of.same == all.same
}
