//! Conditions, with parentheses and noise words where they belong.

use super::name::{name, text};
use super::pattern::{combination, sequence};
use super::rank::rank;
use super::value::{literal, value};
use super::window::window;
use crate::lang::Spanned;
use crate::lang::tree::{
    Amount, Binds, Comparison, Condition, Event, Literal, Matcher, Member, Occurrence, People,
    Place, Predicate, Quantifier, Subject, Test, Value, ValueKind,
};
use crate::model::agreeing;

/// People; `gap` stands before each further conjunct: a space, or a line of its own.
pub(super) fn people(people: &People, gap: &str) -> String {
    let Some(condition) = &people.condition else { return "everyone".to_owned() };
    let condition = match condition {
        Condition::And(all, _) => joined(all, &format!("{gap}and ")),
        Condition::Or(all, _) => joined(all, &format!("{gap}or ")),
        other => self::condition(other),
    };
    format!("people {}{condition}", noise(people.condition.as_ref()))
}

/// What makes the first predicate a sentence.
fn noise(condition: Option<&Condition>) -> &'static str {
    match condition {
        Some(Condition::And(all, _) | Condition::Or(all, _)) => match all.first() {
            // What stands in parentheses begins no sentence.
            Some(Condition::And(..) | Condition::Or(..)) | None => "",
            first => noise(first),
        },
        Some(Condition::Predicate(predicate, _)) => match predicate {
            Predicate::Did { .. } => "who ",
            Predicate::Consent { .. } => "who have ",
            Predicate::Is(..) => "whose ",
            Predicate::Member(_) => "",
        },
        _ => "",
    }
}

pub(super) fn condition(condition: &Condition) -> String {
    match condition {
        Condition::And(all, _) => joined(all, " and "),
        Condition::Or(all, _) => joined(all, " or "),
        Condition::Not(inner, _) => format!("not {}", operand(inner)),
        Condition::Quantified(quantifier, all, _) => {
            let quantifier = match quantifier {
                Quantifier::All => "all",
                Quantifier::Any => "any",
                Quantifier::None => "none",
            };
            let all: Vec<String> = all.iter().map(self::condition).collect();
            format!("{quantifier} of ({})", all.join(", "))
        }
        Condition::Predicate(it, _) => predicate(it),
    }
}

fn joined(all: &[Condition], joint: &str) -> String {
    all.iter().map(operand).collect::<Vec<_>>().join(joint)
}

fn operand(condition: &Condition) -> String {
    let printed = self::condition(condition);
    match condition {
        Condition::And(..) | Condition::Or(..) => format!("({printed})"),
        _ => printed,
    }
}

fn predicate(predicate: &Predicate) -> String {
    match predicate {
        Predicate::Did { negated, never, occurrence } => {
            let did = match (never, negated) {
                (true, _) => "never did",
                (false, true) => "did not",
                (false, false) => "did",
            };
            format!("{did} {}", self::occurrence(occurrence))
        }
        Predicate::Member(Member::Audience(audience)) => {
            format!("in audience {}", name(&audience.node))
        }
        Predicate::Member(Member::Rank(it)) => rank(it),
        Predicate::Consent { negated, purpose } => {
            let no = if *negated { "no " } else { "" };
            format!("{no}consent for {}", text(&purpose.node))
        }
        Predicate::Is(subject, check) => format!("{} {}", tested(subject), test(check)),
    }
}

/// What is tested: the last value of a choice would look as if it alone were.
fn tested(subject: &Value) -> String {
    let printed = value(subject);
    if matches!(subject.kind, ValueKind::Choice(_)) { format!("({printed})") } else { printed }
}

fn occurrence(occurrence: &Occurrence) -> String {
    let mut printed = subject(&occurrence.subject);
    if let Some(count) = &occurrence.times {
        printed += &format!(" {}", amount(count.amount));
    }
    for placing in &occurrence.windows {
        let binds = match placing.binds {
            Binds::Each => "",
            Binds::First => "starting ",
            Binds::Last => "ending ",
        };
        printed += &format!(" {binds}{}", window(&placing.window));
    }
    printed
}

fn subject(subject: &Subject) -> String {
    match subject {
        Subject::Events(events) => matcher(events),
        Subject::Sequence(it) => sequence(it),
        Subject::Combination(it) => combination(it),
    }
}

fn amount(amount: Amount) -> String {
    let times = |words: &str, n: u64| format!("{words} {n} {}", agreeing(n, "time", "times"));
    match amount {
        Amount::Exactly(1) => "once".to_owned(),
        Amount::Exactly(2) => "twice".to_owned(),
        Amount::Exactly(n) => times("exactly", n),
        Amount::AtLeast(n) => times("at least", n),
        Amount::AtMost(n) => times("at most", n),
        Amount::MoreThan(n) => times("more than", n),
        Amount::FewerThan(n) => times("fewer than", n),
        Amount::Between(from, to) => format!("between {from} and {to} times"),
    }
}

pub(super) fn matcher(matcher: &Matcher) -> String {
    match matcher {
        Matcher::Event(it) => event(it),
        Matcher::AnyEvent(condition, _) => {
            format!("any event{}", condition.as_deref().map(filter).unwrap_or_default())
        }
        Matcher::AnyOf(events, _) => {
            let events: Vec<String> = events.iter().map(event).collect();
            format!("any of ({})", events.join(", "))
        }
    }
}

pub(super) fn event(event: &Event) -> String {
    name(&event.name.node) + &event.filter.as_deref().map(filter).unwrap_or_default()
}

/// ` where (...)`.
pub(super) fn filter(condition: &Condition) -> String {
    format!(" where ({})", self::condition(condition))
}

fn test(test: &Test) -> String {
    match test {
        Test::Compare(comparison, other) => format!("{} {}", sign(*comparison), value(other)),
        Test::Known(true) => "is known".to_owned(),
        Test::Known(false) => "is unknown".to_owned(),
        Test::Between(low, high) => format!("between {} and {}", value(low), value(high)),
        Test::OneOf { negated, values } => {
            format!("{}one of {}", if *negated { "not " } else { "" }, literals(values))
        }
        Test::Has(element) => format!("has {}", value(element)),
        Test::HasOf { all, values } => {
            format!("has {} of {}", if *all { "all" } else { "any" }, literals(values))
        }
        Test::Text { place, part, ignoring_case } => {
            let place = match place {
                Place::Anywhere => "contains",
                Place::Start => "starts with",
                Place::End => "ends with",
            };
            let case = if *ignoring_case { " ignoring case" } else { "" };
            format!("{place} {}{case}", value(part))
        }
        Test::During(when) => window(when),
        Test::Matches(pattern) => format!("matches {}", pattern.node),
        Test::InCidr(network) => format!("in cidr {}", text(&network.node)),
        Test::Near { km, lat, lon } => {
            format!("within {} km of ({}, {})", km.node, lat.node, lon.node)
        }
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

pub(super) fn literals(values: &[Spanned<Literal>]) -> String {
    let values: Vec<String> = values.iter().map(|value| literal(&value.node)).collect();
    format!("({})", values.join(", "))
}
