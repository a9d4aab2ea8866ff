//! Where others decide too: the ranks that a condition or a value names.

use super::{
    Aggregate, Asked, Audience, Check, Choice, Condition, Expr, PersonLeaf, Point, Predicate, Rank,
    Test, Window,
};
use std::collections::BTreeSet;

impl Condition {
    /// Whether others decide too: a rank is named, also in a value or by an audience.
    pub fn has_ranks(&self) -> bool {
        !self.ranks().is_empty()
    }

    /// The ranks that it names, each once and behind those that it names itself.
    pub fn ranks(&self) -> Vec<&Rank> {
        Named::by(|named| named.condition(self))
    }
}

impl Expr<PersonLeaf> {
    /// The ranks that the value hangs on, each once and behind those that it names itself.
    pub fn ranks(&self) -> Vec<&Rank> {
        Named::by(|named| named.expr(self))
    }
}

impl Aggregate {
    /// The ranks that its windows hang on.
    pub fn ranks(&self) -> Vec<&Rank> {
        Named::by(|named| named.windows(&self.windows))
    }
}

impl Rank {
    /// The ranks that say who is ranked, and by what.
    pub fn inner(&self) -> Vec<&Rank> {
        Named::by(|named| named.inside(self))
    }
}

/// What has been found. An event names no rank: what is asked of one is refused
/// it, as is what a model reads.
#[derive(Default)]
struct Named<'c> {
    ranks: Vec<&'c Rank>,
    /// Audiences that were looked through already.
    audiences: BTreeSet<*const Audience>,
}

impl<'c> Named<'c> {
    fn by(look: impl FnOnce(&mut Named<'c>)) -> Vec<&'c Rank> {
        let mut named = Named::default();
        look(&mut named);
        named.ranks
    }

    fn condition(&mut self, condition: &'c Condition) {
        condition.leaves().into_iter().for_each(|leaf| self.predicate(leaf));
    }

    fn predicate(&mut self, predicate: &'c Predicate) {
        match predicate {
            Predicate::Did(occurrence) => self.windows(&occurrence.windows),
            Predicate::Pattern(pattern) => self.windows(pattern.bare_windows()),
            Predicate::Is(test) => self.test(test),
            Predicate::InAudience(audience) => {
                if self.audiences.insert(&raw const **audience) {
                    self.condition(&audience.condition);
                }
            }
            Predicate::Ranked(rank) => self.rank(rank),
            Predicate::Consent { .. } | Predicate::Drawn(_) | Predicate::Listed(_) => {}
        }
    }

    fn rank(&mut self, rank: &'c Rank) {
        if !self.ranks.contains(&rank) {
            self.inside(rank);
            self.ranks.push(rank);
        }
    }

    fn inside(&mut self, rank: &'c Rank) {
        self.condition(&rank.among);
        self.expr(&rank.value);
    }

    fn test(&mut self, test: &'c Test<PersonLeaf>) {
        self.expr(&test.subject);
        match &test.check {
            Check::Compare(_, other) | Check::Text { part: other, .. } => self.expr(other),
            Check::Between(low, high) => [low, high].into_iter().for_each(|end| self.expr(end)),
            Check::Has { elements, .. } => elements.iter().for_each(|one| self.expr(one)),
            Check::Version(all) => all.iter().for_each(|(_, other)| self.expr(other)),
            Check::During(window, _) => self.windows([window]),
            Check::Known(_)
            | Check::OneOf { .. }
            | Check::InList(_)
            | Check::Matches(_)
            | Check::InNetwork(_)
            | Check::Near { .. } => {}
        }
    }

    fn expr(&mut self, expr: &'c Expr<PersonLeaf>) {
        match expr {
            Expr::Leaf(PersonLeaf::Aggregate(aggregate)) => self.windows(&aggregate.windows),
            Expr::Leaf(_) | Expr::Literal(_) => {}
            Expr::Arithmetic { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            Expr::Negative(of) | Expr::Call { of, .. } => self.expr(of),
            Expr::Coalesce(parts) => parts.iter().for_each(|part| self.expr(part)),
            Expr::Elapsed { point, .. } => self.point(point),
            Expr::Choice(choice) => self.choice(choice),
        }
    }

    fn choice(&mut self, choice: &'c Choice<PersonLeaf>) {
        for asked in choice.condition.leaves() {
            match asked {
                Asked::Is(test) => self.test(test),
                Asked::Person(predicate) => self.predicate(predicate),
            }
        }
        self.expr(&choice.then);
        self.expr(&choice.otherwise);
    }

    fn windows(&mut self, windows: impl IntoIterator<Item = &'c Window<PersonLeaf>>) {
        let points = windows.into_iter().flat_map(Window::points);
        points.for_each(|point| self.point(point));
    }

    fn point(&mut self, point: &'c Point<PersonLeaf>) {
        match point {
            Point::Value(expr, _) => self.expr(expr),
            Point::Instant(_) | Point::Day { .. } | Point::Anchor(..) => {}
        }
    }
}
