//! Random audiences as text, over the vocabulary of the world.

use super::super::generate::{Random, ZONES};
use super::values;

/// Events of the world; the last is seldom.
pub const EVENTS: [&str; 4] = ["order", "view", "login", "refund"];

/// A condition on people, as text. `audiences` may be named in it.
pub fn condition(random: &mut Random, depth: u32, audiences: &[String]) -> String {
    if depth == 0 || random.chance(3) {
        return predicate(random, audiences);
    }
    let parts: Vec<String> =
        (0..2 + random.below(2)).map(|_| part(random, depth - 1, audiences)).collect();
    match random.below(6) {
        0 => format!("not ({})", parts[0]),
        1 => format!("any of ({})", parts.join(", ")),
        2 => format!("none of ({})", parts.join(", ")),
        3 | 4 => parts.join(" and "),
        _ => parts.join(" or "),
    }
}

fn part(random: &mut Random, depth: u32, audiences: &[String]) -> String {
    format!("({})", condition(random, depth, audiences))
}

/// A predicate of people.
pub fn predicate(random: &mut Random, audiences: &[String]) -> String {
    match random.below(32) {
        26..=27 => rank(random, audiences),
        28.. => super::definitions::predicate(random),
        23..=25 => values::of_person(random, audiences),
        20..=22 => pattern(random),
        0 => format!("who {}", did(random)),
        1..=5 => did(random),
        6 if random.chance(3) => format!("tags {}", list_test(random)),
        6 => format!("country {}", text_test(random)),
        7 => format!("age {}", number_test(random)),
        8 => consent(random),
        9 if !audiences.is_empty() => {
            format!("in audience {}", random.one_of(audiences))
        }
        10 => format!("{} {}", moment(random), value_window(random)),
        11 => elapsed(random),
        12 => format!("first_seen {}", value_window(random)),
        13 if random.chance(3) => collected(random),
        13 => format!("{} {}", one_of_a_kind(random), text_test(random)),
        14..=16 => common(random),
        17.. => format!("{} {}", aggregate(random), number_test(random)),
        _ => common(random),
    }
}

/// Events that belong together.
fn pattern(random: &mut Random) -> String {
    let not = if random.chance(3) { "not " } else { "" };
    let is_sequence = !random.chance(4);
    let form = if is_sequence { sequence(random) } else { combination(random) };
    let total =
        if random.chance(3) { format!(" within {}", length(random)) } else { String::new() };
    let times = match random.below(6) {
        0 if is_sequence => " at least 2 times",
        1 if is_sequence => " at most 1 time",
        _ => "",
    };
    let binds = random.one_of(&["", "", "starting ", "ending "]);
    let window = match random.below(3) {
        0 => String::new(),
        1 => format!(" in last {}", length(random)),
        _ => format!(" {binds}{}", window(random)),
    };
    // A length with a bound behind it would be one window.
    let apart = if total.is_empty() || !times.is_empty() { "" } else { " in last 30 days" };
    format!("did {not}{form}{total}{times}{apart}{window}")
}

fn combination(random: &mut Random) -> String {
    let events: Vec<&str> = (0..2 + random.below(2)).map(|_| random.one_of(&EVENTS)).collect();
    let needed = random.one_of(&["all", "1", "2"]);
    format!("{needed} of ({})", events.join(", "))
}

fn sequence(random: &mut Random) -> String {
    let mut text = matcher(random);
    let n_steps = random.below(3);
    for _ in 0..n_steps {
        let link = random.one_of(&["", "", "", "strictly ", "immediately "]);
        text += &format!(" then {link}{}{}", matcher(random), gap(random));
        if random.chance(4) {
            text += &format!(" without {}", matcher(random));
        }
    }
    if n_steps == 0 || random.chance(3) {
        text += &format!(" then no {}{}", matcher(random), gap(random));
    }
    let same = if random.chance(3) { " same channel" } else { "" };
    format!("({text}){same}")
}

