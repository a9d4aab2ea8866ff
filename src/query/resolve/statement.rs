//! Statements: what each asks of the engine, with every name settled.

use super::definition::Outcome;
use super::{Names, Resolver};
use crate::lang::tree::{self, Declare, Explained, Kind, Shown, Statement, StatementKind};
use crate::lang::{Code, Diagnostic, Severity};
use crate::model::{Text, Timestamp, Zone};
use crate::query::catalog::{Catalog, DeclaredIdentifier};
use crate::query::predicate::{Audience, Condition, Expr, PersonLeaf, Type};
use crate::query::{AsOf, Column, Question, Reference};
use std::sync::Arc;

/// A statement with every name settled.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resolved {
    /// A report.
    Question {
        /// What is asked.
        question: Question,
        /// At which instant.
        as_of: AsOf,
        /// Where the report's local days begin.
        zone: Zone,
    },
    /// Who was in an audience by what its followers were told.
    Members {
        /// Which audience.
        audience: Text,
        /// By then.
        at: Timestamp,
    },
    /// Who entered and left an audience, as it was announced.
    Watch {
        /// Which audience.
        audience: Text,
        /// From which record on.
        from: u64,
        /// What is shown of each person.
        columns: Vec<Column>,
        /// How long it must hold before it is told.
        settled_ms: Option<i64>,
    },
    /// Why somebody is in an audience, or is not.
    Why {
        /// Who.
        profile: Reference,
        /// In which audience.
        audience: Arc<Audience>,
        /// Whether the asker thinks that they are not in.
        negated: bool,
        /// At which instant.
        as_of: AsOf,
    },
    /// Whether an audience is what a full recomputation gives.
    Verify(Arc<Audience>),
    /// A list of names.
    Show {
        /// What is listed.
        shown: Shown,
        /// Only names that hold this text.
        like: Option<Text>,
    },
    /// What is known of one name.
    Describe {
        /// What sort of name.
        kind: Kind,
        /// Which.
        name: Text,
    },
    /// By which names somebody is known, and which links to others were refused.
    DescribeProfile {
        /// Who.
        profile: Reference,
        /// At which instant.
        as_of: AsOf,
    },
    /// What an audience, a trait or a report means.
    Explain(Explanation),
    /// The same, and what it costs.
    Cost(Explanation),
    /// The same as a statement in SQL.
    Sql(String),
    /// A definition, a declaration or their end, as canonical text.
    Define(Text),
    /// A setting, as canonical text.
    Set(Text),
    /// Two names of one person.
    Link(Reference, Reference),
    /// Two names that may not be one person's.
    Unlink(Reference, Reference),
    /// A person is to be forgotten.
    Forget {
        /// Who.
        profile: Reference,
        /// Whether later facts are refused too.
        suppress: bool,
    },
    /// The event of a message id is to be forgotten, and the id refused.
    ForgetEvent(Text),
    /// A list takes ids in, or lets them go; their names are those of people.
    ChangeIds {
        /// Whether they come; else they go.
        adds: bool,
        /// The people as they are named.
        ids: Vec<Reference>,
        /// Of which list.
        list: Text,
    },
    /// A list is to hold the members of an audience.
    Freeze {
        /// Whose members.
        audience: Arc<Audience>,
        /// The list.
        list: Text,
    },
}

/// What `explain` is asked to explain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Explanation {
    /// An audience.
    Audience(Arc<Audience>),
    /// A trait, its name and what it computes.
    Trait(Text, Expr<PersonLeaf>),
    /// A condition, its name and what must hold.
    Condition(Text, Condition),
    /// A report.
    Question(Box<Question>),
    /// A namespace of identifiers that is not declared like this yet.
    Identifier(Box<DeclaredIdentifier>),
}

