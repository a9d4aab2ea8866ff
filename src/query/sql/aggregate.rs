//! Aggregates: a row for each known value, and a function over them.

use super::cell::Cell;
use super::refused::Made;
use super::sql::{Row, Scope, Sql};
use crate::model::{FixedUnit, Kind, Value};
use crate::query::predicate::{Aggregate, Expr, Function, RowLeaf};

/// The known values of the matching events, in the columns `profile_id`, `seq`, `pos`, `t`, `x`.
pub(super) struct Readings {
    pub(super) table: String,
    /// Of `x`.
    pub(super) kind: Option<Kind>,
    /// Whether each is as it was sent, so that a number is inside the range of input.
    pub(super) sent: bool,
}

impl Sql {
    /// The value of an aggregate for the person of a row.
    pub(super) fn aggregate(&mut self, of: &Aggregate, scope: &mut Scope) -> Made<Cell> {
        let readings = self.readings(of)?;
        let (text, kind) = self.function(of.function, &readings, None);
        let Some(text) = text else { return Ok(Cell::Missing) };
        let table = self.table("value", text);
        let column = scope.of_person(&table, "v");
        Ok(match (of.function, kind) {
            (function, Some(Kind::Number)) if counts(function) => {
                Cell::number(format!("COALESCE({column}, 0)"))
            }
            (Function::DecayedOrder { .. }, _) => {
                Cell::number(format!("COALESCE({column}, {})", Function::LOWEST))
            }
            (Function::Collect, _) => {
                let whole = format!("COALESCE({column}, '[]')");
                Cell::Any { scalar: "NULL".to_owned(), whole }
            }
            (_, Some(kind)) => Cell::Of(kind, column),
            (_, None) => Cell::any(column),
        })
    }

    /// The table of the known values.
    pub(super) fn readings(&mut self, of: &Aggregate) -> Made<Readings> {
        let typed = match &of.value {
            Some(Expr::Leaf(RowLeaf::Element { declared })) => *declared,
            _ => None,
        };
        let mut scope = match &of.items {
            None => Scope::events(self),
            Some(path) => Scope::elements(self.items(path, typed)?, typed),
        };
        let mut conditions = vec![self.fits(&of.matcher, &mut scope)?];
        conditions.extend(self.in_windows(&of.windows, &mut scope)?);
        let cell = match (&of.value, &of.items) {
            (Some(expr), _) => self.value(expr, &mut scope)?,
            (None, Some(_)) => Cell::any(scope.column("node")),
            (None, None) => Cell::Literal(Value::Bool(true)),
        };
        let pos = match scope.row {
            Row::Element => scope.column("pos"),
            _ => "''".to_owned(),
        };
        let kind = cell.kind();
        let x = kind.map_or_else(|| self.lettered(&cell), |kind| self.read(&cell, kind));
        let [person, seq, t] = ["profile_id", "seq", "t"].map(|name| scope.column(name));
        let columns = format!("{person}, {seq}, {t}, {pos} AS pos, {x} AS x");
        let mut rows = self.select(&scope, &columns, &conditions, "");
        if kind.is_none() {
            rows = self.one_by_one(&rows);
        }
        let sent = kind.is_none() && of.value.as_ref().is_none_or(is_sent);
        let kind = match sent && by_size(of.function) {
            // Nothing that was sent has an order but numbers.
            true => {
                let number = self.read(&Cell::any("x".to_owned()), Kind::Number);
                rows = format!("SELECT profile_id, seq, t, pos, {number} AS x FROM ({rows})");
                Some(Kind::Number)
            }
            false => kind,
        };
        let rows = format!("SELECT * FROM ({rows}) WHERE x IS NOT NULL");
        Ok(Readings { table: self.table("reading", rows), kind, sent })
    }

    /// The elements of lists in rows of their own.
    fn one_by_one(&self, rows: &str) -> String {
        let dialect = self.dialect;
        format!(
            "SELECT profile_id, seq, t, pos || lpad(CAST(i AS {}), 6, '0') AS pos, el AS x \
             FROM (SELECT profile_id, seq, t, pos, {} FROM (SELECT profile_id, seq, t, pos, {} AS l \
             FROM ({rows})))",
            dialect.string(),
            dialect.unnested("l"),
            self.each("x"),
        )
    }

