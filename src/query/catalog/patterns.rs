//! How many regular expressions standing audiences may look for.

use super::Catalog;
use crate::lang::tree::Name;
use crate::lang::{Code, Diagnostic};
use crate::model::limits::STANDING_PATTERNS_MAX;
use crate::query::footprint::footprint;
use crate::query::predicate::Condition;
use std::collections::BTreeSet;

impl Catalog {
    /// Refuses an audience with which there would be too many expressions: each
    /// is looked for in every event that it is about.
    pub(super) fn may_look_for(
        &self,
        condition: &Condition,
        name: &Name,
    ) -> Result<(), Vec<Diagnostic>> {
        let wanted = footprint(condition).patterns;
        if wanted.is_empty() {
            return Ok(());
        }
        let others = self.audiences().filter(|other| other.name != name.node);
        let standing = others.flat_map(|other| footprint(&other.condition).patterns);
        let all: BTreeSet<String> = standing.chain(wanted).collect();
        if all.len() <= STANDING_PATTERNS_MAX {
            return Ok(());
        }
        let message = format!(
            "standing audiences look for at most {STANDING_PATTERNS_MAX} regular expressions, \
             these would be {}",
            all.len()
        );
        let found = Diagnostic::error(Code::StandingPatterns, name.span, message)
            .help("use `contains`, `starts with`, `ends with` or `one of` where they do")
            .help("or: ask it as a question, which may look for any number");
        Err(vec![found])
    }
}
