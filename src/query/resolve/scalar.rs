//! Functions of one value, and one of two values.

use super::leaf::Leaf;
use super::{Kinds, Motion, Resolver, Typed};
use crate::lang::tree;
use crate::lang::{Code, Diagnostic, Span};
use crate::query::predicate::{Choice, Expr, Scalar};

/// What a function reads.
fn reads(function: Scalar) -> Kinds {
    match function {
        Scalar::Lower | Scalar::Upper | Scalar::Trim | Scalar::Domain => Kinds::TEXT,
        Scalar::Size => Kinds::LIST,
        Scalar::HourOfDay => Kinds::INSTANT,
        Scalar::MonthOfYear | Scalar::DayOfWeek | Scalar::Season | Scalar::Anniversary => {
            Kinds::TIME
        }
    }
}

/// What it gives.
fn gives(function: Scalar) -> Kinds {
    match function {
        Scalar::Lower | Scalar::Upper | Scalar::Trim | Scalar::Domain | Scalar::Season => {
            Kinds::TEXT
        }
        Scalar::Size | Scalar::MonthOfYear | Scalar::DayOfWeek | Scalar::HourOfDay => Kinds::NUMBER,
        Scalar::Anniversary => Kinds::DATE,
    }
}

/// The function of a name, which like all words of the language may be in any case.
pub(super) fn named(name: &str) -> Option<Scalar> {
    Scalar::ALL.into_iter().find(|function| function.name().eq_ignore_ascii_case(name))
}

impl Resolver<'_> {
    pub(super) fn scalar<L: Leaf>(
        &mut self,
        scope: &L::Scope,
        function: Scalar,
        arguments: &[tree::Value],
        span: Span,
    ) -> Option<Typed<L>> {
        let [argument] = arguments else {
            let message = format!("`{}` takes one value", function.name());
            return self.refuse(Diagnostic::error(Code::TypeMismatch, span, message));
        };
        let of = self.value::<L>(scope, argument)?;
        let wanted = reads(function);
        self.must_be(&of, wanted, &format!("`{}` reads {}", function.name(), wanted.words()))?;
        // Anniversaries are steps of the calendar, as whole days are.
        let motion = if of.motion == Motion::Free { Motion::Free } else { Motion::Still };
        let expr = Expr::Call { function, of: Box::new(of.expr), zone: self.zone.clone() };
        Some(Typed::new(expr, gives(function), span).moving(motion))
    }

    /// `if c then a else b`.
    pub(super) fn choice<L: Leaf>(
        &mut self,
        scope: &L::Scope,
        choice: &tree::Choice,
        span: Span,
    ) -> Option<Typed<L>> {
        let bent = std::mem::take(&mut self.bent);
        let condition = L::asked(self, scope, &choice.condition);
        let is_bent = std::mem::replace(&mut self.bent, bent);
        let then = self.value::<L>(scope, &choice.then);
        let otherwise = self.value::<L>(scope, &choice.otherwise);
        let (condition, parts) = (condition?, [then?, otherwise?]);
        let kinds = parts[0].kinds.and(parts[1].kinds);
        if kinds == Kinds::NONE {
            return self.parts_differ("if", &parts);
        }
        let money = self.currency_of_parts(&parts)?;
        let elements = parts[0].elements.and(parts[1].elements);
        let moves = parts[0].motion.max(parts[1].motion);
        let [then, otherwise] = parts.map(|part| part.settled(kinds).expr);
        let expr = Expr::Choice(Box::new(Choice { condition, then, otherwise }));
        // Where the condition turns over is found as for a comparison by itself.
        let motion = if is_bent { Motion::Free } else { moves };
        let mut typed = Typed::new(expr, kinds, span).moving(motion).of_currency(money);
        typed.elements = elements;
        Some(typed)
    }
}
