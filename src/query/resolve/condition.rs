//! Conditions: on a person, and on one event inside `where ( )`.

use super::Resolver;
use super::absence::guards;
use super::clash::Clash;
use super::person::PersonScope;
use super::row::RowScope;
use crate::lang::Span;
use crate::lang::tree::{self, Member, Quantifier};
use crate::query::predicate::{Condition, Filter, Predicate, Tree};

/// Resolves one predicate of a condition.
type Leaves<'f, 'a, P> =
    &'f mut dyn FnMut(&mut Resolver<'a>, &tree::Predicate, Span) -> Option<Tree<P>>;

impl<'a> Resolver<'a> {
    /// `everyone`, or a condition on a person.
    pub(in crate::query) fn people(&mut self, people: &tree::People) -> Option<Condition> {
        match &people.condition {
            None => Some(Tree::always()),
            Some(condition) => self.condition(condition),
        }
    }

    /// A condition on a person.
    pub(super) fn condition(&mut self, condition: &tree::Condition) -> Option<Condition> {
        let around = self.scope.take();
        let found =
            self.tree(condition, &mut |resolver, predicate, _| resolver.predicate(predicate));
        self.scope = around;
        found
    }

    /// A condition on one event.
    pub(super) fn filter(
        &mut self,
        scope: &RowScope,
        condition: &tree::Condition,
    ) -> Option<Filter> {
        let around = self.scope.replace(scope.clone());
        let found = self.tree(condition, &mut |resolver, predicate, span| match predicate {
            tree::Predicate::Is(value, test) => resolver.test(scope, value, test).map(Tree::Leaf),
            tree::Predicate::Did { .. } => resolver.not_in_where(span, "`did`"),
            tree::Predicate::Member(_) => resolver.not_in_where(span, "membership"),
            tree::Predicate::Consent { .. } => resolver.not_in_where(span, "consent"),
        });
        self.scope = around;
        found
    }

    fn predicate(&mut self, predicate: &tree::Predicate) -> Option<Condition> {
        match predicate {
            tree::Predicate::Did { negated, never, occurrence } => {
                self.did(*negated, *never, occurrence)
            }
            tree::Predicate::Member(member) => self.member(member),
            tree::Predicate::Consent { negated, purpose } => Some(self.consent(*negated, purpose)),
            tree::Predicate::Is(value, test) => {
                let test = self.test(&PersonScope, value, test)?;
                Some(Tree::Leaf(Predicate::Is(test)))
            }
        }
    }

    fn member(&mut self, member: &Member) -> Option<Condition> {
        match member {
            Member::Audience(name, arguments) => self.in_audience(name, arguments),
            Member::Meets(name, arguments) => self.meets(name, arguments),
            Member::Rank(rank) => self.rank(rank),
            Member::List(name) => self.people_in_list(name),
            Member::Sample { share, seed } => self.sample(share, seed),
            Member::Holdout(name) => self.holdout(name),
            Member::Variant { variant, experiment } => self.variant(variant, experiment),
        }
    }

    /// The boolean part, the same for both.
    fn tree<P: Clash + Clone>(
        &mut self,
        condition: &tree::Condition,
        leaf: Leaves<'_, 'a, P>,
    ) -> Option<Tree<P>> {
        self.inside(condition.span(), |resolver| match condition {
            tree::Condition::And(parts, _)
            | tree::Condition::Quantified(Quantifier::All, parts, _) => {
                resolver.conjunction(parts, leaf)
            }
            tree::Condition::Or(parts, _)
            | tree::Condition::Quantified(Quantifier::Any, parts, _) => {
                let resolved = resolver.parts(parts, leaf)?;
                resolver.warn_of_clashes(&resolved, &spans(parts), false);
                Some(Tree::Any(resolved))
            }
            tree::Condition::Quantified(Quantifier::None, parts, _) => resolver
                .denied(|resolver| resolver.parts(parts, leaf))
                .map(|parts| Tree::Any(parts).not()),
            tree::Condition::Not(inner, _) => {
                resolver.denied(|resolver| resolver.tree(inner, leaf)).map(Tree::not)
            }
            tree::Condition::Predicate(predicate, span) => leaf(resolver, predicate, *span),
        })
    }

    /// Works on what must not hold.
    fn denied<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        self.is_denied = !self.is_denied;
        let result = work(self);
        self.is_denied = !self.is_denied;
        result
    }

    fn conjunction<P: Clash + Clone>(
        &mut self,
        parts: &[tree::Condition],
        leaf: Leaves<'_, 'a, P>,
    ) -> Option<Tree<P>> {
        let before = self.guards.len();
        // Of what is denied one part is enough, so none guards another.
        if !self.is_denied {
            self.guards.extend(guards(parts));
        }
        let fixed = self.fixed_by(self.scope.as_ref(), parts);
        let resolved = self.where_fixed(fixed, |resolver| resolver.parts(parts, leaf));
        self.guards.truncate(before);
        let resolved = resolved?;
        self.warn_of_clashes(&resolved, &spans(parts), true);
        Some(Tree::All(resolved))
    }

    /// Every part, so that all of their errors are found at once.
    fn parts<P: Clash + Clone>(
        &mut self,
        parts: &[tree::Condition],
        leaf: Leaves<'_, 'a, P>,
    ) -> Option<Vec<Tree<P>>> {
        let resolved: Vec<Option<Tree<P>>> =
            parts.iter().map(|part| self.tree(part, leaf)).collect();
        resolved.into_iter().collect()
    }
}

fn spans(parts: &[tree::Condition]) -> Vec<Span> {
    parts.iter().map(tree::Condition::span).collect()
}