/// Settles every name of a statement.
///
/// ```
/// use throng::lang::parse;
/// use throng::model::Timestamp;
/// use throng::query::catalog::Catalog;
/// use throng::query::resolve::resolve;
///
/// let parsed = parse("count people who did oder");
/// let found = resolve(&parsed.statements[0], &Catalog::default(), Timestamp::EPOCH).unwrap_err();
/// assert_eq!(found[0].message, "unknown event `oder`");
/// ```
pub fn resolve(
    statement: &Statement,
    catalog: &Catalog,
    now: Timestamp,
) -> Result<Resolved, Vec<Diagnostic>> {
    let (resolved, diagnostics) = check(statement, catalog, now);
    resolved.ok_or_else(|| {
        diagnostics.into_iter().filter(|found| found.severity == Severity::Error).collect()
    })
}

/// The same with all that was noticed, warnings included.
pub fn check(
    statement: &Statement,
    catalog: &Catalog,
    now: Timestamp,
) -> (Option<Resolved>, Vec<Diagnostic>) {
    if let Some(define) = definition(statement, catalog) {
        return match catalog.clone().define(statement, now) {
            Ok(defined) => (Some(define), defined.warnings),
            Err(found) => (None, found),
        };
    }
    let mut resolver = Resolver::new(catalog, catalog.zone().clone().into(), now, Names::Checked);
    let resolved = resolver.statement(&statement.kind);
    let outcome = Outcome::of(resolver, resolved);
    (outcome.result, outcome.diagnostics)
}

fn definition(statement: &Statement, catalog: &Catalog) -> Option<Resolved> {
    let text = || crate::lang::print(statement).into();
    match &statement.kind {
        // Ids are names of people, which the policy normalises before they are kept.
        StatementKind::ChangeList { list, .. } if has_ids(catalog, &list.node) => None,
        StatementKind::CreateAudience { .. }
        | StatementKind::CreateTrait { .. }
        | StatementKind::CreateModel { .. }
        | StatementKind::CreateCondition { .. }
        | StatementKind::CreateList { .. }
        | StatementKind::CreateExperiment { .. }
        | StatementKind::ChangeList { .. }
        | StatementKind::Rename(..)
        | StatementKind::Pause { .. }
        | StatementKind::Drop(..)
        | StatementKind::Declare(_) => Some(Resolved::Define(text())),
        StatementKind::Set(..) => Some(Resolved::Set(text())),
        _ => None,
    }
}

fn has_ids(catalog: &Catalog, list: &str) -> bool {
    catalog.list(list).is_some_and(|entry| entry.list.of == Type::Id)
}

