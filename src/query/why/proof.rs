//! The proof: the tree of a condition with every truth and what decided it.

use super::super::holds::{Seen, consent, fulfilled, predicate_holds};
use super::super::predicate::{Condition, Predicate, Tree};
use super::super::words;
use super::evidence::{Evidence, of_consent, of_occurrence, of_pattern, of_rank, of_test};
use super::progress::Progress;
use super::rank::Ranked;
use crate::model::{Text, Value};

/// A condition, whether it holds, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Proof {
    /// Whether it holds.
    pub truth: bool,
    /// Of what it is made.
    pub step: Step,
}

/// Of what a condition is made.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Every one must hold.
    All(Vec<Proof>),
    /// One must hold.
    Any(Vec<Proof>),
    /// It must not hold.
    Not(Box<Proof>),
    /// Another audience, and its condition.
    Audience(Text, Box<Proof>),
    /// A predicate.
    Predicate(Finding),
}

/// A predicate and what decided it.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The predicate in words.
    pub text: String,
    /// The value that was read: a count of events, or the subject of a test.
    pub value: Value,
    /// The deciding calls, the latest first.
    pub evidence: Vec<Evidence>,
    /// How many there are in all; of many only the latest are kept.
    pub n_evidence: usize,
    /// Where the person stands, if the predicate is a rank.
    pub place: Option<Ranked>,
    /// How far the person has come, if the predicate is about several events.
    pub progress: Option<Box<Progress>>,
}

impl Finding {
    /// What would have to come out otherwise, and how it could.
    pub(super) fn turn(&self) -> String {
        let rank = self.place.as_ref().and_then(Ranked::way);
        let next = self.progress.as_ref().and_then(|progress| progress.next.clone());
        rank.or(next).map_or_else(|| self.text.clone(), |way| format!("{}: {way}", self.text))
    }
}

/// Proves a condition or its opposite.
pub(super) fn prove(condition: &Condition, seen: Seen<'_>) -> Proof {
    let all = |parts: &[Condition]| parts.iter().map(|part| prove(part, seen)).collect();
    let step = match condition {
        Tree::All(parts) => Step::All(all(parts)),
        Tree::Any(parts) => Step::Any(all(parts)),
        Tree::Not(inner) => Step::Not(Box::new(prove(inner, seen))),
        Tree::Leaf(Predicate::InAudience(audience)) => {
            Step::Audience(audience.name.clone(), Box::new(prove(&audience.condition, seen)))
        }
        Tree::Leaf(predicate) => {
            let truth = predicate_holds(predicate, seen);
            return Proof { truth, step: Step::Predicate(finding(predicate, seen)) };
        }
    };
    Proof { truth: fulfilled(condition, seen), step }
}

fn finding(predicate: &Predicate, seen: Seen<'_>) -> Finding {
    let (value, calls) = match predicate {
        Predicate::Did(occurrence) => of_occurrence(occurrence, seen),
        Predicate::Pattern(pattern) => of_pattern(pattern, seen),
        Predicate::Is(test) => of_test(test, seen),
        Predicate::Ranked(rank) => of_rank(rank, seen),
        Predicate::Consent { purpose } => {
            (Value::Bool(consent(purpose, seen)), of_consent(purpose, seen))
        }
        Predicate::Drawn(_) | Predicate::Listed(_) => {
            (Value::Bool(predicate_holds(predicate, seen)), Vec::new())
        }
        Predicate::InAudience(audience) => {
            (Value::Bool(fulfilled(&audience.condition, seen)), Vec::new())
        }
    };
    let place = match predicate {
        Predicate::Ranked(rank) => Some(Ranked::of(rank, seen)),
        _ => None,
    };
    let progress = match predicate {
        Predicate::Pattern(pattern) => Some(Box::new(Progress::of(pattern, seen))),
        _ => None,
    };
    Finding {
        place,
        progress,
        text: words::predicate(predicate),
        value,
        n_evidence: calls.len(),
        evidence: calls.into_iter().rev().take(Evidence::KEPT_MAX).map(Evidence::of).collect(),
    }
}
