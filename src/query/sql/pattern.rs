//! Events that belong together: each step is a table of its events, joined to those before.

use super::clock::Clock;
use super::refused::{Made, Refused};
use super::sql::{Row, Scope, Sql, all_of, any_of, surely};
use crate::query::predicate::{
    Binds, Form, Gap, Length, Link, Matcher, Pattern, PersonLeaf, RowLeaf, Sequence, Tail, Window,
};

/// Choices of kinds of a combination that are written out.
const CHOICES_MAX: usize = 256;

impl Sql {
    /// The table of how many matches there are.
    pub(super) fn pattern(&mut self, pattern: &Pattern) -> Made<String> {
        let text = match &pattern.form {
            Form::Sequence(sequence) => self.sequence(pattern, sequence)?,
            Form::Combination { kinds, needed } => self.combination(pattern, kinds, *needed)?,
        };
        Ok(self.table("pattern", text))
    }

    fn sequence(&mut self, pattern: &Pattern, sequence: &Sequence) -> Made<String> {
        let ground = self.ground(sequence.same.as_ref())?;
        let last = sequence.steps.len() - 1;
        let mut joined = String::new();
        let mut conditions = Vec::new();
        for (n, step) in sequence.steps.iter().enumerate() {
            let bound = |binds: Binds| match binds {
                Binds::Each => true,
                Binds::First => n == 0,
                Binds::Last => n == last,
            };
            let windows = pattern.windows.iter().filter(|placing| bound(placing.binds));
            let windows: Vec<_> = windows.map(|placing| &placing.window).collect();
            let table = self.matched(&ground, &step.matcher, &windows)?;
            if n == 0 {
                joined = format!("{table} s0{}", self.clocks(pattern));
                continue;
            }
            let (before, own) = (format!("s{}", n - 1), format!("s{n}"));
            let mut on = vec![ground.same_as("s0", &own)];
            on.push(match step.link {
                Link::Then => format!("{own}.t >= {before}.t"),
                Link::Strictly => format!("{own}.t > {before}.t"),
                Link::Immediately => format!("{own}.seq = {before}.seq + 1"),
            });
            on.extend((0..n).map(|other| format!("{own}.seq <> s{other}.seq")));
            let (from, to) = (format!("{before}.t"), format!("{own}.t"));
            on.extend(step.gaps.iter().map(|gap| self.obeys(gap, &from, &to)));
            joined.push_str(&format!("\n  JOIN {table} {own} ON {}", on.join(" AND ")));
            if let Some(without) = &step.without {
                let table = self.matched(&ground, without, &[])?;
                let between = format!("x.t >= {from} AND x.t <= {to}");
                conditions.push(ground.nothing(&table, last, &between));
            }
        }
        let (first_t, last_t) = ("s0.t".to_owned(), format!("s{last}.t"));
        if let Some(total) = &pattern.total {
            conditions.push(self.past(total, [&first_t, &last_t], "<"));
        }
        for tail in &sequence.tails {
            conditions.extend(self.tail(tail, &ground, last)?);
        }
        let counted = if ground.keyed { "s0.k" } else { "s0.seq" };
        let filter = match conditions.is_empty() {
            true => String::new(),
            false => format!("\n  WHERE {}", conditions.join("\n  AND ")),
        };
        Ok(format!(
            "SELECT s0.profile_id, COUNT(DISTINCT {counted}) AS v FROM {joined}{filter}\n  GROUP BY s0.profile_id"
        ))
    }

    /// What must not follow the last event, and that its time is over.
    fn tail(&mut self, tail: &Tail, ground: &Ground, last: usize) -> Made<Vec<String>> {
        let table = self.matched(ground, &tail.matcher, &[])?;
        let from = format!("s{last}.t");
        let now = self.now.millis().to_string();
        let (mut over, mut conditions) = (Vec::new(), Vec::new());
        let mut inside = vec![format!("x.t >= {from}")];
        for gap in &tail.gaps {
            if let Gap::Within(length) = gap {
                over.push(self.passed(length, [&from, &now]));
            }
            inside.push(self.obeys(gap, &from, "x.t"));
        }
        // The nearest end ends all.
        if !over.is_empty() {
            conditions.push(any_of(over));
        }
        conditions.push(ground.nothing(&table, last, &inside.join(" AND ")));
        Ok(conditions)
    }

