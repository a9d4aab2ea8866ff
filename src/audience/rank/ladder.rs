//! Places in the order of their keys, in counted buckets.
//!
//! A bucket holds some hundred places that follow one another, in order; keys
//! lie in the column. One that grows too large is parted in the middle, one
//! that has nearly run empty goes into its neighbour: however keys are spread,
//! an insertion is a search among buckets and one inside a bucket. Places of
//! one key are in the order of their numbers, so a tie of any size has buckets
//! of its own, and is stepped over bucket by bucket.

use super::column::Column;
use std::ops::Range;

/// Places that a bucket may hold.
const FULL: usize = 512;
/// With fewer, a bucket goes into its neighbour, if both together have room to spare.
const SPARSE: usize = 64;

/// A place and its key: no two are equal.
type Step = (i128, u32);

#[derive(Debug)]
struct Bucket {
    /// Not above any step in here, and above every step before.
    least: Step,
    places: Vec<u32>,
}

/// A position: that of the step with so many before it in a bucket. At the end
/// it lies behind the last bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    bucket: usize,
    at: usize,
}

/// All places that are in the order.
#[derive(Debug, Default)]
pub(super) struct Ladder {
    buckets: Vec<Bucket>,
    n: usize,
}

impl Ladder {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.n
    }

    /// The bucket that a step lies in, or would.
    fn bucket_of(&self, step: Step) -> usize {
        self.buckets.partition_point(|bucket| bucket.least <= step).saturating_sub(1)
    }

    /// Takes in a place, which has a key and is not here.
    pub(super) fn insert(&mut self, place: u32, keys: &Column) {
        let step = step(place, keys);
        if self.buckets.is_empty() {
            self.buckets.push(Bucket { least: step, places: Vec::new() });
        }
        let number = self.bucket_of(step);
        let bucket = &mut self.buckets[number];
        let at = bucket.places.partition_point(|other| self::step(*other, keys) < step);
        bucket.places.insert(at, place);
        bucket.least = bucket.least.min(step);
        self.n += 1;
        if bucket.places.len() > FULL {
            let places = bucket.places.split_off(FULL / 2);
            let least = self::step(places[0], keys);
            self.buckets.insert(number + 1, Bucket { least, places });
        }
    }

    /// Takes a place out, while it still has the key that it came in with.
    pub(super) fn remove(&mut self, place: u32, keys: &Column) {
        let step = step(place, keys);
        let number = self.bucket_of(step);
        let Some(bucket) = self.buckets.get_mut(number) else { return };
        let at = bucket.places.partition_point(|other| self::step(*other, keys) < step);
        if bucket.places.get(at) != Some(&place) {
            return;
        }
        bucket.places.remove(at);
        self.n -= 1;
        if bucket.places.len() < SPARSE {
            self.tidy(number);
        }
    }

    /// Joins a bucket to the one behind it, or to the one before it.
    fn tidy(&mut self, number: usize) {
        if self.buckets[number].places.is_empty() {
            self.buckets.remove(number);
            return;
        }
        let first = if number + 1 < self.buckets.len() { number } else { number.saturating_sub(1) };
        let Some(next) = self.buckets.get(first + 1) else { return };
        if self.buckets[first].places.len() + next.places.len() <= FULL / 2 {
            let next = self.buckets.remove(first + 1);
            self.buckets[first].places.extend(next.places);
        }
    }

    /// The first position with at least this key.
    pub(super) fn first_of(&self, key: i128, keys: &Column) -> Spot {
        let bucket = self.bucket_of((key, 0));
        let Some(found) = self.buckets.get(bucket) else { return Spot { bucket: 0, at: 0 } };
        let at = found.places.partition_point(|place| step(*place, keys) < (key, 0));
        self.settled(Spot { bucket, at })
    }

    /// A position behind the last of a bucket is the first of the next.
    fn settled(&self, spot: Spot) -> Spot {
        match self.buckets.get(spot.bucket) {
            Some(bucket) if spot.at == bucket.places.len() => {
                Spot { bucket: spot.bucket + 1, at: 0 }
            }
            _ => spot,
        }
    }

    /// So many positions further, or back; with it the buckets that were passed.
    pub(super) fn walk(&self, mut spot: Spot, mut by: isize) -> (Spot, usize) {
        let mut passed = 0;
        while by < 0 && spot.at < by.unsigned_abs() && spot.bucket > 0 {
            by += spot.at as isize;
            let bucket = spot.bucket - 1;
            spot = Spot { bucket, at: self.buckets[bucket].places.len() };
            passed += 1;
        }
        while let Some(bucket) = self.buckets.get(spot.bucket).filter(|_| by > 0) {
            let left = bucket.places.len() - spot.at;
            if (by as usize) < left {
                break;
            }
            by -= left as isize;
            spot = Spot { bucket: spot.bucket + 1, at: 0 };
            passed += 1;
        }
        let at = spot.at.saturating_add_signed(by);
        (self.settled(Spot { at, ..spot }), passed)
    }

    /// The place at a position.
    pub(super) fn place(&self, spot: Spot) -> Option<u32> {
        self.buckets.get(spot.bucket)?.places.get(spot.at).copied()
    }

    /// How many lie from one position up to another.
    pub(super) fn distance(&self, from: Spot, to: Spot) -> usize {
        let between = self.buckets.get(from.bucket..to.bucket).unwrap_or_default();
        between.iter().map(|bucket| bucket.places.len()).sum::<usize>() + to.at - from.at
    }

    /// The places with keys in a range.
    pub(super) fn between<'l>(
        &'l self,
        range: Range<i128>,
        keys: &'l Column,
    ) -> impl Iterator<Item = u32> + 'l {
        let from = self.first_of(range.start, keys);
        let buckets = self.buckets.get(from.bucket..).unwrap_or_default().iter().enumerate();
        let places = buckets.flat_map(move |(n, bucket)| {
            bucket.places[if n == 0 { from.at } else { 0 }..].iter().copied()
        });
        places.take_while(move |place| step(*place, keys).0 < range.end)
    }

    pub(super) fn bytes(&self) -> usize {
        let places = self.buckets.iter().map(|bucket| bucket.places.capacity() * 4);
        places.sum::<usize>() + self.buckets.capacity() * size_of::<Bucket>()
    }
}

