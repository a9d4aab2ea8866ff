//! Commands of the shell itself, which begin with a backslash.

use super::print::Format;
use crate::lang::{nearest, print_name};
use crate::model::{Date, Timestamp, Zone};

/// What a command wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meta {
    /// A text is shown.
    Say(String),
    /// A statement is run.
    Ask(String),
    /// Answers are written in another way.
    Format(Format),
    /// Times are shown or not; the other way round, if it is not said.
    Timing(Option<bool>),
    /// Statements ask about another instant.
    At(Option<Timestamp>),
    /// The shell ends.
    Quit,
}

/// Lists by their letter: what `show` calls them, and what `describe` calls one of them.
const LISTS: [(&str, &str, &str); 5] = [
    ("\\de", "events", "event"),
    ("\\da", "attributes", "attribute"),
    ("\\du", "audiences", "audience"),
    ("\\dt", "traits", "trait"),
    ("\\di", "identifiers", "identifier"),
];

/// Words that leave other shells or ask them for help, alone on a line: the
/// command that is meant.
pub(super) fn word_of_shells(line: &str) -> Option<&'static str> {
    match &*line.trim().trim_end_matches(';').trim_end().to_ascii_lowercase() {
        "exit" | "quit" => Some("\\q"),
        "help" => Some("\\?"),
        _ => None,
    }
}

/// What a line that begins with a backslash wants, or what is wrong with it.
pub(super) fn read(line: &str) -> Result<Meta, String> {
    let line = line.trim().trim_end_matches(';').trim_end();
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    if let Some((_, many, one)) = LISTS.iter().find(|(list, _, _)| *list == word) {
        return Ok(Meta::Ask(match rest.trim_matches('"') {
            "" => format!("show {many}"),
            name => format!("describe {one} {}", print_name(name)),
        }));
    }
    match word {
        "\\q" | "\\quit" | "\\exit" => Ok(Meta::Quit),
        "\\?" | "\\help" => Ok(Meta::Say(super::help::COMMANDS.to_owned())),
        "\\h" => Ok(Meta::Say(super::help::statements(rest))),
        "\\timing" => timing(rest),
        "\\format" => format_named(rest),
        "\\at" => at(rest),
        other => Err(unknown(other)),
    }
}

fn timing(rest: &str) -> Result<Meta, String> {
    match rest {
        "" => Ok(Meta::Timing(None)),
        "on" => Ok(Meta::Timing(Some(true))),
        "off" => Ok(Meta::Timing(Some(false))),
        other => Err(format!("`\\timing` is `on` or `off`, not `{other}`")),
    }
}

fn format_named(rest: &str) -> Result<Meta, String> {
    let names = "table, json, ndjson and csv";
    match Format::named(rest) {
        Some(format) => Ok(Meta::Format(format)),
        None if rest.is_empty() => Ok(Meta::Say(format!("the formats are {names}"))),
        None => Err(format!("there is no format `{rest}`; the formats are {names}")),
    }
}

fn at(rest: &str) -> Result<Meta, String> {
    if matches!(rest, "" | "now") {
        return Ok(Meta::At(None));
    }
    let day = || rest.parse::<Date>().map(|day| Zone::UTC.start_of(day));
    let instant = rest.parse().or_else(|error| day().map_err(|_| error));
    instant.map(|at| Meta::At(Some(at))).map_err(|error| {
        format!("`{rest}` is no instant: {error}; write 2026-03-01T12:00:00Z, 2026-03-01 or `now`")
    })
}

fn unknown(word: &str) -> String {
    let known = ["\\q", "\\h", "\\timing", "\\format", "\\at"].into_iter();
    let known = known.chain(LISTS.iter().map(|(list, _, _)| *list)).map(|word| (word, 0));
    let lists: Vec<&str> = LISTS.iter().map(|(list, _, _)| *list).collect();
    if matches!(word, "\\d" | "\\l" | "\\dn" | "\\d+") {
        return format!("there is no command `{word}`; names are listed by {}", lists.join(", "));
    }
    match nearest(word, known) {
        Some(near) => format!("there is no command `{word}`, did you mean `{near}`?"),
        None => format!("there is no command `{word}`; `\\?` lists them"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read() {
        assert_eq!(read("\\de"), Ok(Meta::Ask("show events".into())));
        assert_eq!(
            read("\\de Order Completed;"),
            Ok(Meta::Ask("describe event \"Order Completed\"".into()))
        );
        assert_eq!(read("\\format csv"), Ok(Meta::Format(Format::Csv)));
        assert_eq!(read("\\timing off"), Ok(Meta::Timing(Some(false))));
        assert_eq!(read("\\at now"), Ok(Meta::At(None)));
        let day = "2026-03-01T00:00:00Z".parse().unwrap();
        assert_eq!(read("\\at 2026-03-01"), Ok(Meta::At(Some(day))));
        assert_eq!(read("\\q"), Ok(Meta::Quit));
    }

    #[test]
    fn words_of_other_shells_are_understood() {
        assert_eq!(word_of_shells(" EXIT;"), Some("\\q"));
        assert_eq!(word_of_shells("help"), Some("\\?"));
        assert_eq!(word_of_shells("help me"), None);
        assert!(read("\\d").unwrap_err().contains("\\de, \\da"));
    }

    #[test]
    fn a_wrong_command_says_what_was_meant() {
        assert!(read("\\fromat csv").unwrap_err().contains("did you mean `\\format`?"));
        assert!(read("\\xyzzy").unwrap_err().contains("`\\?` lists them"));
        assert!(read("\\format xml").unwrap_err().contains("ndjson"));
        assert!(read("\\at teatime").unwrap_err().contains("no instant"));
    }
}
