//! Generated conditions of every kind, and generated events that matter to them.

use super::chance::Chance;
use crate::model::*;
use crate::query::predicate::*;
use std::sync::Arc;

pub(super) const HOUR: i64 = 3_600_000;
pub(super) const DAY: i64 = 24 * HOUR;

/// Two days before a change of clocks in Prague.
pub(super) fn origin() -> Timestamp {
    "2026-03-27T00:00:00Z".parse().unwrap()
}

const ZONES: [&str; 3] = ["UTC", "Europe/Prague", "America/New_York"];

fn zone(chance: &mut Chance) -> Zone {
    Zone::named(chance.pick(&ZONES)).unwrap()
}

/// The same for all, or that of each person.
fn local(chance: &mut Chance) -> Local {
    if chance.one_in(3) { Local::Theirs(zone(chance)) } else { Local::In(zone(chance)) }
}

fn length(chance: &mut Chance) -> i64 {
    chance.pick(&[1, HOUR, 5 * HOUR, DAY, DAY, 2 * DAY, 3 * DAY, 7 * DAY])
}

fn instant(chance: &mut Chance) -> Timestamp {
    origin().plus_ms(chance.below(10 * 24) as i64 * HOUR - DAY)
}

fn day(chance: &mut Chance) -> (Date, Zone) {
    let zone = zone(chance);
    (zone.local_day(instant(chance)), zone)
}

fn number(n: i64) -> Value {
    Value::from(n)
}

fn text(chance: &mut Chance) -> Value {
    Value::text(chance.pick(&["a", "b", "c", "ab"]))
}

fn property(name: &str) -> Expr<RowLeaf> {
    property_as(name, None)
}

fn property_as(name: &str, declared: Option<Type>) -> Expr<RowLeaf> {
    Expr::Leaf(RowLeaf::Property { path: Path::key(name), declared })
}

fn attribute(name: &str, declared: Option<Type>) -> Expr<PersonLeaf> {
    Expr::Leaf(PersonLeaf::Attribute { path: Path::key(name), declared })
}

fn comparison(chance: &mut Chance) -> Comparison {
    chance.pick(&[
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::AtMost,
        Comparison::Greater,
        Comparison::AtLeast,
        Comparison::AtLeast,
    ])
}

fn row_test(chance: &mut Chance, items: bool) -> Test<RowLeaf> {
    let (subject, check) = match chance.below(if items { 4 } else { 9 }) {
        0 | 1 => {
            let low = number(chance.below(4) as i64);
            (property("n"), Check::Compare(comparison(chance), Expr::Literal(low)))
        }
        2 => (property("s"), Check::Compare(Comparison::Equal, Expr::Literal(text(chance)))),
        3 => {
            let values = vec![text(chance), text(chance)];
            (property("s"), Check::OneOf { values, negated: chance.one_in(2) })
        }
        4 => {
            let part = Expr::Leaf(RowLeaf::Person(PersonLeaf::Attribute {
                path: Path::key("city"),
                declared: None,
            }));
            (property("s"), Check::Compare(Comparison::Equal, part))
        }
        5 => {
            let window = if chance.one_in(2) {
                Window::Last { ms: length(chance) }
            } else {
                Window::Next { ms: length(chance) }
            };
            (property_as("t", Some(Type::Instant)), Check::During(window, local(chance)))
        }
        6 => {
            let from = Edge { point: Point::Instant(instant(chance)), included: true };
            let window = Window::Range { from: Some(from), to: None };
            (property_as("t", Some(Type::Instant)), Check::During(window, Local::UTC))
        }
        7 => {
            let context = RowLeaf::Context { path: Path::dotted("campaign.name").unwrap() };
            (Expr::Leaf(context), Check::Known(chance.one_in(2)))
        }
        _ => {
            let part = Expr::Literal(text(chance));
            let place = chance.pick(&[Place::Anywhere, Place::Start, Place::End]);
            (property("s"), Check::Text { place, part, ignoring_case: chance.one_in(2) })
        }
    };
    Test { subject, check }
}

fn filter(chance: &mut Chance, items: bool) -> Option<Filter> {
    match chance.below(4) {
        0 | 1 => None,
        2 => Some(Tree::Leaf(row_test(chance, items))),
        _ => {
            let both =
                vec![Tree::Leaf(row_test(chance, items)), Tree::Leaf(row_test(chance, items))];
            Some(if chance.one_in(2) { Tree::Any(both) } else { Tree::All(both).not() })
        }
    }
}