    /// The table of a function over readings, and the kind of its values; nothing
    /// where it reads none of them. With a group they are those of a group.
    pub(super) fn function(
        &self,
        function: Function,
        of: &Readings,
        group: Option<&str>,
    ) -> (Option<String>, Option<Kind>) {
        let Readings { table, kind, sent } = of;
        let by = group.unwrap_or("profile_id");
        let over = |value: &str| format!("SELECT {by}, {value} AS v FROM {table} GROUP BY {by}");
        let cell = kind.map_or(Cell::any("x".to_owned()), |kind| Cell::Of(kind, "x".to_owned()));
        let number = self.summand(&cell, *sent);
        let numbers = format!("(SELECT {by}, seq, pos, t, {number} AS x FROM {table})");
        let is_number = Some(Kind::Number);
        match function {
            Function::Count => (Some(over("COUNT(x)")), is_number),
            Function::Distinct => (Some(over("COUNT(DISTINCT x)")), is_number),
            Function::Sum => {
                (Some(format!("SELECT {by}, SUM(x) AS v FROM {numbers} GROUP BY {by}")), is_number)
            }
            Function::Avg => {
                let mean = self.ratio(&self.billionths("total"), "CAST(n AS BIGINT) * 1000000000");
                (
                    Some(format!(
                        "SELECT {by}, {mean} AS v FROM \
                         (SELECT {by}, SUM(x) AS total, COUNT(x) AS n FROM {numbers} GROUP BY {by})"
                    )),
                    is_number,
                )
            }
            Function::Min | Function::Max => self.extreme(function, of, by),
            Function::First | Function::Last => {
                let last = function == Function::Last;
                (Some(over(&self.dialect.at_end("x", "seq, pos", last))), *kind)
            }
            Function::Median => {
                let half = self.ratio(
                    &format!("{} + {}", self.billionths("lo"), self.billionths("hi")),
                    "2000000000",
                );
                (Some(self.middle(&numbers, by, &half)), is_number)
            }
            Function::TypicalGap => {
                let day = FixedUnit::Day.ms();
                let half = self.ratio("lo + hi", &(2 * day).to_string());
                let gaps = format!(
                    "(SELECT {by}, t - LAG(t) OVER (PARTITION BY {by} ORDER BY seq, pos) AS x FROM {table})"
                );
                (Some(self.middle(&gaps, by, &half)), is_number)
            }
            Function::Stddev => {
                let spread = "stddev_pop(CAST(x AS DOUBLE))";
                (Some(self.of_double(spread, &numbers, by)), is_number)
            }
            Function::Decayed { half_life_ms } => {
                let left = format!(
                    "CAST(x AS DOUBLE) * power(2.0, -CAST({} - t AS DOUBLE) / {half_life_ms})",
                    self.now.millis()
                );
                let sum = format!("SUM(CASE WHEN x >= 0 THEN {left} END)");
                (Some(self.of_double(&sum, &numbers, by)), is_number)
            }
            Function::MostFrequent => (Some(self.most_frequent(of, by)), *kind),
            Function::DecayedOrder { half_life_ms } => {
                (Some(self.decayed_order(half_life_ms, &numbers, by)), is_number)
            }
            Function::Collect => {
                let text = self.lettered(&cell);
                let list = self.dialect.json_of(&self.dialect.gathered(&text, "seq, pos"));
                (Some(over(&list)), None)
            }
        }
    }

    /// A summand must be a number inside the range of input.
    fn summand(&self, cell: &Cell, sent: bool) -> String {
        let number = self.read(cell, Kind::Number);
        if sent {
            return number;
        }
        self.once("n", &number, |n| {
            format!("CASE WHEN abs({n}) < 1000000000000000000 THEN {n} END")
        })
    }

    /// What is computed in floating point, rounded to nine places.
    fn of_double(&self, double: &str, numbers: &str, by: &str) -> String {
        let rounded = self.dialect.or_null(&self.dialect.as_decimal("round(d, 9)"));
        format!(
            "SELECT {by}, {rounded} AS v FROM (SELECT {by}, {double} AS d FROM {numbers} GROUP BY {by})"
        )
    }

