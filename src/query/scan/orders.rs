//! Orders of people by a value, cut where parts of them begin and where they end.
//!
//! Nobody is put in order but those next to whom it is cut.

use super::answer::Told;
use super::choose::of_chunk;
use super::plan::tree::{Expr, Read};
use super::rank::key;
use super::slot::Numbers;
use super::source::{ScanError, Source};
use super::value::{Here, numbers, value};
use crate::index::Seats;
use crate::model::{Kind, Ordinal};
use crate::query::predicate::{self, Cut, PersonLeaf, Rank, Size};
use std::sync::OnceLock;

/// Ranks that cut one order: by the same value, read as the same kind.
pub struct Order<'c> {
    /// At least one.
    pub ranks: Vec<&'c Rank>,
}

impl<'c> Order<'c> {
    pub fn is_of(&self, rank: &Rank) -> bool {
        let first = self.ranks[0];
        first.reads == rank.reads && first.value == rank.value
    }

    pub fn value(&self) -> &'c predicate::Expr<PersonLeaf> {
        &self.ranks[0].value
    }
}

/// Who is in each rank of each order, a job for an order.
pub fn cut(
    told: &Told<'_>,
    orders: &[Order<'_>],
    source: &Source<'_>,
) -> Result<Vec<Vec<Seats>>, ScanError> {
    let seats: Vec<u32> = told.people.iter().map(|seat| seat.0).collect();
    let done: Vec<OnceLock<Vec<Seats>>> = orders.iter().map(|_| OnceLock::new()).collect();
    (source.run)(orders.len(), &|n| {
        if !(source.stop)() {
            done[n].get_or_init(|| {
                let (expr, ranks) = (&told.exprs[n], &orders[n].ranks);
                let cuts: Vec<Cut> = ranks.iter().map(|rank| rank.cut).collect();
                let (seats, keys) = keyed((expr, ranks[0].reads), &seats, told, source);
                members(&seats, &keys, &cuts)
            });
        }
    });
    done.into_iter().map(|done| done.into_inner().ok_or(ScanError::Cancelled)).collect()
}

/// Who of these people has a value, and a whole number in the order of the values.
fn keyed(
    (expr, reads): (&Expr, Kind),
    seats: &[u32],
    told: &Told<'_>,
    source: &Source<'_>,
) -> (Vec<u32>, Vec<i128>) {
    let at_once = match reads {
        Kind::Number => numbers(expr, seats, &told.table).map(keys_of),
        Kind::Instant => instants(expr, seats, told),
        _ => None,
    };
    let keys = at_once.unwrap_or_else(|| {
        let of = |seat: &u32| Here::of(*seat, &told.table, source.identity, told.plan.now);
        seats.iter().map(|seat| key(&value(expr, &of(seat)), reads)).collect()
    });
    seats.iter().zip(keys).filter_map(|(seat, key)| Some((*seat, key?))).unzip()
}

fn keys_of(numbers: Numbers) -> Vec<Option<i128>> {
    match numbers {
        Numbers::Whole(whole) => whole.into_iter().map(|n| Some(i128::from(n))).collect(),
        Numbers::Any(any) => any.into_iter().map(|n| n.map(|n| n.billionths())).collect(),
    }
}

/// The instants of a slot.
fn instants(expr: &Expr, seats: &[u32], told: &Told<'_>) -> Option<Vec<Option<i128>>> {
    match expr {
        Expr::Read(Read::Slot { slot, steps, declared: None }) if steps.is_empty() => {
            let instants = told.table.instants(*slot, seats)?;
            Some(instants.into_iter().map(|at| at.map(i128::from)).collect())
        }
        _ => None,
    }
}

/// Who lies in each part of an order. Most keys are small.
fn members(seats: &[u32], keys: &[i128], cuts: &[Cut]) -> Vec<Seats> {
    let small = keys.iter().map(|key| i64::try_from(*key).ok().filter(|key| *key > i64::MIN));
    match small.collect::<Option<Vec<i64>>>() {
        Some(small) => inside(seats, &small, cuts, i64::MIN),
        None => inside(seats, keys, cuts, i128::MIN),
    }
}

/// The same; `before` is less than every key.
fn inside<K: Copy + Ord>(seats: &[u32], keys: &[K], cuts: &[Cut], before: K) -> Vec<Seats> {
    let n = keys.len();
    let mut places: Vec<usize> = cuts.iter().flat_map(|cut| places(*cut, n)).collect();
    places.sort_unstable();
    places.dedup();
    let mut nth = vec![before; places.len()];
    select(&mut keys.to_vec(), 0, &places, &mut nth);
    let at = |place: usize| places.binary_search(&place).map_or(before, |place| nth[place]);
    let mut found = Vec::with_capacity(cuts.len());
    for cut in cuts {
        let (from, to) = span(*cut, n);
        if from >= to {
            found.push(Seats::default());
            continue;
        }
        let most = at(to - 1);
        found.push(match cut {
            // Whoever is tied with the least of them is as near to the top.
            Cut::Top(_) => those(seats, keys, (at(from), most), |least, key| least <= key),
            _ if from == 0 => those(seats, keys, (before, most), |after, key| after < key),
            _ => those(seats, keys, (at(from - 1), most), |after, key| after < key),
        });
    }
    found
}

/// Those whose key is on the right side of one, and not above another. Whoever has
/// the key of somebody inside is inside, so ties stay together.
fn those<K: Copy + Ord>(
    seats: &[u32],
    keys: &[K],
    (low, most): (K, K),
    is_above: impl Fn(K, K) -> bool,
) -> Seats {
    let mut parts = Vec::new();
    let mut first = 0;
    while let Some(seat) = seats.get(first) {
        let chunk = Ordinal(*seat).chunk();
        let end = first + seats[first..].partition_point(|seat| Ordinal(*seat).chunk() == chunk);
        let own = seats[first..end].iter().zip(&keys[first..end]);
        parts.push(of_chunk(
            chunk,
            own.map(|(seat, key)| (*seat, is_above(low, *key) & (*key <= most))),
        ));
        first = end;
    }
    Seats::of_chunks(parts)
}

/// From so many people with smaller values on, and below so many.
fn span(cut: Cut, n: usize) -> (usize, usize) {
    let how_many = |size: Size| match size {
        Size::Count(count) => usize::try_from(count).map_or(n, |count| count.min(n)),
        Size::Share(share) => {
            let exact = share.billionths() * n as i128;
            (exact / 1_000_000_000) as usize + usize::from(exact % 1_000_000_000 != 0)
        }
    };
    match cut {
        Cut::Top(size) => (n - how_many(size), n),
        Cut::Bottom(size) => (0, how_many(size)),
        Cut::Part { number, of } => {
            let edge = |q: u32| (q as usize * n).div_ceil(of as usize);
            (edge(number.saturating_sub(1)), edge(number))
        }
    }
}

/// Whose keys have to be known to cut there, by their place in the order.
fn places(cut: Cut, n: usize) -> Vec<usize> {
    let (from, to) = span(cut, n);
    let first = if matches!(cut, Cut::Top(_)) { Some(from) } else { from.checked_sub(1) };
    if from >= to { Vec::new() } else { first.into_iter().chain([to - 1]).collect() }
}

/// The keys at some places of the order, which ascend; `first` is that of the least key.
fn select<K: Copy + Ord>(keys: &mut [K], first: usize, places: &[usize], nth: &mut [K]) {
    let half = places.len() / 2;
    let Some(middle) = places.get(half) else { return };
    let (below, at, above) = keys.select_nth_unstable(middle - first);
    nth[half] = *at;
    let (left, right) = nth.split_at_mut(half);
    select(below, first, &places[..half], left);
    select(above, middle + 1, &places[half + 1..], &mut right[1..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::predicate::Size;

    /// The keys inside, of these.
    fn check(cut: Cut, keys: &[i128], inside: &[i128]) {
        let seats: Vec<u32> = (1..=keys.len() as u32).collect();
        let found = members(&seats, keys, &[cut]);
        let of = |seat: Ordinal| keys[seat.0 as usize - 1];
        let found: Vec<i128> = found[0].iter().map(of).collect();
        assert_eq!(found, inside, "{cut:?}");
    }

    #[test]
    fn a_share_is_rounded_up_and_ties_stay_together() {
        let share = |text: &str| Size::Share(text.parse().unwrap());
        check(Cut::Top(share("0.1")), &[1, 2, 3], &[3]);
        check(Cut::Top(share("0.34")), &[1, 2, 3], &[2, 3]);
        check(Cut::Top(share("0.34")), &[1, 3, 3], &[3, 3]);
        check(Cut::Top(share("1")), &[1, 3, 3], &[1, 3, 3]);
        check(Cut::Top(Size::Count(1)), &[5, 5, 5], &[5, 5, 5]);
        check(Cut::Top(Size::Count(9)), &[1, 2], &[1, 2]);
        check(Cut::Bottom(Size::Count(2)), &[1, 2, 2, 3], &[1, 2, 2]);
        check(Cut::Bottom(Size::Count(2)), &[], &[]);
        // 7% of 100 are 7, which arithmetic in floating point does not say.
        let hundred: Vec<i128> = (1..=100).collect();
        check(Cut::Bottom(share("0.07")), &hundred, &hundred[..7]);
    }

    #[test]
    fn parts_tile_the_order() {
        let part = |number, of| Cut::Part { number, of };
        let keys = [1, 2, 3, 4, 5, 6, 7];
        for (number, inside) in [(1, &keys[..2]), (2, &keys[2..3]), (5, &keys[6..])] {
            check(part(number, 5), &keys, inside);
        }
        // Three people in five parts: the second and the third begin at 0.67 and 1.33.
        check(part(1, 5), &[7, 8, 9], &[7]);
        check(part(2, 5), &[7, 8, 9], &[8]);
        check(part(3, 5), &[7, 8, 9], &[]);
        check(part(4, 5), &[7, 8, 9], &[9]);
        check(part(1, 4), &[7, 7, 7, 9], &[7, 7, 7]);
        check(part(2, 4), &[7, 7, 7, 9], &[]);
    }
}
