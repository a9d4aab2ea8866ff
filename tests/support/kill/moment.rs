//! When a child is killed.

use crate::support::generate::Random;
use std::fmt;
use std::str::FromStr;

/// A moment in a phase, which is what the engine calls a span of its traces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    pub phase: String,
    /// How often the phase is let pass before.
    pub skip: u64,
    /// At which of its steps it is held, each a write that has just been made.
    /// None: it runs on, and the kill comes at any time after its begin.
    pub step: Option<u64>,
}

impl Moment {
    /// Some moment of a phase.
    pub fn any(phase: &str, random: &mut Random) -> Moment {
        // A directory is opened once, everything else comes again and again,
        // and can be held at a later step when it does.
        let (skip, n_steps) = match phase {
            "sweep" => (0, 3),
            "open" | "derive" => (0, 12),
            "rebuild" => (0, 30),
            _ => (random.below(4), 16),
        };
        Moment {
            phase: phase.to_owned(),
            skip,
            step: (!random.chance(3)).then(|| random.below(n_steps)),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = self.step.map_or_else(|| "-".to_owned(), |step| step.to_string());
        write!(f, "{} {} {step}", self.phase, self.skip)
    }
}

impl FromStr for Moment {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Moment, Self::Err> {
        let mut words = text.split(' ');
        let mut word = || words.next().unwrap_or_default();
        let (phase, skip, step) = (word().to_owned(), word().parse()?, word());
        let step = (step != "-").then(|| step.parse()).transpose()?;
        Ok(Moment { phase, skip, step })
    }
}
