//! Statements: definitions over several lines, all others on one.

use super::condition::{conjuncts, people};
use super::name::{ident, key, name, path, text};
use super::report::{as_of, report, timezone};
use super::value::{literal, percent, value};
use super::window::length;
use crate::lang::Spanned;
use crate::lang::parser::TYPES;
use crate::lang::tree::{
    AudienceOption, Blocking, Currency, Declare, Explained, IdentifierKind, Let, ModelSource,
    Parameter, People, Shown, Statement, StatementKind, TypeName, Value, Variant,
};
use crate::model::{Party, Text};

pub(super) fn statement(statement: &Statement) -> String {
    let comment = |line: &String| format!("-- {line}").trim_end().to_owned() + "\n";
    let comments: String = statement.comments.iter().map(comment).collect();
    comments + &kind(&statement.kind)
}

fn kind(kind: &StatementKind) -> String {
    match kind {
        StatementKind::CreateAudience { replace, name: it, params, options, lets, people: who } => {
            let head = format!("{} audience {}{}", create(*replace), name(&it.node), given(params));
            audience(&head, options, lets, who)
        }
        StatementKind::CreateTrait { replace, name, params, declared, options, lets, value } => {
            let declared = declared.as_ref().map(typed).unwrap_or_default();
            let options: String = options.iter().map(|it| format!(" {}", option(it))).collect();
            let (create, name, params) = (create(*replace), ident(&name.node), given(params));
            let body = trait_body(lets, value);
            format!("{create} trait {name}{params}{declared}{options} is{body}")
        }
        StatementKind::CreateCondition { replace, name, params, condition } => {
            let (create, name, params) = (create(*replace), ident(&name.node), given(params));
            format!("{create} condition {name}{params} is\n  {}", conjuncts(condition, "\n  "))
        }
        StatementKind::CreateList { replace, name: list, of } => {
            let of = type_name(TypeName::ListOf(of.node));
            format!("{} list {} of {}", create(*replace), name(&list.node), &of["list of ".len()..])
        }
        StatementKind::CreateExperiment { replace, name: experiment, variants } => {
            let variant =
                |it: &Variant| format!("{} {}", text(&it.name.node), percent(it.share.node));
            let variants: Vec<String> = variants.iter().map(variant).collect();
            let (create, experiment) = (create(*replace), text(&experiment.node));
            format!("{create} experiment {experiment} is ({})", variants.join(", "))
        }
        StatementKind::ChangeList { adds, elements, list } => {
            let (verb, way) = if *adds { ("add", "to") } else { ("remove", "from") };
            format!("{verb} {} {way} list {}", texts(elements), name(&list.node))
        }
        StatementKind::Freeze { audience, list } => {
            format!("freeze audience {} as list {}", name(&audience.node), name(&list.node))
        }
        StatementKind::Rename(kind, from, to) => {
            format!("rename {} {} to {}", kind.word(), name(&from.node), name(&to.node))
        }
        StatementKind::Pause { resumes, audience } => {
            let verb = if *resumes { "resume" } else { "pause" };
            format!("{verb} audience {}", name(&audience.node))
        }
        StatementKind::CreateModel { replace, name: it, version, source } => {
            let source = match source {
                ModelSource::File(path) => format!("from {}", text(&path.node)),
                ModelSource::Text(it) => format!("is {}", text(&it.node)),
            };
            let (create, name) = (create(*replace), name(&it.node));
            format!("{create} model {name} version {} {source}", version.node)
        }
        StatementKind::Drop(kind, it) => format!("drop {} {}", kind.word(), name(&it.node)),
        StatementKind::Declare(it) => format!("declare {}", declare(it)),
        StatementKind::Link(a, b) => format!("link {} with {}", text(&a.node), text(&b.node)),
        StatementKind::Unlink(a, b) => format!("unlink {} from {}", text(&a.node), text(&b.node)),
        StatementKind::Forget { profile, suppress } => {
            let suppress = if *suppress { " and suppress" } else { "" };
            format!("forget profile {}{suppress}", text(&profile.node))
        }
        StatementKind::ForgetEvent(id) => format!("forget event {}", text(&id.node)),
        StatementKind::Set(key, it) => format!("set {} = {}", ident(&key.node), literal(&it.node)),
        StatementKind::Show { shown, like } => {
            let like = like.as_ref().map(|like| format!(" like {}", text(&like.node)));
            format!("show {}{}", self::shown(*shown), like.unwrap_or_default())
        }
        StatementKind::Describe(kind, it) => format!("describe {} {}", kind.word(), name(&it.node)),
        StatementKind::DescribeProfile { profile, as_of: when } => {
            let when = when.as_ref().map(as_of).unwrap_or_default();
            format!("describe profile {}{when}", text(&profile.node))
        }
        StatementKind::Verify(audience) => format!("verify audience {}", name(&audience.node)),
        StatementKind::Watch { audience, from, columns, settled } => {
            let from = from.map(|from| format!(" from {from}")).unwrap_or_default();
            let columns: Vec<String> = columns.iter().map(path).collect();
            let with = if columns.is_empty() { "" } else { " with " };
            let settled = settled.as_ref().map(|it| format!(" settled for {}", length(it)));
            let (audience, columns) = (name(&audience.node), columns.join(", "));
            let settled = settled.unwrap_or_default();
            format!("watch audience {audience}{from}{with}{columns}{settled}")
        }
        StatementKind::Why { profile, negated, audience, as_of: when } => {
            let not = if *negated { " not" } else { "" };
            let when = when.as_ref().map(as_of).unwrap_or_default();
            let (profile, audience) = (text(&profile.node), name(&audience.node));
            format!("why is profile {profile}{not} in audience {audience}{when}")
        }
        StatementKind::Explain { cost, what } => {
            format!("explain {}{}", if *cost { "cost " } else { "" }, explained(what))
        }
        StatementKind::ExplainSql { dialect, what } => {
            format!("explain sql for {} {}", ident(&dialect.node), explained(what))
        }
        StatementKind::Report(it) => report(it),
    }
}

