//! Errors in different parentheses of one text are each told once, at their places.

use super::grow::Grower;
use crate::lang::{Parsed, Span, parse, print_condition};

/// Conditions with one error each, which no closing parenthesis stops early.
const WRONG: [&str; 24] = [
    "a =",
    "a = 1 b",
    "a = 1 and",
    "did",
    "did not",
    "did order at least",
    "did order at least 2",
    "did order in last 30 dais",
    "did order in last",
    "did order at least 2 times at most 3 times",
    "never did order in last 3 days",
    "did order where total > 1",
    "a = 1 and b = 2 or c = 3",
    "country == \"SK\"",
    "country = 'SK'",
    "country is null",
    "country like \"S\"",
    "a = 2026-02-30",
    "a = 1.5.2",
    "a # 1",
    "count() > 1",
    "in audience",
    "a between 1 or 2",
    "not",
];

/// A program: conditions in parentheses, some with an error, and where the errors lie.
fn planted(grower: &mut Grower) -> (String, Vec<Span>) {
    let (mut text, mut errors) = (String::new(), Vec::new());
    for place in 0..=grower.below(3) {
        if place > 0 {
            text += grower.pick(&[";\n", " ; ", ";"]);
        }
        text += "count people ";
        for place in 0..=grower.below(4) {
            if place > 0 {
                text += " and ";
            }
            let (open, close) = grower.pick(&[
                ("(", ")"),
                ("none of (", ")"),
                ("did order where (", ") in last 3 days"),
                ("count(order where (", ")) > 2"),
                ("not ((did visit and x = 1) or (", "))"),
                ("did any of (a, b where (", ")) at least 2 times"),
                ("x = coalesce((y), count(z where (", ")))"),
            ]);
            text += open;
            let start = text.len() as u32;
            if grower.one_in(3) {
                text += grower.pick(&WRONG);
                errors.push(Span::new(start, text.len() as u32 + 1));
            } else {
                text += &print_condition(&grower.condition());
            }
            text += close;
        }
    }
    (text, errors)
}

fn pictures(text: &str, parsed: &Parsed) -> String {
    parsed.diagnostics.iter().map(|d| d.render(text, None)).collect()
}

#[test]
fn each_error_is_told_once_and_none_follows_from_another() {
    let mut n_errors = 0;
    for seed in 0..4_000 {
        let mut grower = Grower::new(seed, seed as usize % 3);
        let (text, errors) = planted(&mut grower);
        let parsed = parse(&text);
        let drawn = pictures(&text, &parsed);
        assert_eq!(parsed.diagnostics.len(), errors.len(), "seed {seed}: {text}\n{drawn}");
        for (told, planted) in parsed.diagnostics.iter().zip(&errors) {
            let inside = planted.start <= told.span.start && told.span.end <= planted.end;
            assert!(inside, "seed {seed}: {text}\n{drawn}");
        }
        n_errors += errors.len();
    }
    assert!(n_errors > 1_500, "{n_errors}");
}

#[test]
fn errors_are_told_in_the_order_of_the_text() {
    let text = "count people (a = ) and b == 1 and (c = 'x') and did d where e > 1 and (f = );\
                declare x; count people ) and (y = 1";
    let parsed = parse(text);
    let places: Vec<u32> = parsed.diagnostics.iter().map(|d| d.span.start).collect();
    assert!(places.is_sorted() && places.len() >= 5, "{}", pictures(text, &parsed));
}

#[test]
fn a_hundred_errors_are_told_and_the_others_counted() {
    let text = format!("count people {}x = 1", "(a = ) and ".repeat(150));
    let parsed = parse(&text);
    assert_eq!(parsed.diagnostics.len(), 101);
    assert_eq!(parsed.diagnostics[100].message, "50 more errors follow");
}
