//! Values.

use super::leaf::LITERALS;
use super::place::{Json, JsonError, Spot};
use super::table::{choice, record};
use super::text;
use crate::lang::tree::{
    Accessor, Aggregate, Choice, Literal, PathHead, Stream, Value, ValueKind, ValuePath,
};
use crate::lang::{Span, Spanned, print_value};
use crate::model::nfc;
use serde_json::{Value as Form, json};

impl Json for Value {
    fn json(&self, depth: usize) -> Option<Form> {
        let form = match &self.kind {
            _ if depth > text::DEPTH_MAX => None,
            ValueKind::Literal(literal) => literal.json(depth),
            ValueKind::Path(path) => path.json(depth),
            other => other.json(depth + 1),
        };
        Some(form.unwrap_or_else(|| text::written(&print_value(self))))
    }

    fn read(form: &Form, at: &Spot<'_>) -> Result<Value, JsonError> {
        if let Some(written) = text::text_of(form) {
            return text::value(written, at);
        }
        let first = form.as_object().and_then(|map| map.keys().next()).map(String::as_str);
        let kind = match first {
            None => ValueKind::Literal(Literal::read(form, at)?),
            Some(key) if LITERALS.contains(&key) => ValueKind::Literal(Literal::read(form, at)?),
            Some(key) if HEADS.iter().any(|(head, _)| *head == key) => {
                ValueKind::Path(ValuePath::read(form, at)?)
            }
            Some(_) => ValueKind::read(form, at)?,
        };
        Ok(Value { kind, span: Span::default() })
    }
}

choice!(ValueKind {
    "arithmetic" Arithmetic(operator, left, right),
    "negative" Negative(inner),
    "aggregate" Aggregate(it),
    "call" Call(name, arguments),
    "elapsed" Elapsed(unit, direction, bound),
    "parameter" Parameter(name),
    "choice" Choice(it),
});

record!(Choice { condition, then, otherwise });

record!(Aggregate { function, stream, value, filter, window, half_life });

choice!(Stream {
    "event" Event { name, path },
    "union" Union(matcher),
});

/// What a path starts at, by its key.
const HEADS: [(&str, PathHead); 3] =
    [("path", PathHead::Bare), ("event", PathHead::Event), ("profile", PathHead::Profile)];

/// `{"path": ["items", 0, "price"]}`, and the same under `event` and `profile`.
impl Json for ValuePath {
    fn json(&self, depth: usize) -> Option<Form> {
        let (head, _) = HEADS.iter().find(|(_, head)| *head == self.head)?;
        let rest = self.rest.iter().map(|step| step.json(depth));
        let steps: Vec<Form> =
            std::iter::once(self.first.json(depth)).chain(rest).collect::<Option<_>>()?;
        Some(json!({ *head: steps }))
    }

    fn read(form: &Form, at: &Spot<'_>) -> Result<ValuePath, JsonError> {
        let (key, inner) = super::table::chosen(form, at)?;
        let here = at.key(key);
        let head = HEADS.iter().find(|(head, _)| *head == key).map(|(_, head)| *head);
        let Some(head) = head else { return at.unknown(key, &HEADS.map(|(head, _)| head)) };
        let mut steps: Vec<Spanned<Accessor>> = Json::read(inner, &here)?;
        if steps.is_empty() {
            return here.needs("a list that begins with a name", inner);
        }
        let Accessor::Key(first) = steps.remove(0).node else {
            return here.needs("a list that begins with a name", inner);
        };
        let span = Span::default();
        Ok(ValuePath { head, first: Spanned::new(first, span), rest: steps, span })
    }
}

/// A key is a text, a place in a list a number.
impl Json for Accessor {
    fn json(&self, depth: usize) -> Option<Form> {
        match self {
            Accessor::Key(key) => key.json(depth),
            Accessor::Index(place) => place.json(depth),
        }
    }

    fn read(form: &Form, at: &Spot<'_>) -> Result<Accessor, JsonError> {
        match form {
            Form::String(key) => Ok(Accessor::Key(nfc(key).into())),
            other => u32::read(other, at).map(Accessor::Index),
        }
    }
}
