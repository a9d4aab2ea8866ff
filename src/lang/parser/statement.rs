//! Statements: what defines, changes or asks something.

use super::Read;
use super::change::{change, definition_kind};
use super::condition::people;
use super::declare::{declare, type_};
use super::definition::{condition, experiment, lets, list_def, optional_params};
use super::input::Input;
use super::literal::{length, percent, signed_literal};
use super::name::{ident, name, path, profile_ref, string};
use super::operator::{described, int, keyword, list, sign, words};
use super::report::{as_of, report, zone};
use super::trouble::Trouble;
use super::value::value;
use crate::lang::Spanned;
use crate::lang::tree::{
    AudienceOption, Explained, Kind, ModelSource, Shown, Statement, StatementKind,
};
use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, opt};
use nom::multi::many0;
use nom::sequence::preceded;

// statement = create | declare | link | unlink | forget | drop | change | setting | show
//           | describe | report | explain | why | verify ;
pub(super) fn statement(input: Input<'_>) -> Read<'_, Statement> {
    let (behind, kind) = described(
        "a statement",
        alt((
            create,
            declare.map(StatementKind::Declare),
            alt((link, unlink, forget, drop_, change)),
            alt((setting, show, describe, verify)),
            report.map(StatementKind::Report),
            explain,
            why,
            watch,
        )),
    )
    .parse(input)?;
    Ok((behind, Statement { kind, span: input.span_to(behind), comments: Vec::new() }))
}

// create = "create" , [ "or" , "replace" ] ,
//          ( audience | trait | condition | list-def | model | experiment ) ;
fn create(input: Input<'_>) -> Read<'_, StatementKind> {
    let (input, _) = keyword("create").parse(input)?;
    let (input, replace) = opt(words(&["or", "replace"])).parse(input)?;
    let replace = replace.is_some();
    cut(alt((
        |input| audience(input, replace),
        |input| trait_(input, replace),
        |input| model(input, replace),
        |input| condition(input, replace),
        |input| list_def(input, replace),
        |input| experiment(input, replace),
    )))
    .parse(input)
}

// audience = "audience" , name , optional-params , options , "is" , lets , people ;
fn audience(input: Input<'_>, replace: bool) -> Read<'_, StatementKind> {
    let (input, name) = preceded(keyword("audience"), cut(name)).parse(input)?;
    let (input, (params, options)) = cut((optional_params, options)).parse(input)?;
    let (input, (_, lets, people)) = cut((keyword("is"), lets, people)).parse(input)?;
    Ok((input, StatementKind::CreateAudience { replace, name, params, options, lets, people }))
}

// trait = "trait" , ident , optional-params , [ ":" , type ] , options , "is" , lets , value ;
//                                                   (* no "-" begins a value behind a let *)
fn trait_(input: Input<'_>, replace: bool) -> Read<'_, StatementKind> {
    let (input, name) = preceded(keyword("trait"), cut(ident)).parse(input)?;
    let (input, params) = cut(optional_params).parse(input)?;
    let (input, declared) = opt(preceded(sign(":"), cut(type_))).parse(input)?;
    let (input, options) = cut(options).parse(input)?;
    let (input, (_, lets, value)) = cut((keyword("is"), lets, value)).parse(input)?;
    let value = *value;
    Ok((
        input,
        StatementKind::CreateTrait { replace, name, params, declared, options, lets, value },
    ))
}

// model = "model" , name , "version" , int , ( "from" | "is" ) , string ;
fn model(input: Input<'_>, replace: bool) -> Read<'_, StatementKind> {
    let (input, name) = preceded(keyword("model"), cut(name)).parse(input)?;
    let (number, _) = cut(keyword("version")).parse(input)?;
    let (input, version) = cut(int).parse(number)?;
    let version = Spanned::new(version, number.span_to(input));
    let file = preceded(keyword("from"), cut(string)).map(ModelSource::File);
    let text = preceded(keyword("is"), cut(string)).map(ModelSource::Text);
    let (input, source) = cut(alt((file, text))).parse(input)?;
    Ok((input, StatementKind::CreateModel { replace, name, version, source }))
}

// options = { option } ;
fn options(input: Input<'_>) -> Read<'_, Vec<AudienceOption>> {
    many0(option).parse(input)
}

// option = zone | "requiring" , "consent" , "for" , string
//        | "holding" , "out" , percent , "as" , string ;
fn option(input: Input<'_>) -> Read<'_, AudienceOption> {
    let consent = cut(preceded(words(&["consent", "for"]), string));
    alt((
        zone.map(AudienceOption::Zone),
        preceded(keyword("requiring"), consent).map(AudienceOption::Requiring),
        preceded(words(&["holding", "out"]), cut((percent, keyword("as"), string)))
            .map(|(share, _, name)| AudienceOption::HoldingOut { share, name }),
    ))
    .parse(input)
}

// link = "link" , profile-ref , "with" , profile-ref ;
fn link(input: Input<'_>) -> Read<'_, StatementKind> {
    let both = cut((profile_ref, keyword("with"), profile_ref));
    preceded(keyword("link"), both).map(|(a, _, b)| StatementKind::Link(a, b)).parse(input)
}

// unlink = "unlink" , profile-ref , "from" , profile-ref ;
fn unlink(input: Input<'_>) -> Read<'_, StatementKind> {
    let both = cut((profile_ref, keyword("from"), profile_ref));
    preceded(keyword("unlink"), both).map(|(a, _, b)| StatementKind::Unlink(a, b)).parse(input)
}

// forget = "forget" , ( forgotten-profile | forgotten-event ) ;
fn forget(input: Input<'_>) -> Read<'_, StatementKind> {
    preceded(keyword("forget"), cut(alt((forgotten_profile, forgotten_event)))).parse(input)
}

// forgotten-profile = "profile" , profile-ref , [ "and" , "suppress" ] ;
fn forgotten_profile(input: Input<'_>) -> Read<'_, StatementKind> {
    let (input, profile) = preceded(keyword("profile"), cut(profile_ref)).parse(input)?;
    let (input, suppress) = opt(words(&["and", "suppress"])).parse(input)?;
    Ok((input, StatementKind::Forget { profile, suppress: suppress.is_some() }))
}

// forgotten-event = "event" , string ;
fn forgotten_event(input: Input<'_>) -> Read<'_, StatementKind> {
    preceded(keyword("event"), cut(string)).map(StatementKind::ForgetEvent).parse(input)
}

// drop = "drop" , definition-kind , name ;
fn drop_(input: Input<'_>) -> Read<'_, StatementKind> {
    preceded(keyword("drop"), cut((definition_kind, name)))
        .map(|(kind, name)| StatementKind::Drop(kind, name))
        .parse(input)
}

// setting = "set" , ident , "=" , signed-literal ;
fn setting(input: Input<'_>) -> Read<'_, StatementKind> {
    preceded(keyword("set"), cut((ident, sign("="), signed_literal)))
        .map(|(name, _, literal)| StatementKind::Set(name, literal))
        .parse(input)
}

// show = "show" , shown , [ "like" , string ] ;
fn show(input: Input<'_>) -> Read<'_, StatementKind> {
    let (input, shown) = preceded(keyword("show"), cut(shown)).parse(input)?;
    let (input, like) = opt(preceded(keyword("like"), cut(string))).parse(input)?;
    Ok((input, StatementKind::Show { shown, like }))
}

// shown = "audiences" | "traits" | "events" | "attributes" | "identifiers" | "conditions"
//       | "lists" | "experiments" | "models" ;
fn shown(input: Input<'_>) -> Read<'_, Shown> {
    alt((
        keyword("audiences").map(|_| Shown::Audiences),
        keyword("traits").map(|_| Shown::Traits),
        keyword("events").map(|_| Shown::Events),
        keyword("attributes").map(|_| Shown::Attributes),
        keyword("identifiers").map(|_| Shown::Identifiers),
        keyword("models").map(|_| Shown::Models),
        keyword("conditions").map(|_| Shown::Conditions),
        keyword("lists").map(|_| Shown::Lists),
        keyword("experiments").map(|_| Shown::Experiments),
    ))
    .parse(input)
}

// describe = "describe" , ( kind , name | profile ) ;
fn describe(input: Input<'_>) -> Read<'_, StatementKind> {
    let kinds = kind(&[Kind::Event, Kind::Attribute, Kind::Identifier]);
    let named = (alt((kinds, definition_kind)), cut(name))
        .map(|(kind, name)| StatementKind::Describe(kind, name));
    preceded(keyword("describe"), cut(alt((profile, named)))).parse(input)
}

// profile = "profile" , profile-ref , [ as-of ] ;
fn profile(input: Input<'_>) -> Read<'_, StatementKind> {
    let (input, profile) = preceded(keyword("profile"), cut(profile_ref)).parse(input)?;
    let (input, as_of) = opt(as_of).parse(input)?;
    Ok((input, StatementKind::DescribeProfile { profile, as_of }))
}

// kind = definition-kind | "event" | "attribute" | "identifier" ;
pub(super) fn kind<'a>(
    kinds: &'static [Kind],
) -> impl Parser<Input<'a>, Output = Kind, Error = Trouble> {
    move |input: Input<'a>| {
        let mut failed = Err(nom::Err::Error(Trouble::Unexpected));
        for kind in kinds {
            match keyword(kind.word()).parse(input) {
                Ok((input, _)) => return Ok((input, *kind)),
                Err(error) => failed = Err(error),
            }
        }
        failed
    }
}

// verify = "verify" , "audience" , name ;
fn verify(input: Input<'_>) -> Read<'_, StatementKind> {
    preceded(keyword("verify"), cut(preceded(keyword("audience"), name)))
        .map(StatementKind::Verify)
        .parse(input)
}

// explain = "explain" , [ "cost" | "sql" , "for" , ident ] , ( "audience" , name | explained ) ;
fn explain(input: Input<'_>) -> Read<'_, StatementKind> {
    let (input, _) = keyword("explain").parse(input)?;
    let (input, dialect) =
        opt(preceded(keyword("sql"), cut(preceded(keyword("for"), ident)))).parse(input)?;
    if let Some(dialect) = dialect {
        let (input, what) = cut(what_is_explained).parse(input)?;
        return Ok((input, StatementKind::ExplainSql { dialect, what }));
    }
    let (input, cost) = opt(keyword("cost")).parse(input)?;
    let (input, what) = cut(what_is_explained).parse(input)?;
    Ok((input, StatementKind::Explain { cost: cost.is_some(), what }))
}

fn what_is_explained(input: Input<'_>) -> Read<'_, Explained> {
    let audience = preceded(keyword("audience"), cut(name)).map(Explained::Audience);
    alt((audience, explained)).parse(input)
}

// explained = create | declare | report ;
fn explained(input: Input<'_>) -> Read<'_, Explained> {
    let report = report.map(StatementKind::Report);
    let (behind, kind) = alt((create, declare.map(StatementKind::Declare), report)).parse(input)?;
    let statement = Statement { kind, span: input.span_to(behind), comments: Vec::new() };
    Ok((behind, Explained::Statement(Box::new(statement))))
}

// why = "why" , "is" , "profile" , profile-ref , [ "not" ] , "in" , "audience" , name , [ as-of ] ;
fn why(input: Input<'_>) -> Read<'_, StatementKind> {
    let who = preceded(words(&["is", "profile"]), profile_ref);
    let (input, profile) = preceded(keyword("why"), cut(who)).parse(input)?;
    let (input, not) = opt(keyword("not")).parse(input)?;
    let (input, audience) = cut(preceded(words(&["in", "audience"]), name)).parse(input)?;
    let (input, as_of) = opt(as_of).parse(input)?;
    Ok((input, StatementKind::Why { profile, negated: not.is_some(), audience, as_of }))
}

// watch = "watch" , "audience" , name , [ "from" , int ] , [ "with" , path , { "," , path } ] ,
//         [ "settled" , "for" , span ] ;
fn watch(input: Input<'_>) -> Read<'_, StatementKind> {
    let audience = preceded(keyword("audience"), name);
    let (input, audience) = preceded(keyword("watch"), cut(audience)).parse(input)?;
    let (input, from) = opt(preceded(keyword("from"), cut(int))).parse(input)?;
    let (input, columns) = opt(preceded(keyword("with"), cut(list(path)))).parse(input)?;
    let settled = preceded(words(&["settled", "for"]), cut(length));
    let (input, settled) = opt(settled).parse(input)?;
    let columns = columns.unwrap_or_default();
    Ok((input, StatementKind::Watch { audience, from, columns, settled }))
}
