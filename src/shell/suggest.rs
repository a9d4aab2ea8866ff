//! What may stand where somebody writes, by what the parser would take there and
//! by what is known: one answer for the terminal and for editors.

use super::texts;
use crate::lang::offer;
use std::collections::BTreeMap;

/// Who knows names.
pub(super) trait Known {
    /// The first column of the answer to a question.
    fn names(&self, question: &str) -> Vec<String>;
    /// The properties of an event.
    fn properties(&self, event: &str) -> Vec<String>;
    /// The texts of the rows that statements answer with.
    fn texts(&self, statements: &str) -> Vec<String>;
}

/// What a suggestion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Event,
    Property,
    /// Of the person, stored or computed.
    Value(&'static str),
    /// What somebody defined, by its kind.
    Defined(&'static str),
    /// A word of the language.
    Word,
}

/// Zones that many ask for; any name of IANA may stand there.
const ZONES: [&str; 14] = [
    "UTC",
    "America/Los_Angeles",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/Bratislava",
    "Europe/London",
    "Europe/Paris",
    "Europe/Prague",
];

/// What begins a value beside names: aggregates, functions, distances in time.
const CALLS: &[&str] = &[
    "active_days",
    "active_months",
    "active_weeks",
    "anniversary",
    "avg",
    "coalesce",
    "collect",
    "count",
    "day_of_week",
    "days",
    "decayed",
    "distinct",
    "domain",
    "first",
    "hour_of_day",
    "hours",
    "last",
    "lower",
    "max",
    "median",
    "min",
    "month_of_year",
    "most_frequent",
    "score",
    "season",
    "size",
    "stddev",
    "sum",
    "trim",
    "typical_gap",
    "upper",
    "weeks",
];

/// Words that the parser takes without asking for them: behind which word, where
/// what else may stand, and which.
const FURTHER: [(&str, &str, &[&str]); 3] = [
    ("then", "event", &["no", "immediately", "strictly"]),
    ("people", "a condition", &["who", "whose", "have"]),
    ("in", "last", &["any", "this"]),
];

/// By their names, quoted where the language wants that, what may stand at
/// `start`, behind what stands before it.
pub(super) fn suggestions(text: &str, start: usize, known: &dyn Known) -> BTreeMap<String, Sort> {
    let before = &text[..start];
    let statement = &before[before.rfind(';').map_or(0, |at| at + 1)..];
    let mut found = BTreeMap::new();
    if let Some((names, sort)) = quoted(statement, known) {
        for name in names {
            found.insert(format!("{name:?}"), sort);
        }
        return found;
    }
    let mut add = |names: Vec<String>, sort: Sort| {
        for name in names {
            found.entry(crate::lang::print_name(&name)).or_insert(sort);
        }
    };
    let may = offer(text, start);
    let may_be = |thing: &str| may.things.iter().any(|found| found.contains(thing));
    let event = event_around(statement);
    let is_key = last_words(statement, 1) == ["same"];
    if may_be("event") {
        add(known.names("show events"), Sort::Event);
    }
    if is_key && let Some(event) = last_event(statement) {
        add(known.properties(&event), Sort::Property);
    }
    if !is_key && (may_be("a value") || may_be("a condition")) {
        add(event.map(|event| known.properties(&event)).unwrap_or_default(), Sort::Property);
        add(known.names("show attributes"), Sort::Value("attribute"));
        add(known.names("show traits"), Sort::Value("trait"));
        add(parameters(statement), Sort::Defined("parameter"));
    }
    if let Some((question, sort)) = named_kind(statement).filter(|_| may_be("a name")) {
        add(known.names(question), sort);
    }
    let last = last_words(statement, 1).pop().unwrap_or_default();
    if matches!(&*last, "since" | "until" | "after" | "before") {
        add(known.names("show attributes"), Sort::Value("attribute"));
    }
    let calls = if may_be("a value") && !is_key { CALLS } else { &[] };
    let further = FURTHER.iter().filter(|(behind, ..)| *behind == last);
    let further = further.filter(|(_, beside, _)| may_be(beside) || may.words.contains(beside));
    for word in further.flat_map(|(_, _, words)| *words).chain(calls) {
        found.entry((*word).to_owned()).or_insert(Sort::Word);
    }
    for word in may.words {
        found.entry(word.to_owned()).or_insert(Sort::Word);
    }
    // A parameter is no name to be quoted.
    let ticked: Vec<String> = found.keys().filter(|name| name.contains('$')).cloned().collect();
    for name in ticked {
        let sort = found.remove(&name).unwrap_or(Sort::Word);
        found.insert(name.replace(['"', '`'], ""), sort);
    }
    found
}

/// Names that stand in quotes, by the words before them.
fn quoted(statement: &str, known: &dyn Known) -> Option<(Vec<String>, Sort)> {
    let words = last_words(statement, 3);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        [.., "timezone"] | [.., "timezone", "="] => {
            Some((ZONES.map(str::to_owned).into(), Sort::Defined("time zone")))
        }
        [.., "variant", _, "of"] => {
            Some((known.names("show experiments"), Sort::Defined("experiment")))
        }
        [.., "in", "holdout"] => {
            Some((texts::holdouts(&definitions(known)), Sort::Defined("holdout")))
        }
        [.., _, "as"] if statement.to_lowercase().contains("holding out") => {
            Some((texts::holdouts(&definitions(known)), Sort::Defined("holdout")))
        }
        [.., "sample", _, "of"] => {
            Some((texts::samples(&definitions(known)), Sort::Defined("sample")))
        }
        _ if statement.trim_end().ends_with("score(") => {
            Some((known.names("show models"), Sort::Defined("model")))
        }
        _ => None,
    }
}

