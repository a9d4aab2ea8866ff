//! Models: features resolved when a model is defined, scores where they are named.

use super::definition::Outcome;
use super::leaf::Leaf;
use super::person::PersonScope;
use super::{Kinds, Motion, Names, Resolver, Typed};
use crate::lang::tree::{Literal, ReportKind, StatementKind, Value, ValueKind};
use crate::lang::{Code, Diagnostic, Span, Spanned};
use crate::model::{Real, Text, Timestamp};
use crate::query::catalog::{Catalog, ModelFile};
use crate::query::predicate::{Feature, Score};
use std::sync::Arc;

/// What a version of a model means.
pub(in crate::query) fn model(
    catalog: &Catalog,
    (name, version): (&Text, u64),
    source: &Spanned<Text>,
    now: Timestamp,
    names: Names,
) -> Outcome<Arc<Score>> {
    let zone = catalog.zone().clone();
    let mut resolver = Resolver::new(catalog, zone.clone().into(), now, names);
    let file = match ModelFile::read(&source.node) {
        Ok(file) => file,
        Err(wrong) => {
            let message = format!("this is no model: {wrong}");
            resolver.diagnostics.push(
                Diagnostic::error(Code::Model, source.span, message)
                    .help("docs/models.md says what a model's file holds"),
            );
            return Outcome::of(resolver, None);
        }
    };
    let features: Vec<Option<Feature>> = file
        .features
        .iter()
        .enumerate()
        .map(|(place, (text, missing))| resolver.feature(place, text, *missing, source.span))
        .collect();
    let features = features.into_iter().collect::<Option<Vec<_>>>();
    let (form, link, model) = (file.form, file.link, name.clone());
    let score = features.map(|features| Score { model, version, zone, features, form, link });
    Outcome::of(resolver, score.map(Arc::new))
}

impl<'a> Resolver<'a> {
    /// A feature; what is wrong with it is said at the model, with the feature's text.
    fn feature(&mut self, place: usize, text: &str, missing: Real, span: Span) -> Option<Feature> {
        let wrong = |message: String| {
            let message = format!("feature {place}, `{text}`: {message}");
            Diagnostic::error(Code::Model, span, message)
        };
        let Some(value) = value_of(text) else {
            return self.refuse(wrong("this is no value".to_owned()));
        };
        let before = self.diagnostics.len();
        self.in_model = true;
        let typed = self.value(&PersonScope, &value);
        self.in_model = false;
        let found: Vec<Diagnostic> = self.diagnostics.drain(before..).collect();
        let errors = found.into_iter().filter(|it| it.severity == crate::lang::Severity::Error);
        self.diagnostics.extend(errors.map(|it| wrong(it.message)));
        let typed = typed?;
        if !typed.kinds.meets(Kinds::NUMBER.or(Kinds::BOOL)) {
            let kinds = typed.kinds.words();
            return self.refuse(wrong(format!("a model reads numbers, and this is {kinds}")));
        }
        Some(Feature { value: typed.expr, missing })
    }

    /// `score("model", version)`.
    pub(super) fn score<L: Leaf>(&mut self, arguments: &[Value], span: Span) -> Option<Typed<L>> {
        let [model, version] = arguments else { return self.no_score(span) };
        let ValueKind::Literal(Literal::Text(name)) = &model.kind else {
            return self.no_score(model.span);
        };
        let ValueKind::Literal(Literal::Number(number)) = &version.kind else {
            return self.no_score(version.span);
        };
        let Some(number) = number.to_string().parse::<u64>().ok() else {
            return self.no_score(version.span);
        };
        if self.in_model {
            return self.refuse(Diagnostic::error(
                Code::Model,
                span,
                "a model cannot be computed of another model's score",
            ));
        }
        let Some(found) = self.catalog.model(name, number) else {
            return self.unknown_model(name, number, model.span);
        };
        self.uses.models.insert((name.clone(), number));
        self.grow(span, found.size)?;
        let expr = L::score(self, found.score.clone(), span)?;
        Some(Typed::new(expr, Kinds::NUMBER, span).moving(Motion::Still))
    }

    fn no_score<T>(&mut self, span: Span) -> Option<T> {
        self.refuse(
            Diagnostic::error(
                Code::TypeMismatch,
                span,
                "`score` takes the name of a model and the number of a version",
            )
            .help("write `score(\"churn\", 3)`"),
        )
    }

    fn unknown_model<T>(&mut self, name: &str, version: u64, span: Span) -> Option<T> {
        let versions: Vec<String> = self
            .catalog
            .models()
            .filter(|entry| *entry.score.model == *name)
            .map(|entry| entry.score.version.to_string())
            .collect();
        let mut found = Diagnostic::error(
            Code::Model,
            span,
            format!("unknown model `{name}` version {version}"),
        );
        if versions.is_empty() {
            let known = self.catalog.models().map(|entry| (&*entry.score.model, 0));
            found = match crate::lang::nearest(name, known) {
                Some(meant) => found.help(format!("did you mean `{meant}`?")),
                None => found.help("`show models` lists those that there are"),
            };
        } else {
            found = found.help(format!("it has version {}", versions.join(", ")));
        }
        self.refuse(found)
    }
}

/// The value that a text is, if it is one alone.
fn value_of(text: &str) -> Option<Value> {
    let parsed = crate::lang::parse(&format!("list ({text}\n) of everyone"));
    let [statement] = &parsed.statements[..] else { return None };
    let StatementKind::Report(report) = &statement.kind else { return None };
    match &report.kind {
        ReportKind::List { columns, people, sort: None, limit: None }
            if parsed.diagnostics.is_empty() && people.condition.is_none() =>
        {
            match &columns[..] {
                [column] if column.name.is_none() => Some(column.value.clone()),
                _ => None,
            }
        }
        _ => None,
    }
}
