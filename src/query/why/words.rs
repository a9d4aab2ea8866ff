//! Predicates in the language's words, for people who read a proof.

use super::super::predicate::{
    Aggregate, Check, Comparison, CountRange, Direction, Edge, EventFilter, Expr, Filter, Matcher,
    Occurrence, Operator, PersonLeaf, Place, Point, Predicate, RowLeaf, Side, Test, Tree, Which,
    Window,
};
use crate::model::{FixedUnit, Object, Value};

/// A predicate as the language writes it; names and texts are not escaped.
pub(super) fn predicate(predicate: &Predicate) -> String {
    match predicate {
        Predicate::Did(occurrence) => did(occurrence),
        Predicate::Is(test) => words_of_test(test),
        Predicate::InAudience(audience) => format!("in audience {}", audience.name),
        Predicate::Consent { purpose } => format!("consent for \"{purpose}\""),
    }
}

fn did(occurrence: &Occurrence) -> String {
    let Occurrence { matcher, windows, count } = occurrence;
    match *count {
        CountRange::SOME => format!("did {}{}", events(matcher), within(windows)),
        CountRange::NONE => format!("did not {}{}", events(matcher), within(windows)),
        count => format!("did {} {}{}", events(matcher), times(count), within(windows)),
    }
}

fn times(count: CountRange) -> String {
    match count {
        CountRange { least, most: Some(most) } if least == most => format!("exactly {least} times"),
        CountRange { least, most: None } => format!("at least {least} times"),
        CountRange { least: 0, most: Some(most) } => format!("at most {most} times"),
        CountRange { least, most: Some(most) } => format!("between {least} and {most} times"),
    }
}

fn events(matcher: &Matcher) -> String {
    match &matcher.0[..] {
        [one] => event(one),
        many => format!("any of ({})", joined(many.iter().map(event), ", ")),
    }
}

fn event(filter: &EventFilter) -> String {
    let name = filter.name.as_deref().unwrap_or("any event");
    match &filter.filter {
        Some(filter) => format!("{name} where ({})", inside(filter)),
        None => name.to_owned(),
    }
}

fn inside(filter: &Filter) -> String {
    match filter {
        Tree::All(parts) => joined(parts.iter().map(nested), " and "),
        Tree::Any(parts) => joined(parts.iter().map(nested), " or "),
        Tree::Not(inner) => format!("not {}", nested(inner)),
        Tree::Leaf(test) => words_of_test(test),
    }
}

fn nested(filter: &Filter) -> String {
    match filter {
        Tree::Leaf(_) | Tree::Not(_) => inside(filter),
        Tree::All(_) | Tree::Any(_) => format!("({})", inside(filter)),
    }
}

fn words_of_test<L: Words>(test: &Test<L>) -> String {
    format!("{} {}", expr(&test.subject), check(&test.check))
}

fn check<L: Words>(check: &Check<L>) -> String {
    match check {
        Check::Compare(comparison, other) => format!("{} {}", sign(*comparison), expr(other)),
        Check::Known(true) => "is known".to_owned(),
        Check::Known(false) => "is unknown".to_owned(),
        Check::OneOf { values, negated } => {
            let not = if *negated { "not " } else { "" };
            format!("{not}one of ({})", joined(values.iter().map(value), ", "))
        }
        Check::Between(low, high) => format!("between {} and {}", expr(low), expr(high)),
        Check::Text { place, part, ignoring_case } => {
            let ignoring = if *ignoring_case { " ignoring case" } else { "" };
            format!("{} {}{ignoring}", standing(*place), expr(part))
        }
        Check::Has { elements, all } => {
            let which = if *all { "all" } else { "any" };
            format!("has {which} of ({})", joined(elements.iter().map(expr), ", "))
        }
        Check::During(window, _) => window_words(window),
    }
}

/// A leaf that can be written.
trait Words {
    fn words(&self) -> String;
}

impl Words for PersonLeaf {
    fn words(&self) -> String {
        match self {
            PersonLeaf::Attribute { path, .. } => path.to_string(),
            PersonLeaf::GroupId => "group_id".to_owned(),
            PersonLeaf::UserId => "user_id".to_owned(),
            PersonLeaf::FirstSeen => "first_seen".to_owned(),
            PersonLeaf::LastSeen => "last_seen".to_owned(),
            PersonLeaf::Aggregate(of) => aggregate(of),
        }
    }
}

impl Words for RowLeaf {
    fn words(&self) -> String {
        match self {
            RowLeaf::Property { path, .. } => path.to_string(),
            RowLeaf::Enclosing { path, .. } => format!("event.{path}"),
            RowLeaf::Element { .. } => "element".to_owned(),
            RowLeaf::Context { path } => format!("context.{path}"),
            RowLeaf::When => "when".to_owned(),
            RowLeaf::Received => "call.received".to_owned(),
            RowLeaf::Channel => "call.channel".to_owned(),
            RowLeaf::Source => "call.source".to_owned(),
            RowLeaf::CallType => "call.type".to_owned(),
            RowLeaf::Person(leaf) => format!("profile.{}", leaf.words()),
        }
    }
}