    /// `log2(s) + t / h`, with s the sum at t, when the last of what counts was.
    fn decayed_order(&self, half_life_ms: i64, numbers: &str, by: &str) -> String {
        let counts = "CASE WHEN x >= 0 THEN";
        let left =
            format!("CAST(x AS DOUBLE) * power(2.0, -CAST(latest - t AS DOUBLE) / {half_life_ms})");
        let order = format!("log2(s) + CAST(latest AS DOUBLE) / {half_life_ms}");
        format!(
            "SELECT {by}, CASE WHEN s > 0 THEN CAST(round({order}, 9) AS DECIMAL(38,9)) END AS v \
             FROM (SELECT {by}, SUM({counts} {left} END) AS s, MAX(latest) AS latest FROM \
             (SELECT {by}, x, t, MAX({counts} t END) OVER (PARTITION BY {by}) AS latest FROM {numbers}) \
             GROUP BY {by})"
        )
    }

    /// The middle of some numbers, or what is made of the two in the middle.
    fn middle(&self, numbers: &str, by: &str, half: &str) -> String {
        let dialect = self.dialect;
        let [low, high] = ["n + 1", "n"].map(|of| dialect.div(of, "2"));
        format!(
            "SELECT {by}, {half} AS v FROM (SELECT {by}, MIN(x) AS lo, MAX(x) AS hi FROM \
             (SELECT {by}, x, ROW_NUMBER() OVER (PARTITION BY {by} ORDER BY x) AS r, \
             COUNT(*) OVER (PARTITION BY {by}) AS n FROM {numbers} WHERE x IS NOT NULL) \
             WHERE r = {low} OR r = {high} + 1 GROUP BY {by})"
        )
    }

    /// The first value that has an order says of which kind the extreme is.
    fn extreme(
        &self,
        function: Function,
        of: &Readings,
        by: &str,
    ) -> (Option<String>, Option<Kind>) {
        let Readings { table, kind, .. } = of;
        let pick = if function == Function::Min { "MIN" } else { "MAX" };
        match kind {
            Some(Kind::Number | Kind::Instant | Kind::Date | Kind::Duration) => {
                (Some(format!("SELECT {by}, {pick}(x) AS v FROM {table} GROUP BY {by}")), *kind)
            }
            Some(_) => (None, None),
            None => {
                let size = "CAST(substr(x, 2) AS DECIMAL(38,9))";
                let value = self.dialect.at_end("x", size, function == Function::Max);
                let text = format!(
                    "SELECT {by}, {value} AS v FROM (SELECT *, FIRST_VALUE(left(x, 1)) OVER \
                     (PARTITION BY {by} ORDER BY seq, pos) AS k FROM {table} \
                     WHERE left(x, 1) IN ('n', 'i', 'd', 'm')) WHERE left(x, 1) = k GROUP BY {by}"
                );
                (Some(text), None)
            }
        }
    }

    /// Of several the one that came last, then the smallest.
    fn most_frequent(&self, of: &Readings, by: &str) -> String {
        let Readings { table, kind, .. } = of;
        let order = match kind {
            Some(_) => "x".to_owned(),
            None => format!(
                "CASE left(x, 1) WHEN 'b' THEN 0 WHEN 'n' THEN 1 WHEN 'd' THEN 3 WHEN 'i' THEN 4 \
                 WHEN 'm' THEN 5 WHEN 't' THEN 6 ELSE 8 END, {}, x",
                self.read(&Cell::any("x".to_owned()), Kind::Number)
            ),
        };
        format!(
            "SELECT {by}, x AS v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY {by} ORDER BY \
             n DESC, latest DESC, {order}) AS r FROM (SELECT {by}, x, COUNT(*) AS n, \
             MAX(seq) AS latest FROM {table} GROUP BY {by}, x)) WHERE r = 1"
        )
    }
}

fn counts(function: Function) -> bool {
    matches!(
        function,
        Function::Count | Function::Distinct | Function::Sum | Function::Decayed { .. }
    )
}

fn by_size(function: Function) -> bool {
    matches!(function, Function::Min | Function::Max)
}

/// Whether it is a value as it was sent, of no declared type.
fn is_sent(value: &Expr<RowLeaf>) -> bool {
    matches!(
        value,
        Expr::Leaf(
            RowLeaf::Property { declared: None, .. }
                | RowLeaf::Enclosing { declared: None, .. }
                | RowLeaf::Element { declared: None }
                | RowLeaf::Context { .. }
        )
    )
}
