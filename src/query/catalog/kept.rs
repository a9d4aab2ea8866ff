//! What facts have shown, as plain values and back: what a checkpoint keeps.
//!
//! Definitions are not kept but told again, each with the lists of objects
//! that were known when it was made: they decide what a path through a list means.

use super::facts::{EventFacts, Facts, Names, Use};
use super::shape::{Field, Seen, Shape};
use super::{Catalog, EXAMPLES_MAX};
use crate::model::{Kind, Text, Timestamp, Value};
use std::sync::Arc;

/// Everything that facts have shown.
#[allow(missing_docs, reason = "the names are those of the fields")]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FactsKept {
    pub events: Vec<(UseKept, ShapeKept)>,
    pub attributes: ShapeKept,
    pub context: ShapeKept,
    pub sources: Vec<UseKept>,
    pub purposes: Vec<UseKept>,
}

/// What was seen of a name.
#[allow(missing_docs, reason = "the names are those of the fields")]
#[derive(Clone, Debug, PartialEq)]
pub struct UseKept {
    pub name: Text,
    pub count: u64,
    pub first: i64,
    pub last: i64,
}

/// The paths of objects, each before those inside it.
#[allow(missing_docs, reason = "the names are those of the fields")]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShapeKept {
    pub fields: Vec<FieldKept>,
    pub crowded: bool,
}

/// What was seen at one path.
#[allow(missing_docs, reason = "the names are those of the fields")]
#[derive(Clone, Debug, PartialEq)]
pub struct FieldKept {
    /// How many keys lead to it.
    pub depth: u16,
    pub key: Text,
    pub kinds: [u64; 9],
    pub elements: [u64; 9],
    pub examples: Vec<Value>,
    pub first: i64,
    pub last: i64,
}

/// By event, the paths that lead to lists of objects.
pub type Lists = Vec<(Text, Vec<Vec<Text>>)>;

/// Paths through objects are no longer than values are deep.
const DEPTH_MAX: usize = 64;

impl Catalog {
    /// What facts have shown, as plain values.
    pub fn facts_kept(&self) -> FactsKept {
        self.facts.kept()
    }

    /// Takes what facts have shown in place of what is known.
    pub fn take_facts(&mut self, kept: FactsKept) -> Option<()> {
        self.facts = Arc::new(Facts::of_kept(kept)?);
        Some(())
    }

    /// The lists of objects that are known: what a definition means may depend on them.
    pub fn lists(&self) -> Lists {
        let mut lists: Lists = self
            .facts
            .events()
            .map(|(name, facts)| (name.clone(), lists_of(&facts.properties)))
            .filter(|(_, paths)| !paths.is_empty())
            .collect();
        lists.sort();
        lists
    }

    /// Knows of facts these lists only, for a definition that is told again.
    pub fn assume_lists(&mut self, lists: &Lists) {
        let mut facts = Facts::default();
        for (name, paths) in lists {
            let mut shape = Shape::default();
            paths.iter().for_each(|path| assume(&mut shape.fields, path));
            let seen = Use { count: 1, first: Timestamp::EPOCH, last: Timestamp::EPOCH };
            facts.events.insert(name.clone(), Arc::new(EventFacts { seen, properties: shape }));
        }
        self.facts = Arc::new(facts);
    }
}

fn lists_of(shape: &Shape) -> Vec<Vec<Text>> {
    let (mut found, mut above) = (Vec::new(), Vec::new());
    collect(&shape.fields, &mut above, &mut found);
    found
}

fn collect(fields: &[Field], above: &mut Vec<Text>, found: &mut Vec<Vec<Text>>) {
    for field in fields {
        above.push(field.key.clone());
        if field.seen.elements_of_kind(Kind::Object) > 0 {
            found.push(above.clone());
        }
        collect(&field.inside, above, found);
        above.pop();
    }
}

fn assume(fields: &mut Vec<Field>, path: &[Text]) {
    let Some((key, rest)) = path.split_first() else { return };
    let place = match fields.binary_search_by(|field| field.key.cmp(key)) {
        Ok(place) => place,
        Err(place) => {
            let seen = Seen::new(Timestamp::EPOCH);
            fields.insert(place, Field { key: key.clone(), seen, inside: Vec::new() });
            place
        }
    };
    if rest.is_empty() {
        fields[place].seen.elements[Kind::Object as usize] = 1;
    }
    assume(&mut fields[place].inside, rest);
}

