//! Definitions and declarations: what people have said names mean.

use super::currency::Place;
use super::{Currency, Lists};
use crate::lang::tree::{self, IdentifierKind, TypeName};
use crate::model::{Blocked, Decimal, Party, Path, Text, Timestamp, Zone};
use crate::query::Parties;
use crate::query::predicate::{Audience, Expr, List, PersonLeaf, Score};
use crate::query::resolve::{Kinds, Money, Motion};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a text names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// Audiences.
    pub audiences: BTreeSet<Text>,
    /// Traits.
    pub traits: BTreeSet<Text>,
    /// Attributes.
    pub attributes: BTreeSet<Text>,
    /// Events.
    pub events: BTreeSet<Text>,
    /// Whether it looks at events of any name.
    pub any_event: bool,
    /// Purposes of consent.
    pub purposes: BTreeSet<Text>,
    /// Versions of models.
    pub models: BTreeSet<(Text, u64)>,
    /// Conditions.
    pub conditions: BTreeSet<Text>,
    /// Lists.
    pub lists: BTreeSet<Text>,
    /// Experiments.
    pub experiments: BTreeSet<Text>,
    /// Holdouts.
    pub holdouts: BTreeSet<Text>,
}

/// How large a definition is with everything that it uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Conditions and values.
    pub parts: u64,
    /// Of these, inside one another.
    pub depth: u32,
}

/// What every definition has.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Its canonical text.
    pub text: Text,
    /// The comment above it.
    pub description: String,
    /// How often its meaning has been defined, from 1.
    pub version: u32,
    /// When it was first defined.
    pub created: Timestamp,
    /// When its meaning last changed.
    pub changed: Timestamp,
    /// What it names.
    pub uses: Uses,
    pub(super) statement: Arc<tree::Statement>,
    /// The lists of objects that were known when its names were settled.
    pub(super) basis: Arc<Lists>,
}

/// An audience with its definition.
#[derive(Clone, Debug)]
pub struct AudienceEntry {
    /// What the evaluators need.
    pub audience: Arc<Audience>,
    /// What people want to know.
    pub definition: Definition,
    /// Whether it is kept answered: not if a parameter of it has no default.
    pub stands: bool,
    /// Whether its changes are not announced for now.
    pub paused: bool,
    /// Whom it holds out, by name and share.
    pub holdouts: Vec<(Text, Decimal)>,
    pub(in crate::query) size: Size,
}

/// A trait with its definition.
#[derive(Clone, Debug)]
pub struct TraitEntry {
    /// Its name.
    pub name: Text,
    /// What it computes.
    pub value: Expr<PersonLeaf>,
    /// What people want to know.
    pub definition: Definition,
    /// Whether it can be read without arguments.
    pub stands: bool,
    pub(in crate::query) kinds: Kinds,
    pub(in crate::query) elements: Kinds,
    pub(in crate::query) motion: Motion,
    pub(in crate::query) money: Money,
    pub(in crate::query) size: Size,
}

/// A version of a model with its definition.
#[derive(Clone, Debug)]
pub struct ModelEntry {
    /// What the evaluators need.
    pub score: Arc<Score>,
    /// What people want to know.
    pub definition: Definition,
    pub(in crate::query) size: Size,
}

/// A condition with its definition. It is written out where it is used.
#[derive(Clone, Debug)]
pub struct ConditionEntry {
    /// Its name.
    pub name: Text,
    /// What people want to know.
    pub definition: Definition,
}

/// A list with its definition.
#[derive(Clone, Debug)]
pub struct ListEntry {
    /// What the evaluators need.
    pub list: Arc<List>,
    /// What people want to know; `changed` is when its elements last did.
    pub definition: Definition,
    pub(in crate::query) of: TypeName,
}

/// An experiment with its definition.
#[derive(Clone, Debug)]
pub struct ExperimentEntry {
    /// Its name.
    pub name: Text,
    /// Its variants and their shares, in order.
    pub variants: Vec<(Text, Decimal)>,
    /// What people want to know.
    pub definition: Definition,
}

