//! Arguments as they were typed, brought into the order in which they are read.

use super::arguments::Arguments;
use clap::CommandFactory;
use std::ffi::OsString;

/// The arguments, the program's name first, as clap reads them.
pub(super) fn in_order(arguments: Vec<OsString>) -> Vec<OsString> {
    comment_last(command_first(arguments))
}

/// `throng --data DIR query ...` is `throng query --data DIR ...`: the place may
/// be said before the command.
fn command_first(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let n = match arguments.get(1).and_then(|first| first.to_str()) {
        Some("--data") => 2,
        Some(first) if first.starts_with("--data=") => 1,
        _ => return arguments,
    };
    let known = Arguments::command();
    let names = |word: &OsString| known.find_subcommand(word).is_some();
    if arguments.get(1 + n).is_some_and(names) {
        arguments[1..=1 + n].rotate_right(1);
    }
    arguments
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
