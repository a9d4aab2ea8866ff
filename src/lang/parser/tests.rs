use super::parse;

/// Every diagnostic of a text as a picture.
fn pictures(text: &str) -> String {
    let parsed = parse(text);
    parsed.diagnostics.iter().map(|d| d.render(text, None)).collect()
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(pictures(text), expected, "\n{}", pictures(text));
}

#[test]
fn a_unit_that_nobody_knows_gets_a_suggestion() {
    check(
        "count people who did order in last 30 dais",
        "\
error[E0014]: expected a unit of time, found `dais`
 1 | count people who did order in last 30 dais
   |                                       ^^^^ did you mean `days`?
",
    );
}

#[test]
fn a_mixture_shows_both_readings() {
    check(
        "count people who\n  did order and country = \"SK\" or country = \"CZ\"",
        "\
error[E0007]: `and` and `or` are mixed without parentheses
 2 |   did order and country = \"SK\" or country = \"CZ\"
   |             ---                ^^
   = help: write `did order and (country = \"SK\" or country = \"CZ\")`
   = or:   write `(did order and country = \"SK\") or country = \"CZ\"`
",
    );
}