/// The definitions in which holdouts and samples are named.
fn definitions(known: &dyn Known) -> Vec<String> {
    let [audiences, conditions] =
        ["show audiences", "show conditions"].map(|question| known.names(question));
    known.texts(&texts::question(&audiences, &conditions))
}

/// What a name behind the last word names.
fn named_kind(statement: &str) -> Option<(&'static str, Sort)> {
    match last_words(statement, 1).first().map(String::as_str)? {
        "audience" => Some(("show audiences", Sort::Defined("audience"))),
        "trait" => Some(("show traits", Sort::Value("trait"))),
        "event" => Some(("show events", Sort::Event)),
        "attribute" => Some(("show attributes", Sort::Value("attribute"))),
        "identifier" => Some(("show identifiers", Sort::Defined("identifier"))),
        "meets" | "condition" => Some(("show conditions", Sort::Defined("condition"))),
        "list" => Some(("show lists", Sort::Defined("list"))),
        "experiment" => Some(("show experiments", Sort::Defined("experiment"))),
        "model" => Some(("show models", Sort::Defined("model"))),
        _ if statement.trim_start().to_lowercase().starts_with("overlap") => {
            Some(("show audiences", Sort::Defined("audience")))
        }
        _ => None,
    }
}

/// The parameters that the statement declares.
fn parameters(statement: &str) -> Vec<String> {
    let Some((head, _)) = statement.split_once(" is ") else { return Vec::new() };
    let names = head.split('$').skip(1).map(|rest| {
        rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>()
    });
    names.filter(|name| !name.is_empty()).map(|name| format!("${name}")).collect()
}

fn last_words(statement: &str, n: usize) -> Vec<String> {
    let words: Vec<String> = statement.split_whitespace().map(str::to_lowercase).collect();
    words[words.len().saturating_sub(n)..].to_vec()
}

/// The event whose `where ( )` or aggregate is open.
pub(super) fn event_around(before: &str) -> Option<String> {
    let mut open = Vec::new();
    for (at, letter) in before.char_indices() {
        match letter {
            '(' => open.push(at),
            ')' => drop(open.pop()),
            ';' => open.clear(),
            _ => {}
        }
    }
    let at = *open.last()?;
    let head = before[..at].trim_end();
    if let Some(head) = head.strip_suffix("where") {
        return word_at_end(head);
    }
    // `sum(order: ` and `sum(order.items: ` read what stands behind the colon.
    let inside = before[at + 1..].split(':').next()?.trim();
    let event = inside.split(['.', ' ']).next().unwrap_or_default();
    let name = event.trim_matches(['"', '`']);
    (before[at..].contains(':') && !name.is_empty()).then(|| name.to_owned())
}

fn word_at_end(head: &str) -> Option<String> {
    let head = head.trim_end();
    if let Some(inner) = head.strip_suffix('"') {
        return inner.rfind('"').map(|at| inner[at + 1..].to_owned());
    }
    let name = head.rsplit(|c: char| c.is_whitespace() || c == '(').next()?;
    Some(name.trim_matches('`').to_owned()).filter(|name| !name.is_empty())
}

