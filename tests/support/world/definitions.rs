//! Lists, conditions, parameters, shares and other names in the world.

use super::super::generate::Random;
use super::step::Step;

/// What every world begins with, beside its names.
const BEGINNING: [&str; 11] = [
    "create list countries of text",
    "create list ages of number",
    "create list members of id",
    // Names that nobody has yet: somebody gets them later.
    "add \"user_id:u1\", \"user_id:u4\", \"email:e2@x.example\" to list members",
    "create experiment \"e\" is (\"A\" 30%, \"B\" 45.5%)",
    "create condition busy($n: number = 2, $in: duration = 2 days) is did order in last $in and count(view in last $in) < $n",
    "create condition local is country in list countries or did order today",
    "create trait spent($in: duration = 3 days) is let sum_of_all = sum(order.total in last $in) coalesce(sum_of_all, 0) - 1",
    "create trait own_day($month: number = 3) in their timezone is count(order today) + count(view where (month_of_year(when) = $month) this week)",
    "create audience lately($in: duration = 1 day, $since: instant = 2026-03-29T01:00:00Z) in timezone \"Pacific/Apia\" is people who did order in last $in since $since or meets local",
    "create audience held_out holding out 40% as \"h\" is people who did any event in last 1 week",
];

/// Names that audiences may use before a fact mentions them, and what they stand on.
pub fn beginning() -> impl Iterator<Item = &'static str> {
    let declared = [
        "declare event order.total: number",
        "declare event view",
        "declare event login",
        "declare event refund",
        "declare attribute country: text",
        "declare attribute age: number",
        "declare event order.cart.price: number",
    ];
    declared.into_iter().chain(super::values::DECLARED).chain(BEGINNING)
}

/// A predicate that stands on one of those.
pub fn predicate(random: &mut Random) -> String {
    let length = random.one_of(&["1 day", "36 hours", "10 minutes", "1 month", "2 years"]);
    match random.below(20) {
        18 => format!("own_day(4) >= {}", random.below(3)),
        19 => "did view where (total < profile.own_day) in last 2 days".to_owned(),
        16 | 17 => "in list members".to_owned(),
        0 => "in list members".to_owned(),
        1 => "country in list countries".to_owned(),
        2 => "age in list ages".to_owned(),
        3 => "did order where (total in list ages)".to_owned(),
        4 => "count(view where (channel in list countries)) >= 1".to_owned(),
        5 => format!("in sample {}% of \"s\"", random.one_of(&["0", "12.5", "50", "99.9"])),
        6 => format!("in variant {} of \"e\"", random.one_of(&["\"A\"", "\"B\""])),
        7 => "in holdout \"h\"".to_owned(),
        8 => "meets busy".to_owned(),
        9 => format!("meets busy({}, {length})", random.below(3)),
        10 => "meets local".to_owned(),
        11 => "meets busy(count(login))".to_owned(),
        12 => format!("spent({length}) >= {}", random.below(9)),
        13 => "spent > 3".to_owned(),
        14 => format!("in audience lately({length})"),
        _ => "in audience lately or in audience held_out".to_owned(),
    }
}

/// A statement that changes one of them.
pub fn change(random: &mut Random) -> String {
    let country = random.one_of(&["\"SK\"", "\"CZ\"", "\"web\"", "\"app\"", "\"sk\""]);
    let id = random.one_of(&["user_id:u1", "user_id:u2", "anonymous_id:a1", "email:e1@x.example"]);
    match random.below(16) {
        0..=2 => format!("add {country} to list countries"),
        3 | 4 => format!("remove {country} from list countries"),
        5 => format!("add \"{}\" to list ages", random.below(20)),
        6 => format!("remove \"{}\" from list ages", random.below(20)),
        7 | 8 => format!("add \"{id}\" to list members"),
        9 => format!("remove \"{id}\" from list members"),
        10 => {
            let share = random.one_of(&["10%", "40%", "80%"]);
            format!(
                "create or replace audience held_out holding out {share} as \"h\" is \
                 people who did any event in last 1 week"
            )
        }
        11 => {
            let share = random.one_of(&["20%", "45.5%"]);
            format!("create or replace experiment \"e\" is (\"B\" {share}, \"A\" 50%)")
        }
        12 => {
            let event = random.one_of(&["order", "view", "refund"]);
            format!(
                "create or replace condition local is country in list countries or did {event} today"
            )
        }
        13 => {
            let way = random.one_of(&["country in list countries", "did view in last $in"]);
            format!(
                "create or replace condition busy($n: number = 2, $in: duration = 2 days) is \
                 count(order in last $in) >= $n or {way}"
            )
        }
        14 => random
            .one_of(&[
                "rename condition local to `from here`",
                "rename condition `from here` to local",
            ])
            .to_owned(),
        _ => random
            .one_of(&["rename list ages to years_of_age", "rename list years_of_age to ages"])
            .to_owned(),
    }
}

/// A statement about an audience of that name: it pauses, goes on, is called otherwise.
pub fn about(random: &mut Random, names: &mut [String], n: u64) -> Step {
    let place = random.below(names.len() as u64) as usize;
    let name = names[place].clone();
    match random.below(3) {
        0 => Step::Say(format!("pause audience {name}")),
        1 => Step::Say(format!("resume audience {name}")),
        _ => {
            names[place] = format!("r{n}");
            Step::Say(format!("rename audience {name} to r{n}"))
        }
    }
}

/// Parameters, options and the people of an audience, now and then.
pub fn dressed(random: &mut Random, condition: String) -> (String, String, String) {
    let params = if random.chance(6) { "($x: duration = 36 hours)" } else { "" };
    let options = match random.below(10) {
        0 => " requiring consent for \"email\"",
        1 => " holding out 30% as \"other\"",
        _ => "",
    };
    let people = match (params.is_empty(), random.below(6)) {
        (false, _) => format!("people (({condition}) or did login in last $x)"),
        (_, 0) => format!("let orders = count(order) people (({condition}) and orders < 4)"),
        _ => format!("people {condition}"),
    };
    (params.to_owned(), options.to_owned(), people)
}
