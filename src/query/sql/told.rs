//! Of which kind a value is if it is anything, as far as the question and declared types tell.

use crate::model::{Kind, Value};
use crate::query::predicate::{
    Aggregate, Choice, Expr, Function, PersonLeaf, RowLeaf, Scalar, Type,
};

/// Of an expression about people.
pub(super) fn told(expr: &Expr<PersonLeaf>) -> Option<Kind> {
    told_by(expr, &of_person)
}

fn told_by<L>(expr: &Expr<L>, leaf: &dyn Fn(&L) -> Option<Kind>) -> Option<Kind> {
    match expr {
        Expr::Leaf(of) => leaf(of),
        Expr::Literal(value) => Some(value.kind()),
        Expr::Arithmetic { .. } | Expr::Negative(_) | Expr::Elapsed { .. } => Some(Kind::Number),
        Expr::Coalesce(parts) => common(parts.iter().map(|part| told_by(part, leaf))),
        Expr::Call { function, .. } => Some(match function {
            Scalar::Lower | Scalar::Upper | Scalar::Trim | Scalar::Domain | Scalar::Season => {
                Kind::Text
            }
            Scalar::Size | Scalar::HourOfDay | Scalar::MonthOfYear | Scalar::DayOfWeek => {
                Kind::Number
            }
            Scalar::Anniversary => Kind::Date,
        }),
        Expr::Choice(choice) => {
            let Choice { then, otherwise, .. } = &**choice;
            common([then, otherwise].into_iter().map(|part| told_by(part, leaf)))
        }
    }
}

/// The one kind of all that are not missing.
fn common(kinds: impl Iterator<Item = Option<Kind>>) -> Option<Kind> {
    let mut known = kinds.filter(|kind| *kind != Some(Kind::Null));
    let first = known.next()??;
    known.all(|kind| kind == Some(first)).then_some(first)
}

fn of_person(leaf: &PersonLeaf) -> Option<Kind> {
    match leaf {
        // A longer path may lead through an array, to a list.
        PersonLeaf::Attribute { path, declared } if path.steps().len() == 1 => {
            declared.and_then(of_type)
        }
        PersonLeaf::Attribute { .. } => None,
        PersonLeaf::GroupId | PersonLeaf::UserId => Some(Kind::Text),
        PersonLeaf::FirstSeen | PersonLeaf::LastSeen => Some(Kind::Instant),
        PersonLeaf::Aggregate(of) => of_aggregate(of),
        PersonLeaf::Score(_) => None,
    }
}

fn of_row(leaf: &RowLeaf) -> Option<Kind> {
    match leaf {
        RowLeaf::Property { declared, .. }
        | RowLeaf::Enclosing { declared, .. }
        | RowLeaf::Element { declared } => declared.and_then(of_type),
        RowLeaf::Context { .. } => None,
        RowLeaf::When | RowLeaf::Received => Some(Kind::Instant),
        RowLeaf::Local { .. } => Some(Kind::Date),
        RowLeaf::Channel | RowLeaf::Source | RowLeaf::CallType => Some(Kind::Text),
        RowLeaf::Person(leaf) => of_person(leaf),
    }
}

fn of_aggregate(of: &Aggregate) -> Option<Kind> {
    match of.function {
        Function::First
        | Function::Last
        | Function::Min
        | Function::Max
        | Function::MostFrequent => match (&of.value, &of.items) {
            (Some(value), _) => told_by(value, &of_row).filter(|kind| *kind != Kind::List),
            (None, Some(_)) => None,
            (None, None) => Some(Value::Bool(true).kind()),
        },
        Function::Collect => Some(Kind::List),
        Function::DecayedOrder { .. } => None,
        _ => Some(Kind::Number),
    }
}

fn of_type(declared: Type) -> Option<Kind> {
    match declared {
        Type::Text | Type::Id | Type::Ip | Type::Version => Some(Kind::Text),
        Type::Number => Some(Kind::Number),
        Type::Bool => Some(Kind::Bool),
        Type::Date => Some(Kind::Date),
        Type::Instant => Some(Kind::Instant),
        Type::List => Some(Kind::List),
        Type::Duration | Type::Geo => None,
    }
}
