//! Small histories and conditions, written shortly. Times are milliseconds from `NOW`.

use crate::model::{
    Body, Date, Decimal, Event, EventId, IdentifierNumber, Object, Party, Path, ProfileId, Step,
    Text, Timestamp, Unit, Value, Zone,
};
use crate::query::predicate::*;
use crate::query::{Nobody, Parties, Person, holds};

pub(crate) const DAY: i64 = 86_400_000;
pub(crate) const HOUR: i64 = 3_600_000;

/// 2026-03-31T12:00:00Z.
pub(crate) fn now() -> Timestamp {
    instant("2026-03-31T12:00:00Z")
}

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn after_now(ms: i64) -> Timestamp {
    now().plus_ms(ms)
}

/// A person in the making: each call gets the next id.
#[derive(Clone, Default)]
pub(crate) struct History {
    pub(crate) events: Vec<Event>,
    pub(crate) parties: Parties,
    pub(crate) user_id: Option<Text>,
}

impl History {
    pub(crate) fn new() -> History {
        History::default()
    }

    pub(crate) fn call(mut self, ms: i64, source: &str, body: Body) -> History {
        let id = EventId(self.events.len() as u128 + 1);
        self.events.push(Event {
            when: after_now(ms),
            received: after_now(ms),
            ord: 0,
            id,
            origin: IdentifierNumber(1),
            source: source.into(),
            channel: None,
            body,
            context: Object::default(),
        });
        self.events.sort_by(Event::canonical);
        self
    }

    /// Changes the call that was made last.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Event)) -> History {
        let newest = self.events.iter_mut().max_by_key(|event| event.id).unwrap();
        change(newest);
        self.events.sort_by(Event::canonical);
        self
    }

    pub(crate) fn did(self, ms: i64, name: &str) -> History {
        self.did_with(ms, name, vec![])
    }

    pub(crate) fn did_with(self, ms: i64, name: &str, properties: Vec<(&str, Value)>) -> History {
        let body = Body::Track { event: name.into(), properties: object(properties) };
        self.call(ms, "web", body)
    }

    pub(crate) fn identify(self, ms: i64, traits: Vec<(&str, Value)>) -> History {
        self.identify_by("web", ms, traits)
    }

    pub(crate) fn identify_by(self, source: &str, ms: i64, traits: Vec<(&str, Value)>) -> History {
        self.call(ms, source, Body::Identify { traits: object(traits) })
    }

    pub(crate) fn group(self, ms: i64, id: &str) -> History {
        self.call(ms, "web", Body::Group { group_id: id.into(), traits: Object::default() })
    }

    pub(crate) fn consent(self, ms: i64, granted: bool, expires_ms: Option<i64>) -> History {
        let expires = expires_ms.map(after_now);
        self.call(ms, "web", Body::Consent { purpose: "email".into(), granted, expires })
    }

    pub(crate) fn third_party(mut self, source: &str) -> History {
        self.parties.declare(source.into(), Party::Third);
        self
    }

    pub(crate) fn person(&self) -> Person<'_> {
        Person {
            profile: ProfileId(1),
            events: &self.events,
            identifiers: &[],
            user_id: self.user_id.as_ref(),
            parties: &self.parties,
            others: &Nobody,
        }
    }

    pub(crate) fn holds(&self, condition: &Condition) -> bool {
        self.holds_at(condition, now())
    }

    pub(crate) fn holds_at(&self, condition: &Condition, at: Timestamp) -> bool {
        holds::holds(condition, &self.person(), at)
    }

    pub(crate) fn value(&self, expr: &Expr<PersonLeaf>) -> Value {
        holds::value(expr, &self.person(), now())
    }
}

pub(crate) fn object(fields: Vec<(&str, Value)>) -> Object {
    Object::new(fields.into_iter().map(|(key, value)| (key.into(), value)).collect()).unwrap()
}

pub(crate) fn obj(fields: Vec<(&str, Value)>) -> Value {
    Value::Object(object(fields))
}

pub(crate) fn list(elements: Vec<Value>) -> Value {
    Value::List(elements)
}

/// A number, also one beyond the range of input.
pub(crate) fn number(text: &str) -> Value {
    let beyond = || Decimal::from_billionths(text.parse::<i128>().unwrap() * 1_000_000_000);
    Value::Number(text.parse::<Decimal>().ok().or_else(beyond).unwrap())
}

