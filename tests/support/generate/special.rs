//! Functions of one value, choices, and tests of values of declared types.

use super::condition::predicate;
use super::live::of_kind_wanted;
use super::value::{check, during};
use super::{Random, local, now};
use throng::model::{Path, Pattern, Position, Value};
use throng::query::predicate::*;

/// Makes values of leaves `L`, at most so deep.
pub type Make<'m, L> = &'m dyn Fn(&mut Random, u32) -> Expr<L>;

/// Reads the value under a name as its type.
pub type ReadAs<'r, L> = &'r dyn Fn(&str, Option<Type>) -> L;

/// A function of a value of its kind, mostly.
pub fn call<L>(
    random: &mut Random,
    depth: u32,
    value: Make<'_, L>,
    read: ReadAs<'_, L>,
) -> Expr<L> {
    let function = random.one_of(&Scalar::ALL);
    let of = match function {
        _ if random.chance(6) => value(random, depth),
        Scalar::Lower | Scalar::Upper | Scalar::Trim => {
            Expr::Leaf(read(random.one_of(&["country", "channel", "email"]), None))
        }
        Scalar::Domain => Expr::Leaf(read("email", None)),
        Scalar::Size => Expr::Leaf(read("tags", None)),
        _ => Expr::Leaf(some_day(random, read)),
    };
    Expr::Call { function, of: Box::new(of), zone: local(random) }
}

fn some_day<L>(random: &mut Random, read: ReadAs<'_, L>) -> L {
    let dates = ["birthday", "departs"];
    match random.chance(3) {
        true => read("trial_ends_at", Some(Type::Instant)),
        false => read(random.one_of(&dates), Some(Type::Date)),
    }
}

/// One of two values, as something says that may turn over by itself.
pub fn choice<L: Moves>(
    random: &mut Random,
    depth: u32,
    value: Make<'_, L>,
    asks_person: bool,
) -> Expr<L> {
    let depth = depth.saturating_sub(1);
    Expr::Choice(Box::new(Choice {
        condition: asked(random, depth, value, asks_person),
        then: value(random, depth),
        otherwise: value(random, depth),
    }))
}

fn asked<L: Moves>(
    random: &mut Random,
    depth: u32,
    value: Make<'_, L>,
    asks_person: bool,
) -> Tree<Asked<L>> {
    match random.below(if depth > 0 { 8 } else { 5 }) {
        0 | 1 if asks_person => {
            let mut predicate = predicate(random, 0);
            while matches!(predicate, Predicate::Is(_)) {
                predicate = super::condition::predicate(random, 0);
            }
            Tree::Leaf(Asked::Person(Box::new(predicate)))
        }
        0..=4 => Tree::Leaf(Asked::Is(of_kind_wanted(random, |random| Test {
            subject: value(random, depth),
            check: check(random, depth, value),
        }))),
        5 => Tree::All(random.several(0, 2, |r| asked(r, depth - 1, value, asks_person))),
        6 => Tree::Any(random.several(0, 2, |r| asked(r, depth - 1, value, asks_person))),
        _ => Tree::Not(Box::new(asked(random, depth - 1, value, asks_person))),
    }
}

/// A test that fits the kind of what it is asked of.
pub fn fitting<L: Moves>(random: &mut Random, value: Make<'_, L>, read: ReadAs<'_, L>) -> Test<L> {
    let is = |subject, check| Test { subject, check };
    match random.below(11) {
        9 | 10 => turning(random, value),
        0 => is(Expr::Leaf(read("ip", Some(Type::Ip))), Check::InNetwork(network(random))),
        1 => is(Expr::Leaf(read("place", Some(Type::Geo))), near(random)),
        2 => is(Expr::Leaf(read("app", Some(Type::Version))), version(random)),
        3 => {
            let text = random.one_of(&["country", "channel", "email"]);
            is(Expr::Leaf(read(text, None)), Check::Matches(pattern(random)))
        }
        4 | 5 => anniversary(random, value, read),
        _ => of_call(random, read),
    }
}

fn network(random: &mut Random) -> Network {
    let networks = ["10.0.0.0/8", "10.0.128.0/17", "10.0.0.1/32", "0.0.0.0/0", "2001:db8::/33"];
    random.one_of(&networks).parse().unwrap()
}

