//! What a warning can only say once people are counted.
//!
//! Nobody is counted here: each aside carries the question, and writes the
//! sentence when somebody has asked it.

use super::definition::{AudienceParts, ConditionParts, TraitParts};
use super::leaf::Leaf;
use super::typed::Stored;
use super::{Kinds, Names, Resolver, Typed};
use crate::lang::tree::{Explained, Statement, StatementKind};
use crate::lang::{Code, Diagnostic, Span};
use crate::model::{Path, Text, Timestamp, Value, agreeing, counted};
use crate::query::catalog::Catalog;
use crate::query::predicate::{
    Aggregate, Check, Condition, EventFilter, Expr, Function, Matcher, PersonLeaf, Predicate,
    RowLeaf, Test, Tree,
};
use crate::query::{Question, Rows};
use std::collections::BTreeSet;

/// Values that are read only to say of a question how many of them it cannot read.
const LOOKED_AT_MAX: u64 = 2_000_000;

/// A number that a warning is to carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    span: Span,
    /// The name of which it speaks.
    name: String,
    /// What the number counts.
    counts: Counts,
    question: Question,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Counts {
    /// Profiles without a value, which an operator leaves out: a warning waits for it.
    Missing { operator: String },
    /// Profiles with a value that does not read as what is declared.
    UnreadBy { kinds: Kinds },
    /// Values, then those of them that read as what is declared.
    Unread { kinds: Kinds },
}

impl Aside {
    /// What is to be asked of everybody.
    pub fn question(&self) -> &Question {
        &self.question
    }

    /// Puts the answer into the warning that waits for it, or makes one; of
    /// nobody there is nothing to warn.
    pub fn tell(&self, rows: &Rows, diagnostics: &mut Vec<Diagnostic>) {
        let row: Vec<u64> = rows.rows.first().into_iter().flatten().filter_map(number).collect();
        let name = &self.name;
        match (&self.counts, &row[..]) {
            (Counts::Missing { operator }, [n]) => self.tell_missing(operator, *n, diagnostics),
            (Counts::UnreadBy { kinds }, [n]) if *n > 0 => {
                let profiles = counted(*n, "profile", "profiles");
                let have = agreeing(*n, "has", "have");
                let read = kinds.words();
                let message = format!("{profiles} {have} a `{name}` that does not read as {read}");
                diagnostics.push(self.unread(message));
            }
            (Counts::Unread { kinds }, [all, read]) if all > read => {
                let n = all - read;
                let (values, read) = (counted(n, "value", "values"), kinds.words());
                let does = agreeing(n, "does", "do");
                let message = format!("{values} of `{name}` {does} not read as {read}");
                diagnostics.push(self.unread(message));
            }
            _ => {}
        }
    }

    fn unread(&self, message: String) -> Diagnostic {
        Diagnostic::warning(Code::OtherKind, self.span, message).help("to this they are missing")
    }

    fn tell_missing(&self, operator: &str, n: u64, diagnostics: &mut Vec<Diagnostic>) {
        let is_it = |found: &Diagnostic| {
            found.code == Code::MissingUnderNotEqual && found.span == self.span
        };
        let Some(place) = diagnostics.iter().position(is_it) else { return };
        if n == 0 {
            diagnostics.remove(place);
            return;
        }
        diagnostics[place].message = format!(
            "{} {} no `{}`; `{operator}` excludes {}",
            counted(n, "profile", "profiles"),
            agreeing(n, "has", "have"),
            self.name,
            agreeing(n, "it", "them")
        );
    }
}

fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

/// The questions that a statement's warnings have left open.
pub fn asides(statement: &Statement, catalog: &Catalog, now: Timestamp) -> Vec<Aside> {
    let mut resolver = Resolver::new(catalog, catalog.zone().clone().into(), now, Names::Checked);
    match &statement.kind {
        StatementKind::Explain { what: Explained::Statement(inner), .. } => {
            return asides(inner, catalog, now);
        }
        StatementKind::Report(report) => drop(resolver.report(report)),
        kind => resolver.definition_of(kind),
    }
    let mut asides = resolver.asides;
    let mut told = BTreeSet::new();
    // What does not read so is said once, however often the name stands there.
    asides.retain(|it| matches!(it.counts, Counts::Missing { .. }) || told.insert(it.name.clone()));
    asides
}

