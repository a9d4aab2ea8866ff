//! Tests that one slot alone decides.

use super::slots_of;
use super::tree::{Expr, Read, Test};
use crate::index::Judged;
use crate::query::predicate::Type;
use crate::query::scan::value::Range;
use std::sync::OnceLock;

/// What a test asks of one slot, where nothing else decides.
#[derive(Clone, Debug)]
pub struct Sole {
    pub slot: usize,
    /// The numbers that pass, if a plain number is compared with literals.
    pub range: Option<Range>,
    /// What the words of the slot come to, once somebody has asked.
    pub judged: OnceLock<Verdicts>,
}

/// Which values of a slot pass.
#[derive(Clone, Debug)]
pub struct Verdicts {
    /// Whether whoever has none passes.
    pub unknown: bool,
    /// The words of which the verdict is another one than that.
    pub words: Judged,
}

impl Sole {
    pub fn of(test: &Test) -> Option<Sole> {
        let mut slots = slots_of(test)?;
        slots.dedup();
        let [slot] = slots[..] else { return None };
        Some(Sole { slot, range: range_of(test), judged: OnceLock::new() })
    }
}

fn range_of(test: &Test) -> Option<Range> {
    match &test.subject {
        Expr::Read(Read::Slot { steps, declared: None | Some(Type::Number), .. })
            if steps.is_empty() =>
        {
            Range::of(&test.check)
        }
        _ => None,
    }
}
