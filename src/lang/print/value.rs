//! Values, with the parentheses that they need.

use super::condition::{condition, filter, matcher};
use super::name::{accessors, ident, name, path, text};
use super::window::{bound, length, window};
use crate::lang::parser::{AGGREGATES, MONTHS};
use crate::lang::tree::{
    Aggregate, Bound, Direction, Function, Literal, Matcher, Operator, Stream, Value, ValueKind,
};
use crate::model::Decimal;

pub(super) fn value(value: &Value) -> String {
    match &value.kind {
        ValueKind::Literal(it) => literal(it),
        ValueKind::Path(it) => path(it),
        ValueKind::Arithmetic(operator, left, right) => arithmetic(*operator, left, right),
        ValueKind::Negative(inner) => format!("-{}", negated(inner)),
        ValueKind::Aggregate(it) => aggregate(it),
        ValueKind::Call(name, arguments) => {
            let arguments: Vec<String> = arguments.iter().map(self::value).collect();
            format!("{}({})", called(&name.node), arguments.join(", "))
        }
        ValueKind::Elapsed(unit, direction, since) => {
            let direction = match direction {
                Direction::Since => "since",
                Direction::Until => "until",
            };
            format!("{}s {direction} {}", unit.name(), bound(since))
        }
        ValueKind::Parameter(name) => format!("${}", name.node),
        ValueKind::Choice(it) => {
            let [then, otherwise] = [&it.then, &it.otherwise].map(self::value);
            format!("if {} then {then} else {otherwise}", condition(&it.condition))
        }
    }
}

/// The name of a function, which in backticks is not one of the language's own.
fn called(name: &str) -> String {
    let is = |known: &str| known.eq_ignore_ascii_case(name);
    let own = AGGREGATES.iter().any(|(known, _)| is(known));
    if own { format!("`{name}`") } else { ident(name) }
}

/// Operators group from the left: an operand on the right needs parentheses
/// also where it binds as strongly.
fn arithmetic(operator: Operator, left: &Value, right: &Value) -> String {
    let sign = match operator {
        Operator::Add => "+",
        Operator::Subtract => "-",
        Operator::Multiply => "*",
        Operator::Divide => "/",
    };
    let left = parenthesised(left, strength(left) < strength_of(operator));
    let right = parenthesised(right, strength(right) <= strength_of(operator));
    format!("{left} {sign} {right}")
}

fn parenthesised(value: &Value, needed: bool) -> String {
    let printed = self::value(value);
    if needed { format!("({printed})") } else { printed }
}

fn strength_of(operator: Operator) -> u8 {
    match operator {
        Operator::Add | Operator::Subtract => 1,
        Operator::Multiply | Operator::Divide => 2,
    }
}

fn strength(value: &Value) -> u8 {
    match &value.kind {
        // Its last value reaches as far as it can.
        ValueKind::Choice(_) => 0,
        ValueKind::Arithmetic(operator, ..) => strength_of(*operator),
        _ => 3,
    }
}

/// What follows a minus: a number there would become a literal, two minus signs a comment.
fn negated(value: &Value) -> String {
    let parted = matches!(
        &value.kind,
        ValueKind::Literal(Literal::Number(_))
            | ValueKind::Negative(_)
            | ValueKind::Arithmetic(..)
            | ValueKind::Choice(_)
    );
    parenthesised(value, parted)
}

pub(super) fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Number(number) => number.to_string(),
        Literal::Percent(part) => percent(*part),
        Literal::Text(it) => text(it),
        Literal::Bool(it) => it.to_string(),
        Literal::Missing => "missing".to_owned(),
        Literal::Date(day) => day.to_string(),
        Literal::Timestamp(at) => at.to_string(),
        Literal::Duration(it) => length(it),
        Literal::Month(number) => {
            let place = usize::from(*number).clamp(1, 12) - 1;
            MONTHS[place].to_owned()
        }
    }
}

/// A share of one as so many hundredths.
pub(super) fn percent(share: Decimal) -> String {
    format!("{}%", hundredfold(share))
}

fn hundredfold(part: Decimal) -> Decimal {
    part.checked_mul(Decimal::from(100)).unwrap_or(part)
}

fn aggregate(it: &Aggregate) -> String {
    let mut inside = match &it.stream {
        Stream::Event { name: event, path } => {
            name(&event.node) + &accessors(path.iter().map(|accessor| &accessor.node))
        }
        Stream::Union(events) => matcher(events),
    };
    if let Some(per_row) = &it.value {
        // Its last event would take the filter of the aggregate for its own.
        let open = it.filter.is_some() && ends_in_open_event(per_row);
        inside += &format!(": {}", parenthesised(per_row, open));
    }
    if let Some(condition) = &it.filter {
        inside += &filter(condition);
    }
    if let Some(when) = &it.window {
        inside += &format!(" {}", window(when));
    }
    if let Some(constant) = &it.half_life {
        inside += &format!(", {}", literal(&constant.node));
    }
    format!("{}({inside})", function(it.function.node))
}

/// Whether a `where` behind the value would be read as part of it.
fn ends_in_open_event(value: &Value) -> bool {
    let last = match &value.kind {
        ValueKind::Arithmetic(operator, _, right) => {
            return strength(right) > strength_of(*operator) && ends_in_open_event(right);
        }
        ValueKind::Negative(inner) => return ends_in_open_event(inner),
        ValueKind::Choice(choice) => return ends_in_open_event(&choice.otherwise),
        ValueKind::Elapsed(_, _, Bound::First(event, _) | Bound::Last(event, _)) => event,
        _ => return false,
    };
    match &**last {
        Matcher::Event(event) => event.filter.is_none(),
        Matcher::AnyEvent(filter, _) => filter.is_none(),
        Matcher::AnyOf(..) => false,
    }
}

fn function(function: Function) -> &'static str {
    let named = AGGREGATES.iter().find(|(_, known)| *known == function);
    named.map(|(name, _)| *name).expect("the table names every function")
}
