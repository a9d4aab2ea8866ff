use super::*;
use crate::model::Value;
use crate::query::predicate::*;

fn check(expr: Expr<PersonLeaf>, expected: Option<&str>) {
    let expected = expected.map_or(Value::Null, number);
    assert_eq!(History::new().value(&expr), expected, "{expr:?}");
}

fn num(text: &str) -> Expr<PersonLeaf> {
    lit(number(text))
}

fn huge() -> Expr<PersonLeaf> {
    op(Operator::Multiply, num("999999999999999999"), num("100000000000"))
}

#[test]
fn sums_are_exact_and_products_and_quotients_round_once() {
    use Operator::*;
    for (operator, left, right, expected) in [
        (Add, "0.1", "0.2", Some("0.3")),
        (Add, "999999999999999999.999999999", "0.000000001", Some("1000000000000000000")),
        (Subtract, "1", "1.000000001", Some("-0.000000001")),
        (Multiply, "0.000000001", "0.5", Some("0")),
        (Multiply, "0.000000003", "0.5", Some("0.000000002")),
        (Multiply, "-0.000000003", "0.5", Some("-0.000000002")),
        (Divide, "1", "3", Some("0.333333333")),
        (Divide, "2", "3", Some("0.666666667")),
        (Divide, "0.000000001", "2", Some("0")),
        (Divide, "0.000000003", "2", Some("0.000000002")),
        (Divide, "1", "0", None),
        (Divide, "0", "0", None),
        (Multiply, "999999999999999999", "999999999999999999", None),
    ] {
        check(op(operator, num(left), num(right)), expected);
    }
}

#[test]
fn a_result_beyond_ten_to_the_29_is_missing() {
    check(huge(), Some("99999999999999999900000000000"));
    check(op(Operator::Add, huge(), huge()), None);
    check(op(Operator::Subtract, Expr::Negative(Box::new(huge())), huge()), None);
    check(Expr::Coalesce(vec![op(Operator::Add, huge(), huge()), num("1")]), Some("1"));
}

#[test]
fn missing_goes_through_arithmetic_and_stops_at_coalesce() {
    let missing = || attribute("nothing");
    check(op(Operator::Add, missing(), num("1")), None);
    check(op(Operator::Multiply, num("0"), missing()), None);
    check(Expr::Negative(Box::new(missing())), None);
    check(Expr::Negative(Box::new(num("2"))), Some("-2"));
    check(Expr::Coalesce(vec![missing(), num("2"), num("3")]), Some("2"));
    check(Expr::Coalesce(vec![missing(), missing()]), None);
    check(Expr::Coalesce(vec![]), None);
    check(op(Operator::Add, Expr::Coalesce(vec![missing(), num("0")]), num("1")), Some("1"));
}

#[test]
fn arithmetic_reads_numbers_only() {
    for other in [Value::from("1"), true.into(), Value::Duration(1), list(vec![1.into()])] {
        check(op(Operator::Add, lit(other.clone()), num("1")), None);
        check(Expr::Negative(Box::new(lit(other))), None);
    }
}
