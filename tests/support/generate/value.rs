//! Values of a person, and what is asked of values.

use super::rows::{self, matcher};
use super::special::{attribute, call, choice};
use super::window::{event_window, point, window};
use super::{Random, local, zone};
use throng::model::{FixedUnit, Path, Real, Text, Unit, Value};
use throng::query::predicate::*;

/// A value of the person.
pub fn value(random: &mut Random, depth: u32) -> Expr<PersonLeaf> {
    match random.below(if depth > 0 { 13 } else { 5 }) {
        12 => counts_added(random, depth),
        10 => call(random, depth - 1, &value, &attribute),
        11 => choice(random, depth, &value, true),
        0..=3 => Expr::Leaf(person_leaf(random, depth)),
        4 => Expr::Literal(literal(random)),
        5 => Expr::Arithmetic {
            operator: operator(random),
            left: Box::new(value(random, depth - 1)),
            right: Box::new(value(random, depth - 1)),
        },
        6 => Expr::Negative(Box::new(value(random, depth - 1))),
        7 => Expr::Coalesce(random.several(1, 3, |random| value(random, depth - 1))),
        _ => Expr::Elapsed {
            unit: unit(random),
            direction: random.one_of(&[Direction::Since, Direction::Until]),
            point: Box::new(point(random, depth - 1, &moment)),
            zone: local(random),
        },
    }
}

/// Counts that are added up, most of them some times.
fn counts_added(random: &mut Random, depth: u32) -> Expr<PersonLeaf> {
    let joined = |operator, left, right| Expr::Arithmetic {
        operator,
        left: Box::new(left),
        right: Box::new(right),
    };
    let terms = random.several(2, 4, |random| {
        let of = Aggregate { function: Function::Count, ..aggregate(random, depth - 1) };
        let value = of.value.filter(|_| random.chance(4));
        let count = Expr::Leaf(PersonLeaf::Aggregate(Box::new(Aggregate { value, ..of })));
        let times = random.one_of(&["1", "2", "3", "10", "65535", "65536", "0", "1.5", "-2"]);
        let times = Expr::Literal(Value::Number(times.parse().unwrap()));
        match random.below(4) {
            0 => count,
            1 => joined(Operator::Multiply, count, times),
            _ => joined(Operator::Multiply, times, count),
        }
    });
    let add = |left, right| joined(Operator::Add, left, right);
    terms.into_iter().reduce(add).unwrap_or(Expr::Literal(Value::Null))
}

/// A value that is an instant or a date, when it is known.
pub fn moment(random: &mut Random, depth: u32) -> Expr<PersonLeaf> {
    let attribute = |name: &str, declared| PersonLeaf::Attribute {
        path: Path::key(name),
        declared: Some(declared),
    };
    Expr::Leaf(match random.below(5) {
        0 => attribute("trial_ends_at", Type::Instant),
        1 => attribute("birthday", Type::Date),
        2 => PersonLeaf::FirstSeen,
        3 => PersonLeaf::LastSeen,
        _ => PersonLeaf::Aggregate(Box::new(Aggregate {
            function: random.one_of(&[Function::First, Function::Last, Function::Max]),
            matcher: matcher(random, depth.saturating_sub(1)),
            items: None,
            value: Some(Expr::Leaf(RowLeaf::When)),
            windows: Vec::new(),
        })),
    })
}

/// What is read of a person.
pub fn person_leaf(random: &mut Random, depth: u32) -> PersonLeaf {
    let attribute = |path: &str, declared| PersonLeaf::Attribute {
        path: Path::dotted(path).unwrap(),
        declared,
    };
    match random.below(if depth > 0 { 17 } else { 11 }) {
        16 => PersonLeaf::Score(std::sync::Arc::new(score(random, depth - 1))),
        0..=1 => attribute("country", None),
        2 => attribute("points", random.one_of(&[None, Some(Type::Number)])),
        3 => attribute("trial_ends_at", Some(Type::Instant)),
        4 => attribute("birthday", Some(Type::Date)),
        5 => attribute("vip", Some(Type::Bool)),
        6 => attribute("tags", None),
        7 => attribute("home.city", None),
        8 => random.one_of(&[PersonLeaf::GroupId, PersonLeaf::UserId]),
        9 => PersonLeaf::FirstSeen,
        10 => PersonLeaf::LastSeen,
        _ => PersonLeaf::Aggregate(Box::new(aggregate(random, depth - 1))),
    }
}

