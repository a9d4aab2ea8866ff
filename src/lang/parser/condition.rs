//! Conditions: predicates joined by `and`, `or`, `not` and quantifiers.

use super::Read;
use super::absent::absent;
use super::did::did;
use super::input::Input;
use super::name::{name, string};
use super::operator::{described, first_of, group, keyword, list, sure, words};
use super::rank::{quantile, rank};
use super::test::is;
use super::trouble::Trouble;
use crate::lang::Span;
use crate::lang::diagnostic::{Code, Diagnostic};
use crate::lang::token::TokenKind;
use crate::lang::tree::{
    Condition, Literal, Member, People, Predicate, Quantifier, Test, Value, ValueKind,
};
use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, opt};
use nom::sequence::preceded;

// people = "everyone" | "people" , cond ;
pub(super) fn people(input: Input<'_>) -> Read<'_, People> {
    let someone = preceded(keyword("people"), cut(cond)).map(|found| Some(*found));
    let found = alt((keyword("everyone").map(|_| None), someone)).parse(input);
    match found {
        Ok((behind, condition)) => Ok((behind, People { condition, span: input.span_to(behind) })),
        Err(nom::Err::Failure(Trouble::Unexpected)) if !goes_on(input.skip(1)) => {
            input.fails(all_people(input))
        }
        Err(error) => Err(error),
    }
}

fn goes_on(input: Input<'_>) -> bool {
    !input.rest.is_empty() && !input.is_any(0, &["by", "as", "sort", "limit"])
}

fn all_people(input: Input<'_>) -> Diagnostic {
    Diagnostic::error(Code::Syntax, input.span(), "`people` is followed by a condition")
        .label("write `everyone` for all of them")
}

// cond = unary | unary , "and" , unary , { "and" , unary }
//      | unary , "or" , unary , { "or" , unary } ;              (* never mixed *)
pub(super) fn cond(input: Input<'_>) -> Read<'_, Box<Condition>> {
    let input = behind_noise(input);
    let (behind, first) = unary(input)?;
    if joint(behind).is_err() {
        return Ok((behind, first));
    }
    joined(input, behind, first)
}

/// The further operands of a condition.
fn joined<'a>(
    input: Input<'a>,
    mut behind: Input<'a>,
    first: Box<Condition>,
) -> Read<'a, Box<Condition>> {
    let mut operands = vec![*first];
    let mut joined = Joined { spans: vec![input.span_to(behind)], joints: Vec::new() };
    while let Ok((operand, (and, at))) = joint(behind) {
        let (end, condition) = sure(unary(operand))?;
        operands.push(*condition);
        joined.spans.push(behind_noise(operand).span_to(end));
        joined.joints.push((and, at));
        behind = end;
    }
    if let Some(mixed) = joined.mixed(input) {
        input.complain(mixed);
    }
    let and = joined.joints.first().is_some_and(|(and, _)| *and);
    let join = if and { Condition::And } else { Condition::Or };
    Ok((behind, Box::new(join(operands, input.span_to(behind)))))
}

