//! Clusters: what links could ever have joined, limits, vetoes and tenures left aside.
//!
//! A cluster only grows, until somebody in it is forgotten. It is what a late
//! claim folds again.

use crate::shelf::Column;

/// A union-find over birth numbers, with the members of each cluster in a ring.
#[derive(Clone, Debug, Default)]
pub(super) struct Clusters {
    /// Above whom a number stands, and the next in its ring.
    pub(super) links: Column<Link>,
    pub(super) roots: Column<Root>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) above: u32,
    pub(super) next: u32,
}

/// What is kept for the number that stands for its cluster.
#[derive(Clone, Copy, Debug)]
pub(super) struct Root {
    pub(super) n_members: u32,
    pub(super) n_claims: u32,
    /// The place of the claim that comes last in the order of claims.
    pub(super) last: Option<ClaimPlace>,
}

/// Where a claim is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
            self.links.push(Link { above: alone, next: alone });
            self.roots.push(Root { n_members: 1, n_claims: 0, last: None });
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
    pub(super) fn unite(
        &mut self,
        a: u32,
        b: u32,
        later: impl Fn(ClaimPlace, ClaimPlace) -> ClaimPlace,
    ) -> u32 {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return a;
        }
        let (left, right) = (self.at(a), self.at(b));
        let (root, below) = if left.n_members >= right.n_members { (a, b) } else { (b, a) };
        let last = match (left.last, right.last) {
            (Some(left), Some(right)) => Some(later(left, right)),
            (left, right) => left.or(right),
        };
        *self.root_mut(root) = Root {
            n_members: left.n_members + right.n_members,
            n_claims: left.n_claims.saturating_add(right.n_claims),
            last,
        };
        self.link_mut(below).above = root;
        let (root_next, below_next) = (self.link(root).next, self.link(below).next);
        self.link_mut(root).next = below_next;
        self.link_mut(below).next = root_next;
        root
    }

    /// Takes a cluster apart, so that each stands alone.
    pub(super) fn part(&mut self, members: &[u32]) {
        for member in members {
            *self.link_mut(*member) = Link { above: *member, next: *member };
            *self.root_mut(*member) = Root { n_members: 1, n_claims: 0, last: None };
        }
    }

    pub(super) fn last(&self, root: u32) -> Option<ClaimPlace> {
        self.at(root).last
    }

    pub(super) fn n_claims(&self, root: u32) -> usize {
        self.at(root).n_claims as usize
    }

    /// One more claim; `last` where it is the last in order.
    pub(super) fn count(&mut self, root: u32, last: Option<ClaimPlace>) {
        let root = self.root_mut(root);
        root.n_claims = root.n_claims.saturating_add(1);
        root.last = last.or(root.last);
    }

    /// What a fold of all its claims found.
    pub(super) fn recount(&mut self, root: u32, n_claims: usize, last: Option<ClaimPlace>) {
        let root = self.root_mut(root);
        root.n_claims = u32::try_from(n_claims).unwrap_or(u32::MAX);
        root.last = last;
    }

    fn link(&self, number: u32) -> Link {
        *self.links.get(number as usize).expect("every number was admitted")
    }

    fn at(&self, number: u32) -> Root {
        *self.roots.get(number as usize).expect("every number was admitted")
    }

    fn link_mut(&mut self, number: u32) -> &mut Link {
        self.links.get_mut(number as usize).expect("every number was admitted")
    }

    fn root_mut(&mut self, number: u32) -> &mut Root {
        self.roots.get_mut(number as usize).expect("every number was admitted")
    }
}