    fn obeys(&mut self, gap: &Gap, from: &str, to: &str) -> String {
        match gap {
            Gap::Within(length) => self.past(length, [from, to], "<"),
            Gap::AtLeast(length) => self.passed(length, [from, to]),
        }
    }

    /// Whether a length has passed from one instant to another.
    fn passed(&mut self, length: &Length, span: [&str; 2]) -> String {
        self.past(length, span, ">=")
    }

    fn past(&mut self, length: &Length, [from, to]: [&str; 2], sign: &str) -> String {
        match length {
            Length::Ms(ms) => format!("{to} - {from} {sign} {ms}"),
            Length::Months(months, local) => {
                let clock = self.clock_of(local);
                let day = self.day_of(&clock, from);
                let end = self.dialect.plus_months(&day, &months.to_string());
                format!("{to} {sign} {}", self.start_of(&clock, &end))
            }
        }
    }

    /// Joins the clocks of people by which lengths are told.
    fn clocks(&mut self, pattern: &Pattern) -> String {
        let mut tables = Vec::new();
        for length in pattern.lengths() {
            if let Length::Months(_, local) = length
                && let Clock::Theirs(table) = self.clock_of(local)
            {
                tables.push(table);
            }
        }
        tables.dedup();
        let join =
            |table: &String| format!("\n  JOIN {table} ON {table}.profile_id = s0.profile_id");
        tables.iter().map(join).collect()
    }

    /// The events that steps are chosen from; under `same` once for each key.
    fn ground(&mut self, same: Option<&RowLeaf>) -> Made<Ground> {
        let mut scope = Scope::events(self);
        let Some(same) = same else {
            return Ok(Ground { table: scope.table, keyed: false });
        };
        let cell = super::expression::Leaf::cell(same, self, &mut scope)?;
        let (event, key) = (scope.table.clone(), self.each(&self.lettered(&cell)));
        let columns = self.event_columns();
        let text = format!(
            "SELECT {columns}, el AS k FROM (SELECT {columns}, {} FROM \
             (SELECT *, {key} AS l FROM {event}))",
            self.dialect.unnested("l")
        );
        Ok(Ground { table: self.table("keyed", text), keyed: true })
    }

    /// The table of the events that fit and lie in windows.
    fn matched(
        &mut self,
        ground: &Ground,
        matcher: &Matcher,
        windows: &[&Window<PersonLeaf>],
    ) -> Made<String> {
        let mut scope = Scope::of_table(&ground.table, Row::Event);
        let mut conditions = vec![self.fits(matcher, &mut scope)?];
        conditions.extend(self.in_windows(windows.iter().copied(), &mut scope)?);
        let mut columns = vec!["profile_id", "seq", "t"];
        if ground.keyed {
            columns.push("k");
        }
        let columns: Vec<String> = columns.iter().map(|name| scope.column(name)).collect();
        let text = self.select(&scope, &columns.join(", "), &conditions, "");
        Ok(self.table("step", text))
    }

    fn combination(&mut self, pattern: &Pattern, kinds: &[Matcher], needed: usize) -> Made<String> {
        let tables = kinds.iter().map(|kind| self.kind(pattern, kind)).collect::<Made<Vec<_>>>()?;
        let choices = choices(tables.len(), needed);
        if choices.len() > CHOICES_MAX {
            return Err(Refused::new("a combination of so many kinds"));
        }
        let found: Vec<String> =
            choices.iter().map(|chosen| self.chosen(pattern, chosen, &tables)).collect();
        Ok(format!(
            "SELECT DISTINCT profile_id, 1 AS v FROM (\n  {}\n  )",
            found.join("\n  UNION ALL ")
        ))
    }