fn gap(random: &mut Random) -> String {
    match random.below(5) {
        0 => format!(" after at least {}", length(random)),
        1 => " within 1 month".to_owned(),
        2 | 3 => format!(" within {}", length(random)),
        _ => String::new(),
    }
}

/// A place among others, who may be ranked themselves.
fn rank(random: &mut Random, audiences: &[String]) -> String {
    let among = match random.below(4) {
        0 => String::new(),
        1 => format!(" among ({})", rank_among_all(random)),
        _ => format!(" among ({})", part(random, 1, audiences)),
    };
    format!("{}{among}", rank_among_all(random))
}

fn rank_among_all(random: &mut Random) -> String {
    let value = match random.below(9) {
        0 => "age".to_owned(),
        1 => format!("days since {} {}", random.one_of(&["first", "last"]), random.one_of(&EVENTS)),
        2 => "first_seen".to_owned(),
        3 => moment(random),
        4 => "sum(order.total) - count(view)".to_owned(),
        5 => format!("-hours since last {} + 2", random.one_of(&EVENTS)),
        6 => decaying(random),
        _ => aggregate(random),
    };
    match random.below(5) {
        0 => format!("in top {}% by {value}", random.one_of(&[10, 34, 50, 100])),
        1 => format!("in top {} by {value}", 1 + random.below(3)),
        2 => format!("in bottom {}% by {value}", random.one_of(&[5, 50, 67])),
        3 => format!("in quartile {} of {value}", 1 + random.below(4)),
        _ => format!("in quintile {} of {value}", 1 + random.below(5)),
    }
}

/// What loses half of itself again and again.
fn decaying(random: &mut Random) -> String {
    let half_life = random.one_of(&["10 minutes", "36 hours", "2 days", "1 week"]);
    let of = random.one_of(&["order: total", "view: 1 in last 2 days", "order: 1 today"]);
    format!("decayed({of}, {half_life})")
}

fn consent(random: &mut Random) -> String {
    let no = if random.chance(3) { "no " } else { "" };
    format!("{no}consent for \"email\"")
}

fn did(random: &mut Random) -> String {
    if random.chance(8) {
        return format!("never did {}", matcher(random));
    }
    let not = if random.chance(3) { "not " } else { "" };
    let (matcher, times) = (matcher(random), times(random));
    let windows: Vec<String> = (0..random.below(3)).map(|_| window(random)).collect();
    format!("did {not}{matcher}{times} {}", windows.join(" "))
}

fn times(random: &mut Random) -> String {
    let n = random.below(4);
    match random.below(9) {
        0 => format!(" at least {n} times"),
        1 => format!(" at most {n} times"),
        2 => format!(" exactly {n} times"),
        3 => " once".to_owned(),
        4 => " between 1 and 2 times".to_owned(),
        _ => String::new(),
    }
}

fn matcher(random: &mut Random) -> String {
    match random.below(8) {
        0 => format!("any event{}", filter(random)),
        1 => "any of (order, view)".to_owned(),
        _ => format!("{}{}", random.one_of(&EVENTS), filter(random)),
    }
}

fn filter(random: &mut Random) -> String {
    if !random.chance(3) {
        return String::new();
    }
    let test = |random: &mut Random| match random.below(9) {
        7 | 8 => values::of_event(random),
        0 => format!("total {}", number_test(random)),
        1 => format!("channel {}", text_test(random)),
        2 => "coupon is known".to_owned(),
        3 => format!("total > {}", random.below(20)),
        4 => format!("when {}", value_window(random)),
        5 => "channel = profile.country".to_owned(),
        _ => format!("not total {}", number_test(random)),
    };
    let first = test(random);
    if random.chance(3) {
        format!(" where ({first} and {})", test(random))
    } else {
        format!(" where ({first})")
    }
}

fn not(random: &mut Random) -> &'static str {
    if random.chance(2) { "not " } else { "" }
}

