//! Expressions: anything missing makes the whole missing, except under `coalesce`.

use super::cell::Cell;
use super::refused::Made;
use super::sql::{Scope, Sql, tree};
use crate::model::Kind;
use crate::query::predicate::{Asked, Choice, Expr};

/// What is read of the rows of a scope.
pub(super) trait Leaf: Sized {
    /// Its value.
    fn cell(&self, sql: &mut Sql, scope: &mut Scope) -> Made<Cell>;
}

impl Sql {
    /// The value of an expression in the rows of a scope.
    pub(super) fn value<L: Leaf>(&mut self, expr: &Expr<L>, scope: &mut Scope) -> Made<Cell> {
        Ok(match expr {
            Expr::Leaf(leaf) => leaf.cell(self, scope)?,
            Expr::Literal(value) if value.is_null() => Cell::Missing,
            Expr::Literal(value) => Cell::Literal(value.clone()),
            Expr::Arithmetic { operator, left, right } => {
                let (left, right) = (self.number(left, scope)?, self.number(right, scope)?);
                Cell::number(self.arithmetic(*operator, &left, &right))
            }
            Expr::Negative(inner) => Cell::number(format!("(-{})", self.number(inner, scope)?)),
            Expr::Coalesce(parts) => {
                let cells = parts.iter().map(|part| self.value(part, scope));
                let cells = cells.collect::<Made<Vec<_>>>()?;
                self.united(&cells, &|parts| format!("COALESCE({})", parts.join(", ")))
            }
            Expr::Elapsed { unit, direction, point, zone } => {
                let bound = self.point(point, scope)?;
                let clock = self.clock(zone, scope);
                Cell::number(self.elapsed(*unit, *direction, &bound, &clock))
            }
            Expr::Call { function, of, zone } => {
                let of = self.value(of, scope)?;
                let clock = self.clock(zone, scope);
                self.call(*function, &of, &clock)
            }
            Expr::Choice(choice) => self.choice(choice, scope)?,
        })
    }

    fn number<L: Leaf>(&mut self, expr: &Expr<L>, scope: &mut Scope) -> Made<String> {
        let cell = self.value(expr, scope)?;
        Ok(self.read(&cell, Kind::Number))
    }

    fn choice<L: Leaf>(&mut self, choice: &Choice<L>, scope: &mut Scope) -> Made<Cell> {
        let condition = tree(&choice.condition, &mut |asked| match asked {
            Asked::Is(test) => self.test(test, scope),
            Asked::Person(predicate) => self.predicate(predicate, scope),
        })?;
        let cells = [self.value(&choice.then, scope)?, self.value(&choice.otherwise, scope)?];
        Ok(self.united(&cells, &|parts| {
            format!("CASE WHEN {condition} THEN {} ELSE {} END", parts[0], parts[1])
        }))
    }
}
