//! Objects: fields by key, each key once, in the order of the keys.

use super::{Text, Value};

/// Fields sorted by key; no key occurs twice.
///
/// ```
/// use throng::model::{Object, Value};
/// let object = Object::new(vec![("b".into(), Value::Bool(true)), ("a".into(), Value::Null)]).unwrap();
/// assert_eq!(object.iter().map(|(key, _)| &**key).collect::<Vec<_>>(), ["a", "b"]);
/// assert_eq!(object.get("b"), Some(&Value::Bool(true)));
/// assert_eq!((object.len(), object.is_empty()), (2, false));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Object(Vec<(Text, Value)>);

/// So many fields are looked at one by one.
const FEW: usize = 12;

/// A key that was given twice.
///
/// ```
/// use throng::model::{Object, RepeatedKey};
/// let fields = vec![("a".into(), 1.into()), ("a".into(), 2.into())];
/// assert_eq!(Object::new(fields), Err(RepeatedKey("a".into())));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepeatedKey(pub Text);

impl Object {
    /// An object of these fields, whatever their order.
    pub fn new(mut fields: Vec<(Text, Value)>) -> Result<Object, RepeatedKey> {
        if fields.is_sorted_by(|a, b| a.0 < b.0) {
            return Ok(Object(fields));
        }
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        match fields.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            Some(pair) => Err(RepeatedKey(pair[0].0.clone())),
            None => Ok(Object(fields)),
        }
    }

    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        // Of few keys most have another length, so hardly one of them is read.
        if self.0.len() <= FEW {
            return self.0.iter().find(|field| *field.0 == *key).map(|(_, value)| value);
        }
        let place = self.0.binary_search_by(|field| (*field.0).cmp(key)).ok()?;
        Some(&self.0[place].1)
    }

    /// Puts a value under a key and gives back the one that was there.
    ///
    /// ```
    /// use throng::model::Object;
    /// let mut object = Object::default();
    /// assert_eq!(object.insert("plan".into(), "free".into()), None);
    /// assert_eq!(object.insert("plan".into(), "gold".into()), Some("free".into()));
    /// ```
    pub fn insert(&mut self, key: Text, value: Value) -> Option<Value> {
        match self.0.binary_search_by(|field| field.0.cmp(&key)) {
            Ok(place) => Some(std::mem::replace(&mut self.0[place].1, value)),
            Err(place) => {
                self.0.insert(place, (key, value));
                None
            }
        }
    }

    /// Takes the value under a key away.
    ///
    /// ```
    /// use throng::model::Object;
    /// let mut object = Object::new(vec![("plan".into(), "gold".into())]).unwrap();
    /// assert_eq!(object.remove("plan"), Some("gold".into()));
    /// assert!(object.is_empty());
    /// ```
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let place = self.0.binary_search_by(|field| (*field.0).cmp(key)).ok()?;
        Some(self.0.remove(place).1)
    }

    /// The fields in the order of their keys.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &(Text, Value)> {
        self.0.iter()
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no field.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl IntoIterator for Object {
    type Item = (Text, Value);
    type IntoIter = std::vec::IntoIter<(Text, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
