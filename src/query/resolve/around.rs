//! `within 7 days after first signup`: windows around a point.

use super::leaf::Leaf;
use super::length::Measure;
use super::{Kinds, Resolver};
use crate::lang::tree::{self, Bound, Reach};
use crate::query::predicate::{Side, Window};

impl Resolver<'_> {
    /// Nearer to a point than a length. A date on either end is measured by whole days.
    pub(super) fn around<L: Leaf>(
        &mut self,
        scope: &L::Scope,
        reach: &Reach,
        side: tree::Side,
        bound: &Bound,
        subject: Kinds,
    ) -> Option<Window<L>> {
        let (point, kinds) = self.bound(scope, bound)?;
        let by_days = [subject, kinds].contains(&Kinds::DATE);
        let measured = if by_days { Kinds::DATE } else { Kinds::INSTANT };
        let measure = self.reach(reach, measured)?;
        let side = match side {
            tree::Side::After => Side::After,
            tree::Side::Before => Side::Before,
            tree::Side::Of => Side::Either,
        };
        let zone = self.zone.clone();
        Some(match measure {
            Measure::Ms(ms) => Window::Within { ms, side, point, zone },
            Measure::Months(months) => Window::WithinMonths { months, side, point, zone },
        })
    }
}
