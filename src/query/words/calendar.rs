//! Windows by the calendar, as the language writes them.

use crate::lang::tree::{Length, Reach, Window, WindowKind, YearOf};
use crate::lang::{Span, print_window};
use crate::model::Unit;
use crate::query::predicate::Calendar;

pub(super) fn calendar(of: Calendar) -> String {
    print_window(&Window { kind: kind(of), span: Span::default() })
}

fn kind(of: Calendar) -> WindowKind {
    match of {
        Calendar::Last { months } => WindowKind::Last(Reach::Length(length(months))),
        Calendar::Next { months } => WindowKind::Next(Reach::Length(length(months))),
        Calendar::Ago { from, to } => {
            let (unit, months) = unit_of(&[from, to]);
            WindowKind::Ago { from: count(from / months), to: count(to / months), unit }
        }
        Calendar::Period { of, turn } => WindowKind::Period(turn, of),
        Calendar::Week { turn, .. } => WindowKind::Period(turn, crate::model::Period::Week),
        Calendar::Month { month, year } => WindowKind::Month(month as u8, YearOf::Turn(year)),
        Calendar::AnyMonth { month } => WindowKind::Month(month as u8, YearOf::Any),
    }
}

fn length(months: i32) -> Length {
    let (unit, months_of_one) = unit_of(&[months]);
    Length { count: count(months / months_of_one), unit, span: Span::default() }
}

/// Years, where every length is a whole number of them.
fn unit_of(lengths: &[i32]) -> (Unit, i32) {
    let years = lengths.iter().all(|months| months % 12 == 0);
    if years { (Unit::Year, 12) } else { (Unit::Month, 1) }
}

fn count(of: i32) -> u64 {
    of.unsigned_abs().into()
}
