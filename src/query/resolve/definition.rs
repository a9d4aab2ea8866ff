//! What a definition means: a condition with its gates, a value with its type.

use super::kinds::written;
use super::person::PersonScope;
use super::{Kinds, Motion, Names, Resolver};
use crate::lang::tree::{AudienceOption, People, TypeName, Value};
use crate::lang::{Code, Diagnostic, Spanned};
use crate::model::{Text, Timestamp, Zone};
use crate::query::catalog::{Catalog, Size, Uses, zone_named};
use crate::query::predicate::{Condition, Expr, PersonLeaf, Predicate, Tree};

/// What was found, and what was noticed on the way.
pub(in crate::query) struct Outcome<T> {
    pub(in crate::query) result: Option<T>,
    pub(in crate::query) diagnostics: Vec<Diagnostic>,
    pub(in crate::query) uses: Uses,
    pub(in crate::query) size: Size,
}

/// The meaning of an audience.
pub(in crate::query) struct AudienceMeaning {
    pub(in crate::query) condition: Condition,
    pub(in crate::query) zone: Zone,
}

/// The meaning of a trait.
pub(in crate::query) struct TraitValue {
    pub(in crate::query) expr: Expr<PersonLeaf>,
    pub(in crate::query) kinds: Kinds,
    pub(in crate::query) elements: Kinds,
    pub(in crate::query) motion: Motion,
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
        }
    }
}

/// What an audience means.
pub(in crate::query) fn audience(
    catalog: &Catalog,
    options: &[AudienceOption],
    people: &People,
    now: Timestamp,
    names: Names,
) -> Outcome<AudienceMeaning> {
    let mut resolver = Resolver::new(catalog, catalog.zone().clone(), now, names);
    resolver.standing = true;
    let gates = resolver.options(options);
    let condition = resolver.people(people);
    let gate = |purpose| Tree::Leaf(Predicate::Consent { purpose });
    let condition =
        condition.map(|condition| gates.into_iter().map(gate).fold(condition, Tree::and));
    let zone = resolver.zone.clone();
    Outcome::of(resolver, condition.map(|condition| AudienceMeaning { condition, zone }))
}

/// What a trait means.
pub(in crate::query) fn trait_value(
    catalog: &Catalog,
    declared: Option<&Spanned<TypeName>>,
    options: &[AudienceOption],
    value: &Value,
    now: Timestamp,
    names: Names,
) -> Outcome<TraitValue> {
    let mut resolver = Resolver::new(catalog, catalog.zone().clone(), now, names);
    let gates = resolver.options(options);
    if !gates.is_empty() {
        resolver.diagnostics.push(Diagnostic::error(
            Code::Syntax,
            value.span,
            "a trait needs no consent; the audiences that use it do",
        ));
    }
    let typed = resolver.value::<PersonLeaf>(&PersonScope, value);
    let result = typed.and_then(|typed| {
        let kinds = resolver.declared_kinds(declared, typed.kinds, value)?;
        Some(TraitValue { expr: typed.expr, kinds, elements: typed.elements, motion: typed.motion })
    });
    Outcome::of(resolver, result)
}

impl Resolver<'_> {
    /// Takes the zone, and gives the purposes that gate.
    fn options(&mut self, options: &[AudienceOption]) -> Vec<Text> {
        let mut gates = Vec::new();
        for option in options {
            match option {
                AudienceOption::Requiring(purpose) => {
                    self.uses.purposes.insert(purpose.node.clone());
                    gates.push(purpose.node.clone());
                }
                AudienceOption::Zone(name) => match zone_named(&name.node, name.span) {
                    Ok(zone) => self.zone = zone,
                    Err(found) => self.diagnostics.push(found),
                },
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
