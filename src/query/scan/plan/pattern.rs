//! What is gathered for a pattern: each event with what it is good for.

use super::Plan;
use super::gather::{Gather, Named, Rows, What};
use super::lower::Lower;
use super::tree::Expr;
use crate::model::Text;
use crate::query::predicate::{Binds, Form, Matcher, Pattern, PersonLeaf, Window};
use crate::query::scan::pattern::role;
use crate::timeline::ColumnKey;
use std::collections::BTreeSet;

/// Something that an event may be good for.
struct Role<'c> {
    bit: u32,
    matcher: &'c Matcher,
    windows: Vec<&'c Window<PersonLeaf>>,
}

/// The rows that a pattern is about: one pass for each name, or one over all
/// events, so that each event is met in one pass only.
pub(super) fn rows_of(pattern: &Pattern) -> Vec<Rows> {
    let events = pattern.matchers().into_iter().flat_map(|matcher| &matcher.0);
    let names: Option<BTreeSet<&Text>> = events.map(|event| event.name.as_ref()).collect();
    match names {
        Some(names) if !is_adjacent(pattern) => {
            names.into_iter().cloned().map(Rows::Named).collect()
        }
        _ => vec![Rows::Events],
    }
}

/// Whether it matters which events lie side by side.
pub fn is_adjacent(pattern: &Pattern) -> bool {
    matches!(&pattern.form, Form::Sequence(sequence) if sequence.is_adjacent())
}

impl<'c> Plan<'c> {
    /// The gathers of a pattern, one for each thing that a row may be good for.
    pub(super) fn marks(
        &mut self,
        slot: usize,
        pattern: &'c Pattern,
        rows: &Rows,
        columns: &mut Vec<ColumnKey>,
    ) -> Vec<Gather> {
        let mut gathers = Vec::new();
        for role in roles(pattern) {
            let filters = self.filters(role.matcher, rows, columns);
            if filters.is_empty() {
                continue;
            }
            let what = What::Mark { bit: role.bit, key: self.key(pattern, columns) };
            let mut gather = Gather { filters, ..self.every(slot, what) };
            for window in role.windows {
                let window = self.window(window, &mut Vec::new(), true);
                self.narrow(&mut gather, window);
            }
            gathers.push(gather);
        }
        if is_adjacent(pattern) {
            let what = What::Mark { bit: role::EVENT, key: None };
            let filters = vec![Named { name: None, filter: None }];
            gathers.push(Gather { filters, ..self.every(slot, what) });
        }
        gathers
    }

    fn key(&mut self, pattern: &'c Pattern, columns: &mut Vec<ColumnKey>) -> Option<Expr> {
        let Form::Sequence(sequence) = &pattern.form else { return None };
        sequence.same.as_ref().map(|same| Expr::Read(same.lower(self, columns)))
    }
}

fn roles(pattern: &Pattern) -> Vec<Role<'_>> {
    let windows = |binds: &[Binds]| {
        let bound = pattern.windows.iter().filter(|placing| binds.contains(&placing.binds));
        bound.map(|placing| &placing.window).collect::<Vec<_>>()
    };
    let mut roles = Vec::new();
    let mut add = |bit, matcher, windows| roles.push(Role { bit, matcher, windows });
    match &pattern.form {
        Form::Sequence(sequence) => {
            for (n, step) in (0..).zip(&sequence.steps) {
                let mut binds = vec![Binds::Each];
                binds.extend((n == 0).then_some(Binds::First));
                binds.extend((n as usize + 1 == sequence.steps.len()).then_some(Binds::Last));
                add(role::STEP + n, &step.matcher, windows(&binds));
                if let Some(other) = &step.without {
                    add(role::WITHOUT + n, other, Vec::new());
                }
            }
            for (n, tail) in (0..).zip(&sequence.tails) {
                add(role::TAIL + n, &tail.matcher, Vec::new());
            }
        }
        Form::Combination { kinds, .. } => {
            for (n, kind) in (0..).zip(kinds) {
                add(role::STEP + n, kind, windows(&[Binds::Each]));
                add(role::FIRST, kind, windows(&[Binds::Each, Binds::First]));
                add(role::LAST, kind, windows(&[Binds::Each, Binds::Last]));
            }
        }
    }
    roles
}
