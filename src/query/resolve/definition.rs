//! What a definition means: a condition with its gates, a value with its type.

use super::kinds::written;
use super::person::PersonScope;
use super::{Kinds, Money, Motion, Names, Resolver, Typed};
use crate::lang::tree::{
    self, AudienceOption, Let, Name, Parameter, People, StatementKind, TypeName, Value,
};
use crate::lang::{Code, Diagnostic, Span, Spanned};
use crate::model::{Decimal, Text, Timestamp};
use crate::query::catalog::{Catalog, Key, Size, Uses};
use crate::query::predicate::{Condition, Expr, Local, PersonLeaf, Predicate, Tree};

/// What was found, and what was noticed on the way.
pub(in crate::query) struct Outcome<T> {
    pub(in crate::query) result: Option<T>,
    pub(in crate::query) diagnostics: Vec<Diagnostic>,
    pub(in crate::query) uses: Uses,
    pub(in crate::query) size: Size,
    /// Where the text names definitions.
    pub(in crate::query) named: Vec<(Key, Span)>,
}

/// What an audience is made of.
#[derive(Clone, Copy)]
pub(in crate::query) struct AudienceParts<'s> {
    pub(in crate::query) name: &'s Name,
    pub(in crate::query) params: &'s [Parameter],
    pub(in crate::query) options: &'s [AudienceOption],
    pub(in crate::query) lets: &'s [Let],
    pub(in crate::query) people: &'s People,
}

/// What a trait is made of.
#[derive(Clone, Copy)]
pub(in crate::query) struct TraitParts<'s> {
    pub(in crate::query) name: &'s Name,
    pub(in crate::query) params: &'s [Parameter],
    pub(in crate::query) declared: Option<&'s Spanned<TypeName>>,
    pub(in crate::query) options: &'s [AudienceOption],
    pub(in crate::query) lets: &'s [Let],
    pub(in crate::query) value: &'s Value,
}

/// What a condition is made of.
#[derive(Clone, Copy)]
pub(in crate::query) struct ConditionParts<'s> {
    pub(in crate::query) name: &'s Name,
    pub(in crate::query) params: &'s [Parameter],
    pub(in crate::query) condition: &'s tree::Condition,
}

impl<'s> AudienceParts<'s> {
    pub(in crate::query) fn of(kind: &'s StatementKind) -> Option<AudienceParts<'s>> {
        match kind {
            StatementKind::CreateAudience { name, params, options, lets, people, .. } => {
                Some(AudienceParts { name, params, options, lets, people })
            }
            _ => None,
        }
    }
}

impl<'s> TraitParts<'s> {
    pub(in crate::query) fn of(kind: &'s StatementKind) -> Option<TraitParts<'s>> {
        match kind {
            StatementKind::CreateTrait { name, params, declared, options, lets, value, .. } => {
                let declared = declared.as_ref();
                Some(TraitParts { name, params, declared, options, lets, value })
            }
            _ => None,
        }
    }
}

impl<'s> ConditionParts<'s> {
    pub(in crate::query) fn of(kind: &'s StatementKind) -> Option<ConditionParts<'s>> {
        match kind {
            StatementKind::CreateCondition { name, params, condition, .. } => {
                Some(ConditionParts { name, params, condition })
            }
            _ => None,
        }
    }
}

/// The meaning of an audience.
pub(in crate::query) struct AudienceMeaning {
    pub(in crate::query) condition: Condition,
    pub(in crate::query) zone: Local,
    /// Who is held out, by name and share.
    pub(in crate::query) holdouts: Vec<(Text, Decimal)>,
}

/// The meaning of a trait.
pub(in crate::query) struct TraitValue {
    pub(in crate::query) expr: Expr<PersonLeaf>,
    pub(in crate::query) kinds: Kinds,
    pub(in crate::query) elements: Kinds,
    pub(in crate::query) motion: Motion,
    pub(in crate::query) money: Money,
}

impl<T> Outcome<T> {
    /// The result, unless an error was noticed.
    pub(super) fn of(resolver: Resolver<'_>, result: Option<T>) -> Outcome<T> {
        let sound = resolver.is_sound();
        Outcome {
            result: result.filter(|_| sound),
            diagnostics: resolver.diagnostics,
            uses: resolver.uses,
            size: resolver.size,
            named: resolver.named,
        }
    }
}

/// What an audience means, its parameters being what they are by default.
pub(in crate::query) fn audience(
    catalog: &Catalog,
    parts: &AudienceParts<'_>,
    now: Timestamp,
    names: Names,
) -> Outcome<AudienceMeaning> {
    let mut resolver = Resolver::new(catalog, catalog.zone().clone().into(), now, names);
    resolver.standing = true;
    resolver.bears_silence = false;
    resolver.take_params(parts.params);
    let meaning = resolver.audience_meaning(parts);
    Outcome::of(resolver, meaning)
}

/// What a trait means, its parameters being what they are by default.
pub(in crate::query) fn trait_value(
    catalog: &Catalog,
    parts: &TraitParts<'_>,
    now: Timestamp,
    names: Names,
) -> Outcome<TraitValue> {
    let mut resolver = Resolver::new(catalog, catalog.zone().clone().into(), now, names);
    resolver.take_params(parts.params);
    let meaning = resolver.trait_meaning(parts);
    Outcome::of(resolver, meaning)
}

/// What a condition means in the zone of the workspace.
pub(in crate::query) fn condition(
    catalog: &Catalog,
    parts: &ConditionParts<'_>,
    now: Timestamp,
    names: Names,
) -> Outcome<Condition> {
    let mut resolver = Resolver::new(catalog, catalog.zone().clone().into(), now, names);
    resolver.bears_silence = false;
    resolver.take_params(parts.params);
    let condition = resolver.condition(parts.condition);
    Outcome::of(resolver, condition)
}

impl Resolver<'_> {
    /// What an audience means with what is given.
    pub(super) fn audience_meaning(
        &mut self,
        parts: &AudienceParts<'_>,
    ) -> Option<AudienceMeaning> {
        let gates = self.options(parts.options);
        self.take_lets(parts.lets);
        let condition = self.people(parts.people);
        let condition = gates.into_iter().fold(condition?, Tree::and);
        let (zone, holdouts) = (self.zone.clone(), std::mem::take(&mut self.holdouts));
        Some(AudienceMeaning { condition, zone, holdouts })
    }

