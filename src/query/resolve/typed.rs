//! A resolved value with what is known of its kind.

use super::{Kinds, Money, Motion};
use crate::lang::Span;
use crate::model::{Date, Kind, Step, Text, Value};
use crate::query::catalog::{KINDS, Seen, Shape};
use crate::query::predicate::Expr;

/// An expression, the kinds that it may have, and what facts say of it.
#[derive(Clone, Debug)]
pub(super) struct Typed<L> {
    /// The expression.
    pub(super) expr: Expr<L>,
    /// What it may be.
    pub(super) kinds: Kinds,
    /// What the elements may be if it is a list.
    pub(super) elements: Kinds,
    /// How it moves as time passes and nothing happens.
    pub(super) motion: Motion,
    /// Of which currency it is.
    pub(super) money: Money,
    /// Where it stands.
    pub(super) span: Span,
    /// The stored values that it reads, if it is a name of such.
    pub(super) stored: Option<Stored>,
}

/// Stored values under one name.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    /// The name as it is shown: `order.total`.
    pub(super) name: String,
    /// The name as a declaration writes it: `event order.total`.
    pub(super) declarable: String,
    /// Whether a declaration gives it a type.
    pub(super) declared: bool,
    /// How many values of each kind were seen.
    pub(super) seen: Option<Seen>,
    /// Of how many events, where it is a property.
    pub(super) among: Option<(Text, u64)>,
    /// What of them are lists.
    pub(super) lists: Lists,
}

/// What a stored value is where it, or what stands on the way to it, is a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lists {
    /// What was seen is what is read.
    AsSeen,
    /// The way leads through lists, of which there are so many: each of them
    /// gives a list of what was seen.
    Through(u64),
    /// One element at a time is read, as in aggregates.
    Spread,
}

impl<L> Typed<L> {
    /// A computed value of these kinds.
    pub(super) fn new(expr: Expr<L>, kinds: Kinds, span: Span) -> Typed<L> {
        let (elements, motion) = (Kinds::UNDECLARED, Motion::Still);
        Typed { expr, kinds, elements, motion, money: Money::Plain, span, stored: None }
    }

    /// The same value with this motion.
    pub(super) fn moving(mut self, motion: Motion) -> Typed<L> {
        self.motion = motion;
        self
    }

    /// The same value, an amount of this currency.
    pub(super) fn of_currency(mut self, money: Money) -> Typed<L> {
        self.money = money;
        self
    }

    /// The same value of another leaf.
    pub(super) fn with<M>(self, expr: Expr<M>) -> Typed<M> {
        let Typed { kinds, elements, motion, money, span, stored, .. } = self;
        Typed { expr, kinds, elements, motion, money, span, stored }
    }
}

impl Lists {
    /// Of a path in a shape, of which the first keys lead to where it is read from.
    pub(super) fn of(shape: &Shape, steps: &[Step], from: usize) -> Lists {
        if matches!(steps.last(), Some(Step::Index(_))) {
            return Lists::Spread;
        }
        let lists_at = |n: usize| {
            let is_picked =
                matches!(steps[n], Step::Index(_)) || matches!(steps[n - 1], Step::Index(_));
            let n = shape.at(&steps[..n]).map_or(0, |seen| seen.of_kind(Kind::List));
            (!is_picked && n > 0).then_some(n)
        };
        (from + 1..steps.len()).find_map(lists_at).map_or(Lists::AsSeen, Lists::Through)
    }
}

impl Stored {
    /// How many values are of a kind that these do not read, and which kind most of them are.
    pub(super) fn unread(&self, kinds: Kinds) -> Option<(u64, Kind)> {
        if matches!(self.lists, Lists::Through(_)) {
            return None;
        }
        let seen = self.seen.as_ref()?;
        let others: Vec<(Kind, u64)> = seen
            .kinds()
            .into_iter()
            .filter(|(kind, _)| !kinds.reads(*kind) && *kind != Kind::List)
            .collect();
        let total = others.iter().map(|(_, n)| n).sum();
        others.first().map(|(kind, _)| (total, *kind))
    }

    /// How many values are lists.
    pub(super) fn n_lists(&self) -> Option<u64> {
        let n = match self.lists {
            Lists::AsSeen => self.seen.as_ref()?.of_kind(Kind::List),
            Lists::Through(n) => n,
            Lists::Spread => 0,
        };
        (n > 0).then_some(n)
    }

    /// Whether a declared type may not read some of the values, as far as
    /// counting by kinds can say.
    pub(super) fn may_be_unread(&self, kinds: Kinds) -> bool {
        let Some(seen) = &self.seen else { return false };
        seen.kinds().iter().any(|(kind, _)| *kind != Kind::List && !kinds.reads(*kind))
            || KINDS.iter().any(|kind| seen.elements_of_kind(*kind) > 0 && !kinds.reads(*kind))
    }

    /// The same values, lists taken element by element.
    pub(super) fn spread(mut self) -> Stored {
        self.lists = Lists::Spread;
        self
    }

    /// Whether the texts that were seen are dates.
    pub(super) fn looks_dated(&self) -> bool {
        let is_date =
            |value: &Value| matches!(value, Value::Text(text) if text.parse::<Date>().is_ok());
        let examples = self.seen.as_ref().map_or(&[][..], Seen::examples);
        !examples.is_empty() && examples.iter().all(is_date)
    }

    /// How many events have no value of it.
    pub(super) fn n_without(&self) -> Option<u64> {
        let (_, n_events) = self.among.as_ref()?;
        Some(n_events.saturating_sub(self.seen.as_ref().map_or(0, Seen::count)))
    }
}
