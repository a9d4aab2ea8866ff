use super::*;

#[track_caller]
fn check(text: &str, expected: &str) {
    let laid = format(text).unwrap();
    assert_eq!(laid, expected);
    assert_eq!(format(&laid).unwrap(), laid);
}

#[test]
fn statements_end_and_those_of_several_lines_have_blank_ones_around() {
    check("count everyone ;; show events", "count everyone;\nshow events;\n");
    check(
        "count everyone; create audience a is everyone; show events;\n\n\n\nshow traits",
        "count everyone;\n\ncreate audience a is\n  everyone;\n\nshow events;\n\nshow traits;\n",
    );
    check("", "");
    check("\n\n -- only this\n", "-- only this\n");
}

#[test]
fn a_comment_stays_above_behind_or_below_what_it_speaks_of() {
    check(
        "--Buyers.\n--  often\ncreate audience a is -- here\n people did order at least 2 times--twice\n\
         -- and rich\nand total > 3; -- end\n-- last",
        "-- Buyers.\n--  often\ncreate audience a is -- here\n  people who did order at least 2 times -- twice\n  \
         -- and rich\n  and total > 3; -- end\n\n-- last\n",
    );
}

#[test]
fn only_what_was_a_description_becomes_one() {
    check(
        "-- far\n\n-- near\ncount everyone;\n-- below\n\ncount everyone\n-- before the end\n;\ncount everyone",
        "-- far\n\n-- near\ncount everyone;\n-- below\n\ncount everyone;\n-- before the end\n\ncount everyone;\n",
    );
}

#[test]
fn a_line_is_broken_at_a_comment_in_the_middle_of_it() {
    check(
        "count -- a\n everyone -- b\n-- c\n by country -- d\n",
        "count -- a\n  everyone -- b\n  -- c\n  by country; -- d\n",
    );
}

#[test]
fn a_comment_moves_with_the_clause_that_it_stands_at() {
    check(
        "count people did order in last 30d -- the window\n at least 2 times -- the count\n",
        "count people who did order at least 2 times -- the count\n  in last 30 days; -- the window\n",
    );
}

#[test]
fn a_text_with_errors_is_not_laid_out() {
    assert_eq!(format("count everyone; cuont everyone").unwrap_err().len(), 1);
}

#[test]
fn parameters_stay_where_they_are() {
    check(
        "-- by $country\ncount people whose country=$country and city one of $near and points>=$least\nand did order in last $idle -- idle\nand did visit since $day and did order in last $n months",
        "-- by $country\ncount people whose country = $country and city one of $near and points >= $least and did order in last $idle -- idle\n  and did visit since $day and did order in last $n months;\n",
    );
    assert!(format("count people whose $x($y").is_err());
}