/// `a.b[0].c`, shortly.
pub(crate) fn path(text: &str) -> Path {
    let steps = text.split('.').flat_map(|part| match part.split_once('[') {
        None => vec![Step::Key(part.into())],
        Some((key, index)) => {
            let index = index.trim_end_matches(']').parse().unwrap();
            vec![Step::Key(key.into()), Step::Index(index)]
        }
    });
    Path::new(steps.collect()).unwrap()
}

pub(crate) fn event(name: &str) -> Matcher {
    Matcher(vec![EventFilter { name: Some(name.into()), filter: None }])
}

pub(crate) fn event_where(name: &str, filter: Filter) -> Matcher {
    Matcher(vec![EventFilter { name: Some(name.into()), filter: Some(filter) }])
}

pub(crate) fn any_event() -> Matcher {
    Matcher(vec![EventFilter { name: None, filter: None }])
}

pub(crate) fn did(matcher: Matcher, windows: Vec<Window<PersonLeaf>>) -> Condition {
    did_times(matcher, windows, 1, None)
}

pub(crate) fn did_times(
    matcher: Matcher,
    windows: Vec<Window<PersonLeaf>>,
    least: u64,
    most: Option<u64>,
) -> Condition {
    let count = CountRange { least, most };
    Tree::Leaf(Predicate::Did(Occurrence { matcher, windows, count }))
}

pub(crate) fn is(subject: Expr<PersonLeaf>, check: Check<PersonLeaf>) -> Condition {
    Tree::Leaf(Predicate::Is(Test { subject, check }))
}

pub(crate) fn has_row(subject: Expr<RowLeaf>, check: Check<RowLeaf>) -> Filter {
    Tree::Leaf(Test { subject, check })
}

pub(crate) fn attribute(name: &str) -> Expr<PersonLeaf> {
    Expr::Leaf(PersonLeaf::Attribute { path: path(name), declared: None })
}

pub(crate) fn typed(name: &str, declared: Type) -> Expr<PersonLeaf> {
    Expr::Leaf(PersonLeaf::Attribute { path: path(name), declared: Some(declared) })
}

pub(crate) fn property(name: &str) -> Expr<RowLeaf> {
    Expr::Leaf(RowLeaf::Property { path: path(name), declared: None })
}

pub(crate) fn lit<L>(value: impl Into<Value>) -> Expr<L> {
    Expr::Literal(value.into())
}

pub(crate) fn aggregate(
    function: Function,
    matcher: Matcher,
    value: Option<Expr<RowLeaf>>,
    windows: Vec<Window<PersonLeaf>>,
) -> Expr<PersonLeaf> {
    Expr::Leaf(PersonLeaf::Aggregate(Box::new(Aggregate {
        function,
        matcher,
        items: None,
        value,
        windows,
    })))
}

pub(crate) fn op<L>(operator: Operator, left: Expr<L>, right: Expr<L>) -> Expr<L> {
    Expr::Arithmetic { operator, left: Box::new(left), right: Box::new(right) }
}

pub(crate) fn since_point<L>(unit: Unit, point: Point<L>) -> Expr<L> {
    since_in(unit, point, Zone::UTC)
}

pub(crate) fn since_in<L>(unit: Unit, point: Point<L>, zone: Zone) -> Expr<L> {
    Expr::Elapsed { unit, direction: Direction::Since, point: Box::new(point), zone: zone.into() }
}

pub(crate) fn day(text: &str) -> Point<PersonLeaf> {
    day_in(text, &Zone::UTC)
}

pub(crate) fn day_in(text: &str, zone: &Zone) -> Point<PersonLeaf> {
    let date = date(text);
    Point::Day { date, start: zone.start_of(date), end: zone.start_of(date.plus_days(1)) }
}

pub(crate) fn anchor(which: Which, name: &str) -> Point<PersonLeaf> {
    Point::Anchor(which, event(name))
}

pub(crate) fn from<L>(point: Point<L>, included: bool) -> Window<L> {
    Window::Range { from: Some(Edge { point, included }), to: None }
}

pub(crate) fn upto<L>(point: Point<L>, included: bool) -> Window<L> {
    Window::Range { from: None, to: Some(Edge { point, included }) }
}

pub(crate) fn compare(comparison: Comparison, other: impl Into<Value>) -> Check<PersonLeaf> {
    Check::Compare(comparison, lit(other))
}
