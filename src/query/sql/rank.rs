//! Ranks: who stands where among others, in whole numbers.

use super::refused::Made;
use super::sql::{Scope, Sql};
use crate::query::predicate::{Cut, Rank, Size};

impl Sql {
    /// The table of those who stand in that part of the order.
    pub(super) fn rank(&mut self, rank: &Rank) -> Made<String> {
        let mut scope = Scope::people(self);
        let among = self.condition(&rank.among, &mut scope)?;
        let value = self.value(&rank.value, &mut scope)?;
        let value = self.read(&value, rank.reads);
        let columns = format!("{}, {value} AS v", scope.person());
        let text = self.select(&scope, &columns, &[among], "");
        let ranked = self.table("ranked", text);
        let text = format!(
            "SELECT profile_id, TRUE AS v FROM (SELECT profile_id, \
             RANK() OVER (ORDER BY v {}) AS r, COUNT(*) OVER () AS n FROM {ranked} \
             WHERE v IS NOT NULL) WHERE {}",
            if matches!(rank.cut, Cut::Top(_)) { "DESC" } else { "ASC" },
            self.cut(rank.cut)
        );
        Ok(self.table("rank", text))
    }

    fn cut(&self, cut: Cut) -> String {
        match cut {
            Cut::Top(Size::Count(count)) | Cut::Bottom(Size::Count(count)) => {
                format!("r <= {count}")
            }
            Cut::Top(Size::Share(share)) | Cut::Bottom(Size::Share(share)) => {
                let whole = self.dialect.whole();
                let scaled = format!("CAST({} AS {whole}) * n + 999999999", share.billionths());
                format!("r <= {}", self.dialect.div(&scaled, "1000000000"))
            }
            Cut::Part { number, of } => {
                format!("1 + {} = {number}", self.dialect.div(&format!("{of} * (r - 1)"), "n"))
            }
        }
    }
}
