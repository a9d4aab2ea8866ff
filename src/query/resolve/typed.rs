//! A resolved value with what is known of its kind.

use super::{Kinds, Money, Motion};
use crate::lang::Span;
use crate::model::{Date, Kind, Text, Value};
use crate::query::catalog::Seen;
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

impl Stored {
    /// How many values are of a kind that these do not read, and which kind most of them are.
    pub(super) fn unread(&self, kinds: Kinds) -> Option<(u64, Kind)> {
        let seen = self.seen.as_ref()?;
        let others: Vec<(Kind, u64)> = seen
            .kinds()
            .into_iter()
            .filter(|(kind, _)| !kinds.reads(*kind) && *kind != Kind::List)
            .collect();
        let total = others.iter().map(|(_, n)| n).sum();
        others.first().map(|(kind, _)| (total, *kind))
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
