//! Forms of what has nothing inside of it.

use super::place::{Json, JsonError, Spot};
use crate::lang::parser::{MONTHS, TYPES, UNITS};
use crate::lang::tree::{
    Comparison, Direction, ElementType, Function, IdentifierKind, Kind, Length, Literal, Operator,
    Place as TextPlace, Shown, Side, TypeName,
};
use crate::lang::{Span, Spanned};
use crate::model::{Date, Decimal, Party, Pattern, Period, Text, Timestamp, Turn, Unit, nfc};
use serde_json::{Value, json};

/// An enum of words: each is its text.
macro_rules! words {
    ($type:ident { $($word:literal $variant:pat => $built:expr,)+ }) => {
        #[allow(unreachable_patterns, reason = "what the table does not name yet")]
        impl Json for $type {
            fn json(&self, _: usize) -> Option<Value> {
                match self {
                    $($variant => Some($word.into()),)+
                    _ => None,
                }
            }

            fn read(form: &Value, at: &Spot<'_>) -> Result<$type, JsonError> {
                let known = [$($word),+];
                match form.as_str() {
                    $(Some($word) => Ok($built),)+
                    Some(word) => at.unknown(word, &known),
                    None => at.needs("a text", form),
                }
            }
        }
    };
    ($type:ident { $($word:literal $variant:ident,)+ }) => {
        words!($type { $($word $type::$variant => $type::$variant,)+ });
    };
}

words!(TextPlace { "contains" Anywhere, "starts_with" Start, "ends_with" End, });
words!(Operator { "+" Add, "-" Subtract, "*" Multiply, "/" Divide, });
words!(Comparison {
    "=" Equal,
    "!=" NotEqual,
    "<" Less,
    "<=" AtMost,
    ">" Greater,
    ">=" AtLeast,
});
words!(Direction { "since" Since, "until" Until, });
words!(IdentifierKind { "personal" Personal, "carrier" Carrier, });
words!(Party { "first" First, "third" Third, });
words!(Turn { "last" Last, "this" This, "next" Next, });
words!(Side { "after" After, "before" Before, "of" Of, });
words!(Period { "day" Day, "week" Week, "month" Month, "quarter" Quarter, "year" Year, });
words!(Kind {
    "audience" Audience,
    "trait" Trait,
    "event" Event,
    "attribute" Attribute,
    "identifier" Identifier,
    "condition" Condition,
    "list" List,
    "experiment" Experiment,
    "model" Model,
});
words!(Shown {
    "audiences" Audiences,
    "traits" Traits,
    "events" Events,
    "attributes" Attributes,
    "identifiers" Identifiers,
    "conditions" Conditions,
    "lists" Lists,
    "experiments" Experiments,
    "models" Models,
});

