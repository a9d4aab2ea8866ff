//! Filters over the rows of a block: on whole columns where one cell decides.

use super::job::{Job, Owned};
use crate::model::{Decimal, PAGE_VIEW, SCREEN_VIEW, Value};
use crate::query::predicate::{Tree, Type};
use crate::query::scan::plan::gather::Named;
use crate::query::scan::plan::tree::{Expr, Filter, Read, Test};
use crate::query::scan::value::{Here, Range, passes, subject_of, verdict};
use crate::timeline::{Cells, Column, ColumnKey};

impl Job<'_> {
    /// Keeps the rows that at least one of the filters lets through.
    pub(super) fn let_through(&self, filters: &[Named], owned: &Owned<'_>, rows: &mut Vec<u32>) {
        match filters {
            [only] => self.named(only, owned, rows),
            _ => any(rows, filters, |named, rows| self.named(named, owned, rows)),
        }
    }

    fn named(&self, named: &Named, owned: &Owned<'_>, rows: &mut Vec<u32>) {
        if named.name.is_some() {
            rows.retain(|row| is_named(named, owned, *row));
        }
        if let Some(filter) = &named.filter {
            self.pass(filter, owned, rows);
        }
    }

    pub(super) fn pass(&self, filter: &Filter, owned: &Owned<'_>, rows: &mut Vec<u32>) {
        match filter {
            Tree::All(parts) => parts.iter().for_each(|part| self.pass(part, owned, rows)),
            Tree::Any(parts) => any(rows, parts, |part, rows| self.pass(part, owned, rows)),
            Tree::Not(inner) => {
                let mut others = rows.clone();
                self.pass(inner, owned, &mut others);
                drop_all(rows, &others);
            }
            Tree::Leaf(test) => self.test(test, owned, rows),
        }
    }

    pub(super) fn test(&self, test: &Test, owned: &Owned<'_>, rows: &mut Vec<u32>) {
        let (Some(place), Expr::Read(leaf)) = (test.column, &test.subject) else {
            rows.retain(|row| passes(test, &self.here(owned, *row)));
            return;
        };
        let column = &owned.block.columns[place];
        if let (Some(range), Cells::Numbers { scale, mantissas }) =
            (range_of(test, leaf), &column.cells)
        {
            let [least, most] = range.in_units(10i128.pow(Decimal::SCALE - u32::from(*scale)));
            keep(rows, |row| {
                let number = mantissas[row];
                column.present.get(row) & (least <= number) & (number <= most)
            });
            return;
        }
        let nobody = Here::nobody(self.level.plan.now);
        let judge = |cell| verdict(&test.check, &subject_of(leaf, cell), &nobody);
        match &column.cells {
            Cells::Texts { codes, dictionary } if dictionary.len() <= rows.len() => {
                let words = dictionary.iter().map(|word| Some(Value::Text(word.clone())));
                let (passes, none): (Vec<bool>, bool) = (words.map(judge).collect(), judge(None));
                keep(rows, |row| match column.present.get(row) {
                    true => passes[codes[row] as usize],
                    false => none,
                });
            }
            Cells::Texts { codes, dictionary } => {
                let word = |code: u32| Value::Text(dictionary[code as usize].clone());
                let mut judged = Judged::new(dictionary.len(), column, codes);
                rows.retain(|row| judged.passes(*row, word, judge));
            }
            Cells::Mixed { codes, dictionary } => {
                let word = |code: u32| dictionary[code as usize].clone();
                let mut judged = Judged::new(dictionary.len(), column, codes);
                rows.retain(|row| judged.passes(*row, word, judge));
            }
            Cells::Empty if judge(None) => {}
            Cells::Empty => rows.clear(),
            _ => rows.retain(|row| judge(column.value(*row as usize))),
        }
    }
}

/// Keeps the rows that pass: each is written, and stays if the next one is
/// written behind it, so that nothing is guessed.
fn keep(rows: &mut Vec<u32>, mut passes: impl FnMut(usize) -> bool) {
    let mut n_kept = 0;
    for at in 0..rows.len() {
        let row = rows[at];
        rows[n_kept] = row;
        n_kept += usize::from(passes(row as usize));
    }
    rows.truncate(n_kept);
}

/// Keeps the rows that one way or another lets through, each asked of those that are left.
fn any<T>(rows: &mut Vec<u32>, ways: &[T], mut pass: impl FnMut(&T, &mut Vec<u32>)) {
    let mut through = Vec::new();
    for way in ways {
        let mut more = rows.clone();
        pass(way, &mut more);
        drop_all(rows, &more);
        through.extend(more);
    }
    through.sort_unstable();
    *rows = through;
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

/// Drops others out of ascending rows; the others ascend too.
fn drop_all(rows: &mut Vec<u32>, others: &[u32]) {
    let mut others = others.iter().peekable();
    rows.retain(|row| {
        while others.next_if(|other| **other < *row).is_some() {}
        others.peek() != Some(&row)
    });
}
