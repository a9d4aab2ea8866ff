//! Where the days of a definition or a report begin.

use super::Resolver;
use crate::lang::Spanned;
use crate::lang::tree::TimeZone;
use crate::query::catalog::zone_named;
use crate::query::predicate::Local;

impl Resolver<'_> {
    /// From here on days begin where the text says.
    pub(super) fn begin_days_in(&mut self, zone: &Spanned<TimeZone>) {
        match &zone.node {
            TimeZone::Named(name) => match zone_named(name, zone.span) {
                Ok(zone) => self.zone = Local::In(zone),
                Err(found) => self.diagnostics.push(found),
            },
            TimeZone::Theirs => {
                self.uses.attributes.insert("timezone".into());
                self.zone = Local::Theirs(self.catalog.zone().clone());
            }
        }
    }
}
