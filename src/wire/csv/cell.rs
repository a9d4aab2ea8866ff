//! Cells as values of a type.

use super::mapping::{Column, Columns};
use super::node::{Fields, Node, Read};
use super::time::{DateReading, Reading, shown};
use crate::lang::nearest;
use crate::model::{Path, Step, Text, Value};
use crate::wire::json::number;
use crate::wire::reject::{Reason, Reject};
use crate::wire::texts::{Texts, check_text};

/// A property or an attribute, and what it is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub path: Vec<Text>,
    pub from: From,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum From {
    Constant(Value),
    Cell(Column, Type),
}

/// What a cell is read as. Instants and dates become text in the one form
/// that a declared type reads: values from outside are of the kinds of JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    Number { decimal: char },
    Bool,
    Instant(Reading),
    Date(DateReading),
}

impl Field {
    /// Every entry of a table of properties or attributes.
    pub(super) fn read_each(node: &Node<'_>, columns: &mut Columns) -> Read<Vec<Field>> {
        let entries = node.entries()?;
        entries.iter().map(|(key, node)| Field::read(key, node, columns)).collect()
    }

    fn read(key: &str, node: &Node<'_>, columns: &mut Columns) -> Read<Field> {
        let steps = Path::dotted(key).map(|path| path.steps().to_vec()).unwrap_or_default();
        let keys = steps.into_iter().filter_map(|step| match step {
            Step::Key(key) => Some(key),
            Step::Index(_) => None,
        });
        let path: Vec<Text> = keys.collect();
        if path.is_empty() {
            return Err(
                node.error("a key between two dots is empty", "write it like `address.city`")
            );
        }
        if path.len() > crate::model::limits::NESTING_MAX {
            return Err(node.error("the key has too many parts", "use 16 at most"));
        }
        Ok(Field { path, from: From::read(node, columns)? })
    }
}

impl From {
    /// A column's name, or a table with `column` and `type`, or with `value`.
    fn read(node: &Node<'_>, columns: &mut Columns) -> Read<From> {
        if !node.is_table() {
            return Ok(From::Cell(columns.read(node)?, Type::Text));
        }
        let fields =
            node.clone().fields(&["column", "type", "format", "zone", "decimal", "value"])?;
        match (fields.get("value"), fields.get("column")) {
            (Some(value), None) => Ok(From::Constant(constant(&value)?)),
            (None, Some(column)) => Ok(From::Cell(columns.read(&column)?, Type::read(&fields)?)),
            _ => Err(node.error(
                "a value comes from a column or is always the same",
                "give `column` or `value`",
            )),
        }
    }
}

fn constant(node: &Node<'_>) -> Read<Value> {
    if let Some(yes) = node.as_boolean() {
        return Ok(Value::Bool(yes));
    }
    if let Some(number) = node.as_number().and_then(|digits| number(&digits)) {
        return Ok(number);
    }
    let text = node.text()?;
    check_text(text).map_err(|reject| node.error(reject.message, reject.remedy))?;
    Ok(Value::text(text))
}

const TYPES: [&str; 5] = ["text", "number", "bool", "instant", "date"];

impl Type {
    fn read(fields: &Fields<'_>) -> Read<Type> {
        let Some(node) = fields.get("type") else { return Ok(Type::Text) };
        match node.text()? {
            "text" => Ok(Type::Text),
            "number" => Ok(Type::Number { decimal: decimal(fields)? }),
            "bool" => Ok(Type::Bool),
            "instant" => Ok(Type::Instant(Reading::read(fields)?)),
            "date" => Ok(Type::Date(DateReading::read(fields)?)),
            other => {
                let nearest = nearest(other, TYPES.into_iter().map(|name| (name, 0)));
                let meant =
                    nearest.map(|word| format!("did you mean `{word}`? ")).unwrap_or_default();
                Err(node.error(
                    format!("there is no type `{}`", shown(other)),
                    format!("{meant}Types are {}", TYPES.join(", ")),
                ))
            }
        }
    }

    /// The value of a cell that is not empty.
    pub(super) fn value(&self, cell: &str, texts: &mut Texts) -> Result<Value, Reject> {
        match self {
            Type::Text => {
                check_text(cell)?;
                Ok(Value::Text(texts.value(cell)))
            }
            Type::Number { decimal } => cell_number(cell.trim(), *decimal),
            Type::Bool => cell_bool(cell.trim()).map(Value::Bool),
            Type::Instant(reading) => {
                reading.instant(cell.trim()).map(|(at, _)| Value::Text(at.to_string().into()))
            }
            Type::Date(reading) => {
                reading.date(cell.trim()).map(|day| Value::Text(day.to_string().into()))
            }
        }
    }
}

fn decimal(fields: &Fields<'_>) -> Read<char> {
    let Some(node) = fields.get("decimal") else { return Ok('.') };
    match node.text()? {
        "." => Ok('.'),
        "," => Ok(','),
        _ => Err(node.error("a number is written with a point or a comma", "write \".\" or \",\"")),
    }
}

/// With a decimal comma, points and blanks may part the thousands.
fn cell_number(cell: &str, decimal: char) -> Result<Value, Reject> {
    let value = match decimal {
        '.' => number(cell),
        _ => {
            let plain = cell.chars().filter(|c| !matches!(c, '.' | ' ' | '\u{A0}' | '\u{202F}'));
            number(&plain.map(|c| if c == ',' { '.' } else { c }).collect::<String>())
        }
    };
    value.ok_or_else(|| {
        let message = format!("`{}` is no number", shown(cell));
        Reject::new(
            Reason::WrongType,
            message,
            "mend the cell, or set `decimal` or `type` in the mapping",
        )
    })
}

/// The words for yes and no that tables are full of.
pub(super) fn cell_bool(cell: &str) -> Result<bool, Reject> {
    match cell.to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "1" => Ok(true),
        "false" | "f" | "no" | "n" | "0" => Ok(false),
        _ => {
            let message = format!("`{}` is neither true nor false", shown(cell));
            Err(Reject::new(Reason::WrongType, message, "write true or false, yes or no, 1 or 0"))
        }
    }
}
