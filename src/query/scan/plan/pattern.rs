//! What is gathered for a pattern: each event with what it is good for.

use super::Plan;
use super::gather::{Gather, Named, Rows, What};
use super::lower::Lower;
use super::spans::Spans;
use super::tree::Expr;
use crate::model::Text;
use crate::query::predicate::{Binds, Form, Matcher, Pattern, PersonLeaf, Window};
use crate::query::scan::pattern::{Sought, role};
use crate::timeline::ColumnKey;
use std::collections::BTreeSet;

/// Something that an event may be good for.
struct Role<'c> {
    bit: u64,
    matcher: &'c Matcher,
    windows: Vec<&'c Window<PersonLeaf>>,
}

/// The rows that a pattern is about: one pass for each name, or one over all
/// events, so that each event is met in one pass only.
pub(super) fn rows_of(sought: Sought<'_>) -> Vec<Rows> {
    let events = sought.whole.matchers().into_iter().flat_map(|matcher| &matcher.0);
    let names: Option<BTreeSet<&Text>> = events.map(|event| event.name.as_ref()).collect();
    match names {
        Some(names) if !sought.is_adjacent() => {
            names.into_iter().cloned().map(Rows::Named).collect()
        }
        _ => vec![Rows::Events],
    }
}

impl<'c> Plan<'c> {
    /// The gathers of a pattern, one for each thing that a row may be good for.
    pub(super) fn marks(
        &mut self,
        slot: usize,
        sought: Sought<'c>,
        rows: &Rows,
        columns: &mut Vec<ColumnKey>,
    ) -> Vec<Gather> {
        let spans = Spans::of(self, sought);
        // Where days begin is asked when all rows are there: it must be known before.
        self.days_of(sought.whole);
        let mut gathers = Vec::new();
        for role in roles(sought.whole) {
            let filters = self.filters(role.matcher, rows, columns);
            if filters.is_empty() {
                continue;
            }
            let what = What::Mark { bit: role.bit, key: self.key(sought.whole, columns) };
            let mut gather = Gather { filters, ..self.every(slot, what) };
            for window in role.windows {
                let window = self.window(window, &mut Vec::new(), true);
                self.narrow(&mut gather, window);
            }
            spans.narrow(&mut gather, role.bit);
            gathers.push(gather);
        }
        if sought.is_adjacent() {
            let what = What::Mark { bit: role::EVENT, key: None };
            let filters = vec![Named { name: None, filter: None }];
            let mut gather = Gather { filters, ..self.every(slot, what) };
            spans.narrow(&mut gather, role::EVENT);
            gathers.push(gather);
        }
        gathers
    }

    fn key(&mut self, pattern: &'c Pattern, columns: &mut Vec<ColumnKey>) -> Option<Expr> {
        let Form::Sequence(sequence) = &pattern.form else { return None };
        sequence.same.as_ref().map(|same| Expr::Read(same.lower(self, columns)))
    }

    /// Between which instants an event may be that windows bind so, as far as they are
    /// the same for everybody.
    pub(super) fn bound(&mut self, pattern: &'c Pattern, binds: &[Binds]) -> (i64, i64) {
        let mut gather = self.every(0, What::Row);
        for window in windows(pattern, binds) {
            let window = self.window(window, &mut Vec::new(), true);
            self.narrow(&mut gather, window);
        }
        gather.span
    }
}

fn windows<'c>(pattern: &'c Pattern, binds: &[Binds]) -> Vec<&'c Window<PersonLeaf>> {
    let bound = pattern.windows.iter().filter(|placing| binds.contains(&placing.binds));
    bound.map(|placing| &placing.window).collect()
}

/// How windows bind a step of so many.
pub(super) fn binds_of(n: usize, n_steps: usize) -> Vec<Binds> {
    let mut binds = vec![Binds::Each];
    binds.extend((n == 0).then_some(Binds::First));
    binds.extend((n + 1 == n_steps).then_some(Binds::Last));
    binds
}

fn roles(pattern: &Pattern) -> Vec<Role<'_>> {
    let mut roles = Vec::new();
    let mut add = |bit, matcher, binds: &[Binds]| {
        roles.push(Role { bit, matcher, windows: windows(pattern, binds) });
    };
    match &pattern.form {
        Form::Sequence(sequence) => {
            for (n, step) in sequence.steps.iter().enumerate() {
                add(role::step(n), &step.matcher, &binds_of(n, sequence.steps.len()));
                if let Some(other) = step.without.as_ref().filter(|_| n > 0) {
                    add(role::without(n), other, &[]);
                }
            }
            for (n, tail) in sequence.tails.iter().enumerate() {
                add(role::tail(n), &tail.matcher, &[]);
            }
        }
        Form::Combination { kinds, .. } => {
            for (n, kind) in kinds.iter().enumerate() {
                add(role::step(n), kind, &[Binds::Each]);
                add(role::FIRST, kind, &[Binds::Each, Binds::First]);
                add(role::LAST, kind, &[Binds::Each, Binds::Last]);
            }
        }
    }
    roles
}
