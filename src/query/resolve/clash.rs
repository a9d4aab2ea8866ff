//! W202: conditions that can never hold together, or of which one always does.
//!
//! Intervals of numbers miss one another in pairs or not at all, so it is
//! enough to look at two conditions at a time.

use super::Resolver;
use crate::lang::{Code, Diagnostic, Span};
use crate::model::{Decimal, Timestamp, Value};
use crate::query::predicate::{
    Check, Comparison, CountRange, Edge, Expr, Occurrence, PersonLeaf, Point, Predicate, RowLeaf,
    Test, Tree, Window,
};

/// Conditions that are looked at, side by side; beyond that nobody writes them by hand.
const PARTS_MAX: usize = 100;

/// What can be told apart by how it is built.
pub(super) trait Clash: PartialEq {
    /// Whether both can never hold.
    fn excludes(&self, other: &Self) -> bool;
    /// Whether one of the two always holds.
    fn completes(&self, other: &Self) -> bool;
}

impl Clash for Predicate {
    fn excludes(&self, other: &Predicate) -> bool {
        match (self, other) {
            (Predicate::Is(one), Predicate::Is(other)) => one.excludes(other),
            (Predicate::Did(one), Predicate::Did(other)) => {
                is_same(one, other) && !meet(one.count, other.count)
            }
            _ => false,
        }
    }

    fn completes(&self, other: &Predicate) -> bool {
        match (self, other) {
            (Predicate::Is(one), Predicate::Is(other)) => one.completes(other),
            (Predicate::Did(one), Predicate::Did(other)) => {
                is_same(one, other) && cover(one.count, other.count)
            }
            _ => false,
        }
    }
}

impl Clash for Test<RowLeaf> {
    fn excludes(&self, other: &Self) -> bool {
        self.subject == other.subject && checks_miss(&self.check, &other.check)
    }

    fn completes(&self, other: &Self) -> bool {
        self.subject == other.subject && checks_cover(&self.check, &other.check)
    }
}

impl Clash for Test<PersonLeaf> {
    fn excludes(&self, other: &Self) -> bool {
        self.subject == other.subject && checks_miss(&self.check, &other.check)
    }

    fn completes(&self, other: &Self) -> bool {
        self.subject == other.subject && checks_cover(&self.check, &other.check)
    }
}

fn is_same(one: &Occurrence, other: &Occurrence) -> bool {
    one.matcher == other.matcher && one.windows == other.windows
}

fn meet(one: CountRange, other: CountRange) -> bool {
    one.contains(one.least.max(other.least)) && other.contains(one.least.max(other.least))
}

/// Whether every count is in one of the two.
fn cover(one: CountRange, other: CountRange) -> bool {
    let (low, high) = if one.least <= other.least { (one, other) } else { (other, one) };
    low.least == 0
        && low.most.is_none_or(|most| high.least <= most.saturating_add(1) && high.most.is_none())
}

fn checks_cover<L>(one: &Check<L>, other: &Check<L>) -> bool {
    matches!((one, other), (Check::Known(one), Check::Known(other)) if one != other)
}

fn checks_miss<L: PartialEq>(one: &Check<L>, other: &Check<L>) -> bool {
    if is_unknown(one) || is_unknown(other) {
        return is_unknown(one) != is_unknown(other);
    }
    let values = |check: &Check<L>| match check {
        Check::Compare(Comparison::Equal, Expr::Literal(value)) => Some(vec![value.clone()]),
        Check::OneOf { values, negated: false } => Some(values.clone()),
        _ => None,
    };
    match (values(one), values(other)) {
        (Some(all), Some(others)) => all.iter().all(|value| !others.contains(value)),
        (Some(all), None) => all.iter().all(|value| !allows(other, value)),
        (None, Some(all)) => all.iter().all(|value| !allows(one, value)),
        (None, None) => bounds_miss(one, other),
    }
}

fn is_unknown<L>(check: &Check<L>) -> bool {
    matches!(check, Check::Known(false))
}

/// Whether a check may be true of a value, as far as can be told.
fn allows<L>(check: &Check<L>, value: &Value) -> bool {
    match (check, value) {
        (Check::Compare(Comparison::NotEqual, Expr::Literal(other)), value) => other != value,
        (Check::OneOf { values, negated: true }, value) => !values.contains(value),
        (check, Value::Number(number)) => {
            let (low, high) = bounds(check);
            low.is_none_or(|(low, open)| low < *number || low == *number && !open)
                && high.is_none_or(|(high, open)| *number < high || high == *number && !open)
        }
        _ => true,
    }
}

fn bounds_miss<L>(one: &Check<L>, other: &Check<L>) -> bool {
    let (one, other) = (bounds(one), bounds(other));
    let over = |low: Option<Bound>, high: Option<Bound>| match (low, high) {
        (Some((low, low_open)), Some((high, high_open))) => {
            low > high || low == high && (low_open || high_open)
        }
        _ => false,
    };
    over(one.0, other.1) || over(other.0, one.1)
}

/// A bound, and whether it is excluded itself.
type Bound = (Decimal, bool);

/// The least and the greatest number that a check allows.
fn bounds<L>(check: &Check<L>) -> (Option<Bound>, Option<Bound>) {
    let number = |expr: &Expr<L>| match expr {
        Expr::Literal(Value::Number(number)) => Some(*number),
        _ => None,
    };
    match check {
        Check::Compare(Comparison::Less, of) => (None, number(of).map(|n| (n, true))),
        Check::Compare(Comparison::AtMost, of) => (None, number(of).map(|n| (n, false))),
        Check::Compare(Comparison::Greater, of) => (number(of).map(|n| (n, true)), None),
        Check::Compare(Comparison::AtLeast, of) => (number(of).map(|n| (n, false)), None),
        Check::Between(low, high) => {
            (number(low).map(|n| (n, false)), number(high).map(|n| (n, false)))
        }
        _ => (None, None),
    }
}

