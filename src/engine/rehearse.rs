//! Settling every name of a program before the first of its statements is
//! done: a program that is wrong anywhere is not begun, and says all of it.

use super::ask::{Ask, fail_if_wrong};
use super::{QueryError, Throng, clock};
use crate::lang::{self, Diagnostic, Parsed, Severity, Span, Spanned, tree};
use crate::model::{Text, Timestamp};
use crate::query::catalog::{Catalog, follows};
use crate::query::resolve::{self, Resolved};
use std::cell::LazyCell;

/// Rehearses a program on a copy of the catalog.
pub(super) fn rehearse_here(
    throng: &Throng,
    asked: &Ask<'_>,
    parsed: &Parsed,
) -> Result<(), QueryError> {
    // The one statement there is finds by itself what is wrong with it.
    if parsed.statements.len() < 2 && !parsed.diagnostics.iter().any(is_error) {
        return Ok(());
    }
    let view = throng.view()?;
    let now = asked.at.unwrap_or_else(|| throng.now(&view));
    rehearse_on(view.catalog().clone(), asked, parsed, now)
}

/// Whether statements are right for a database in which nothing is known yet.
///
/// ```
/// use throng::engine::{Ask, rehearse};
/// let begin = |text| rehearse(&Ask { text, ..Ask::default() });
/// assert!(begin("declare event order; create audience buyers is people who did order").is_ok());
/// assert!(begin("create audience buyers is people who did order").is_err());
/// ```
///
/// # Errors
/// See [`QueryError`].
pub fn rehearse(asked: &Ask<'_>) -> Result<(), QueryError> {
    let parsed = lang::parse_with(asked.text, &asked.params);
    let now = asked.at.unwrap_or_else(clock::wall_now);
    rehearse_on(Catalog::default(), asked, &parsed, now)
}

/// Each statement is looked at with the definitions before it taken in. What a
/// wrong one would have defined is nobody else's mistake.
fn rehearse_on(
    mut trial: Catalog,
    asked: &Ask<'_>,
    parsed: &Parsed,
    now: Timestamp,
) -> Result<(), QueryError> {
    let mut found = parsed.diagnostics.clone();
    let named = LazyCell::new(|| begun(asked.text));
    let mut sound: Vec<Span> = Vec::new();
    for statement in &parsed.statements {
        if asked.stop.is_stopped() {
            return Err(QueryError::Cancelled);
        }
        if found.len() > lang::DIAGNOSTICS_MAX {
            break;
        }
        let Err(wrong) = taken(&mut trial, statement, now) else {
            sound.push(statement.span);
            continue;
        };
        let before = named.iter().filter(|name| name.span.start < statement.span.start);
        let lost = before.filter(|name| !is_in(&sound, name.span)).map(|name| &name.node).collect();
        let own: Vec<Diagnostic> =
            wrong.into_iter().filter(|wrong| !follows(wrong, &lost)).collect();
        if own.iter().any(is_error) {
            found.extend(own);
        }
    }
    found.sort_by_key(|found| found.span);
    fail_if_wrong(asked, &lang::first_told(found))
}

/// Whether a place lies in one of these, which stand in the order of the text.
fn is_in(spans: &[Span], place: Span) -> bool {
    let behind = spans.partition_point(|span| span.start <= place.start);
    behind > 0 && place.end <= spans[behind - 1].end
}

/// Takes in what a statement defines, or says what is wrong with it.
fn taken(
    trial: &mut Catalog,
    statement: &tree::Statement,
    now: Timestamp,
) -> Result<(), Vec<Diagnostic>> {
    let (resolved, found) = resolve::check(statement, trial, now);
    if found.iter().any(is_error) {
        return Err(found);
    }
    match resolved {
        Some(Resolved::Define(_) | Resolved::Set(_)) => trial.define(statement, now).map(drop),
        // Whom it will hold nobody knows before; that it is there, what follows may need.
        Some(Resolved::Freeze { list, .. }) => trial.freeze(&list, &[], now).map(drop),
        _ => Ok(()),
    }
}

fn is_error(found: &Diagnostic) -> bool {
    found.severity == Severity::Error
}

/// The names that statements give to what they define, read off their words:
/// a statement that is wrong may have no tree.
fn begun(text: &str) -> Vec<Spanned<Text>> {
    let words = lang::names(text);
    let is = |place: usize, all: &[&str]| {
        let word = words.get(place).map(|it| &*it.node);
        word.is_some_and(|word| all.iter().any(|it| word.eq_ignore_ascii_case(it)))
    };
    let mut found = Vec::new();
    for place in 0..words.len() {
        let kind = match () {
            () if is(place, &["create"]) && is(place + 1, &["or"]) => place + 3,
            () if is(place, &["create", "declare", "rename"]) => place + 1,
            () if is(place, &["as"]) && is(place + 1, &["list"]) => place + 1,
            () => continue,
        };
        // `rename KIND A to B` makes B.
        let name = if is(place, &["rename"]) { kind + 3 } else { kind + 1 };
        if is(kind, &DEFINED) {
            found.extend(words.get(name).cloned());
        }
        if is(kind, &["event"]) {
            found.extend(property_behind(text, &words, name));
        }
    }
    found
}

/// What can be defined.
const DEFINED: [&str; 8] =
    ["audience", "trait", "condition", "list", "model", "experiment", "event", "attribute"];

/// The property in `declare event order.total: number`.
fn property_behind(text: &str, words: &[Spanned<Text>], event: usize) -> Option<Spanned<Text>> {
    let between = |place: usize| {
        let (one, next) = (words.get(place)?, words.get(place + 1)?);
        text.get(one.span.end as usize..next.span.start as usize)
    };
    let end = (event..).find(|place| between(*place) != Some("."))?;
    let keys: Vec<&str> = words.get(event + 1..=end)?.iter().map(|it| &*it.node).collect();
    let at = words.get(event)?.span;
    (!keys.is_empty()).then(|| Spanned::new(keys.join(".").into(), at))
}
