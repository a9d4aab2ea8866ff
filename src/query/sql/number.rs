//! Exact arithmetic: numbers are decimals of nine places, products and
//! quotients are computed in whole billionths and rounded once, halves to the
//! even one. A result beyond the type is NULL.

use super::sql::{Sql, fresh};
use crate::query::predicate::Operator;

const BILLION: &str = "1000000000";

impl Sql {
    /// `left op right` of two decimals.
    pub(super) fn arithmetic(&self, operator: Operator, left: &str, right: &str) -> String {
        match operator {
            Operator::Add => self.dialect.added(left, '+', right),
            Operator::Subtract => self.dialect.added(left, '-', right),
            Operator::Multiply => self.product(left, right),
            Operator::Divide => self.ratio(&self.billionths(left), &self.billionths(right)),
        }
    }

    /// A number in whole billionths: as a decimal it is written with nine places, which a
    /// count by itself is not.
    pub(super) fn billionths(&self, number: &str) -> String {
        let (whole, string) = (self.dialect.whole(), self.dialect.string());
        let decimal = format!("CAST({number} AS DECIMAL(38,9))");
        format!("CAST(replace(CAST({decimal} AS {string}), '.', '') AS {whole})")
    }

    /// The decimal of so many billionths that are not negative, with the sign of another number.
    fn decimal(&self, billionths: &str, sign: &str) -> String {
        let (whole, string) = (self.dialect.whole(), self.dialect.string());
        let (before, after) =
            (self.dialect.div(billionths, BILLION), format!("({billionths}) % {BILLION}"));
        self.dialect.as_decimal(&format!(
            "CASE WHEN {sign} < 0 THEN '-' ELSE '' END || \
             CAST(CAST({before} AS {whole}) AS {string}) || '.' || \
             lpad(CAST(CAST({after} AS {whole}) AS {string}), 9, '0')"
        ))
    }

    fn product(&self, left: &str, right: &str) -> String {
        let dialect = self.dialect;
        let [s, q] = ["s", "q"].map(|name| fresh(name, &[left, right]));
        // Of a = a1 + a0 billionths: a * b is a1 * b + a0 * b1 + a0 * b0, the last of which is rounded.
        let parts = dialect.record(&[
            ("a", format!("abs({})", self.billionths(left))),
            ("b", format!("abs({})", self.billionths(right))),
            ("n", format!("CAST(sign({left}) * sign({right}) AS INTEGER)")),
        ]);
        let [a1, b1] = ["a", "b"].map(|of| dialect.div(&format!("{s}.{of}"), BILLION));
        let small = format!("({s}.a % {BILLION}) * ({s}.b % {BILLION})");
        let large = dialect.plus(
            &dialect.times(&format!("({a1})"), &format!("{s}.b")),
            &dialect.times(&format!("({s}.a % {BILLION})"), &format!("({b1})")),
        );
        let rounded = dialect.record(&[
            ("q", dialect.plus(&large, &dialect.div(&small, BILLION))),
            ("r", format!("({small}) % {BILLION}")),
            ("d", format!("CAST({BILLION} AS {})", dialect.whole())),
            ("n", format!("{s}.n")),
        ]);
        let body = self.half_even(&q, &rounded);
        dialect.or_null(&dialect.bound(&s, &parts, &body))
    }

    /// The quotient of two whole numbers as a decimal.
    pub(super) fn ratio(&self, numerator: &str, denominator: &str) -> String {
        let dialect = self.dialect;
        let whole = dialect.whole();
        let [s, q] = ["s", "q"].map(|name| fresh(name, &[numerator, denominator]));
        let parts = dialect.record(&[
            ("a", format!("CAST({numerator} AS {whole})")),
            ("b", format!("NULLIF(CAST({denominator} AS {whole}), 0)")),
        ]);
        let [a, b] = ["a", "b"].map(|of| format!("abs({s}.{of})"));
        let left = dialect.times(&format!("(({a}) % ({b}))"), BILLION);
        let whole = dialect.times(&format!("({})", dialect.div(&a, &b)), BILLION);
        let rounded = dialect.record(&[
            ("q", dialect.plus(&whole, &dialect.div(&left, &b))),
            ("r", format!("({left}) % ({b})")),
            ("d", b.clone()),
            ("n", format!("CAST(sign({s}.a) * sign({s}.b) AS INTEGER)")),
        ]);
        let body = self.half_even(&q, &rounded);
        dialect.or_null(&dialect.bound(&s, &parts, &body))
    }

    /// Of a record of a quotient, a rest, a divisor and a sign.
    fn half_even(&self, q: &str, record: &str) -> String {
        let twice = self.dialect.times("2", &format!("{q}.r"));
        let up = format!(
            "CASE WHEN {twice} > {q}.d OR ({twice} = {q}.d AND {q}.q % 2 = 1) THEN 1 ELSE 0 END"
        );
        let sum = self.dialect.plus(&format!("{q}.q"), &up);
        let decimal = self.decimal(&sum, &format!("{q}.n"));
        self.dialect.bound(q, record, &decimal)
    }
}
