//! Which paths were seen in objects, with which kinds of values.
//!
//! Fields are kept in the order of their keys, as objects are, so noting an
//! object of a known shape walks two sorted lists and allocates nothing.

use crate::model::{Kind, Object, Step, Text, Timestamp, Value, same};

/// Paths that one shape keeps; keys beyond are counted as crowded.
pub const PATHS_PER_SHAPE_MAX: usize = 4_096;
/// Examples that are kept of each path.
pub const EXAMPLES_MAX: usize = 5;
/// Bytes of a text that is kept as an example.
const EXAMPLE_BYTES_MAX: usize = 48;
/// Values of a path that are looked at for examples: a path of two values
/// would be searched for a third for ever.
const VALUES_FOR_EXAMPLES: u64 = 1_000;

/// The paths of objects of one sort, and what was seen at each.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    pub(super) fields: Vec<Field>,
    pub(super) n_paths: usize,
    pub(super) crowded: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) key: Text,
    pub(super) seen: Seen,
    pub(super) inside: Vec<Field>,
}

/// What was seen at one path.
#[derive(Clone, Debug)]
pub struct Seen {
    pub(super) kinds: [u64; 9],
    pub(super) elements: [u64; 9],
    pub(super) examples: Vec<Value>,
    /// The least event time of a value.
    pub first: Timestamp,
    /// The greatest.
    pub last: Timestamp,
}

impl Shape {
    /// Notes every path of an object.
    pub fn note(&mut self, object: &Object, when: Timestamp) {
        let mut room = PATHS_PER_SHAPE_MAX.saturating_sub(self.n_paths);
        let before = room;
        self.crowded |= note_fields(&mut self.fields, object, when, &mut room);
        self.n_paths += before - room;
    }

    /// What was seen at a path; places in lists do not matter.
    pub fn at(&self, steps: &[Step]) -> Option<&Seen> {
        let mut fields = &self.fields;
        let mut found = None;
        for key in steps.iter().filter_map(key_of) {
            let place = fields.binary_search_by(|field| (*field.key).cmp(key)).ok()?;
            found = Some(&fields[place].seen);
            fields = &fields[place].inside;
        }
        found
    }

    /// Whether keys were left out, so that a path that is not here may exist.
    pub fn is_crowded(&self) -> bool {
        self.crowded
    }

    /// Every path and what was seen there, outer paths before inner ones.
    pub fn paths(&self) -> Vec<(String, &Seen)> {
        let mut found = Vec::with_capacity(self.n_paths);
        collect(&self.fields, "", &mut found);
        found
    }

    /// The keys right below a path, with their use.
    pub fn keys_below(&self, steps: &[Step]) -> Vec<(&str, u64)> {
        let mut fields = &self.fields;
        for key in steps.iter().filter_map(key_of) {
            match fields.binary_search_by(|field| (*field.key).cmp(key)) {
                Ok(place) => fields = &fields[place].inside,
                Err(_) => return Vec::new(),
            }
        }
        fields.iter().map(|field| (&*field.key, field.seen.count())).collect()
    }

    /// Drops every example that equals a value of this object.
    pub fn forget(&mut self, object: &Object) {
        forget_fields(&mut self.fields, object);
    }
}

impl Seen {
    pub(super) fn new(when: Timestamp) -> Seen {
        Seen { kinds: [0; 9], elements: [0; 9], examples: Vec::new(), first: when, last: when }
    }

    fn note(&mut self, value: &Value, when: Timestamp) {
        self.kinds[value.kind() as usize] += 1;
        self.first = self.first.min(when);
        self.last = self.last.max(when);
        self.keep_example(value);
    }

    fn keep_example(&mut self, value: &Value) {
        if self.examples.len() < EXAMPLES_MAX
            && self.count() <= VALUES_FOR_EXAMPLES
            && is_short(value)
            && !self.examples.contains(value)
        {
            self.examples.push(value.clone());
        }
    }

    /// How many values were seen, nulls left out.
    pub fn count(&self) -> u64 {
        self.kinds.iter().sum::<u64>() - self.kinds[Kind::Null as usize]
    }

    /// How many values of that kind were seen.
    pub fn of_kind(&self, kind: Kind) -> u64 {
        self.kinds[kind as usize]
    }

    /// How many elements of lists were of that kind.
    pub fn elements_of_kind(&self, kind: Kind) -> u64 {
        self.elements[kind as usize]
    }

    /// The kinds that were seen, the most frequent first.
    pub fn kinds(&self) -> Vec<(Kind, u64)> {
        let mut kinds: Vec<(Kind, u64)> =
            KINDS.iter().map(|kind| (*kind, self.of_kind(*kind))).filter(|(_, n)| *n > 0).collect();
        kinds.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        kinds
    }

    /// Some of the short values, in the order in which they came.
    pub fn examples(&self) -> &[Value] {
        &self.examples
    }
}

/// Every kind, in the order of its declaration.
pub const KINDS: [Kind; 9] = [
    Kind::Null,
    Kind::Bool,
    Kind::Number,
    Kind::Text,
    Kind::Instant,
    Kind::Date,
    Kind::Duration,
    Kind::List,
    Kind::Object,
];

fn key_of(step: &Step) -> Option<&str> {
    match step {
        Step::Key(key) => Some(key),
        Step::Index(_) => None,
    }
}

fn is_short(value: &Value) -> bool {
    match value {
        Value::Text(text) | Value::Digits(text) => text.len() <= EXAMPLE_BYTES_MAX,
        Value::Null | Value::List(_) | Value::Object(_) => false,
        _ => true,
    }
}

