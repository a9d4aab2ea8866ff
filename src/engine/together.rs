//! Audiences that a program creates one after the other: everybody is read once for
//! all of them, and each says what it would say alone.

use super::ask::{Ask, draw, fail_if_wrong, now_of, picture_of};
use super::{Answer, Answers, CommitTime, QueryError, Throng, lint};
use crate::lang::Diagnostic;
use crate::lang::tree::{Statement, StatementKind};
use crate::model::{Text, Timestamp};
use crate::query::catalog::Catalog;
use crate::query::predicate::Predicate;
use crate::query::resolve::{self, Resolved};
use crate::state::View;
use std::collections::BTreeSet;

/// An audience that is going to be created.
struct Creation {
    text: Text,
    found: Vec<Diagnostic>,
}

/// Creates the audiences that statements begin with, if there are several that do not
/// need one another; gives how many statements that were.
pub(super) fn created(
    throng: &Throng,
    asked: &Ask<'_>,
    statements: &[Statement],
    answers: &mut Answers,
) -> Result<usize, QueryError> {
    let are_many = statements.iter().take_while(|it| name_of(it).is_some()).nth(1).is_some();
    if asked.read_only || !are_many {
        return Ok(0);
    }
    // Read before the view: what that lacks has a later time.
    let wall = throng.shared().instant();
    let view = throng.view()?;
    let now = asked.at.unwrap_or_else(|| now_of(throng, &view, wall));
    let creations = creations(asked, statements, &view, now)?;
    if creations.len() < 2 || asked.stop.is_stopped() {
        return Ok(0);
    }
    let time = asked.at.map_or(CommitTime::Clock, CommitTime::At);
    let texts = creations.iter().map(|creation| creation.text.clone()).collect();
    let (messages, wrong) = throng.define_each(texts, time)?;
    let n_created = messages.len();
    for ((message, creation), statement) in messages.into_iter().zip(creations).zip(statements) {
        if !creation.found.is_empty() {
            answers.warnings.push(draw(asked, &creation.found));
        }
        answers.answers.push(Answer::Done(message));
        if let Some(found) = lint::of_created(throng, statement)? {
            answers.warnings.push(draw(asked, &[found]));
        }
    }
    wrong.map_or(Ok(n_created), |error| Err(picture_of(asked, error)))
}

/// The first statements, as far as each is right and needs none of the others.
fn creations(
    asked: &Ask<'_>,
    statements: &[Statement],
    view: &View,
    now: Timestamp,
) -> Result<Vec<Creation>, QueryError> {
    let mut catalog = view.catalog().clone();
    let (mut creations, mut names) = (Vec::new(), BTreeSet::new());
    for statement in statements {
        let Some(name) = name_of(statement) else { break };
        let (resolved, found) = resolve::check(statement, &catalog, now);
        let Some(Resolved::Define(text)) = resolved else { break };
        if fail_if_wrong(asked, &found).is_err() || catalog.define(statement, now).is_err() {
            break;
        }
        if needs(&catalog, name, &names) || !names.insert(name.clone()) {
            break;
        }
        let found = lint::counted(found, statement, (view, &catalog), (now, &asked.stop))?;
        creations.push(Creation { text, found });
    }
    Ok(creations)
}

/// The name of an audience that a statement creates.
fn name_of(statement: &Statement) -> Option<&Text> {
    match &statement.kind {
        StatementKind::CreateAudience { name, .. } => Some(&name.node),
        _ => None,
    }
}

/// Whether an audience names one of these.
fn needs(catalog: &Catalog, name: &str, names: &BTreeSet<Text>) -> bool {
    let audience = catalog.audience(name);
    let leaves = audience.into_iter().flat_map(|audience| audience.condition.leaves());
    leaves.into_iter().any(|leaf| match leaf {
        Predicate::InAudience(inner) => names.contains(&inner.name),
        _ => false,
    })
}
