//! Statements.

use super::place::{Json, JsonError, Spot};
use super::table::{choice, field, fields, object, record, tagged};
use super::text;
use crate::lang::Span;
use crate::lang::parser::TYPES;
use crate::lang::tree::{
    AudienceOption, Blocking, Currency, Declare, ElementType, Explained, Let, ModelSource,
    Parameter, Statement, StatementKind, TimeZone, TypeName, Variant,
};
use crate::model::Text;
use serde_json::{Map, Value};

/// What it says, with the comments above it beside.
impl Json for Statement {
    fn json(&self, depth: usize) -> Option<Value> {
        let mut form = self.kind.json(depth)?;
        if !self.comments.is_empty() {
            form.as_object_mut()?.insert("comments".to_owned(), self.comments.clone().into());
        }
        Some(form)
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Statement, JsonError> {
        at.check_depth()?;
        if let Some(written) = text::text_of(form) {
            return text::statement(written, at);
        }
        let Value::Object(map) = form else { return at.needs("an object", form) };
        let comments = match map.get("comments") {
            None => Vec::new(),
            Some(form) => lines(form, &at.key("comments"))?,
        };
        let others = map.iter().filter(|(key, _)| *key != "comments");
        let kind: Map<String, Value> = others.map(|(k, v)| (k.clone(), v.clone())).collect();
        let kind = StatementKind::read(&Value::Object(kind), at)?;
        Ok(Statement { kind, span: Span::default(), comments })
    }
}

/// Lines of a comment: each is one.
fn lines(form: &Value, at: &Spot<'_>) -> Result<Vec<String>, JsonError> {
    let Value::Array(items) = form else { return at.needs("a list of lines", form) };
    let line = |(place, item): (usize, &Value)| match item.as_str() {
        Some(line) if !line.contains('\n') => Ok(line.to_owned()),
        _ => at.index(place).needs("one line", item),
    };
    items.iter().enumerate().map(line).collect()
}

choice!(StatementKind {
    "create_audience" CreateAudience { replace, name, params, options, lets, people },
    "create_trait" CreateTrait { replace, name, params, declared, options, lets, value },
    "create_condition" CreateCondition { replace, name, params, condition },
    "create_list" CreateList { replace, name, of },
    "create_experiment" CreateExperiment { replace, name, variants },
    "change_list" ChangeList { adds, elements, list },
    "freeze" Freeze { audience, list },
    "rename" Rename(kind, from, to),
    "pause" Pause { resumes, audience },
    "forget_event" ForgetEvent(id),
    "create_model" CreateModel { replace, name, version, source },
    "drop" Drop(kind, name),
    "declare" Declare(it),
    "link" Link(a, b),
    "unlink" Unlink(a, b),
    "forget" Forget { profile, suppress },
    "set" Set(name, value),
    "show" Show { shown, like },
    "describe" Describe(kind, name),
    "describe_profile" DescribeProfile { profile, as_of },
    "verify" Verify(audience),
    "watch" Watch { audience, from, columns, settled },
    "why" Why { profile, negated, audience, as_of },
    "explain" Explain { cost, what },
    "explain_sql" ExplainSql { dialect, what },
    "report" Report(it),
});

choice!(ModelSource {
    "file" File(path),
    "text" Text(text),
});

choice!(Explained {
    "audience" Audience(name),
    "statement" Statement(it),
});

choice!(AudienceOption {
    "in_timezone" Zone(zone),
    "requiring_consent" Requiring(purpose),
    "holding_out" HoldingOut { share, name },
});

/// A zone that is named is its name; `{"of": "person"}` is that of each person.
impl Json for TimeZone {
    fn json(&self, depth: usize) -> Option<Value> {
        match self {
            TimeZone::Named(name) => name.json(depth),
            TimeZone::Theirs => Some(tagged("of", Value::from("person"))),
        }
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<TimeZone, JsonError> {
        if *form == tagged("of", Value::from("person")) {
            return Ok(TimeZone::Theirs);
        }
        Text::read(form, at).map(TimeZone::Named)
    }
}

record!(Parameter { name, of, default });
record!(Let { name, value });
record!(Variant { name, share });

/// The type of elements is the name of a type.
impl Json for ElementType {
    fn json(&self, depth: usize) -> Option<Value> {
        let named = TYPES.iter().find(|(.., element)| element == self);
        named.and_then(|(_, base, _)| base.json(depth))
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<ElementType, JsonError> {
        let base = TypeName::read(form, at)?;
        match TYPES.iter().find(|(_, known, _)| *known == base) {
            Some((.., element)) => Ok(*element),
            None => at.needs("the type of an element", form),
        }
    }
}

/// `limit none` is a limit that is told, so it cannot be left out.
impl Json for Declare {
    fn json(&self, depth: usize) -> Option<Value> {
        Some(match self {
            Declare::Event { name, property, currency } => tagged(
                "event",
                fields([
                    ("name", name.says(), name.json(depth)?),
                    ("property", property.says(), property.json(depth)?),
                    ("currency", currency.says(), currency.json(depth)?),
                ]),
            ),
            Declare::Attribute { name, declared, currency } => tagged(
                "attribute",
                fields([
                    ("name", name.says(), name.json(depth)?),
                    ("type", declared.says(), declared.json(depth)?),
                    ("currency", currency.says(), currency.json(depth)?),
                ]),
            ),
            Declare::Source { name, party } => tagged(
                "source",
                fields([
                    ("name", name.says(), name.json(depth)?),
                    ("party", party.says(), party.json(depth)?),
                ]),
            ),
            Declare::Identifier { name, kind, priority, limit, from, blocking } => {
                let limit = limit.map_or(Value::Null, |n| n.map_or("none".into(), Value::from));
                let all = [
                    ("name", name.says(), name.json(depth)?),
                    ("kind", kind.says(), kind.json(depth)?),
                    ("priority", priority.says(), priority.json(depth)?),
                    ("limit", !limit.is_null(), limit),
                    ("from", from.says(), from.json(depth)?),
                    ("blocking", blocking.says(), blocking.json(depth)?),
                ];
                tagged("identifier", fields(all))
            }
            #[allow(unreachable_patterns, reason = "what has no form yet")]
            _ => return None,
        })
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Declare, JsonError> {
        let (key, inner) = super::table::chosen(form, at)?;
        let here = at.key(key);
        let known: &[&str] = match key {
            "event" => &["name", "property", "currency"],
            "attribute" => &["name", "type", "currency"],
            "source" => &["name", "party"],
            "identifier" => &["name", "kind", "priority", "limit", "from", "blocking"],
            _ => return at.unknown(key, &["event", "attribute", "source", "identifier"]),
        };
        let map = object(inner, known, &here)?;
        let name = field(map, "name", &here)?;
        Ok(match key {
            "event" => Declare::Event {
                name,
                property: field(map, "property", &here)?,
                currency: currency_of(map, map.contains_key("property"), &here)?,
            },
            "attribute" => Declare::Attribute {
                name,
                declared: field(map, "type", &here)?,
                currency: currency_of(map, true, &here)?,
            },
            "source" => Declare::Source { name, party: field(map, "party", &here)? },
            _ => Declare::Identifier {
                name,
                kind: field(map, "kind", &here)?,
                priority: field(map, "priority", &here)?,
                limit: match map.get("limit") {
                    Some(none) if none == "none" => Some(None),
                    _ => field::<Option<u32>>(map, "limit", &here)?.map(Some),
                },
                from: field(map, "from", &here)?,
                blocking: field(map, "blocking", &here)?,
            },
        })
    }
}

/// Only amounts have a currency, so one without an amount is refused.
fn currency_of(
    map: &Map<String, Value>,
    has_amount: bool,
    at: &Spot<'_>,
) -> Result<Option<Currency>, JsonError> {
    let currency: Option<Currency> = field(map, "currency", at)?;
    match currency {
        Some(_) if !has_amount => Err(at.key("currency").wrong("no `property` has this currency")),
        currency => Ok(currency),
    }
}

/// A code is a text, the place of one a path.
impl Json for Currency {
    fn json(&self, depth: usize) -> Option<Value> {
        match self {
            Currency::Code(code) => code.json(depth),
            Currency::At(path) => path.json(depth),
        }
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Currency, JsonError> {
        match form {
            Value::String(_) => Json::read(form, at).map(Currency::Code),
            other => Json::read(other, at).map(Currency::At),
        }
    }
}

/// A list of texts, or a pattern.
impl Json for Blocking {
    fn json(&self, depth: usize) -> Option<Value> {
        match self {
            Blocking::Values(values) => values.json(depth),
            Blocking::Pattern(pattern) => pattern.json(depth),
        }
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Blocking, JsonError> {
        match form {
            Value::String(_) => Json::read(form, at).map(Blocking::Pattern),
            other => Json::read(other, at).map(Blocking::Values),
        }
    }

    fn says(&self) -> bool {
        *self != Blocking::default()
    }

    fn missing() -> Option<Blocking> {
        Some(Blocking::default())
    }
}
