//! Windows: where in time.

use super::super::{Span, Spanned};
use super::{Matcher, ValuePath};
use crate::model::{Date, Timestamp, Unit};

/// A window and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// What it says.
    pub kind: WindowKind,
    /// Where it stands.
    pub span: Span,
}

/// What a window says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WindowKind {
    /// `in last 90 days`.
    Last(Length),
    /// `in next 14 days`.
    Next(Length),
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
    Range(Instant, Instant),
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

/// What a window is relative to.
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
}

/// A date or an instant of the text.
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
