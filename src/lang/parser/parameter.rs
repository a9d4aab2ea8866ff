//! Parameters: values given beside the text take the places of their names.
//!
//! A value is one token, whatever it holds, and stands where its `$name`
//! stands. So every production that takes a literal takes a parameter, what
//! is wrong points at the name, and no value can become anything but a value.

use super::input::{Input, Source};
use super::literal::{literals, signed_literal};
use super::program::{partners, source};
use super::trouble::Trouble;
use crate::lang::diagnostic::{Code, Diagnostic};
use crate::lang::lexer::{begins_word, continues_word, lex};
use crate::lang::nearest::nearest;
use crate::lang::print::print_text;
use crate::lang::token::{Token, TokenKind};
use crate::lang::tree::Literal;
use crate::lang::{Param, Params, Span, Spanned};
use crate::model::limits::PROGRAM_BYTES_MAX;
use crate::model::{Decimal, Text, nfc};
use std::collections::BTreeSet;

/// Names in a text: those that a value was given for, and those without.
#[derive(Default)]
pub(in crate::lang) struct Named {
    met: BTreeSet<Text>,
    missing: BTreeSet<Text>,
}

/// Puts values into the places of their names.
///
/// # Errors
/// If text and values together have more bytes than a program may have: each
/// counts as often as it stands, as it would be printed.
pub(in crate::lang) fn put(
    text: &str,
    tokens: &mut [Token],
    params: &Params,
) -> Result<Named, Box<Diagnostic>> {
    let (mut named, mut n_bytes) = (Named::default(), text.len());
    for statement in tokens.split_mut(|token| token.kind == TokenKind::Sign(";")) {
        let own = own(statement);
        n_bytes += put_files(statement, params, &mut named);
        if let Some(first) = statement.first().filter(|_| n_bytes > PROGRAM_BYTES_MAX) {
            return Err(Box::new(too_long(first.span)));
        }
        for token in statement {
            let TokenKind::Parameter(name) = &token.kind else { continue };
            if own.contains(name) {
                continue;
            }
            let Some(param) = params.get(name) else {
                named.missing.insert(name.clone());
                continue;
            };
            n_bytes += bytes(param);
            if n_bytes > PROGRAM_BYTES_MAX {
                return Err(Box::new(too_long(token.span)));
            }
            named.met.insert(name.clone());
            token.kind = kind(param);
        }
    }
    Ok(named)
}

/// Puts what a file holds into the place of `from "FILE"`, if that was read.
/// Its size in bytes is counted like that of any value.
fn put_files(statement: &mut [Token], params: &Params, named: &mut Named) -> usize {
    let mut n_bytes = 0;
    for place in 1..statement.len() {
        let [from, file] = &mut statement[place - 1..=place] else { continue };
        let (TokenKind::Word(word), TokenKind::Text(path)) = (&from.kind, &file.kind) else {
            continue;
        };
        let name: Text = file_param(path).into();
        let Some(held) = params.get(&name).filter(|_| word.eq_ignore_ascii_case("from")) else {
            continue;
        };
        n_bytes += bytes(held);
        named.met.insert(name);
        (from.kind, file.kind) = (TokenKind::Word("is".into()), kind(held));
    }
    n_bytes
}

/// The name under which the content of a file is given beside a text: no
/// `$name` is written like it.
pub(crate) fn file_param(path: &str) -> String {
    nfc(&format!("from {path}")).into_owned()
}

/// The parameters that a definition declares, `$name: type`: inside it they are
/// its own, whatever is given beside the text.
fn own(statement: &[Token]) -> BTreeSet<Text> {
    let declared = statement.windows(2).filter_map(|pair| match (&pair[0].kind, &pair[1].kind) {
        (TokenKind::Parameter(name), TokenKind::Sign(":")) => Some(name.clone()),
        _ => None,
    });
    declared.collect()
}

