//! Orders of people by a value, cut where parts of them begin and where they end.
//!
//! Nobody is put in order but those next to whom it is cut.

use super::answer::{Told, by_chunk, jobs};
use super::nth::{Key, nth};
use super::plan::tree::{Expr, Read};
use super::rank::key;
use super::slot::{Numbers, Places};
use super::source::{ScanError, Source};
use super::value::{Here, numbers, value};
use crate::index::Seats;
use crate::model::{Decimal, Kind};
use crate::query::predicate::{self, Cut, PersonLeaf, Rank, Size};
use std::sync::Arc;

/// So many spans of keys are looked for at once: as many as a cut in five has besides the rest.
const AT_ONCE: usize = 4;

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

/// Who is in each rank of each order: keys by chunk of people, then where each order is
/// cut, then those between, by chunk again.
pub fn cut(
    told: &Told<'_>,
    orders: &[Order<'_>],
    source: &Source<'_>,
) -> Result<Vec<Vec<Seats>>, ScanError> {
    let read = |n: usize| (&told.exprs[n], orders[n].ranks[0].reads);
    let cuts = |n: usize| orders[n].ranks.iter().map(|rank| rank.cut);
    let keyed = by_chunk(source, &told.people, |people| {
        let Some(chunk) = people.chunks().next() else { return Vec::new() };
        let people = Arc::new(Places::of(people, chunk));
        let of_order = |n| Keyed::of(read(n), &people, told, source);
        (0..orders.len()).map(of_order).collect::<Vec<_>>()
    })?;
    let spans = jobs(source, orders.len(), |n| {
        let parts: Vec<&Keys> = keyed.iter().map(|chunk| &chunk[n].keys).collect();
        spans(&parts, cuts(n))
    })?;
    let inside = jobs(source, keyed.len(), |chunk| {
        let orders = keyed[chunk].iter().zip(&spans);
        orders.map(|(keyed, spans)| keyed.inside(spans)).collect::<Vec<_>>()
    })?;
    let of_rank =
        |n: usize, rank: usize| Seats::of_chunks(inside.iter().map(|chunk| chunk[n][rank].clone()));
    Ok((0..orders.len())
        .map(|n| cuts(n).enumerate().map(|(rank, _)| of_rank(n, rank)).collect())
        .collect())
}

/// Those of a chunk who have a value, and a whole number in the order of the values.
struct Keyed {
    people: Arc<Places>,
    keys: Keys,
}

/// Most are small.
enum Keys {
    Small(Vec<i64>),
    Large(Vec<i128>),
}

impl Keyed {
    fn of(
        (expr, reads): (&Expr, Kind),
        people: &Arc<Places>,
        told: &Told<'_>,
        source: &Source<'_>,
    ) -> Keyed {
        let table = &told.table;
        match (reads, expr) {
            (Kind::Number, _) => match numbers(expr, people, table) {
                Some(Numbers::Whole(whole)) => {
                    let keys = Keys::of_units(whole, Decimal::from(1).billionths());
                    return Keyed { people: people.clone(), keys };
                }
                Some(Numbers::Small(small)) => {
                    return Keyed { people: people.clone(), keys: Keys::Small(small) };
                }
                Some(Numbers::Any(any)) => {
                    let keys = any.iter().map(|n| n.map(Decimal::billionths)).collect();
                    return Keyed::of_known(people, keys, Keys::of);
                }
                None => {}
            },
            (Kind::Instant, Expr::Read(Read::Slot { slot, steps, declared: None }))
                if steps.is_empty() =>
            {
                if let Some(instants) = table.instants(*slot, people) {
                    return Keyed::of_known(people, instants, Keys::Small);
                }
            }
            _ => {}
        }
        let here = |seat: &u32| Here::of(*seat, table, source.identity, told.plan.now);
        let keys =
            people.seats().iter().map(|seat| key(&value(expr, &here(seat)), reads)).collect();
        Keyed::of_known(people, keys, Keys::of)
    }

    /// Who has none is not ranked.
    fn of_known<K: Copy>(
        people: &Arc<Places>,
        keys: Vec<Option<K>>,
        of: impl Fn(Vec<K>) -> Keys,
    ) -> Keyed {
        let known: Vec<K> = keys.iter().copied().flatten().collect();
        let people = match known.len() == people.len() {
            true => people.clone(),
            false => {
                let known = people.chosen(|place| keys[place].is_some());
                Arc::new(Places::of(&known, people.chunk()))
            }
        };
        Keyed { people, keys: of(known) }
    }

    /// Who lies in each of these spans of keys, both ends included.
    fn inside(&self, spans: &[Option<(i128, i128)>]) -> Vec<Seats> {
        match &self.keys {
            Keys::Large(keys) => self.between(keys, spans),
            Keys::Small(keys) => {
                let ends = (i64::MIN.into(), i64::MAX.into());
                let small = |(least, most): (i128, i128)| {
                    let (least, most) = (least.max(ends.0), most.min(ends.1));
                    (least <= most).then_some((least as i64, most as i64))
                };
                let spans: Vec<_> = spans.iter().map(|span| span.and_then(small)).collect();
                self.between(keys, &spans)
            }
        }
    }

    fn between<K: Key>(&self, keys: &[K], spans: &[Option<(K, K)>]) -> Vec<Seats> {
        let of_some = |some: &[Option<(K, K)>]| {
            let mut ends = [K::NOTHING; AT_ONCE];
            for (end, span) in ends.iter_mut().zip(some) {
                *end = span.unwrap_or(K::NOTHING);
            }
            self.people.between(keys, &ends).into_iter().take(some.len()).collect::<Vec<_>>()
        };
        spans.chunks(AT_ONCE).flat_map(of_some).collect()
    }
}

impl Keys {
    fn of(keys: Vec<i128>) -> Keys {
        match keys.iter().map(|key| i64::try_from(*key)).collect::<Result<Vec<i64>, _>>() {
            Ok(small) => Keys::Small(small),
            Err(_) => Keys::Large(keys),
        }
    }

    /// Of numbers of so many billionths each.
    fn of_units(mut numbers: Vec<i64>, unit: i128) -> Keys {
        let unit = unit as i64;
        let (least, most) = (i64::MIN / unit, i64::MAX / unit);
        if numbers.iter().all(|n| (least..=most).contains(n)) {
            numbers.iter_mut().for_each(|n| *n *= unit);
            return Keys::Small(numbers);
        }
        Keys::Large(numbers.into_iter().map(|n| i128::from(n) * i128::from(unit)).collect())
    }

    fn len(&self) -> usize {
        match self {
            Keys::Small(keys) => keys.len(),
            Keys::Large(keys) => keys.len(),
        }
    }

    fn wide(&self) -> Vec<i128> {
        match self {
            Keys::Small(keys) => keys.iter().map(|key| i128::from(*key)).collect(),
            Keys::Large(keys) => keys.clone(),
        }
    }
}

/// Which keys each part of an order has, both ends included; none if nobody is in it.
fn spans(parts: &[&Keys], cuts: impl Iterator<Item = Cut> + Clone) -> Vec<Option<(i128, i128)>> {
    let n = parts.iter().map(|keys| keys.len()).sum();
    let mut places: Vec<usize> = cuts.clone().flat_map(|cut| places(cut, n)).collect();
    places.sort_unstable();
    places.dedup();
    let small = parts.iter().map(|keys| match keys {
        Keys::Small(keys) => Some(&keys[..]),
        Keys::Large(_) => None,
    });
    let nth: Vec<i128> = match small.collect::<Option<Vec<&[i64]>>>() {
        Some(small) => nth(&small, &places).into_iter().map(i128::from).collect(),
        None => {
            let wide: Vec<Vec<i128>> = parts.iter().map(|keys| keys.wide()).collect();
            nth(&wide.iter().map(Vec::as_slice).collect::<Vec<_>>(), &places)
        }
    };
    let at = |place: usize| places.binary_search(&place).ok().map(|place| nth[place]);
    let span_of = |cut: Cut| {
        let (from, to) = span(cut, n);
        let most = at(to.checked_sub(1).filter(|last| from <= *last)?)?;
        let least = match cut {
            // Whoever is tied with the least of them is as near to the top.
            Cut::Top(_) => at(from)?,
            // Whoever is tied with the one before is not.
            _ => from.checked_sub(1).and_then(at).map_or(i128::MIN, |before| before + 1),
        };
        Some((least, most))
    };
    cuts.map(span_of).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::predicate::Size;

    /// The keys inside, of these.
    fn check(cut: Cut, keys: &[i128], inside: &[i128]) {
        // In one part, and in several.
        for n_keys in [keys.len().max(1), 2] {
            for beyond in [0, i128::from(i64::MAX)] {
                let parts: Vec<Keys> = keys
                    .chunks(n_keys)
                    .map(|keys| Keys::of(keys.iter().map(|key| key + beyond).collect()))
                    .collect();
                let parts: Vec<&Keys> = parts.iter().collect();
                let spans = spans(&parts, [cut].into_iter());
                let is_inside = |key: &&i128| {
                    let key = **key + beyond;
                    spans[0].is_some_and(|(least, most)| least <= key && key <= most)
                };
                let found: Vec<i128> = keys.iter().filter(is_inside).copied().collect();
                assert_eq!(found, inside, "{cut:?}");
            }
        }
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
