//! Values made of values, and tests of declared types, as text.

use super::super::generate::Random;
use super::text::{EVENTS, predicate};

/// What the world declares so that they can be asked for.
pub const DECLARED: [&str; 6] = [
    "declare attribute birthday: date",
    "declare attribute ip: ip",
    "declare attribute home: geo",
    "declare attribute name: text",
    "declare attribute tags: list of text",
    "declare event view.app: version",
];

/// A test of the person.
pub fn of_person(random: &mut Random, audiences: &[String]) -> String {
    match random.below(10) {
        9 => format!("{} {}", of_events(random), number(random)),
        0 => format!("{} {}", anniversary(random), days(random)),
        1 => format!("{} {}", choice(random, audiences), number(random)),
        2 => format!("ip in cidr {:?}", random.one_of(&["10.0.0.0/8", "10.0.0.0/31", "::/1"])),
        3 => format!("home within {} km of (48.2, 16.4)", random.one_of(&["55", "56", "1"])),
        4 => format!("last(view.app) {}", version(random)),
        5 => format!("name matches {}", random.one_of(&["/^e/i", "/@x\\./", "/ $/"])),
        6 => format!("{} = {:?}", of_text(random), random.one_of(&["e@x.sk", "x.sk", "E@X.SK"])),
        7 => format!("size(tags) {}", number(random)),
        _ => format!("{} {}", of_day(random), number(random)),
    }
}

/// A test of an event.
pub fn of_event(random: &mut Random) -> String {
    match random.below(5) {
        0 => format!("hour_of_day(when) {}", random.one_of(&["< 2", ">= 12", "= 23"])),
        1 => format!("day_of_week(when) {}", random.one_of(&["= 2", "> 5", "one of (1, 7)"])),
        2 => format!("month_of_year(when) = {}", random.one_of(&["march", "april", "2"])),
        3 => "(if total > 5 then channel else profile.country) = \"SK\"".to_owned(),
        _ => format!("upper(channel) = {:?}", random.one_of(&["SK", "WEB"])),
    }
}

fn anniversary(random: &mut Random) -> String {
    let event = random.one_of(&EVENTS);
    let of = random.one_of(&["birthday", "birthday", "first_seen", "*"]);
    let of = if of == "*" { format!("first({event}.when)") } else { of.to_owned() };
    format!("anniversary({of})")
}

fn days(random: &mut Random) -> &'static str {
    random.one_of(&["in next 2 days", "today", "tomorrow", "this week", "= 2026-04-01", "in april"])
}

fn of_day(random: &mut Random) -> String {
    let function = random.one_of(&["month_of_year", "day_of_week", "month_of_year"]);
    format!("{function}({})", random.one_of(&["birthday", "first_seen", "anniversary(birthday)"]))
}

fn of_text(random: &mut Random) -> String {
    let function = random.one_of(&["lower", "upper", "trim", "domain"]);
    format!("{function}(name)")
}

fn choice(random: &mut Random, audiences: &[String]) -> String {
    let (condition, other) = (predicate(random, audiences), predicate(random, &[]));
    let then = random.one_of(&["age", "2", "days since first order", "hours since last view"]);
    match random.below(3) {
        0 => format!("(if {condition} then {then} else 1)"),
        1 => format!("(if ({condition}) and ({other}) then 10 else {then})"),
        _ => format!("(2 + if not ({condition}) then 1 else {then} * 2)"),
    }
}

/// What events say may move as time passes.
fn of_events(random: &mut Random) -> String {
    let function = random.one_of(&["sum", "avg", "last", "count"]);
    let value = random.one_of(&[
        "days since when",
        "if hours since when > 36 then total else 1",
        "if month_of_year(anniversary(when)) = april then 3 else total",
        "if profile.age > 2 then total else day_of_week(when)",
    ]);
    format!("{function}(order: {value})")
}

fn number(random: &mut Random) -> &'static str {
    random.one_of(&["= 1", "!= 2", ">= 3", "< 2.5", "between 1 and 4", "is unknown", "> 30"])
}

fn version(random: &mut Random) -> &'static str {
    random.one_of(&[">= \"2.0\"", "< \"v2.10\"", "between \"1.9\" and \"2.0\"", "= \"2\""])
}
