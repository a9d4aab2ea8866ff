//! Whose days: those of a zone, or of the person.

use super::attribute::attribute;
use super::place::Seen;
use crate::model::{Path, Value, Zone};
use crate::query::predicate::Local;

impl Seen<'_> {
    /// Where local days begin for the person, by what is known of them now.
    pub(crate) fn zone(&self, local: &Local) -> Zone {
        match local {
            Local::In(zone) => zone.clone(),
            Local::Theirs(common) => match attribute(&Path::key("timezone"), *self) {
                Value::Text(name) => Zone::named(&name).unwrap_or_else(|_| common.clone()),
                _ => common.clone(),
            },
        }
    }
}