/// What a small model says: of what is known of somebody and what they did.
pub fn score(random: &mut Random, depth: u32) -> Score {
    let features = random.several(1, 3, |random| Feature {
        value: Expr::Leaf(match random.below(3) {
            0 => person_leaf(random, 0),
            _ => PersonLeaf::Aggregate(Box::new(aggregate(random, depth.saturating_sub(1)))),
        }),
        missing: real(random),
    });
    let form = if random.chance(2) {
        ModelForm::Linear {
            intercept: real(random),
            weights: features.iter().map(|_| real(random)).collect(),
        }
    } else {
        let split = |random: &mut Random, left| TreeNode::Split {
            feature: random.below(features.len() as u64) as usize,
            threshold: real(random),
            left,
            right: 2,
        };
        ModelForm::Trees {
            intercept: real(random),
            trees: random.several(1, 3, |random| {
                let mut leaf = || TreeNode::Leaf(real(random));
                let leaves = [leaf(), leaf()];
                vec![split(random, 1), leaves[0], leaves[1]]
            }),
            mean: random.chance(2),
            or_equal: random.chance(2),
        }
    };
    Score {
        model: Text::from("m"),
        version: 1,
        zone: zone(random),
        features,
        form,
        link: random.one_of(&[ModelLink::Identity, ModelLink::Logistic]),
    }
}

/// A model that says how many events were there lately: one more or less is seen.
pub fn counting_score(random: &mut Random) -> Score {
    let mut counted = aggregate(random, 0);
    counted.function = Function::Count;
    counted.matcher = matcher(random, 0);
    (counted.items, counted.value) = (None, None);
    counted.windows = vec![super::window::lately(random)];
    let value = Expr::Leaf(PersonLeaf::Aggregate(Box::new(counted)));
    let missing = real(random);
    let form = ModelForm::Linear {
        intercept: "0".parse().unwrap(),
        weights: vec![random.one_of(&["1", "1", "0.5", "-1"]).parse().unwrap()],
    };
    let (features, link) = (vec![Feature { value, missing }], ModelLink::Identity);
    Score { features, form, link, ..score(random, 0) }
}

fn real(random: &mut Random) -> Real {
    random.one_of(&["-2", "-0.5", "0", "0.1", "0.5", "0.5", "1", "2.5", "100"]).parse().unwrap()
}

fn aggregate(random: &mut Random, depth: u32) -> Aggregate {
    let items = random
        .chance(4)
        .then(|| Path::dotted(random.one_of(&["items", "items.price", "tags", "total"])).unwrap());
    let function = function(random);
    let needs_value = function != Function::Count && items.is_none();
    // Half of them may move as time passes, of functions that then move along a line.
    let value_depth = if is_steady(function) { depth.max(random.below(2) as u32) } else { 0 };
    let value = (needs_value || random.chance(2)).then(|| rows::value(random, value_depth));
    Aggregate {
        function,
        matcher: matcher(random, depth),
        items,
        value,
        windows: random.several(0, 2, |random| event_window(random, depth.saturating_sub(1))),
    }
}

/// Whether values that move make the function move so that its turns can be found;
/// others are refused in audiences.
fn is_steady(function: Function) -> bool {
    use Function::*;
    matches!(function, Count | Sum | Avg | Min | Max | First | Last | Median | Decayed { .. })
}

/// Any function, those that are kept more often.
fn function(random: &mut Random) -> Function {
    use Function::*;
    if random.chance(3) {
        let half_life_ms = random.one_of(&super::LENGTHS);
        let decayed = Decayed { half_life_ms };
        return random.one_of(&[
            Median,
            Stddev,
            MostFrequent,
            Collect,
            TypicalGap,
            decayed,
            decayed,
        ]);
    }
    random.one_of(&[Count, Sum, Sum, Avg, Min, Max, Distinct, First, Last])
}

/// How many local days, weeks or months have events.
pub fn active_periods(random: &mut Random) -> PersonLeaf {
    let value = Some(Expr::Leaf(rows::local_period(random)));
    PersonLeaf::Aggregate(Box::new(Aggregate {
        function: Function::Distinct,
        matcher: matcher(random, 1),
        items: None,
        value,
        windows: random.several(0, 1, |random| event_window(random, 0)),
    }))
}

