//! Following a grammar through a text, all readings at once (Earley's way), and
//! then one of them back.

use super::{Grammar, Symbol, Word};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A production by number, how much of it is read, and from which word on.
type Item = (usize, usize, usize);

struct Rules<'a> {
    all: Vec<(&'a str, &'a [Symbol])>,
    of: BTreeMap<&'a str, Vec<usize>>,
}

/// What is read up to each word.
struct Column {
    items: Vec<Item>,
    known: HashSet<Item>,
    /// Items that wait for a production to end, by its name.
    waiting: HashMap<String, Vec<Item>>,
}

/// The productions that a reading of these words uses.
pub fn used(grammar: &Grammar, start: &str, words: &[Word]) -> Option<BTreeSet<String>> {
    let mut rules = Rules { all: Vec::new(), of: BTreeMap::new() };
    for (name, alternatives) in &grammar.rules {
        for alternative in alternatives {
            rules.of.entry(name).or_default().push(rules.all.len());
            rules.all.push((name, alternative));
        }
    }
    let columns = columns(&rules, start, words);
    let is_whole =
        |rule: &usize| columns[words.len()].known.contains(&(*rule, rules.all[*rule].1.len(), 0));
    rules.of[start].iter().any(is_whole).then(|| back(&rules, &columns, start, words.len()))
}

fn columns(rules: &Rules<'_>, start: &str, words: &[Word]) -> Vec<Column> {
    let new = || Column { items: Vec::new(), known: HashSet::new(), waiting: HashMap::new() };
    let mut columns: Vec<Column> = (0..=words.len()).map(|_| new()).collect();
    for rule in &rules.of[start] {
        add(&mut columns[0], (*rule, 0, 0));
    }
    for at in 0..=words.len() {
        let mut next = 0;
        while let Some(item) = columns[at].items.get(next).copied() {
            next += 1;
            step(rules, &mut columns, words, at, item);
        }
    }
    columns
}

fn add(column: &mut Column, item: Item) {
    if column.known.insert(item) {
        column.items.push(item);
    }
}

fn step(rules: &Rules<'_>, columns: &mut [Column], words: &[Word], at: usize, item: Item) {
    let (rule, dot, origin) = item;
    let (name, symbols) = rules.all[rule];
    match symbols.get(dot) {
        None => {
            let waiting = columns[origin].waiting.get(name).cloned().unwrap_or_default();
            for (rule, dot, origin) in waiting {
                add(&mut columns[at], (rule, dot + 1, origin));
            }
        }
        Some(Symbol::Rule(inner)) => {
            columns[at].waiting.entry(inner.clone()).or_default().push(item);
            for rule in &rules.of[&**inner] {
                add(&mut columns[at], (*rule, 0, at));
            }
            // One that may be empty has perhaps ended here already.
            let ended = rules.of[&**inner]
                .iter()
                .any(|rule| columns[at].known.contains(&(*rule, rules.all[*rule].1.len(), at)));
            if ended {
                add(&mut columns[at], (rule, dot + 1, origin));
            }
        }
        Some(symbol) => {
            if words.get(at).is_some_and(|word| fits(symbol, word)) {
                add(&mut columns[at + 1], (rule, dot + 1, origin));
            }
        }
    }
}

fn fits(symbol: &Symbol, word: &Word) -> bool {
    match symbol {
        Symbol::Word(written) => word.is(written),
        Symbol::Class(class) => word.is_a(class),
        Symbol::Rule(_) => false,
    }
}

/// The productions of one reading that ends at the last word.
fn back(rules: &Rules<'_>, columns: &[Column], start: &str, end: usize) -> BTreeSet<String> {
    let (mut used, mut met) = (BTreeSet::new(), HashSet::new());
    let mut waiting = vec![(start.to_owned(), 0, end)];
    while let Some((name, from, to)) = waiting.pop() {
        if !met.insert((name.clone(), from, to)) {
            continue;
        }
        let ended =
            |rule: &&usize| columns[to].known.contains(&(**rule, rules.all[**rule].1.len(), from));
        let rule = *rules.of[&*name].iter().find(ended).expect("it was read");
        used.insert(name);
        let symbols = rules.all[rule].1;
        let mut at = to;
        for (dot, symbol) in symbols.iter().enumerate().rev() {
            let Symbol::Rule(inner) = symbol else {
                at -= 1;
                continue;
            };
            let begun = |begin: &usize| {
                columns[*begin].known.contains(&(rule, dot, from))
                    && rules.of[&**inner].iter().any(|rule| {
                        columns[at].known.contains(&(*rule, rules.all[*rule].1.len(), *begin))
                    })
            };
            let begin = (from..=at).rev().find(begun).expect("it was read from somewhere");
            waiting.push((inner.clone(), begin, at));
            at = begin;
        }
    }
    used
}
