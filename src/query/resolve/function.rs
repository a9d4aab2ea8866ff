//! The functions of aggregates: what each comes to, and what it is given.

use super::length::length_ms;
use super::{Resolver, Typed};
use crate::lang::tree::{self, Literal};
use crate::lang::{Code, Diagnostic, Span, Spanned};
use crate::model::{Period, Unit};
use crate::query::predicate::{Expr, Function, RowLeaf};

/// What is asked of events.
pub(super) enum Asked {
    /// A function of their values.
    Of(Function),
    /// How many periods they lie in.
    Active(Period),
    /// How far they lie apart.
    Gaps,
}

impl Asked {
    /// The function that is computed.
    pub(super) fn function(&self) -> Function {
        match self {
            Asked::Of(function) => *function,
            Asked::Active(_) => Function::Distinct,
            Asked::Gaps => Function::TypicalGap,
        }
    }
}

impl Resolver<'_> {
    /// What an aggregate asks, with its half-life.
    pub(super) fn asked(&mut self, aggregate: &tree::Aggregate) -> Option<Asked> {
        let function = &aggregate.function;
        match (function.node, &aggregate.half_life) {
            (tree::Function::Decayed, half_life) => self.decayed(function.span, half_life.as_ref()),
            (_, Some(spare)) => self.refuse(
                Diagnostic::error(
                    Code::TypeMismatch,
                    spare.span,
                    "only `decayed` takes a length behind the comma",
                )
                .help("a window stands without a comma: `sum(order.total in last 14 days)`"),
            ),
            (function, None) => Some(of(function)),
        }
    }

    fn decayed(&mut self, span: Span, half_life: Option<&Spanned<Literal>>) -> Option<Asked> {
        const EXAMPLE: &str = "write for example `decayed(visit: 1, 14 days)`";
        let Some(half_life) = half_life else {
            let message = "`decayed` needs the time in which a value loses half of itself";
            return self.refuse(Diagnostic::error(Code::TypeMismatch, span, message).help(EXAMPLE));
        };
        let refused = |message: &str| {
            Diagnostic::error(Code::TypeMismatch, half_life.span, message).help(EXAMPLE)
        };
        match &half_life.node {
            Literal::Duration(length) if matches!(length.unit, Unit::Fixed(_)) => {
                match length_ms(length).filter(|ms| *ms > 0) {
                    Some(half_life_ms) => Some(Asked::Of(Function::Decayed { half_life_ms })),
                    None => {
                        let message = "nothing loses half of itself in no time";
                        let found = Diagnostic::error(Code::Range, half_life.span, message);
                        self.refuse(found.help("a half-life is at least 1 millisecond"))
                    }
                }
            }
            Literal::Duration(length) => {
                let unit = length.unit.name();
                let message = format!("a half-life is always as long, and a {unit} is not");
                self.refuse(refused(&message).label("count in weeks, days or less"))
            }
            _ => self.refuse(refused("a half-life is a length of time")),
        }
    }

    /// What functions read that take events as they are.
    pub(super) fn value_of_events(&self, asked: &Asked) -> Option<Expr<RowLeaf>> {
        match asked {
            Asked::Of(_) => None,
            Asked::Gaps => Some(Expr::Leaf(RowLeaf::When)),
            Asked::Active(of) => Some(Expr::Leaf(RowLeaf::Local {
                of: *of,
                first_day: self.catalog.first_day(),
                zone: self.zone.clone(),
            })),
        }
    }

    /// Refuses a value where events are taken as they are.
    pub(super) fn must_be_whole(
        &mut self,
        aggregate: &tree::Aggregate,
        taken: Option<&Typed<RowLeaf>>,
        span: Span,
    ) -> Option<()> {
        let Some(taken) = taken else { return Some(()) };
        let name = name_of(aggregate.function.node);
        let found = Diagnostic::error(
            Code::TypeMismatch,
            taken.span,
            format!("`{name}` looks at when events happened, and at no value of theirs"),
        );
        self.refuse(
            found
                .also(span, "an aggregate over whole events")
                .help(format!("to take some of them only, write `{name}(EVENT where (...))`")),
        )
    }
}

impl Function {
    /// Whether it reads numbers and nothing else.
    pub(super) fn takes_numbers(self) -> bool {
        use Function::{Avg, Decayed, Median, Stddev, Sum};
        matches!(self, Sum | Avg | Median | Stddev | Decayed { .. })
    }

    /// Whether it gives a number whatever it reads.
    pub(super) fn gives_numbers(self) -> bool {
        matches!(self, Function::Count | Function::Distinct | Function::TypicalGap)
            || self.takes_numbers()
    }
}

fn name_of(function: tree::Function) -> &'static str {
    match of(function) {
        Asked::Active(Period::Day) => "active_days",
        Asked::Active(Period::Week) => "active_weeks",
        Asked::Active(_) => "active_months",
        other => other.function().name(),
    }
}

fn of(function: tree::Function) -> Asked {
    Asked::Of(match function {
        tree::Function::Count => Function::Count,
        tree::Function::Sum => Function::Sum,
        tree::Function::Avg => Function::Avg,
        tree::Function::Min => Function::Min,
        tree::Function::Max => Function::Max,
        tree::Function::Distinct => Function::Distinct,
        tree::Function::First => Function::First,
        tree::Function::Last => Function::Last,
        tree::Function::Median => Function::Median,
        tree::Function::Stddev => Function::Stddev,
        tree::Function::MostFrequent => Function::MostFrequent,
        tree::Function::Collect => Function::Collect,
        tree::Function::Decayed => Function::Decayed { half_life_ms: 1 },
        tree::Function::ActiveDays => return Asked::Active(Period::Day),
        tree::Function::ActiveWeeks => return Asked::Active(Period::Week),
        tree::Function::ActiveMonths => return Asked::Active(Period::Month),
        tree::Function::TypicalGap => return Asked::Gaps,
    })
}
