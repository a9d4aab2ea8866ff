//! What the shell says of itself and of the language.

use super::construct;
use super::topic::{holds, is_whole};

/// The commands of the shell.
pub(super) const COMMANDS: &str = "\
Statements end with `;` and may go over several lines. Ctrl-C takes a question back, Ctrl-D leaves.

  \\de [NAME]          events, or what is known of one
  \\da [NAME]          attributes
  \\du [NAME]          audiences, with how many people are in each
  \\dt [NAME]          traits
  \\di [NAME]          identifiers
  \\at [INSTANT|now]   the instant that statements ask about
  \\format [FORMAT]    table, json, ndjson or csv
  \\timing [on|off]    how long an answer took
  \\h [WORD]           statements and constructs of the language, with examples
  \\?                  this
  \\q                  leave";

/// Statements by their first words, with an example of each.
const STATEMENTS: [(&str, &str); 25] = [
    ("count people", "count people who did order in last 30 days [by country];"),
    ("count everyone", "count everyone;"),
    (
        "count events",
        "count events order [in last 7 days] [of people whose country = \"SK\"] [by country];",
    ),
    ("total", "total sum(order.total), count(order) of people who did order;"),
    (
        "list",
        "list user_id, sum(order.total) as spent of people whose country = \"SK\" sort by spent desc limit 10;",
    ),
    ("timeline", "timeline of profile \"email:ada@example.org\" limit 20;"),
    (
        "create audience",
        "create [or replace] audience recent [in timezone \"Europe/Prague\"] [requiring consent for \"email\"] [holding out 5% as \"global\"] is people who did order in last 7 days;",
    ),
    ("create trait", "create [or replace] trait spent is sum(order.total);"),
    (
        "create condition",
        "create [or replace] condition buyer($least: number = 1) is count(order) >= $least;",
    ),
    (
        "create list",
        "create [or replace] list staff of text;\n  add \"ada@example.org\" to list staff;\n  remove \"ada@example.org\" from list staff;",
    ),
    ("create experiment", "create [or replace] experiment \"colours\" is (\"A\" 50%, \"B\" 50%);"),
    ("freeze", "freeze audience recent as list first_of_march;"),
    ("rename", "rename audience recent to lately;"),
    ("pause", "pause audience recent;\n  resume audience recent;"),
    ("drop", "drop audience recent;"),
    (
        "declare",
        "declare identifier crm_id: personal from \"traits.crm.id\";\n  declare attribute birthday: date;\n  declare event order.total: number;\n  declare source partner third party;",
    ),
    ("why", "why is profile \"email:ada@example.org\" in audience recent;"),
    ("explain", "explain audience recent;"),
    (
        "show",
        "show audiences | traits | conditions | lists | experiments | models | events | attributes | identifiers [like \"TEXT\"];",
    ),
    ("describe", "describe event order;"),
    ("describe profile", "describe profile \"email:ada@example.org\";"),
    (
        "link",
        "link \"email:ada@example.org\" with \"user_id:17\";\n  unlink \"email:ada@example.org\" from \"user_id:17\";",
    ),
    (
        "forget",
        "forget profile \"email:ada@example.org\" [and suppress];\n  forget event \"message-1\";",
    ),
    ("verify", "verify audience recent;"),
    ("set", "set timezone = \"Europe/Prague\";\n  set week_start = \"sunday\";"),
];

/// The statements that a topic names; all, without one.
pub(super) fn statements(topic: &str) -> String {
    let topic = topic.trim().trim_end_matches(';').to_lowercase();
    let line = |(_, example): &(&str, &str)| format!("  {example}");
    let about = STATEMENTS.iter().filter(|(words, example)| {
        is_called(words, &topic) || example.contains(&*format!("\n  {topic} "))
    });
    let mut lines: Vec<String> = about.map(line).collect();
    match &*topic {
        "" => lines.push(construct::list()),
        topic => lines.extend(construct::about(topic)),
    }
    if lines.is_empty() {
        let is_held = |(_, example): &&(&str, &str)| holds(example, &topic);
        lines.extend(STATEMENTS.iter().filter(is_held).map(line));
        lines.extend(construct::with(&topic));
    }
    if lines.is_empty() {
        return format!("no statement or construct is called `{topic}`; `\\h` lists all");
    }
    lines.join("\n")
}

