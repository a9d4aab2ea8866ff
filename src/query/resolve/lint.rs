//! What is odd about a text and stops nothing.

use super::leaf::Leaf;
use super::report::column_again;
use super::{Kinds, Resolver, Typed};
use crate::lang::Code;
use crate::lang::tree;
use crate::model::{Kind, Value, agreeing, counted, grouped};
use crate::query::predicate::{Expr, PersonLeaf};

impl Resolver<'_> {
    /// W205: stored values of another kind than the operator reads.
    pub(super) fn warn_of_other_kinds<L>(&mut self, typed: &Typed<L>, wanted: Kinds) {
        let Some(stored) = typed.stored.as_ref().filter(|stored| !stored.declared) else { return };
        let name = &stored.name;
        if wanted.and(Kinds::TIME) == wanted && wanted != Kinds::NONE {
            let is_date =
                wanted == Kinds::DATE || wanted.meets(Kinds::DATE) && stored.looks_dated();
            let kind = if is_date { "date" } else { "instant" };
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
    pub(super) fn warn_of_missing<L: Leaf>(&mut self, typed: &Typed<L>, operator: &str) {
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
        self.count_missing(typed, operator);
        let help = "to count them in, put `not` before a test for equality".to_owned();
        self.warn(Code::MissingUnderNotEqual, typed.span, message, Some(help));
    }

    /// W202: a constant puts nothing in order. In SQL a number there is a column.
    pub(super) fn warn_of_constant_order(
        &mut self,
        typed: &Typed<PersonLeaf>,
        shown: &[tree::Column],
    ) {
        let Expr::Literal(value) = &typed.expr else { return };
        let meant = match value {
            Value::Number(number) => {
                let place = number.to_string().parse::<usize>().ok();
                let column = place.and_then(|place| shown.get(place.checked_sub(1)?));
                column.map(column_again)
            }
            Value::Text(name) => Some(crate::lang::print_name(name)),
            _ => None,
        };
        let meant = meant.unwrap_or_else(|| "sum(order.total)".to_owned());
        let message = "every row has the same place in this order, so nothing is sorted".to_owned();
        let help = format!("write what the rows are sorted by: `sort by {meant}`");
        self.warn(Code::AlwaysOrNever, typed.span, message, Some(help));
    }

    /// W202: nothing equals what is missing.
    pub(super) fn warn_of_missing_literal<L: Leaf>(&mut self, other: &Typed<L>) {
        if matches!(other.expr, Expr::Literal(Value::Null)) {
            let message = "a comparison with `missing` is never true".to_owned();
            let help = Some("write `is unknown` or `is known`".to_owned());
            self.warn(Code::AlwaysOrNever, other.span, message, help);
        }
    }
}

pub(super) fn noun(n: u64, kind: Kind) -> &'static str {
    match kind {
        Kind::Number if n == 1 => "a number",
        Kind::Object if n == 1 => "an object",
        Kind::List if n == 1 => "a list",
        Kind::Bool if n == 1 => "true or false",
        Kind::Number => "numbers",
        Kind::Object => "objects",
        Kind::List => "lists",
        Kind::Bool => "bools",
        other => other.name(),
    }
}
