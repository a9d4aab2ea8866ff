//! Definitions written out where they are used, with what is given for their parameters.

use super::definition::{AudienceParts, TraitParts};
use super::given::AllGiven;
use super::resolver::Listed;
use super::{Names, Resolver, Typed};
use crate::lang::tree::{self, StatementKind, Value};
use crate::lang::{Code, Diagnostic, Severity, Span};
use crate::query::catalog::{AudienceEntry, Key, TraitEntry};
use crate::query::predicate::{Audience, Condition, Local, PersonLeaf, Predicate, Tree};
use std::sync::Arc;

impl Resolver<'_> {
    /// Notes that a text names a definition, and where.
    pub(super) fn names_key(&mut self, key: Key, span: Span) {
        if self.expanding == 0 {
            self.named.push((key, span));
        }
    }

    /// Works on the text of another definition: its names are its own, what is
    /// wrong in it is told at the place that uses it, and what is odd in it was
    /// told when it was defined.
    fn expanding<T>(
        &mut self,
        what: &str,
        span: Span,
        (given, zone): (AllGiven, Local),
        work: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let given = std::mem::replace(&mut self.given, given);
        let zone = std::mem::replace(&mut self.zone, zone);
        let names = std::mem::replace(&mut self.names, Names::Assumed);
        let (lets, listed) = (std::mem::take(&mut self.lets), std::mem::take(&mut self.listed));
        let (guards, uses) = (std::mem::take(&mut self.guards), self.uses.clone());
        let holdouts = std::mem::take(&mut self.holdouts);
        let before = self.diagnostics.len();
        self.expanding += 1;
        let result = self.inside(span, work);
        self.expanding -= 1;
        let told = self.diagnostics.split_off(before);
        let wrong = told.into_iter().filter(|found| found.severity == Severity::Error);
        let placed = wrong.map(|found| {
            let message = format!("in {what}: {}", found.message);
            let placed = Diagnostic::error(found.code, span, message);
            found.helps.into_iter().fold(placed, Diagnostic::help)
        });
        self.diagnostics.extend(placed);
        (self.given, self.zone, self.names) = (given, zone, names);
        (self.lets, self.listed, self.guards) = (lets, listed, guards);
        (self.uses, self.holdouts) = (uses, holdouts);
        result
    }

    /// `meets NAME(...)`: the condition, written out by the caller's zone.
    pub(super) fn meets(&mut self, name: &tree::Name, arguments: &[Value]) -> Option<Condition> {
        let Some(entry) = self.catalog.condition(&name.node) else {
            return self.unknown_condition(name);
        };
        self.uses.conditions.insert(name.node.clone());
        self.names_key(Key::Condition(name.node.clone()), name.span);
        let statement = entry.definition.statement().clone();
        let StatementKind::CreateCondition { params, condition, .. } = &statement.kind else {
            return None;
        };
        let what = format!("condition `{}`", name.node);
        let given = self.bind(&what, params, arguments, name.span)?;
        let zone = self.zone.clone();
        self.expanding(&what, name.span, (given, zone), |inside| inside.condition(condition))
    }

    /// `in audience NAME(...)`.
    pub(super) fn in_audience(
        &mut self,
        name: &tree::Name,
        arguments: &[Value],
    ) -> Option<Condition> {
        let Some(found) = self.catalog.audience_entry(&name.node) else {
            return self.unknown_audience(name);
        };
        self.uses.audiences.insert(name.node.clone());
        self.names_key(Key::Audience(name.node.clone()), name.span);
        let audience = match arguments {
            [] if found.stands => {
                self.grow(name.span, found.size)?;
                found.audience.clone()
            }
            _ => self.audience_with(found, arguments, name.span)?,
        };
        if audience.condition.has_ranks() {
            self.may_rank(name.span)?;
        }
        Some(Tree::Leaf(Predicate::InAudience(audience)))
    }

    /// An audience with arguments stands for itself, under a name that says
    /// them; one that comes to the same as without is that.
    fn audience_with(
        &mut self,
        entry: &AudienceEntry,
        arguments: &[Value],
        span: Span,
    ) -> Option<Arc<Audience>> {
        let statement = entry.definition.statement().clone();
        let parts = AudienceParts::of(&statement.kind)?;
        let what = format!("audience `{}`", entry.audience.name);
        let given = self.bind(&what, parts.params, arguments, span)?;
        let written: Vec<String> = given.iter().map(|(_, given)| given.words()).collect();
        let name = format!("{}({})", entry.audience.name, written.join(", "));
        let zone = Local::In(self.catalog.zone().clone());
        let meaning =
            self.expanding(&what, span, (given, zone), |inside| inside.audience_meaning(&parts))?;
        let same = &entry.audience;
        if entry.stands && same.condition == meaning.condition && same.zone == meaning.zone {
            return Some(same.clone());
        }
        let (condition, zone) = (meaning.condition, meaning.zone);
        Some(Arc::new(Audience { name: name.into(), version: same.version, condition, zone }))
    }

    /// `NAME(...)` where a trait has parameters.
    pub(super) fn trait_with(
        &mut self,
        name: &tree::Name,
        arguments: &[Value],
    ) -> Option<Typed<PersonLeaf>> {
        let entry: &TraitEntry = self.catalog.trait_named(&name.node)?;
        self.uses.traits.insert(name.node.clone());
        self.names_key(Key::Trait(name.node.clone()), name.span);
        let statement = entry.definition.statement().clone();
        let parts = TraitParts::of(&statement.kind)?;
        let what = format!("trait `{}`", name.node);
        let given = self.bind(&what, parts.params, arguments, name.span)?;
        let zone = Local::In(self.catalog.zone().clone());
        let found =
            self.expanding(&what, name.span, (given, zone), |inside| inside.trait_meaning(&parts))?;
        let mut typed = Typed::new(found.expr, found.kinds, name.span);
        typed.elements = found.elements;
        Some(typed.moving(found.motion).of_currency(found.money))
    }

    /// Takes the names for values that a definition gives, each after those before it.
    pub(super) fn take_lets(&mut self, lets: &[tree::Let]) {
        for named in lets {
            let name = named.name.node.clone();
            self.must_be_free(&named.name);
            let (value, size) = self.measured(|resolver| {
                resolver.value::<PersonLeaf>(&super::person::PersonScope, &named.value)
            });
            self.lets.push(Listed { name, value, size });
        }
    }

    /// A name that could be read in two ways is refused where it is given.
    fn must_be_free(&mut self, name: &tree::Name) {
        let steps = super::person::steps(&name.node, &[]);
        let other = match () {
            () if self.lets.iter().any(|named| named.name == name.node) => "given a value twice",
            () if self.names == Names::Assumed => return,
            () if self.catalog.trait_named(&name.node).is_some() => "a trait already",
            () if super::BUILT_IN.contains(&&*name.node) => "an attribute already",
            () if self.catalog.facts().attributes().is_crowded() => return,
            () if self.catalog.knows_attribute(&steps) => "an attribute already",
            () => return,
        };
        let message = format!("`{}` is {other}", name.node);
        let found = Diagnostic::error(Code::NameTaken, name.span, message);
        self.diagnostics.push(found.help("choose another name for the value"));
    }

    fn unknown_condition<T>(&mut self, name: &tree::Name) -> Option<T> {
        let known: Vec<&str> = self.catalog.conditions().map(|found| &*found.name).collect();
        let message = format!("unknown condition `{}`", name.node);
        let found = Diagnostic::error(Code::UnknownCondition, name.span, message)
            .label(format!("no such condition ({} known)", known.len()));
        let meant = crate::lang::nearest(&name.node, known.iter().map(|known| (*known, 0)));
        self.refuse(match meant {
            Some(meant) => found.help(format!("did you mean `{meant}`?")),
            None if self.catalog.audience(&name.node).is_some() => {
                found.help(format!("`{0}` is an audience: write `in audience {0}`", name.node))
            }
            None => found.help(format!("define it: `create condition {} is ...`", name.node)),
        })
    }
}
