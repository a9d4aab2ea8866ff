//! Where a person stands: how many are ahead, of how many, and where the part is cut.

use super::super::holds::{Seen, Standing, at_most, standing};
use super::super::predicate::{Cut, Rank};
use super::super::words;
use crate::model::{Value, counted};
use std::fmt;

/// A person's place among those who are ranked.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// How many have a greater value, and how many a smaller one; none if the
    /// person is not among those who are ranked.
    pub ahead_and_behind: Option<(usize, usize)>,
    /// How many are ranked.
    pub n: usize,
    /// The least value inside, where there is somebody below the part.
    pub least: Option<Value>,
    /// The greatest value inside, where there is somebody above it.
    pub greatest: Option<Value>,
}

impl Ranked {
    pub(super) fn of(rank: &Rank, seen: Seen<'_>) -> Ranked {
        let all = seen.person.others.ranked(rank, seen.now);
        // What orders people by what decays is no value that anybody knows.
        let (least, greatest) = match rank.decayed() {
            None => ends(rank.cut, &all),
            Some(_) => (None, None),
        };
        let standing = standing(rank, seen);
        let place = |it: Standing| (it.more(), it.less());
        Ranked { ahead_and_behind: standing.map(place), n: all.len(), least, greatest }
    }

    /// Which values are inside, as others stand.
    pub(super) fn way(&self) -> Option<String> {
        let inside = self.inside()?;
        Some(match self.ahead_and_behind {
            Some(_) => inside,
            None => format!("among those who are ranked, {inside}"),
        })
    }

    fn inside(&self) -> Option<String> {
        match (&self.least, &self.greatest) {
            (Some(least), Some(greatest)) => {
                let (least, greatest) = (words::value(least), words::value(greatest));
                Some(format!("inside from {least} to {greatest}"))
            }
            (Some(least), None) => Some(format!("inside from {} on", words::value(least))),
            (None, Some(greatest)) => Some(format!("inside up to {}", words::value(greatest))),
            (None, None) => None,
        }
    }
}

impl fmt::Display for Ranked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = counted(self.n as u64, "person", "people");
        match self.ahead_and_behind {
            Some((ahead, behind)) => write!(f, "{ahead} ahead and {behind} behind, of {n}")?,
            None => write!(f, "not among the {n} who are ranked")?,
        }
        self.inside().map_or(Ok(()), |inside| write!(f, "; {inside}"))
    }
}

/// The least and the greatest value of a part; none where the part has no such end.
fn ends(cut: Cut, all: &[Value]) -> (Option<Value>, Option<Value>) {
    let n = all.len();
    let held = |n_inside: u128| usize::try_from(n_inside).map_or(n, |held| held.min(n));
    let at = |place: usize| all.get(place).cloned();
    match cut {
        Cut::Top(size) => (at(n - held(at_most(size, n))), None),
        Cut::Bottom(size) => (None, held(at_most(size, n)).checked_sub(1).and_then(at)),
        Cut::Part { number, of } => {
            let [from, to] = [number - 1, number].map(|q| (q as usize * n).div_ceil(of as usize));
            // Whoever is tied with somebody before them is in the part before.
            let first = (from..to).find(|place| *place == 0 || all[*place] != all[*place - 1]);
            (first.and_then(at), first.and_then(|_| at(to - 1)))
        }
    }
}
