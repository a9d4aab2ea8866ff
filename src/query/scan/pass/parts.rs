//! Rows of a block, parted once by the words of a column for all who ask for one.

use super::job::Owned;
use crate::model::{Step, Text, Value};
use crate::query::scan::plan::gather::{Gather, What};
use crate::query::scan::plan::switch::Switch;
use crate::query::scan::value::{Element, elements};
use crate::timeline::{Cells, Column};
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// What has been parted of a block.
#[derive(Default)]
pub struct Parts<'b> {
    rows: Option<(At, ByWord<'b>)>,
    items: Option<(At, Of<'b>, Option<Items<'b>>)>,
}

/// The span of rows, and the column of the word.
type At = ((i64, i64), usize);

/// Arrays: their column, and the way through them.
pub type Of<'b> = (usize, &'b [Step]);

/// Rows in the order of their codes, those of one word together.
struct ByWord<'b> {
    dictionary: &'b [Text],
    starts: Vec<u32>,
    rows: Vec<u32>,
}

/// An element of an array, and the row in which it lies.
#[derive(Clone, Copy)]
pub struct Item<'b> {
    pub row: u32,
    pub element: Element<'b>,
}

/// Elements by the word that they have.
type Items<'b> = HashMap<&'b str, Vec<Item<'b>>, FixedState>;

/// The switch of a gather that looks at elements by a word of theirs.
pub fn of_elements(gather: &Gather) -> Option<&Switch> {
    gather.switch.as_ref().filter(|switch| switch.inner)
}

/// The switch of a gather, if another of its pass asks the same column in the same span.
pub fn shared<'g>(gather: &'g Gather, pass: &[Gather]) -> Option<&'g Switch> {
    let switch = gather.switch.as_ref()?;
    let is_beside = |other: &Gather| {
        other.slot != gather.slot
            && other.span == gather.span
            && items_of(&other.what) == items_of(&gather.what)
            && other.switch.as_ref().is_some_and(|other| other.is_beside(switch))
    };
    // Beside elements of arrays, the word of the row as a whole is another one.
    let may_be = switch.inner || items_of(&gather.what).is_none();
    (may_be && pass.iter().any(is_beside)).then_some(switch)
}

/// The arrays whose elements are taken.
fn items_of(what: &What) -> Option<Of<'_>> {
    match what {
        What::Items { column, path, .. } => Some((*column, path.steps())),
        _ => None,
    }
}

impl<'b> Parts<'b> {
    /// The rows with the word of a switch, of those inside the span; none if the
    /// column is not one of few texts.
    pub fn rows(
        &mut self,
        (switch, span): (&Switch, (i64, i64)),
        owned: &Owned<'b>,
        inside: &[u32],
    ) -> Option<&[u32]> {
        let at = (span, switch.column);
        if self.rows.as_ref().is_none_or(|(known, _)| *known != at) {
            let column = owned.block.columns.get(switch.column)?;
            self.rows = ByWord::of(column, inside).map(|parted| (at, parted));
        }
        self.rows.as_ref().map(|(_, parted)| parted.of_word(&switch.word))
    }

    /// The elements with the word of a switch, in the rows inside the span; none
    /// if the column is not one of arrays.
    pub fn items(
        &mut self,
        (switch, span): (&Switch, (i64, i64)),
        of: Of<'b>,
        owned: &Owned<'b>,
        inside: &[u32],
    ) -> Option<&[Item<'b>]> {
        let at = (span, switch.column);
        if self.items.as_ref().is_none_or(|known| (known.0, known.1) != (at, of)) {
            self.items = Some((at, of, parted(switch, of, owned, inside)));
        }
        let items = self.items.as_ref().and_then(|known| known.2.as_ref())?;
        Some(items.get(&*switch.word).map_or(&[], Vec::as_slice))
    }
}

impl<'b> ByWord<'b> {
    fn of(column: &'b Column, inside: &[u32]) -> Option<ByWord<'b>> {
        let Cells::Texts { codes, dictionary } = &column.cells else { return None };
        // Every word costs something, whether it is asked for or not.
        if dictionary.len() > inside.len() {
            return None;
        }
        // What has no word stands behind the last.
        let none = dictionary.len();
        let part_of = |row: u32| match column.present.get(row as usize) {
            true => codes[row as usize] as usize,
            false => none,
        };
        let mut starts = vec![0; none + 2];
        inside.iter().for_each(|row| starts[part_of(*row) + 1] += 1);
        (0..=none).for_each(|part| starts[part + 1] += starts[part]);
        let (mut next, mut rows) = (starts.clone(), vec![0; inside.len()]);
        for row in inside {
            let next = &mut next[part_of(*row)];
            rows[*next as usize] = *row;
            *next += 1;
        }
        Some(ByWord { dictionary, starts, rows })
    }

    fn of_word(&self, word: &Text) -> &[u32] {
        let Some(code) = self.dictionary.iter().position(|other| other == word) else { return &[] };
        &self.rows[self.starts[code] as usize..self.starts[code + 1] as usize]
    }
}

fn parted<'b>(
    switch: &Switch,
    (column, steps): Of<'b>,
    owned: &Owned<'b>,
    inside: &[u32],
) -> Option<Items<'b>> {
    let mut items = Items::default();
    let is_array = each_item(switch, (column, steps), owned, inside, &mut |word, item| {
        items.entry(word).or_default().push(item);
    });
    is_array.then_some(items)
}

/// The elements with one word; none if the column is not one of arrays.
pub fn only<'b>(
    switch: &Switch,
    of: Of<'b>,
    owned: &Owned<'b>,
    inside: &[u32],
) -> Option<Vec<Item<'b>>> {
    let mut items = Vec::new();
    let is_array = each_item(switch, of, owned, inside, &mut |word, item| {
        items.extend((*word == *switch.word).then_some(item));
    });
    is_array.then_some(items)
}

/// Shows elements with the word that each has; whether the column is one of arrays.
fn each_item<'b>(
    switch: &Switch,
    (column, steps): Of<'b>,
    owned: &Owned<'b>,
    inside: &[u32],
    visit: &mut dyn FnMut(&'b str, Item<'b>),
) -> bool {
    let columns = owned.block.columns;
    let (arrays, words) = (&columns[column], &columns[switch.column]);
    if !matches!(arrays.cells, Cells::Mixed { .. }) {
        return false;
    }
    for row in inside {
        let Some(value) = arrays.mixed(*row as usize) else { continue };
        elements(value, &steps[1..], &mut |element: Element<'b>| {
            let word = match element.object {
                Some(object) => object.get(&switch.key).and_then(Value::as_text),
                None => text(words, *row as usize),
            };
            if let Some(word) = word {
                visit(word, Item { row: *row, element });
            }
        });
    }
    true
}

/// The text of a row, whatever else its column holds.
fn text(column: &Column, row: usize) -> Option<&Text> {
    column.text(row).or_else(|| column.mixed(row)?.as_text())
}