/// An aggregate of how old events are, which moves while nothing happens.
pub fn growing(random: &mut Random) -> PersonLeaf {
    use Function::*;
    let age = Expr::Elapsed {
        unit: Unit::Fixed(random.one_of(&[FixedUnit::Day, FixedUnit::Hour])),
        direction: random.one_of(&[Direction::Since, Direction::Since, Direction::Until]),
        point: Box::new(Point::Value(Expr::Leaf(RowLeaf::When), local(random))),
        zone: local(random),
    };
    PersonLeaf::Aggregate(Box::new(Aggregate {
        function: random.one_of(&[Sum, Avg, Min, Max, First, Last, Median]),
        matcher: matcher(random, 0),
        items: None,
        value: Some(age),
        windows: random.several(0, 1, |random| event_window(random, 0)),
    }))
}

/// An aggregate of numbers of one event, as most are.
pub fn plain_aggregate(random: &mut Random) -> PersonLeaf {
    let name = Some(random.one_of(&["order", "visit"]).into());
    let total = RowLeaf::Property { path: Path::key("total"), declared: None };
    PersonLeaf::Aggregate(Box::new(Aggregate {
        function: function(random),
        matcher: Matcher(vec![EventFilter { name, filter: None }]),
        items: None,
        value: Some(Expr::Leaf(total)),
        windows: random.several(0, 1, |random| event_window(random, 0)),
    }))
}

/// The least or the greatest of dates and numbers together.
pub fn extreme_of_kinds(random: &mut Random) -> PersonLeaf {
    let property =
        |name: &str, declared| Expr::Leaf(RowLeaf::Property { path: Path::key(name), declared });
    let parts = vec![property("departs", Some(Type::Date)), property("total", None)];
    PersonLeaf::Aggregate(Box::new(Aggregate {
        function: random.one_of(&[Function::Min, Function::Max]),
        matcher: matcher(random, 1),
        items: None,
        value: Some(Expr::Coalesce(parts)),
        windows: Vec::new(),
    }))
}

/// What is asked of a value; `value` makes the operands.
pub fn check<L>(
    random: &mut Random,
    depth: u32,
    value: &dyn Fn(&mut Random, u32) -> Expr<L>,
) -> Check<L> {
    use Comparison::*;
    let depth = depth.saturating_sub(1);
    let operand = |random: &mut Random| match random.chance(4) {
        true => value(random, depth),
        false => Expr::Literal(literal(random)),
    };
    match random.below(10) {
        0..=3 => {
            let comparison = random.one_of(&[Equal, NotEqual, Less, AtMost, Greater, AtLeast]);
            Check::Compare(comparison, operand(random))
        }
        4 => Check::Known(random.chance(2)),
        5 => Check::OneOf { values: random.several(1, 3, literal), negated: random.chance(2) },
        6 => Check::Between(operand(random), operand(random)),
        7 => Check::Text {
            place: random.one_of(&[Place::Anywhere, Place::Start, Place::End]),
            part: Expr::Literal(Value::from(random.one_of(&["S", "K", "store", ""]))),
            ignoring_case: random.chance(2),
        },
        8 => Check::Has { elements: random.several(1, 2, operand), all: random.chance(2) },
        _ => during(random, depth, value),
    }
}

pub fn operator(random: &mut Random) -> Operator {
    random.one_of(&[Operator::Add, Operator::Subtract, Operator::Multiply, Operator::Divide])
}

fn unit(random: &mut Random) -> Unit {
    let fixed = |unit| Unit::Fixed(unit);
    let days = fixed(FixedUnit::Day);
    let hours = fixed(FixedUnit::Hour);
    let weeks = fixed(FixedUnit::Week);
    random.one_of(&[days, days, hours, weeks, Unit::Month, Unit::Quarter, Unit::Year])
}

fn literal(random: &mut Random) -> Value {
    match random.below(12) {
        0 => Value::Null,
        1 => Value::Bool(random.chance(2)),
        2..=4 => Value::from(random.one_of(&["SK", "CZ", "store", ""])),
        5 => Value::Number("0.333333333".parse().unwrap()),
        _ => Value::from(random.one_of(&[-1, 0, 1, 2, 3, 7, 30, 60])),
    }
}

/// Inside a window; a date and what it is near to are days of one zone.
pub fn during<L>(
    random: &mut Random,
    depth: u32,
    value: &dyn Fn(&mut Random, u32) -> Expr<L>,
) -> Check<L> {
    let mut window = window(random, depth, value);
    let zone = local(random);
    if let Window::Within { zone: near, point, .. }
    | Window::WithinMonths { zone: near, point, .. } = &mut window
    {
        near.clone_from(&zone);
        if let Point::Value(_, of_point) = point {
            of_point.clone_from(&zone);
        }
    }
    Check::During(window, zone)
}
