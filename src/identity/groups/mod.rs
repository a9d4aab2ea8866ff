//! Groups of tenures as they are now: joined, handed over, refused, one claim after another.
//!
//! Each group has a slot, a birth number in it, and its tenures in a ring.

mod limits;
mod nodes;
mod owners;
mod rings;
mod slots;
mod steps;

pub(super) use nodes::{Later, Node, Standing, Tenure};
pub use owners::{NOBODY, PARTED};
pub(super) use steps::Step;

use crate::shelf::{Column, Table};

#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    pub(super) nodes: Column<Node>,
    pub(super) later: Column<Later>,
    /// A later tenure that is free to be used again; the others hang on it.
    pub(super) free: Option<Tenure>,
    pub(super) groups: Column<Group>,
    owners: Column<u32>,
    /// Who may not be joined with whom, both ways.
    pub(super) vetoes: Table<u32, Vec<u32>>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    /// The least birth number that names it.
    pub(super) name: u32,
    pub(super) n_tenures: u32,
    /// A bit per personal namespace that has a value which counts.
    pub(super) has: u64,
    pub(super) vetoed: bool,
}

/// The bit that all namespaces beyond the 63rd share.
const SHARED_BIT: u32 = 63;

impl Groups {
    /// Roughly the bytes of memory held.
    pub(super) fn memory(&self) -> usize {
        self.nodes.memory()
            + self.later.memory()
            + self.groups.memory()
            + self.owners.memory()
            + self.vetoes.memory()
    }

    /// Numbers given so far, and the place 0 that no number has.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }
}
