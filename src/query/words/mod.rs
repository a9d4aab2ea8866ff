//! Resolved values, tests and windows in the language's own words.

mod calendar;
mod drawn;
mod pattern;
mod rank;
mod window;

pub(in crate::query) use pattern::pattern;
pub(in crate::query) use window::windows;

use crate::model::{Period, Value, agreeing};
use crate::query::predicate::{
    Aggregate, Asked, Check, Comparison, CountRange, Direction, EventFilter, Expr, Filter,
    Function, Matcher, Occurrence, Operator, PersonLeaf, Place, Predicate, RowLeaf, Test, Tree,
};
pub(in crate::query) use rank::{cut, rank};
use window::{length, point, window};

/// A predicate as the language writes it.
pub(in crate::query) fn predicate(predicate: &Predicate) -> String {
    match predicate {
        Predicate::Did(found) => occurrence(found),
        Predicate::Pattern(found) => pattern(found),
        Predicate::Is(found) => test(found),
        Predicate::InAudience(audience) => format!("in audience {}", quoted(&audience.name)),
        Predicate::Ranked(found) => rank(found),
        Predicate::Consent { purpose } => format!("consent for {purpose:?}"),
        Predicate::Drawn(draw) => drawn::words(draw),
        Predicate::Listed(list) => format!("in list {}", quoted(&list.name)),
    }
}

/// What is read, in words.
pub(in crate::query) trait InWords {
    fn words(&self) -> String;
}

impl InWords for PersonLeaf {
    fn words(&self) -> String {
        match self {
            PersonLeaf::Attribute { path, .. } => path.to_string(),
            PersonLeaf::GroupId => "group_id".to_owned(),
            PersonLeaf::UserId => "user_id".to_owned(),
            PersonLeaf::FirstSeen => "first_seen".to_owned(),
            PersonLeaf::LastSeen => "last_seen".to_owned(),
            PersonLeaf::Aggregate(aggregate) => aggregate_words(aggregate),
            PersonLeaf::Score(of) => format!("score({:?}, {})", of.model, of.version),
        }
    }
}

impl InWords for RowLeaf {
    fn words(&self) -> String {
        match self {
            RowLeaf::Property { path, .. } => path.to_string(),
            RowLeaf::Enclosing { path, .. } => format!("event.{path}"),
            RowLeaf::Element { .. } => "each".to_owned(),
            RowLeaf::Context { path } => format!("context.{path}"),
            RowLeaf::When => "when".to_owned(),
            RowLeaf::Local { of, .. } => format!("{} of when", of.name()),
            RowLeaf::Received => "call.received".to_owned(),
            RowLeaf::Channel => "call.channel".to_owned(),
            RowLeaf::Source => "call.source".to_owned(),
            RowLeaf::CallType => "call.type".to_owned(),
            RowLeaf::Person(leaf) => format!("profile.{}", leaf.words()),
        }
    }
}

pub(in crate::query) fn aggregate_words(aggregate: &Aggregate) -> String {
    let mut stream = matcher_names(&aggregate.matcher);
    let filters: Vec<_> = aggregate.matcher.0.iter().map(|event| event.filter.as_ref()).collect();
    let mut filter = filters.first().copied().and_then(filter_words).unwrap_or_default();
    if filters.windows(2).any(|pair| pair[0] != pair[1]) {
        (stream, filter) = (matcher(&aggregate.matcher), String::new());
    }
    if let Some(items) = &aggregate.items {
        stream = format!("{stream}.{items}");
    }
    let value = match &aggregate.value {
        None => String::new(),
        Some(_) if looks_at_events(aggregate) => String::new(),
        Some(Expr::Leaf(leaf)) if filters.len() == 1 && is_name_in_event(leaf) => {
            format!(".{}", leaf.words())
        }
        Some(Expr::Leaf(RowLeaf::Element { .. })) => String::new(),
        Some(value) => format!(": {}", expr(value)),
    };
    let windows = windows(&aggregate.windows);
    format!(
        "{}({stream}{value}{filter}{windows}{})",
        function_name(aggregate),
        half_life(aggregate)
    )
}

