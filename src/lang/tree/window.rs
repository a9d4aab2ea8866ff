//! Windows: where in time.

use super::super::{Span, Spanned};
use super::{Matcher, Name, ValuePath};
use crate::model::{Date, Period, Timestamp, Turn, Unit};

/// A window and where it stands.
///
/// ```
/// use throng::lang::{parse, tree::{ReportKind, StatementKind, Window}};
/// let text = "count events order in last 90 days";
/// let parsed = parse(text);
/// let StatementKind::Report(report) = &parsed.statements[0].kind else { panic!() };
/// let ReportKind::CountEvents { window: Some(window), .. } = &report.kind else { panic!() };
/// let window: &Window = window;
/// assert_eq!(&text[window.span.start as usize..window.span.end as usize], "in last 90 days");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// What it says.
    pub kind: WindowKind,
    /// Where it stands.
    pub span: Span,
}

/// What a window says.
///
/// ```
/// use throng::lang::{parse, tree::{Length, Reach, ReportKind, StatementKind, WindowKind}};
/// use throng::model::{FixedUnit, Unit};
/// let parsed = parse("count events order in last 90 days");
/// let StatementKind::Report(report) = &parsed.statements[0].kind else { panic!() };
/// let ReportKind::CountEvents { window: Some(window), .. } = &report.kind else { panic!() };
/// let WindowKind::Last(Reach::Length(Length { count, unit, .. })) = &window.kind else { panic!() };
/// assert_eq!((*count, *unit), (90, Unit::Fixed(FixedUnit::Day)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WindowKind {
    /// `in last 90 days`.
    Last(Reach),
    /// `in next 14 days`.
    Next(Reach),
    /// `between 30 and 60 days ago`.
    Ago {
        /// The least age.
        from: u64,
        /// The age that is too great.
        to: u64,
        /// Of both.
        unit: Unit,
    },
    /// `from A to B`.
    Range(Moment, Moment),
    /// `on DATE`.
    On(Spanned<Date>),
    /// `since X`.
    Since(Bound),
    /// `until X`.
    Until(Bound),
    /// `before X`.
    Before(Bound),
    /// `after X`.
    After(Bound),
    /// `within 7 days after X`.
    Within(Reach, Side, Box<Bound>),
    /// `this month`, `yesterday`.
    Period(Turn, Period),
    /// `in february of last year`; the month is counted from 1.
    Month(u8, YearOf),
}

/// On which side of its bound a window lies.
///
/// ```
/// use throng::lang::{parse, tree::{ReportKind, Side, StatementKind, WindowKind}};
/// let parsed = parse("count events order within 2 days of 2026-03-01");
/// let StatementKind::Report(report) = &parsed.statements[0].kind else { panic!() };
/// let ReportKind::CountEvents { window: Some(window), .. } = &report.kind else { panic!() };
/// assert!(matches!(window.kind, WindowKind::Within(_, Side::Of, _)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the language's; `of` is either side")]
pub enum Side {
    After,
    Before,
    Of,
}

/// The year of a month that is named.
///
/// ```
/// use throng::lang::{parse, tree::{ReportKind, StatementKind, WindowKind, YearOf}};
/// let parsed = parse("count events order in any february");
/// let StatementKind::Report(report) = &parsed.statements[0].kind else { panic!() };
/// let ReportKind::CountEvents { window: Some(window), .. } = &report.kind else { panic!() };
/// assert_eq!(window.kind, WindowKind::Month(2, YearOf::Any));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum YearOf {
    /// `of last year`; without any word it is this year's.
    Turn(Turn),
    /// `of 2026`.
    Number(Spanned<u64>),
    /// `any february`.
    Any,
}

/// A length of time: so many of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// How many.
    pub count: u64,
    /// Of what.
    pub unit: Unit,
    /// Where it stands.
    pub span: Span,
}

/// How far a window reaches.
///
/// ```
/// use throng::lang::{parse, tree::{Reach, ReportKind, StatementKind, WindowKind}};
/// let parsed = parse("count events order in last 90 days");
/// let StatementKind::Report(report) = &parsed.statements[0].kind else { panic!() };
/// let ReportKind::CountEvents { window: Some(window), .. } = &report.kind else { panic!() };
/// assert!(matches!(&window.kind, WindowKind::Last(Reach::Length(length)) if length.count == 90));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// A length of the text.
    Length(Length),
    /// What is given for a parameter of the definition.
    Parameter(Name),
}

/// One end of `from A to B`.
///
/// ```
/// use throng::lang::{parse, tree::{Moment, ReportKind, StatementKind, WindowKind}};
/// let parsed = parse("count events order from 2026-03-01 to 2026-03-31");
/// let StatementKind::Report(report) = &parsed.statements[0].kind else { panic!() };
/// let ReportKind::CountEvents { window: Some(window), .. } = &report.kind else { panic!() };
/// assert!(matches!(&window.kind, WindowKind::Range(Moment::Instant(_), Moment::Instant(_))));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A date or an instant of the text.
    Instant(Instant),
    /// What is given for a parameter of the definition.
    Parameter(Name),
}

/// What a window is relative to.
///
/// ```
/// use throng::lang::{parse, tree::{Bound, Instant, ReportKind, StatementKind, WindowKind}};
/// let parsed = parse("count events order since 2026-03-01");
/// let StatementKind::Report(report) = &parsed.statements[0].kind else { panic!() };
/// let ReportKind::CountEvents { window: Some(window), .. } = &report.kind else { panic!() };
/// let WindowKind::Since(Bound::Instant(at)) = &window.kind else { panic!() };
/// assert!(matches!(at, Instant::Date(day, _) if day.to_string() == "2026-03-01"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// A date or an instant of the text.
    Instant(Instant),
    /// `[their] first MATCHER`.
    First(Box<Matcher>, Span),
    /// `[their] last MATCHER`.
    Last(Box<Matcher>, Span),
    /// An attribute, a trait or a property.
    Path(ValuePath),
    /// What is given for a parameter of the definition.
    Parameter(Name),
}

/// A date or an instant of the text.
///
/// ```
/// use throng::lang::{Span, parse, tree::{Instant, StatementKind}};
/// let parsed = parse("count everyone as of 2026-03-01T12:00:00Z with hindsight");
/// let StatementKind::Report(report) = &parsed.statements[0].kind else { panic!() };
/// let at = report.as_of.as_ref().unwrap().at;
/// assert!(matches!(at, Instant::Timestamp(noon, _) if noon.to_string() == "2026-03-01T12:00:00Z"));
/// assert_eq!(at.span(), Span::new(21, 41));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instant {
    /// A date.
    Date(Date, Span),
    /// An instant.
    Timestamp(Timestamp, Span),
}

impl Instant {
    /// Where it stands.
    pub fn span(self) -> Span {
        match self {
            Instant::Date(_, span) | Instant::Timestamp(_, span) => span,
        }
    }
}
