//! `grammar/whoql.ebnf`, read as it is written and followed word by word: which
//! productions a text uses is asked of the grammar file, not of the parser.

#![allow(dead_code, unused_imports, reason = "each test takes what it needs")]

mod chart;
mod ebnf;
mod words;

use std::collections::{BTreeMap, BTreeSet};

pub use ebnf::Symbol;
pub use words::{Word, places, words};

/// The syntactic productions, by name, and what each may be.
pub struct Grammar {
    /// The named productions, in the order of the file.
    pub names: Vec<String>,
    /// What each production may be, those of groups in the file among them.
    pub rules: BTreeMap<String, Vec<Vec<Symbol>>>,
}

impl Grammar {
    /// The grammar of the repository.
    #[allow(clippy::disallowed_methods, reason = "the grammar is a file")]
    pub fn read() -> Grammar {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(root.join("grammar/whoql.ebnf")).unwrap();
        let syntactic = text.split("(* Lexical *)").next().unwrap();
        ebnf::grammar(syntactic)
    }

    /// The productions that a text uses, read as `start`; none, if it is no such text.
    pub fn used(&self, start: &str, text: &str) -> Option<BTreeSet<String>> {
        let mut used = chart::used(self, start, &words(text))?;
        used.retain(|name| self.names.contains(name));
        Some(used)
    }

    /// The named productions that can stand inside of one, and itself.
    pub fn inside(&self, start: &str) -> BTreeSet<String> {
        let (mut met, mut waiting) = (BTreeSet::new(), vec![start.to_owned()]);
        while let Some(name) = waiting.pop() {
            let Some(rules) = self.rules.get(&name) else { continue };
            if met.insert(name) {
                let symbols = rules.iter().flatten();
                waiting.extend(symbols.filter_map(|symbol| match symbol {
                    Symbol::Rule(name) => Some(name.clone()),
                    _ => None,
                }));
            }
        }
        met.retain(|name| self.names.contains(name));
        met
    }
}
