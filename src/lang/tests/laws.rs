//! What is printed reads back as the same tree; nothing breaks the reader.

use super::grow::Grower;
use crate::lang::tree::Statement;
use crate::lang::{Param, Params, Parsed, keywords, parse, parse_with, print};
use crate::model::limits::{PROGRAM_BYTES_MAX, STATEMENT_NESTING_MAX};

/// A tree without its places.
pub fn shape(statement: &Statement) -> String {
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

/// Programs in which `$x` stands wherever a text in quotes may.
const WITH_A_TEXT: [&str; 9] = [
    "count people whose country = $x and did order",
    "create audience a is people whose country is not $x or (plan contains $x and not y = $x)",
    "count people whose country one of (\"AT\", $x, \"HU\")",
    "list coalesce(country, $x) as c, $x of everyone sort by $x limit 3",
    "total count(order where (city = $x)) of people whose city starts with $x ignoring case by $x",
    "why is profile $x in audience a; count people whose a = ($x)",
    "count people who did $x where (a = $x) in last 7 days in timezone $x",
    "count events $x by event.city; create trait t: text is if_known($x, $x)",
    "declare identifier c: personal from \"traits.c\" blocking ($x)",
];

/// Texts that would be something else if they were read.
fn nasty(grower: &mut Grower) -> String {
    let scraps = [
        "\"",
        "\\",
        "\n",
        "\r\n",
        ";",
        "--",
        "`",
        "\0",
        "'",
        "(",
        ")",
        "$x",
        "$y",
        "/",
        "%",
        "é",
        "e\u{301}",
        "\u{2028}",
        "\u{202e}",
        "\u{feff}",
        "“",
        "„",
        " or everyone",
        "; drop audience a",
        "90d",
        "2026-03-01",
        "-3",
        "true",
        "missing",
        "and",
        "\u{1F600}",
        "\\u{41}",
        "\t",
        " ",
        "{",
        "}",
        "x",
    ];
    (0..=grower.below(9)).map(|_| grower.pick(&scraps)).collect()
}

#[test]
fn a_text_that_is_given_never_changes_the_shape_of_a_tree() {
    let given = |text: &str, value: &str| {
        let params = Params::new().text("x", value);
        let parsed = parse_with(text, &params);
        assert_eq!(pictures(text, &parsed), "", "{text}: {value:?}");
        parsed.statements
    };
    for seed in 0..4_000 {
        let mut grower = Grower::new(seed, 1);
        let text = grower.pick(&WITH_A_TEXT);
        let value = nasty(&mut grower);
        let normal = format!("{:?}", crate::model::nfc(&value));
        let plain = given(text, "\u{e000}");
        let found = given(text, &value);
        assert_eq!(found.len(), plain.len(), "seed {seed}: {value:?}");
        for (found, plain) in found.iter().zip(&plain) {
            let meant = shape(plain).replace(&format!("{:?}", "\u{e000}"), &normal);
            assert_eq!(shape(found), meant, "seed {seed}: {text}: {value:?}");
            // The canonical text holds the value, and needs nothing beside it.
            let printed = print(found);
            let again = parse(&printed);
            assert_eq!(pictures(&printed, &again), "", "seed {seed}: {printed}");
            assert_eq!(shape(&again.statements[0]), shape(found), "seed {seed}: {printed}");
        }
    }
}

#[test]
fn what_is_given_stands_as_if_it_were_written_there() {
    let written = [
        "0",
        "-3",
        "0.5",
        "-0.000000001",
        "true",
        "false",
        "2026-03-01",
        "2026-03-01T12:00:00Z",
        "30 days",
        "36h",
        "\"SK\"",
    ];
    let texts = [
        "count people whose a = $x",
        "count people whose a is $x",
        "count people whose a between $x and 9",
        "list a + $x, a - $x, -$x of everyone",
        "list (a) $x of everyone",
        "count people whose a = 4 $x",
        "count people who did order in last $x",
        "count people who did order on $x",
        "count people who did order since $x",
        "count people who did order from $x to $x",
        "count people who did order at least $x times",
        "count people who did order where (a >= $x)",
        "count people whose a one of ($x, $x)",
        "count everyone as of $x with hindsight",
        "list a of everyone limit $x",
        "drop audience $x",
        "count people who did order between $x and 9 days ago",
    ];
    let negative = |written: &str, text: &str| {
        // A minus that is given belongs to its number and is no operator.
        written.starts_with('-')
            && (text.contains("-$x") || text.contains(") $x") || text.contains("4 $x"))
    };
    for (text, written) in texts.iter().flat_map(|text| written.map(|written| (text, written))) {
        let by_hand = parse(&text.replace("$x", written));
        let params = Params::new().with("x", Param::read(written).unwrap());
        let given = parse_with(text, &params);
        if negative(written, text) {
            let fits = text.contains("-$x");
            assert_eq!(given.diagnostics.is_empty(), fits, "{text}, {written}");
            continue;
        }
        let shapes = |parsed: &Parsed| parsed.statements.iter().map(shape).collect::<Vec<_>>();
        assert_eq!(shapes(&given), shapes(&by_hand), "{text}, {written}");
    }
}

#[test]
fn no_value_is_a_keyword_an_operator_or_an_attribute() {
    let values = ["x", "3", "true", "2026-03-01", "30 days", "(1, 2)", "and"];
    for text in [
        "count people whose profile.$x = 1",
        "count people whose a $x 1",
        "count people whose a = 1 $x b = 2",
        "list a as $x of everyone",
        "count people whose $x(a) = 1",
        "list a of everyone sort by a $x",
    ] {
        for value in values {
            let params = Params::new().with("x", Param::read(value).unwrap());
            assert_ne!(parse_with(text, &params).diagnostics, [], "{text}, {value}");
        }
    }
}

#[test]
fn the_values_of_a_program_count_to_its_size_as_often_as_they_stand() {
    let half = Params::new().text("x", &"x".repeat(PROGRAM_BYTES_MAX / 2));
    let text = |n: usize| format!("count people whose a one of ({})", vec!["$x"; n].join(", "));
    assert!(parse_with(&text(1), &half).diagnostics.is_empty());
    assert_eq!(parse_with(&text(2), &half).diagnostics[0].code.as_str(), "E0013");
    let escaped = Params::new().text("x", &"\0".repeat(PROGRAM_BYTES_MAX / 4));
    assert_eq!(parse_with(&text(1), &escaped).diagnostics[0].code.as_str(), "E0013");
}

#[test]
fn a_span_that_the_calendar_measures_is_given_like_any_other() {
    let params = Params::new().span("x", 3, crate::model::Unit::Month);
    let parsed = parse_with("count people who did order in last $x", &params);
    assert_eq!(parsed.diagnostics, []);
    assert_eq!(print(&parsed.statements[0]), "count people who did order in last 3 months");
}
