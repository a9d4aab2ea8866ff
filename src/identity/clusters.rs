//! Clusters: what links could ever have joined, limits, vetoes and tenures left aside.
//!
//! A cluster only grows, until somebody in it is forgotten. It is what a late
//! claim folds again.

use crate::model::Timestamp;
use crate::shelf::Column;

/// A union-find over birth numbers, with the members of each cluster in a ring.
#[derive(Clone, Debug, Default)]
pub(super) struct Clusters {
    pub(super) links: Column<Link>,
    /// By the number that stands for its cluster: the claim that comes last.
    /// Apart and small, since every claim writes it and a view copies what is written.
    pub(super) last: Column<Packed>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    /// Above whom a number stands, and the next in its ring.
    pub(super) above: u32,
    pub(super) next: u32,
    /// How many the cluster has, where the number stands for it.
    pub(super) n_members: u32,
}

/// The claim of a cluster that comes last in the order of claims, its time too,
/// so that a claim in order is told without a look at an older one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Last {
    pub(super) when: Timestamp,
    pub(super) place: ClaimPlace,
}

/// [`Last`] in 12 bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packed {
    pub(super) when: [u32; 2],
    pub(super) place: Option<ClaimPlace>,
}

/// Where a claim is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ClaimPlace(std::num::NonZeroU32);

impl ClaimPlace {
    pub(super) fn new(place: usize) -> ClaimPlace {
        let from_one = u32::try_from(place + 1).expect("four billion claims do not fit in memory");
        ClaimPlace(std::num::NonZeroU32::new(from_one).expect("it counts from one"))
    }

    pub(super) fn get(self) -> usize {
        self.0.get() as usize - 1
    }
}

impl Clusters {
    /// Numbers up to this one stand alone until they are united.
    pub(super) fn admit(&mut self, number: u32) {
        while self.links.len() <= number as usize {
            let alone = self.links.len() as u32;
            self.links.push(Link { above: alone, next: alone, n_members: 1 });
            self.last.push(Packed::from(None));
        }
    }

    /// The number that stands for the cluster.
    pub(super) fn root(&self, number: u32) -> u32 {
        let mut at = number;
        loop {
            match self.link(at).above {
                above if above == at => return at,
                above => at = above,
            }
        }
    }

    /// Above whom a number stands, if there is such a number.
    pub(super) fn root_ahead(&self, number: u32) -> u32 {
        self.links.get(number as usize).map_or(0, |link| link.above)
    }

    /// A part of what is known of a root's last claim, if there is such a number.
    pub(super) fn last_ahead(&self, root: u32) -> u32 {
        self.last.get(root as usize).map_or(0, |last| last.when[0])
    }

    /// Everybody in the cluster.
    pub(super) fn members(&self, number: u32) -> Vec<u32> {
        let mut members = vec![number];
        let mut at = self.link(number).next;
        while at != number {
            members.push(at);
            at = self.link(at).next;
        }
        members
    }

    pub(super) fn is_alone(&self, number: u32) -> bool {
        self.link(number).next == number
    }

    /// The roots of all clusters of more than one.
    pub(super) fn several(&self) -> impl Iterator<Item = u32> + '_ {
        let numbered = self.links.iter().enumerate();
        let roots = numbered.filter(|(number, link)| link.above as usize == *number);
        roots.map(|(number, _)| number as u32).filter(|number| !self.is_alone(*number))
    }

    /// Makes two clusters one, the smaller below the larger, and gives its root.
    /// `last` says which of the last claims comes later.
    pub(super) fn unite(&mut self, a: u32, b: u32, later: impl Fn(Last, Last) -> Last) -> u32 {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return a;
        }
        let (left, right) = (self.link(a), self.link(b));
        let (root, below) = if left.n_members >= right.n_members { (a, b) } else { (b, a) };
        let last = match (self.last(a), self.last(b)) {
            (Some(left), Some(right)) => Some(later(left, right)),
            (left, right) => left.or(right),
        };
        self.set_last(root, last);
        let (next, n_members) = (self.link(root).next, left.n_members + right.n_members);
        let absorbed = self.link(below);
        *self.link_mut(below) = Link { above: root, next, ..absorbed };
        *self.link_mut(root) = Link { above: root, next: absorbed.next, n_members };
        root
    }

    /// Takes a cluster apart, so that each stands alone.
    pub(super) fn part(&mut self, members: &[u32]) {
        for member in members {
            *self.link_mut(*member) = Link { above: *member, next: *member, n_members: 1 };
            self.set_last(*member, None);
        }
    }

    pub(super) fn last(&self, root: u32) -> Option<Last> {
        self.last.get(root as usize).copied().and_then(Packed::last)
    }

    pub(super) fn set_last(&mut self, root: u32, last: Option<Last>) {
        *self.last.get_mut(root as usize).expect("every number was admitted") = Packed::from(last);
    }

    fn link(&self, number: u32) -> Link {
        *self.links.get(number as usize).expect("every number was admitted")
    }

    fn link_mut(&mut self, number: u32) -> &mut Link {
        self.links.get_mut(number as usize).expect("every number was admitted")
    }
}

impl Packed {
    pub(super) fn from(last: Option<Last>) -> Packed {
        let ms = last.map_or(0, |last| last.when.millis()) as u64;
        Packed { when: [(ms >> 32) as u32, ms as u32], place: last.map(|last| last.place) }
    }

    fn last(self) -> Option<Last> {
        let ms = (u64::from(self.when[0]) << 32 | u64::from(self.when[1])) as i64;
        Some(Last { place: self.place?, when: Timestamp::saturating_from_millis(ms) })
    }
}