/// What joins operands: `true` is `and`.
fn joint(input: Input<'_>) -> Read<'_, (bool, Span)> {
    alt((keyword("and").map(|at| (true, at)), keyword("or").map(|at| (false, at)))).parse(input)
}

/// Operands as they stand in the text, and what joins them: `true` is `and`.
struct Joined {
    spans: Vec<Span>,
    joints: Vec<(bool, Span)>,
}

impl Joined {
    /// The complaint if `and` and `or` are mixed, with both readings.
    fn mixed(&self, input: Input<'_>) -> Option<Diagnostic> {
        let (first, at_first) = *self.joints.first()?;
        let (_, at_other) = *self.joints.iter().find(|(joint, _)| *joint != first)?;
        let message = "`and` and `or` are mixed without parentheses";
        let diagnostic = Diagnostic::error(Code::Mixed, at_other, message).also(at_first, "");
        let readings = [self.reading(input, true), self.reading(input, false)];
        if readings.iter().any(|reading| reading.len() > 300) {
            return Some(diagnostic.help("put parentheses around what belongs together"));
        }
        let [outer_and, outer_or] = readings;
        Some(
            diagnostic.help(format!("write `{outer_and}`")).help(format!("or: write `{outer_or}`")),
        )
    }

    /// The text with `outer` between groups, and parentheses around the groups of the other.
    fn reading(&self, input: Input<'_>, outer: bool) -> String {
        let words = |joint: bool| if joint { " and " } else { " or " };
        let mut groups: Vec<Vec<String>> = vec![Vec::new()];
        for (place, span) in self.spans.iter().enumerate() {
            if place > 0 && self.joints[place - 1].0 == outer {
                groups.push(Vec::new());
            }
            let text = input.text(*span).split_whitespace().collect::<Vec<_>>().join(" ");
            groups.last_mut().expect("one was there from the start").push(text);
        }
        let grouped = groups.into_iter().map(|group| match group.len() {
            1 => group.concat(),
            _ => format!("({})", group.join(words(!outer))),
        });
        grouped.collect::<Vec<_>>().join(words(outer))
    }
}

// unary = { noise } , ( "not" , unary | primary ) ;
pub(super) fn unary(input: Input<'_>) -> Read<'_, Box<Condition>> {
    let input = behind_noise(input);
    if let Ok((behind, _)) = keyword("not").parse(input) {
        let (behind, negated) = sure(unary(behind.deeper()?))?;
        return Ok(not(input, behind.level_of(input), negated));
    }
    described("a condition", primary).parse(input)
}

fn not<'a>(
    input: Input<'a>,
    behind: Input<'a>,
    negated: Box<Condition>,
) -> (Input<'a>, Box<Condition>) {
    (behind, Box::new(Condition::Not(negated, input.span_to(behind))))
}

// noise = "who" | "whose" | "have" | "are" ;
fn noise(input: Input<'_>) -> Option<Input<'_>> {
    input.is_any(0, &["who", "whose", "have", "are"]).then(|| input.skip(1))
}

fn behind_noise(mut input: Input<'_>) -> Input<'_> {
    while let Some(behind) = noise(input) {
        input = behind;
    }
    input
}

// primary = predicate | quantified | "(" , cond , ")" ;
fn primary(input: Input<'_>) -> Read<'_, Box<Condition>> {
    if is_group(input) {
        return group(cond, nothing).parse(input);
    }
    first_of(input, [quantified, predicate])
}

/// Whether a parenthesis holds a condition: one that holds a value is followed
/// by an operator or a test. This is decided by its partner, not by trying.
fn is_group(input: Input<'_>) -> bool {
    if !input.is_sign(0, "(") {
        return false;
    }
    let Some(partner) = input.source.partners[input.at()] else { return true };
    let behind = input.moved_to(partner + 1);
    let tests = [
        "is",
        "between",
        "one",
        "not",
        "has",
        "contains",
        "starts",
        "ends",
        "matches",
        "within",
        "before",
        "after",
        "since",
        "until",
        "from",
        "on",
        "today",
        "yesterday",
        "tomorrow",
        "this",
        "last",
        "next",
        "like",
    ];
    match behind.first() {
        Some(TokenKind::Sign(sign)) => !TEST_SIGNS.contains(sign),
        Some(TokenKind::Word(_)) => {
            let of_report = behind.is_any(1, &["timezone", "their"]);
            !behind.is_any(0, &tests) && (!behind.is_word(0, "in") || of_report)
        }
        _ => true,
    }
}

/// What may follow a value in parentheses.
const TEST_SIGNS: [&str; 10] = ["+", "-", "*", "/", "=", "!=", "<", "<=", ">", ">="];

// quantified = ( "all" | "any" | "none" ) , "of" , "(" , cond , { "," , cond } , ")" ;
fn quantified(input: Input<'_>) -> Read<'_, Box<Condition>> {
    let (behind, quantifier) = alt((
        words(&["all", "of"]).map(|_| Quantifier::All),
        words(&["any", "of"]).map(|_| Quantifier::Any),
        words(&["none", "of"]).map(|_| Quantifier::None),
    ))
    .parse(input)?;
    let (behind, conditions) = sure(group(list(cond), |_| Vec::new()).parse(behind))?;
    let conditions = conditions.into_iter().map(|condition| *condition).collect();
    Ok((behind, Box::new(Condition::Quantified(quantifier, conditions, input.span_to(behind)))))
}

// predicate = did | member | consent | value , test ;
fn predicate(input: Input<'_>) -> Read<'_, Box<Condition>> {
    let (behind, predicate) = first_of(input, [did, member, consent, is])?;
    Ok((behind, holding(predicate, input.span_to(behind))))
}

fn holding(predicate: Box<Predicate>, span: Span) -> Box<Condition> {
    Box::new(Condition::Predicate(*predicate, span))
}

// member = "in" , "audience" , name | rank | quantile ;
fn member(input: Input<'_>) -> Read<'_, Box<Predicate>> {
    first_of(input, [rank, quantile, in_audience])
}

fn in_audience(input: Input<'_>) -> Read<'_, Box<Predicate>> {
    let audience = preceded(words(&["in", "audience"]), cut(name));
    let (behind, audience) = alt((not_built_member, audience)).parse(input)?;
    if behind.is_sign(0, "(") {
        return input.fails(super::absent::not_built("audiences with parameters", behind.span()));
    }
    Ok((behind, Box::new(Predicate::Member(Member::Audience(audience)))))
}

fn not_built_member<'a, T>(input: Input<'a>) -> Read<'a, T> {
    alt((
        absent(&["in", "sample"], "samples"),
        absent(&["in", "holdout"], "holdouts"),
        absent(&["in", "variant"], "variants of experiments"),
        absent(&["in", "list"], "lists"),
        absent(&["meets"], "named conditions (`meets`)"),
    ))
    .parse(input)
}

// consent = [ "no" ] , "consent" , "for" , string ;
fn consent(input: Input<'_>) -> Read<'_, Box<Predicate>> {
    let (input, no) = opt(keyword("no")).parse(input)?;
    let (input, _) = words(&["consent", "for"]).parse(input)?;
    let (input, purpose) = cut(string).parse(input)?;
    Ok((input, Box::new(Predicate::Consent { negated: no.is_some(), purpose })))
}

/// A condition that stands in for one that could not be read.
pub(super) fn nothing(span: Span) -> Box<Condition> {
    let missing = Value { kind: ValueKind::Literal(Literal::Missing), span };
    Box::new(Condition::Predicate(Predicate::Is(missing, Test::Known(true)), span))
}
