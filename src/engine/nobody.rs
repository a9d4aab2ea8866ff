//! Somebody whom a statement names and nobody knows: an error with its place.

use super::ask::draw;
use super::{Ask, CommitError, QueryError};
use crate::lang::tree::{Kind, Name, ReportKind, Statement, StatementKind};
use crate::lang::{Code, Diagnostic, nearest};
use crate::model::Identifier;
use crate::query::{Reference, describe};
use crate::state::View;

/// That nobody carries a name.
pub(super) fn nobody(reference: &Reference) -> QueryError {
    CommitError::NoSuchProfile(reference.to_string()).into()
}

/// The same error, drawn where the statement has the name.
pub(super) fn placed(
    asked: &Ask<'_>,
    statement: &Statement,
    view: &View,
    error: QueryError,
) -> QueryError {
    let QueryError::Commit(CommitError::NoSuchProfile(called)) = &error else { return error };
    let names = names(&statement.kind);
    let Some(name) = names.iter().find(|name| *name.node == **called).or(names.first()) else {
        return error;
    };
    let message = format!("nobody is called `{called}`");
    let found = Diagnostic::error(Code::UnknownProfile, name.span, message);
    let diagnostics = vec![found.label("no such person").help(remedy(&reference(called), view))];
    QueryError::Text { pictures: draw(asked, &diagnostics), diagnostics }
}

/// The names of people in a statement.
fn names(kind: &StatementKind) -> Vec<&Name> {
    match kind {
        StatementKind::Why { profile, .. }
        | StatementKind::DescribeProfile { profile, .. }
        | StatementKind::Forget { profile, .. } => vec![profile],
        StatementKind::Link(one, other) | StatementKind::Unlink(one, other) => vec![one, other],
        StatementKind::Report(report) => match &report.kind {
            ReportKind::Timeline { profile, .. } => vec![profile],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// What a name was, before it was written into the error.
fn reference(called: &str) -> Reference {
    match (called.parse(), called.split_once(':')) {
        (Ok(profile), _) => Reference::Profile(profile),
        (_, Some((namespace, value))) => Reference::Identifier(Identifier::new(namespace, value)),
        _ => Reference::Identifier(Identifier::new("", called)),
    }
}

fn remedy(reference: &Reference, view: &View) -> String {
    if view.seat(reference).is_some() {
        return "the name is known, but no call of theirs by the instant asked about".to_owned();
    }
    let Reference::Identifier(identifier) = reference else {
        return "it is a number that `why` and `throng watch` print".to_owned();
    };
    let known = describe::known(view.catalog(), Kind::Identifier);
    let mut known = known.iter().map(|(name, n)| (&**name, *n));
    if known.clone().any(|(name, _)| *name == *identifier.namespace) {
        return "check the value behind the colon".to_owned();
    }
    match nearest(&identifier.namespace, &mut known) {
        Some(meant) => format!("did you mean `{meant}:{}`?", identifier.value),
        None => {
            format!("`{}` is no identifier; `show identifiers` lists what is", identifier.namespace)
        }
    }
}
