//! Conditions.

use super::place::{Json, JsonError, Spot};
use super::table::{choice, chosen, field, fields, object, tagged, tuple};
use super::text;
use crate::lang::tree::{
    self, Amount, Condition, Event, Matcher, Member, Name, People, Predicate, Quantifier, Test,
    Times,
};
use crate::lang::{Span, print_condition};
use serde_json::{Value, json};

/// The words before a list of conditions.
const QUANTIFIED: [(&str, Quantifier); 3] =
    [("all_of", Quantifier::All), ("any_of", Quantifier::Any), ("none_of", Quantifier::None)];

/// A condition without its predicates, which have forms of their own beside it.
impl Json for Condition {
    fn json(&self, depth: usize) -> Option<Value> {
        let inner = depth + 1;
        let form = match self {
            _ if depth > text::DEPTH_MAX => None,
            Condition::And(all, _) => all.json(inner).map(|all| json!({ "and": all })),
            Condition::Or(all, _) => all.json(inner).map(|all| json!({ "or": all })),
            Condition::Not(it, _) => it.json(inner).map(|it| json!({ "not": it })),
            Condition::Quantified(quantifier, all, _) => {
                let key = QUANTIFIED.iter().find(|(_, known)| known == quantifier);
                key.zip(all.json(inner)).map(|((key, _), all)| tagged(key, all))
            }
            Condition::Predicate(it, _) => it.json(inner),
            #[allow(unreachable_patterns, reason = "what has no form yet")]
            _ => None,
        };
        Some(form.unwrap_or_else(|| text::written(&print_condition(self))))
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Condition, JsonError> {
        if let Some(written) = text::text_of(form) {
            return text::condition(written, at);
        }
        let (key, inner) = super::table::chosen(form, at)?;
        let (here, span) = (at.key(key), Span::default());
        if let Some((_, quantifier)) = QUANTIFIED.iter().find(|(known, _)| *known == key) {
            return Ok(Condition::Quantified(*quantifier, Json::read(inner, &here)?, span));
        }
        Ok(match key {
            "and" | "or" => {
                let all: Vec<Condition> = Json::read(inner, &here)?;
                if all.len() < 2 {
                    return Err(here.wrong("at least two are joined"));
                }
                if key == "and" { Condition::And(all, span) } else { Condition::Or(all, span) }
            }
            "not" => Condition::Not(Json::read(inner, &here)?, span),
            _ => Condition::Predicate(Predicate::read(form, at)?, span),
        })
    }
}

/// Membership stands beside the others, each under the words that the text begins with.
impl Json for Predicate {
    fn json(&self, depth: usize) -> Option<Value> {
        match self {
            Predicate::Member(member) => member.json(depth),
            Predicate::Did { negated, never, occurrence } => Some(tagged(
                "did",
                fields([
                    ("negated", negated.says(), negated.json(depth)?),
                    ("never", never.says(), never.json(depth)?),
                    ("occurrence", occurrence.says(), occurrence.json(depth)?),
                ]),
            )),
            Predicate::Consent { negated, purpose } => Some(tagged(
                "consent",
                fields([
                    ("negated", negated.says(), negated.json(depth)?),
                    ("purpose", purpose.says(), purpose.json(depth)?),
                ]),
            )),
            Predicate::Is(value, test) => {
                Some(json!({ "is": [value.json(depth)?, test.json(depth)?] }))
            }
        }
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Predicate, JsonError> {
        let (key, inner) = chosen(form, at)?;
        let here = at.key(key);
        match key {
            "did" => {
                let map = object(inner, &["negated", "never", "occurrence"], &here)?;
                Ok(Predicate::Did {
                    negated: field(map, "negated", &here)?,
                    never: field(map, "never", &here)?,
                    occurrence: field(map, "occurrence", &here)?,
                })
            }
            "consent" => {
                let map = object(inner, &["negated", "purpose"], &here)?;
                let negated = field(map, "negated", &here)?;
                Ok(Predicate::Consent { negated, purpose: field(map, "purpose", &here)? })
            }
            "is" => {
                let items = tuple(inner, 2, &here)?;
                let value = Json::read(&items[0], &here.index(0))?;
                Ok(Predicate::Is(value, Json::read(&items[1], &here.index(1))?))
            }
            key if MEMBERS.contains(&key) => Member::read(form, at).map(Predicate::Member),
            key => {
                let known: Vec<&str> =
                    ["did", "is", "consent"].into_iter().chain(MEMBERS).collect();
                at.unknown(key, &known)
            }
        }
    }
}

/// The keys of membership.
const MEMBERS: [&str; 7] =
    ["in_audience", "meets", "in_list", "in_sample", "in_holdout", "in_variant", "rank"];

/// What is used by its name stands as its name, with arguments beside it if it has some.
impl Json for Member {
    fn json(&self, depth: usize) -> Option<Value> {
        Some(match self {
            Member::Audience(name, arguments) => {
                tagged("in_audience", named(name, arguments, depth)?)
            }
            Member::Meets(name, arguments) => tagged("meets", named(name, arguments, depth)?),
            Member::List(name) => tagged("in_list", name.json(depth)?),
            Member::Holdout(name) => tagged("in_holdout", name.json(depth)?),
            Member::Rank(rank) => tagged("rank", rank.json(depth)?),
            Member::Sample { share, seed } => tagged(
                "in_sample",
                fields([
                    ("share", share.says(), share.json(depth)?),
                    ("seed", seed.says(), seed.json(depth)?),
                ]),
            ),
            Member::Variant { variant, experiment } => tagged(
                "in_variant",
                fields([
                    ("variant", variant.says(), variant.json(depth)?),
                    ("experiment", experiment.says(), experiment.json(depth)?),
                ]),
            ),
        })
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Member, JsonError> {
        let (key, inner) = chosen(form, at)?;
        let here = at.key(key);
        Ok(match key {
            "in_audience" => {
                let (name, arguments) = name_of(inner, &here)?;
                Member::Audience(name, arguments)
            }
            "meets" => {
                let (name, arguments) = name_of(inner, &here)?;
                Member::Meets(name, arguments)
            }
            "in_list" => Member::List(Json::read(inner, &here)?),
            "in_holdout" => Member::Holdout(Json::read(inner, &here)?),
            "rank" => Member::Rank(Json::read(inner, &here)?),
            "in_sample" => {
                let map = object(inner, &["share", "seed"], &here)?;
                let share = field(map, "share", &here)?;
                Member::Sample { share, seed: field(map, "seed", &here)? }
            }
            "in_variant" => {
                let map = object(inner, &["variant", "experiment"], &here)?;
                let variant = field(map, "variant", &here)?;
                Member::Variant { variant, experiment: field(map, "experiment", &here)? }
            }
            key => return at.unknown(key, &MEMBERS),
        })
    }
}

fn named(name: &Name, arguments: &Vec<tree::Value>, depth: usize) -> Option<Value> {
    let name = name.json(depth)?;
    match arguments.is_empty() {
        true => Some(name),
        false => Some(json!({ "name": name, "arguments": arguments.json(depth)? })),
    }
}

fn name_of(form: &Value, at: &Spot<'_>) -> Result<(Name, Vec<tree::Value>), JsonError> {
    if form.is_string() {
        return Ok((Json::read(form, at)?, Vec::new()));
    }
    let map = object(form, &["name", "arguments"], at)?;
    Ok((field(map, "name", at)?, field(map, "arguments", at)?))
}

choice!(Amount {
    "at_least" AtLeast(n),
    "at_most" AtMost(n),
    "exactly" Exactly(n),
    "more_than" MoreThan(n),
    "fewer_than" FewerThan(n),
    "between" Between(from, to),
});

impl Json for Times {
    fn json(&self, depth: usize) -> Option<Value> {
        self.amount.json(depth)
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Times, JsonError> {
        Amount::read(form, at).map(|amount| Times { amount, span: Span::default() })
    }
}

choice!(Test {
    "compare" Compare(comparison, value),
    "known" Known(it),
    "between" Between(low, high),
    "one_of" OneOf { negated, values },
    "has" Has(value),
    "has_of" HasOf { all, values },
    "text" Text { place, part, ignoring_case },
    "during" During(window),
    "in_list" InList(name),
    "matches" Matches(pattern),
    "in_cidr" InCidr(network),
    "near" Near { km, lat, lon },
});

/// A plain event is its name.
impl Json for Event {
    fn json(&self, depth: usize) -> Option<Value> {
        let name = self.name.json(depth)?;
        match &self.filter {
            None => Some(name),
            Some(filter) => Some(json!({ "name": name, "where": filter.json(depth)? })),
        }
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Event, JsonError> {
        if form.is_string() {
            return Ok(Event { name: Json::read(form, at)?, filter: None });
        }
        let map = super::table::object(form, &["name", "where"], at)?;
        let name = super::table::field(map, "name", at)?;
        Ok(Event { name, filter: super::table::field(map, "where", at)? })
    }
}

impl Json for Matcher {
    fn json(&self, depth: usize) -> Option<Value> {
        match self {
            Matcher::Event(event) => event.json(depth),
            Matcher::AnyEvent(filter, _) => Some(json!({ "any_event": filter.json(depth)? })),
            Matcher::AnyOf(events, _) => Some(json!({ "any_of": events.json(depth)? })),
            #[allow(unreachable_patterns, reason = "what has no form yet")]
            _ => None,
        }
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Matcher, JsonError> {
        if form.get("any_event").is_none() && form.get("any_of").is_none() {
            return Event::read(form, at).map(Matcher::Event);
        }
        let (key, inner) = super::table::chosen(form, at)?;
        let (here, span) = (at.key(key), Span::default());
        match key {
            "any_event" => Ok(Matcher::AnyEvent(Json::read(inner, &here)?, span)),
            _ => Ok(Matcher::AnyOf(Json::read(inner, &here)?, span)),
        }
    }
}

/// `everyone`, or a condition.
impl Json for People {
    fn json(&self, depth: usize) -> Option<Value> {
        self.condition.as_ref().map_or(Some("everyone".into()), |condition| condition.json(depth))
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<People, JsonError> {
        let condition = match form.as_str() {
            Some("everyone") => None,
            _ => Some(Condition::read(form, at)?),
        };
        Ok(People { condition, span: Span::default() })
    }
}