/// The event that a sequence ends with, whose properties all its events agree on.
fn last_event(statement: &str) -> Option<String> {
    let inside = statement.rsplit_once(')')?.0;
    let inside = inside.rsplit_once('(').map_or(inside, |(_, inside)| inside);
    let first = inside.split(" then ").next()?;
    word_at_end(first.split_whitespace().next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Shop;

    impl Known for Shop {
        fn names(&self, question: &str) -> Vec<String> {
            let names: &[&str] = match question {
                "show events" => &["order", "Order Completed", "visit"],
                "show attributes" => &["country"],
                "show traits" => &["ltv"],
                "show audiences" => &["vip"],
                "show conditions" => &["buyer"],
                "show lists" => &["staff"],
                "show experiments" => &["colours"],
                "show models" => &["churn"],
                "show identifiers" => &["email"],
                _ => &[],
            };
            names.iter().map(|name| (*name).to_owned()).collect()
        }

        fn properties(&self, event: &str) -> Vec<String> {
            match event {
                "order" | "Order Completed" => vec!["total".into(), "items".into()],
                _ => Vec::new(),
            }
        }

        fn texts(&self, statements: &str) -> Vec<String> {
            assert_eq!(statements, "describe audience vip;describe condition buyer;");
            let text =
                "create audience vip holding out 5% as \"spring\" is people in sample 1% of \"s\"";
            vec!["vip".into(), text.into()]
        }
    }

    /// A text, what is offered behind it, and what is not.
    const PLACES: [(&str, &[&str], &[&str]); 40] = [
        ("count people in holdout ", &["\"spring\""], &["\"s\""]),
        ("create audience a holding out 5% as ", &["\"spring\""], &["\"s\""]),
        ("count people in sample 10% of ", &["\"s\""], &["\"spring\""]),
        ("count people who did ", &["order", "\"Order Completed\"", "any", "not"], &["country"]),
        ("count people who never did ", &["order"], &["country"]),
        ("count people who did not ", &["order"], &[]),
        (
            "count people who did order ",
            &["where", "at", "in", "since", "and", "between"],
            &["country"],
        ),
        ("count people who did order where (", &["total", "country", "not"], &["order"]),
        ("count people who did \"Order Completed\" where (", &["total"], &[]),
        ("count people who did order where (total > 5 and ", &["total"], &[]),
        ("count people who did order at ", &["least", "most"], &[]),
        ("count people who did order in ", &["last", "any", "next"], &["total"]),
        ("count people who did order in last 30 ", &["days", "months"], &[]),
        ("count people who did order since ", &["first", "last", "country"], &[]),
        ("count people who did order since last ", &["order", "visit"], &[]),
        ("count people who did order within 2 days ", &["after", "before", "of"], &[]),
        ("count people who did any of (", &["order", "visit"], &["country"]),
        ("count people who did all of (order, ", &["visit"], &[]),
        (
            "count people who did (order then ",
            &["visit", "no", "immediately", "strictly"],
            &["country"],
        ),
        ("count people who did (order then visit ", &["within", "without", "after", "then"], &[]),
        ("count people who did (order then visit without ", &["order"], &[]),
        ("count people who did (order then visit) same ", &["total", "items"], &["visit"]),
        ("count people ", &["whose", "who", "in", "not", "country", "ltv"], &[]),
        ("count people whose ", &["country", "ltv", "sum", "days"], &["total"]),
        ("count people whose country ", &["is", "one", "contains"], &[]),
        ("count people whose sum(", &["order"], &["country"]),
        ("count people whose sum(order: ", &["total"], &[]),
        (
            "count people in ",
            &["audience", "top", "bottom", "quintile", "list", "sample", "variant", "holdout"],
            &[],
        ),
        ("count people in audience ", &["vip"], &["order"]),
        ("count people in list ", &["staff"], &["vip"]),
        ("count people meets ", &["buyer"], &["vip"]),
        ("count people in top 5% by ", &["ltv", "country", "sum"], &[]),
        ("count people in top 5% by ltv among (", &["did", "country"], &[]),
        ("count people in variant \"A\" of ", &["\"colours\""], &[]),
        ("count people whose score(", &["\"churn\""], &[]),
        ("count people have consent ", &["for"], &[]),
        ("count people who did order by ", &["country", "ltv"], &["visit"]),
        ("retention of ", &["order", "visit"], &["country"]),
        ("count everyone in timezone ", &["\"Europe/Prague\"", "\"UTC\""], &[]),
        (
            "create audience a($least: number = 1) is people whose count(order) >= ",
            &["$least", "ltv"],
            &[],
        ),
    ];

    #[test]
    fn inside_every_construct_is_offered_what_may_stand_there() {
        let mut wrong = Vec::new();
        for (text, wanted, others) in PLACES {
            let found = suggestions(text, text.len(), &Shop);
            for wanted in wanted.iter().filter(|name| !found.contains_key(**name)) {
                wrong.push(format!("{text}: {wanted} is missing in {:?}", found.keys()));
            }
            for other in others.iter().filter(|name| found.contains_key(**name)) {
                wrong.push(format!("{text}: {other} does not belong there"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
