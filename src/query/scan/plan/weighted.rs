//! Scores made of counts, `count(a) + 3 * count(b)`: one slot to which each row adds what it
//! counts for, where every count by itself would be a slot that is filled and read.

use super::Plan;
use super::gather::{Gather, Rows};
use super::pass;
use super::tree::Read;
use super::wish::{Events, Wish};
use crate::model::{Decimal, Value};
use crate::query::predicate::{Aggregate, Expr, Function, Operator, PersonLeaf};
use crate::timeline::ColumnKey;

/// A count, and how many times it is added.
type Term<'c> = (u16, &'c Aggregate);

impl<'c> Plan<'c> {
    /// Where a sum of counts is read; none if it is something else, or if its counts are
    /// better had one by one: they may be known, or be asked for by themselves anyway.
    pub(super) fn sum_of_counts(&mut self, expr: &'c Expr<PersonLeaf>) -> Option<Read> {
        let terms = terms(expr).filter(|terms| terms.len() > 1)?;
        let wishes: Vec<Wish<'c>> =
            terms.iter().map(|(_, of)| Wish::Events((*of).into())).collect();
        let is_wished = |wish: &Wish<'c>| self.wishes.iter().any(|(other, _)| other == wish);
        if wishes.iter().any(|wish| wish.ever().is_some()) || wishes.iter().all(is_wished) {
            return None;
        }
        let slot = self.slot(Wish::Weighted(expr));
        Some(Read::Slot { slot, steps: Vec::new(), declared: None })
    }

    /// What each count gathers of some rows.
    pub(super) fn weighted(
        &mut self,
        slot: usize,
        expr: &'c Expr<PersonLeaf>,
        rows: &Rows,
        columns: &mut Vec<ColumnKey>,
    ) -> Vec<Gather> {
        let terms = terms(expr).unwrap_or_default().into_iter();
        let of_rows = terms.filter(|(_, of)| rows_of_count(of).contains(rows));
        of_rows
            .map(|(weight, of)| Gather {
                weight,
                ..self.events(slot, Events::from(of), rows, columns)
            })
            .collect()
    }
}

/// The rows of all counts, each once.
pub(super) fn rows_of(expr: &Expr<PersonLeaf>) -> Vec<Rows> {
    let mut all: Vec<Rows> = Vec::new();
    for (_, of) in terms(expr).unwrap_or_default() {
        let new = rows_of_count(of).into_iter().filter(|rows| !all.contains(rows));
        all.extend(new.collect::<Vec<_>>());
    }
    all
}

fn rows_of_count(of: &Aggregate) -> Vec<Rows> {
    pass::rows_of(Wish::Events(of.into()))
}

/// The counts that a value adds up, each some whole number of times; none of another value.
fn terms(expr: &Expr<PersonLeaf>) -> Option<Vec<Term<'_>>> {
    match expr {
        Expr::Leaf(PersonLeaf::Aggregate(of)) => {
            (of.function == Function::Count && of.value.is_none()).then(|| vec![(1, &**of)])
        }
        Expr::Arithmetic { operator: Operator::Add, left, right } => {
            let (mut all, right) = (terms(left)?, terms(right)?);
            all.extend(right);
            Some(all)
        }
        Expr::Arithmetic { operator: Operator::Multiply, left, right } => {
            let (times, of) = match (&**left, &**right) {
                (Expr::Literal(times), of) | (of, Expr::Literal(times)) => (times, of),
                _ => return None,
            };
            let times = small(times)?;
            let mut all = terms(of)?;
            for (weight, _) in &mut all {
                *weight = weight.checked_mul(times)?;
            }
            Some(all)
        }
        _ => None,
    }
}

/// A whole number from one up that a row may count for.
fn small(value: &Value) -> Option<u16> {
    let Value::Number(number) = value else { return None };
    let unit = Decimal::from(1).billionths();
    let whole = number.billionths() / unit;
    let is_whole = whole * unit == number.billionths() && whole > 0;
    is_whole.then(|| u16::try_from(whole).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;
    use crate::query::predicate::{EventFilter, Matcher, RowLeaf, Window};
    use crate::query::scan::plan::tree;
    use crate::query::scan::rank::Ranks;

    type Value = Expr<PersonLeaf>;

    fn count(name: &str, windows: Vec<Window<PersonLeaf>>) -> Value {
        let matcher = Matcher(vec![EventFilter { name: Some(name.into()), filter: None }]);
        let (function, items, value) = (Function::Count, None, None);
        let of = Aggregate { function, matcher, items, value, windows };
        Expr::Leaf(PersonLeaf::Aggregate(Box::new(of)))
    }

    fn recent(name: &str) -> Value {
        count(name, vec![Window::Last { ms: 86_400_000 }])
    }

    fn joined(left: Value, operator: Operator, right: Value) -> Value {
        Expr::Arithmetic { operator, left: Box::new(left), right: Box::new(right) }
    }

    fn times(number: &str, right: Value) -> Value {
        let number = crate::model::Value::Number(number.parse().unwrap());
        joined(Expr::Literal(number), Operator::Multiply, right)
    }

    /// The slots of these values, and whether the last of them is read as a whole.
    fn slots(values: &[Value]) -> (usize, bool) {
        let ranks = Ranks::default();
        let mut plan = Plan::new(Timestamp::EPOCH, &ranks);
        let is_whole = values.iter().map(|value| matches!(plan.value(value), tree::Expr::Read(_)));
        let is_whole = is_whole.last().unwrap_or_default();
        (plan.folds.len(), is_whole)
    }

    #[test]
    fn counts_that_are_added_up_are_one_slot() {
        let add = |left, right| joined(left, Operator::Add, right);
        let score = || {
            let twice = times("2", add(recent("c"), times("4", recent("d"))));
            add(add(recent("a"), times("3", recent("b"))), twice)
        };
        let found: Vec<(u16, Value)> = terms(&score())
            .unwrap()
            .into_iter()
            .map(|(weight, of)| (weight, Expr::Leaf(PersonLeaf::Aggregate(Box::new(of.clone())))))
            .collect();
        let right = [(1, "a"), (3, "b"), (2, "c"), (8, "d")];
        assert_eq!(found, right.map(|(weight, name)| (weight, recent(name))));
        assert_eq!(slots(&[score()]), (1, true));
        // Counts that are there anyway, or may be known, are not gathered again.
        let both = [recent("a"), recent("b"), add(recent("a"), times("3", recent("b")))];
        assert_eq!(slots(&both), (2, false));
        assert_eq!(slots(&[add(recent("a"), count("b", Vec::new()))]), (2, false));
    }

    #[test]
    fn what_a_row_cannot_count_for_is_added_up_as_before() {
        let add = |left, right| joined(left, Operator::Add, right);
        for times_of in ["0", "-1", "1.5", "65536"] {
            assert_eq!(slots(&[add(recent("a"), times(times_of, recent("b")))]), (2, false));
        }
        let too_much = times("256", times("256", recent("b")));
        assert_eq!(slots(&[add(recent("a"), too_much)]), (2, false));
        let less = joined(recent("a"), Operator::Subtract, recent("b"));
        assert_eq!(slots(&[less]), (2, false));
        let Expr::Leaf(PersonLeaf::Aggregate(of)) = recent("b") else { panic!() };
        let value = Some(Expr::Leaf(RowLeaf::When));
        let known = Expr::Leaf(PersonLeaf::Aggregate(Box::new(Aggregate { value, ..*of })));
        assert_eq!(slots(&[add(recent("a"), known)]), (2, false));
    }
}
