//! Reports: what is asked, of whom, at which instant.

use super::person::PersonScope;
use super::resolver::Listed;
use super::{Kinds, Resolver};
use crate::lang::tree::{self, ReportKind};
use crate::lang::{Code, Diagnostic, Spanned};
use crate::model::{Identifier, Text, Timestamp};
use crate::query::predicate::{Aggregate, Condition, Expr, PersonLeaf, Tree};
use crate::query::{AsOf, Column, Question, Reference, Sort};

/// The grouping of a report: its values, and how many rows are kept.
pub(super) type Groups = (Vec<Column>, Option<u64>);

impl Resolver<'_> {
    /// A report and its instant; the report's zone becomes the resolver's.
    pub(super) fn report(&mut self, report: &tree::Report) -> Option<(Question, AsOf)> {
        report.zone.iter().for_each(|zone| self.begin_days_in(zone));
        self.bears_silence =
            report.as_of.is_some() || !matches!(report.kind, ReportKind::CountPeople { .. });
        let as_of = self.as_of(report.as_of.as_ref());
        let question = self.question(&report.kind)?;
        if let (Question::Forecast { .. }, Some(asked)) = (&question, &report.as_of) {
            let found = Diagnostic::error(Code::Syntax, asked.span, "a forecast begins now");
            return self.refuse(found.help("what has happened since is known: ask `as of` that"));
        }
        Some((question, as_of?))
    }

    /// The instant that is asked about; a date is the start of its local day.
    pub(super) fn as_of(&mut self, as_of: Option<&tree::AsOf>) -> Option<AsOf> {
        let Some(as_of) = as_of else { return Some(AsOf::Now) };
        let at = self.moment(as_of.at);
        Some(if as_of.hindsight { AsOf::Hindsight(at) } else { AsOf::Known(at) })
    }

    /// An instant of the text; a date is the start of its local day.
    pub(super) fn moment(&self, at: tree::Instant) -> Timestamp {
        match at {
            tree::Instant::Date(date, _) => self.zone.common().start_of(date),
            tree::Instant::Timestamp(at, _) => at,
        }
    }

    fn question(&mut self, kind: &ReportKind) -> Option<Question> {
        match kind {
            ReportKind::CountPeople { people, group } => {
                let people = self.people(people);
                let (by, top) = self.group(group.as_ref())?;
                Some(Question::CountPeople { people: people?, by, top })
            }
            ReportKind::CountEvents { matcher, window, people, group } => {
                let matcher = self.matcher(matcher);
                let windows = self.event_windows(window.as_slice());
                let people = self.of_people(people.as_ref());
                let (by, top) = self.group_of_events(group.as_ref())?;
                let (matcher, windows, people) = (matcher?, windows?, people?);
                Some(Question::CountEvents { matcher, windows, people, by, top })
            }
            ReportKind::Total { columns, people, group } => {
                self.total(columns, people.as_ref(), group.as_ref())
            }
            ReportKind::List { columns, people, sort, limit } => {
                let shown = columns;
                let (columns, named) = self.columns(columns);
                self.columns = named.iter().map(|column| column.name.clone()).collect();
                let people = self.people(people);
                self.columns.clear();
                // Only the order knows these names: whom it lists is settled before.
                self.listed = named;
                let sort = self.sort(sort.as_ref(), shown);
                self.listed.clear();
                let sort = sort?;
                Some(Question::List { columns: columns?, people: people?, sort, limit: *limit })
            }
            ReportKind::Trend { columns, per, window, people, group } => {
                self.trend(columns, per, window.as_ref(), people.as_ref(), group.as_ref())
            }
            ReportKind::Funnel { sequence, window, people, group } => {
                self.funnel(sequence, window.as_ref(), people.as_ref(), group.as_ref())
            }
            ReportKind::Retention { .. } => self.retention(kind),
            ReportKind::Forecast { audience, per, length } => {
                self.forecast(audience, per.as_ref(), length.as_ref())
            }
            ReportKind::Overlap { audiences } => self.overlap(audiences),
            ReportKind::Members { audience, .. } => {
                let message = "what was announced is read and not computed: there is no more to it";
                self.refuse(Diagnostic::error(Code::Syntax, audience.span, message))
            }
            ReportKind::Timeline { profile, window, limit } => {
                let windows = self.event_windows(window.as_slice());
                let profile = self.reference(profile)?;
                Some(Question::Timeline { profile, windows: windows?, limit: *limit })
            }
        }
    }

    pub(super) fn of_people(&mut self, people: Option<&tree::People>) -> Option<Condition> {
        people.map_or(Some(Tree::always()), |people| self.people(people))
    }

    fn total(
        &mut self,
        columns: &[tree::Column],
        people: Option<&tree::People>,
        group: Option<&tree::Group>,
    ) -> Option<Question> {
        let aggregates = self.total_columns(columns);
        let people = self.of_people(people);
        let (by, top) = self.group_of_events(group)?;
        let aggregates = aggregates?;
        Some(Question::Total { aggregates, people: people?, by, top })
    }

    /// Aggregates over the events of all people together, under their names.
    pub(super) fn total_columns(
        &mut self,
        columns: &[tree::Column],
    ) -> Option<Vec<(String, Aggregate)>> {
        let named = |column: &tree::Column| {
            let aggregate = self.total_column(&column.value)?;
            Some((column_name(column), aggregate))
        };
        let aggregates: Vec<_> = columns.iter().map(named).collect();
        aggregates.into_iter().collect()
    }

    /// The columns of a list, and those of them that have a name of their own.
    fn columns(&mut self, columns: &[tree::Column]) -> (Option<Vec<Column>>, Vec<Listed>) {
        let mut named = Vec::new();
        let resolved: Vec<Option<Column>> = columns
            .iter()
            .map(|column| {
                let (value, size) = self
                    .measured(|resolver| resolver.value::<PersonLeaf>(&PersonScope, &column.value));
                if let Some(name) = &column.name {
                    let (name, value) = (name.node.clone(), value.clone());
                    named.push(Listed { name, value, size });
                }
                Some(Column { name: column_name(column), value: value?.expr })
            })
            .collect();
        (resolved.into_iter().collect(), named)
    }

    /// Events are grouped by whose they are.
    pub(super) fn group_of_events(&mut self, group: Option<&tree::Group>) -> Option<Groups> {
        self.groups_events = true;
        let groups = self.group(group);
        self.groups_events = false;
        groups
    }

    pub(super) fn group(&mut self, group: Option<&tree::Group>) -> Option<Groups> {
        let Some(group) = group else { return Some((Vec::new(), None)) };
        let columns: Vec<Option<Column>> = group
            .by
            .iter()
            .map(|value| {
                let name = crate::lang::print_value(value);
                Some(Column { name, value: self.person_value(value)? })
            })
            .collect();
        let columns = columns.into_iter().collect::<Option<_>>()?;
        Some((columns, group.top))
    }

    fn sort(&mut self, sort: Option<&tree::Sort>, shown: &[tree::Column]) -> Option<Option<Sort>> {
        let Some(sort) = sort else { return Some(None) };
        let typed = self.value::<PersonLeaf>(&PersonScope, &sort.value)?;
        if !typed.kinds.meets(Kinds::ORDERED.or(Kinds::TEXT).or(Kinds::BOOL)) {
            return self.refuse(Diagnostic::error(
                Code::TypeMismatch,
                sort.value.span,
                format!("rows cannot be sorted by {}", typed.kinds.words()),
            ));
        }
        self.warn_of_constant_order(&typed, shown);
        Some(Some(Sort { value: typed.expr, descending: sort.descending }))
    }

    fn person_value(&mut self, value: &tree::Value) -> Option<Expr<PersonLeaf>> {
        self.value::<PersonLeaf>(&PersonScope, value).map(|typed| typed.expr)
    }

    /// A person as a text names them.
    pub(super) fn reference(&mut self, text: &Spanned<Text>) -> Option<Reference> {
        if text.node.starts_with("p:") {
            return match text.node.parse() {
                Ok(profile) => Some(Reference::Profile(profile)),
                Err(_) => self.refuse(
                    Diagnostic::error(Code::UnknownProfile, text.span, "this is no ProfileId")
                        .help("one is written like \"p:15nm7\""),
                ),
            };
        }
        match text.node.parse::<Identifier>() {
            Ok(identifier) => Some(Reference::Identifier(identifier)),
            Err(error) => {
                self.refuse(Diagnostic::error(Code::UnknownProfile, text.span, error.to_string()))
            }
        }
    }
}

/// How a column is named or repeated.
pub(super) fn column_again(column: &tree::Column) -> String {
    match &column.name {
        Some(name) => crate::lang::print_name(&name.node),
        None => crate::lang::print_value(&column.value),
    }
}

fn column_name(column: &tree::Column) -> String {
    match &column.name {
        Some(name) => name.node.to_string(),
        None => crate::lang::print_value(&column.value),
    }
}
