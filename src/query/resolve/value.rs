//! Values: literals, paths, arithmetic, time elapsed.

use super::given::Given;
use super::leaf::Leaf;
use super::length::length_ms;
use super::synonym::instead_of;
use super::{Kinds, Money, Motion, Resolver, Typed};
use crate::lang::tree::{self, Direction, Literal, ValueKind};
use crate::lang::{Code, Diagnostic, Span, nearest};
use crate::model::{FixedUnit, Unit, Value, nfc};
use crate::query::predicate::{self, Expr, Operator, Point, Scalar};

/// Aggregates, for suggestions.
const AGGREGATES: [&str; 8] = ["count", "sum", "avg", "min", "max", "distinct", "first", "last"];

/// Functions that the language has beside those of one value.
const FUNCTIONS: [&str; 2] = ["coalesce", "score"];

impl Resolver<'_> {
    /// A value and its kinds.
    pub(super) fn value<L: Leaf>(
        &mut self,
        scope: &L::Scope,
        value: &tree::Value,
    ) -> Option<Typed<L>> {
        self.values += 1;
        let typed = self.value_inside(scope, value);
        self.values -= 1;
        typed
    }

    fn value_inside<L: Leaf>(&mut self, scope: &L::Scope, value: &tree::Value) -> Option<Typed<L>> {
        self.inside(value.span, |resolver| match &value.kind {
            ValueKind::Literal(literal) => resolver.literal(literal, value.span),
            ValueKind::Path(path) => {
                let mut typed = L::path(resolver, scope, path)?;
                typed.span = value.span;
                Some(typed)
            }
            ValueKind::Arithmetic(operator, left, right) => {
                resolver.arithmetic(scope, *operator, left, right, value.span)
            }
            ValueKind::Negative(inner) => resolver.negative(scope, inner, value.span),
            ValueKind::Aggregate(aggregate) => L::aggregate(resolver, aggregate, value.span),
            ValueKind::Call(name, arguments) => resolver.call(scope, name, arguments, value.span),
            ValueKind::Elapsed(unit, direction, bound) => {
                resolver.elapsed(scope, *unit, *direction, bound, value.span)
            }
            ValueKind::Parameter(name) => resolver.parameter(name),
            ValueKind::Choice(choice) => resolver.choice(scope, choice, value.span),
        })
    }

    /// What is given for a parameter, as a value.
    fn parameter<L: Leaf>(&mut self, name: &tree::Name) -> Option<Typed<L>> {
        match self.given(name)? {
            Given::Length(length) => self.literal(&Literal::Duration(length), name.span),
            Given::Value(typed) => {
                let expr = L::of_person(self, typed.expr.clone(), name.span)?;
                let mut typed = typed.with(expr);
                typed.span = name.span;
                Some(typed)
            }
        }
    }

    /// A literal that stands as a value.
    pub(super) fn literal<L>(&mut self, literal: &Literal, span: Span) -> Option<Typed<L>> {
        let (value, kinds) = match literal {
            Literal::Number(number) | Literal::Percent(number) => {
                (Value::Number(*number), Kinds::NUMBER)
            }
            Literal::Text(text) => (Value::Text(nfc(text).into()), Kinds::of_text(text)),
            Literal::Bool(bool) => (Value::Bool(*bool), Kinds::BOOL),
            Literal::Missing => (Value::Null, Kinds::ANY),
            Literal::Date(date) => (Value::Date(*date), Kinds::DATE),
            Literal::Timestamp(at) => (Value::Instant(*at), Kinds::INSTANT),
            Literal::Month(month) => (Value::from(i64::from(*month)), Kinds::NUMBER),
            Literal::Duration(length) if !matches!(length.unit, Unit::Fixed(_)) => {
                let message = format!("a {} has no fixed length", length.unit.name());
                return self.refuse(
                    Diagnostic::error(Code::TypeMismatch, span, message)
                        .help("as a value a length of time counts weeks or less")
                        .help("a window may count months: `in last 3 months`"),
                );
            }
            Literal::Duration(length) => {
                let ms = length_ms(length).unwrap_or(i64::MAX);
                (Value::Duration(ms), Kinds::DURATION)
            }
        };
        Some(Typed::new(Expr::Literal(value), kinds, span))
    }

    fn arithmetic<L: Leaf>(
        &mut self,
        scope: &L::Scope,
        operator: tree::Operator,
        left: &tree::Value,
        right: &tree::Value,
        span: Span,
    ) -> Option<Typed<L>> {
        let left = self.number(scope, left);
        let right = self.number(scope, right);
        let (left, right) = (left?, right?);
        let money = self.money_of(operator, &left, &right)?;
        let motion = Motion::of(operator, left.motion, right.motion);
        let operator = match operator {
            tree::Operator::Add => Operator::Add,
            tree::Operator::Subtract => Operator::Subtract,
            tree::Operator::Multiply => Operator::Multiply,
            tree::Operator::Divide => Operator::Divide,
        };
        let expr =
            Expr::Arithmetic { operator, left: Box::new(left.expr), right: Box::new(right.expr) };
        Some(Typed::new(expr, Kinds::NUMBER, span).moving(motion).of_currency(money))
    }

    fn negative<L: Leaf>(
        &mut self,
        scope: &L::Scope,
        inner: &tree::Value,
        span: Span,
    ) -> Option<Typed<L>> {
        let inner = self.number(scope, inner)?;
        let Typed { expr, motion, money, .. } = inner;
        let expr = Expr::Negative(Box::new(expr));
        Some(Typed::new(expr, Kinds::NUMBER, span).moving(motion).of_currency(money))
    }

    /// A value that must be a number: an operand of arithmetic.
    pub(super) fn number<L: Leaf>(
        &mut self,
        scope: &L::Scope,
        value: &tree::Value,
    ) -> Option<Typed<L>> {
        let typed = self.value(scope, value)?;
        self.must_be(&typed, Kinds::NUMBER, "arithmetic takes numbers")?;
        Some(typed)
    }

    /// Refuses a value that can be none of these kinds; warns of stored values that are not.
    pub(super) fn must_be<L>(&mut self, typed: &Typed<L>, wanted: Kinds, rule: &str) -> Option<()> {
        if typed.kinds.meets(wanted) {
            self.warn_of_other_kinds(typed, wanted);
            return Some(());
        }
        let mut found = Diagnostic::error(
            Code::TypeMismatch,
            typed.span,
            format!("{rule}, and this is {}", typed.kinds.words()),
        )
        .label(typed.kinds.words());
        if typed.kinds == Kinds::DURATION {
            found = found.help("distances in time are numbers: `days since first_seen >= 30`");
        }
        self.refuse(found)
    }

    fn call<L: Leaf>(
        &mut self,
        scope: &L::Scope,
        name: &tree::Name,
        arguments: &[tree::Value],
        span: Span,
    ) -> Option<Typed<L>> {
        if name.node.eq_ignore_ascii_case("coalesce") {
            return self.coalesce(scope, arguments, span);
        }
        if *name.node == *"score" {
            return self.score(arguments, span);
        }
        if self.catalog.trait_named(&name.node).is_some() {
            return L::trait_call(self, name, arguments);
        }
        if let Some(function) = super::scalar::named(&name.node) {
            return self.scalar(scope, function, arguments, span);
        }
        let mut found = Diagnostic::error(
            Code::UnknownFunction,
            name.span,
            format!("unknown function `{}`", name.node),
        );
        let scalars = Scalar::ALL.into_iter().map(Scalar::name);
        let known = AGGREGATES.into_iter().chain(FUNCTIONS).chain(scalars);
        if let Some(instead) = instead_of(&name.node) {
            found = found.help(instead);
        } else if let Some(meant) = nearest(&name.node, known.map(|name| (name, 0))) {
            found = found.help(format!("did you mean `{meant}`?"));
        }
        self.refuse(found)
    }

    fn coalesce<L: Leaf>(
        &mut self,
        scope: &L::Scope,
        arguments: &[tree::Value],
        span: Span,
    ) -> Option<Typed<L>> {
        if arguments.is_empty() {
            return self.refuse(Diagnostic::error(
                Code::TypeMismatch,
                span,
                "`coalesce` needs at least one value",
            ));
        }
        let parts: Vec<Option<Typed<L>>> =
            arguments.iter().map(|argument| self.value(scope, argument)).collect();
        let parts: Vec<Typed<L>> = parts.into_iter().collect::<Option<_>>()?;
        let kinds = common_kinds(&parts);
        if !kinds.meets(Kinds::ANY) {
            return self.parts_differ("coalesce", &parts);
        }
        let money = self.currency_of_parts(&parts)?;
        let motion = parts.iter().map(|part| part.motion).max().unwrap_or(Motion::Still);
        let exprs = parts.into_iter().map(|part| part.settled(kinds).expr).collect();
        Some(Typed::new(Expr::Coalesce(exprs), kinds, span).moving(motion).of_currency(money))
    }

    /// The currency of a value that is one of several.
    pub(super) fn currency_of_parts<L: Leaf>(&mut self, parts: &[Typed<L>]) -> Option<Money> {
        let Some((first, rest)) = parts.split_first() else { return Some(Money::Plain) };
        let mut whole = first.clone();
        for part in rest {
            whole.money = self.one_currency("mixed", &whole, part)?;
        }
        Some(whole.money)
    }

    pub(super) fn parts_differ<L: Leaf>(
        &mut self,
        of: &str,
        parts: &[Typed<L>],
    ) -> Option<Typed<L>> {
        let (first, last) = (parts.first()?, parts.last()?);
        self.refuse(
            Diagnostic::error(
                Code::TypeMismatch,
                last.span,
                format!("the values of `{of}` are of different kinds"),
            )
            .label(last.kinds.words())
            .also(first.span, first.kinds.words()),
        )
    }

    fn elapsed<L: Leaf>(
        &mut self,
        scope: &L::Scope,
        unit: Unit,
        direction: Direction,
        bound: &tree::Bound,
        span: Span,
    ) -> Option<Typed<L>> {
        let (point, kinds) = self.bound(scope, bound)?;
        if kinds == Kinds::DATE && !is_whole_days(unit) {
            return self.refuse(
                Diagnostic::error(
                    Code::WindowKind,
                    span,
                    format!("dates are counted by whole days, not by {}s", unit.name()),
                )
                .help(format!("write `days {} ...`", word(direction))),
            );
        }
        let direction = match direction {
            Direction::Since => predicate::Direction::Since,
            Direction::Until => predicate::Direction::Until,
        };
        let point: Box<Point<L>> = Box::new(point);
        let expr = Expr::Elapsed { unit, direction, point, zone: self.zone.clone() };
        // Whole days and months are steps of the calendar.
        let steps = kinds == Kinds::DATE || !matches!(unit, Unit::Fixed(_));
        let motion = if steps { Motion::Still } else { Motion::Straight };
        Some(Typed::new(expr, Kinds::NUMBER, span).moving(motion))
    }
}

/// Whether a unit measures dates: days, weeks, and those of the calendar.
pub(super) fn is_whole_days(unit: Unit) -> bool {
    match unit {
        Unit::Fixed(fixed) => fixed >= FixedUnit::Day,
        _ => true,
    }
}

fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Since => "since",
        Direction::Until => "until",
    }
}

/// What all of the values may be; literals narrow what names leave open.
fn common_kinds<L>(parts: &[Typed<L>]) -> Kinds {
    parts.iter().fold(Kinds::ANY, |kinds, part| kinds.and(part.kinds))
}
