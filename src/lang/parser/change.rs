//! Statements that change what is defined: lists, names, what is announced.

use super::Read;
use super::input::Input;
use super::name::{name, string};
use super::operator::{keyword, list, words};
use super::statement::kind;
use crate::lang::Spanned;
use crate::lang::token::TokenKind;
use crate::lang::tree::{Kind, StatementKind};
use crate::model::Text;
use nom::Parser;
use nom::branch::alt;
use nom::combinator::cut;
use nom::sequence::preceded;

// change = change-list | freeze | rename | pause ;
pub(super) fn change(input: Input<'_>) -> Read<'_, StatementKind> {
    alt((change_list, freeze, rename, pause)).parse(input)
}

// change-list = ( "add" , strings , "to" | "remove" , strings , "from" ) , "list" , name ;
fn change_list(input: Input<'_>) -> Read<'_, StatementKind> {
    let added = preceded(keyword("add"), cut((strings, words(&["to", "list"]), name)));
    let removed = preceded(keyword("remove"), cut((strings, words(&["from", "list"]), name)));
    let changes =
        |adds| move |(elements, _, list)| StatementKind::ChangeList { adds, elements, list };
    alt((added.map(changes(true)), removed.map(changes(false)))).parse(input)
}

// strings = string , { "," , string } ;
fn strings(input: Input<'_>) -> Read<'_, Vec<Spanned<Text>>> {
    match input.first() {
        Some(TokenKind::List(given)) => {
            let text = |kind: &TokenKind| match kind {
                TokenKind::Text(text) => Some(Spanned::new(text.clone(), input.span())),
                _ => None,
            };
            match given.iter().map(text).collect() {
                Some(texts) => Ok((input.skip(1), texts)),
                None => string(input).map(|(input, text)| (input, vec![text])),
            }
        }
        _ => list(string).parse(input),
    }
}

// freeze = "freeze" , "audience" , name , "as" , "list" , name ;
fn freeze(input: Input<'_>) -> Read<'_, StatementKind> {
    let both = cut((keyword("audience"), name, words(&["as", "list"]), name));
    preceded(keyword("freeze"), both)
        .map(|(_, audience, _, list)| StatementKind::Freeze { audience, list })
        .parse(input)
}

// rename = "rename" , definition-kind , name , "to" , name ;
fn rename(input: Input<'_>) -> Read<'_, StatementKind> {
    preceded(keyword("rename"), cut((definition_kind, name, keyword("to"), name)))
        .map(|(kind, from, _, to)| StatementKind::Rename(kind, from, to))
        .parse(input)
}

// pause = ( "pause" | "resume" ) , "audience" , name ;
fn pause(input: Input<'_>) -> Read<'_, StatementKind> {
    let mut verb = alt((keyword("pause").map(|_| false), keyword("resume").map(|_| true)));
    let (input, resumes) = verb.parse(input)?;
    let (input, audience) = cut(preceded(keyword("audience"), name)).parse(input)?;
    Ok((input, StatementKind::Pause { resumes, audience }))
}

// definition-kind = "audience" | "trait" | "condition" | "list" | "experiment"
//                 | "model" ;
pub(super) fn definition_kind(input: Input<'_>) -> Read<'_, Kind> {
    kind(&[Kind::Audience, Kind::Trait, Kind::Condition, Kind::List, Kind::Experiment, Kind::Model])
        .parse(input)
}
