//! A plan as it is shown before it is done.

use super::{Act, Moves, Plan, Planned};
use crate::model::{counted, grouped};
use std::fmt;

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.steps.iter().try_for_each(|step| writeln!(f, "{step}"))?;
        let (create, drop) = (self.n(Act::Create), self.n(Act::Drop));
        let change = self.n(Act::Change);
        let follow = match self.n(Act::Follow) {
            0 => String::new(),
            n => format!(", {} what is changed", followers(n)),
        };
        writeln!(
            f,
            "{} to create, {} to change, {} to drop{follow}; {}",
            grouped(create),
            grouped(change),
            grouped(drop),
            stay(self.n_same)
        )
    }
}

fn followers(n: u64) -> String {
    if n == 1 { "1 follows".to_owned() } else { format!("{} follow", grouped(n)) }
}

fn stay(n: u64) -> String {
    if n == 1 { "1 stays as it is".to_owned() } else { format!("{} stay as they are", grouped(n)) }
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.act {
            Act::Create => '+',
            Act::Change => '~',
            Act::Follow => '>',
            Act::Drop => '-',
        };
        write!(f, "{sign} {} `{}`", self.kind, self.name)?;
        let moves = self.moves.map(|moves| said(self.act, moves));
        let said: Vec<&str> = moves.as_deref().into_iter().chain(self.note.as_deref()).collect();
        if said.is_empty() { Ok(()) } else { write!(f, ": {}", said.join("; ")) }
    }
}

fn said(act: Act, Moves { enter, leave, people }: Moves) -> String {
    let enters = if enter == 1 { "1 enters".into() } else { format!("{} enter", grouped(enter)) };
    let leaves = if leave == 1 { "1 leaves".into() } else { format!("{} leave", grouped(leave)) };
    let people = counted(people, "person", "people");
    match act {
        Act::Create => people,
        Act::Drop => leaves,
        Act::Change | Act::Follow => format!("{enters}, {leaves}, {people} then"),
    }
}
