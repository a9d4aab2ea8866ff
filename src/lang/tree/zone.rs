//! Where local days begin, as a text says it.

use crate::model::Text;

/// The time zone of an audience, a trait or a report.
///
/// ```
/// use throng::lang::{parse, tree::{AudienceOption, StatementKind, TimeZone}};
/// let parsed = parse("create audience early in their timezone is people who did order today");
/// let StatementKind::CreateAudience { options, .. } = &parsed.statements[0].kind else { panic!() };
/// assert!(matches!(&options[0], AudienceOption::Zone(zone) if zone.node == TimeZone::Theirs));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeZone {
    /// `in timezone "Europe/Prague"`: this one, for everybody.
    Named(Text),
    /// `in their timezone`: that of each person, as the attribute `timezone` names it.
    Theirs,
}
