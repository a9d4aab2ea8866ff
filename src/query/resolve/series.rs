//! Reports over periods of the calendar, and how audiences overlap.

use super::Resolver;
use super::length::length_ms;
use crate::lang::tree::{self, ReportKind};
use crate::lang::{Code, Diagnostic, Spanned};
use crate::model::{FixedUnit, Period, Unit};
use crate::query::predicate::{CountRange, Form, Pattern, Sequence};
use crate::query::{Per, Question};

/// How far a forecast looks ahead unless it is told: a week.
const FORECAST_MS: i64 = 7 * 86_400_000;

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

    pub(super) fn funnel(
        &mut self,
        sequence: &tree::Sequence,
        window: Option<&tree::Window>,
        people: Option<&tree::People>,
        group: Option<&tree::Group>,
    ) -> Option<Question> {
        let binds = tree::Binds::Each;
        let windows = window.map(|window| tree::Placing { binds, window: window.clone() });
        let whole = self.sequence(sequence, windows.as_slice(), CountRange::SOME);
        let people = self.of_people(people);
        self.first_step = match &sequence.first {
            tree::Matcher::Event(event) => Some(event.name.node.clone()),
            _ => None,
        };
        let groups = self.group(group);
        self.first_step = None;
        let (by, top) = groups?;
        let steps = steps(sequence, &whole?);
        Some(Question::Funnel { steps, people: people?, by, top })
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

    pub(super) fn forecast(
        &mut self,
        audience: &tree::Name,
        per: Option<&Spanned<Unit>>,
        length: Option<&tree::Length>,
    ) -> Option<Question> {
        let audience = self.known_audience(audience);
        let per = match per {
            Some(per) => Some(self.per(per)?),
            None => None,
        };
        let ms = match length {
            None => Some(FORECAST_MS),
            Some(length) => length_ms(length).or_else(|| {
                let message = "a forecast is made for days, weeks or hours";
                self.refuse(Diagnostic::error(Code::Unit, length.span, message))
            }),
        };
        Some(Question::Forecast { audience: audience?, ms: ms?, per })
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
        if self.zone.is_theirs() {
            let message = "the rows of a report are the same periods for everybody";
            let found = Diagnostic::error(Code::Zone, unit.span, message);
            let help =
                "leave `in their timezone` away, or name a zone: `in timezone \"Europe/Prague\"`";
            return self.refuse(found.help(help));
        }
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

/// The beginnings of a sequence, each a step longer, under the names of their last steps.
fn steps(sequence: &tree::Sequence, whole: &Pattern) -> Vec<(String, Pattern)> {
    let print = crate::lang::print_matcher;
    let first = std::iter::once(print(&sequence.first));
    let events = first.chain(sequence.steps.iter().map(|step| print(&step.matcher)));
    let tails = sequence.tails.iter().map(|tail| format!("no {}", print(&tail.matcher)));
    let Form::Sequence(all) = &whole.form else { return Vec::new() };
    let beginning = |n: usize| {
        let n_tails = n.saturating_sub(all.steps.len());
        let steps = all.steps.iter().take(n).cloned().collect();
        let tails = all.tails.iter().take(n_tails).cloned().collect();
        let form = Form::Sequence(Sequence { steps, tails, same: all.same.clone() });
        Pattern { form, ..whole.clone() }
    };
    events.chain(tails).enumerate().map(|(place, name)| (name, beginning(place + 1))).collect()
}