fn matcher(chance: &mut Chance, items: bool) -> Matcher {
    let n = if chance.one_in(5) { 2 } else { 1 };
    let one = |chance: &mut Chance| EventFilter {
        name: (!chance.one_in(12)).then(|| chance.pick(&["e0", "e1", "e2"]).into()),
        filter: filter(chance, items),
    };
    Matcher((0..n).map(|_| one(chance)).collect())
}

fn point(chance: &mut Chance) -> Point<PersonLeaf> {
    match chance.below(6) {
        0 | 1 => Point::Anchor(chance.pick(&[Which::First, Which::Last]), matcher(chance, false)),
        2 => Point::Instant(instant(chance)),
        3 => {
            let (date, zone) = day(chance);
            let (start, end) = (zone.start_of(date), zone.start_of(date.plus_days(1)));
            Point::Day { date, start, end }
        }
        4 => Point::Value(attribute("trial", Some(Type::Instant)), local(chance)),
        _ => Point::Value(attribute("born", Some(Type::Date)), local(chance)),
    }
}

fn window(chance: &mut Chance) -> Window<PersonLeaf> {
    match chance.below(9) {
        0..=3 => Window::Last { ms: length(chance) },
        4 | 5 => {
            let from_ms = length(chance);
            Window::Ago { from_ms, to_ms: from_ms + length(chance) }
        }
        6 if chance.one_in(3) => Window::Next { ms: length(chance) },
        6 | 7 => {
            let edge = |chance: &mut Chance| {
                let there = chance.one_in(2);
                there.then(|| Edge { point: point(chance), included: chance.one_in(2) })
            };
            Window::Range { from: edge(chance), to: edge(chance) }
        }
        _ => {
            let side = chance.pick(&[Side::After, Side::Before, Side::Either]);
            // Lengths of whole days, which a date may be measured by.
            let ms = chance.pick(&[DAY, 2 * DAY, 3 * DAY]);
            Window::Within { ms, side, point: point(chance), zone: local(chance) }
        }
    }
}

fn windows(chance: &mut Chance) -> Vec<Window<PersonLeaf>> {
    let n = chance.pick(&[0, 1, 1, 1, 2]);
    (0..n).map(|_| window(chance)).collect()
}

fn occurrence(chance: &mut Chance) -> Occurrence {
    let least = chance.pick(&[0, 1, 1, 1, 2, 3, 12]);
    let most = match chance.below(3) {
        0 => Some(least + chance.below(2)),
        _ if least == 0 => Some(chance.below(3)),
        _ => None,
    };
    let matcher = matcher(chance, false);
    Occurrence { matcher, windows: windows(chance), count: CountRange { least, most } }
}

fn aggregate(chance: &mut Chance) -> Aggregate {
    let function = chance.pick(&[
        Function::Count,
        Function::Sum,
        Function::Sum,
        Function::Avg,
        Function::Min,
        Function::Max,
        Function::Distinct,
        Function::First,
        Function::Last,
        Function::Last,
    ]);
    let items = chance.one_in(4).then(|| Path::key("items"));
    let value = match (function, chance.below(5)) {
        (Function::Count, 0 | 1) => None,
        (Function::First | Function::Last, 0) => Some(Expr::Leaf(RowLeaf::When)),
        (_, 1) => Some(Expr::Arithmetic {
            operator: Operator::Multiply,
            left: Box::new(property("n")),
            right: Box::new(Expr::Literal("0.3".parse::<Decimal>().map(Value::Number).unwrap())),
        }),
        (_, 2) => Some(property("list")),
        _ => Some(property("n")),
    };
    let matcher = matcher(chance, items.is_some());
    Aggregate { function, matcher, items, value, windows: windows(chance) }
}

fn elapsed(chance: &mut Chance) -> Expr<PersonLeaf> {
    let unit = match chance.below(6) {
        0 => Unit::Month,
        1 => Unit::Fixed(FixedUnit::Week),
        2 => Unit::Fixed(FixedUnit::Hour),
        _ => Unit::Fixed(FixedUnit::Day),
    };
    let direction = chance.pick(&[Direction::Since, Direction::Since, Direction::Until]);
    let point = match chance.below(3) {
        0 => Point::Value(
            Expr::Leaf(chance.pick(&[PersonLeaf::FirstSeen, PersonLeaf::LastSeen])),
            local(chance),
        ),
        _ => point(chance),
    };
    Expr::Elapsed { unit, direction, point: Box::new(point), zone: local(chance) }
}