fn kind(param: &Param) -> TokenKind {
    let number = |number: &Decimal| TokenKind::Number(number.to_string().into());
    match param {
        Param::Text(text) => TokenKind::Text(text.clone()),
        Param::Number(it) => number(it),
        Param::Bool(it) => TokenKind::Bool(*it),
        Param::Instant(at) => TokenKind::Timestamp(*at),
        Param::Date(day) => TokenKind::Date(*day),
        Param::Span(count, unit) => TokenKind::Span(*count, *unit),
        Param::Texts(texts) => {
            TokenKind::List(texts.iter().cloned().map(TokenKind::Text).collect())
        }
        Param::Numbers(numbers) => TokenKind::List(numbers.iter().map(number).collect()),
    }
}

/// About so many bytes has a value where it is printed, and no fewer.
fn bytes(param: &Param) -> usize {
    match param {
        Param::Text(text) => print_text(text).len(),
        Param::Texts(texts) => texts.iter().map(|text| print_text(text).len() + 2).sum(),
        Param::Numbers(numbers) => 32 * numbers.len(),
        _ => 32,
    }
}

fn too_long(span: Span) -> Diagnostic {
    let message =
        format!("with its values a program has at most {PROGRAM_BYTES_MAX} bytes, this has more");
    Diagnostic::error(Code::ProgramSize, span, message).label("up to here")
}

/// Whether the next token is a value that stands in the place of its name.
pub(super) fn is_given(input: Input<'_>) -> bool {
    let is_name = matches!(input.first(), None | Some(TokenKind::Parameter(_)));
    !is_name && input.text(input.span()).starts_with('$')
}

/// What the tokens of the values are called.
pub(super) fn kind_name(kind: &TokenKind) -> &'static str {
    match kind {
        TokenKind::Text(_) => "a text",
        TokenKind::Number(_) => "a number",
        TokenKind::Date(_) => "a date",
        TokenKind::Timestamp(_) => "an instant",
        TokenKind::Span(..) => "a length of time",
        TokenKind::List(_) => "a list",
        _ => "true or false",
    }
}

/// The complaint about a name without a value.
pub(super) fn not_given(source: &Source<'_>, name: &str, span: Span) -> Diagnostic {
    let message = format!("no value is given for `${name}`");
    let diagnostic = Diagnostic::error(Code::MissingParameter, span, message);
    let own = source.own.borrow();
    let known = own.iter().map(|name| (&**name, 1)).chain(names(source.params));
    if let Some(near) = nearest(name, known) {
        return diagnostic.label(format!("did you mean `${near}`?"));
    }
    let given: Vec<String> = source.params.iter().map(|(name, _)| format!("`${name}`")).collect();
    match &given[..] {
        [] => diagnostic.help(format!(
            "give it with the question: as `--param {name}=VALUE` on the command line, in `params` \
             over HTTP and in the library"
        )),
        given => diagnostic.help(format!("given are {}", given.join(", "))),
    }
}

fn names(params: &Params) -> impl Iterator<Item = (&str, u64)> {
    params.iter().map(|(name, _)| (name, 0))
}

/// The complaints about values whose names stand nowhere, unless one of them
/// is what a name without a value is told to be.
pub(super) fn not_used(text: &str, end: Span, params: &Params, named: &Named) -> Vec<Diagnostic> {
    let meant: BTreeSet<&str> =
        named.missing.iter().filter_map(|name| nearest(name, names(params))).collect();
    let unused = params.iter().filter(|(name, _)| !named.met.contains(*name));
    unused
        .filter(|(name, _)| !meant.contains(name))
        .map(|(name, _)| spare(text, end, name))
        .collect()
}

fn spare(text: &str, end: Span, name: &str) -> Diagnostic {
    let message = format!("a value is given for `${name}`, which stands nowhere");
    let diagnostic = Diagnostic::error(Code::UnusedParameter, end, message);
    diagnostic.help(match () {
        () if !is_name(name) => {
            "a name is a letter or `_`, then letters, digits and `_`; it is given without `$`"
                .to_owned()
        }
        () if text.contains(&format!("${name}")) => {
            format!("in quotes and comments `${name}` means nothing; write it without quotes")
        }
        () => format!("leave it out, or write `${name}` where the value stands"),
    })
}

