//! The public items of the sources: their names, their owners, the examples in
//! their comments, and what they mention.

use std::fs;
use std::path::{Path, PathBuf};

/// A public item or method.
#[derive(Clone, Debug, Default)]
pub struct Item {
    pub name: String,
    /// The type whose method it is.
    pub owner: Option<String>,
    /// The code of the examples in its comment.
    pub examples: String,
    /// Its signature, its public fields or its variants.
    pub mentions: String,
    pub is_hidden: bool,
}

/// A module that lets names out.
pub struct Door {
    /// Each name, and below which place it is defined.
    pub lets_out: Vec<(String, String)>,
    /// The code of the examples in the module's comment.
    pub examples: String,
}

const KINDS: [&str; 5] = ["pub struct ", "pub enum ", "pub trait ", "pub type ", "pub fn "];

fn source_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The items below a place: a room, or a module of it as `room/module`.
pub fn items(place: &str) -> Vec<Item> {
    let root = source_root().join(place);
    let mut waiting = vec![root.with_extension("rs"), root];
    waiting.retain(|path| path.exists());
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
            found.extend(items_of(&fs::read_to_string(path).unwrap()));
        }
    }
    found
}

/// The names that the door of a module lets out, and its own examples.
pub fn door(place: &str) -> Door {
    let text = fs::read_to_string(source_root().join(place).join("mod.rs")).unwrap();
    let comment: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("//!")).collect();
    let own = items_of(&text).into_iter().filter(|item| item.owner.is_none());
    let mut lets_out: Vec<_> = own.map(|item| (item.name, format!("{place}/mod"))).collect();
    for (name, below) in uses(place, &text) {
        let below = home(&name, below);
        lets_out.push((name, below));
    }
    Door { lets_out, examples: examples(&comment) }
}

/// What the `pub use` of a door name, and where each leads.
fn uses(place: &str, text: &str) -> Vec<(String, String)> {
    let used = text.split("\npub use ").skip(1).filter_map(|rest| rest.split(';').next());
    let names = used.flat_map(|used| {
        let (path, names) = match used.split_once('{') {
            Some((path, names)) => (path.trim_end_matches("::"), names.trim_end_matches('}')),
            None => used.rsplit_once("::").unwrap_or(("", used)),
        };
        let below = match path.strip_prefix("crate::") {
            Some(room) => room.replace("::", "/"),
            None => format!("{place}/{}", path.replace("::", "/")),
        };
        let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
        names.map(|name| (name.to_owned(), below.clone())).collect::<Vec<_>>()
    });
    names.collect()
}

/// The place at which a name is defined, from door to door.
fn home(name: &str, place: String) -> String {
    let Ok(text) = fs::read_to_string(source_root().join(&place).join("mod.rs")) else {
        return place;
    };
    let next = uses(&place, &text).into_iter().find(|(known, _)| known == name);
    next.map_or(place, |(_, next)| home(name, next))
}

/// The words of a piece of code.
pub fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

fn items_of(text: &str) -> Vec<Item> {
    let lines: Vec<&str> = text.lines().collect();
    let (mut items, mut comment, mut is_hidden) = (Vec::new(), Vec::new(), false);
    // The type whose methods these are, and the line that ends them.
    let mut block: Option<(String, String)> = None;
    for (place, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        if let Some(said) = code.strip_prefix("///") {
            comment.push(said);
            continue;
        }
        if code.starts_with("//") || code.starts_with("#[") {
            is_hidden |= code.starts_with("#[doc(hidden)]");
            continue;
        }
        let indent = &line[..line.len() - code.len()];
        if code.starts_with("impl") && !code.contains(" for ") {
            block = Some((owner(code), format!("{indent}}}")));
        } else if block.as_ref().is_some_and(|(_, end)| line == end) {
            block = None;
        }
        if let Some(kind) = KINDS.iter().find(|kind| code.starts_with(**kind)) {
            items.push(Item {
                name: words(&code[kind.len()..]).next().unwrap_or_default().to_owned(),
                owner: block.as_ref().map(|(owner, _)| owner.clone()),
                examples: examples(&comment),
                mentions: mentions(kind, indent, &lines[place..]),
                is_hidden,
            });
        }
        (comment, is_hidden) = (Vec::new(), false);
    }
    items
}

/// The type of a line `impl<T> Type<T> {`.
fn owner(line: &str) -> String {
    let rest = line.trim_start_matches("impl");
    let mut depth = 0;
    let named = rest.find(|c: char| {
        depth += i32::from(c == '<') - i32::from(c == '>');
        depth == 0 && c.is_alphanumeric()
    });
    words(&rest[named.unwrap_or_default()..]).next().unwrap_or_default().to_owned()
}

/// The lines of code between fences, without the fences of other blocks.
fn examples(comment: &[&str]) -> String {
    let (mut code, mut runs, mut inside) = (String::new(), false, false);
    for line in comment.iter().map(|line| line.trim_start()) {
        match (line.strip_prefix("```"), inside) {
            (Some(language), false) => (inside, runs) = (true, language.is_empty()),
            (Some(_), true) => inside = false,
            (None, true) if runs => code += &format!("{line}\n"),
            _ => {}
        }
    }
    code
}

/// What of an item others see: a signature, public fields, variants.
fn mentions(kind: &str, indent: &str, lines: &[&str]) -> String {
    let head = lines[0];
    if kind == "pub type " || head.ends_with([';', '}']) {
        return head.to_owned();
    }
    if kind == "pub fn " {
        let signature = lines.iter().take_while(|line| !line.ends_with(['{', ';']));
        let rest = lines.iter().find(|line| line.ends_with(['{', ';']));
        return signature.chain(rest).copied().collect::<Vec<_>>().join(" ");
    }
    let end = format!("{indent}}}");
    let body = lines.iter().skip(1).take_while(|line| **line != end).map(|line| line.trim_start());
    let seen = body.filter_map(|line| match kind {
        "pub struct " => line.starts_with("pub ").then_some(line),
        _ if line.starts_with("//") => None,
        // The name of a variant is no mention of a type.
        _ => Some(line.trim_start_matches(|c: char| c.is_alphanumeric())),
    });
    seen.collect::<Vec<_>>().join(" ")
}
