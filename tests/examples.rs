//! Whatever an embedder meets shows how it is used. That the examples run is
//! the business of the doc tests; here is seen that they are there:
//!
//! - each function, struct, enum and type that a public room lets out has one
//!   in its comment, and it asserts something;
//! - each method of these types has one of its own, or is called in the example
//!   of its type or of another method of it; those of the handle and of a
//!   subscription have their own;
//! - the nodes of the tree are many and small: each is named in the example of
//!   the module or of a node;
//! - what a public item mentions is let out as well, so that it can be looked up.
//!
//! What is hidden from the documentation is left out. Constants need no example.
#![allow(clippy::disallowed_methods, reason = "the sources are read")]

#[path = "support/comments.rs"]
mod comments;

use comments::{Door, Item, door, items, words};
use std::collections::BTreeSet;

/// The doors of the public rooms: what they let out is the library.
const DOORS: [&str; 6] = ["engine", "model", "wire", "wire/csv", "lang", "lang/tree"];

/// Doors of rooms that promise nothing: what goes out here alone is hidden.
const HIDDEN: [&str; 11] = [
    "audience",
    "identity",
    "index",
    "query",
    "query/catalog",
    "query/predicate",
    "report",
    "shelf",
    "state",
    "store",
    "timeline",
];

/// The items that a door lets out, each with the room where it is defined.
fn let_out(door: &Door) -> Vec<(String, Item)> {
    let defined = |name: &str, place: &str| {
        let mut found: Vec<Item> =
            items(place).into_iter().filter(|it| it.owner.is_none() && it.name == *name).collect();
        assert_eq!(found.len(), 1, "`{name}` is defined once below `{place}`");
        found.remove(0)
    };
    let is_constant = |name: &str| name.chars().all(|c| c.is_uppercase() || c == '_');
    let names = door.lets_out.iter().filter(|(name, _)| !is_constant(name));
    names.map(|(name, place)| (place.clone(), defined(name, place))).collect()
}

/// The methods of a type, wherever in its room they are.
fn methods_of<'a>(owner: &str, room: &'a [Item]) -> Vec<&'a Item> {
    let of_owner = |item: &&Item| item.owner.as_deref() == Some(owner) && !item.is_hidden;
    room.iter().filter(of_owner).collect()
}

/// The room that a place belongs to.
fn room_of(place: &str) -> &str {
    place.split('/').next().unwrap_or_default()
}

#[test]
fn each_item_has_an_example() {
    for (name, least) in DOORS.into_iter().zip([30, 30, 20, 3, 15, 40]) {
        let found = let_out(&door(name));
        assert!(found.len() >= least, "{} items of {name}", found.len());
        let is_silent = |item: &Item| match name {
            "lang/tree" => !item.examples.is_empty() && !item.examples.contains("assert"),
            _ => !item.examples.contains("assert"),
        };
        let silent: Vec<&str> = found
            .iter()
            .filter(|(_, item)| is_silent(item))
            .map(|(_, item)| item.name.as_str())
            .collect();
        assert_eq!(silent, [] as [&str; 0], "of {name}");
    }
}

#[test]
fn each_node_of_the_tree_is_named_in_an_example() {
    let tree = door("lang/tree");
    let nodes = let_out(&tree);
    let mut shown: BTreeSet<&str> = words(&tree.examples).collect();
    shown.extend(nodes.iter().flat_map(|(_, node)| words(&node.examples)));
    let names = nodes.iter().map(|(_, node)| node.name.as_str());
    assert_eq!(names.filter(|name| !shown.contains(name)).collect::<Vec<_>>(), [] as [&str; 0]);
}

#[test]
fn each_module_that_is_walked_into_has_an_example() {
    for name in ["wire/csv", "lang/tree"] {
        assert!(!door(name).examples.is_empty(), "{name}");
    }
}

#[test]
fn each_method_is_called_in_an_example() {
    let (mut n_methods, mut silent) = (0, Vec::new());
    for name in DOORS {
        for (place, item) in let_out(&door(name)) {
            let room = items(room_of(&place));
            let methods = methods_of(&item.name, &room);
            let all: Vec<&str> =
                methods.iter().map(|it| &*it.examples).chain([&*item.examples]).collect();
            let all = all.join("\n");
            let is_called = |method: &str| {
                let (of_value, of_type) = (format!(".{method}("), format!("::{method}("));
                all.contains(&of_value) || all.contains(&(item.name.clone() + &of_type))
            };
            n_methods += methods.len();
            let unseen = methods.iter().filter(|it| it.examples.is_empty() && !is_called(&it.name));
            silent.extend(unseen.map(|it| format!("{name}: {}::{}", item.name, it.name)));
        }
    }
    assert_eq!(silent, [] as [&str; 0]);
    assert!(n_methods >= 120, "{n_methods} methods");
}

#[test]
fn each_method_of_the_handle_and_of_a_subscription_has_an_example_of_its_own() {
    let engine = items("engine");
    for (owner, least) in [("Throng", 15), ("Subscription", 2), ("Pending", 1)] {
        let methods = methods_of(owner, &engine);
        let silent = methods.iter().filter(|it| it.examples.is_empty());
        assert_eq!(silent.map(|it| &*it.name).collect::<Vec<_>>(), [] as [&str; 0], "of {owner}");
        assert!(methods.len() >= least, "{} methods of {owner}", methods.len());
    }
}

#[test]
fn rooms_that_promise_nothing_are_left_out_of_the_documentation() {
    let root = include_str!("../src/lib.rs");
    let (mut shown, mut is_hidden) = (Vec::new(), false);
    for line in root.lines() {
        if let Some(room) = line.strip_prefix("pub mod ").filter(|_| !is_hidden) {
            shown.push(room.trim_end_matches(';'));
        }
        is_hidden = line == "#[cfg_attr(doc, doc(hidden))]" || (is_hidden && line.starts_with('#'));
    }
    assert_eq!(shown, ["engine", "lang", "model", "wire"]);
}

#[test]
fn what_is_mentioned_is_let_out_as_well() {
    let doors = DOORS.map(door);
    let public: BTreeSet<&str> =
        doors.iter().flat_map(|door| &door.lets_out).map(|(name, _)| name.as_str()).collect();
    let hidden = HIDDEN.map(door);
    let hidden: BTreeSet<&str> =
        hidden.iter().flat_map(|door| &door.lets_out).map(|(name, _)| name.as_str()).collect();
    let is_lost = |word: &&str| {
        word.starts_with(char::is_uppercase) && hidden.contains(word) && !public.contains(word)
    };
    let mut wrong = Vec::new();
    for door in &doors {
        for (place, item) in let_out(door) {
            let room = items(room_of(&place));
            for mentions in methods_of(&item.name, &room).into_iter().chain([&item]) {
                let lost = words(&mentions.mentions).filter(is_lost);
                wrong.extend(lost.map(|word| format!("{}::{}: {word}", item.name, mentions.name)));
            }
        }
    }
    assert_eq!(wrong, [] as [&str; 0]);
}
