//! What would have to come out otherwise: fewest predicates, each place counted.

use super::proof::{Finding, Proof, Step};

/// Fewest findings whose flip makes the proof come out as wanted; none if it cannot.
pub(super) fn flips(proof: &Proof, wanted: bool) -> Option<Vec<&Finding>> {
    if proof.truth == wanted {
        return Some(Vec::new());
    }
    match &proof.step {
        Step::Predicate(finding) => Some(vec![finding]),
        Step::Not(inner) => flips(inner, !wanted),
        Step::Audience(_, inner) => flips(inner, wanted),
        Step::All(parts) if wanted => every(parts, wanted),
        Step::Any(parts) if !wanted => every(parts, wanted),
        Step::All(parts) | Step::Any(parts) => cheapest(parts, wanted),
    }
}

fn every(parts: &[Proof], wanted: bool) -> Option<Vec<&Finding>> {
    let each: Option<Vec<_>> = parts.iter().map(|part| flips(part, wanted)).collect();
    each.map(|findings| findings.concat())
}

fn cheapest(parts: &[Proof], wanted: bool) -> Option<Vec<&Finding>> {
    parts.iter().filter_map(|part| flips(part, wanted)).min_by_key(Vec::len)
}
