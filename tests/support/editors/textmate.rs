//! The TextMate grammar, and a small reader of such grammars.

use super::{BEFORE_PATTERN, MADE, free, literals, logic, reserved, units};
use regex::Regex;
use serde_json::{Value, json};

/// A letter or `_`, then letters, digits, `_` and combining marks.
const NAME: &str = r"[^\W\d]\w*";

fn words(words: &[&str]) -> String {
    format!(r"(?i)\b(?:{})\b", words.join("|"))
}

/// The grammar as a file of its own.
pub fn textmate() -> String {
    let quoted = r#""(?:[^"\\\n]|\\.)*""#;
    let named = format!(r"(?:{NAME}|`[^`\n]*`|{quoted})");
    let grammar = json!({
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "WhoQL",
        "scopeName": "source.who",
        "fileTypes": ["who"],
        "patterns": [
            {"name": "comment.line.double-dash.who", "match": "--.*$"},
            {
                "name": "string.quoted.double.who",
                "match": quoted,
                "captures": {"0": {"patterns": [
                    {"name": "constant.character.escape.who", "match": r#"\\(?:["\\ntr]|u\{[0-9A-Fa-f]{1,6}\})"#}
                ]}}
            },
            {"name": "variable.other.quoted.who", "match": r"`[^`\n]*`"},
            {
                "match": format!(r"(?i)\b({})\s+(/(?:[^/\\\n]|\\.)*/i?)", BEFORE_PATTERN.join("|")),
                "captures": {
                    "1": {"name": "keyword.operator.word.who"},
                    "2": {"name": "string.regexp.who"}
                }
            },
            {
                "match": format!(
                    r"(?i)\b(create)(?:\s+(or)\s+(replace))?\s+({})\s+({named})",
                    MADE.join("|")
                ),
                "captures": {
                    "1": {"name": "keyword.control.who"},
                    "2": {"name": "keyword.control.who"},
                    "3": {"name": "keyword.control.who"},
                    "4": {"name": "storage.type.who"},
                    "5": {"name": "entity.name.type.who"}
                }
            },
            {"name": "variable.parameter.who", "match": format!(r"\${NAME}")},
            {
                "match": format!(r"\.\s*({NAME})"),
                "captures": {"1": {"name": "variable.other.property.who"}}
            },
            {
                "name": "constant.other.date.who",
                "match": r"\b\d{4}-\d{2}-\d{2}(?:[Tt][\d:.]+(?:[Zz]|[+-][\d:]+))?"
            },
            {"name": "constant.numeric.who", "match": r"\b\d+(?:\.\d+)?%"},
            {"name": "constant.numeric.duration.who", "match": r"(?i)\b\d+(?:ms|s|m|h|d|w)\b"},
            {"name": "constant.numeric.who", "match": r"\b\d+(?:\.\d+)?\b"},
            {"name": "keyword.operator.logical.who", "match": words(&logic())},
            {"name": "constant.language.who", "match": words(&literals())},
            {"name": "keyword.other.unit.who", "match": words(&units())},
            {"name": "keyword.control.who", "match": words(&reserved())},
            {"name": "keyword.other.who", "match": words(&free())},
            {
                "match": format!(r"({NAME})\s*\("),
                "captures": {"1": {"name": "support.function.who"}}
            },
            {"name": "variable.other.who", "match": NAME},
            {"name": "keyword.operator.who", "match": "!=|<=|>=|<|>|=|\\+|-|\\*|/"},
            {"name": "punctuation.who", "match": "[(),;:\\[\\].]"}
        ]
    });
    format!("{grammar:#}\n")
}

/// A pattern of a grammar.
struct Rule {
    expression: Regex,
    name: Option<String>,
    captures: Vec<(usize, String)>,
}

/// The scopes of a line: where each begins and ends, in bytes. What a grammar
/// of this simple kind says: the leftmost match, of those the first pattern.
pub fn matches(grammar: &Value, text: &str) -> Vec<(usize, usize, String)> {
    let rules: Vec<Rule> = grammar["patterns"].as_array().unwrap().iter().map(rule).collect();
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let shown = line.trim_end_matches('\n');
        let mut at = 0;
        while at < shown.len() {
            let next = rules.iter().enumerate().filter_map(|(place, rule)| {
                let captures = rule.expression.captures_at(shown, at)?;
                Some((captures.get(0)?.start(), place, captures))
            });
            let Some((_, place, captures)) = next.min_by_key(|(at, place, _)| (*at, *place)) else {
                break;
            };
            let whole = captures.get(0).unwrap();
            let rule = &rules[place];
            if let Some(name) = &rule.name {
                found.push((start + whole.start(), start + whole.end(), name.clone()));
            }
            for (group, name) in &rule.captures {
                if let Some(part) = captures.get(*group) {
                    found.push((start + part.start(), start + part.end(), name.clone()));
                }
            }
            at = whole.end().max(at + 1);
        }
        start += line.len();
    }
    found
}

fn rule(pattern: &Value) -> Rule {
    let captures = pattern["captures"].as_object();
    let captures = captures
        .into_iter()
        .flatten()
        .filter_map(|(group, it)| Some((group.parse().unwrap(), it["name"].as_str()?.to_owned())));
    Rule {
        expression: Regex::new(&format!("(?m){}", pattern["match"].as_str().unwrap())).unwrap(),
        name: pattern["name"].as_str().map(str::to_owned),
        captures: captures.collect(),
    }
}
