//! Windows and places in time.

use super::place::{Json, JsonError, Spot};
use super::table::choice;
use super::text;
use crate::lang::tree::{Bound, Instant, Moment, Reach, Window, WindowKind, YearOf};
use crate::lang::{Span, print_window};
use serde_json::{Value, json};

impl Json for Window {
    fn json(&self, depth: usize) -> Option<Value> {
        let form = self.kind.json(depth);
        Some(form.unwrap_or_else(|| text::written(&print_window(self))))
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Window, JsonError> {
        if let Some(written) = text::text_of(form) {
            return text::window(written, at);
        }
        WindowKind::read(form, at).map(|kind| Window { kind, span: Span::default() })
    }
}

choice!(WindowKind {
    "in_last" Last(length),
    "in_next" Next(length),
    "ago" Ago { from, to, unit },
    "range" Range(from, to),
    "on" On(day),
    "since" Since(bound),
    "until" Until(bound),
    "before" Before(bound),
    "after" After(bound),
    "within" Within(length, side, bound),
    "period" Period(turn, period),
    "month" Month(month, year),
});

choice!(YearOf {
    "turn" Turn(turn),
    "number" Number(year),
    "any" Any(),
});

impl Json for Instant {
    fn json(&self, _: usize) -> Option<Value> {
        match self {
            Instant::Date(day, _) => Some(json!({ "date": day.to_string() })),
            Instant::Timestamp(at, _) => Some(json!({ "instant": at.to_string() })),
            #[allow(unreachable_patterns, reason = "what has no form yet")]
            _ => None,
        }
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Instant, JsonError> {
        let (key, inner) = super::table::chosen(form, at)?;
        let (here, span) = (at.key(key), Span::default());
        match key {
            "date" => Ok(Instant::Date(Json::read(inner, &here)?, span)),
            "instant" => Ok(Instant::Timestamp(Json::read(inner, &here)?, span)),
            _ => at.unknown(key, &["date", "instant"]),
        }
    }
}

/// A length, or the parameter that says it.
impl Json for Reach {
    fn json(&self, depth: usize) -> Option<Value> {
        match self {
            Reach::Length(length) => length.json(depth),
            Reach::Parameter(name) => Some(json!({ "parameter": name.json(depth)? })),
        }
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Reach, JsonError> {
        match form.get("parameter") {
            Some(name) => Json::read(name, &at.key("parameter")).map(Reach::Parameter),
            None => Json::read(form, at).map(Reach::Length),
        }
    }
}

/// An instant, or the parameter that says it.
impl Json for Moment {
    fn json(&self, depth: usize) -> Option<Value> {
        match self {
            Moment::Instant(instant) => instant.json(depth),
            Moment::Parameter(name) => Some(json!({ "parameter": name.json(depth)? })),
        }
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Moment, JsonError> {
        match form.get("parameter") {
            Some(name) => Json::read(name, &at.key("parameter")).map(Moment::Parameter),
            None => Json::read(form, at).map(Moment::Instant),
        }
    }
}

impl Json for Bound {
    fn json(&self, depth: usize) -> Option<Value> {
        match self {
            Bound::Instant(instant) => instant.json(depth),
            Bound::First(matcher, _) => Some(json!({ "first": matcher.json(depth)? })),
            Bound::Last(matcher, _) => Some(json!({ "last": matcher.json(depth)? })),
            Bound::Path(path) => path.json(depth),
            Bound::Parameter(name) => Some(json!({ "parameter": name.json(depth)? })),
            #[allow(unreachable_patterns, reason = "what has no form yet")]
            _ => None,
        }
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Bound, JsonError> {
        let (key, inner) = super::table::chosen(form, at)?;
        let (here, span) = (at.key(key), Span::default());
        match key {
            "first" => Ok(Bound::First(Json::read(inner, &here)?, span)),
            "last" => Ok(Bound::Last(Json::read(inner, &here)?, span)),
            "parameter" => Ok(Bound::Parameter(Json::read(inner, &here)?)),
            "path" | "event" | "profile" => Ok(Bound::Path(Json::read(form, at)?)),
            "date" | "instant" => Ok(Bound::Instant(Json::read(form, at)?)),
            _ => at.unknown(
                key,
                &["first", "last", "path", "event", "profile", "date", "instant", "parameter"],
            ),
        }
    }
}
