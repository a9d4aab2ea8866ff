//! What is read of a person and of an event.

use super::cell::Cell;
use super::clock::Clock;
use super::expression::Leaf;
use super::refused::{Made, Refused};
use super::sql::{Row, Scope, Sql};
use crate::model::{Kind, Path, Period};
use crate::query::predicate::{PersonLeaf, RowLeaf, Type};

impl Leaf for PersonLeaf {
    fn cell(&self, sql: &mut Sql, scope: &mut Scope) -> Made<Cell> {
        let people = sql.people();
        let mut column = |name: &str| scope.of_person(&people, name);
        match self {
            PersonLeaf::Attribute { path, declared } => {
                let document = column("lettered");
                sql.path(&document, path.steps(), *declared)
            }
            PersonLeaf::GroupId => Ok(Cell::text(column("group_id"))),
            PersonLeaf::UserId => Ok(Cell::text(column("user_id"))),
            PersonLeaf::FirstSeen => Ok(Cell::Of(Kind::Instant, column("first_seen"))),
            PersonLeaf::LastSeen => Ok(Cell::Of(Kind::Instant, column("last_seen"))),
            PersonLeaf::Aggregate(of) => sql.aggregate(of, scope),
            PersonLeaf::Score(score) => sql.score(score, scope),
        }
    }
}

impl Leaf for RowLeaf {
    fn cell(&self, sql: &mut Sql, scope: &mut Scope) -> Made<Cell> {
        let is_element = scope.row == Row::Element;
        let column = |name: &str| scope.column(name);
        match self {
            RowLeaf::Property { path, declared } if is_element => {
                let document = format!("COALESCE({}, {})", column("object"), column("lettered"));
                sql.path(&document, path.steps(), *declared)
            }
            RowLeaf::Property { path, declared } | RowLeaf::Enclosing { path, declared } => {
                property(sql, &column("lettered"), path, *declared)
            }
            RowLeaf::Element { .. } if !is_element => Ok(Cell::Missing),
            RowLeaf::Element { declared } if *declared == scope.typed => {
                Ok(Cell::any(column("node")))
            }
            RowLeaf::Element { .. } => {
                Err(Refused::new("an element that is read by two types at once"))
            }
            RowLeaf::Context { path } => property(sql, &column("lettered_context"), path, None),
            RowLeaf::When => Ok(Cell::Of(Kind::Instant, column("t"))),
            RowLeaf::Local { of, first_day, zone } => {
                let t = column("t");
                let clock = sql.clock(zone, scope);
                Ok(began(sql, *of, *first_day, &clock, &t))
            }
            RowLeaf::Received => Ok(Cell::Of(Kind::Instant, column("received"))),
            RowLeaf::Channel => Ok(Cell::text(column("channel"))),
            RowLeaf::Source => Ok(Cell::text(column("source"))),
            RowLeaf::CallType => Ok(Cell::text(column(&sql.dialect.quoted("type")))),
            RowLeaf::Person(leaf) => leaf.cell(sql, scope),
        }
    }
}

fn property(sql: &Sql, document: &str, path: &Path, declared: Option<Type>) -> Made<Cell> {
    sql.path(document, path.steps(), declared)
}

/// The first day of the period that an instant lies in.
fn began(sql: &Sql, of: Period, first_day: u8, clock: &Clock, t: &str) -> Cell {
    let day = sql.day_of(clock, t);
    let began = match of {
        Period::Day => day,
        // 1970-01-01 was a Thursday, the fourth day from Monday on.
        Period::Week => sql.once("v", &day, |day| {
            format!("{day} - (({day} + {}) % 7 + 7) % 7", 4 - i32::from(first_day))
        }),
        Period::Month => {
            sql.once("v", &day, |day| format!("{day} - {} + 1", sql.dialect.of_month(day)))
        }
        Period::Quarter => sql.dialect.truncated(&day, "quarter"),
        Period::Year => sql.dialect.truncated(&day, "year"),
    };
    Cell::Of(Kind::Date, format!("CAST({began} AS INTEGER)"))
}