fn value(chance: &mut Chance, depth: u32) -> Expr<PersonLeaf> {
    match chance.below(if depth == 0 { 6 } else { 9 }) {
        0 | 1 => elapsed(chance),
        2..=4 => Expr::Leaf(PersonLeaf::Aggregate(Box::new(aggregate(chance)))),
        5 => attribute("score", None),
        6 => Expr::Coalesce(vec![
            value(chance, depth - 1),
            Expr::Literal(number(chance.below(5) as i64)),
        ]),
        7 => Expr::Arithmetic {
            operator: chance.pick(&[Operator::Add, Operator::Subtract]),
            left: Box::new(value(chance, depth - 1)),
            right: Box::new(value(chance, depth - 1)),
        },
        // A product of two values that move is refused where audiences are created.
        _ => {
            let still = match chance.below(3) {
                0 => attribute("score", None),
                1 => Expr::Leaf(PersonLeaf::Aggregate(Box::new(aggregate(chance)))),
                _ => Expr::Literal("1.5".parse::<Decimal>().map(Value::Number).unwrap()),
            };
            let (left, right) = if chance.one_in(2) {
                (value(chance, depth - 1), still)
            } else {
                (still, value(chance, depth - 1))
            };
            Expr::Arithmetic {
                operator: chance.pick(&[Operator::Multiply, Operator::Divide]),
                left: Box::new(left),
                right: Box::new(right),
            }
        }
    }
}

fn person_test(chance: &mut Chance) -> Test<PersonLeaf> {
    match chance.below(8) {
        0 => Test {
            subject: attribute("city", None),
            check: Check::Compare(comparison(chance), Expr::Literal(text(chance))),
        },
        1 => Test {
            subject: Expr::Leaf(chance.pick(&[PersonLeaf::GroupId, PersonLeaf::UserId])),
            check: Check::OneOf {
                values: vec![text(chance), text(chance)],
                negated: chance.one_in(2),
            },
        },
        2 => {
            let (name, declared) = chance.pick(&[("trial", Type::Instant), ("born", Type::Date)]);
            let check = match chance.below(3) {
                0 => Check::During(Window::Next { ms: 2 * DAY }, local(chance)),
                1 => Check::Known(chance.one_in(2)),
                _ => Check::During(whole_days(window(chance)), local(chance)),
            };
            Test { subject: attribute(name, Some(declared)), check }
        }
        3 => {
            let low = Expr::Literal(number(chance.below(3) as i64));
            let high = Expr::Literal(number(3 + chance.below(3) as i64));
            Test { subject: value(chance, 1), check: Check::Between(low, high) }
        }
        4 => Test {
            subject: value(chance, 2),
            check: Check::Compare(comparison(chance), value(chance, 1)),
        },
        _ => {
            let other = Expr::Literal(number(chance.below(6) as i64));
            Test { subject: value(chance, 1), check: Check::Compare(comparison(chance), other) }
        }
    }
}

/// The window with lengths of whole days: a date has no hours.
fn whole_days<L>(window: Window<L>) -> Window<L> {
    let whole = |ms: i64| (ms / DAY).max(1) * DAY;
    match window {
        Window::Last { ms } => Window::Last { ms: whole(ms) },
        Window::Next { ms } => Window::Next { ms: whole(ms) },
        Window::Ago { from_ms, to_ms } => {
            Window::Ago { from_ms: whole(from_ms), to_ms: whole(from_ms) + whole(to_ms) }
        }
        other => other,
    }
}

fn predicate(chance: &mut Chance, others: &[Arc<Audience>]) -> Predicate {
    match chance.below(10) {
        0..=3 => Predicate::Did(occurrence(chance)),
        4..=7 => Predicate::Is(person_test(chance)),
        8 => Predicate::Consent { purpose: "email".into() },
        _ if others.is_empty() => Predicate::Did(occurrence(chance)),
        _ => Predicate::InAudience(chance.pick(others)),
    }
}