impl Resolver<'_> {
    fn statement(&mut self, kind: &StatementKind) -> Option<Resolved> {
        match kind {
            StatementKind::Report(tree::Report {
                kind: tree::ReportKind::Members { audience, at },
                ..
            }) => {
                let audience = self.known_audience(audience)?.name.clone();
                Some(Resolved::Members { audience, at: self.moment(*at) })
            }
            StatementKind::Report(report) => {
                let (question, as_of) = self.report(report)?;
                Some(Resolved::Question { question, as_of, zone: self.zone.common().clone() })
            }
            StatementKind::Why { profile, negated, audience, as_of } => {
                let found = self.known_audience(audience);
                let profile = self.reference(profile)?;
                let (as_of, negated) = (self.as_of(as_of.as_ref()), *negated);
                Some(Resolved::Why { profile, audience: found?, negated, as_of: as_of? })
            }
            StatementKind::Watch { audience, from, columns, settled } => {
                self.watch(audience, from.unwrap_or(0), columns, settled.as_ref())
            }
            StatementKind::Verify(name) => self.known_audience(name).map(Resolved::Verify),
            StatementKind::Show { shown, like } => {
                let like = like.as_ref().map(|like| like.node.clone());
                Some(Resolved::Show { shown: *shown, like })
            }
            StatementKind::Describe(kind, name) => self.describe(*kind, name),
            StatementKind::DescribeProfile { profile, as_of } => {
                let profile = self.reference(profile)?;
                let as_of = self.as_of(as_of.as_ref())?;
                Some(Resolved::DescribeProfile { profile, as_of })
            }
            StatementKind::Explain { cost, what } => self.explain(*cost, what),
            StatementKind::ExplainSql { dialect, what } => self.explain_sql(dialect, what),
            StatementKind::Link(one, other) => {
                self.two(one, other).map(|(one, other)| Resolved::Link(one, other))
            }
            StatementKind::Unlink(one, other) => {
                self.two(one, other).map(|(one, other)| Resolved::Unlink(one, other))
            }
            StatementKind::Forget { profile, suppress } => {
                let profile = self.reference(profile)?;
                Some(Resolved::Forget { profile, suppress: *suppress })
            }
            StatementKind::ForgetEvent(id) => Some(Resolved::ForgetEvent(id.node.clone())),
            StatementKind::ChangeList { adds, elements, list } => {
                let ids: Vec<_> = elements.iter().map(|id| self.reference(id)).collect();
                let ids = ids.into_iter().collect::<Option<_>>()?;
                Some(Resolved::ChangeIds { adds: *adds, ids, list: list.node.clone() })
            }
            StatementKind::Freeze { audience, list } => self.freeze(audience, list),
            StatementKind::CreateAudience { .. }
            | StatementKind::CreateTrait { .. }
            | StatementKind::CreateModel { .. }
            | StatementKind::CreateCondition { .. }
            | StatementKind::CreateList { .. }
            | StatementKind::CreateExperiment { .. }
            | StatementKind::Rename(..)
            | StatementKind::Pause { .. }
            | StatementKind::Drop(..)
            | StatementKind::Declare(_)
            | StatementKind::Set(..) => None,
        }
    }

    fn freeze(&mut self, audience: &tree::Name, list: &tree::Name) -> Option<Resolved> {
        let audience = self.known_audience(audience)?;
        if let Some(entry) = self.catalog.list(&list.node)
            && entry.list.of != Type::Id
        {
            let message = format!("`{}` is there already, and is no list of ids", list.node);
            return self.refuse(
                Diagnostic::error(Code::NameTaken, list.span, message)
                    .help("choose another name for the list"),
            );
        }
        Some(Resolved::Freeze { audience, list: list.node.clone() })
    }

    fn two(&mut self, one: &tree::Name, other: &tree::Name) -> Option<(Reference, Reference)> {
        let (first, second) = (self.reference(one), self.reference(other));
        let (first, second) = (first?, second?);
        if first == second {
            return self.refuse(
                Diagnostic::error(Code::UnknownProfile, other.span, "these two are the same name")
                    .also(one.span, "the first"),
            );
        }
        Some((first, second))
    }

    pub(super) fn known_audience(&mut self, name: &tree::Name) -> Option<Arc<Audience>> {
        match self.catalog.audience(&name.node) {
            Some(audience) => Some(audience.clone()),
            None if self.catalog.audience_entry(&name.node).is_some() => self.needs_arguments(name),
            None => self.unknown_audience(name),
        }
    }

    /// An audience with a parameter that has no default is nobody by itself.
    fn needs_arguments<T>(&mut self, name: &tree::Name) -> Option<T> {
        let message = format!("audience `{}` stands only where it is given arguments", name.node);
        self.refuse(
            Diagnostic::error(Code::Arguments, name.span, message)
                .help("give each of its parameters a default")
                .help(format!("or: name one that is `people in audience {}(...)`", name.node)),
        )
    }

    fn describe(&mut self, kind: Kind, name: &tree::Name) -> Option<Resolved> {
        let known = match kind {
            Kind::Audience => {
                self.catalog.audience_entry(&name.node).is_some()
                    || self.unknown_audience::<()>(name).is_some()
            }
            Kind::Event => self.event_name(name).is_some(),
            Kind::List => {
                self.catalog.list(&name.node).is_some() || self.unknown_list::<()>(name).is_some()
            }
            Kind::Trait
            | Kind::Attribute
            | Kind::Identifier
            | Kind::Condition
            | Kind::Experiment
            | Kind::Model => {
                crate::query::describe::knows(self.catalog, kind, &name.node)
                    || self.unknown_of::<()>(kind, name).is_some()
            }
        };
        known.then(|| Resolved::Describe { kind, name: name.node.clone() })
    }

    fn unknown_of<T>(&mut self, kind: Kind, name: &tree::Name) -> Option<T> {
        let (code, word) = match kind {
            Kind::Trait => (Code::UnknownName, "trait"),
            Kind::Attribute => (Code::UnknownAttribute, "attribute"),
            Kind::Model => (Code::Model, "model"),
            Kind::Condition => (Code::UnknownCondition, "condition"),
            Kind::Experiment => (Code::UnknownExperiment, "experiment"),
            _ => (Code::UnknownNamespace, "identifier"),
        };
        let known = crate::query::describe::known(self.catalog, kind);
        let mut found =
            Diagnostic::error(code, name.span, format!("unknown {word} `{}`", name.node))
                .label(format!("no such {word} ({} known)", known.len()));
        let names = known.iter().map(|(name, n)| (&**name, *n));
        if let Some(meant) = crate::lang::nearest(&name.node, names) {
            found = found.help(format!("did you mean `{meant}`?"));
        }
        self.refuse(found)
    }

    fn explain(&mut self, cost: bool, what: &Explained) -> Option<Resolved> {
        let explanation = self.explained(what)?;
        Some(match explanation {
            // What another policy changes is all that it costs.
            explanation @ Explanation::Identifier(_) => Resolved::Explain(explanation),
            explanation if cost => Resolved::Cost(explanation),
            explanation => Resolved::Explain(explanation),
        })
    }

    pub(super) fn explained(&mut self, what: &Explained) -> Option<Explanation> {
        match what {
            Explained::Audience(name) => self.known_audience(name).map(Explanation::Audience),
            Explained::Statement(statement) => self.explain_statement(statement),
        }
    }

    fn explain_statement(&mut self, statement: &Statement) -> Option<Explanation> {
        let name = match &statement.kind {
            StatementKind::Report(report) => {
                let (question, _) = self.report(report)?;
                return Some(Explanation::Question(Box::new(question)));
            }
            StatementKind::CreateAudience { name, .. }
            | StatementKind::CreateTrait { name, .. }
            | StatementKind::CreateCondition { name, .. }
            | StatementKind::Declare(Declare::Identifier { name, .. }) => name,
            _ => {
                let found = Diagnostic::error(
                    Code::Syntax,
                    statement.span,
                    "only what is created, reports and `declare identifier` are explained",
                );
                return self.refuse(found);
            }
        };
        // Explained as it would be: in a copy of the catalog that has it.
        let mut trial = self.catalog.clone();
        match trial.define(statement, self.now) {
            Err(found) => self.diagnostics.extend(found),
            Ok(defined) => {
                self.diagnostics.extend(defined.warnings);
                if let Some(declared) = defined.identifier {
                    return Some(Explanation::Identifier(Box::new(declared)));
                }
            }
        }
        match &statement.kind {
            StatementKind::CreateTrait { .. } => {
                let found = trial.trait_named(&name.node)?;
                Some(Explanation::Trait(found.name.clone(), found.value.clone()))
            }
            StatementKind::CreateCondition { .. } => {
                let found = trial.condition(&name.node)?;
                let statement = found.definition.statement().clone();
                let parts = super::ConditionParts::of(&statement.kind)?;
                let meant = super::condition(&trial, &parts, self.now, Names::Assumed);
                Some(Explanation::Condition(found.name.clone(), meant.result?))
            }
            StatementKind::CreateAudience { .. } => trial
                .audience_entry(&name.node)
                .map(|found| Explanation::Audience(found.audience.clone())),
            _ => trial.audience(&name.node).cloned().map(Explanation::Audience),
        }
    }
}
