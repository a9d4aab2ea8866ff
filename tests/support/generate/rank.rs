//! Conditions that rank people among others, and the people to be ranked.

use super::condition::condition;
use super::value::{moment, plain_aggregate};
use super::{Random, local, now};
use std::rc::Rc;
use std::sync::Arc;
use throng::model::{Decimal, Event, FixedUnit, Kind, Ordinal, Path, ProfileId, Text, Timestamp};
use throng::model::{Unit, Value, Zone};
use throng::query::holds::Remembered;
use throng::query::predicate::*;
use throng::query::{Others, Parties, Person};

/// A condition in which somebody is ranked, also by others who are.
pub fn condition_among_others(random: &mut Random, depth: u32) -> Condition {
    match random.below(if depth > 0 { 7 } else { 3 }) {
        0..=2 => Tree::Leaf(Predicate::Ranked(Arc::new(rank(random, depth)))),
        3 => Tree::All(vec![condition_among_others(random, depth - 1), condition(random, 1)]),
        4 => Tree::Any(vec![condition_among_others(random, depth - 1), condition(random, 1)]),
        5 => Tree::Not(Box::new(condition_among_others(random, depth - 1))),
        _ => Tree::Leaf(Predicate::InAudience(Arc::new(Audience {
            name: "ranked".into(),
            version: 1,
            condition: condition_among_others(random, depth - 1),
            zone: Local::UTC,
        }))),
    }
}

/// A part of an order by any value that may be kept.
pub fn rank(random: &mut Random, depth: u32) -> Rank {
    let (value, reads, moves) = ordered(random);
    let among = match random.below(4) {
        0 | 1 => Condition::always(),
        2 if depth > 0 => condition_among_others(random, depth - 1),
        _ => condition(random, 1),
    };
    Rank { value, reads, among, cut: cut(random), moves }
}

fn cut(random: &mut Random) -> Cut {
    let size = match random.chance(2) {
        true => Size::Count(1 + random.below(3)),
        false => {
            Size::Share(random.one_of(&["0.1", "0.25", "0.333333333", "0.5", "1"]).parse().unwrap())
        }
    };
    let of = random.one_of(&[4, 5, 10]);
    match random.below(3) {
        0 => Cut::Top(size),
        1 => Cut::Bottom(size),
        _ => Cut::Part { number: 1 + random.below(of.into()) as u32, of },
    }
}

/// A value, its kind, and what gives its order at any instant.
fn ordered(random: &mut Random) -> (Expr<PersonLeaf>, Kind, Option<Alike>) {
    let attribute = |name: &str, declared| {
        Expr::Leaf(PersonLeaf::Attribute { path: Path::key(name), declared: Some(declared) })
    };
    match random.below(11) {
        9 | 10 => (decayed_order(random), Kind::Number, None),
        0..=2 => (Expr::Leaf(steady(random)), Kind::Number, None),
        3 => (attribute("points", Type::Number), Kind::Number, None),
        4 => (attribute("birthday", Type::Date), Kind::Date, None),
        5 => (instant(random), Kind::Instant, None),
        6 => (days_since_birthday(random), Kind::Number, None),
        7 => {
            let [left, right] = [(); 2].map(|()| Box::new(Expr::Leaf(steady(random))));
            let operator = random.one_of(&[Operator::Add, Operator::Divide]);
            (Expr::Arithmetic { operator, left, right }, Kind::Number, None)
        }
        _ => length(random),
    }
}

/// What orders people by what decays.
fn decayed_order(random: &mut Random) -> Expr<PersonLeaf> {
    loop {
        let PersonLeaf::Aggregate(of) = plain_aggregate(random) else { continue };
        if let Function::Decayed { half_life_ms } = of.function {
            let function = Function::DecayedOrder { half_life_ms };
            return Expr::Leaf(PersonLeaf::Aggregate(Box::new(Aggregate { function, ..*of })));
        }
    }
}

