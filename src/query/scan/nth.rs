//! What stands at some places of an order, without putting anything in order: keys are
//! counted by ranges of equal width, and only those of a range in which a place lies are
//! looked at again.

/// Ranges at a time, as a power of two.
const RANGE_BITS: u32 = 11;
const N_RANGES: usize = 1 << RANGE_BITS;
/// So few keys are put in order.
const FEW: usize = 1_024;

/// What is ordered.
pub trait Key: Copy + Ord {
    /// A span in which nothing lies.
    const NOTHING: (Self, Self);

    /// How many bits the distance of two has, of which the other is not less.
    fn bits_to(self, other: Self) -> u32;

    /// The distance to one that is not less, without its lowest bits.
    fn steps_to(self, other: Self, bits: u32) -> usize;
}

impl Key for i64 {
    const NOTHING: (i64, i64) = (i64::MAX, i64::MIN);

    fn bits_to(self, other: i64) -> u32 {
        64 - (other.wrapping_sub(self) as u64).leading_zeros()
    }

    #[inline]
    fn steps_to(self, other: i64, bits: u32) -> usize {
        (other.wrapping_sub(self) as u64 >> bits) as usize
    }
}

impl Key for i128 {
    const NOTHING: (i128, i128) = (i128::MAX, i128::MIN);

    fn bits_to(self, other: i128) -> u32 {
        128 - (other.wrapping_sub(self) as u128).leading_zeros()
    }

    #[inline]
    fn steps_to(self, other: i128, bits: u32) -> usize {
        (other.wrapping_sub(self) as u128 >> bits) as usize
    }
}

/// The keys at these places of the order of all of them; places ascend, and are below the
/// number of keys.
pub fn nth<K: Key>(parts: &[&[K]], places: &[usize]) -> Vec<K> {
    let mut found = Vec::with_capacity(places.len());
    find(parts, 0, places, &mut found);
    found
}

/// The same of keys before which there are so many.
fn find<K: Key>(parts: &[&[K]], before: usize, places: &[usize], found: &mut Vec<K>) {
    let n_keys: usize = parts.iter().map(|part| part.len()).sum();
    if n_keys <= FEW {
        let mut keys = parts.concat();
        keys.sort_unstable();
        return found.extend(places.iter().map(|place| keys[place - before]));
    }
    let Some((least, most)) = ends(parts) else { return };
    if least == most {
        return found.extend(places.iter().map(|_| least));
    }
    let ranges = Ranges { least, bits: least.bits_to(most).saturating_sub(RANGE_BITS) };
    let mut wanted = ranges.wanted(parts, before, places);
    ranges.fill(parts, &mut wanted);
    for Wanted { before, places, keys, .. } in wanted {
        find(&[&keys], before, places, found);
    }
}

/// The least and the greatest.
fn ends<K: Key>(parts: &[&[K]]) -> Option<(K, K)> {
    let first = *parts.iter().find_map(|part| part.first())?;
    let (mut least, mut most) = (first, first);
    for part in parts {
        for key in *part {
            least = least.min(*key);
            most = most.max(*key);
        }
    }
    Some((least, most))
}

/// Ranges of keys from the least on, each as wide as some low bits tell apart.
struct Ranges<K> {
    least: K,
    bits: u32,
}

/// A range in which places lie that are asked for.
struct Wanted<'p, K> {
    range: usize,
    /// How many keys are less than all of it.
    before: usize,
    places: &'p [usize],
    keys: Vec<K>,
}

impl<K: Key> Ranges<K> {
    fn wanted<'p>(
        &self,
        parts: &[&[K]],
        mut before: usize,
        mut places: &'p [usize],
    ) -> Vec<Wanted<'p, K>> {
        let mut counts = [0u32; N_RANGES];
        for part in parts {
            for key in *part {
                counts[self.least.steps_to(*key, self.bits) % N_RANGES] += 1;
            }
        }
        let mut wanted = Vec::new();
        for (range, count) in counts.into_iter().enumerate() {
            let n_keys = count as usize;
            let n_places = places.partition_point(|place| *place < before + n_keys);
            let (of_range, beyond) = places.split_at(n_places);
            if !of_range.is_empty() {
                let keys = Vec::with_capacity(n_keys);
                wanted.push(Wanted { range, before, places: of_range, keys });
            }
            (before, places) = (before + n_keys, beyond);
        }
        wanted
    }

    /// Keys go to their range, if it is wanted.
    fn fill(&self, parts: &[&[K]], wanted: &mut [Wanted<'_, K>]) {
        let mut which = [u32::MAX; N_RANGES];
        for (n, of) in wanted.iter().enumerate() {
            which[of.range] = n as u32;
        }
        for part in parts {
            for key in *part {
                let range = self.least.steps_to(*key, self.bits) % N_RANGES;
                if let Some(of) = wanted.get_mut(which[range] as usize) {
                    of.keys.push(*key);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_at_a_place_is_what_sorting_puts_there() {
        let mut seed = 7u64;
        let mut roll = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            seed >> 20
        };
        // All the same, many ties, wide ones, and a few that are far from all others.
        for spread in [1, 40, 1 << 40, u64::MAX >> 20] {
            let mut keys: Vec<i64> = (0..9_000).map(|_| (roll() % spread) as i64 - 20).collect();
            keys.extend([i64::MIN, i64::MAX].iter().filter(|_| spread > 40));
            let wide: Vec<i128> = keys.iter().map(|key| i128::from(*key) << 60).collect();
            let (mut sorted, n) = (keys.clone(), keys.len());
            sorted.sort_unstable();
            let places = [0, 1, 7, 1_799, 1_800, 4_500, 8_999, n - 1];
            let right: Vec<i64> = places.iter().map(|place| sorted[*place]).collect();
            let parts: Vec<&[i64]> = keys.chunks(1_300).collect();
            assert_eq!(nth(&parts, &places), right, "{spread}");
            let right: Vec<i128> = right.iter().map(|key| i128::from(*key) << 60).collect();
            assert_eq!(nth(&[&[], &wide], &places), right, "{spread}");
        }
        assert_eq!(nth(&[&[5i64, 3], &[4]], &[0, 1, 2]), [3, 4, 5]);
        assert!(nth::<i64>(&[], &[]).is_empty());
    }
}
