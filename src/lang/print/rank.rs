//! Ranks.

use super::condition::condition;
use super::value::{literal, value};
use crate::lang::tree::{Cut, CutSize, Literal, Rank};

pub(super) fn rank(rank: &Rank) -> String {
    let among = match &rank.among {
        Some(among) => format!(" among ({})", condition(among)),
        None => String::new(),
    };
    let value = value(&rank.value);
    match rank.cut.node {
        Cut::Top(it) => format!("in top {} by {value}{among}", size(it)),
        Cut::Bottom(it) => format!("in bottom {} by {value}{among}", size(it)),
        Cut::Part(parts, number) => format!("in {} {number} of {value}{among}", parts.name()),
    }
}

fn size(size: CutSize) -> String {
    match size {
        CutSize::Percent(share) => literal(&Literal::Percent(share)),
        CutSize::Count(count) => count.to_string(),
    }
}
