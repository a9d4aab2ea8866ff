//! Texts with parameters whose values are not at hand: each name is laid out as
//! a value that stands in for it, and is put back afterwards.

use super::super::parser::parse_with;
use super::super::print;
use super::laid_out;
use crate::lang::lexer::lex;
use crate::lang::token::TokenKind;
use crate::lang::{Code, Diagnostic, Param, Params};
use crate::model::{Date, FixedUnit, Text, Unit};
use std::cmp::Reverse;

/// More names than this are not tried.
const NAMES_MAX: usize = 64;

/// Whether nothing is wrong but that values are not given.
pub(super) fn only_values_are_missing(diagnostics: &[Diagnostic]) -> bool {
    !diagnostics.is_empty() && diagnostics.iter().all(|found| found.code == Code::MissingParameter)
}

/// The layout of a text with parameters, if some kinds of values fit it.
pub(super) fn with_stand_ins(text: &str) -> Option<String> {
    let names = names(text);
    if names.len() > NAMES_MAX {
        return None;
    }
    let mut chosen = vec![0; names.len()];
    // What one stands for may hang on another: a second round settles it.
    for place in (0..names.len()).chain(0..names.len()) {
        // A statement tells its first error: one further on is nearer to none.
        let wrong = |kind: &usize| {
            let mut tried = chosen.clone();
            tried[place] = *kind;
            let found = parse_with(text, &params(&names, &tried)).diagnostics;
            (found.len(), Reverse(found.first().map(|found| found.span.start)))
        };
        chosen[place] = (0..N_KINDS).min_by_key(wrong)?;
    }
    let params = params(&names, &chosen);
    let mut laid = laid_out(text, &params).ok()?;
    for (place, name) in names.iter().enumerate() {
        let (_, printed) = stand_in(place, chosen[place], name);
        if text.contains(&printed) {
            return None;
        }
        laid = laid.replace(&printed, &format!("${name}"));
    }
    let said = |text: &str| {
        let parsed = parse_with(text, &params);
        (parsed.diagnostics.len(), parsed.statements.iter().map(print).collect::<Vec<_>>())
    };
    (said(&laid) == said(text)).then_some(laid)
}

fn names(text: &str) -> Vec<Text> {
    let mut names: Vec<Text> = Vec::new();
    for token in lex(text).tokens {
        if let TokenKind::Parameter(name) = token.kind
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

fn params(names: &[Text], chosen: &[usize]) -> Params {
    let given = names.iter().zip(chosen).enumerate();
    given.fold(Params::new(), |params, (place, (name, kind))| {
        params.with(name, stand_in(place, *kind, name).0)
    })
}

const N_KINDS: usize = 5;

/// A value of a kind that no text holds by chance, and how it is printed.
fn stand_in(place: usize, kind: usize, name: &str) -> (Param, String) {
    let text = Text::from(format!("\u{e000}{name}\u{e000}"));
    let n = 7_301 + 13 * place as u64;
    match kind {
        0 => (Param::Text(text.clone()), format!("\"{text}\"")),
        1 => (Param::Number((n as i64).into()), n.to_string()),
        2 => (Param::Span(n, Unit::Fixed(FixedUnit::Day)), format!("{n} days")),
        3 => {
            let day = Date::MAX.plus_days(-1_000 - place as i32);
            (Param::Date(day), day.to_string())
        }
        _ => (Param::Texts(vec![text.clone()]), format!("(\"{text}\")")),
    }
}
