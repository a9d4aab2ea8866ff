//! The proof as indented text.

use super::super::words;
use super::proof::{Finding, Proof, Step};
use super::{Evidence, Why};
use super::{FORESEEN_DAYS, FORESEEN_TOGETHER_DAYS};
use crate::model::Value;
use std::fmt;

/// Calls shown below one predicate.
const SHOWN_MAX: usize = 5;

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is = if self.member { "in" } else { "not in" };
        writeln!(f, "{is} audience {} (version {}) at {}", self.audience, self.version, self.at)?;
        write_proof(f, &self.proof, 1)?;
        if !self.member {
            write_flips(f, self.would_flip.as_deref())?;
        }
        let change = if self.member { "will leave" } else { "will enter" };
        match self.changes_at {
            Some(at) if self.by_others => {
                writeln!(f, "{change} at {at} if nothing happens to anybody")
            }
            Some(at) => writeln!(f, "{change} at {at} if nothing happens"),
            None if self.by_others => {
                writeln!(
                    f,
                    "stays so for {FORESEEN_TOGETHER_DAYS} days if nothing happens to anybody"
                )
            }
            None if self.by_models => {
                writeln!(
                    f,
                    "stays so for {FORESEEN_DAYS} days if nothing happens, what models say too"
                )
            }
            None if self.by_days => {
                writeln!(f, "stays so for {FORESEEN_DAYS} days if nothing happens")
            }
            None => writeln!(f, "stays so if nothing happens"),
        }
    }
}

fn write_flips(f: &mut fmt::Formatter<'_>, flips: Option<&[String]>) -> fmt::Result {
    match flips {
        None => writeln!(f, "no change of these predicates would let them in"),
        Some(flips) => {
            writeln!(f, "to enter, would have to come out otherwise:")?;
            flips.iter().try_for_each(|flip| writeln!(f, "  {flip}"))
        }
    }
}

fn write_proof(f: &mut fmt::Formatter<'_>, proof: &Proof, depth: usize) -> fmt::Result {
    write!(f, "{:indent$}{} ", "", if proof.truth { "yes" } else { "no " }, indent = 2 * depth)?;
    let mut below = |word: &str, parts: &[Proof]| {
        writeln!(f, "{word}")?;
        parts.iter().try_for_each(|part| write_proof(f, part, depth + 1))
    };
    match &proof.step {
        Step::All(parts) => below("all of", parts),
        Step::Any(parts) => below("any of", parts),
        Step::Not(inner) => below("not", std::slice::from_ref(inner)),
        Step::Audience(name, inner) => {
            below(&format!("in audience {name}"), std::slice::from_ref(inner))
        }
        Step::Predicate(finding) => write_finding(f, finding, depth + 2),
    }
}

fn write_finding(f: &mut fmt::Formatter<'_>, finding: &Finding, depth: usize) -> fmt::Result {
    let Finding { text, value, evidence, n_evidence, place, progress } = finding;
    match value {
        Value::Bool(_) => writeln!(f, "{text}")?,
        value => writeln!(f, "{text}: {}", words::value(value))?,
    }
    if let Some(place) = place {
        writeln!(f, "{:indent$}{place}", "", indent = 2 * depth)?;
    }
    if let Some(progress) = progress {
        writeln!(f, "{:indent$}{progress}", "", indent = 2 * depth)?;
        if let Some(next) = &progress.next {
            writeln!(f, "{:indent$}next: {next}", "", indent = 2 * depth)?;
        }
    }
    let shown = evidence.len().min(SHOWN_MAX);
    for Evidence { id, name, when, source } in &evidence[..shown] {
        writeln!(f, "{:indent$}{when} {name} from {source} ({id})", "", indent = 2 * depth)?;
    }
    match n_evidence - shown {
        0 => Ok(()),
        more => writeln!(f, "{:indent$}and {more} earlier", "", indent = 2 * depth),
    }
}
