//! Filters over the rows of a block: on whole columns where one cell decides.

use super::job::{Job, Owned};
use crate::model::{PAGE_VIEW, SCREEN_VIEW, Value};
use crate::query::predicate::{Tree, Type};
use crate::query::scan::plan::gather::Named;
use crate::query::scan::plan::tree::{Expr, Filter, Read, Test};
use crate::query::scan::value::{Here, Range, passes, subject_of, verdict};
use crate::timeline::{Cells, Column, ColumnKey};

impl Job<'_> {
    /// The rows that at least one of the filters lets through.
    pub(super) fn let_through(&self, filters: &[Named], owned: &Owned<'_>, rows: &mut Vec<u32>) {
        if let [Named { name: None, filter: None }] = filters {
            return;
        }
        *rows = self.any(
            rows,
            filters.iter().map(|named| move |rows: &[u32]| self.named(named, owned, rows)),
        );
    }

    fn named(&self, named: &Named, owned: &Owned<'_>, rows: &[u32]) -> Vec<u32> {
        let rows: Vec<u32> =
            rows.iter().copied().filter(|row| is_named(named, owned, *row)).collect();
        match &named.filter {
            Some(filter) => self.pass(filter, owned, &rows),
            None => rows,
        }
    }

    fn pass(&self, filter: &Filter, owned: &Owned<'_>, rows: &[u32]) -> Vec<u32> {
        match filter {
            Tree::All(parts) => {
                let all = rows.to_vec();
                parts.iter().fold(all, |rows, part| self.pass(part, owned, &rows))
            }
            Tree::Any(parts) => self.any(
                rows,
                parts.iter().map(|part| move |rows: &[u32]| self.pass(part, owned, rows)),
            ),
            Tree::Not(inner) => without(rows, &self.pass(inner, owned, rows)),
            Tree::Leaf(test) => self.test(test, owned, rows),
        }
    }

    /// The rows that one way or another lets through, each asked of those that are left.
    fn any<F: Fn(&[u32]) -> Vec<u32>>(
        &self,
        rows: &[u32],
        ways: impl Iterator<Item = F>,
    ) -> Vec<u32> {
        let (mut left, mut through) = (rows.to_vec(), Vec::new());
        for way in ways {
            let more = way(&left);
            left = without(&left, &more);
            through.extend(more);
        }
        through.sort_unstable();
        through
    }

    fn test(&self, test: &Test, owned: &Owned<'_>, rows: &[u32]) -> Vec<u32> {
        let each = |passes: &mut dyn FnMut(u32) -> bool| {
            rows.iter().copied().filter(|row| passes(*row)).collect()
        };
        let Some(place) = test.column else {
            return each(&mut |row| passes(test, &self.here(owned, row)));
        };
        let Expr::Read(leaf) = &test.subject else { return Vec::new() };
        let column = &owned.block.columns[place];
        if let (Some(range), Cells::Numbers { scale, mantissas }) =
            (range_of(test, leaf), &column.cells)
        {
            let unit = 10i128.pow(9 - u32::from(*scale));
            return each(&mut |row| {
                let row = row as usize;
                column.present.get(row) && range.has(i128::from(mantissas[row]) * unit)
            });
        }
        let nobody = Here::nobody(self.level.plan.now);
        let judge = |cell| verdict(&test.check, &subject_of(leaf, cell), &nobody);
        match &column.cells {
            Cells::Texts { codes, dictionary } => {
                let word = |code: u32| Value::Text(dictionary[code as usize].clone());
                let mut judged = Judged::new(dictionary.len(), column, codes);
                each(&mut |row| judged.passes(row, word, judge))
            }
            Cells::Mixed { codes, dictionary } => {
                let word = |code: u32| dictionary[code as usize].clone();
                let mut judged = Judged::new(dictionary.len(), column, codes);
                each(&mut |row| judged.passes(row, word, judge))
            }
            Cells::Empty => {
                if judge(None) {
                    rows.to_vec()
                } else {
                    Vec::new()
                }
            }
            _ => each(&mut |row| judge(column.value(row as usize))),
        }
    }
}

/// Verdicts on the words of a dictionary, each found once.
struct Judged<'a> {
    column: &'a Column,
    codes: &'a [u32],
    verdicts: Vec<Option<bool>>,
}

impl<'a> Judged<'a> {
    fn new(n_words: usize, column: &'a Column, codes: &'a [u32]) -> Judged<'a> {
        Judged { column, codes, verdicts: vec![None; n_words + 1] }
    }

    fn passes(
        &mut self,
        row: u32,
        word: impl Fn(u32) -> Value,
        judge: impl Fn(Option<Value>) -> bool,
    ) -> bool {
        let row = row as usize;
        let code = self.column.present.get(row).then(|| self.codes[row]);
        // What has no word stands behind the last.
        let place = code.map_or(self.verdicts.len() - 1, |code| code as usize);
        *self.verdicts[place].get_or_insert_with(|| judge(code.map(word)))
    }
}

/// The range of a test that compares a plain number with literals.
fn range_of(test: &Test, leaf: &Read) -> Option<Range> {
    match leaf {
        Read::Cell { path, declared: None | Some(Type::Number), .. } if path.steps().len() == 1 => {
            Range::of(&test.check)
        }
        _ => None,
    }
}

pub(super) fn is_named(named: &Named, owned: &Owned<'_>, row: u32) -> bool {
    let Some(wanted) = &named.name else { return true };
    let text = |key: &ColumnKey| {
        let place = owned.pass.columns.iter().position(|other| other == key)?;
        owned.block.columns[place].value(row as usize)
    };
    let name = match text(&ColumnKey::Kind) {
        Some(Value::Text(kind)) if &*kind == "page" => return &**wanted == PAGE_VIEW,
        Some(Value::Text(kind)) if &*kind == "screen" => return &**wanted == SCREEN_VIEW,
        _ => text(&ColumnKey::Name),
    };
    matches!(name, Some(Value::Text(name)) if name == *wanted)
}

/// What is left of ascending rows without others, ascending too.
fn without(rows: &[u32], others: &[u32]) -> Vec<u32> {
    let mut others = others.iter().peekable();
    let mut left = rows.to_vec();
    left.retain(|row| {
        while others.next_if(|other| **other < *row).is_some() {}
        others.peek() != Some(&row)
    });
    left
}
