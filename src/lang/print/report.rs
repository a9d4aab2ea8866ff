//! Reports, on one line.

use super::condition::{matcher, people};
use super::name::{ident, name, text};
use super::pattern::sequence;
use super::value::value;
use super::window::{instant, length, window};
use crate::lang::tree::{AsOf, Column, Group, People, Report, ReportKind, Sort, TimeZone, Window};

pub(super) fn report(report: &Report) -> String {
    let mut printed = kind(&report.kind);
    if let Some(when) = &report.as_of {
        printed += &as_of(when);
    }
    if let Some(zone) = &report.zone {
        printed += &format!(" {}", timezone(&zone.node));
    }
    printed
}

/// `in timezone "Europe/Prague"`, `in their timezone`.
pub(super) fn timezone(zone: &TimeZone) -> String {
    match zone {
        TimeZone::Named(name) => format!("in timezone {}", text(name)),
        TimeZone::Theirs => "in their timezone".to_owned(),
    }
}

fn kind(kind: &ReportKind) -> String {
    match kind {
        ReportKind::CountPeople { people, group } => {
            format!("count {}{}", self::people(people, " "), by(group.as_ref()))
        }
        ReportKind::CountEvents { matcher, window, people, group } => {
            let events = self::matcher(matcher) + &during(window.as_ref());
            format!("count events {events}{}{}", of(people.as_ref()), by(group.as_ref()))
        }
        ReportKind::Total { columns, people, group } => {
            format!("total {}{}{}", self::columns(columns), of(people.as_ref()), by(group.as_ref()))
        }
        ReportKind::List { columns, people, sort, limit } => {
            let listed = self::columns(columns) + &of(Some(people));
            format!("list {listed}{}{}", sorted(sort.as_ref()), limited(*limit))
        }
        ReportKind::Trend { columns, per, window, people, group } => {
            let (columns, per) = (self::columns(columns), per.node.name());
            let whose = of(people.as_ref()) + &by(group.as_ref());
            format!("trend {columns} per {per}{}{whose}", during(window.as_ref()))
        }
        ReportKind::Funnel { sequence: steps, window, people, group } => {
            let whose = of(people.as_ref()) + &by(group.as_ref());
            format!("funnel {}{}{whose}", sequence(steps), during(window.as_ref()))
        }
        ReportKind::Retention { of: first, returning, per, n_periods, window, people, group } => {
            let (first, back) = (self::matcher(first), self::matcher(returning));
            let whose = during(window.as_ref()) + &of(people.as_ref()) + &by(group.as_ref());
            let per = per.node.name();
            format!("retention of {first} returning to {back} per {per} for {n_periods}{whose}")
        }
        ReportKind::Forecast { audience, per, length: ahead } => {
            let per = per.as_ref().map(|per| format!(" per {}", per.node.name()));
            let ahead = ahead.as_ref().map(|ahead| format!(" in next {}", length(ahead)));
            let (per, ahead) = (per.unwrap_or_default(), ahead.unwrap_or_default());
            format!("forecast audience {}{per}{ahead}", name(&audience.node))
        }
        ReportKind::Overlap { audiences } => {
            let names: Vec<String> = audiences.iter().map(|it| name(&it.node)).collect();
            format!("overlap of {}", names.join(", "))
        }
        ReportKind::Members { audience, at } => {
            let (audience, at) = (name(&audience.node), instant(at));
            format!("members of audience {audience} as announced at {at}")
        }
        ReportKind::Timeline { profile, window, limit } => {
            let profile = text(&profile.node);
            format!("timeline of profile {profile}{}{}", during(window.as_ref()), limited(*limit))
        }
    }
}

fn columns(columns: &[Column]) -> String {
    let column = |column: &Column| {
        let name = column.name.as_ref().map(|name| format!(" as {}", ident(&name.node)));
        value(&column.value) + &name.unwrap_or_default()
    };
    columns.iter().map(column).collect::<Vec<_>>().join(", ")
}

fn during(when: Option<&Window>) -> String {
    when.map(|when| format!(" {}", window(when))).unwrap_or_default()
}

fn of(whose: Option<&People>) -> String {
    whose.map(|whose| format!(" of {}", people(whose, " "))).unwrap_or_default()
}

fn by(group: Option<&Group>) -> String {
    let Some(group) = group else { return String::new() };
    let values: Vec<String> = group.by.iter().map(value).collect();
    let top = group.top.map(|n| format!(" top {n}")).unwrap_or_default();
    format!(" by {}{top}", values.join(", "))
}

fn sorted(sort: Option<&Sort>) -> String {
    let Some(sort) = sort else { return String::new() };
    format!(" sort by {}{}", value(&sort.value), if sort.descending { " desc" } else { "" })
}

fn limited(limit: Option<u64>) -> String {
    limit.map(|n| format!(" limit {n}")).unwrap_or_default()
}

/// ` as of INSTANT`.
pub(super) fn as_of(when: &AsOf) -> String {
    let hindsight = if when.hindsight { " with hindsight" } else { "" };
    format!(" as of {}{hindsight}", instant(&when.at))
}
