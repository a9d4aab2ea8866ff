//! Paths into nested values: `items[0].price`.

use super::Text;
use std::fmt;

/// One step of a path.
///
/// ```
/// use throng::model::{Path, Step};
/// let path = Path::key("items").then(Step::Key("price".into()));
/// assert_eq!(Path::dotted("items.price"), Some(path));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The field of that name; on an array, of each element.
    Key(Text),
    /// The element at that place, from 0.
    Index(u32),
}

/// At least one step into an object; the first is a key.
///
/// ```
/// use throng::model::{Path, Step};
/// assert_eq!(Path::dotted("items.price").unwrap().steps().len(), 2);
/// assert_eq!(Path::dotted(""), None);
/// let first = Path::key("items").then(Step::Index(0));
/// assert_eq!(first.to_string(), "items[0]");
/// assert_eq!(Path::new(vec![Step::Index(0)]), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<Step>);

impl Path {
    /// The path of one key.
    pub fn key(name: impl Into<Text>) -> Path {
        Path(vec![Step::Key(name.into())])
    }

    /// A path of these steps; `None` without a key at the front.
    pub fn new(steps: Vec<Step>) -> Option<Path> {
        matches!(steps.first(), Some(Step::Key(_))).then_some(Path(steps))
    }

    /// The path of keys parted by dots, as a mapping file or a policy writes it.
    pub fn dotted(text: &str) -> Option<Path> {
        let keys: Vec<&str> = text.split('.').collect();
        keys.iter()
            .all(|key| !key.is_empty())
            .then(|| Path(keys.into_iter().map(|key| Step::Key(key.into())).collect()))
    }

    /// The steps, at least one.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// This path and then one more step.
    pub fn then(&self, step: Step) -> Path {
        let mut steps = self.0.clone();
        steps.push(step);
        Path(steps)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if place == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
