//! Where local days begin: in one zone, or in that of each person.

use crate::model::Zone;

/// The zone that days, dates and hours are told by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Local {
    /// The same for everybody.
    In(Zone),
    /// The one that the person's attribute `timezone` names at the instant that
    /// is asked about; where it names none, this one.
    Theirs(Zone),
}

impl Local {
    /// Coordinated universal time, for everybody.
    pub const UTC: Local = Local::In(Zone::UTC);

    /// The zone where no person is asked, or theirs is not known.
    pub fn common(&self) -> &Zone {
        match self {
            Local::In(zone) | Local::Theirs(zone) => zone,
        }
    }

    /// Whether it is another one for each person.
    pub fn is_theirs(&self) -> bool {
        matches!(self, Local::Theirs(_))
    }

    /// As `explain` names it.
    pub fn name(&self) -> &str {
        match self {
            Local::In(zone) => zone.name(),
            Local::Theirs(_) => "their timezone",
        }
    }
}

impl From<Zone> for Local {
    fn from(zone: Zone) -> Local {
        Local::In(zone)
    }
}
