//! The tree-sitter grammar: statements, definitions, groups and the classes of
//! words. It is made to colour and to fold, and accepts more than the language
//! does: what is wrong is told by the language server.

use super::{BEFORE_PATTERN, MADE, free, literals, logic, reserved, units};
use serde_json::{Value, json};
use std::fmt::Write;

/// A rule of the grammar, in the form that tree-sitter keeps.
fn symbol(name: &str) -> Value {
    json!({"type": "SYMBOL", "name": name})
}

fn string(text: &str) -> Value {
    json!({"type": "STRING", "value": text})
}

fn pattern(expression: &str) -> Value {
    json!({"type": "PATTERN", "value": expression})
}

fn token(content: Value) -> Value {
    json!({"type": "TOKEN", "content": content})
}

fn sequence(members: Vec<Value>) -> Value {
    json!({"type": "SEQ", "members": members})
}

fn choice(members: Vec<Value>) -> Value {
    json!({"type": "CHOICE", "members": members})
}

fn repeat(content: Value) -> Value {
    json!({"type": "REPEAT", "content": content})
}

fn repeat1(content: Value) -> Value {
    json!({"type": "REPEAT1", "content": content})
}

fn optional(content: Value) -> Value {
    choice(vec![content, json!({"type": "BLANK"})])
}

fn field(name: &str, content: Value) -> Value {
    json!({"type": "FIELD", "name": name, "content": content})
}

fn alias(content: Value, name: &str) -> Value {
    json!({"type": "ALIAS", "content": content, "named": true, "value": name})
}

/// A word in any case of its letters.
fn any_case(word: &str) -> String {
    let letter = |c: char| match c.is_ascii_alphabetic() {
        true => format!("[{}{}]", c.to_ascii_lowercase(), c.to_ascii_uppercase()),
        false => c.to_string(),
    };
    word.chars().map(letter).collect()
}

fn any_of(words: &[&str]) -> Value {
    let words: Vec<String> = words.iter().map(|word| any_case(word)).collect();
    token(pattern(&words.join("|")))
}

/// The classes of words; the first that has a word takes it, where several fit.
const CLASSES: [&str; 6] =
    ["pattern_keyword", "logical", "literal", "unit", "keyword", "free_keyword"];