impl Facts {
    fn kept(&self) -> FactsKept {
        let events = self.events.iter();
        let mut events: Vec<_> = events
            .map(|(name, facts)| (use_kept(name, &facts.seen), facts.properties.kept()))
            .collect();
        events.sort_by(|a, b| a.0.name.cmp(&b.0.name));
        FactsKept {
            events,
            attributes: self.attributes.kept(),
            context: self.context.kept(),
            sources: uses_kept(&self.sources),
            purposes: uses_kept(&self.purposes),
        }
    }

    fn of_kept(kept: FactsKept) -> Option<Facts> {
        let mut facts = Facts {
            events: Names::default(),
            attributes: Arc::new(Shape::of_kept(kept.attributes)?),
            context: Arc::new(Shape::of_kept(kept.context)?),
            sources: uses_of(kept.sources)?,
            purposes: uses_of(kept.purposes)?,
        };
        for (seen, shape) in kept.events {
            let name = seen.name.clone();
            let event = EventFacts { seen: use_of(&seen)?, properties: Shape::of_kept(shape)? };
            facts.events.insert(name, Arc::new(event));
        }
        Some(facts)
    }
}

impl Shape {
    fn kept(&self) -> ShapeKept {
        let mut fields = Vec::new();
        put(&self.fields, 0, &mut fields);
        ShapeKept { fields, crowded: self.crowded }
    }

    fn of_kept(kept: ShapeKept) -> Option<Shape> {
        let n_paths = kept.fields.len();
        let mut fields = kept.fields.into_iter().peekable();
        let shape = Shape { fields: take(&mut fields, 0)?, n_paths, crowded: kept.crowded };
        fields.next().is_none().then_some(shape)
    }
}

fn put(fields: &[Field], depth: u16, out: &mut Vec<FieldKept>) {
    for field in fields {
        let seen = &field.seen;
        out.push(FieldKept {
            depth,
            key: field.key.clone(),
            kinds: seen.kinds,
            elements: seen.elements,
            examples: seen.examples.clone(),
            first: seen.first.millis(),
            last: seen.last.millis(),
        });
        put(&field.inside, depth + 1, out);
    }
}

/// The fields at a depth, each with those that follow it deeper.
fn take(
    kept: &mut std::iter::Peekable<std::vec::IntoIter<FieldKept>>,
    depth: usize,
) -> Option<Vec<Field>> {
    let mut fields = Vec::new();
    while let Some(next) = kept.next_if(|next| usize::from(next.depth) == depth) {
        if depth > DEPTH_MAX || next.examples.len() > EXAMPLES_MAX {
            return None;
        }
        let seen = Seen {
            kinds: next.kinds,
            elements: next.elements,
            examples: next.examples,
            first: Timestamp::from_millis(next.first)?,
            last: Timestamp::from_millis(next.last)?,
        };
        fields.push(Field { key: next.key, seen, inside: take(kept, depth + 1)? });
    }
    Some(fields)
}

fn use_kept(name: &Text, seen: &Use) -> UseKept {
    let (first, last) = (seen.first.millis(), seen.last.millis());
    UseKept { name: name.clone(), count: seen.count, first, last }
}

fn use_of(kept: &UseKept) -> Option<Use> {
    let (first, last) = (Timestamp::from_millis(kept.first)?, Timestamp::from_millis(kept.last)?);
    Some(Use { count: kept.count, first, last })
}

fn uses_kept(uses: &Names<Use>) -> Vec<UseKept> {
    let mut kept: Vec<_> = uses.iter().map(|(name, seen)| use_kept(name, seen)).collect();
    kept.sort_by(|a, b| a.name.cmp(&b.name));
    kept
}

fn uses_of(kept: Vec<UseKept>) -> Option<Names<Use>> {
    kept.into_iter().map(|kept| Some((kept.name.clone(), use_of(&kept)?))).collect()
}
