//! The different values of a column of several kinds, and what is known of the elements of
//! the arrays among them.

use crate::model::{Step, Text, Value};
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Of so many words that elements have is kept which of them has which.
const KEPT: usize = 4;

/// Different values. Clones share them, and what is known of them.
#[derive(Clone, Default)]
pub struct Dictionary(Arc<Held>);

#[derive(Default)]
struct Held {
    values: Box<[Value]>,
    elements: Mutex<Vec<Found>>,
}

/// What was found out, or that there is nothing: the way to the arrays, and the key of the
/// word.
type Found = (Vec<Step>, Text, Option<Arc<Elements>>);

/// The elements of each value, as a path opens them, and a word that each of them has.
#[derive(Debug, Default)]
pub struct Elements {
    /// Each word once.
    pub words: Vec<Text>,
    /// By value where its elements begin, and where those of the last one end.
    pub starts: Vec<u32>,
    /// By element.
    pub each: Vec<Worded>,
}

/// What is known of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worded {
    /// The place of its word, if it has one.
    pub word: Option<u16>,
    /// Whether the element itself is a value that is known.
    pub is_known: bool,
}

impl Dictionary {
    /// What `make` finds out of the elements on a way by the word under a key: found out
    /// once, also that there is nothing to find.
    pub fn elements(
        &self,
        steps: &[Step],
        key: &Text,
        make: impl FnOnce(&[Value]) -> Option<Elements>,
    ) -> Option<Arc<Elements>> {
        let find = |all: &[Found]| {
            let found = all.iter().find(|(of, under, _)| of == steps && under == key);
            found.map(|(.., elements)| elements.clone())
        };
        if let Some(known) = find(&self.known()) {
            return known;
        }
        let made = make(&self.0.values).map(Arc::new);
        let mut known = self.known();
        if find(&known).is_none() {
            // The one that was found out first goes.
            if known.len() == KEPT {
                known.remove(0);
            }
            known.push((steps.to_vec(), key.clone(), made.clone()));
        }
        made
    }

    fn known(&self) -> MutexGuard<'_, Vec<Found>> {
        self.0.elements.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Elements {
    /// Those of a value, by its place in the dictionary.
    pub fn of(&self, value: usize) -> &[Worded] {
        let ends = (self.starts.get(value), self.starts.get(value + 1));
        let (Some(from), Some(to)) = ends else { return &[] };
        self.each.get(*from as usize..*to as usize).unwrap_or_default()
    }
}

impl Deref for Dictionary {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.0.values
    }
}

impl FromIterator<Value> for Dictionary {
    fn from_iter<I: IntoIterator<Item = Value>>(values: I) -> Dictionary {
        let values = values.into_iter().collect();
        Dictionary(Arc::new(Held { values, ..Held::default() }))
    }
}

impl PartialEq for Dictionary {
    fn eq(&self, other: &Dictionary) -> bool {
        self[..] == other[..]
    }
}

impl Eq for Dictionary {}

impl fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self[..].fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_out_first_goes_and_clones_know_the_same() {
        let dictionary: Dictionary = [Value::from(1), Value::from(2)].into_iter().collect();
        let found = |of: u16| Elements {
            starts: vec![0, 0, 1],
            each: vec![Worded { word: Some(of), is_known: true }],
            ..Elements::default()
        };
        let (unmade, key) = (|_: &[Value]| -> Option<Elements> { panic!() }, Text::from("k"));
        for n in 0..KEPT as u32 {
            let made = dictionary.elements(&[Step::Index(n)], &key, |_| Some(found(n as u16)));
            assert_eq!(made.unwrap().of(1), [Worded { word: Some(n as u16), is_known: true }]);
        }
        let known = dictionary.clone().elements(&[Step::Index(0)], &key, unmade).unwrap();
        assert_eq!((known.of(0).len(), known.of(1)[0].word, known.of(2).len()), (0, Some(0), 0));
        assert!(
            dictionary.elements(&[], &key, |values| (values.len() > 2).then(|| found(9))).is_none()
        );
        assert!(dictionary.elements(&[], &key, unmade).is_none());
        let other = Text::from("other");
        assert!(dictionary.elements(&[], &other, |_| Some(found(5))).is_some());
        let again = dictionary.elements(&[Step::Index(0)], &key, |_| Some(found(7)));
        assert_eq!(again.unwrap().of(1)[0].word, Some(7));
    }
}
