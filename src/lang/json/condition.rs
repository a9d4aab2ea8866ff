//! Conditions.

use super::place::{Json, JsonError, Spot};
use super::table::choice;
use super::text;
use crate::lang::tree::{
    Amount, Condition, Event, Matcher, Member, People, Predicate, Test, Times,
};
use crate::lang::{Span, print_condition};
use serde_json::{Value, json};

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
                let forms = [quantifier.json(inner), all.json(inner)];
                let [quantifier, all] = forms;
                quantifier.zip(all).map(|(it, all)| json!({ "quantified": [it, all] }))
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
        Ok(match key {
            "and" | "or" => {
                let all: Vec<Condition> = Json::read(inner, &here)?;
                if all.len() < 2 {
                    return Err(here.wrong("at least two are joined"));
                }
                if key == "and" { Condition::And(all, span) } else { Condition::Or(all, span) }
            }
            "not" => Condition::Not(Json::read(inner, &here)?, span),
            "quantified" => {
                let (quantifier, all) = Json::read(inner, &here)?;
                Condition::Quantified(quantifier, all, span)
            }
            _ => Condition::Predicate(Predicate::read(form, at)?, span),
        })
    }
}

choice!(Predicate {
    "did" Did { negated, never, occurrence },
    "member" Member(it),
    "consent" Consent { negated, purpose },
    "is" Is(value, test),
});

choice!(Member {
    "audience" Audience(name, arguments),
    "meets" Meets(name, arguments),
    "list" List(name),
    "sample" Sample { share, seed },
    "holdout" Holdout(name),
    "variant" Variant { variant, experiment },
    "rank" Rank(it),
});

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