/// Notes the fields; says whether a new key found no room.
fn note_fields(
    fields: &mut Vec<Field>,
    object: &Object,
    when: Timestamp,
    room: &mut usize,
) -> bool {
    let (mut from, mut crowded) = (0, false);
    for (key, value) in object.iter() {
        match locate(fields, from, key) {
            Ok(place) => from = place,
            Err(_) if *room == 0 => {
                crowded = true;
                continue;
            }
            Err(place) => {
                *room -= 1;
                let field = Field { key: key.clone(), seen: Seen::new(when), inside: Vec::new() };
                fields.insert(place, field);
                from = place;
            }
        }
        crowded |= note_value(&mut fields[from], value, when, room);
        from += 1;
    }
    crowded
}

/// Where the key stands at or after `from`: most often right there.
fn locate(fields: &[Field], from: usize, key: &str) -> Result<usize, usize> {
    match fields.get(from) {
        Some(field) if same(&field.key, key) => Ok(from),
        _ => fields[from..]
            .binary_search_by(|field| (*field.key).cmp(key))
            .map(|place| from + place)
            .map_err(|place| from + place),
    }
}

fn note_value(field: &mut Field, value: &Value, when: Timestamp, room: &mut usize) -> bool {
    field.seen.note(value, when);
    match value {
        Value::Object(object) => note_fields(&mut field.inside, object, when, room),
        Value::List(elements) => {
            let mut crowded = false;
            for element in elements {
                field.seen.elements[element.kind() as usize] += 1;
                field.seen.keep_example(element);
                if let Value::Object(object) = element {
                    crowded |= note_fields(&mut field.inside, object, when, room);
                }
            }
            crowded
        }
        _ => false,
    }
}

fn collect<'a>(fields: &'a [Field], above: &str, found: &mut Vec<(String, &'a Seen)>) {
    for field in fields {
        let path =
            if above.is_empty() { field.key.to_string() } else { format!("{above}.{}", field.key) };
        found.push((path.clone(), &field.seen));
        collect(&field.inside, &path, found);
    }
}

fn forget_fields(fields: &mut [Field], object: &Object) {
    for (key, value) in object.iter() {
        if let Ok(place) = locate(fields, 0, key) {
            forget_value(&mut fields[place], value);
        }
    }
}

fn forget_value(field: &mut Field, value: &Value) {
    field.seen.examples.retain(|example| example != value);
    match value {
        Value::Object(object) => forget_fields(&mut field.inside, object),
        Value::List(elements) => elements.iter().for_each(|element| forget_value(field, element)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(fields: Vec<(&str, Value)>) -> Object {
        let fields = fields.into_iter().map(|(key, value)| (Text::from(key), value));
        Object::new(fields.collect()).unwrap()
    }

    fn at(shape: &Shape, path: &str) -> Option<(Vec<(Kind, u64)>, usize)> {
        let path = crate::model::Path::dotted(path).unwrap();
        shape.at(path.steps()).map(|seen| (seen.kinds(), seen.examples().len()))
    }

    #[test]
    fn paths_lead_through_objects_and_lists() {
        let mut shape = Shape::default();
        let item = |price: i64| Value::Object(object(vec![("price", price.into())]));
        for (n, country) in [(1, "SK"), (2, "CZ"), (3, "SK")] {
            let items = Value::List(vec![item(n), item(7)]);
            let place = Value::Object(object(vec![("country", country.into())]));
            shape.note(&object(vec![("items", items), ("place", place)]), Timestamp::EPOCH);
        }
        assert_eq!(at(&shape, "items"), Some((vec![(Kind::List, 3)], 0)));
        assert_eq!(at(&shape, "items.price"), Some((vec![(Kind::Number, 6)], 4)));
        assert_eq!(at(&shape, "place.country"), Some((vec![(Kind::Text, 3)], 2)));
        assert_eq!(at(&shape, "place.city"), None);
        let paths: Vec<String> = shape.paths().into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["items", "items.price", "place", "place.country"]);
    }

    #[test]
    fn keys_in_any_order_of_arrival_stay_sorted_and_counted() {
        let mut shape = Shape::default();
        for keys in [vec!["m"], vec!["z", "a"], vec!["a", "k", "m"], vec!["z"]] {
            let fields = keys.into_iter().map(|key| (key, Value::Bool(true))).collect();
            shape.note(&object(fields), Timestamp::EPOCH);
        }
        assert_eq!(shape.keys_below(&[]), [("a", 2), ("k", 1), ("m", 2), ("z", 2)]);
    }

    #[test]
    fn too_many_keys_make_a_shape_crowded_and_no_larger() {
        let mut shape = Shape::default();
        for n in 0..PATHS_PER_SHAPE_MAX + 10 {
            shape.note(&object(vec![(&format!("key{n}"), Value::Bool(true))]), Timestamp::EPOCH);
        }
        assert!(shape.is_crowded());
        assert_eq!(shape.paths().len(), PATHS_PER_SHAPE_MAX);
    }

    #[test]
    fn a_forgotten_value_is_no_example_any_more() {
        let mut shape = Shape::default();
        let ada = object(vec![("email", "ada@example.org".into())]);
        shape.note(&ada, Timestamp::EPOCH);
        shape.note(&object(vec![("email", "bob@example.org".into())]), Timestamp::EPOCH);
        shape.forget(&ada);
        assert_eq!(at(&shape, "email"), Some((vec![(Kind::Text, 2)], 1)));
    }
}