impl ExperimentEntry {
    /// The part of everybody that a variant takes: from, and to before.
    pub(in crate::query) fn range_of(&self, variant: &str) -> Option<(Decimal, Decimal)> {
        let mut from = Decimal::ZERO;
        for (name, share) in &self.variants {
            let below = from.checked_add(*share)?;
            if **name == *variant {
                return Some((from, below));
            }
            from = below;
        }
        None
    }
}

/// A namespace of identifiers as a declaration describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredIdentifier {
    /// Its name.
    pub name: Text,
    /// Whether it names persons or things that persons hold.
    pub kind: IdentifierKind,
    /// Its place among namespaces, the first first.
    pub priority: Option<u32>,
    /// How many values one person may have.
    pub limit: Option<u32>,
    /// Where calls carry it.
    pub from: Vec<Path>,
    /// Values that name nobody.
    pub blocked: Blocked,
}

/// Every definition and declaration.
#[derive(Clone, Debug)]
pub(super) struct Definitions {
    pub(super) audiences: BTreeMap<Text, AudienceEntry>,
    pub(super) traits: BTreeMap<Text, TraitEntry>,
    pub(super) models: BTreeMap<(Text, u64), ModelEntry>,
    pub(super) conditions: BTreeMap<Text, ConditionEntry>,
    pub(super) lists: BTreeMap<Text, ListEntry>,
    pub(super) experiments: BTreeMap<Text, ExperimentEntry>,
    pub(super) events: BTreeMap<Text, BTreeMap<Vec<Text>, TypeName>>,
    pub(super) attributes: BTreeMap<Text, TypeName>,
    pub(super) currencies: BTreeMap<Place, Currency>,
    pub(super) identifiers: BTreeMap<Text, DeclaredIdentifier>,
    pub(super) sources: BTreeMap<Text, Party>,
    pub(super) parties: Parties,
    pub(super) zone: Zone,
    /// The day on which weeks begin, Monday being 1.
    pub(super) first_day: u8,
}

impl Default for Definitions {
    fn default() -> Definitions {
        Definitions {
            audiences: BTreeMap::new(),
            traits: BTreeMap::new(),
            models: BTreeMap::new(),
            conditions: BTreeMap::new(),
            lists: BTreeMap::new(),
            experiments: BTreeMap::new(),
            events: BTreeMap::new(),
            attributes: BTreeMap::new(),
            currencies: BTreeMap::new(),
            identifiers: BTreeMap::new(),
            sources: BTreeMap::new(),
            parties: Parties::default(),
            zone: Zone::UTC,
            first_day: 1,
        }
    }
}

impl Definition {
    /// Whether another one says the same, wherever its words stand.
    pub(super) fn says(&self, other: &Definition) -> bool {
        let bare = |definition: &Definition| {
            let statement =
                tree::Statement { comments: Vec::new(), ..(*definition.statement).clone() };
            crate::lang::print(&statement).replacen("create or replace", "create", 1)
        };
        bare(self) == bare(other)
    }

    /// What was said, as a tree.
    pub(in crate::query) fn statement(&self) -> &Arc<tree::Statement> {
        &self.statement
    }

    /// The definition as a statement says it, for the first time.
    pub(super) fn new(statement: &tree::Statement, uses: Uses, at: Timestamp) -> Definition {
        Definition {
            text: crate::lang::print(statement).into(),
            description: described(&statement.comments),
            version: 1,
            created: at,
            changed: at,
            uses,
            statement: Arc::new(statement.clone()),
            basis: Arc::default(),
        }
    }

    /// The same definition after an earlier one of its name.
    pub(super) fn after(self, earlier: &Definition) -> Definition {
        Definition { version: earlier.version.saturating_add(1), created: earlier.created, ..self }
    }
}

fn described(comments: &[String]) -> String {
    let lines: Vec<&str> = comments.iter().map(|line| line.trim()).collect();
    lines.join("\n").trim().to_owned()
}
