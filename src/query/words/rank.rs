//! Ranks in the language's own words.

use super::{boolean, expr, predicate};
use crate::model::Decimal;
use crate::query::predicate::{Cut, Rank, Size, Tree};

/// A rank as the language writes it.
pub(in crate::query) fn rank(rank: &Rank) -> String {
    let among = match &rank.among {
        Tree::All(parts) if parts.is_empty() => String::new(),
        among => format!(" among ({})", boolean(among, &predicate)),
    };
    format!("{}{among}", cut(rank))
}

/// The same without those who are ranked.
pub(in crate::query) fn cut(rank: &Rank) -> String {
    let value = expr(&rank.value);
    match rank.cut {
        Cut::Top(it) => format!("in top {} by {value}", size(it)),
        Cut::Bottom(it) => format!("in bottom {} by {value}", size(it)),
        Cut::Part { number, of } => match of {
            4 => format!("in quartile {number} of {value}"),
            5 => format!("in quintile {number} of {value}"),
            _ => format!("in decile {number} of {value}"),
        },
    }
}

fn size(size: Size) -> String {
    match size {
        Size::Share(share) => {
            format!("{}%", share.checked_mul(Decimal::from(100)).unwrap_or(share))
        }
        Size::Count(count) => count.to_string(),
    }
}
