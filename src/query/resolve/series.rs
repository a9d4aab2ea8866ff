//! Reports over periods of the calendar, and how audiences overlap.

use super::Resolver;
use crate::lang::tree::{self, ReportKind};
use crate::lang::{Code, Diagnostic, Spanned};
use crate::model::{FixedUnit, Period, Unit};
use crate::query::{Per, Question};

impl Resolver<'_> {
    pub(super) fn trend(
        &mut self,
        columns: &[tree::Column],
        per: &Spanned<Unit>,
        window: Option<&tree::Window>,
        people: Option<&tree::People>,
        group: Option<&tree::Group>,
    ) -> Option<Question> {
        let (aggregates, per) = (self.total_columns(columns), self.per(per));
        let windows = self.event_windows(window.map_or(&[], std::slice::from_ref));
        let people = self.of_people(people);
        let (by, top) = self.group_of_events(group)?;
        let (aggregates, per, windows, people) = (aggregates?, per?, windows?, people?);
        Some(Question::Trend { aggregates, per, windows, people, by, top })
    }

    pub(super) fn retention(&mut self, kind: &ReportKind) -> Option<Question> {
        let ReportKind::Retention { of, returning, per, n_periods, window, people, group } = kind
        else {
            return None;
        };
        let (of, returning) = (self.matcher(of), self.matcher(returning));
        let (per, windows) = (self.per(per), self.event_windows(window.as_slice()));
        let people = self.of_people(people.as_ref());
        let (by, top) = self.group(group.as_ref())?;
        let (of, returning, per, n_periods) = (of?, returning?, per?, *n_periods);
        let (windows, people) = (windows?, people?);
        Some(Question::Retention { of, returning, per, n_periods, windows, people, by, top })
    }

    pub(super) fn overlap(&mut self, audiences: &[tree::Name]) -> Option<Question> {
        let found: Vec<_> = audiences.iter().map(|name| self.known_audience(name)).collect();
        for (place, name) in audiences.iter().enumerate() {
            if let Some(twin) = audiences[..place].iter().find(|other| other.node == name.node) {
                let message = format!("`{}` is named twice", name.node);
                let found = Diagnostic::error(Code::NameTaken, name.span, message);
                return self.refuse(found.also(twin.span, "the first"));
            }
        }
        let audiences = found.into_iter().collect::<Option<Vec<_>>>()?;
        Some(Question::Overlap { audiences })
    }

    fn per(&mut self, unit: &Spanned<Unit>) -> Option<Per> {
        match (unit.node, Period::of(unit.node)) {
            (Unit::Fixed(FixedUnit::Hour), _) => Some(Per::Hour),
            (_, Some(period)) => Some(Per::Period(period)),
            (other, None) => {
                let message = format!("a row for each {} would be too many", other.name());
                let found = Diagnostic::error(Code::Unit, unit.span, message);
                self.refuse(found.help("the shortest period of a report is an hour"))
            }
        }
    }
}
