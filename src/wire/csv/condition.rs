//! Conditions over a row: which rows a rule is about.

use super::mapping::{Column, Columns};
use super::node::{Node, Read};
use super::plan::Row;

/// Whether something holds for a row. Cells are compared without the blanks around them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Test(Column, Test),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    OneOf(Vec<String>),
    BeginsWith(Vec<String>),
    EndsWith(Vec<String>),
    Contains(Vec<String>),
    Empty,
}

const TESTS: [&str; 11] = [
    "equals",
    "not_equals",
    "one_of",
    "not_one_of",
    "begins_with",
    "not_begins_with",
    "ends_with",
    "not_ends_with",
    "contains",
    "not_contains",
    "empty",
];

impl Condition {
    /// A table with `column` and one test, or with `all`, `any` or `not`; a list holds as a whole.
    pub(super) fn read(node: &Node<'_>, columns: &mut Columns) -> Read<Condition> {
        if node.is_list() {
            return Ok(Condition::All(Condition::read_each(node, columns)?));
        }
        let mut allowed = vec!["column", "all", "any", "not"];
        allowed.extend(TESTS);
        let fields = node.clone().fields(&allowed)?;
        let given: Vec<&str> = node.entries()?.iter().map(|(key, _)| *key).collect();
        match given.as_slice() {
            ["all"] => Ok(Condition::All(Condition::read_each(&fields.need("all")?, columns)?)),
            ["any"] => Ok(Condition::Any(Condition::read_each(&fields.need("any")?, columns)?)),
            ["not"] => {
                Ok(Condition::Not(Box::new(Condition::read(&fields.need("not")?, columns)?)))
            }
            ["column", test] | [test, "column"] if TESTS.contains(test) => {
                let column = columns.read(&fields.need("column")?)?;
                read_test(column, test, &fields.need(test)?)
            }
            _ => Err(node.error(
                "a condition has `column` and one test, or `all`, `any` or `not` alone",
                "write { column = \"a\", begins_with = \"C\" } for example",
            )),
        }
    }

    fn read_each(node: &Node<'_>, columns: &mut Columns) -> Read<Vec<Condition>> {
        node.items().iter().map(|item| Condition::read(item, columns)).collect()
    }

    pub(super) fn holds(&self, row: &Row<'_>) -> bool {
        match self {
            Condition::All(parts) => parts.iter().all(|part| part.holds(row)),
            Condition::Any(parts) => parts.iter().any(|part| part.holds(row)),
            Condition::Not(part) => !part.holds(row),
            Condition::Test(column, test) => test.holds(row.cell(*column).trim()),
        }
    }
}

fn read_test(column: Column, name: &str, node: &Node<'_>) -> Read<Condition> {
    let texts = || -> Read<Vec<String>> {
        node.items().iter().map(|item| item.text().map(|text| text.trim().to_owned())).collect()
    };
    let (plain, negated) = match name.strip_prefix("not_") {
        Some(plain) => (plain, true),
        None => (name, false),
    };
    let (test, negated) = match plain {
        "equals" | "one_of" => (Test::OneOf(texts()?), negated),
        "begins_with" => (Test::BeginsWith(texts()?), negated),
        "ends_with" => (Test::EndsWith(texts()?), negated),
        "contains" => (Test::Contains(texts()?), negated),
        _ => (Test::Empty, !node.boolean()?),
    };
    let condition = Condition::Test(column, test);
    Ok(if negated { Condition::Not(Box::new(condition)) } else { condition })
}

impl Test {
    fn holds(&self, cell: &str) -> bool {
        match self {
            Test::OneOf(texts) => texts.iter().any(|text| text == cell),
            Test::BeginsWith(texts) => texts.iter().any(|text| cell.starts_with(text.as_str())),
            Test::EndsWith(texts) => texts.iter().any(|text| cell.ends_with(text.as_str())),
            Test::Contains(texts) => texts.iter().any(|text| cell.contains(text.as_str())),
            Test::Empty => cell.is_empty(),
        }
    }
}