fn is_name(name: &str) -> bool {
    name.starts_with(begins_word) && name.chars().all(continues_word)
}

/// Reads a value that stands alone.
pub(in crate::lang) fn read_param(written: &str) -> Result<Param, Diagnostic> {
    match written.trim() {
        "true" => Ok(Param::Bool(true)),
        "false" => Ok(Param::Bool(false)),
        trimmed if begins_literal(trimmed) => literal_alone(written),
        _ => Ok(Param::Text(written.into())),
    }
}

fn begins_literal(written: &str) -> bool {
    let positive = written.strip_prefix('-').unwrap_or(written);
    positive.starts_with(|c: char| c.is_ascii_digit()) || written.starts_with(['"', '('])
}

fn literal_alone(written: &str) -> Result<Param, Diagnostic> {
    let lexed = lex(written);
    if let Some(complaint) = lexed.diagnostics.first() {
        return Err(in_quotes(complaint.clone(), written));
    }
    let (tokens, params) = (&lexed.tokens, Params::default());
    let end = Span::new(written.len() as u32, written.len() as u32);
    let source = source(written, tokens, partners(tokens).0, end, Vec::new(), &params);
    let input = Input::new(&source);
    let read = match input.is_sign(0, "(") {
        true => literals(input).map(|(behind, list)| (behind, listed(&list))),
        false => signed_literal(input).map(|(behind, literal)| (behind, alone(literal.node))),
    };
    let noted = source.diagnostics.take().into_iter().next();
    let found = match (noted, read) {
        (Some(noted), _) => return Err(in_quotes(noted, written)),
        (None, Ok((behind, found))) if behind.rest.is_empty() && lexed.comments.is_empty() => found,
        (None, Err(nom::Err::Failure(Trouble::Told(told)))) => {
            return Err(in_quotes(*told, written));
        }
        (None, _) => None,
    };
    found.ok_or_else(|| in_quotes(no_value(&source, written), written))
}

/// The complaint about what begins like a value, with a slip in it if there is one.
fn no_value(source: &Source<'_>, written: &str) -> Diagnostic {
    let slip = Trouble::Unexpected.diagnostic(source).filter(|slip| !slip.label.is_empty());
    slip.unwrap_or_else(|| {
        let whole = Span::new(0, written.len() as u32);
        let message = format!("`{written}` begins like a value and is none");
        Diagnostic::error(Code::Syntax, whole, message).help(
            "a value is a text, a number, `true` or `false`, a date, an instant, a length of time \
             like `30 days`, or a list of texts or of numbers in parentheses",
        )
    })
}

fn in_quotes(diagnostic: Diagnostic, written: &str) -> Diagnostic {
    if written.trim().starts_with('"') {
        return diagnostic;
    }
    diagnostic.help(format!("as a text it stands in quotes: `{}`", print_text(written)))
}

fn alone(literal: Literal) -> Option<Param> {
    Some(match literal {
        Literal::Number(number) => Param::Number(number),
        Literal::Text(text) => Param::Text(text),
        Literal::Bool(it) => Param::Bool(it),
        Literal::Date(day) => Param::Date(day),
        Literal::Timestamp(at) => Param::Instant(at),
        Literal::Duration(length) => Param::Span(length.count, length.unit),
        Literal::Percent(_) | Literal::Missing | Literal::Month(_) => return None,
    })
}

fn listed(literals: &[Spanned<Literal>]) -> Option<Param> {
    let text = |literal: &Spanned<Literal>| match &literal.node {
        Literal::Text(text) => Some(text.clone()),
        _ => None,
    };
    let number = |literal: &Spanned<Literal>| match &literal.node {
        Literal::Number(number) => Some(*number),
        _ => None,
    };
    let texts: Option<Vec<Text>> = literals.iter().map(text).collect();
    let numbers = || literals.iter().map(number).collect::<Option<Vec<Decimal>>>();
    texts.map(Param::Texts).or_else(|| numbers().map(Param::Numbers))
}
