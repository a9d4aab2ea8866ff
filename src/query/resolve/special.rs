//! Tests of texts by expressions, of addresses, positions and versions.

use super::{Kinds, Resolver, Typed};
use crate::lang::{Code, Diagnostic, Spanned};
use crate::model::{Decimal, Pattern, Position, Text, Value, Version};
use crate::query::predicate::{Check, Expr, Network};
// Addresses alone; `core` has no sockets.
use core::net::IpAddr;

impl Resolver<'_> {
    pub(super) fn matches<L>(
        &mut self,
        subject: &Typed<L>,
        pattern: &Spanned<Pattern>,
    ) -> Option<Check<L>> {
        self.must_be(subject, Kinds::TEXT, "a regular expression is looked for in text")?;
        Some(Check::Matches(pattern.node.clone()))
    }

    pub(super) fn in_cidr<L>(
        &mut self,
        subject: &Typed<L>,
        network: &Spanned<Text>,
    ) -> Option<Check<L>> {
        self.must_be_declared(subject, Kinds::IP, "`in cidr` is asked of an ip", "ip")?;
        match network.node.parse::<Network>() {
            Ok(network) => Some(Check::InNetwork(network)),
            Err(why) => self.refuse(
                Diagnostic::error(Code::Range, network.span, "this is no network")
                    .label(why.to_string()),
            ),
        }
    }

    pub(super) fn near<L>(
        &mut self,
        subject: &Typed<L>,
        km: &Spanned<Decimal>,
        lat: &Spanned<Decimal>,
        lon: &Spanned<Decimal>,
    ) -> Option<Check<L>> {
        self.must_be_declared(subject, Kinds::GEO, "a distance is asked of a place", "geo")?;
        if km.node <= Decimal::ZERO {
            return self.refuse(
                Diagnostic::error(Code::Range, km.span, "no place is nearer than that")
                    .help("`within 25 km` holds places less than 25 km away"),
            );
        }
        match Position::new(lat.node, lon.node) {
            Some(of) => Some(Check::Near { km: km.node, of }),
            None => self.refuse(
                Diagnostic::error(Code::Range, lat.span.to(lon.span), "there is no such place")
                    .label("latitudes are -90 to 90, longitudes -180 to 180"),
            ),
        }
    }

    /// Refuses what is not declared so: nothing undeclared is ever read as such.
    fn must_be_declared<L>(
        &mut self,
        typed: &Typed<L>,
        wanted: Kinds,
        rule: &str,
        declared: &str,
    ) -> Option<()> {
        match &typed.stored {
            Some(stored) if !stored.declared => {
                let message = format!("{rule}, and `{}` has no declared type", stored.name);
                let mut found = Diagnostic::error(Code::TypeMismatch, typed.span, message);
                if !stored.declarable.is_empty() {
                    let declare = format!("`declare {}: {declared}`", stored.declarable);
                    found = found.help(format!("declare what it is: {declare}"));
                }
                self.refuse(found)
            }
            _ => self.must_be(typed, wanted, rule),
        }
    }
}

impl<L> Typed<L> {
    /// The same value where only these kinds count: texts that stand for an
    /// address or a version are written as stored ones are read.
    pub(super) fn settled(mut self, kinds: Kinds) -> Typed<L> {
        self.expr = settled(self.expr, kinds);
        self
    }
}

fn settled<L>(expr: Expr<L>, kinds: Kinds) -> Expr<L> {
    match expr {
        Expr::Literal(value) => Expr::Literal(settled_value(value, kinds)),
        Expr::Coalesce(parts) => {
            Expr::Coalesce(parts.into_iter().map(|part| settled(part, kinds)).collect())
        }
        Expr::Choice(mut choice) => {
            choice.then = settled(choice.then, kinds);
            choice.otherwise = settled(choice.otherwise, kinds);
            Expr::Choice(choice)
        }
        other => other,
    }
}

/// A literal as a stored value of these kinds is read.
pub(super) fn settled_value(value: Value, kinds: Kinds) -> Value {
    let Value::Text(text) = &value else { return value };
    let written = match kinds {
        Kinds::IP => text.parse().ok().map(|it: IpAddr| it.to_canonical().to_string()),
        Kinds::VERSION => text.parse().ok().map(|it: Version| it.to_string()),
        _ => None,
    };
    written.map_or(value, |written| Value::text(&written))
}
