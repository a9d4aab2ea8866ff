//! What is answered of people of whom nothing is kept: the same for each of them, so
//! that only those are asked of whom a question has something to look at.

use super::super::circuit::Circuit;
use super::super::eval::NEVER;
use super::super::keep::decide;
use super::super::people::Row;
use super::super::plan::Plan;

/// Answers to some questions about somebody of whom nothing is kept.
pub(super) struct Blank {
    /// The columns of the answers, a bit each, and which of them are yes.
    columns: Vec<u64>,
    ones: Vec<u64>,
    /// Questions whose answer time will change: the column of their clocks, and when.
    timed: Vec<(u32, u32, i64)>,
    /// By store, the questions that look at it.
    asks_of: Vec<Vec<u32>>,
    /// Questions that hang on who somebody is.
    always: Vec<u32>,
}

impl Blank {
    pub(super) fn of(circuit: &Circuit, asks: &[u32], now: i64) -> Blank {
        let mut blank = Blank {
            columns: Vec::new(),
            ones: Vec::new(),
            timed: Vec::new(),
            asks_of: vec![Vec::new(); circuit.stores.len()],
            always: Vec::new(),
        };
        for number in asks {
            let question = circuit.question(*number);
            if matches!(question.plan, Plan::Value { .. } | Plan::Drawn(_) | Plan::Rank) {
                blank.always.push(*number);
                continue;
            }
            let (holds, until) = decide(&question.plan, &[], now);
            blank.answer(question.column, holds);
            let clock = question.clock.filter(|_| until != NEVER);
            blank.timed.extend(clock.map(|clock| (*number, clock, until)));
            for kept in question.plan.kept() {
                blank.asks_of[kept.store as usize].push(*number);
            }
        }
        blank
    }

    fn answer(&mut self, column: u32, holds: bool) {
        let (word, bit) = (column as usize / 64, 1 << (column % 64));
        if self.columns.len() <= word {
            self.columns.resize(word + 1, 0);
            self.ones.resize(word + 1, 0);
        }
        self.columns[word] |= bit;
        self.ones[word] |= if holds { bit } else { 0 };
    }

    /// Answers as if nothing was kept of somebody, and says what is to be asked all the
    /// same; each question once.
    pub(super) fn put(&self, row: &mut Row<'_>, now: i64, asks: &mut Vec<u32>) {
        row.bits.put(&self.columns, &self.ones);
        asks.clear();
        for cell in &row.person.cells {
            asks.extend_from_slice(&self.asks_of[cell.store as usize]);
        }
        asks.sort_unstable();
        asks.dedup();
        for (number, clock, until) in &self.timed {
            if asks.binary_search(number).is_err() {
                row.person.until = row.person.until.min(*until);
                row.clock.set(*clock, now, *until);
            }
        }
        asks.extend_from_slice(&self.always);
    }
}
