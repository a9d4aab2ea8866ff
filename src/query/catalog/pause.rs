//! Audiences of which changes are not announced for a while.

use super::Catalog;
use super::change::Key;
use super::define::{Defined, Done};
use crate::lang::tree::Name;
use std::sync::Arc;

impl Catalog {
    pub(super) fn pause(&mut self, resumes: bool, name: &Name) -> Done {
        let key = Key::Audience(name.node.clone());
        let definitions = Arc::make_mut(&mut self.definitions);
        let Some(entry) = definitions.audiences.get_mut(&name.node) else {
            return Err(vec![self.nothing_there(&key, name)]);
        };
        let differs = std::mem::replace(&mut entry.paused, !resumes) == resumes;
        let message = match (resumes, differs) {
            (true, true) => format!("{} is announced again", key.words()),
            (true, false) => format!("{} was not paused", key.words()),
            (false, true) => format!("{} is announced no more until `resume`", key.words()),
            (false, false) => format!("{} is paused already", key.words()),
        };
        let announces = differs.then(|| (name.node.clone(), resumes));
        Ok(Defined { announces, message, ..Defined::default() })
    }
}