/// Whether the function speaks of when events happened, and of no value of theirs.
fn looks_at_events(aggregate: &Aggregate) -> bool {
    aggregate.function == Function::TypicalGap
        || matches!(&aggregate.value, Some(Expr::Leaf(RowLeaf::Local { .. })))
}

fn function_name(aggregate: &Aggregate) -> &'static str {
    match &aggregate.value {
        Some(Expr::Leaf(RowLeaf::Local { of: Period::Day, .. })) => "active_days",
        Some(Expr::Leaf(RowLeaf::Local { of: Period::Week, .. })) => "active_weeks",
        Some(Expr::Leaf(RowLeaf::Local { .. })) => "active_months",
        _ => aggregate.function.name(),
    }
}

fn half_life(aggregate: &Aggregate) -> String {
    match aggregate.function {
        Function::Decayed { half_life_ms } | Function::DecayedOrder { half_life_ms } => {
            format!(", {}", length(half_life_ms))
        }
        _ => String::new(),
    }
}

/// Whether a leaf is written behind the event's name and a dot.
fn is_name_in_event(leaf: &RowLeaf) -> bool {
    !matches!(leaf, RowLeaf::Enclosing { .. } | RowLeaf::Element { .. } | RowLeaf::Person(_))
}

pub(in crate::query) fn occurrence(occurrence: &Occurrence) -> String {
    let verb = if occurrence.count == CountRange::NONE { "did not" } else { "did" };
    let matcher = matcher(&occurrence.matcher);
    format!("{verb} {matcher}{}{}", count(occurrence.count), windows(&occurrence.windows))
}

fn count(range: CountRange) -> String {
    match (range.least, range.most) {
        (1, None) | (0, Some(0)) => String::new(),
        (least, None) => format!(" at least {least} times"),
        (0, Some(most)) => format!(" at most {most} {}", agreeing(most, "time", "times")),
        (1, Some(1)) => " once".to_owned(),
        (least, Some(most)) if least == most => format!(" exactly {least} times"),
        (least, Some(most)) => format!(" between {least} and {most} times"),
    }
}

pub(in crate::query) fn matcher(matcher: &Matcher) -> String {
    let events: Vec<String> = matcher.0.iter().map(event).collect();
    match events.as_slice() {
        [one] => one.clone(),
        _ => format!("any of ({})", events.join(", ")),
    }
}

fn event(filter: &EventFilter) -> String {
    let name = filter.name.as_ref().map_or("any event".to_owned(), |name| quoted(name));
    name + &filter_words(filter.filter.as_ref()).unwrap_or_default()
}

fn matcher_names(matcher: &Matcher) -> String {
    let names: Vec<String> = matcher
        .0
        .iter()
        .map(|event| event.name.as_ref().map_or("any event".to_owned(), |name| quoted(name)))
        .collect();
    match names.as_slice() {
        [one] => one.clone(),
        _ => format!("any of ({})", names.join(", ")),
    }
}

/// A name as the language writes it: in quotes where it is no plain word.
fn quoted(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    if plain { name.to_owned() } else { format!("{name:?}") }
}

fn filter_words(filter: Option<&Filter>) -> Option<String> {
    filter.map(|filter| format!(" where ({})", boolean(filter, &test)))
}

/// A tree on one line.
fn boolean<L>(tree: &Tree<L>, leaf: &dyn Fn(&L) -> String) -> String {
    let inner = |part: &Tree<L>| match part {
        Tree::All(_) | Tree::Any(_) => format!("({})", boolean(part, leaf)),
        _ => boolean(part, leaf),
    };
    match tree {
        Tree::All(parts) if parts.is_empty() => "always".to_owned(),
        Tree::Any(parts) if parts.is_empty() => "never".to_owned(),
        Tree::All(parts) => parts.iter().map(inner).collect::<Vec<_>>().join(" and "),
        Tree::Any(parts) => parts.iter().map(inner).collect::<Vec<_>>().join(" or "),
        Tree::Not(part) => format!("not {}", inner(part)),
        Tree::Leaf(found) => leaf(found),
    }
}

