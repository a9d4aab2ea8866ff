use super::*;
use crate::lang::parse;

#[track_caller]
fn check(text: &str, expected: &str) {
    let parsed = parse(text);
    let pictures: String = parsed.diagnostics.iter().map(|d| d.render(text, None)).collect();
    assert_eq!(pictures, "");
    assert_eq!(print(&parsed.statements[0]), expected);
    assert_eq!(print(&parse(expected).statements[0]), expected);
}

#[test]
fn an_option_and_a_conjunct_have_a_line_each() {
    check(
        "-- Who left.\n--\n-- And why.\ncreate audience winback requiring consent for \"email\" in timezone \"Europe/Prague\" is people did not order in last 90d and did order twice and country is \"SK\"",
        "-- Who left.\n--\n-- And why.\ncreate audience winback\n  requiring consent for \"email\"\n  in timezone \"Europe/Prague\"\nis\n  people who did not order in last 90 days\n  and did order twice\n  and country = \"SK\"",
    );
}

#[test]
fn counts_stand_before_windows_and_parentheses_only_where_needed() {
    check(
        "COUNT PEOPLE DID order IN LAST 1d AT LEAST 1 TIMES AND ((a = (1 + 2)) or (b + 1) * 2 > -3 - (4 - 5))",
        "count people who did order at least 1 time in last 1 day and (a = 1 + 2 or (b + 1) * 2 > -3 - (4 - 5))",
    );
}

#[test]
fn names_are_quoted_as_they_need_it() {
    check(
        "count people whose `first` = `a b` and did \"Order Completed\" and did \"plain\" and `event`.where.`a-b`[0] is known",
        "count people whose `first` = `a b` and did \"Order Completed\" and did plain and `event`.where.`a-b`[0] is known",
    );
}

#[test]
fn a_filter_stays_with_the_one_that_it_was_written_for() {
    check(
        "total sum(order: (days since last visit) where (x = 1)), sum(order: days since last visit where (x = 1))",
        "total sum(order: (days since last visit) where (x = 1)), sum(order: days since last visit where (x = 1))",
    );
}
