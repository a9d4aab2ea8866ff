//! Events that are looked for, and what their rows must fulfil.

use super::live::of_kind_wanted;
use super::special::{call, choice, fitting, property};
use super::value::{check, person_leaf};
use super::{Random, local};
use throng::model::{FixedUnit, Path, Period, Unit, Value};
use throng::query::predicate::*;

/// One name, several, or any event; with filters while depth is left.
pub fn matcher(random: &mut Random, depth: u32) -> Matcher {
    match random.below(4) {
        0 => Matcher(random.several(2, 3, |random| filtered(random, depth))),
        _ => Matcher(vec![filtered(random, depth)]),
    }
}

fn filtered(random: &mut Random, depth: u32) -> EventFilter {
    let names = ["order", "order", "visit", "cart", "page_view", "screen_view"];
    let name = (!random.chance(8)).then(|| random.one_of(&names).into());
    let filter = (depth > 0 && random.chance(2)).then(|| filter(random, depth - 1));
    EventFilter { name, filter }
}

/// What a row must fulfil.
pub fn filter(random: &mut Random, depth: u32) -> Filter {
    match random.below(if depth > 0 { 8 } else { 5 }) {
        0..=4 => Tree::Leaf(test(random, depth)),
        5 => Tree::All(random.several(0, 3, |random| filter(random, depth - 1))),
        6 => Tree::Any(random.several(0, 3, |random| filter(random, depth - 1))),
        _ => Tree::Not(Box::new(filter(random, depth - 1))),
    }
}

fn test(random: &mut Random, depth: u32) -> Test<RowLeaf> {
    of_kind_wanted(random, |random| {
        if random.chance(4) {
            return fitting(random, &value, &property);
        }
        let subject = value(random, depth);
        Test { subject, check: check(random, depth, &value) }
    })
}

/// A value of a row.
pub fn value(random: &mut Random, depth: u32) -> Expr<RowLeaf> {
    match random.below(if depth > 0 { 11 } else { 6 }) {
        9 => call(random, depth - 1, &value, &property),
        10 => choice(random, depth, &value, false),
        0..=4 => Expr::Leaf(leaf(random, depth)),
        5 => Expr::Literal(Value::from(random.between(-1, 5))),
        6 => Expr::Arithmetic {
            operator: super::value::operator(random),
            left: Box::new(value(random, depth - 1)),
            right: Box::new(value(random, depth - 1)),
        },
        7 => Expr::Coalesce(random.several(1, 2, |random| value(random, depth - 1))),
        _ => Expr::Elapsed {
            unit: Unit::Fixed(FixedUnit::Day),
            direction: Direction::Since,
            point: Box::new(Point::Value(Expr::Leaf(RowLeaf::When), local(random))),
            zone: local(random),
        },
    }
}

/// The local period of an event.
pub fn local_period(random: &mut Random) -> RowLeaf {
    let of = random.one_of(&[Period::Day, Period::Day, Period::Week, Period::Month]);
    RowLeaf::Local { of, first_day: random.one_of(&[1, 1, 7, 4]), zone: local(random) }
}

fn leaf(random: &mut Random, depth: u32) -> RowLeaf {
    let property = |path: &str, declared| (Path::dotted(path).unwrap(), declared);
    let (path, declared) = random.one_of(&[
        property("total", None),
        property("total", None),
        property("total", Some(Type::Number)),
        property("channel", None),
        property("departs", Some(Type::Date)),
        property("tags", None),
        property("items.price", None),
        property("price", None),
        property("category", None),
    ]);
    match random.below(13) {
        12 => local_period(random),
        0 => RowLeaf::Enclosing { path, declared },
        1 => RowLeaf::Element { declared: None },
        2 => RowLeaf::Context { path: Path::dotted("campaign.name").unwrap() },
        3 => RowLeaf::When,
        4 => {
            let envelope =
                [RowLeaf::Received, RowLeaf::Channel, RowLeaf::Source, RowLeaf::CallType];
            random.one_of(&envelope)
        }
        5 if depth > 0 => RowLeaf::Person(person_leaf(random, depth - 1)),
        _ => RowLeaf::Property { path, declared },
    }
}
