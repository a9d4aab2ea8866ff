//! What is read of a person and of an event.

use super::cell::Cell;
use super::expression::Leaf;
use super::refused::{Made, Refused, one_zone};
use super::sql::{Row, Scope, Sql};
use crate::model::{Kind, Path, Period, Zone};
use crate::query::predicate::{PersonLeaf, RowLeaf, Type};

impl Leaf for PersonLeaf {
    fn cell(&self, sql: &mut Sql, scope: &mut Scope) -> Made<Cell> {
        if sql.past && matches!(self, Self::Attribute { .. } | Self::GroupId | Self::LastSeen) {
            return Err(Refused::new("the score of a model that reads attributes"));
        }
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
            RowLeaf::Element { declared: None } if is_element => Ok(Cell::any(column("node"))),
            RowLeaf::Element { declared: None } => Ok(Cell::Missing),
            RowLeaf::Element { .. } => Err(Refused::new("an element of a list of a declared type")),
            RowLeaf::Context { path } => property(sql, &column("lettered_context"), path, None),
            RowLeaf::When => Ok(Cell::Of(Kind::Instant, column("t"))),
            RowLeaf::Local { of, first_day, zone } => {
                began(sql, *of, *first_day, one_zone(zone)?, &column("t"))
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
fn began(sql: &Sql, of: Period, first_day: u8, zone: &Zone, t: &str) -> Made<Cell> {
    let day = sql.dialect.day_of(zone, t);
    let began = match of {
        Period::Day => day,
        // 1970-01-01 was a Thursday, the fourth day from Monday on.
        Period::Week => sql.once("v", &day, |day| {
            format!("{day} - (({day} + {}) % 7 + 7) % 7", 4 - i32::from(first_day))
        }),
        Period::Month => {
            sql.once("v", &day, |day| format!("{day} - {} + 1", sql.dialect.of_month(day)))
        }
        Period::Quarter | Period::Year => return Err(Refused::new("active quarters and years")),
    };
    Ok(Cell::Of(Kind::Date, format!("CAST({began} AS INTEGER)")))
}