/// Whether a topic is the name of a statement, its beginning or a word of it.
fn is_called(name: &str, topic: &str) -> bool {
    !is_whole(topic) && name.starts_with(topic) || name.split(' ').any(|word| word == topic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Throng;
    use crate::query::predicate::Scalar;
    use crate::wire::{Defaults, Incoming, calls_of_json};

    /// A shop in which every example has something to speak of.
    const CALLS: [&str; 4] = [
        r#"{"type":"track","event":"visit","userId":"17","properties":{"cart_id":"c1"}}"#,
        r#"{"type":"track","event":"order","userId":"17","properties":{"total":5,"cart_id":"c1","tags":["new"],"items":[{"price":2,"quantity":1}]}}"#,
        r#"{"type":"identify","userId":"18","traits":{"email":"ada@example.org","country":"SK"}}"#,
        r#"{"type":"track","event":"order","userId":"18","properties":{"total":7}}"#,
    ];

    fn shop(example: &str) -> Throng {
        let throng = Throng::temporary().unwrap();
        for call in CALLS {
            let Ok(Incoming::Call(call)) = calls_of_json(call.as_bytes(), &Defaults::file("web"))
            else {
                panic!("{call}");
            };
            throng.ingest(vec![call]).unwrap();
        }
        if !example.starts_with("create") {
            throng.query("create audience recent is people who did order").unwrap();
        }
        throng
    }

    /// An example as it may be written: of `[parts]` all or none, of `a | b` each.
    fn written(example: &str) -> Vec<String> {
        let mut bare = String::new();
        let mut depth = 0;
        for letter in example.chars() {
            match letter {
                '[' => depth += 1,
                ']' => depth -= 1,
                letter if depth == 0 => bare.push(letter),
                _ => {}
            }
        }
        let whole = example.replace(['[', ']'], "");
        let (first, others) = match bare.trim_end_matches(';').split_once(" | ") {
            Some((first, others)) => (first.to_owned(), others.split(" | ")),
            None => return vec![bare, whole],
        };
        let verb = first.split(' ').next().unwrap().to_owned();
        let mut all = vec![first];
        all.extend(others.map(|other| format!("{verb} {other}")));
        all.push(format!("{verb} {}", whole.rsplit(" | ").next().unwrap()));
        all
    }

    #[test]
    fn every_example_runs() {
        for (words, example) in STATEMENTS {
            for text in written(example) {
                let answers = shop(example).query(&text);
                assert!(answers.is_ok(), "{words}: {text}: {}", answers.unwrap_err());
                assert!(!answers.unwrap().answers.is_empty(), "{words}");
            }
        }
    }

    #[test]
    fn every_example_of_a_construct_runs() {
        for (word, example) in construct::examples() {
            let answers = shop(example).query(example);
            assert!(answers.is_ok(), "{word}: {example}: {}", answers.unwrap_err());
            let told = statements(word);
            assert!(told.contains(example), "{word}: {told}");
            assert!(statements("").contains(word), "{word}");
        }
    }

    #[test]
    fn every_word_of_the_language_has_help_that_holds_it() {
        let without: Vec<&&str> =
            crate::lang::keywords().iter().filter(|word| !holds(&statements(word), word)).collect();
        assert!(without.is_empty(), "{without:?}");
    }

    #[test]
    fn every_function_has_help_that_holds_it() {
        let scalars = Scalar::ALL.into_iter().map(Scalar::name);
        for name in scalars.chain(["coalesce", "score"]) {
            assert!(holds(&statements(name), name), "{name}");
        }
    }

    #[test]
    fn every_beginning_of_a_statement_has_help() {
        let offer = crate::lang::offer("", 0);
        assert!(offer.words.len() > 20, "{offer:?}");
        for word in offer.words {
            let told = statements(word);
            let begins = told.split(['\n', ';']).any(|line| line.trim_start().starts_with(word));
            assert!(begins, "{word}: {told}");
        }
    }

    #[test]
    fn what_newcomers_asked_for_is_told() {
        for (topic, told) in [
            ("create audience", "[holding out 5% as"),
            ("is known", "is known"),
            ("sort by", "[sort by VALUE"),
            ("this month", "this | last | next UNIT"),
            ("february", "in MONTH [of YEAR]"),
            ("2 of", "N of (EVENT"),
            ("group by", "[by VALUE"),
            ("$", "($P: TYPE"),
            ("without", "[without EVENT]"),
            ("immediately", "[immediately | strictly]"),
            ("settled", "[settled for D]"),
        ] {
            assert!(statements(topic).contains(told), "{topic}: {}", statements(topic));
        }
    }

    #[test]
    fn a_topic_chooses_its_statements() {
        assert!(statements("create audience").starts_with("  create [or replace] audience"));
        assert!(statements("unlink").contains("unlink"));
        assert!(statements("select").contains("no statement or construct"));
    }
}
