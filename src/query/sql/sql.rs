//! What is being compiled: the instant, the dialect, and the tables said so far.

use super::Dialect;
use super::refused::Made;
use crate::model::{Date, Timestamp, Zone};
use crate::query::predicate::Type;
use std::collections::HashMap;
use std::fmt::Write;

/// A statement that grows table by table. Equal tables are one.
pub(super) struct Sql {
    pub(super) dialect: Dialect,
    /// The instant asked about.
    pub(super) now: Timestamp,
    /// Whether it is a midnight of the past, before which alone facts are visible.
    pub(super) past: bool,
    tables: Vec<(String, String)>,
    names: HashMap<String, String>,
}

/// Rows that values are read of: their table, what joins it, and where in it.
pub(super) struct Scope {
    /// The table that is selected from; its columns are read under this name.
    pub(super) table: String,
    /// Tables with a row or none for each person, which are joined to it.
    joins: Vec<String>,
    /// Whether the rows are events, and of them what the elements of arrays are.
    pub(super) row: Row,
    /// The declared type by which elements were read.
    pub(super) typed: Option<Type>,
}

/// What the rows are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Row {
    /// People.
    Person,
    /// Events.
    Event,
    /// Elements of arrays of events, in the columns `object` and `node`.
    Element,
}

impl Sql {
    pub(super) fn new(dialect: Dialect, now: Timestamp) -> Sql {
        Sql { dialect, now, past: false, tables: Vec::new(), names: HashMap::new() }
    }

    /// The name of a table of this text.
    pub(super) fn table(&mut self, prefix: &str, text: String) -> String {
        if let Some(name) = self.names.get(&text) {
            return name.clone();
        }
        let n = self.tables.iter().filter(|(name, _)| name.starts_with(prefix)).count();
        let name = format!("{prefix}{}", n + 1);
        self.tables.push((name.clone(), text.clone()));
        self.names.insert(text, name.clone());
        name
    }

    /// The file of people, which has them as they were where the instant is past.
    pub(super) fn profiles(&self) -> &'static str {
        if self.past { "midnight_profiles" } else { "profiles" }
    }

    /// People with the columns that questions read.
    pub(super) fn people(&mut self) -> String {
        let dialect = self.dialect;
        let [first, last] = ["first_seen", "last_seen"].map(|column| dialect.ms(column));
        let name = match self.past {
            true => format!("people_before_{}", self.now.millis()),
            false => "people".to_owned(),
        };
        self.base(
            &name,
            format!(
                "SELECT profile_id, birth, user_id, group_id, {first} AS first_seen, \
                 {last} AS last_seen, lettered FROM {}",
                dialect.table(self.profiles())
            ),
        )
    }

    /// Events that are visible, with their times in milliseconds.
    pub(super) fn events(&mut self) -> String {
        let dialect = self.dialect;
        let when = dialect.ms(&dialect.quoted("when"));
        let now = self.now.millis();
        let (name, last) = match self.past {
            true => (format!("event_before_{now}"), now - 1),
            false => ("event".to_owned(), now),
        };
        self.base(
            &name,
            format!(
                "SELECT profile_id, seq, name, {when} AS t, {} AS received, source, channel, {}, \
                 lettered, lettered_context FROM {} WHERE {when} <= {last}",
                dialect.ms("received"),
                dialect.quoted("type"),
                dialect.table("events"),
            ),
        )
    }

    fn base(&mut self, name: &str, text: String) -> String {
        if !self.names.contains_key(&text) {
            self.tables.push((name.to_owned(), text.clone()));
            self.names.insert(text, name.to_owned());
        }
        name.to_owned()
    }

    /// The whole statement.
    pub(super) fn finished(self, last: &str) -> String {
        let mut out = format!("-- at {} ({})\n", self.now, self.dialect);
        for (place, (name, text)) in self.tables.iter().enumerate() {
            let before = if place == 0 { "WITH " } else { ",\n" };
            let _infallible = write!(out, "{before}{name} AS (\n  {text}\n)");
        }
        if !self.tables.is_empty() {
            out.push('\n');
        }
        out.push_str(last);
        out
    }

    /// The local day of now.
    pub(super) fn today(&self, zone: &Zone) -> Date {
        super::day::of(zone, self.now)
    }

    /// A value under a name, where it is so long that it should stand once only.
    pub(super) fn once(
        &self,
        name: &str,
        value: &str,
        body: impl FnOnce(&str) -> String,
    ) -> String {
        if value.len() <= 64 {
            return body(value);
        }
        let name = fresh(name, &[value]);
        self.dialect.bound(&name, value, &body(&name))
    }

    /// A select of a scope, its joins said once its columns are.
    pub(super) fn select(
        &self,
        scope: &Scope,
        columns: &str,
        conditions: &[String],
        rest: &str,
    ) -> String {
        let mut text = format!("SELECT {columns} FROM {}", scope.from());
        let conditions: Vec<&String> = conditions.iter().filter(|one| *one != "TRUE").collect();
        for (place, condition) in conditions.iter().enumerate() {
            let before = if place == 0 { "WHERE" } else { "AND" };
            let _infallible = write!(text, "\n  {before} {condition}");
        }
        if !rest.is_empty() {
            let _infallible = write!(text, "\n  {rest}");
        }
        text
    }
}