impl Json for Function {
    fn json(&self, _: usize) -> Option<Value> {
        let named = crate::lang::parser::AGGREGATES.iter().find(|(_, known)| known == self);
        named.map(|(name, _)| (*name).into())
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Function, JsonError> {
        let table = crate::lang::parser::AGGREGATES;
        let known: Vec<&str> = table.iter().map(|(name, _)| *name).collect();
        let Some(word) = form.as_str() else { return at.needs("a text", form) };
        match table.iter().find(|(name, _)| *name == word) {
            Some((_, function)) => Ok(*function),
            None => at.unknown(word, &known),
        }
    }
}

/// `number`, `list of text`.
impl Json for TypeName {
    fn json(&self, _: usize) -> Option<Value> {
        TYPES.iter().find_map(|(name, base, element)| match self {
            TypeName::ListOf(of) => (of == element).then(|| format!("list of {name}").into()),
            plain => (plain == base).then(|| (*name).into()),
        })
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<TypeName, JsonError> {
        let Some(word) = form.as_str() else { return at.needs("a type", form) };
        let (name, list) = match word.strip_prefix("list of ") {
            Some(name) => (name, true),
            None => (word, false),
        };
        match TYPES.iter().find(|(known, ..)| *known == name) {
            Some((_, base, element)) => {
                let of: ElementType = *element;
                Ok(if list { TypeName::ListOf(of) } else { *base })
            }
            None => at.unknown(word, &TYPES.map(|(name, ..)| name)),
        }
    }
}

impl Json for Unit {
    fn json(&self, _: usize) -> Option<Value> {
        Some(format!("{}s", self.name()).into())
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Unit, JsonError> {
        let Some(word) = form.as_str() else { return at.needs("a unit of time", form) };
        match UNITS.iter().find(|(one, many, _)| *one == word || *many == word) {
            Some((.., unit)) => Ok(*unit),
            None => at.unknown(word, &UNITS.map(|(_, many, _)| many)),
        }
    }
}

/// `90 days`.
impl Json for Length {
    fn json(&self, _: usize) -> Option<Value> {
        Some(format!("{} {}s", self.count, self.unit.name()).into())
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Length, JsonError> {
        let parts = form.as_str().and_then(|text| text.split_once(' '));
        let Some((count, unit)) = parts else { return at.needs("a length like \"90 days\"", form) };
        let Ok(count) = count.parse() else { return at.needs("a length like \"90 days\"", form) };
        let unit = Unit::read(&unit.trim().into(), at)?;
        Ok(Length { count, unit, span: Span::default() })
    }
}

/// Texts, numbers and bools as JSON has them; all others under their kind.
impl Json for Literal {
    fn json(&self, depth: usize) -> Option<Value> {
        Some(match self {
            Literal::Text(text) => (**text).into(),
            // A field that is `false` says nothing, and is left out.
            Literal::Bool(false) => json!({ "literal": "false" }),
            Literal::Bool(true) => true.into(),
            Literal::Number(number) => return number.json(depth),
            Literal::Percent(part) => json!({ "percent": hundredfold(*part)?.to_string() }),
            Literal::Missing => json!({ "literal": "missing" }),
            Literal::Date(day) => json!({ "date": day.to_string() }),
            Literal::Timestamp(at) => json!({ "instant": at.to_string() }),
            Literal::Duration(length) => json!({ "duration": length.json(depth)? }),
            Literal::Month(number) => {
                json!({ "month": MONTHS.get(usize::from(*number).checked_sub(1)?)? })
            }
            #[allow(unreachable_patterns, reason = "what has no form yet")]
            _ => return None,
        })
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Literal, JsonError> {
        match form {
            Value::String(text) => return Ok(Literal::Text(nfc(text).into())),
            Value::Bool(it) => return Ok(Literal::Bool(*it)),
            Value::Number(_) => return Decimal::read(form, at).map(Literal::Number),
            _ => {}
        }
        let (key, inner) = super::table::chosen(form, at)?;
        let here = at.key(key);
        match key {
            "number" => Decimal::read(form, at).map(Literal::Number),
            "percent" => {
                let part = inner.as_str().and_then(|digits| format!("{digits}e-2").parse().ok());
                part.map(Literal::Percent)
                    .map_or_else(|| here.needs("a number in quotes", inner), Ok)
            }
            "literal" if inner == "missing" => Ok(Literal::Missing),
            "literal" if inner == "false" => Ok(Literal::Bool(false)),
            "date" => parsed(inner, "a date like \"2026-03-01\"", &here).map(Literal::Date),
            "instant" => parsed(inner, "an instant in quotes", &here).map(Literal::Timestamp),
            "duration" => Length::read(inner, &here).map(Literal::Duration),
            "month" => match MONTHS.iter().position(|month| Some(*month) == inner.as_str()) {
                Some(place) => Ok(Literal::Month(place as u8 + 1)),
                None => here.needs("a month's name", inner),
            },
            _ => at.unknown(key, &LITERALS),
        }
    }
}

/// The keys of literals.
pub(super) const LITERALS: [&str; 7] =
    ["number", "percent", "literal", "date", "instant", "duration", "month"];

fn hundredfold(part: Decimal) -> Option<Decimal> {
    part.checked_mul(Decimal::from(100))
}

/// What is written as text in JSON.
pub(super) fn parsed<T: std::str::FromStr>(
    form: &Value,
    what: &str,
    at: &Spot<'_>,
) -> Result<T, JsonError> {
    match form.as_str().and_then(|text| text.parse().ok()) {
        Some(found) => Ok(found),
        None => at.needs(what, form),
    }
}

/// A number of JSON where that is the same number, else `{"number": "..."}`.
impl Json for Decimal {
    fn json(&self, _: usize) -> Option<Value> {
        let written = self.to_string();
        let number: Option<Value> = serde_json::from_str(&written).ok();
        let same = |number: &Value| number.to_string().parse() == Ok(*self);
        Some(number.filter(same).unwrap_or_else(|| json!({ "number": written })))
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Decimal, JsonError> {
        let found = match form {
            Value::Number(number) => number.to_string().parse().ok(),
            Value::Object(map) if map.len() == 1 => {
                map.get("number").and_then(Value::as_str).and_then(|digits| digits.parse().ok())
            }
            _ => None,
        };
        found.map_or_else(|| at.needs("a number", form), Ok)
    }
}

macro_rules! written {
    ($($type:ident $what:literal,)+) => {$(
        impl Json for $type {
            fn json(&self, _: usize) -> Option<Value> {
                Some(self.to_string().into())
            }

            fn read(form: &Value, at: &Spot<'_>) -> Result<$type, JsonError> {
                parsed(form, $what, at)
            }
        }
    )+};
}

written! {
    Date "a date like \"2026-03-01\"",
    Timestamp "an instant like \"2026-03-01T12:00:00Z\"",
}

impl Json for Pattern {
    fn json(&self, _: usize) -> Option<Value> {
        Some(self.to_string().into())
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Pattern, JsonError> {
        let written = form.as_str().and_then(|text| Pattern::new(text).ok());
        written.map_or_else(|| at.needs("an expression like \"/^0+$/\"", form), Ok)
    }
}

impl Json for Text {
    fn json(&self, _: usize) -> Option<Value> {
        Some((**self).into())
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Text, JsonError> {
        match form {
            Value::String(text) => Ok(nfc(text).into()),
            other => at.needs("a text", other),
        }
    }
}

impl Json for bool {
    fn json(&self, _: usize) -> Option<Value> {
        Some((*self).into())
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<bool, JsonError> {
        form.as_bool().map_or_else(|| at.needs("true or false", form), Ok)
    }

    fn says(&self) -> bool {
        *self
    }

    fn missing() -> Option<bool> {
        Some(false)
    }
}

macro_rules! whole {
    ($($type:ident)+) => {$(
        impl Json for $type {
            fn json(&self, _: usize) -> Option<Value> {
                Some((*self).into())
            }

            fn read(form: &Value, at: &Spot<'_>) -> Result<$type, JsonError> {
                let number = form.as_u64().and_then(|number| number.try_into().ok());
                number.map_or_else(|| at.needs("a whole number", form), Ok)
            }
        }
    )+};
}

whole!(u8 u32 u64);

impl<T: Json> Json for Spanned<T> {
    fn json(&self, depth: usize) -> Option<Value> {
        self.node.json(depth)
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Spanned<T>, JsonError> {
        T::read(form, at).map(|node| Spanned::new(node, Span::default()))
    }
}

impl<T: Json> Json for Box<T> {
    fn json(&self, depth: usize) -> Option<Value> {
        (**self).json(depth)
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Box<T>, JsonError> {
        T::read(form, at).map(Box::new)
    }
}

impl<T: Json> Json for Option<T> {
    fn json(&self, depth: usize) -> Option<Value> {
        self.as_ref().map_or(Some(Value::Null), |it| it.json(depth))
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Option<T>, JsonError> {
        match form {
            Value::Null => Ok(None),
            form => T::read(form, at).map(Some),
        }
    }

    fn says(&self) -> bool {
        self.is_some()
    }

    fn missing() -> Option<Option<T>> {
        Some(None)
    }
}

impl<T: Json> Json for Vec<T> {
    fn json(&self, depth: usize) -> Option<Value> {
        self.iter().map(|item| item.json(depth)).collect::<Option<Vec<Value>>>().map(Value::Array)
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<Vec<T>, JsonError> {
        at.check_depth()?;
        let Value::Array(items) = form else { return at.needs("a list", form) };
        let read = |(place, item)| T::read(item, &at.index(place));
        items.iter().enumerate().map(read).collect()
    }

    fn says(&self) -> bool {
        !self.is_empty()
    }

    fn missing() -> Option<Vec<T>> {
        Some(Vec::new())
    }
}

impl<A: Json, B: Json> Json for (A, B) {
    fn json(&self, depth: usize) -> Option<Value> {
        Some(Value::Array(vec![self.0.json(depth)?, self.1.json(depth)?]))
    }

    fn read(form: &Value, at: &Spot<'_>) -> Result<(A, B), JsonError> {
        let items = super::table::tuple(form, 2, at)?;
        Ok((A::read(&items[0], &at.index(0))?, B::read(&items[1], &at.index(1))?))
    }
}

pub(super) use words;