    /// The events of a kind, and whether each may be the first or the last one.
    fn kind(&mut self, pattern: &Pattern, matcher: &Matcher) -> Made<String> {
        let mut scope = Scope::events(self);
        let windows = |binds: Binds| {
            let bound = pattern.windows.iter().filter(move |placing| placing.binds == binds);
            bound.map(|placing| &placing.window).collect::<Vec<_>>()
        };
        let mut conditions = vec![self.fits(matcher, &mut scope)?];
        conditions.extend(self.in_windows(windows(Binds::Each), &mut scope)?);
        let first = all_of(self.in_windows(windows(Binds::First), &mut scope)?);
        let last = all_of(self.in_windows(windows(Binds::Last), &mut scope)?);
        let [person, seq, t] = ["profile_id", "seq", "t"].map(|name| scope.column(name));
        let columns =
            format!("{person}, {seq}, {t}, {} AS first, {} AS last", surely(&first), surely(&last));
        let text = self.select(&scope, &columns, &conditions, "");
        Ok(self.table("kind", text))
    }

    fn chosen(&mut self, pattern: &Pattern, chosen: &[usize], tables: &[String]) -> String {
        let names: Vec<String> = (0..chosen.len()).map(|n| format!("s{n}")).collect();
        let mut joined = format!("{} s0{}", tables[chosen[0]], self.clocks(pattern));
        for n in 1..chosen.len() {
            let mut on = vec![format!("s{n}.profile_id = s0.profile_id")];
            on.extend((0..n).map(|other| format!("s{n}.seq <> s{other}.seq")));
            joined.push_str(&format!(" JOIN {} s{n} ON {}", tables[chosen[n]], on.join(" AND ")));
        }
        let mut conditions = Vec::new();
        for name in &names {
            let others = || names.iter().filter(move |other| *other != name);
            let end = |column: &str, sign: char| {
                let beyond = others().map(|other| format!("{other}.seq {sign} {name}.seq"));
                any_of(std::iter::once(format!("{name}.{column}")).chain(beyond).collect())
            };
            conditions.extend([end("first", '<'), end("last", '>')]);
            if let Some(total) = &pattern.total {
                let from = format!("{name}.t");
                let short = |to: &String| self.past(total, [&from, &format!("{to}.t")], "<");
                conditions.extend(others().map(short));
            }
        }
        format!("SELECT s0.profile_id FROM {joined} WHERE {}", conditions.join(" AND "))
    }
}

/// Where steps are chosen from.
struct Ground {
    table: String,
    /// Whether rows have a key `k` that all steps agree on.
    keyed: bool,
}

impl Ground {
    /// Two rows of one person, and of one key.
    fn same_as(&self, one: &str, other: &str) -> String {
        let person = format!("{other}.profile_id = {one}.profile_id");
        if self.keyed { format!("{person} AND {other}.k = {one}.k") } else { person }
    }

    /// No event of a table lies there but those that were chosen.
    fn nothing(&self, table: &str, last: usize, there: &str) -> String {
        let chosen: Vec<String> = (0..=last).map(|n| format!("s{n}.seq")).collect();
        format!(
            "NOT EXISTS (SELECT 1 FROM {table} x WHERE {} AND {there} AND x.seq NOT IN ({}))",
            self.same_as("s0", "x"),
            chosen.join(", ")
        )
    }
}

/// Every choice of so many different numbers below `n`, ascending.
fn choices(n: usize, length: usize) -> Vec<Vec<usize>> {
    if length == 0 {
        return vec![Vec::new()];
    }
    let shorter = choices(n, length - 1);
    let longer = shorter.iter().flat_map(|choice| {
        let from = choice.last().map_or(0, |last| last + 1);
        (from..n).map(move |next| [choice.as_slice(), &[next]].concat())
    });
    longer.take(CHOICES_MAX + 1).collect()
}
