//! EBNF to plain productions: groups, options and repetitions become productions
//! of their own, whose names hold a space and so are no names of the file.

use super::Grammar;
use std::collections::BTreeMap;

/// A part of a production.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Symbol {
    /// Another production.
    Rule(String),
    /// A keyword or a sign.
    Word(String),
    /// Something lexical, by its name.
    Class(String),
}

/// The grammar of a file's syntactic part. A name that no production has is lexical.
pub fn grammar(text: &str) -> Grammar {
    let mut reader = Reader { tokens: tokens(text), at: 0, rules: BTreeMap::new() };
    let mut names = Vec::new();
    while let Some(name) = reader.next() {
        assert_eq!(reader.next().as_deref(), Some("="), "behind {name}");
        let alternatives = reader.alternatives(&name);
        assert_eq!(reader.next().as_deref(), Some(";"), "the end of {name}");
        let other = reader.rules.insert(name.clone(), alternatives);
        assert!(other.is_none(), "two productions are called {name}");
        names.push(name);
    }
    let mut rules = reader.rules;
    let known: Vec<String> = rules.keys().cloned().collect();
    for symbol in rules.values_mut().flatten().flatten() {
        if let Symbol::Rule(name) = symbol
            && !known.contains(name)
        {
            *symbol = Symbol::Class(name.clone());
        }
    }
    Grammar { names, rules }
}

struct Reader {
    tokens: Vec<String>,
    at: usize,
    rules: BTreeMap<String, Vec<Vec<Symbol>>>,
}

impl Reader {
    fn next(&mut self) -> Option<String> {
        self.at += 1;
        self.tokens.get(self.at - 1).cloned()
    }

    fn is(&self, token: &str) -> bool {
        self.tokens.get(self.at).is_some_and(|next| next == token)
    }

    fn alternatives(&mut self, of: &str) -> Vec<Vec<Symbol>> {
        let mut all = vec![self.sequence(of)];
        while self.is("|") {
            self.at += 1;
            all.push(self.sequence(of));
        }
        all
    }

    fn sequence(&mut self, of: &str) -> Vec<Symbol> {
        let mut all = vec![self.part(of)];
        while self.is(",") {
            self.at += 1;
            all.push(self.part(of));
        }
        all
    }

    fn part(&mut self, of: &str) -> Symbol {
        let token = self.next().expect("a production goes on");
        let closing = match &*token {
            "(" => ")",
            "[" => "]",
            "{" => "}",
            quoted if quoted.starts_with('"') || quoted.starts_with('\'') => {
                return Symbol::Word(quoted[1..quoted.len() - 1].to_owned());
            }
            special if special.starts_with('?') => return Symbol::Class(of.to_owned()),
            _ => return Symbol::Rule(token),
        };
        let name = format!("{of} {}", self.at);
        let mut alternatives = self.alternatives(of);
        assert_eq!(self.next().as_deref(), Some(closing), "in {of}");
        if closing == "}" {
            alternatives.iter_mut().for_each(|all| all.push(Symbol::Rule(name.clone())));
        }
        if closing != ")" {
            alternatives.push(Vec::new());
        }
        self.rules.insert(name.clone(), alternatives);
        Symbol::Rule(name)
    }
}

fn tokens(text: &str) -> Vec<String> {
    let (mut tokens, mut rest) = (Vec::new(), text.trim_start());
    while let Some(first) = rest.chars().next() {
        let n = match first {
            '(' if rest.starts_with("(*") => {
                rest = rest[rest.find("*)").expect("a comment ends") + 2..].trim_start();
                continue;
            }
            '"' | '\'' | '?' => 2 + rest[1..].find(first).expect("what is quoted ends"),
            c if c.is_alphabetic() => {
                rest.find(|c: char| !(c.is_alphanumeric() || c == '-')).unwrap_or(rest.len())
            }
            _ => 1,
        };
        tokens.push(rest[..n].to_owned());
        rest = rest[n..].trim_start();
    }
    tokens
}