impl Scope {
    pub(super) fn people(sql: &mut Sql) -> Scope {
        Scope { table: sql.people(), joins: Vec::new(), row: Row::Person, typed: None }
    }

    pub(super) fn events(sql: &mut Sql) -> Scope {
        Scope { table: sql.events(), joins: Vec::new(), row: Row::Event, typed: None }
    }

    pub(super) fn elements(table: String, typed: Option<Type>) -> Scope {
        Scope { typed, ..Scope::of_table(&table, Row::Element) }
    }

    pub(super) fn of_table(table: &str, row: Row) -> Scope {
        Scope { table: table.to_owned(), joins: Vec::new(), row, typed: None }
    }

    /// A column of the row.
    pub(super) fn column(&self, name: &str) -> String {
        format!("{}.{name}", self.table)
    }

    /// The name under which a person is known.
    pub(super) fn person(&self) -> String {
        self.column("profile_id")
    }

    /// A column of a table with a row or none for each person.
    pub(super) fn of_person(&mut self, table: &str, column: &str) -> String {
        if self.table != table && !self.joins.iter().any(|join| join == table) {
            self.joins.push(table.to_owned());
        }
        format!("{table}.{column}")
    }

    fn from(&self) -> String {
        let mut from = self.table.clone();
        for join in &self.joins {
            let _infallible =
                write!(from, "\n  LEFT JOIN {join} ON {join}.profile_id = {}", self.person());
        }
        from
    }
}

/// A name for a value that none of these texts has bound: engines mix up equal ones.
pub(super) fn fresh(name: &str, texts: &[&str]) -> String {
    let is_bound = |name: &str| {
        let signs = [format!("lambda {name}:"), format!(" {name} ->")];
        texts.iter().any(|text| signs.iter().any(|sign| text.contains(sign)))
    };
    let numbered = (1..).map(|n| format!("{name}{n}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| !is_bound(name)).unwrap_or_default()
}

/// Conditions joined.
pub(super) fn all_of(parts: Vec<String>) -> String {
    joined(parts, "AND", "TRUE")
}

pub(super) fn any_of(parts: Vec<String>) -> String {
    joined(parts, "OR", "FALSE")
}

fn joined(mut parts: Vec<String>, word: &str, empty: &str) -> String {
    match parts.len() {
        0 => empty.to_owned(),
        1 => parts.remove(0),
        _ => format!("({})", parts.join(&format!(" {word} "))),
    }
}

/// A tree of leaves as a condition.
pub(super) fn tree<L>(
    tree: &crate::query::predicate::Tree<L>,
    leaf: &mut dyn FnMut(&L) -> Made<String>,
) -> Made<String> {
    use crate::query::predicate::Tree;
    Ok(match tree {
        Tree::All(parts) => {
            all_of(parts.iter().map(|part| self::tree(part, leaf)).collect::<Made<_>>()?)
        }
        Tree::Any(parts) => {
            any_of(parts.iter().map(|part| self::tree(part, leaf)).collect::<Made<_>>()?)
        }
        Tree::Not(part) => format!("NOT {}", in_parentheses(&self::tree(part, leaf)?)),
        Tree::Leaf(found) => leaf(found)?,
    })
}

fn in_parentheses(text: &str) -> String {
    format!("({text})")
}

/// What is not known is not so.
pub(super) fn surely(condition: &str) -> String {
    match condition {
        "TRUE" | "FALSE" => condition.to_owned(),
        "NULL" => "FALSE".to_owned(),
        other => format!("COALESCE({other}, FALSE)"),
    }
}
