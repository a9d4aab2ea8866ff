//! What a person fulfils or not.

use super::refused::{Made, Refused};
use super::sql::{Scope, Sql, all_of, any_of, surely, tree};
use crate::query::predicate::{
    Audience, Condition, CountRange, Draw, EventFilter, List, Matcher, Occurrence, Predicate,
};

impl Sql {
    /// Whether the person of a row fulfils a condition.
    pub(super) fn condition(&mut self, condition: &Condition, scope: &mut Scope) -> Made<String> {
        tree(condition, &mut |leaf| self.predicate(leaf, scope))
    }

    /// Whether the person of a row fulfils a predicate; never NULL.
    pub(super) fn predicate(&mut self, predicate: &Predicate, scope: &mut Scope) -> Made<String> {
        if self.past && matches!(predicate, Predicate::Ranked(_)) {
            return Err(Refused::new("the score of a model that reads ranks"));
        }
        let table = match predicate {
            Predicate::Is(test) => return self.test(test, scope),
            Predicate::Drawn(draw) => return Ok(self.drawn(draw, &scope.person())),
            Predicate::Did(occurrence) => {
                let table = self.occurrence(occurrence)?;
                return Ok(counted(&scope.of_person(&table, "v"), occurrence.count));
            }
            Predicate::Pattern(pattern) => {
                let table = self.pattern(pattern)?;
                return Ok(counted(&scope.of_person(&table, "v"), pattern.count));
            }
            Predicate::InAudience(audience) => self.audience(audience)?,
            Predicate::Ranked(rank) => self.rank(rank)?,
            Predicate::Consent { purpose } => self.consent(purpose),
            Predicate::Listed(list) => self.listed(list),
        };
        Ok(surely(&scope.of_person(&table, "v")))
    }

    /// The table of an audience's members.
    fn audience(&mut self, audience: &Audience) -> Made<String> {
        let mut scope = Scope::people(self);
        let condition = self.condition(&audience.condition, &mut scope)?;
        let columns = format!("{}, TRUE AS v", scope.person());
        let text = self.select(&scope, &columns, &[condition], "");
        Ok(self.table("audience", text))
    }

    /// The table of how many matching events lie in the windows.
    fn occurrence(&mut self, occurrence: &Occurrence) -> Made<String> {
        let mut scope = Scope::events(self);
        let mut conditions = vec![self.fits(&occurrence.matcher, &mut scope)?];
        conditions.extend(self.in_windows(&occurrence.windows, &mut scope)?);
        let columns = format!("{}, COUNT(*) AS v", scope.person());
        let group = format!("GROUP BY {}", scope.person());
        let text = self.select(&scope, &columns, &conditions, &group);
        Ok(self.table("did", text))
    }

    /// Whether an event, at this element of it, fits at least one of the filters.
    pub(super) fn fits(&mut self, matcher: &Matcher, scope: &mut Scope) -> Made<String> {
        let one = |filter: &EventFilter| -> Made<String> {
            let mut parts = Vec::new();
            if let Some(name) = &filter.name {
                parts.push(format!("{} = {}", scope.column("name"), self.dialect.text(name)));
            }
            if let Some(filter) = &filter.filter {
                parts.push(tree(filter, &mut |test| self.test(test, scope))?);
            }
            Ok(all_of(parts))
        };
        Ok(any_of(matcher.0.iter().map(one).collect::<Made<_>>()?))
    }

    fn consent(&mut self, purpose: &str) -> String {
        let dialect = self.dialect;
        let text = format!(
            "SELECT profile_id, TRUE AS v FROM {} WHERE purpose = {} AND granted \
             AND (expires IS NULL OR {} > {})",
            dialect.table(if self.past { "midnight_consents" } else { "consents" }),
            dialect.text(purpose),
            dialect.ms("expires"),
            self.now.millis()
        );
        self.table("consent", text)
    }

    fn listed(&mut self, list: &List) -> String {
        let dialect = self.dialect;
        let text = format!(
            "SELECT DISTINCT profile_id, TRUE AS v FROM {} WHERE identifier IN \
             (SELECT element FROM {} WHERE list = {})",
            dialect.table("identifiers"),
            dialect.table("lists"),
            dialect.text(&list.name)
        );
        self.table("listed", text)
    }

    fn drawn(&self, draw: &Draw, person: &str) -> String {
        let dialect = self.dialect;
        let seed = dialect.text(&draw.seed);
        let hash = dialect.drawn(&format!("{seed} || {} || {person}", dialect.character(0x1F)));
        // The least whole hash that is not below a bound in billionths of 2^60.
        let bound = |of: crate::model::Decimal| {
            let scaled = of.billionths() * (1_i128 << 60);
            scaled.div_euclid(1_000_000_000) + i128::from(scaled.rem_euclid(1_000_000_000) != 0)
        };
        let (from, below) = (bound(draw.from), bound(draw.below));
        match from {
            0 => format!("{hash} < {below}"),
            _ => format!("({hash} >= {from} AND {hash} < {below})"),
        }
    }
}

fn counted(count: &str, range: CountRange) -> String {
    let CountRange { least, most } = range;
    let count = format!("COALESCE({count}, 0)");
    match most {
        None => format!("{count} >= {least}"),
        Some(most) if most == least => format!("{count} = {least}"),
        Some(most) if least == 0 => format!("{count} <= {most}"),
        Some(most) => format!("{count} BETWEEN {least} AND {most}"),
    }
}