fn step(place: u32, keys: &Column) -> Step {
    (keys.get(place).unwrap_or(i128::MIN), place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chance(seed: &mut u64, below: u64) -> u64 {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (*seed >> 33) % below
    }

    #[test]
    fn places_come_in_order_however_keys_are_spread() {
        // Many ties, then hardly any, then one tie of all.
        for spread in [7, 1 << 40, 1] {
            let (mut seed, mut ladder, mut keys) = (spread, Ladder::default(), Column::default());
            let mut plain: Vec<Step> = Vec::new();
            for n in 0..9_000u64 {
                let place = chance(&mut seed, 2_500) as u32;
                match plain.iter().position(|(_, other)| *other == place) {
                    Some(at) if n > 5_000 || n % 3 == 0 => {
                        ladder.remove(place, &keys);
                        plain.swap_remove(at);
                    }
                    Some(_) => {}
                    None if n > 7_000 => {}
                    None => {
                        let key = i128::from(chance(&mut seed, spread)) - 3;
                        keys.set(place, Some(key));
                        ladder.insert(place, &keys);
                        plain.push((key, place));
                    }
                }
                if n % 500 == 0 {
                    plain.sort_unstable();
                    agrees(&ladder, &keys, &plain, &mut seed);
                }
            }
        }
    }

    /// Whether every way through the ladder is the plain one.
    fn agrees(ladder: &Ladder, keys: &Column, plain: &[Step], seed: &mut u64) {
        assert_eq!(ladder.len(), plain.len());
        let all: Vec<u32> = ladder.between(i128::MIN..i128::MAX, keys).collect();
        assert_eq!(all, plain.iter().map(|step| step.1).collect::<Vec<_>>());
        assert!(ladder.buckets.iter().all(|bucket| bucket.places.len() <= FULL));
        assert!(ladder.buckets.len() <= 2 + 4 * plain.len() / SPARSE);
        for _ in 0..20 {
            let [from, to] = [(); 2].map(|()| chance(seed, plain.len() as u64 + 1) as usize);
            let start = ladder.first_of(i128::MIN, keys);
            let (here, _) = ladder.walk(start, from as isize);
            let (there, _) = ladder.walk(here, to as isize - from as isize);
            assert_eq!(ladder.place(there), plain.get(to).map(|step| step.1));
            assert_eq!(ladder.distance(start, there), to);
            if let Some((key, _)) = plain.get(from) {
                let first = plain.iter().position(|step| step.0 == *key).unwrap();
                assert_eq!(ladder.distance(start, ladder.first_of(*key, keys)), first);
            }
        }
    }
}