impl Resolver<'_> {
    fn definition_of(&mut self, kind: &StatementKind) {
        self.defines = true;
        if let Some(parts) = AudienceParts::of(kind) {
            self.take_params(parts.params);
            drop(self.audience_meaning(&parts));
        } else if let Some(parts) = TraitParts::of(kind) {
            self.take_params(parts.params);
            drop(self.trait_meaning(&parts));
        } else if let Some(parts) = ConditionParts::of(kind) {
            self.take_params(parts.params);
            drop(self.condition(parts.condition));
        }
    }

    /// Leaves open how many people have no value of an attribute.
    pub(super) fn count_missing<L: Leaf>(&mut self, typed: &Typed<L>, operator: &str) {
        let (Some(stored), Some(subject)) = (&typed.stored, L::of_whom(&typed.expr)) else {
            return;
        };
        if self.expanding > 0 {
            return;
        }
        let people = is_known(subject, false);
        self.asides.push(Aside {
            span: typed.span,
            name: stored.name.clone(),
            counts: Counts::Missing { operator: operator.to_owned() },
            question: Question::CountPeople { people, by: Vec::new(), top: None },
        });
    }

    /// Leaves open how many people have a value that is not what is declared.
    pub(super) fn count_unread_of(&mut self, path: &Path, typed: &Typed<PersonLeaf>) {
        if !typed.stored.as_ref().is_some_and(|it| self.counts_unread(it, typed.kinds)) {
            return;
        }
        let raw = PersonLeaf::Attribute { path: path.clone(), declared: None };
        let people = is_known(Expr::Leaf(raw), true).and(is_known(typed.expr.clone(), false));
        self.asides.push(Aside {
            span: typed.span,
            name: path.to_string(),
            counts: Counts::UnreadBy { kinds: typed.kinds },
            question: Question::CountPeople { people, by: Vec::new(), top: None },
        });
    }

    /// Leaves open how many values of a property are not what is declared.
    pub(super) fn count_unread(
        &mut self,
        (event, items): (&Text, Option<&Path>),
        path: &Path,
        typed: &Typed<RowLeaf>,
    ) {
        let stored = typed.stored.as_ref();
        let Some(stored) = stored.filter(|it| self.counts_unread(it, typed.kinds)) else {
            return;
        };
        let raw = Expr::Leaf(RowLeaf::Property { path: path.clone(), declared: None });
        let count = |value: Expr<RowLeaf>| Aggregate {
            function: Function::Count,
            matcher: Matcher(vec![EventFilter { name: Some(event.clone()), filter: None }]),
            items: items.cloned(),
            value: Some(value),
            windows: Vec::new(),
        };
        let both = [("all", count(raw)), ("read", count(typed.expr.clone()))];
        let aggregates = both.map(|(name, aggregate)| (name.to_owned(), aggregate)).into();
        let (people, by) = (Tree::always(), Vec::new());
        self.asides.push(Aside {
            span: typed.span,
            name: stored.name.clone(),
            counts: Counts::Unread { kinds: typed.kinds },
            question: Question::Total { aggregates, people, by, top: None },
        });
    }

    /// Where all that was seen is of the declared kind nobody needs to look; of
    /// a question there is a limit to looking.
    fn counts_unread(&self, stored: &Stored, kinds: Kinds) -> bool {
        let is_few = stored.seen.as_ref().is_some_and(|seen| seen.count() <= LOOKED_AT_MAX);
        self.expanding == 0 && (self.defines || is_few) && stored.may_be_unread(kinds)
    }
}

fn is_known(subject: Expr<PersonLeaf>, known: bool) -> Condition {
    Tree::Leaf(Predicate::Is(Test { subject, check: Check::Known(known) }))
}
