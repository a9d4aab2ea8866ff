//! Where the engines of SQL differ. Nothing else in this room knows which one it writes for.

use crate::model::Zone;
use std::fmt;

/// An engine of SQL.
///
/// ```
/// use throng::query::sql::Dialect;
/// assert_eq!(Dialect::named("duckdb"), Some(Dialect::DuckDb));
/// assert_eq!(Dialect::named("mysql"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// DuckDB.
    DuckDb,
    /// Spark SQL.
    Spark,
}

use Dialect::{DuckDb, Spark};

impl Dialect {
    /// Every dialect.
    pub const ALL: [Dialect; 2] = [DuckDb, Spark];

    /// The dialect of that name.
    pub fn named(name: &str) -> Option<Dialect> {
        Dialect::ALL.into_iter().find(|dialect| dialect.name().eq_ignore_ascii_case(name))
    }

    /// The name as it stands after `explain sql for`.
    pub fn name(self) -> &'static str {
        match self {
            DuckDb => "duckdb",
            Spark => "spark",
        }
    }

    /// A table of the lake, beside which the statement is run.
    pub(super) fn table(self, name: &str) -> String {
        match self {
            DuckDb => format!("'{name}.parquet'"),
            Spark => format!("parquet.`{name}.parquet`"),
        }
    }

    /// A name that may be a word of the language.
    pub(super) fn quoted(self, name: &str) -> String {
        match self {
            DuckDb => format!("\"{name}\""),
            Spark => format!("`{name}`"),
        }
    }

    /// Text between quotes.
    pub(super) fn text(self, text: &str) -> String {
        match self {
            DuckDb => format!("'{}'", text.replace('\'', "''")),
            Spark => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        }
    }

    /// The milliseconds of a column of instants.
    pub(super) fn ms(self, column: &str) -> String {
        match self {
            DuckDb => format!("epoch_ms({column})"),
            Spark => format!("unix_millis({column})"),
        }
    }

    /// Whole numbers of 38 digits.
    pub(super) fn whole(self) -> &'static str {
        match self {
            DuckDb => "HUGEINT",
            Spark => "DECIMAL(38,0)",
        }
    }

    /// The type of texts.
    pub(super) fn string(self) -> &'static str {
        match self {
            DuckDb => "VARCHAR",
            Spark => "STRING",
        }
    }

    /// The whole part of a quotient of numbers that are not negative.
    pub(super) fn div(self, left: &str, right: &str) -> String {
        match self {
            DuckDb => format!("({left}) // ({right})"),
            // `DIV` gives numbers of 64 bits; what is divided without a rest is exact.
            Spark => format!(
                "CAST(try_divide(({left}) - ({left}) % ({right}), {right}) AS DECIMAL(38,0))"
            ),
        }
    }

    /// NULL instead of an error; Spark is told so by each operation.
    pub(super) fn or_null(self, expression: &str) -> String {
        match self {
            DuckDb => format!("TRY({expression})"),
            Spark => expression.to_owned(),
        }
    }

    /// A product of whole numbers whose error is NULL.
    pub(super) fn times(self, left: &str, right: &str) -> String {
        match self {
            DuckDb => format!("{left} * {right}"),
            Spark => format!("try_multiply({left}, {right})"),
        }
    }

    /// A sum of whole numbers whose error is NULL.
    pub(super) fn plus(self, left: &str, right: &str) -> String {
        match self {
            DuckDb => format!("{left} + {right}"),
            Spark => format!("try_add({left}, {right})"),
        }
    }

    /// A value as a decimal, its error NULL inside of `or_null`.
    pub(super) fn as_decimal(self, value: &str) -> String {
        match self {
            DuckDb => format!("CAST({value} AS DECIMAL(38,9))"),
            Spark => format!("try_cast({value} AS DECIMAL(38,9))"),
        }
    }

    /// A sum or a difference, NULL beyond the type.
    pub(super) fn added(self, left: &str, operator: char, right: &str) -> String {
        // Of two decimals of 38 digits Spark makes one with a place less behind the point.
        let shorter = |value: &str| format!("try_cast({value} AS DECIMAL(37,9))");
        match self {
            DuckDb => format!("TRY({left} {operator} {right})"),
            Spark => format!("({} {operator} {})", shorter(left), shorter(right)),
        }
    }

    /// A value under a name for the body.
    pub(super) fn bound(self, name: &str, value: &str, body: &str) -> String {
        match self {
            DuckDb => format!("list_transform([{value}], lambda {name}: {body})[1]"),
            Spark => format!("transform(array({value}), {name} -> {body})[0]"),
        }
    }

    /// Several values in one.
    pub(super) fn record(self, fields: &[(&str, String)]) -> String {
        let fields = fields.iter().map(|(name, value)| match self {
            DuckDb => format!("'{name}': {value}"),
            Spark => format!("'{name}', {value}"),
        });
        let fields = fields.collect::<Vec<_>>().join(", ");
        match self {
            DuckDb => format!("{{{fields}}}"),
            Spark => format!("named_struct({fields})"),
        }
    }

    /// A list of these.
    pub(super) fn list(self, elements: &str) -> String {
        match self {
            DuckDb => format!("[{elements}]"),
            Spark => format!("array({elements})"),
        }
    }

    /// What a JSON document has at a path, as text; of a text the text itself.
    pub(super) fn extracted(self, document: &str, path: &str) -> String {
        match self {
            DuckDb => format!("json_extract_string({document}, {})", self.text(path)),
            Spark => format!("get_json_object({document}, {})", self.text(path)),
        }
    }

    /// A step of a path, of a key that is no plain word.
    pub(super) fn key(self, key: &str) -> String {
        match self {
            DuckDb => format!(".\"{key}\""),
            Spark => format!("['{key}']"),
        }
    }

    /// The elements of a JSON array as texts; NULL of anything else.
    pub(super) fn elements(self, array: &str) -> String {
        match self {
            DuckDb => format!("from_json({array}, '[\"VARCHAR\"]')"),
            Spark => format!("from_json({array}, 'array<string>')"),
        }
    }

    /// A list as a JSON array.
    pub(super) fn json_of(self, list: &str) -> String {
        match self {
            DuckDb => format!("CAST(to_json({list}) AS VARCHAR)"),
            Spark => format!("to_json({list})"),
        }
    }

    /// What is made of each element.
    pub(super) fn mapped(self, list: &str, name: &str, body: &str) -> String {
        match self {
            DuckDb => format!("list_transform({list}, lambda {name}: {body})"),
            Spark => format!("transform({list}, {name} -> {body})"),
        }
    }

    /// The elements for which it holds.
    pub(super) fn filtered(self, list: &str, name: &str, body: &str) -> String {
        match self {
            DuckDb => format!("list_filter({list}, lambda {name}: {body})"),
            Spark => format!("filter({list}, {name} -> {body})"),
        }
    }

    /// Whether a list has an element.
    pub(super) fn has(self, list: &str, element: &str) -> String {
        match self {
            DuckDb => format!("list_contains({list}, {element})"),
            Spark => format!("array_contains({list}, {element})"),
        }
    }

    /// How many elements a list has.
    pub(super) fn length(self, list: &str) -> String {
        match self {
            DuckDb => format!("len({list})"),
            Spark => format!("size({list})"),
        }
    }

    /// All values of a group as a list.
    pub(super) fn gathered(self, value: &str, order: &str) -> String {
        match self {
            DuckDb => format!("list({value} ORDER BY {order})"),
            Spark => format!(
                "transform(array_sort(collect_list(struct({order}, {value} AS x))), s -> s.x)"
            ),
        }
    }

    /// Rows of a table, one for each element of a list and its place from 1.
    pub(super) fn unnested(self, list: &str) -> String {
        match self {
            DuckDb => format!("unnest({list}) AS el, generate_subscripts({list}, 1) AS i"),
            Spark => format!("posexplode({list}) AS (i, el)"),
        }
    }

    /// The value in the row that comes first, or last.
    pub(super) fn at_end(self, value: &str, order: &str, last: bool) -> String {
        match (self, last) {
            (DuckDb, false) => format!("arg_min({value}, ROW({order}))"),
            (DuckDb, true) => format!("arg_max({value}, ROW({order}))"),
            (Spark, false) => format!("min_by({value}, struct({order}))"),
            (Spark, true) => format!("max_by({value}, struct({order}))"),
        }
    }

    /// Whether a text stands in another: anywhere, at its start, at its end.
    pub(super) fn stands(
        self,
        place: crate::query::predicate::Place,
        text: &str,
        part: &str,
    ) -> String {
        use crate::query::predicate::Place;
        let function = match (self, place) {
            (_, Place::Anywhere) => "contains",
            (DuckDb, Place::Start) => "starts_with",
            (DuckDb, Place::End) => "ends_with",
            (Spark, Place::Start) => "startswith",
            (Spark, Place::End) => "endswith",
        };
        format!("{function}({text}, {part})")
    }

    /// Whether a regular expression is found in a text.
    pub(super) fn finds(self, text: &str, pattern: &str) -> String {
        match self {
            DuckDb => format!("regexp_matches({text}, {})", self.text(pattern)),
            Spark => format!("regexp_like({text}, {})", self.text(pattern)),
        }
    }

    /// Every match replaced.
    pub(super) fn replaced(self, text: &str, pattern: &str, by: &str) -> String {
        let (pattern, by) = (self.text(pattern), self.text(by));
        match self {
            DuckDb => format!("regexp_replace({text}, {pattern}, {by}, 'g')"),
            Spark => format!("regexp_replace({text}, {pattern}, {by})"),
        }
    }

    /// A JSON document without the letters of its values: a text before a comma or
    /// the end of an array or an object is one, before a colon it is a key.
    pub(super) fn without_letters(self, document: &str) -> String {
        let by = if self == DuckDb { r#""\1"\2"# } else { r#""$1"$2"# };
        self.replaced(document, r#""[bntidm]((?:[^"\\]|\\.)*)"([],}])"#, by)
    }

    /// The part of a text between separators, from 1.
    pub(super) fn part(self, text: &str, separator: &str, n: usize) -> String {
        format!("split_part({text}, {}, {n})", self.text(separator))
    }

    /// A number rounded to a whole one, halves to the even one.
    pub(super) fn rounded(self, number: &str) -> String {
        match self {
            DuckDb => format!("round_even({number}, 0)"),
            Spark => format!("bround({number}, 0)"),
        }
    }

    /// The first 15 hexadecimal digits of SHA-256 as a number.
    pub(super) fn drawn(self, text: &str) -> String {
        match self {
            DuckDb => format!("CAST('0x' || left(sha256({text}), 15) AS BIGINT)"),
            Spark => format!("CAST(conv(left(sha2({text}, 256), 15), 16, 10) AS BIGINT)"),
        }
    }

    /// The character of a code.
    pub(super) fn character(self, code: u32) -> String {
        format!("chr({code})")
    }

    /// The day of a number of days since 1970-01-01.
    pub(super) fn date(self, days: &str) -> String {
        match self {
            DuckDb => format!("(DATE '1970-01-01' + CAST({days} AS INTEGER))"),
            Spark => format!("date_add(DATE '1970-01-01', CAST({days} AS INT))"),
        }
    }

    fn days(self, date: &str) -> String {
        match self {
            DuckDb => format!("(CAST({date} AS DATE) - DATE '1970-01-01')"),
            Spark => format!("datediff({date}, DATE '1970-01-01')"),
        }
    }

    /// An instant of milliseconds.
    pub(super) fn instant(self, ms: &str) -> String {
        match self {
            DuckDb => format!("make_timestamp_ms({ms})"),
            Spark => format!("timestamp_millis({ms})"),
        }
    }

    fn local(self, zone: &Zone, ms: &str) -> String {
        match (self, zone == &Zone::UTC) {
            (DuckDb, true) => format!("make_timestamp_ms({ms})"),
            (DuckDb, false) => {
                format!("timezone('{}', make_timestamptz(1000 * ({ms})))", zone.name())
            }
            (Spark, true) => format!("timestamp_millis({ms})"),
            (Spark, false) => {
                format!("from_utc_timestamp(timestamp_millis({ms}), '{}')", zone.name())
            }
        }
    }

    /// The local day of an instant, as a number of days.
    pub(super) fn day_of(self, zone: &Zone, ms: &str) -> String {
        match self {
            DuckDb => self.days(&self.local(zone, ms)),
            Spark => self.days(&format!("CAST({} AS DATE)", self.local(zone, ms))),
        }
    }

    /// The hour that clocks show.
    pub(super) fn hour_of(self, zone: &Zone, ms: &str) -> String {
        format!("hour({})", self.local(zone, ms))
    }

    /// The milliseconds at which a local day begins.
    pub(super) fn start_of(self, zone: &Zone, days: &str) -> String {
        if zone == &Zone::UTC {
            return format!("CAST({days} AS BIGINT) * 86400000");
        }
        let date = self.date(days);
        match self {
            DuckDb => format!("epoch_ms(timezone('{}', CAST({date} AS TIMESTAMP)))", zone.name()),
            Spark => format!(
                "unix_millis(to_utc_timestamp(CAST({date} AS TIMESTAMP), '{}'))",
                zone.name()
            ),
        }
    }

    /// The day so many months later, held at its month's end.
    pub(super) fn plus_months(self, days: &str, months: &str) -> String {
        let date = self.date(days);
        match self {
            DuckDb => self.days(&format!("({date} + to_months(CAST({months} AS INTEGER)))")),
            Spark => self.days(&format!("add_months({date}, {months})")),
        }
    }

    /// The first day of the quarter or the year of a day.
    pub(super) fn truncated(self, days: &str, to: &str) -> String {
        let date = self.date(days);
        match self {
            DuckDb => self.days(&format!("date_trunc('{to}', {date})")),
            Spark => self.days(&format!("trunc({date}, '{to}')")),
        }
    }

    /// The day of the month of a day.
    pub(super) fn of_month(self, days: &str) -> String {
        match self {
            DuckDb => format!("day({})", self.date(days)),
            Spark => format!("dayofmonth({})", self.date(days)),
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
