//! Lists: values that people add and remove by hand.

use super::Type;
use crate::model::{Text, Value};
use std::collections::BTreeMap;

/// A list as it stands. Whoever changes it makes another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Its name.
    pub name: Text,
    /// What its elements are.
    pub of: Type,
    /// The elements by how they are written, each in one way only.
    pub elements: BTreeMap<Text, Value>,
}
