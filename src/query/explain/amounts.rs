//! What is read, and of which currency it is where that is declared.

use super::super::catalog::{Catalog, Currency};
use super::super::footprint::Footprint;
use crate::model::{Path, Step, Text};

/// What is read, beside what is declared of it.
pub(super) struct Amounts<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) reads: &'a Footprint,
}

impl Amounts<'_> {
    /// The properties that are read of an event; those of any event under no name.
    pub(super) fn of_event(&self, head: &str, name: Option<&Text>) -> String {
        let Some(paths) = self.reads.properties.get(&name.cloned()) else {
            return head.to_owned();
        };
        let shown = paths.iter().map(|path| {
            let currency = name.and_then(|name| self.of_property(name, path));
            with(&path.to_string(), currency)
        });
        format!("{head}: {}", shown.collect::<Vec<_>>().join(", "))
    }

    /// What is read of the elements of a list stands beside the list.
    fn of_property(&self, event: &Text, path: &Path) -> Option<&Currency> {
        let beside = self.reads.properties.get(&Some(event.clone())).into_iter().flatten();
        let inside = |list: &Path| {
            let steps = [list.steps(), path.steps()].concat();
            self.catalog.currency_of_property(event, &steps)
        };
        let own = self.catalog.currency_of_property(event, path.steps());
        own.or_else(|| beside.into_iter().find_map(inside))
    }

    /// The attributes that are read.
    pub(super) fn attributes(&self) -> String {
        let shown =
            self.reads.attributes.iter().map(|name| {
                with(name, self.catalog.currency_of_attribute(&[Step::Key(name.clone())]))
            });
        shown.collect::<Vec<_>>().join(", ")
    }
}

fn with(name: &str, currency: Option<&Currency>) -> String {
    match currency {
        Some(currency) => format!("{name} ({currency})"),
        None => name.to_owned(),
    }
}
