//! Whatever an embedder meets shows how it is used: each public type of the
//! engine and of the model, each method of the handle and of a subscription.
//! That the examples run is the business of the doc tests.
#![allow(clippy::disallowed_methods, reason = "the sources are read")]

use std::fs;
use std::path::Path;

/// A public item, and whether its comment has an example.
struct Item {
    name: String,
    has_example: bool,
}

/// Every line of code below these rooms, file by file.
fn sources(rooms: &[&str]) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut waiting: Vec<_> = rooms.iter().map(|room| root.join(room)).collect();
    let mut sources = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|end| end == "rs") {
            sources.push(fs::read_to_string(path).unwrap());
        }
    }
    sources
}

/// The items of a text that begin with one of these, a name behind it.
fn items(text: &str, begins: &[&str]) -> Vec<Item> {
    let (mut items, mut has_example) = (Vec::new(), false);
    for line in text.lines() {
        let name = begins.iter().find_map(|begin| line.strip_prefix(begin));
        if let Some(rest) = name {
            let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
            items.push(Item { name: name.to_owned(), has_example });
        }
        match line.trim_start() {
            comment if comment.starts_with("/// ```") => has_example = true,
            comment if comment.starts_with("///") || comment.starts_with("#[") => {}
            _ => has_example = false,
        }
    }
    items
}

/// The names that a room lets out of its door.
fn exported(room: &str) -> Vec<String> {
    let door = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room).join("mod.rs");
    let door = fs::read_to_string(door).unwrap();
    let uses = door.split("pub use ").skip(1).filter_map(|rest| rest.split(';').next());
    let names = uses.flat_map(|path| {
        let names = path.split_once('{').map_or_else(
            || path.rsplit("::").next().unwrap_or_default(),
            |(_, names)| names.trim_end().trim_end_matches('}'),
        );
        names.split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>()
    });
    names.filter(|name| !name.is_empty()).collect()
}

const TYPES: [&str; 4] = ["pub struct ", "pub enum ", "pub fn ", "pub type "];

/// What a room lets out and does not show, with the rooms where it may be defined.
fn without_example(room: &str, rooms: &[&str]) -> Vec<String> {
    let defined: Vec<Item> =
        sources(rooms).iter().flat_map(|source| items(source, &TYPES)).collect();
    let shown = |name: &String| defined.iter().any(|item| item.name == *name && item.has_example);
    let is_constant = |name: &String| name.chars().all(|c| c.is_uppercase() || c == '_');
    exported(room).into_iter().filter(|name| !is_constant(name) && !shown(name)).collect()
}

#[test]
fn each_type_of_the_engine_has_an_example() {
    assert!(exported("engine").len() >= 20, "{:?}", exported("engine"));
    assert_eq!(without_example("engine", &["engine", "store"]), [] as [&str; 0]);
}

#[test]
fn each_type_of_the_model_has_an_example() {
    assert!(exported("model").len() >= 20, "{:?}", exported("model"));
    assert_eq!(without_example("model", &["model"]), [] as [&str; 0]);
}

#[test]
fn each_method_of_the_handle_and_of_a_subscription_has_an_example() {
    let sources = sources(&["engine"]);
    for (owner, least) in [("Throng", 15), ("Subscription", 2), ("Pending", 1), ("Ask", 0)] {
        let begin = format!("\nimpl {owner} {{");
        let blocks = sources.iter().flat_map(|source| source.split(&begin).skip(1));
        let blocks = blocks.filter_map(|rest| rest.split("\n}").next());
        let methods: Vec<Item> = blocks.flat_map(|block| items(block, &["    pub fn "])).collect();
        let silent: Vec<&str> =
            methods.iter().filter(|it| !it.has_example).map(|it| it.name.as_str()).collect();
        assert_eq!(silent, [] as [&str; 0], "of {owner}");
        assert!(methods.len() >= least, "{} methods of {owner}", methods.len());
    }
}