fn length(random: &mut Random) -> String {
    random
        .one_of(&[
            "1 day",
            "2 days",
            "36 hours",
            "1 week",
            "10 minutes",
            "1 millisecond",
            "30 days",
        ])
        .to_owned()
}

fn date(random: &mut Random) -> String {
    random.one_of(&["2026-03-01", "2026-03-29", "2026-03-31", "2026-04-02"]).to_owned()
}

fn instant(random: &mut Random) -> String {
    random
        .one_of(&["2026-03-31T12:00:00Z", "2026-03-29T01:00:00Z", "2026-04-01T00:00:00.001Z"])
        .to_owned()
}

/// A window that ends at `now` or before it.
fn window(random: &mut Random) -> String {
    match random.below(12) {
        9..=11 => calendar(random),
        0..=3 => format!("in last {}", length(random)),
        4 => "between 1 and 3 days ago".to_owned(),
        5 => "between 0 and 2 hours ago".to_owned(),
        6 => format!("from {} to {}", date(random), date(random)),
        _ => bound(random),
    }
}

/// A window by the calendar.
fn calendar(random: &mut Random) -> String {
    random
        .one_of(&[
            "in last 1 month",
            "in last 1 quarter",
            "in last 2 years",
            "between 0 and 1 months ago",
            "between 1 and 2 months ago",
            "today",
            "yesterday",
            "this week",
            "last week",
            "this month",
            "last month",
            "last quarter",
            "this year",
            "in march",
            "in february",
            "in march of 2026",
            "in april of last year",
            "in any march",
        ])
        .to_owned()
}

/// A zone for an audience, or that of each person, or none: the workspace's.
pub fn zone(random: &mut Random) -> String {
    match random.below(4) {
        0 => return String::new(),
        1 => return " in their timezone".to_owned(),
        _ => {}
    }
    format!(" in timezone \"{}\"", random.one_of(&ZONES))
}

fn bound(random: &mut Random) -> String {
    let word = match random.chance(3) {
        true => around(random),
        false => random.one_of(&["since", "until", "before", "after"]).to_owned(),
    };
    let by_days = !word.starts_with("within") || word.contains("month") || word.contains("2 days");
    let point = match random.below(5) {
        0 if by_days => date(random),
        1 => instant(random),
        2 => format!("first {}{}", random.one_of(&EVENTS), filter(random)),
        _ => format!("last {}{}", random.one_of(&EVENTS), filter(random)),
    };
    format!("{word} {point}")
}

/// A band on one side of a point, or on both.
fn around(random: &mut Random) -> String {
    let length = random.one_of(&["2 days", "36 hours", "10 minutes", "1 month", "2 months"]);
    format!("within {length} {}", random.one_of(&["after", "before", "of"]))
}

/// A window of a value, which may lie ahead.
fn value_window(random: &mut Random) -> String {
    match random.below(7) {
        5 => calendar(random),
        6 => random.one_of(&["in next 1 month", "tomorrow", "next week", "next year"]).into(),
        0 => format!("in next {}", length(random)),
        1 => format!("on {}", date(random)),
        2 => format!("since {}", instant(random)),
        _ => window_back(random),
    }
}

fn window_back(random: &mut Random) -> String {
    if random.chance(2) {
        format!("in last {}", length(random))
    } else {
        "between 1 and 3 days ago".into()
    }
}

fn moment(random: &mut Random) -> String {
    let which = random.one_of(&["first", "last"]);
    format!("{which}({}.when{})", random.one_of(&EVENTS), filter(random))
}

fn elapsed(random: &mut Random) -> String {
    let unit = random.one_of(&["days", "hours", "minutes", "months", "quarters", "years"]);
    let which = random.one_of(&["first", "last"]);
    let event = random.one_of(&EVENTS);
    let compare = random.one_of(&[">=", "<", ">", "<=", "="]);
    let n = random.one_of(&["0", "1", "1.5", "48"]);
    format!("{unit} since {which} {event} {compare} {n}")
}

