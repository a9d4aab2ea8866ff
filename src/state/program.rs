//! Several definitions in one record: they hold together, or not at all.

use super::State;
use super::apply::{ApplyError, Changes, namespace_of};
use crate::lang::Parsed;
use crate::model::{Text, counted};
use crate::query::catalog::Defined;
use crate::timeline::Pages;
use std::collections::BTreeSet;

impl State {
    /// Takes a program in. Its audiences are kept from here on, complete when
    /// this returns: no record of their own activates them.
    pub(super) fn define_all(
        &mut self,
        text: &str,
        parsed: &Parsed,
        changes: &mut Changes,
        pages: &dyn Pages,
    ) -> Result<(), ApplyError> {
        let wrong = |reason: String| ApplyError::Record { kind: "define", reason };
        if parsed.statements.is_empty() || !parsed.diagnostics.is_empty() {
            return Err(wrong(format!("it holds {} statements", parsed.statements.len())));
        }
        self.remember(text);
        let before = self.catalog.clone();
        let defined = self.catalog.define_all_again(&parsed.statements, self.at);
        let defined = defined.map_err(|found| {
            let why: Vec<String> = found.into_iter().map(|it| it.diagnostic.message).collect();
            wrong(why.join("; "))
        })?;
        let namespaces = defined.iter().filter_map(|it| it.identifier.clone()).map(namespace_of);
        changes.again = self.read_all_names_by(namespaces.collect());
        // Who is counted by another audience is let go after it has changed.
        let changed = changed(&defined);
        self.prepare(&changed, pages)?;
        for name in changed {
            self.activate(&name, pages)?;
        }
        self.end_preparing();
        for name in defined.iter().flat_map(|it| &it.dropped) {
            let version = before.audience(name).map_or(0, |audience| audience.version);
            changes.deltas.extend(self.leave(name, version));
            changes.dropped.push(name.clone());
        }
        changes.message = Some(counted(defined.len() as u64, "statement", "statements"));
        Ok(())
    }
}

/// The audiences that are to be computed anew, each once, where it was named last.
fn changed(defined: &[Defined]) -> Vec<Text> {
    let audiences: Vec<_> = defined.iter().flat_map(|it| &it.changed).collect();
    let (mut seen, mut order) = (BTreeSet::new(), Vec::new());
    for name in audiences.into_iter().rev().map(|audience| &audience.name) {
        if seen.insert(name.clone()) {
            order.push(name.clone());
        }
    }
    order.reverse();
    order
}
