//! Functions of one value. What they do not read is missing.

use super::cell::Cell;
use super::clock::Clock;
use super::sql::Sql;
use crate::model::Kind;
use crate::query::predicate::Scalar;

impl Sql {
    /// What a function makes of a value.
    pub(super) fn call(&self, function: Scalar, of: &Cell, clock: &Clock) -> Cell {
        let dialect = self.dialect;
        let text = || self.read(of, Kind::Text);
        match function {
            Scalar::Lower => Cell::text(format!("lower({})", text())),
            Scalar::Upper => Cell::text(format!("upper({})", text())),
            Scalar::Trim => {
                Cell::text(dialect.replaced(&text(), "^[\\s\u{85}\u{a0}]+|[\\s\u{85}\u{a0}]+$", ""))
            }
            Scalar::Domain => Cell::text(self.once("v", &text(), |v| {
                let behind = dialect.replaced(v, "^(?s:.*)@", "");
                format!("CASE WHEN contains({v}, '@') THEN lower({behind}) END")
            })),
            Scalar::Size => match of {
                Cell::Any { whole, .. } => Cell::number(self.size(whole)),
                _ => Cell::Missing,
            },
            Scalar::HourOfDay => {
                Cell::number(self.whole(&self.hour_of(clock, &self.read(of, Kind::Instant))))
            }
            Scalar::MonthOfYear => Cell::number(
                self.whole(&self.of_day(of, clock, &|day| format!("month({})", dialect.date(day)))),
            ),
            // 1970-01-01 was a Thursday, the fourth day of its week.
            Scalar::DayOfWeek => {
                Cell::number(self.whole(
                    &self.of_day(of, clock, &|day| format!("(({day} + 3) % 7 + 7) % 7 + 1")),
                ))
            }
            Scalar::Season => Cell::text(self.of_day(of, clock, &|day| {
                format!(
                    "CASE month({}) WHEN 3 THEN 'spring' WHEN 4 THEN 'spring' WHEN 5 THEN 'spring' \
                     WHEN 6 THEN 'summer' WHEN 7 THEN 'summer' WHEN 8 THEN 'summer' \
                     WHEN 9 THEN 'autumn' WHEN 10 THEN 'autumn' WHEN 11 THEN 'autumn' \
                     WHEN 12 THEN 'winter' WHEN 1 THEN 'winter' WHEN 2 THEN 'winter' END",
                    dialect.date(day)
                )
            })),
            Scalar::Anniversary => {
                Cell::Of(Kind::Date, self.of_day(of, clock, &|day| self.anniversary(day, clock)))
            }
        }
    }

    fn whole(&self, number: &str) -> String {
        format!("CAST({number} AS DECIMAL(38,9))")
    }

    fn size(&self, whole: &str) -> String {
        let dialect = self.dialect;
        let array = self.once("v", whole, |v| format!("CASE WHEN left({v}, 1) = '[' THEN {v} END"));
        let known = dialect.filtered(&dialect.elements(&array), "y", "y IS NOT NULL");
        self.whole(&dialect.length(&known))
    }

    /// Something of the day of an instant or of a date.
    fn of_day(&self, of: &Cell, clock: &Clock, make: &dyn Fn(&str) -> String) -> String {
        let mut days = Vec::new();
        if of.kind().is_none_or(|kind| kind == Kind::Instant) {
            days.push(self.day_of(clock, &self.read(of, Kind::Instant)));
        }
        if of.kind().is_none_or(|kind| kind == Kind::Date) {
            days.push(self.read(of, Kind::Date));
        }
        let day = match days.len() {
            0 => "CAST(NULL AS INTEGER)".to_owned(),
            1 => days.remove(0),
            _ => format!("COALESCE({})", days.join(", ")),
        };
        self.once("v", &day, |v| make(v))
    }

    /// The first day from today on that recurs; 29 February is held at its month's end.
    fn anniversary(&self, day: &str, clock: &Clock) -> String {
        let today = self.days_from_today(clock, 0);
        let year = match clock {
            Clock::In(zone) => self.today(zone).ymd().0.to_string(),
            Clock::Theirs(_) => format!("year({})", self.dialect.date(&today)),
        };
        let in_year = |year: &str| {
            let months = format!("12 * ({year} - year({}))", self.dialect.date(day));
            self.dialect.plus_months(day, &months)
        };
        format!(
            "CAST(CASE WHEN {0} >= {1} THEN {0} ELSE {2} END AS INTEGER)",
            in_year(&year),
            today,
            in_year(&format!("({year} + 1)"))
        )
    }
}
