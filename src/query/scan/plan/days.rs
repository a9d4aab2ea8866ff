//! Where local days begin: the same for all, or another zone for each person.

use super::Plan;
use super::wish::Wish;
use crate::model::{Value, Zone};
use crate::query::predicate::{Length, Local, Pattern};
use crate::query::scan::value::Here;
use std::borrow::Cow;

/// Where days begin, found without a look at the condition.
#[derive(Clone, Debug)]
pub enum Days {
    In(Zone),
    /// Where the attribute in that slot says; else in the zone of all.
    Theirs {
        slot: usize,
        common: Zone,
    },
}

impl Days {
    pub fn is_constant(&self) -> bool {
        matches!(self, Days::In(_))
    }

    /// The zone at a place.
    pub fn zone(&self, here: &Here<'_>) -> Cow<'_, Zone> {
        match self {
            Days::In(zone) => Cow::Borrowed(zone),
            Days::Theirs { slot, common } => {
                let told = here.slot(*slot);
                let name = if let Value::Text(name) = &told { &**name } else { "" };
                Zone::named(name).map_or(Cow::Borrowed(common), Cow::Owned)
            }
        }
    }
}

impl<'c> Plan<'c> {
    pub(super) fn days(&mut self, local: &Local) -> Days {
        match local {
            Local::In(zone) => Days::In(zone.clone()),
            Local::Theirs(common) => {
                let slot = self.slot(Wish::Attribute("timezone"));
                Days::Theirs { slot, common: common.clone() }
            }
        }
    }

    /// The days that the lengths of a pattern are told by, if any of them is told by days.
    pub(super) fn days_of(&mut self, pattern: &Pattern) -> Days {
        let by_days = pattern.lengths().into_iter().find_map(|length| match length {
            Length::Months(_, local) => Some(local),
            Length::Ms(_) => None,
        });
        by_days.map_or(Days::In(Zone::UTC), |local| self.days(local))
    }
}