/// What many audiences ask in nearly the same way: what is kept for it is shared.
fn common(random: &mut Random) -> String {
    let (n, length) = (1 + random.below(4), length(random));
    match random.below(3) {
        0 => format!("did order at least {n} times in last {length}"),
        1 => format!("count(order in last {length}) >= {n}"),
        _ => format!("sum(order.total in last {length}) >= {n}"),
    }
}

/// Which of several is the first or the last is a matter of ids, too.
fn one_of_a_kind(random: &mut Random) -> String {
    let which = random.one_of(&["first", "last", "most_frequent"]);
    let event = random.one_of(&["order", "view"]);
    let window = if random.chance(3) { window(random) } else { String::new() };
    format!("{which}({event}.channel {window})")
}

/// A list of what came, and what it has.
fn collected(random: &mut Random) -> String {
    let window = if random.chance(2) { window(random) } else { String::new() };
    let has = random.one_of(&["has \"web\"", "has any of (\"SK\", \"web\")", "is known"]);
    format!("collect(order.channel {window}) {has}")
}

fn aggregate(random: &mut Random) -> String {
    let event = random.one_of(&["order", "view", "refund"]);
    let tail = format!(
        "{} {}",
        filter(random),
        if random.chance(2) { window(random) } else { String::new() }
    );
    match random.below(20) {
        11 => format!("median({event}.total{tail})"),
        12 => format!("stddev({event}.total{tail})"),
        13 | 14 => format!("active_days({event}{tail})"),
        15 => format!("active_weeks(any event{tail})"),
        16 => format!("active_months(any of (order, view){tail})"),
        17 => format!("typical_gap({event}{tail})"),
        18 => format!("decayed({event}: 1{tail}, {})", length(random)),
        19 => format!("2 * decayed({event}.total{tail}, {})", length(random)),
        0 => format!("count({event}{tail})"),
        1 => format!("sum(order.cart.price{tail})"),
        2 => format!("sum({event}.total{tail})"),
        3 => format!("avg({event}.total{tail})"),
        4 => format!("min({event}.total{tail})"),
        5 => format!("max({event}.total{tail})"),
        6 => format!("distinct({event}.channel{tail})"),
        7 => format!("sum({event}: total * 2{tail})"),
        8 => format!("first({event}.total{tail})"),
        9 => format!("last({event}.total{tail})"),
        _ => format!("coalesce(sum(order.total{tail}), 0) - count({event})"),
    }
}

fn number_test(random: &mut Random) -> String {
    let n = random.one_of(&["0", "1", "2", "10", "12.5", "30"]);
    match random.below(8) {
        0 => format!("= {n}"),
        1 => format!("!= {n}"),
        2 => "between 1 and 12.5".to_owned(),
        3 => "is unknown".to_owned(),
        4 => format!("< {n}"),
        5 => format!("{}one of (-4, {n})", not(random)),
        _ => format!(">= {n}"),
    }
}

fn list_test(random: &mut Random) -> String {
    let text = random.one_of(&["SK", "gold"]);
    match random.below(4) {
        0 => "is known".to_owned(),
        1 => format!("has any of (\"{text}\", \"web\")"),
        2 => format!("has all of (\"{text}\", \"web\")"),
        _ => format!("has \"{text}\""),
    }
}

fn text_test(random: &mut Random) -> String {
    let text = random.one_of(&["SK", "CZ", "web"]);
    match random.below(7) {
        0 => format!("= \"{text}\""),
        1 => format!("!= \"{text}\""),
        2 => "is unknown".to_owned(),
        3 | 5 => format!("{}one of (\"SK\", \"web\")", not(random)),
        4 => "contains \"Z\"".to_owned(),
        _ => "starts with \"s\" ignoring case".to_owned(),
    }
}
