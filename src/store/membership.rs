//! Who is in which audience, as the feed tells it.

use super::error::Damage;
use super::feed::{EntryKind, FeedEntry};
use crate::model::{Lsn, Text};
use std::collections::BTreeMap;

/// The members of every audience after some entry of the feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Membership {
    audiences: BTreeMap<Text, Members>,
    last: Option<Lsn>,
}

/// The members of one audience.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    /// The version of the definition that the last entry named.
    pub version: u32,
    chunks: BTreeMap<u16, Box<[u64; 1024]>>,
}

impl Membership {
    /// Folds entries, in their order, into who is in.
    pub fn fold(
        entries: impl IntoIterator<Item = Result<FeedEntry, Damage>>,
    ) -> Result<Membership, Damage> {
        let mut membership = Membership::default();
        for entry in entries {
            membership.apply(&entry?);
        }
        Ok(membership)
    }

    /// Takes in one more entry.
    pub fn apply(&mut self, entry: &FeedEntry) {
        self.last = Some(entry.lsn);
        if entry.kind == EntryKind::Dropped {
            self.audiences.remove(&entry.audience);
            return;
        }
        let members = self.audiences.entry(entry.audience.clone()).or_default();
        members.version = entry.version;
        entry.left.iter().for_each(|(seat, _)| members.remove(*seat));
        entry.entered.iter().for_each(|(seat, _)| members.insert(*seat));
    }

    /// The number of the last entry taken in.
    pub fn last(&self) -> Option<Lsn> {
        self.last
    }

    /// Each audience with its members, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&Text, &Members)> {
        self.audiences.iter()
    }

    /// The members of an audience.
    pub fn members(&self, audience: &str) -> Option<&Members> {
        self.audiences.get(audience)
    }
}

impl Members {
    /// Whether a seat is in.
    pub fn contains(&self, seat: u32) -> bool {
        let (chunk, word, bit) = place(seat);
        self.chunks.get(&chunk).is_some_and(|words| words[word] & bit != 0)
    }

    /// The seats in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        let words = self.chunks.iter().flat_map(|(chunk, words)| {
            let start = u32::from(*chunk) << 16;
            words.iter().enumerate().map(move |(word, bits)| (start + 64 * word as u32, *bits))
        });
        words.flat_map(|(start, bits)| {
            (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| start + bit)
        })
    }

    /// Those in it by chunk of 65,536 numbers, a bit for each.
    pub fn chunks(&self) -> impl Iterator<Item = (u32, &[u64; 1024])> {
        self.chunks.iter().map(|(chunk, words)| (u32::from(*chunk), &**words))
    }

    /// How many there are.
    pub fn len(&self) -> u64 {
        let words = self.chunks.values().flat_map(|words| words.iter());
        words.map(|word| u64::from(word.count_ones())).sum()
    }

    /// Whether nobody is in.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    fn insert(&mut self, seat: u32) {
        let (chunk, word, bit) = place(seat);
        self.chunks.entry(chunk).or_insert_with(|| Box::new([0; 1024]))[word] |= bit;
    }

    /// A chunk without members goes, so that equal members are equal values.
    fn remove(&mut self, seat: u32) {
        let (chunk, word, bit) = place(seat);
        let Some(words) = self.chunks.get_mut(&chunk) else { return };
        words[word] &= !bit;
        if words[word] == 0 && words.iter().all(|word| *word == 0) {
            self.chunks.remove(&chunk);
        }
    }
}

/// Chunk, word in it, and bit in that.
fn place(seat: u32) -> (u16, usize, u64) {
    ((seat >> 16) as u16, (seat as usize >> 6) & 1023, 1 << (seat & 63))
}