/// An aggregate that stays while nothing happens: by others nobody is ranked.
fn steady(random: &mut Random) -> PersonLeaf {
    let decays = |leaf: &PersonLeaf| match leaf {
        PersonLeaf::Aggregate(of) => matches!(of.function, Function::Decayed { .. }),
        _ => false,
    };
    loop {
        let found = plain_aggregate(random);
        if !decays(&found) {
            return found;
        }
    }
}

fn instant(random: &mut Random) -> Expr<PersonLeaf> {
    let instant = |expr: &Expr<PersonLeaf>| {
        !matches!(expr, Expr::Leaf(PersonLeaf::Attribute { declared: Some(Type::Date), .. }))
    };
    loop {
        let found = moment(random, 1);
        if instant(&found) {
            return found;
        }
    }
}

/// It moves by itself, by whole days: for each person at their own midnights.
fn days_since_birthday(random: &mut Random) -> Expr<PersonLeaf> {
    let birthday =
        PersonLeaf::Attribute { path: Path::key("birthday"), declared: Some(Type::Date) };
    Expr::Elapsed {
        unit: random.one_of(&[
            Unit::Fixed(FixedUnit::Day),
            Unit::Fixed(FixedUnit::Week),
            Unit::Month,
        ]),
        direction: random.one_of(&[Direction::Since, Direction::Until]),
        point: Box::new(Point::Value(Expr::Leaf(birthday), local(random))),
        zone: local(random),
    }
}

/// A length of time plus or minus a constant.
fn length(random: &mut Random) -> (Expr<PersonLeaf>, Kind, Option<Alike>) {
    let point = match random.below(3) {
        0 => Point::Value(instant(random), local(random)),
        1 => Point::Instant(now()),
        _ => {
            let name = Some(random.one_of(&["order", "visit"]).into());
            let matcher = Matcher(vec![EventFilter { name, filter: None }]);
            Point::Anchor(random.one_of(&[Which::First, Which::Last]), matcher)
        }
    };
    let direction = random.one_of(&[Direction::Since, Direction::Until]);
    let elapsed = Expr::Elapsed {
        unit: Unit::Fixed(random.one_of(&[FixedUnit::Hour, FixedUnit::Day, FixedUnit::Week])),
        direction,
        point: Box::new(point.clone()),
        zone: local(random),
    };
    let falls = direction == Direction::Since;
    let three = Expr::Literal(Value::Number(Decimal::from(3)));
    let (value, falls) = match random.below(3) {
        0 => (elapsed, falls),
        1 => (Expr::Negative(Box::new(elapsed)), !falls),
        _ => {
            let (left, right) = (Box::new(three), Box::new(elapsed));
            (Expr::Arithmetic { operator: Operator::Subtract, left, right }, !falls)
        }
    };
    (value, Kind::Number, Some(Alike { point, falls }))
}

/// A few people, each with a user id and rows, among one another.
#[derive(Debug)]
pub struct Few {
    pub people: Vec<(Ordinal, Text, Vec<Event>)>,
    pub parties: Parties,
}

impl Few {
    /// Those who exist at an instant, each as the oracle reads them.
    pub fn each(&self, at: Timestamp, visit: &mut dyn FnMut(Ordinal, &Person<'_>)) {
        let among = Among { few: self, ranked: Remembered::default() };
        self.each_among(&among, at, visit);
    }

    fn each_among(
        &self,
        others: &dyn Others,
        at: Timestamp,
        visit: &mut dyn FnMut(Ordinal, &Person<'_>),
    ) {
        for (seat, user_id, events) in &self.people {
            let (profile, user_id) = (ProfileId(seat.0), Some(user_id));
            let parties = &self.parties;
            if events.iter().any(|event| event.when <= at) {
                visit(
                    *seat,
                    &Person { profile, events, identifiers: &[], user_id, parties, others },
                );
            }
        }
    }
}

#[derive(Debug)]
struct Among<'a> {
    few: &'a Few,
    ranked: Remembered,
}

impl Others for Among<'_> {
    fn ranked(&self, rank: &Rank, at: Timestamp) -> Rc<[Value]> {
        self.ranked.ranked(rank, at, |visit| {
            self.few.each_among(self, at, &mut |_, person| visit(person));
        })
    }
}
