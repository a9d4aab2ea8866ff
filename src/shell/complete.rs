//! What may come next: words of the language, and names that are known.

use super::names::Names;
use super::suggest::suggestions;
use crate::lang;

/// Candidates for the word before the cursor, and where that word begins.
pub(super) fn candidates(line: &str, cursor: usize, names: &Names) -> (usize, Vec<String>) {
    let before = &line[..cursor];
    if before.starts_with('\\') {
        return command(before, names);
    }
    let start = start_of_word(before);
    let word = &before[start..];
    // `order.` asks for the properties of the event.
    if let Some((event, part)) = word.rsplit_once('.') {
        let event = event.trim_matches(['"', '`']);
        let properties = names.properties(event);
        let at = start + word.len() - part.len();
        return (at, beginning_with(part, properties.into_iter()));
    }
    let known: Vec<String> = match suggestions(before, start, names) {
        // What stands before is no beginning of a statement: anything may be meant.
        found if found.is_empty() => {
            let names = names.all().into_iter().map(|name| lang::print_name(&name));
            names.chain(lang::keywords().iter().map(|word| (*word).to_owned())).collect()
        }
        found => found.into_keys().collect(),
    };
    let mut found = beginning_with(word, known.into_iter());
    found.sort();
    found.dedup();
    (start, found)
}

/// Where the word before the cursor begins; a quoted name is one word.
fn start_of_word(before: &str) -> usize {
    let quotes = before.matches('"').count();
    if quotes % 2 == 1 {
        return before.rfind('"').unwrap_or(0);
    }
    let is_part = |letter: char| letter.is_alphanumeric() || "_.\"`$".contains(letter);
    let begin = before.char_indices().rev().take_while(|(_, letter)| is_part(*letter)).last();
    begin.map_or(before.len(), |(at, _)| at)
}

/// Those that begin like the word, whatever the case of its letters.
fn beginning_with(word: &str, known: impl Iterator<Item = String>) -> Vec<String> {
    let wanted = word.trim_start_matches(['"', '`']).to_lowercase();
    let begins =
        |name: &String| name.trim_start_matches(['"', '`']).to_lowercase().starts_with(&wanted);
    known.filter(begins).collect()
}

const COMMANDS: [&str; 11] =
    ["\\?", "\\at", "\\da", "\\de", "\\di", "\\dt", "\\du", "\\format", "\\h", "\\q", "\\timing"];

fn command(before: &str, names: &Names) -> (usize, Vec<String>) {
    match before.rsplit_once(' ') {
        None => {
            let commands = COMMANDS.iter().filter(|command| command.starts_with(before));
            (0, commands.map(|command| (*command).to_owned()).collect())
        }
        Some((command, word)) => {
            let known: Vec<String> = match command.trim() {
                "\\format" => super::Format::ALL.iter().map(|(name, _)| (*name).into()).collect(),
                "\\timing" => vec!["on".into(), "off".into()],
                "\\at" => vec!["now".into()],
                _ => names.all(),
            };
            (before.len() - word.len(), beginning_with(word, known.into_iter()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Throng;
    use crate::model::{Body, Call, Object};
    use std::sync::Arc;

    fn shop() -> Names {
        let throng = Throng::temporary().unwrap();
        let track = |event: &str, property: &str| {
            let properties = Object::new(vec![(property.into(), 12.into())]).unwrap();
            let body = Body::Track { event: event.into(), properties };
            let mut call = Call::new("web", body);
            call.user_id = Some("u-1".into());
            call
        };
        throng.ingest(vec![track("order", "total"), track("Order Completed", "revenue")]).unwrap();
        throng.query("create audience orderly is people who did order").unwrap();
        throng
            .query("create condition keen is did order; create list \"old staff\" of id")
            .unwrap();
        Names::new(Arc::new(throng))
    }

    #[track_caller]
    fn check(names: &Names, line: &str, expected: &[&str]) {
        let (_, found) = candidates(line, line.len(), names);
        for wanted in expected {
            assert!(found.iter().any(|name| name == wanted), "{line}: {wanted} not in {found:?}");
        }
    }

    #[test]
    fn words_and_names_are_offered() {
        let names = shop();
        check(&names, "cou", &["count"]);
        check(&names, "count people who did or", &["order", "\"Order Completed\""]);
        check(&names, "count people in audience ord", &["orderly"]);
        check(&names, "count people who did order where (to", &["total"]);
        check(&names, "total sum(order.", &["total"]);
        check(&names, "count people meets ke", &["keen"]);
        check(&names, "count people in list ol", &["\"old staff\""]);
        check(&names, "describe pro", &["profile"]);
        check(&names, "\\f", &["\\format"]);
        check(&names, "\\format n", &["ndjson"]);
        check(&names, "\\de ord", &["order"]);
    }

    #[test]
    fn only_the_word_before_the_cursor_is_replaced() {
        let names = shop();
        let (start, found) = candidates("count people who did \"Order C", 29, &names);
        assert_eq!((start, &found[..]), (21, &["\"Order Completed\"".to_owned()][..]));
        let (start, found) = candidates("total sum(order.to", 18, &names);
        assert_eq!((start, &found[..]), (16, &["total".to_owned()][..]));
    }

    #[test]
    fn other_names_are_offered_once_a_statement_ran() {
        let names = shop();
        check(&names, "cou", &["count"]);
        names
            .database_for_tests()
            .ask(&crate::engine::Ask {
                text: "create audience courteous is people who did order",
                ..Default::default()
            })
            .unwrap();
        names.forget();
        check(&names, "count people in audience cou", &["courteous"]);
    }
}
