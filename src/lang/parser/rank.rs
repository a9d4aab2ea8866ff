//! Ranks: a part of an order, a value, and those who are ranked.

use super::Read;
use super::condition::{cond, nothing};
use super::input::Input;
use super::literal::literal;
use super::operator::{group, int, keyword, optional, sure, words};
use super::value::value;
use crate::lang::Spanned;
use crate::lang::token::TokenKind;
use crate::lang::tree::{Condition, Cut, CutSize, Literal, Member, Parts, Predicate, Rank, Value};
use nom::Parser;
use nom::branch::alt;

// rank = "in" , ( "top" | "bottom" ) , ( percent | int ) , "by" , value , [ among ] ;
pub(super) fn rank(input: Input<'_>) -> Read<'_, Box<Predicate>> {
    let (behind, is_top) =
        alt((words(&["in", "top"]).map(|_| true), words(&["in", "bottom"]).map(|_| false)))
            .parse(input)?;
    let (end, size) = sure(cut_size(behind))?;
    let cut = if is_top { Cut::Top(size) } else { Cut::Bottom(size) };
    let cut = Spanned::new(cut, behind.span_to(end));
    let (behind, _) = sure(keyword("by").parse(end))?;
    let (behind, value) = sure(value(behind))?;
    ranked(behind, cut, value)
}

// quantile = "in" , ( "quartile" | "quintile" | "decile" ) , int , "of" , value , [ among ] ;
pub(super) fn quantile(input: Input<'_>) -> Read<'_, Box<Predicate>> {
    let (behind, parts) = alt((
        words(&["in", "quartile"]).map(|_| Parts::Quartile),
        words(&["in", "quintile"]).map(|_| Parts::Quintile),
        words(&["in", "decile"]).map(|_| Parts::Decile),
    ))
    .parse(input)?;
    let (end, q) = sure(int(behind))?;
    let cut = Spanned::new(Cut::Part(parts, q), behind.span_to(end));
    let (behind, _) = sure(keyword("of").parse(end))?;
    let (behind, value) = sure(value(behind))?;
    ranked(behind, cut, value)
}

fn ranked(input: Input<'_>, cut: Spanned<Cut>, value: Box<Value>) -> Read<'_, Box<Predicate>> {
    let (input, among) = optional(input, among(input))?;
    let rank = Rank { cut, value: *value, among };
    Ok((input, Box::new(Predicate::Member(Member::Rank(Box::new(rank))))))
}

// among = "among" , "(" , cond , ")" ;
fn among(input: Input<'_>) -> Read<'_, Box<Condition>> {
    let (input, _) = keyword("among").parse(input)?;
    sure(group(cond, nothing).parse(input))
}

/// A share of those who are ranked, or a number of them.
fn cut_size(input: Input<'_>) -> Read<'_, CutSize> {
    if matches!(input.first(), Some(TokenKind::Percent(_))) {
        return literal(input).map(|(behind, literal)| match literal {
            Literal::Percent(share) => (behind, CutSize::Percent(share)),
            _ => (behind, CutSize::Count(0)),
        });
    }
    int(input).map(|(behind, count)| (behind, CutSize::Count(count)))
}