fn create(replace: bool) -> &'static str {
    if replace { "create or replace" } else { "create" }
}

/// One option, one name and one conjunct a line.
fn audience(head: &str, options: &[AudienceOption], lets: &[Let], who: &People) -> String {
    let people = people(who, "\n  ");
    let lets: String = lets.iter().map(|it| format!("\n  {}", named(it))).collect();
    if options.is_empty() {
        return format!("{head} is{lets}\n  {people}");
    }
    let options: String = options.iter().map(|it| format!("\n  {}", option(it))).collect();
    format!("{head}{options}\nis{lets}\n  {people}")
}

/// A name reaches as far as it can, so what follows the last one is told apart
/// from it by parentheses where it must be.
fn trait_body(lets: &[Let], it: &Value) -> String {
    let body = value(it);
    let Some((last, before)) = lets.split_last() else { return format!(" {body}") };
    let before: String = before.iter().map(|it| format!("\n  {}", named(it))).collect();
    let (name, last) = (ident(&last.name.node), value(&last.value));
    let is_open = body.starts_with(['-', '(']) || last.ends_with(|end: char| end.is_ascii_digit());
    let last = if is_open { format!("({last})") } else { last };
    let body = if body.starts_with('-') { format!("({body})") } else { body };
    format!("{before}\n  let {name} = {last}\n  {body}")
}

fn named(it: &Let) -> String {
    format!("let {} = {}", ident(&it.name.node), value(&it.value))
}

/// `($days: duration = 30 days)`, if there are any.
fn given(params: &[Parameter]) -> String {
    let one = |it: &Parameter| {
        let default = it.default.as_ref().map(|it| format!(" = {}", literal(&it.node)));
        format!("${}{}{}", it.name.node, typed(&it.of), default.unwrap_or_default())
    };
    let params: Vec<String> = params.iter().map(one).collect();
    if params.is_empty() { String::new() } else { format!("({})", params.join(", ")) }
}

