//! Arguments as they were typed, brought into the order in which they are read.

use super::arguments::Arguments;
use clap::CommandFactory;
use std::ffi::OsString;

/// The arguments, the program's name first, as clap reads them.
pub(super) fn in_order(arguments: Vec<OsString>) -> Vec<OsString> {
    comment_last(command_first(arguments))
}

/// `throng --data DIR query ...` is `throng query --data DIR ...`: what a shell is
/// told may stand before a command that knows it.
fn command_first(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let mut place = 1;
    while let Some(n) = arguments.get(place).and_then(of_an_option) {
        place += n;
    }
    let known = Arguments::command();
    if arguments.get(place).is_some_and(|word| known.find_subcommand(word).is_some()) {
        arguments[1..=place].rotate_right(1);
    }
    arguments
}

/// How many words an option is, with its value.
fn of_an_option(word: &OsString) -> Option<usize> {
    let word = word.to_str()?;
    let of = |name: &str| match word.strip_prefix(name) {
        Some("") => Some(2),
        Some(rest) => rest.starts_with('=').then_some(1),
        None => None,
    };
    match word {
        "--accept-clock" => Some(1),
        _ => ["--data", "--at", "--format"].into_iter().find_map(of),
    }
}

/// `throng query '-- why' --at DAY` is `throng query --at DAY -- '-- why'`: a text
/// that begins with a comment of the language would be read as an option.
fn comment_last(mut arguments: Vec<OsString>) -> Vec<OsString> {
    if arguments.get(1).is_none_or(|command| command != "query") {
        return arguments;
    }
    let end = arguments.iter().position(|word| word == "--").unwrap_or(arguments.len());
    if let Some(place) = arguments[..end].iter().position(begins_with_comment) {
        let text = arguments.remove(place);
        if end == arguments.len() + 1 {
            arguments.push("--".into());
        }
        arguments.push(text);
    }
    arguments
}

/// Whether it is a comment and no option, whose name has no blank in it.
fn begins_with_comment(word: &OsString) -> bool {
    let text = word.to_str().and_then(|word| word.strip_prefix("--"));
    let name = text.and_then(|text| text.split('=').next());
    name.is_some_and(|name| name.contains(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(typed: &[&str], read: &[&str]) {
        let typed = typed.iter().map(OsString::from).collect();
        assert_eq!(in_order(typed), read, "{read:?}");
    }

    #[test]
    fn options_may_stand_before_the_command() {
        check(
            &["throng", "--at=t", "--accept-clock", "--data", "d", "query", "x"],
            &["throng", "query", "--at=t", "--accept-clock", "--data", "d", "x"],
        );
        let typed = ["throng", "--data", "d", "--at", "t"];
        check(&typed, &typed);
        let typed = ["throng", "--datum", "d", "query"];
        check(&typed, &typed);
    }

    #[test]
    fn a_text_that_begins_with_a_comment_comes_last_and_options_stay_where_they_are() {
        check(&["throng", "query", "-- why\nx"], &["throng", "query", "--", "-- why\nx"]);
        check(
            &["throng", "--data", "d", "query", "--a = b\nx", "--at", "t"],
            &["throng", "query", "--data", "d", "--at", "t", "--", "--a = b\nx"],
        );
        for options in ["--fromat", "--file=my file.who", "--"] {
            let typed = ["throng", "query", options, "x"];
            check(&typed, &typed);
        }
        let apart = ["throng", "query", "--", "-- why\nx"];
        check(&apart, &apart);
        let other = ["throng", "import", "-- a file"];
        check(&other, &other);
    }
}