fn near<L>(random: &mut Random) -> Check<L> {
    let km = random.one_of(&["0", "0.000000001", "54.7", "55", "20016"]).parse().unwrap();
    let of = random.one_of(&[("48.1486", "17.1077"), ("-48.1486", "-162.8923"), ("0", "180")]);
    Check::Near { km, of: Position::new(of.0.parse().unwrap(), of.1.parse().unwrap()).unwrap() }
}

fn version<L>(random: &mut Random) -> Check<L> {
    let mut one = |random: &mut Random| {
        let other = Expr::Literal(random.one_of(&["2.0.0", "2.0.0-beta.2", "2.10.0"]).into());
        (random.one_of(&Comparison::ALL), other)
    };
    Check::Version(random.several(1, 2, &mut one))
}

fn pattern(random: &mut Random) -> Pattern {
    Pattern::new(random.one_of(&["/^s/", "/s/i", "/@(shop|acme)\\./", "/^$/", "/^.{2}$/"])).unwrap()
}

/// The anniversary of a day in a window, or on a day.
fn anniversary<L>(random: &mut Random, value: Make<'_, L>, read: ReadAs<'_, L>) -> Test<L> {
    let of = Box::new(Expr::Leaf(some_day(random, read)));
    if !random.chance(3) {
        let check = during(random, 0, value);
        let zone = match &check {
            Check::During(_, zone) => zone.clone(),
            _ => local(random),
        };
        let subject = Expr::Call { function: Scalar::Anniversary, of, zone };
        return Test { subject, check };
    }
    let zone = local(random);
    let today = zone.common().local_day(now());
    let subject = Expr::Call { function: Scalar::Anniversary, of, zone };
    let on = Expr::Literal(Value::Date(today.plus_days(random.between(-1, 366) as i32)));
    let how = random.one_of(&Comparison::ALL);
    Test { subject, check: Check::Compare(how, on) }
}

/// A choice that turns over when an instant or a day enters or leaves a window.
fn turning<L: Moves>(random: &mut Random, value: Make<'_, L>) -> Test<L> {
    let number = |number: i64| Expr::Literal(Value::from(number));
    let during = during(random, 0, value);
    let condition = Tree::Leaf(Asked::Is(Test { subject: value(random, 0), check: during }));
    let choice = Choice { condition, then: number(1), otherwise: number(2) };
    let how = random.one_of(&Comparison::ALL);
    let subject = Expr::Choice(Box::new(choice));
    Test { subject, check: Check::Compare(how, number(random.between(1, 2))) }
}

/// What a function may well give.
fn of_call<L>(random: &mut Random, read: ReadAs<'_, L>) -> Test<L> {
    let nothing = |_: &mut Random, _: u32| Expr::Literal(Value::Null);
    let subject = loop {
        let call = call(random, 0, &nothing, read);
        if !matches!(call, Expr::Call { function: Scalar::Anniversary, .. }) {
            break call;
        }
    };
    let Expr::Call { function, .. } = &subject else { unreachable!("it is a call") };
    let text = |random: &mut Random, texts: &[&str]| Value::from(random.one_of(texts));
    let other = match function {
        Scalar::Lower => text(random, &["sk", "store", "eva@acme.example"]),
        Scalar::Upper => text(random, &["SK", "STORE", "WEB"]),
        Scalar::Trim => text(random, &["SK", "", "eva@acme.example"]),
        Scalar::Domain => text(random, &["acme.example", "shop.example", ""]),
        Scalar::Season => text(random, &["spring", "summer", "autumn", "winter"]),
        Scalar::MonthOfYear => {
            Value::from(i64::from(now().to_string()[5..7].parse::<u8>().unwrap()))
        }
        Scalar::HourOfDay => Value::from(random.one_of(&[0, 1, 12, 14, 22, 23])),
        _ => Value::from(random.between(0, 7)),
    };
    let is_text = matches!(other, Value::Text(_));
    let how = if is_text || random.chance(2) {
        random.one_of(&[Comparison::Equal, Comparison::NotEqual])
    } else {
        random.one_of(&Comparison::ALL)
    };
    Test { subject, check: Check::Compare(how, Expr::Literal(other)) }
}

/// The value of the person under a name.
pub fn attribute(name: &str, declared: Option<Type>) -> PersonLeaf {
    PersonLeaf::Attribute { path: Path::key(name), declared }
}

/// The value of the row under a name.
pub fn property(name: &str, declared: Option<Type>) -> RowLeaf {
    RowLeaf::Property { path: Path::key(name), declared }
}
