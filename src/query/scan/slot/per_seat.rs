//! Something for each seat: dense in the chunk of a job, sparse elsewhere.

use crate::model::Ordinal;
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// Something for each seat; what was never touched is as it was by default.
#[derive(Clone, Debug, Default)]
pub struct PerSeat<T> {
    /// The only chunk that is dense; none if all are.
    home: Option<usize>,
    chunks: Vec<Vec<T>>,
    far: HashMap<u32, T, FixedState>,
}

impl<T: Clone + Default> PerSeat<T> {
    /// Dense in one chunk: most rows of a chunk of origins belong to its own seats.
    pub fn at_home(chunk: u32) -> PerSeat<T> {
        PerSeat { home: Some(chunk as usize), chunks: Vec::new(), far: HashMap::default() }
    }

    /// What a seat has.
    #[inline]
    pub fn at(&mut self, seat: u32) -> &mut T {
        let (chunk, place) = split(seat);
        if self.home.is_some_and(|home| home != chunk) {
            return self.far.entry(seat).or_default();
        }
        if self.chunks.len() <= chunk {
            self.chunks.resize(chunk + 1, Vec::new());
        }
        let dense = &mut self.chunks[chunk];
        if dense.len() <= place {
            dense.resize((place + 1).next_power_of_two(), T::default());
        }
        &mut dense[place]
    }

    pub fn get(&self, seat: u32) -> Option<&T> {
        let (chunk, place) = split(seat);
        self.chunks.get(chunk)?.get(place)
    }

    /// Takes in what another has, seat by seat; it is dense everywhere after that.
    pub fn absorb(&mut self, other: PerSeat<T>, mut join: impl FnMut(&mut T, T)) {
        self.home = None;
        for (chunk, dense) in other.chunks.into_iter().enumerate() {
            if dense.is_empty() {
                continue;
            }
            if self.chunks.len() <= chunk {
                self.chunks.resize(chunk + 1, Vec::new());
            }
            let own = &mut self.chunks[chunk];
            if own.is_empty() {
                *own = dense;
                continue;
            }
            if own.len() < dense.len() {
                own.resize(dense.len(), T::default());
            }
            own.iter_mut().zip(dense).for_each(|(own, other)| join(own, other));
        }
        for (seat, other) in other.far {
            join(self.at(seat), other);
        }
    }

    /// The same, to be changed.
    pub fn each_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.chunks.iter_mut().flatten()
    }

    /// Every seat that may have something.
    pub fn each(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flatten()
    }
}

fn split(seat: u32) -> (usize, usize) {
    let (chunk, place) = (seat / Ordinal::PER_CHUNK, seat % Ordinal::PER_CHUNK);
    (chunk as usize, place as usize)
}