/// The filter of an aggregate stands behind the value.
fn aggregate(of: &Aggregate) -> String {
    let items = of.items.iter().map(|path| format!(".{path}")).collect::<String>();
    let value = match &of.value {
        Some(Expr::Leaf(RowLeaf::Element { .. })) | None => String::new(),
        Some(Expr::Leaf(RowLeaf::Property { path, .. })) => format!(".{path}"),
        Some(value) => format!(": {}", expr(value)),
    };
    let (stream, filter) = match &of.matcher.0[..] {
        [EventFilter { name: Some(name), filter }] => (name.to_string(), filter.as_ref()),
        _ => (events(&of.matcher), None),
    };
    let filter = filter.map(|filter| format!(" where ({})", inside(filter))).unwrap_or_default();
    format!("{}({stream}{items}{value}{filter}{})", of.function.name(), within(&of.windows))
}

fn expr<L: Words>(of: &Expr<L>) -> String {
    match of {
        Expr::Leaf(leaf) => leaf.words(),
        Expr::Literal(literal) => value(literal),
        Expr::Arithmetic { operator, left, right } => {
            let sign = match operator {
                Operator::Add => "+",
                Operator::Subtract => "-",
                Operator::Multiply => "*",
                Operator::Divide => "/",
            };
            format!("{} {sign} {}", operand(left), operand(right))
        }
        Expr::Negative(inner) => format!("-{}", operand(inner)),
        Expr::Coalesce(parts) => format!("coalesce({})", joined(parts.iter().map(expr), ", ")),
        Expr::Elapsed { unit, direction, point: of, .. } => {
            let direction = match direction {
                Direction::Since => "since",
                Direction::Until => "until",
            };
            format!("{}s {direction} {}", unit.name(), point(of))
        }
    }
}

fn operand<L: Words>(of: &Expr<L>) -> String {
    match of {
        Expr::Arithmetic { .. } | Expr::Elapsed { .. } => format!("({})", expr(of)),
        _ => expr(of),
    }
}

fn within<L: Words>(windows: &[Window<L>]) -> String {
    windows.iter().map(|window| format!(" {}", window_words(window))).collect()
}

fn window_words<L: Words>(window: &Window<L>) -> String {
    match window {
        Window::Last { ms } => format!("in last {}", length(*ms)),
        Window::Next { ms } => format!("in next {}", length(*ms)),
        Window::Ago { from_ms, to_ms } => {
            let (unit_ms, unit) = unit_of(&[*from_ms, *to_ms]);
            format!("between {} and {} {unit}s ago", from_ms / unit_ms, to_ms / unit_ms)
        }
        Window::Range { from, to } => {
            let ends = [edge(from, "since", "after"), edge(to, "until", "before")];
            joined(ends.into_iter().flatten(), " ")
        }
        Window::Within { ms, side, point: of, .. } => {
            let side = match side {
                Side::After => "after",
                Side::Before => "before",
                Side::Either => "of",
            };
            format!("within {} {side} {}", length(*ms), point(of))
        }
    }
}

fn edge<L: Words>(edge: &Option<Edge<L>>, included: &str, left_out: &str) -> Option<String> {
    let word =
        |edge: &Edge<L>| if edge.included { included.to_owned() } else { left_out.to_owned() };
    edge.as_ref().map(|edge| format!("{} {}", word(edge), point(&edge.point)))
}

fn point<L: Words>(of: &Point<L>) -> String {
    match of {
        Point::Instant(instant) => instant.to_string(),
        Point::Day { date, .. } => date.to_string(),
        Point::Anchor(Which::First, matcher) => format!("first {}", events(matcher)),
        Point::Anchor(Which::Last, matcher) => format!("last {}", events(matcher)),
        Point::Value(of, _) => expr(of),
    }
}

/// The largest unit, up to a day, of which every length is a whole number.
fn unit_of(lengths_ms: &[i64]) -> (i64, &'static str) {
    [FixedUnit::Day, FixedUnit::Hour, FixedUnit::Minute, FixedUnit::Second]
        .into_iter()
        .find(|unit| lengths_ms.iter().all(|ms| ms % unit.ms() == 0))
        .map_or((1, "millisecond"), |unit| (unit.ms(), crate::model::Unit::Fixed(unit).name()))
}

fn length(ms: i64) -> String {
    let (unit_ms, unit) = unit_of(&[ms]);
    let count = ms / unit_ms;
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "!=",
        Comparison::Less => "<",
        Comparison::AtMost => "<=",
        Comparison::Greater => ">",
        Comparison::AtLeast => ">=",
    }
}

fn standing(place: Place) -> &'static str {
    match place {
        Place::Anywhere => "contains",
        Place::Start => "starts with",
        Place::End => "ends with",
    }
}

/// A value as a proof shows it.
pub(super) fn value(of: &Value) -> String {
    match of {
        Value::Null => "missing".to_owned(),
        Value::Bool(is) => is.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Digits(digits) => digits.to_string(),
        Value::Text(text) => format!("\"{text}\""),
        Value::Instant(instant) => instant.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Duration(ms) => length(*ms),
        Value::List(elements) => format!("({})", joined(elements.iter().map(value), ", ")),
        Value::Object(object) => fields(object),
    }
}

fn fields(object: &Object) -> String {
    let fields = object.iter().map(|(key, field)| format!("{key}: {}", value(field)));
    format!("{{{}}}", joined(fields, ", "))
}

fn joined(parts: impl Iterator<Item = String>, between: &str) -> String {
    parts.collect::<Vec<_>>().join(between)
}
