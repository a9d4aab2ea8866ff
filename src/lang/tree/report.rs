//! Reports: questions about many people, and timelines.

use super::super::{Span, Spanned};
use super::{Instant, Length, Matcher, Name, People, Sequence, TimeZone, Value, Window};
use crate::model::{Text, Unit};

/// A report, its instant and its zone.
///
/// ```
/// use throng::lang::{parse, tree::{AsOf, Instant, Report, StatementKind, TimeZone}};
/// let parsed = parse("count everyone as of 2026-03-01 with hindsight in timezone \"Europe/Prague\"");
/// let StatementKind::Report(Report { as_of, zone, .. }) = &parsed.statements[0].kind else { panic!() };
/// let AsOf { at: Instant::Date(day, _), hindsight, .. } = as_of.as_ref().unwrap() else { panic!() };
/// assert_eq!((day.to_string(), hindsight), ("2026-03-01".to_owned(), &true));
/// assert_eq!(zone.as_ref().unwrap().node, TimeZone::Named("Europe/Prague".into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What is asked.
    pub kind: ReportKind,
    /// When, unless now.
    pub as_of: Option<AsOf>,
    /// The zone of the report's own expressions.
    pub zone: Option<Spanned<TimeZone>>,
}

/// What a report asks.
///
/// ```
/// use throng::lang::{parse, tree::{Column, Group, ReportKind, Sort, StatementKind}};
/// let parsed = parse("list plan as p of everyone sort by plan desc limit 5; count everyone by plan top 3");
/// let kind = |place: usize| match &parsed.statements[place].kind {
///     StatementKind::Report(report) => &report.kind,
///     other => panic!("{other:?}"),
/// };
/// let ReportKind::List { columns, sort, limit, .. } = kind(0) else { panic!() };
/// let [Column { name, value }] = &columns[..] else { panic!() };
/// let Some(Sort { value: by, descending: true }) = sort else { panic!() };
/// assert_eq!((name.as_ref().map(|name| &*name.node), limit), (Some("p"), &Some(5)));
/// assert!(value.span.end < by.span.start);
/// let ReportKind::CountPeople { group: Some(Group { by, top }), .. } = kind(1) else { panic!() };
/// assert_eq!((by.len(), *top), (1, Some(3)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportKind {
    /// `count people ... [by ...]`, `count everyone`.
    CountPeople {
        /// Who is counted.
        people: People,
        /// One row per value.
        group: Option<Group>,
    },
    /// `count events MATCHER [window] [of people ...] [by ...]`.
    CountEvents {
        /// Which events.
        matcher: Matcher,
        /// Where in time.
        window: Option<Window>,
        /// Whose.
        people: Option<People>,
        /// One row per value.
        group: Option<Group>,
    },
    /// `total AGG [as NAME], ... [of people ...] [by ...]`.
    Total {
        /// The aggregates: each value is an aggregate.
        columns: Vec<Column>,
        /// Whose events.
        people: Option<People>,
        /// One row per value.
        group: Option<Group>,
    },
    /// `list COLUMN, ... of people ... [sort by ...] [limit N]`.
    List {
        /// What is shown of each.
        columns: Vec<Column>,
        /// Who is listed.
        people: People,
        /// In which order.
        sort: Option<Sort>,
        /// How many at most.
        limit: Option<u64>,
    },
    /// `trend AGG [as NAME], ... per UNIT [window] [of people ...] [by ...]`.
    Trend {
        /// The aggregates: each value is an aggregate.
        columns: Vec<Column>,
        /// One row for each of these periods.
        per: Spanned<Unit>,
        /// Where in time.
        window: Option<Window>,
        /// Whose events.
        people: Option<People>,
        /// One row per value, too.
        group: Option<Group>,
    },
    /// `funnel (A then B ...) [window] [of people ...] [by ...]`.
    Funnel {
        /// The steps.
        sequence: Box<Sequence>,
        /// Where in time.
        window: Option<Window>,
        /// Whose events.
        people: Option<People>,
        /// Steps for each value.
        group: Option<Group>,
    },
    /// `retention of A returning to B per UNIT for N [window] [of people ...] [by ...]`.
    Retention {
        /// With whose first event somebody joins a cohort.
        of: Box<Matcher>,
        /// What they come back for.
        returning: Box<Matcher>,
        /// Cohorts are the people of one such period.
        per: Spanned<Unit>,
        /// For how many periods after it.
        n_periods: u64,
        /// Where in time the first event lies.
        window: Option<Window>,
        /// Of whom.
        people: Option<People>,
        /// Cohorts of each value.
        group: Option<Group>,
    },
    /// `forecast audience A [per UNIT] [in next SPAN]`.
    Forecast {
        /// Of which audience.
        audience: Name,
        /// How many in each of these periods, and not who.
        per: Option<Spanned<Unit>>,
        /// How far ahead.
        length: Option<Length>,
    },
    /// `overlap of A, B, ...`.
    Overlap {
        /// The audiences, two or more.
        audiences: Vec<Name>,
    },
    /// `members of audience A as announced at T`.
    Members {
        /// Of which audience.
        audience: Name,
        /// When; a date is the start of that local day.
        at: Instant,
    },
    /// `timeline of profile R [window] [limit N]`.
    Timeline {
        /// Whose.
        profile: Spanned<Text>,
        /// Where in time.
        window: Option<Window>,
        /// The latest so many.
        limit: Option<u64>,
    },
}

/// `VALUE [as NAME]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What is shown.
    pub value: Value,
    /// Under which name.
    pub name: Option<Name>,
}

/// `by VALUE, ... [top N]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The values that make the groups.
    pub by: Vec<Value>,
    /// Only the largest so many.
    pub top: Option<u64>,
}

/// `sort by VALUE [asc | desc]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub value: Value,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// `as of INSTANT [with hindsight]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// The instant; a date is the start of that local day.
    pub at: Instant,
    /// Whether facts received later count.
    pub hindsight: bool,
    /// Where it stands.
    pub span: Span,
}