    /// What a trait means with what is given.
    pub(super) fn trait_meaning(&mut self, parts: &TraitParts<'_>) -> Option<TraitValue> {
        let gates = self.options(parts.options);
        if !gates.is_empty() {
            self.diagnostics.push(Diagnostic::error(
                Code::Syntax,
                parts.value.span,
                "a trait needs no consent and holds nobody out; the audiences that use it do",
            ));
        }
        self.take_lets(parts.lets);
        let bent = std::mem::take(&mut self.bent);
        let typed = self.value::<PersonLeaf>(&PersonScope, parts.value)?;
        let is_bent = std::mem::replace(&mut self.bent, bent);
        let kinds = self.declared_kinds(parts.declared, typed.kinds, parts.value)?;
        let Typed { expr, elements, motion, money, .. } = typed;
        let motion = if is_bent { Motion::Free } else { motion };
        Some(TraitValue { expr, kinds, elements, motion, money })
    }

    /// Takes the zone, and gives the conditions that gate.
    fn options(&mut self, options: &[AudienceOption]) -> Vec<Condition> {
        let mut gates = Vec::new();
        for option in options {
            match option {
                AudienceOption::Requiring(purpose) => {
                    self.uses.purposes.insert(purpose.node.clone());
                    let purpose = purpose.node.clone();
                    gates.push(Tree::Leaf(Predicate::Consent { purpose }));
                }
                AudienceOption::HoldingOut { share, name } => {
                    gates.extend(self.holding_out(share, name));
                }
                AudienceOption::Zone(zone) => self.begin_days_in(zone),
            }
        }
        gates
    }

    /// The kinds of a trait, narrowed by the type that was written.
    fn declared_kinds(
        &mut self,
        declared: Option<&Spanned<TypeName>>,
        found: Kinds,
        value: &Value,
    ) -> Option<Kinds> {
        let Some(declared) = declared else { return Some(found) };
        let kinds = Kinds::of(declared.node);
        if kinds.meets(found) {
            return Some(kinds.and(found));
        }
        self.refuse(
            Diagnostic::error(
                Code::TypeMismatch,
                value.span,
                format!(
                    "the trait is declared {}, and this is {}",
                    written(declared.node),
                    found.words()
                ),
            )
            .label(found.words())
            .also(declared.span, "declared here"),
        )
    }
}
