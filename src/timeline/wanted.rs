//! Which streams a read wants, and which fields of their rows.

use super::column::ColumnKey;
use super::pages::PageKey;
use crate::model::{Path, Step, Stream, Text};

/// Which streams a read wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// Every one.
    All,
    /// These.
    Streams(&'a [Stream]),
}

impl Wanted<'_> {
    /// Whether rows of a stream are wanted.
    pub fn has(&self, stream: &Stream) -> bool {
        match self {
            Wanted::All => true,
            Wanted::Streams(streams) => streams.contains(stream),
        }
    }
}

/// Which fields of rows a read wants, by their first keys. Whatever else a row says
/// is read in any case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// Every one.
    pub all: bool,
    /// Of properties, or of traits.
    pub properties: Vec<Text>,
    /// Of the context.
    pub context: Vec<Text>,
}

impl Fields {
    /// Every field.
    pub const ALL: Fields = Fields { all: true, properties: Vec::new(), context: Vec::new() };

    /// What a path leads to among the properties is wanted as well.
    pub fn property(&mut self, path: &Path) {
        note(&mut self.properties, path);
    }

    /// What a path leads to in the context is wanted as well.
    pub fn context(&mut self, path: &Path) {
        note(&mut self.context, path);
    }

    pub(super) fn has(&self, key: &ColumnKey) -> bool {
        let among = |keys: &[Text], path: &Path| first(path).is_none_or(|key| keys.contains(key));
        match key {
            ColumnKey::Property(path) => self.all || among(&self.properties, path),
            ColumnKey::Context(path) => self.all || among(&self.context, path),
            _ => true,
        }
    }
}

fn note(keys: &mut Vec<Text>, path: &Path) {
    keys.extend(first(path).filter(|key| !keys.contains(key)).cloned());
}

fn first(path: &Path) -> Option<&Text> {
    match path.steps().first() {
        Some(Step::Key(key)) => Some(key),
        _ => None,
    }
}

/// A piece of all rows: each row lies in one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// What is not sealed.
    #[default]
    Tail,
    /// The stripe that begins on that page.
    Stripe {
        /// The page.
        page: PageKey,
        /// How many pages it takes.
        n_pages: u32,
        /// Whether rows of other streams lie among those that are wanted.
        filtered: bool,
    },
}
