//! Values in SQL: an expression and what is known of its kind.
//!
//! What was sent has no kind until it is read. It is a text whose first letter
//! says what it is, as the lake writes it, and each reading asks for the letter.

use super::Dialect;
use super::sql::Sql;
use crate::model::{Kind, Value};

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    /// Nothing.
    Missing,
    /// Of any kind, with its letter.
    Any {
        /// NULL of a list that a way through an array has gathered.
        scalar: String,
        /// Lists and objects as JSON.
        whole: String,
    },
    /// From the text.
    Literal(Value),
    /// Of one kind, or NULL.
    Of(Kind, String),
}

impl Cell {
    /// Of any kind.
    pub(super) fn any(text: String) -> Cell {
        Cell::Any { scalar: text.clone(), whole: text }
    }

    pub(super) fn number(text: String) -> Cell {
        Cell::Of(Kind::Number, text)
    }

    pub(super) fn text(text: String) -> Cell {
        Cell::Of(Kind::Text, text)
    }

    /// The only kind that it may have.
    pub(super) fn kind(&self) -> Option<Kind> {
        match self {
            Cell::Missing => Some(Kind::Null),
            Cell::Any { .. } => None,
            Cell::Literal(value) => Some(value.kind()),
            Cell::Of(kind, _) => Some(*kind),
        }
    }
}

/// The letter of a kind.
pub(super) fn letter(kind: Kind) -> Option<char> {
    Some(match kind {
        Kind::Bool => 'b',
        Kind::Number => 'n',
        Kind::Text => 't',
        Kind::Instant => 'i',
        Kind::Date => 'd',
        Kind::Duration => 'm',
        Kind::Null | Kind::List | Kind::Object => return None,
    })
}

/// A scalar with the letter of its kind, as a lake holds it.
pub fn lettered(value: &Value) -> Option<String> {
    Some(match value {
        Value::Bool(bool) => format!("b{bool}"),
        Value::Number(number) => format!("n{number}"),
        Value::Text(text) => format!("t{text}"),
        Value::Instant(at) => format!("i{}", at.millis()),
        Value::Date(day) => format!("d{}", day.days()),
        Value::Duration(ms) => format!("m{ms}"),
        Value::Null | Value::Digits(_) | Value::List(_) | Value::Object(_) => return None,
    })
}

/// A literal as its kind is written.
fn literal(dialect: Dialect, value: &Value) -> String {
    match value {
        Value::Bool(bool) => if *bool { "TRUE" } else { "FALSE" }.to_owned(),
        Value::Number(number) => format!("CAST({number} AS DECIMAL(38,9))"),
        Value::Text(text) => dialect.text(text),
        Value::Instant(at) => format!("CAST({} AS BIGINT)", at.millis()),
        Value::Date(day) => format!("CAST({} AS INTEGER)", day.days()),
        Value::Duration(ms) => format!("CAST({ms} AS BIGINT)"),
        Value::Null | Value::Digits(_) | Value::List(_) | Value::Object(_) => "NULL".to_owned(),
    }
}

impl Sql {
    /// The value as that kind; NULL if it is of another.
    pub(super) fn read(&self, cell: &Cell, kind: Kind) -> String {
        match cell {
            Cell::Literal(value) if value.kind() == kind => literal(self.dialect, value),
            Cell::Of(of, text) if *of == kind => text.clone(),
            Cell::Any { whole, .. } if matches!(kind, Kind::List | Kind::Object) => whole.clone(),
            Cell::Any { scalar, .. } => self.unlettered(scalar, kind),
            _ => self.null(kind),
        }
    }

    fn null(&self, kind: Kind) -> String {
        format!("CAST(NULL AS {})", self.type_of(kind))
    }

    /// What a value of that kind is in SQL.
    pub(super) fn type_of(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Bool => "BOOLEAN",
            Kind::Number => "DECIMAL(38,9)",
            Kind::Instant | Kind::Duration => "BIGINT",
            Kind::Date => "INTEGER",
            Kind::Null | Kind::Text | Kind::List | Kind::Object => self.dialect.string(),
        }
    }

    fn unlettered(&self, text: &str, kind: Kind) -> String {
        let Some(letter) = letter(kind) else { return self.null(kind) };
        if text == "NULL" {
            return self.null(kind);
        }
        self.once("v", text, |v| {
            let rest = format!("substr({v}, 2)");
            let read = match kind {
                Kind::Text => rest,
                Kind::Bool => format!("{v} = 'btrue'"),
                _ => format!("CAST({rest} AS {})", self.type_of(kind)),
            };
            format!("CASE WHEN left({v}, 1) = '{letter}' THEN {read} END")
        })
    }

    /// The value with its letter, lists and objects as JSON.
    pub(super) fn lettered(&self, cell: &Cell) -> String {
        match cell {
            Cell::Missing => self.null(Kind::Text),
            Cell::Any { whole, .. } => whole.clone(),
            Cell::Literal(value) => match lettered(value) {
                Some(text) => self.dialect.text(&text),
                None => self.null(Kind::Text),
            },
            Cell::Of(kind, text) => self.with_letter(*kind, text),
        }
    }

    fn with_letter(&self, kind: Kind, text: &str) -> String {
        let Some(letter) = letter(kind) else { return text.to_owned() };
        let string = self.dialect.string();
        match kind {
            Kind::Text => format!("('{letter}' || {text})"),
            Kind::Number => {
                format!("('{letter}' || rtrim(rtrim(CAST({text} AS {string}), '0'), '.'))")
            }
            _ => format!("('{letter}' || CAST({text} AS {string}))"),
        }
    }

    /// Whether there is a value.
    pub(super) fn known(&self, cell: &Cell) -> String {
        match cell {
            Cell::Missing => "FALSE".to_owned(),
            Cell::Literal(value) => if value.is_null() { "FALSE" } else { "TRUE" }.to_owned(),
            Cell::Any { whole, .. } => format!("({whole}) IS NOT NULL"),
            Cell::Of(_, text) => format!("({text}) IS NOT NULL"),
        }
    }

    /// One cell of what several may be: of their one kind, else of any.
    pub(super) fn united(&self, cells: &[Cell], unite: &dyn Fn(Vec<String>) -> String) -> Cell {
        let known: Vec<&Cell> =
            cells.iter().filter(|cell| cell.kind() != Some(Kind::Null)).collect();
        let kinds: Vec<Option<Kind>> = known.iter().map(|cell| cell.kind()).collect();
        match kinds.first() {
            None => Cell::Missing,
            Some(Some(kind)) if kinds.iter().all(|other| other == &Some(*kind)) => {
                Cell::Of(*kind, unite(cells.iter().map(|cell| self.read(cell, *kind)).collect()))
            }
            _ => Cell::any(unite(cells.iter().map(|cell| self.lettered(cell)).collect())),
        }
    }
}