fn option(option: &AudienceOption) -> String {
    match option {
        AudienceOption::Zone(zone) => timezone(&zone.node),
        AudienceOption::Requiring(purpose) => {
            format!("requiring consent for {}", text(&purpose.node))
        }
        AudienceOption::HoldingOut { share, name } => {
            format!("holding out {} as {}", percent(share.node), text(&name.node))
        }
    }
}

fn currency(currency: Option<&Currency>) -> String {
    match currency {
        None => String::new(),
        Some(Currency::Code(code)) => format!(" currency {}", text(&code.node)),
        Some(Currency::At(at)) => format!(" currency {}", path(at)),
    }
}

fn declare(declare: &Declare) -> String {
    match declare {
        Declare::Event { name: event, property, currency } => {
            let property = property.as_ref().map(|(keys, declared)| {
                let keys: String = keys.iter().map(|it| format!(".{}", key(&it.node))).collect();
                keys + &typed(declared) + &self::currency(currency.as_ref())
            });
            format!("event {}{}", name(&event.node), property.unwrap_or_default())
        }
        Declare::Attribute { name, declared, currency } => {
            let currency = self::currency(currency.as_ref());
            format!("attribute {}{}{currency}", ident(&name.node), typed(declared))
        }
        Declare::Source { name: source, party } => {
            let party = match party {
                Party::First => "first",
                Party::Third => "third",
            };
            format!("source {} {party} party", name(&source.node))
        }
        Declare::Identifier { name, kind, priority, limit, from, blocking } => {
            let mut printed = format!("identifier {}{}", ident(&name.node), identifier_kind(*kind));
            if let Some(priority) = priority {
                printed += &format!(" priority {}", priority.node);
            }
            match limit {
                Some(Some(limit)) => printed += &format!(" limit {limit}"),
                Some(None) => printed += " limit none",
                None => {}
            }
            if !from.is_empty() {
                printed += &format!(" from {}", texts(from));
            }
            match blocking {
                Blocking::Values(values) if values.is_empty() => {}
                Blocking::Values(values) => printed += &format!(" blocking ({})", texts(values)),
                Blocking::Pattern(pattern) => printed += &format!(" blocking {}", pattern.node),
            }
            printed
        }
    }
}

fn identifier_kind(kind: Option<IdentifierKind>) -> &'static str {
    match kind {
        Some(IdentifierKind::Personal) => ": personal",
        Some(IdentifierKind::Carrier) => ": carrier",
        None => "",
    }
}

fn texts(texts: &[Spanned<Text>]) -> String {
    texts.iter().map(|it| text(&it.node)).collect::<Vec<_>>().join(", ")
}

/// `: TYPE`.
fn typed(declared: &Spanned<TypeName>) -> String {
    format!(": {}", type_name(declared.node))
}

fn type_name(declared: TypeName) -> String {
    let named = TYPES.iter().find_map(|(name, base, element)| match declared {
        TypeName::ListOf(of) => (of == *element).then(|| format!("list of {name}")),
        plain => (plain == *base).then(|| (*name).to_owned()),
    });
    named.expect("the table names every type")
}

fn shown(shown: Shown) -> &'static str {
    match shown {
        Shown::Audiences => "audiences",
        Shown::Traits => "traits",
        Shown::Models => "models",
        Shown::Events => "events",
        Shown::Attributes => "attributes",
        Shown::Identifiers => "identifiers",
        Shown::Conditions => "conditions",
        Shown::Lists => "lists",
        Shown::Experiments => "experiments",
    }
}

fn explained(what: &Explained) -> String {
    match what {
        Explained::Audience(audience) => format!("audience {}", name(&audience.node)),
        Explained::Statement(inner) => kind(&inner.kind),
    }
}