/// A leaf and whether it is meant as it stands.
type Literal<'t, P> = (&'t P, bool);

fn literals<P>(tree: &Tree<P>, is_all: bool, found: &mut Vec<Tree<P>>)
where
    P: Clone,
{
    match (tree, is_all) {
        (Tree::All(parts), true) | (Tree::Any(parts), false) => {
            parts.iter().for_each(|part| literals(part, is_all, found));
        }
        (tree, _) => found.push(tree.clone()),
    }
}

fn literal<P>(tree: &Tree<P>) -> Option<Literal<'_, P>> {
    match tree {
        Tree::Leaf(leaf) => Some((leaf, true)),
        Tree::Not(inner) => match &**inner {
            Tree::Leaf(leaf) => Some((leaf, false)),
            _ => None,
        },
        _ => None,
    }
}

fn odd<P: Clash>(one: &Tree<P>, other: &Tree<P>, is_all: bool) -> bool {
    let (Some((one, is_so)), Some((other, is_other))) = (literal(one), literal(other)) else {
        return false;
    };
    match (is_so, is_other) {
        (true, true) if is_all => one.excludes(other),
        (true, true) => one.completes(other),
        (true, false) | (false, true) => one == other,
        (false, false) if is_all => one.completes(other),
        (false, false) => one.excludes(other),
    }
}

impl Resolver<'_> {
    /// Says of parts of a conjunction that two of them never hold together, or of
    /// a disjunction that one of two always holds.
    pub(super) fn warn_of_clashes<P: Clash + Clone>(
        &mut self,
        parts: &[Tree<P>],
        spans: &[Span],
        is_all: bool,
    ) {
        let mut all = Vec::new();
        for (part, span) in parts.iter().zip(spans).take(PARTS_MAX) {
            let mut found = Vec::new();
            literals(part, is_all, &mut found);
            all.extend(found.into_iter().take(PARTS_MAX).map(|found| (found, *span)));
        }
        let pairs = all
            .iter()
            .enumerate()
            .flat_map(|(place, second)| all[..place].iter().map(move |first| (first, second)));
        let pair = pairs.into_iter().find(|(first, second)| odd(&first.0, &second.0, is_all));
        let Some(((_, first), (_, second))) = pair else { return };
        let (message, label) = match is_all {
            true => ("these two never hold together", "nothing fulfils both"),
            false => ("one of these two always holds", "everything fulfils one"),
        };
        let mut warning = Diagnostic::warning(Code::AlwaysOrNever, *second, message).label(label);
        if first != second {
            warning = warning.also(*first, "the other");
        }
        if !self.diagnostics.contains(&warning) {
            self.diagnostics.push(warning);
        }
    }

    /// Says of windows that no event lies in all of them.
    pub(super) fn warn_of_windows(&mut self, windows: &[Window<PersonLeaf>], spans: &[Span]) {
        for (place, (window, span)) in windows.iter().zip(spans).enumerate() {
            if matches!(window, Window::Next { .. }) {
                let message = "nothing that lies ahead has happened, so no event is in this";
                return self.warn(Code::AlwaysOrNever, *span, message.to_owned(), None);
            }
            if let Some(other) = windows[..place].iter().position(|other| apart(window, other)) {
                let message = "no event lies in both of these windows";
                let warning = Diagnostic::warning(Code::AlwaysOrNever, *span, message);
                return self.diagnostics.push(warning.also(spans[other], "the other"));
            }
        }
    }
}

/// Whether no instant lies in both, whenever that is asked.
fn apart(one: &Window<PersonLeaf>, other: &Window<PersonLeaf>) -> bool {
    if let (Some((from, to)), Some((other_from, other_to))) = (ages(one), ages(other)) {
        return to <= other_from || other_to <= from;
    }
    let (Window::Range { from, to }, Window::Range { from: other_from, to: other_to }) =
        (one, other)
    else {
        return false;
    };
    is_after(from.as_ref(), other_to.as_ref()) || is_after(other_from.as_ref(), to.as_ref())
}

/// The least age and the one that is too great.
fn ages(window: &Window<PersonLeaf>) -> Option<(i64, i64)> {
    match window {
        Window::Last { ms } => Some((0, *ms)),
        Window::Ago { from_ms, to_ms } => Some((*from_ms, *to_ms)),
        _ => None,
    }
}

fn is_after(from: Option<&Edge<PersonLeaf>>, to: Option<&Edge<PersonLeaf>>) -> bool {
    let first = |edge: &Edge<PersonLeaf>| instants(&edge.point).map(|(start, _)| start);
    let last = |edge: &Edge<PersonLeaf>| instants(&edge.point).map(|(_, end)| end);
    match (from.and_then(first), to.and_then(last)) {
        (Some(from), Some(to)) => from > to,
        _ => false,
    }
}

fn instants(point: &Point<PersonLeaf>) -> Option<(Timestamp, Timestamp)> {
    match point {
        Point::Instant(at) => Some((*at, *at)),
        Point::Day { start, end, .. } => Some((*start, end.plus_ms(-1))),
        Point::Anchor(..) | Point::Value(..) => None,
    }
}