/// A condition; it may name other audiences.
pub(super) fn condition(chance: &mut Chance, others: &[Arc<Audience>]) -> Condition {
    let leaf = |chance: &mut Chance| {
        let leaf = Tree::Leaf(predicate(chance, others));
        if chance.one_in(3) { leaf.not() } else { leaf }
    };
    match chance.below(8) {
        0..=4 => leaf(chance),
        5 => Tree::All(vec![leaf(chance), leaf(chance)]),
        6 => Tree::Any(vec![leaf(chance), leaf(chance)]),
        _ if chance.one_in(6) => Tree::always(),
        _ => Tree::All(vec![leaf(chance), Tree::Any(vec![leaf(chance), leaf(chance)])]),
    }
}

fn object(fields: Vec<(&str, Value)>) -> Object {
    Object::new(fields.into_iter().map(|(key, value)| (key.into(), value)).collect()).unwrap()
}

fn loose_number(chance: &mut Chance) -> Value {
    match chance.below(12) {
        0 => Value::Null,
        1 => text(chance),
        2 => Value::Digits("1e30".into()),
        3 => "999999999999999999.5".parse().map(Value::Number).unwrap(),
        n => number(n as i64 - 6),
    }
}

fn properties(chance: &mut Chance) -> Object {
    let mut fields = vec![("n", loose_number(chance))];
    if !chance.one_in(4) {
        fields.push(("s", text(chance)));
    }
    if chance.one_in(3) {
        fields.push(("t", Value::text(&instant(chance).to_string())));
    }
    if chance.one_in(3) {
        fields.push(("list", Value::List(vec![loose_number(chance), loose_number(chance)])));
    }
    if chance.one_in(3) {
        let item = |chance: &mut Chance| match chance.below(5) {
            0 => loose_number(chance),
            _ => Value::Object(object(vec![("n", loose_number(chance)), ("s", text(chance))])),
        };
        fields.push(("items", Value::List((0..chance.below(3)).map(|_| item(chance)).collect())));
    }
    object(fields)
}

fn traits(chance: &mut Chance) -> Object {
    let mut fields = Vec::new();
    if chance.one_in(2) {
        fields.push(("city", if chance.one_in(4) { Value::Null } else { text(chance) }));
    }
    if chance.one_in(2) {
        fields.push(("trial", Value::text(&instant(chance).to_string())));
    }
    if chance.one_in(2) {
        fields.push(("born", Value::text(&day(chance).0.to_string())));
    }
    if chance.one_in(3) {
        let zone = chance.pick(&["UTC", "Europe/Prague", "America/New_York", "Mars/Base"]);
        fields.push(("timezone", if chance.one_in(6) { Value::Null } else { Value::text(zone) }));
    }
    if chance.one_in(2) {
        fields.push(("score", loose_number(chance)));
    }
    object(fields)
}

/// A call of any kind.
pub(super) fn body(chance: &mut Chance) -> Body {
    match chance.below(12) {
        0 | 1 => Body::Identify { traits: traits(chance) },
        2 if chance.one_in(2) => {
            let group_id = chance.pick(&["a", "b"]).into();
            Body::Group { group_id, traits: Object::default() }
        }
        3 if chance.one_in(2) => Body::Page { properties: properties(chance) },
        2 | 3 => {
            let expires = chance.one_in(2).then(|| instant(chance));
            let purpose = chance.pick(&["email", "sms"]).into();
            Body::Consent { purpose, granted: !chance.one_in(3), expires }
        }
        _ => Body::Track {
            event: chance.pick(&["e0", "e0", "e1", "e2", "e3"]).into(),
            properties: properties(chance),
        },
    }
}

/// An accepted call at an instant.
pub(super) fn event(chance: &mut Chance, when: Timestamp, received: Timestamp) -> Event {
    let campaign = Value::Object(object(vec![("name", Value::text("x"))]));
    let context =
        if chance.one_in(3) { object(vec![("campaign", campaign)]) } else { Object::default() };
    Event {
        when,
        received,
        ord: chance.below(2) as i64,
        id: EventId(u128::from(chance.below(1 << 30)) << 64 | u128::from(chance.below(1 << 30))),
        origin: IdentifierNumber(1),
        source: chance.pick(&["web", "web", "bought"]).into(),
        channel: None,
        body: body(chance),
        context,
    }
}
