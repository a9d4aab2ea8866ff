//! A place in a mapping: its value, its key and its line, for errors that say where.

use super::error::MappingError;
use crate::lang::nearest;
use toml::Spanned;
use toml::de::DeValue;

pub(super) type Read<T> = Result<T, MappingError>;

/// A value of the mapping and how it is reached.
#[derive(Clone)]
pub(super) struct Node<'a> {
    value: &'a Spanned<DeValue<'a>>,
    path: String,
    text: &'a str,
}

/// A table whose keys have been checked.
pub(super) struct Fields<'a> {
    node: Node<'a>,
}

impl<'a> Node<'a> {
    /// The whole mapping.
    pub(super) fn root(value: &'a Spanned<DeValue<'a>>, text: &'a str) -> Node<'a> {
        Node { value, path: String::new(), text }
    }

    /// An error at this place.
    pub(super) fn error(
        &self,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> MappingError {
        let line = line_of(self.text, self.value.span().start);
        MappingError {
            line: Some(line),
            key: self.path.clone(),
            message: message.into(),
            remedy: remedy.into(),
        }
    }

    pub(super) fn is_table(&self) -> bool {
        self.value.get_ref().is_table()
    }

    pub(super) fn is_list(&self) -> bool {
        self.value.get_ref().is_array()
    }

    pub(super) fn as_boolean(&self) -> Option<bool> {
        self.value.get_ref().as_bool()
    }

    /// A number as it is written, without the `_` that TOML allows.
    pub(super) fn as_number(&self) -> Option<String> {
        let value = self.value.get_ref();
        let decimal = value.as_integer().filter(|integer| integer.radix() == 10);
        let digits = decimal.map(|integer| integer.as_str());
        let digits = digits.or_else(|| value.as_float().map(|float| float.as_str()));
        digits.map(|digits| digits.replace('_', ""))
    }

    pub(super) fn text(&self) -> Read<&'a str> {
        let text = self.value.get_ref().as_str();
        text.ok_or_else(|| self.wrong("text in quotes"))
    }

    pub(super) fn boolean(&self) -> Read<bool> {
        self.as_boolean().ok_or_else(|| self.wrong("true or false"))
    }

    /// The items of a list; a single value stands for a list of one.
    pub(super) fn items(&self) -> Vec<Node<'a>> {
        let Some(items) = self.value.get_ref().as_array() else { return vec![self.clone()] };
        let items = items.iter().enumerate();
        items
            .map(|(place, value)| {
                let path = format!("{}[{}]", self.path, place + 1);
                Node { value, path, text: self.text }
            })
            .collect()
    }

    /// Every key and value of a table.
    pub(super) fn entries(&self) -> Read<Vec<(&'a str, Node<'a>)>> {
        let Some(table) = self.value.get_ref().as_table() else {
            return Err(self.wrong("a table of keys and values"));
        };
        Ok(table
            .iter()
            .map(|(key, value)| (key.get_ref().as_ref(), self.child(key.get_ref(), value)))
            .collect())
    }

    /// A table that may hold these keys and no others.
    pub(super) fn fields(self, allowed: &[&str]) -> Read<Fields<'a>> {
        for (key, child) in self.entries()? {
            if !allowed.contains(&key) {
                let known = allowed.join(", ");
                let remedy = match nearest(key, allowed.iter().map(|key| (*key, 0))) {
                    Some(nearest) => format!("did you mean `{nearest}`? Allowed are {known}"),
                    None => format!("allowed are {known}"),
                };
                return Err(child.error("there is no such key", remedy));
            }
        }
        Ok(Fields { node: self })
    }

    fn child(&self, key: &str, value: &'a Spanned<DeValue<'a>>) -> Node<'a> {
        let path = match self.path.as_str() {
            "" => key.to_owned(),
            path => format!("{path}.{key}"),
        };
        Node { value, path, text: self.text }
    }

    fn wrong(&self, wanted: &str) -> MappingError {
        let given = self.value.get_ref().type_str();
        self.error(format!("this is of type {given}"), format!("write {wanted}"))
    }
}

impl<'a> Fields<'a> {
    /// The value under a key, if it is there.
    pub(super) fn get(&self, key: &str) -> Option<Node<'a>> {
        let table = self.node.value.get_ref().as_table()?;
        let (key, value) = table.iter().find(|(name, _)| name.get_ref() == key)?;
        Some(self.node.child(key.get_ref(), value))
    }

    /// The value under a key that must be there.
    pub(super) fn need(&self, key: &str) -> Read<Node<'a>> {
        let missing = || self.node.error(format!("`{key}` is missing"), format!("add `{key}`"));
        self.get(key).ok_or_else(missing)
    }

    pub(super) fn node(&self) -> &Node<'a> {
        &self.node
    }
}

/// The line, from 1, that a byte lies in.
pub(super) fn line_of(text: &str, byte: usize) -> usize {
    1 + text.bytes().take(byte).filter(|byte| *byte == b'\n').count()
}
