//! What knowing names takes in memory.

use super::facts::{EventFacts, Use};
use super::shape::{Field, Shape};
use super::{Catalog, Facts};
use crate::model::{Text, Value};

/// What a shared text takes beside its letters: two counters, and rounding up.
const TEXT: usize = 24;
/// An event's name in its table, and the block that its facts lie in.
const EVENT: usize = size_of::<(Text, EventFacts)>() + 32;
/// A definition beside its text: its tree, what it is resolved to, what it
/// names. They are as long as the text, with pointers between.
const PER_LETTER: usize = 32;

impl Catalog {
    /// Roughly the bytes of memory held. It walks over every name that was
    /// seen, and guesses what a definition takes by the length of its text.
    ///
    /// ```
    /// use throng::model::Timestamp;
    /// use throng::query::catalog::Catalog;
    /// let (mut catalog, before) = (Catalog::default(), Catalog::default().memory());
    /// let text = throng::lang::parse("create audience visitors is everyone");
    /// catalog.define(&text.statements[0], Timestamp::EPOCH).unwrap();
    /// assert!(catalog.memory() > before);
    /// ```
    pub fn memory(&self) -> usize {
        let audiences = self.audience_entries().map(|entry| &entry.definition);
        let definitions = audiences.chain(self.traits().map(|entry| &entry.definition));
        let models = self.models().map(|entry| &entry.definition);
        let definitions = definitions.chain(models);
        let texts = definitions.map(|definition| definition.text.len()).sum::<usize>();
        self.facts.memory() + PER_LETTER * texts
    }
}

impl Facts {
    fn memory(&self) -> usize {
        let events = self.events.iter();
        let events = events.map(|(name, facts)| EVENT + name.len() + facts.properties.memory());
        let names = self.sources.keys().chain(self.purposes.keys());
        let names = names.map(|name| size_of::<(Text, Use)>() + TEXT + name.len());
        let shapes = self.attributes.memory() + self.context.memory();
        events.sum::<usize>() + names.sum::<usize>() + shapes
    }
}

impl Shape {
    fn memory(&self) -> usize {
        self.fields.iter().map(field).sum::<usize>()
    }
}

fn field(field: &Field) -> usize {
    let examples = field.seen.examples.iter().map(value).sum::<usize>();
    let inside = field.inside.iter().map(self::field).sum::<usize>();
    size_of::<Field>() + TEXT + field.key.len() + examples + inside
}

/// An example; only short ones are kept, so no list and no object is far deeper.
fn value(example: &Value) -> usize {
    let text = example.as_text().map_or(0, |text| TEXT + text.len());
    size_of::<Value>() + text
}
