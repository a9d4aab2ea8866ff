//! Ways into nested values. A way through an array yields one flat list.

use super::Dialect;
use super::cell::Cell;
use super::refused::{Made, Refused};
use super::sql::Sql;
use crate::model::Step;
use crate::query::predicate::Type;

/// Arrays inside arrays are looked into so deep.
const DEPTH: usize = 3;

impl Sql {
    /// What a path of a JSON document leads to.
    pub(super) fn path(
        &self,
        document: &str,
        steps: &[Step],
        declared: Option<Type>,
    ) -> Made<Cell> {
        let steps = typed(steps, declared)?;
        let dialect = self.dialect;
        let scalar = dialect.extracted(document, &written(dialect, &steps)?);
        let whole = self.gathered(document, &steps, 1)?;
        Ok(Cell::Any { whole: whole.unwrap_or_else(|| scalar.clone()), scalar })
    }

    /// The path where an array may lie on it, from so many steps on; nothing if none can.
    fn gathered(&self, document: &str, steps: &[Step], from: usize) -> Made<Option<String>> {
        let through = |place: &usize| matches!(steps[*place], Step::Key(_));
        let Some(place) = (from..steps.len()).find(through) else { return Ok(None) };
        let dialect = self.dialect;
        let array = dialect.extracted(document, &written(dialect, &steps[..place])?);
        let inner = dialect.extracted("x", &written(dialect, &steps[place..])?);
        let of_each = format!("CASE WHEN left(x, 1) = '{{' THEN {inner} END");
        let list = self.flat(&dialect.mapped(&self.each_of_array(&array), "x", &of_each));
        let otherwise = match self.gathered(document, steps, place + 1)? {
            Some(further) => further,
            None => dialect.extracted(document, &written(dialect, steps)?),
        };
        Ok(Some(format!(
            "CASE WHEN left({array}, 1) = '[' THEN {} ELSE {otherwise} END",
            dialect.json_of(&list)
        )))
    }

    /// The known values of a value: the elements of a list, one by one.
    pub(super) fn each(&self, value: &str) -> String {
        let one = self.dialect.filtered(&self.dialect.list(value), "y", "y IS NOT NULL");
        let all = self.each_of_array(value);
        format!("CASE WHEN left({value}, 1) = '[' THEN {all} ELSE {one} END")
    }

    fn each_of_array(&self, array: &str) -> String {
        self.flat(&self.dialect.elements(array))
    }

    /// A list with the elements of its arrays in their places, and nothing missing.
    fn flat(&self, list: &str) -> String {
        let dialect = self.dialect;
        let inside = format!(
            "CASE WHEN left(y, 1) = '[' THEN {} ELSE {} END",
            dialect.elements("y"),
            dialect.list("y")
        );
        let mut flat = list.to_owned();
        for _ in 0..DEPTH {
            flat = format!("flatten({})", dialect.mapped(&flat, "y", &inside));
        }
        dialect.filtered(&flat, "y", "y IS NOT NULL")
    }
}

/// The path to what a declared type reads of what a path leads to: its neighbour.
pub(super) fn typed(steps: &[Step], declared: Option<Type>) -> Made<Vec<Step>> {
    let mut steps = steps.to_vec();
    if let Some(declared) = declared {
        match steps.last_mut() {
            Some(Step::Key(key)) => *key = format!("{key}:{}", declared.name()).into(),
            _ => return Err(Refused::new("a numbered element of a declared type")),
        }
    }
    Ok(steps)
}

/// A path as the engine writes it.
pub(super) fn written(dialect: Dialect, steps: &[Step]) -> Made<String> {
    let mut path = "$".to_owned();
    for step in steps {
        match step {
            Step::Index(place) => path.push_str(&format!("[{place}]")),
            Step::Key(key) if is_plain(key) => path.push_str(&format!(".{key}")),
            Step::Key(key) if !key.contains(['"', '\\', '\'', ']', '*']) => {
                path.push_str(&dialect.key(key));
            }
            Step::Key(key) => return Err(Refused::new(format!("the name `{key}`"))),
        }
    }
    Ok(path)
}

fn is_plain(key: &str) -> bool {
    key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}
