//! Windows by the calendar of the zone.

use super::Resolver;
use super::leaf::{edge, range};
use crate::lang::tree::YearOf;
use crate::lang::{Code, Diagnostic, Spanned};
use crate::model::{Date, Period, Turn};
use crate::query::predicate::{Calendar, Window};

impl Resolver<'_> {
    pub(super) fn calendar<L>(&self, of: Calendar) -> Window<L> {
        Window::Calendar(of, self.zone.clone())
    }

    /// `this month`, `yesterday`.
    pub(super) fn period<L>(&self, turn: Turn, of: Period) -> Window<L> {
        let first_day = self.catalog.first_day();
        self.calendar(match of {
            Period::Week if first_day != 1 => Calendar::Week { first_day, turn },
            _ => Calendar::Period { of, turn },
        })
    }

    /// `in february`, of whatever year.
    pub(super) fn month<L>(&mut self, month: u32, year: &YearOf) -> Option<Window<L>> {
        match year {
            YearOf::Turn(turn) => Some(self.calendar(Calendar::Month { month, year: *turn })),
            YearOf::Any => Some(self.calendar(Calendar::AnyMonth { month })),
            YearOf::Number(number) => self.month_of(month, number),
        }
    }

    /// Of a year that is named, it is a range of days like any other.
    fn month_of<L>(&mut self, month: u32, year: &Spanned<u64>) -> Option<Window<L>> {
        let first = i32::try_from(year.node).ok().and_then(|y| Date::from_ymd(y, month, 1));
        let Some(first) = first else {
            return self.refuse(
                Diagnostic::error(Code::Range, year.span, "there is no such year")
                    .label("years are 1 to 9999"),
            );
        };
        let (from, to) = (self.day(first), self.day(end_of_month(first)));
        Some(range(edge(from, true), edge(to, true)))
    }
}

/// The last day of the month that a first day begins.
fn end_of_month(first: Date) -> Date {
    let days = (28..=31).rev().map(|day| {
        let (year, month, _) = first.ymd();
        Date::from_ymd(year, month, day)
    });
    days.flatten().next().unwrap_or(first)
}
