//! What is printed reads back as the same tree; nothing breaks the reader.

use super::grow::Grower;
use crate::lang::tree::Statement;
use crate::lang::{Parsed, keywords, parse, print};
use crate::model::limits::{PROGRAM_BYTES_MAX, STATEMENT_NESTING_MAX};

/// A tree without its places.
fn shape(statement: &Statement) -> String {
    let shown = format!("{statement:?}");
    let mut shape = String::with_capacity(shown.len());
    let mut rest = &shown[..];
    while let Some((before, behind)) = rest.split_once("Span { start: ") {
        shape.push_str(before);
        rest = behind.split_once('}').map_or("", |(_, rest)| rest);
    }
    shape + rest
}

fn pictures(text: &str, parsed: &Parsed) -> String {
    parsed.diagnostics.iter().map(|d| d.render(text, None)).collect()
}

#[test]
fn what_is_printed_reads_back_as_the_same_tree() {
    for seed in 0..24_000 {
        let tree = Grower::new(seed, seed as usize % 5).statement();
        let text = print(&tree);
        let parsed = parse(&text);
        assert_eq!(pictures(&text, &parsed), "", "seed {seed}: {text}");
        assert_eq!(parsed.statements.len(), 1, "seed {seed}: {text}");
        assert_eq!(shape(&parsed.statements[0]), shape(&tree), "seed {seed}: {text}");
        assert_eq!(print(&parsed.statements[0]), text, "seed {seed}");
    }
}

/// Texts that are nearly right: printed trees with a stretch left out, doubled or exchanged.
#[test]
fn spoilt_texts_are_answered_and_never_break_the_reader() {
    let scraps = [
        "(",
        ")",
        ",",
        ";",
        "'",
        "\"",
        "`",
        "\\",
        "$x",
        "%",
        "--",
        "\u{0}",
        "é",
        "{",
        " and ",
        " or ",
        " not ",
        " where ",
        " 5 ",
        " then ",
        " in ",
        "90dayz",
        "2026-02-30",
        "1e9",
        "..",
    ];
    for seed in 0..20_000 {
        let mut grower = Grower::new(seed, seed as usize % 4);
        let mut text: Vec<char> = print(&grower.statement()).chars().collect();
        for _ in 0..=grower.below(3) {
            let from = grower.below(text.len() as u64 + 1) as usize;
            let to = (from + grower.below(6) as usize).min(text.len());
            let scrap = match grower.below(3) {
                0 => "",
                1 => grower.pick(keywords()),
                _ => grower.pick(&scraps),
            };
            text.splice(from..to, scrap.chars());
        }
        let text: String = text.into_iter().collect();
        let parsed = parse(&text);
        let drawn = pictures(&text, &parsed);
        assert_eq!(drawn.is_empty(), parsed.diagnostics.is_empty(), "seed {seed}");
        let empty = parsed.statements.is_empty() && parsed.diagnostics.is_empty();
        let blank = text.lines().all(|line| {
            let line = line.trim_matches(|c: char| c == ';' || c.is_whitespace());
            line.is_empty() || line.starts_with("--")
        });
        assert!(!empty || blank, "seed {seed}: nothing is said of {text:?}");
        for statement in &parsed.statements {
            let again = print(statement);
            assert_eq!(print(&parse(&again).statements[0]), again, "seed {seed}: {text}");
        }
    }
}

/// Runs on a small stack, as a server's worker has it.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let worker = std::thread::Builder::new().stack_size(1 << 20).spawn(work);
    worker.unwrap().join().unwrap();
}

fn code(text: &str) -> Option<&'static str> {
    parse(text).diagnostics.first().map(|d| d.code.as_str())
}

#[test]
#[allow(clippy::disallowed_methods, reason = "the stack of a thread is what is tested")]
fn groups_inside_one_another_have_an_end() {
    on_a_small_stack(|| {
        let shapes: [(&str, &str, &str); 10] = [
            ("(", "x = 1", ")"),
            ("not ", "x = 1", ""),
            ("x = (", "1", ")"),
            ("x = f(", "1", ")"),
            ("did a where (", "x = 1", ")"),
            ("none of (", "x = 1", ")"),
            ("did any of (a where (", "x = 1", "))"),
            ("did a since last b where (", "x = 1", ")"),
            ("y between 1 and count(b where (", "x = 1", "))"),
            ("days since last b where (", "x = 1", ") > 1"),
        ];
        for (opening, inside, closing) in shapes {
            // An anchor (`last b`) is a level as well, here the only word with an l.
            let n_levels = opening.matches(['(', 'l']).count().max(1);
            let n_fitting = STATEMENT_NESTING_MAX / n_levels;
            // Only conditions hold conditions: of values the first level alone names what is tested.
            let opening = |n: usize| match opening.strip_prefix("x = ") {
                Some(value) => format!("count people x = {}", value.repeat(n)),
                None => format!("count people {}", opening.repeat(n)),
            };
            let nested = |n: usize| format!("{}{inside}{}", opening(n), closing.repeat(n));
            assert_eq!(code(&nested(n_fitting)), None, "{}", opening(1));
            assert_eq!(code(&nested(n_fitting + 1)), Some("E0012"), "{}", opening(1));
            assert_eq!(code(&nested(2_000)), Some("E0012"), "{}", opening(1));
            assert!(code(&opening(2_000)).is_some(), "{}", opening(1));
        }
        let long = format!("count people x = 1{}", " + 1".repeat(20_000));
        assert_eq!(code(&long), Some("E0012"));
        let fitting = format!("count people x = 1{}", " + 1".repeat(STATEMENT_NESTING_MAX - 1));
        assert_eq!(code(&fitting), None);
        let many = format!("count people x = 1{}", " and x = 1".repeat(10_000));
        assert_eq!(parse(&many).statements.len(), 1);
    });
}

#[test]
fn a_text_has_a_greatest_size() {
    assert_eq!(code(&" ".repeat(PROGRAM_BYTES_MAX)), None);
    assert_eq!(code(&" ".repeat(PROGRAM_BYTES_MAX + 1)), Some("E0013"));
}

/// Each would take minutes if some step went over the rest of the text each time.
#[test]
fn a_long_text_of_one_thing_is_answered_at_once() {
    let units = [
        "count everyone;",
        "'",
        "\"",
        "`",
        "(",
        "((x)",
        "a = 1 and ",
        "count people x = (",
        "x + ",
        "\"x\",",
        "\"\\q\" ",
        "/ matches /",
        "2026-01-01T00:00:00Z ",
        "\u{301}",
        "-- c\n",
        "count people x = 1 or y = 2 and z = 3;",
        "count people (a = 1 or b = 2) and ",
        "sum(",
    ];
    for unit in units {
        for before in ["", "count people "] {
            let text = format!("{before}{}", unit.repeat((PROGRAM_BYTES_MAX / 16) / unit.len()));
            let parsed = parse(&text);
            assert!(parsed.diagnostics.len() <= 101, "{unit}");
            assert!(unit == "-- c\n" || parsed != parse(""), "nothing is said of {unit}");
        }
    }
}