fn rules() -> Vec<(&'static str, Value)> {
    let quoted = choice(vec![symbol("string"), symbol("quoted_identifier")]);
    let but = |words: Vec<&'static str>| {
        words.into_iter().filter(|word| !BEFORE_PATTERN.contains(word)).collect::<Vec<_>>()
    };
    let as_name = |class: &&str| alias(symbol(class), "identifier");
    let word: Vec<Value> =
        std::iter::once(symbol("identifier")).chain(CLASSES.iter().map(as_name)).collect();
    let mut items = vec!["group", "list_place", "accessor", "pattern_test"];
    items.extend(&CLASSES[1..]);
    items.extend(["identifier", "quoted_identifier", "string", "timestamp", "date", "percent"]);
    items.extend(["duration", "number", "parameter", "operator", "separator"]);
    let statement = choice(vec![symbol("definition"), symbol("statement")]);
    vec![
        (
            "program",
            sequence(vec![
                optional(statement.clone()),
                repeat(sequence(vec![string(";"), optional(statement)])),
            ]),
        ),
        ("statement", repeat1(symbol("_item"))),
        (
            "definition",
            sequence(vec![
                alias(symbol("create"), "keyword"),
                optional(sequence(vec![
                    alias(symbol("or"), "keyword"),
                    alias(symbol("replace"), "keyword"),
                ])),
                field("kind", symbol("kind")),
                field("name", symbol("_name")),
                repeat(symbol("_item")),
            ]),
        ),
        ("_name", choice([vec![quoted], word.clone()].concat())),
        ("_word", choice([vec![symbol("quoted_identifier")], word].concat())),
        ("_item", choice(items.into_iter().map(symbol).collect())),
        ("group", sequence(vec![string("("), repeat(symbol("_item")), string(")")])),
        ("list_place", sequence(vec![string("["), symbol("number"), string("]")])),
        ("accessor", sequence(vec![string("."), field("key", symbol("_word"))])),
        (
            "pattern_test",
            sequence(vec![
                alias(symbol("pattern_keyword"), "keyword"),
                optional(symbol("pattern")),
            ]),
        ),
        ("create", any_of(&["create"])),
        ("or", any_of(&["or"])),
        ("replace", any_of(&["replace"])),
        ("kind", any_of(&MADE)),
        ("pattern_keyword", any_of(&BEFORE_PATTERN)),
        ("logical", any_of(&but(logic()))),
        ("literal", any_of(&but(literals()))),
        ("unit", any_of(&but(units()))),
        ("keyword", any_of(&but(reserved()))),
        ("free_keyword", any_of(&but(free()))),
        ("identifier", token(pattern(r"[\p{L}\p{Nl}_][\p{L}\p{M}\p{N}_]*"))),
        ("quoted_identifier", token(pattern(r"`[^`\n]+`"))),
        ("string", token(pattern(r#""([^"\\\n]|\\.)*""#))),
        ("pattern", token(pattern(r"/([^/\\\n]|\\.)*/i?"))),
        ("timestamp", token(pattern(r"\d{4}-\d{2}-\d{2}[Tt][0-9:.]+([Zz]|[+-][0-9:]+)"))),
        ("date", token(pattern(r"\d{4}-\d{2}-\d{2}"))),
        ("percent", token(pattern(r"\d+(\.\d+)?%"))),
        ("duration", token(pattern(r"\d+([mM][sS]|[sSmMhHdDwW])"))),
        ("number", token(pattern(r"\d+(\.\d+)?"))),
        ("parameter", token(pattern(r"\$[\p{L}_][\p{L}\p{M}\p{N}_]*"))),
        ("operator", token(pattern("!=|<=|>=|[-+*/<>=]"))),
        ("separator", token(pattern("[,:]"))),
        ("comment", token(pattern("--[^\n]*"))),
    ]
}

/// The grammar as tree-sitter keeps it. The order of the rules matters: the
/// first is the start, and of two that fit a word the earlier takes it.
pub fn grammar_json() -> String {
    let rules = rules().into_iter().map(|(name, rule)| format!("{}:{rule}", json!(name)));
    let rules: Vec<String> = rules.collect();
    let extras = json!([pattern(r"\s"), symbol("comment")]);
    format!(
        "{{\"name\":\"who\",\"rules\":{{{}}},\"extras\":{extras},\"conflicts\":[],\
         \"precedences\":[],\"externals\":[],\"inline\":[\"_name\",\"_word\"],\
         \"supertypes\":[]}}",
        rules.join(",")
    )
}

/// The same as it is written in JavaScript.
pub fn grammar_js() -> String {
    let mut out = String::from(
        "// Made from the table of keywords by `UPDATE_EXPECT=1 cargo test --test editors`.\n\n\
         module.exports = grammar({\n  name: \"who\",\n\n  \
         extras: ($) => [/\\s/, $.comment],\n\n  inline: ($) => [$._name, $._word],\n\n  rules: {\n",
    );
    for (name, rule) in rules() {
        let _ = writeln!(out, "    {name}: ($) => {},\n", js(&rule));
    }
    out.truncate(out.trim_end().len());
    out + "\n  },\n});\n"
}

fn js(rule: &Value) -> String {
    let inside = |key: &str| js(&rule[key]);
    let text = |key: &str| rule[key].as_str().unwrap_or_default();
    let members = || {
        let members = rule["members"].as_array().into_iter().flatten();
        members.map(js).collect::<Vec<_>>().join(", ")
    };
    match text("type") {
        "SYMBOL" => format!("$.{}", text("name")),
        "STRING" => rule["value"].to_string(),
        "PATTERN" => {
            // A slash ends an expression, except in a set and behind a backslash.
            let escaped = text("value").replace('/', "\\/").replace('\n', "\\n");
            let unicode = if escaped.contains("\\p{") { "u" } else { "" };
            format!("/{escaped}/{unicode}")
        }
        "TOKEN" => format!("token({})", inside("content")),
        "SEQ" => format!("seq({})", members()),
        "CHOICE" if rule["members"][1]["type"] == "BLANK" => {
            format!("optional({})", js(&rule["members"][0]))
        }
        "CHOICE" => format!("choice({})", members()),
        "REPEAT" => format!("repeat({})", inside("content")),
        "REPEAT1" => format!("repeat1({})", inside("content")),
        "FIELD" => format!("field({}, {})", rule["name"], inside("content")),
        "ALIAS" => format!("alias({}, $.{})", inside("content"), text("value")),
        other => panic!("{other} has no form"),
    }
}

/// How the nodes are coloured.
pub fn highlights() -> String {
    let lines = [
        ("comment", "comment"),
        ("string", "string"),
        ("pattern", "string.regexp"),
        ("timestamp", "constant"),
        ("date", "constant"),
        ("percent", "number"),
        ("duration", "number"),
        ("number", "number"),
        ("parameter", "variable.parameter"),
        ("literal", "constant.builtin"),
        ("unit", "keyword"),
        ("logical", "keyword.operator"),
        ("keyword", "keyword"),
        ("free_keyword", "keyword"),
        ("kind", "type.builtin"),
        ("operator", "operator"),
        ("identifier", "variable"),
        ("quoted_identifier", "variable"),
    ];
    let mut out = String::from("; Made with the grammar; see tests/editors.rs.\n\n");
    for (node, colour) in lines {
        let _ = writeln!(out, "({node}) @{colour}");
    }
    out + "(definition name: (_) @type)\n(accessor key: (_) @property)\n[\"(\" \")\" \"[\" \"]\"] @punctuation.bracket\n\";\" @punctuation.delimiter\n"
}
