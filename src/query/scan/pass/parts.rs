//! Rows of a block, parted once by the words of a column for all who ask for one.

use super::job::Owned;
use crate::model::{Step, Text, Value};
use crate::query::scan::plan::gather::{Gather, What};
use crate::query::scan::plan::switch::Switch;
use crate::query::scan::value::{Element, elements};
use crate::timeline::{Cells, Column, Elements, Worded};
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::sync::Arc;

/// What has been parted of a block.
#[derive(Default)]
pub struct Parts<'b> {
    rows: Option<(At, ByWord<'b>)>,
    items: Option<(At, Of<'b>, Option<Items>)>,
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

/// An element of an array: its row, and which it is of those that the row has.
#[derive(Clone, Copy)]
pub struct Item {
    pub row: u32,
    pub nth: u32,
    /// Whether the element itself is a value that is known.
    pub is_known: bool,
}

/// Elements by the word that they have.
type Items = HashMap<Text, Vec<Item>, FixedState>;

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
    ) -> Option<&[Item]> {
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

fn parted(switch: &Switch, of: Of<'_>, owned: &Owned<'_>, inside: &[u32]) -> Option<Items> {
    let arrays = arrays(of, owned)?;
    let mut items = Items::default();
    // Every word costs something, whether one of these rows has it or not.
    let elements = told(switch, of.1, arrays).filter(|of| of.words.len() <= inside.len());
    if let Some(elements) = elements {
        let mut by_word = vec![Vec::new(); elements.words.len()];
        each_told(arrays, &elements, inside, |word, item| by_word[usize::from(word)].push(item));
        items.extend(elements.words.iter().cloned().zip(by_word));
        return Some(items);
    }
    let words = &owned.block.columns[switch.column];
    each_item(switch, of.1, (arrays, words), inside, &mut |word, item| match items.get_mut(word) {
        Some(items) => items.push(item),
        None => drop(items.insert(word.clone(), vec![item])),
    });
    Some(items)
}

/// The elements with one word; none if the column is not one of arrays.
pub fn only(switch: &Switch, of: Of<'_>, owned: &Owned<'_>, inside: &[u32]) -> Option<Vec<Item>> {
    let arrays = arrays(of, owned)?;
    let mut items = Vec::new();
    if let Some(elements) = told(switch, of.1, arrays) {
        let place = elements.words.iter().position(|word| *word == switch.word);
        if let Some(wanted) = place {
            each_told(arrays, &elements, inside, |word, item| {
                if usize::from(word) == wanted {
                    items.push(item);
                }
            });
        }
        return Some(items);
    }
    let words = &owned.block.columns[switch.column];
    each_item(switch, of.1, (arrays, words), inside, &mut |word, item| {
        items.extend((*word == switch.word).then_some(item));
    });
    Some(items)
}

/// The column of the arrays, if it is one of them.
fn arrays<'b>((column, _): Of<'_>, owned: &Owned<'b>) -> Option<&'b Column> {
    let column: &Column = &owned.block.columns[column];
    matches!(column.cells, Cells::Mixed { .. }).then_some(column)
}

/// What is known of all elements by their words, where each has its word in itself and few
/// words are different.
fn told(switch: &Switch, steps: &[Step], arrays: &Column) -> Option<Arc<Elements>> {
    let Cells::Mixed { dictionary, .. } = &arrays.cells else { return None };
    // One row that says `null` is an element by itself.
    if !arrays.nulls.is_empty() {
        return None;
    }
    dictionary.elements(&steps[1..], &switch.key, |values| {
        let (mut told, mut places) = (Elements::default(), HashMap::new());
        let mut is_inside = true;
        for value in values {
            told.starts.push(told.each.len() as u32);
            elements(value, &steps[1..], &mut |element| {
                is_inside &= element.object.is_some();
                let word = element.object.and_then(|object| object.get(&switch.key)?.as_text());
                let word = word.map(|word| {
                    *places.entry(word).or_insert_with(|| {
                        told.words.push(word.clone());
                        told.words.len() - 1
                    })
                });
                // One word too many is found out by their number.
                let word = word.map(|place| place as u16);
                told.each.push(Worded { word, is_known: is_known(element.value) });
            });
        }
        told.starts.push(told.each.len() as u32);
        told.each.shrink_to_fit();
        (is_inside && told.words.len() <= usize::from(u16::MAX)).then_some(told)
    })
}

/// Shows elements with the place of the word that each has, by what is known of them.
fn each_told(
    arrays: &Column,
    elements: &Elements,
    inside: &[u32],
    mut visit: impl FnMut(u16, Item),
) {
    let Cells::Mixed { codes, .. } = &arrays.cells else { return };
    for row in inside.iter().filter(|row| arrays.present.get(**row as usize)) {
        for (nth, of) in (0..).zip(elements.of(codes[*row as usize] as usize)) {
            if let Worded { word: Some(word), is_known } = *of {
                visit(word, Item { row: *row, nth, is_known });
            }
        }
    }
}

/// Shows elements with the word that each has.
fn each_item(
    switch: &Switch,
    steps: &[Step],
    (arrays, words): (&Column, &Column),
    inside: &[u32],
    visit: &mut dyn FnMut(&Text, Item),
) {
    for row in inside {
        let Some(value) = arrays.mixed(*row as usize) else { continue };
        let mut nth = 0;
        elements(value, &steps[1..], &mut |element| {
            let word = match element.object {
                Some(object) => object.get(&switch.key).and_then(Value::as_text),
                None => text(words, *row as usize),
            };
            if let Some(word) = word {
                visit(word, Item { row: *row, nth, is_known: is_known(element.value) });
            }
            nth += 1;
        });
    }
}

/// The elements that a row has, in the order in which items count them.
pub fn elements_of<'b>(row: u32, (column, steps): Of<'_>, owned: &Owned<'b>) -> Vec<Element<'b>> {
    let mut found = Vec::new();
    if let Some(value) = owned.block.columns[column].mixed(row as usize) {
        elements(value, &steps[1..], &mut |element| found.push(element));
    }
    found
}

/// Whether an element counts; it is no list, since lists are taken element by element.
pub fn is_known(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Digits(_))
}

/// The text of a row, whatever else its column holds.
fn text(column: &Column, row: usize) -> Option<&Text> {
    column.text(row).or_else(|| column.mixed(row)?.as_text())
}