pub(in crate::query) fn test<L: InWords>(test: &Test<L>) -> String {
    let subject = match &test.subject {
        choice @ Expr::Choice(_) => operand(choice),
        other => expr(other),
    };
    match &test.check {
        Check::Compare(comparison, other) => {
            format!("{subject} {} {}", sign(*comparison), expr(other))
        }
        Check::Known(true) => format!("{subject} is known"),
        Check::Known(false) => format!("{subject} is unknown"),
        Check::OneOf { values, negated } => {
            let not = if *negated { "not " } else { "" };
            format!("{subject} {not}one of ({})", list(values.iter().map(value)))
        }
        Check::Between(from, to) => format!("{subject} between {} and {}", expr(from), expr(to)),
        Check::Text { place, part, ignoring_case } => {
            let case = if *ignoring_case { " ignoring case" } else { "" };
            format!("{subject} {} {}{case}", place_words(*place), expr(part))
        }
        Check::Has { elements, .. } if elements.len() == 1 => {
            format!("{subject} has {}", list(elements.iter().map(expr)))
        }
        Check::Has { elements, all } => {
            let elements = list(elements.iter().map(expr));
            format!("{subject} has {} of ({elements})", if *all { "all" } else { "any" })
        }
        Check::InList(list) => format!("{subject} in list {}", quoted(&list.name)),
        Check::During(during, _) => format!("{subject}{}", window(during)),
        Check::Matches(pattern) => format!("{subject} matches {pattern}"),
        Check::InNetwork(network) => format!("{subject} in cidr \"{network}\""),
        Check::Near { km, of } => {
            format!("{subject} within {km} km of ({}, {})", of.lat, of.lon)
        }
        Check::Version(all) => match all.as_slice() {
            [(Comparison::AtLeast, low), (Comparison::AtMost, high)] => {
                format!("{subject} between {} and {}", expr(low), expr(high))
            }
            all => {
                let each = |(how, other): &_| format!("{} {}", sign(*how), expr(other));
                format!("{subject} {}", all.iter().map(each).collect::<Vec<_>>().join(" and "))
            }
        },
    }
}

fn place_words(place: Place) -> &'static str {
    match place {
        Place::Anywhere => "contains",
        Place::Start => "starts with",
        Place::End => "ends with",
    }
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

pub(in crate::query) fn expr<L: InWords>(found: &Expr<L>) -> String {
    match found {
        Expr::Leaf(leaf) => leaf.words(),
        Expr::Literal(literal) => value(literal),
        Expr::Arithmetic { operator, left, right } => {
            let operator = match operator {
                Operator::Add => "+",
                Operator::Subtract => "-",
                Operator::Multiply => "*",
                Operator::Divide => "/",
            };
            format!("{} {operator} {}", operand(left), operand(right))
        }
        Expr::Negative(inner) => format!("-{}", operand(inner)),
        Expr::Coalesce(parts) => format!("coalesce({})", list(parts.iter().map(expr))),
        Expr::Elapsed { unit, direction, point: at, .. } => {
            let direction = match direction {
                Direction::Since => "since",
                Direction::Until => "until",
            };
            format!("{}s {direction} {}", unit.name(), point(at))
        }
        Expr::Call { function, of, .. } => format!("{}({})", function.name(), expr(of)),
        Expr::Choice(choice) => {
            let condition = boolean(&choice.condition, &asked);
            format!("if {condition} then {} else {}", expr(&choice.then), expr(&choice.otherwise))
        }
    }
}

fn asked<L: InWords>(asked: &Asked<L>) -> String {
    match asked {
        Asked::Is(found) => test(found),
        Asked::Person(found) => predicate(found),
    }
}

fn operand<L: InWords>(found: &Expr<L>) -> String {
    match found {
        Expr::Arithmetic { .. } | Expr::Negative(_) | Expr::Choice(_) => {
            format!("({})", expr(found))
        }
        _ => expr(found),
    }
}

/// A value as the language writes it.
pub(in crate::query) fn value(found: &Value) -> String {
    match found {
        Value::Null => "missing".to_owned(),
        Value::Bool(bool) => bool.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Digits(digits) => digits.to_string(),
        Value::Text(text) => format!("{text:?}"),
        Value::Instant(at) => at.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Duration(ms) => length(*ms),
        Value::List(values) => format!("({})", list(values.iter().map(value))),
        Value::Object(object) => {
            let fields = object.iter().map(|(key, field)| format!("{key}: {}", value(field)));
            format!("{{{}}}", list(fields))
        }
    }
}

fn list(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}
