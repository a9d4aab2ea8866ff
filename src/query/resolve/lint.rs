//! What is odd about a text and stops nothing.

use super::leaf::Leaf;
use super::{Kinds, Resolver, Typed};
use crate::lang::tree::{self, Bound, Condition, Predicate, ValueKind, WindowKind};
use crate::lang::{Code, Span};
use crate::model::{Kind, Text, Value, agreeing, counted, grouped};
use crate::query::predicate::{CountRange, Expr};

impl Resolver<'_> {
    /// W205: stored values of another kind than the operator reads.
    pub(super) fn warn_of_other_kinds<L>(&mut self, typed: &Typed<L>, wanted: Kinds) {
        let Some(stored) = typed.stored.as_ref().filter(|stored| !stored.declared) else { return };
        let name = &stored.name;
        if wanted.and(Kinds::TIME) == wanted && wanted != Kinds::NONE {
            let kind = if wanted == Kinds::DATE { "date" } else { "instant" };
            let help = (!stored.declarable.is_empty())
                .then(|| format!("declare what it is: `declare {}: {kind}`", stored.declarable));
            let message = format!(
                "`{name}` has no declared type, so nothing of it is read as {}",
                wanted.words()
            );
            return self.warn(Code::OtherKind, typed.span, message, help);
        }
        if let Some((n, kind)) = stored.unread(wanted) {
            let message = format!(
                "{} of `{name}` {} {}",
                counted(n, "value", "values"),
                agreeing(n, "is", "are"),
                noun(n, kind)
            );
            let help = format!("this reads {}; the others are missing to it", wanted.words());
            self.warn(Code::OtherKind, typed.span, message, Some(help));
        }
    }

    /// W201: what is unknown is left out by `!=` and `not one of`.
    pub(super) fn warn_of_missing<L>(&mut self, typed: &Typed<L>, operator: &str) {
        let Some(stored) = &typed.stored else { return };
        let name = &stored.name;
        let message = match (stored.n_without(), &stored.among) {
            (Some(0), _) => return,
            (Some(n), Some((event, all))) => format!(
                "{} of {} `{event}` {} {} no `{name}`; `{operator}` excludes {}",
                grouped(n),
                grouped(*all),
                agreeing(*all, "event", "events"),
                agreeing(n, "has", "have"),
                agreeing(n, "it", "them")
            ),
            _ => format!("whoever has no `{name}` is excluded by `{operator}`"),
        };
        let help = "to count them in, put `not` before a test for equality".to_owned();
        self.warn(Code::MissingUnderNotEqual, typed.span, message, Some(help));
    }

    /// W202: nothing equals what is missing.
    pub(super) fn warn_of_missing_literal<L: Leaf>(&mut self, other: &Typed<L>) {
        if matches!(other.expr, Expr::Literal(Value::Null)) {
            let message = "a comparison with `missing` is never true".to_owned();
            let help = Some("write `is unknown` or `is known`".to_owned());
            self.warn(Code::AlwaysOrNever, other.span, message, help);
        }
    }

    /// W204: a window that hangs on an event which may not be there.
    pub(super) fn warn_of_absence(&mut self, occurrence: &tree::Occurrence, range: CountRange) {
        if !range.contains(0) {
            return;
        }
        for (name, span) in
            occurrence.windows.iter().filter_map(|placing| anchor_of(&placing.window))
        {
            if self.guards.contains(&name) {
                continue;
            }
            let message = format!("this also holds for whoever never did `{name}`");
            let help = Some(format!("if that is not meant, add `and did {name}`"));
            self.warn(Code::UnguardedAbsence, span, message, help);
        }
    }
}

/// The events that must have happened where all of these conditions hold.
pub(super) fn guards(conditions: &[Condition]) -> Vec<Text> {
    conditions
        .iter()
        .flat_map(|condition| match condition {
            Condition::Predicate(predicate, _) => guard(predicate),
            _ => Vec::new(),
        })
        .collect()
}

fn guard(predicate: &Predicate) -> Vec<Text> {
    match predicate {
        Predicate::Did { negated: false, never: false, occurrence } => {
            let counted = occurrence.times.as_ref().is_none_or(|times| {
                super::occurrence::range_of(times.amount).is_some_and(|range| range.least > 0)
            });
            if counted { surely(&occurrence.subject) } else { Vec::new() }
        }
        Predicate::Is(value, tree::Test::Compare(..) | tree::Test::Between(..)) => {
            match &value.kind {
                ValueKind::Elapsed(_, _, bound) => {
                    anchored(bound).map(|(name, _)| name).into_iter().collect()
                }
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

/// The events that have surely happened where this has.
fn surely(subject: &tree::Subject) -> Vec<Text> {
    match subject {
        tree::Subject::Events(matcher) => single(matcher).into_iter().collect(),
        tree::Subject::Sequence(sequence) => {
            let steps = sequence.steps.iter().map(|step| &step.matcher);
            std::iter::once(&sequence.first).chain(steps).filter_map(single).collect()
        }
        tree::Subject::Combination(combination) => match combination.needed {
            None => combination.events.iter().map(|event| event.name.node.clone()).collect(),
            Some(_) => Vec::new(),
        },
    }
}

fn anchor_of(window: &tree::Window) -> Option<(Text, Span)> {
    match &window.kind {
        WindowKind::Since(bound)
        | WindowKind::Until(bound)
        | WindowKind::Before(bound)
        | WindowKind::After(bound) => anchored(bound).map(|(name, _)| (name, window.span)),
        _ => None,
    }
}

fn anchored(bound: &Bound) -> Option<(Text, Span)> {
    match bound {
        Bound::First(matcher, span) | Bound::Last(matcher, span) => {
            single(matcher).map(|name| (name, *span))
        }
        _ => None,
    }
}

fn single(matcher: &tree::Matcher) -> Option<Text> {
    match matcher {
        tree::Matcher::Event(event) => Some(event.name.node.clone()),
        _ => None,
    }
}

fn noun(n: u64, kind: Kind) -> &'static str {
    match kind {
        Kind::Number if n == 1 => "a number",
        Kind::Object if n == 1 => "an object",
        Kind::Bool if n == 1 => "true or false",
        Kind::Number => "numbers",
        Kind::Object => "objects",
        Kind::List => "lists",
        Kind::Bool => "bools",
        other => other.name(),
    }
}
