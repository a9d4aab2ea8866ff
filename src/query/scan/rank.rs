//! Ranks: the value column of those who are ranked, cut where the part of the
//! order begins and where it ends.

use super::answer::{among, values};
use super::source::{ScanError, Source};
use crate::index::Seats;
use crate::model::{Kind, Timestamp, Value};
use crate::query::predicate::{Condition, Cut, Predicate, Rank, Size};
use std::collections::BTreeSet;

/// Who is in each rank that a condition names, the inner ones found before the outer.
#[derive(Default)]
pub struct Ranks<'c> {
    found: Vec<(&'c Rank, Seats)>,
    /// Audiences that were looked through already.
    seen: BTreeSet<usize>,
}

impl<'c> Ranks<'c> {
    /// Finds those of a condition, among everyone.
    pub fn of(
        condition: &'c Condition,
        everyone: &Seats,
        source: &Source<'_>,
        now: Timestamp,
    ) -> Result<Ranks<'c>, ScanError> {
        let mut ranks = Ranks::default();
        ranks.add(condition, everyone, source, now)?;
        Ok(ranks)
    }

    fn add(
        &mut self,
        condition: &'c Condition,
        everyone: &Seats,
        source: &Source<'_>,
        now: Timestamp,
    ) -> Result<(), ScanError> {
        for leaf in condition.leaves() {
            match leaf {
                Predicate::InAudience(audience)
                    if self.seen.insert(std::sync::Arc::as_ptr(audience) as usize) =>
                {
                    self.add(&audience.condition, everyone, source, now)?;
                }
                Predicate::Ranked(rank) if self.members(rank).is_none() => {
                    self.add(&rank.among, everyone, source, now)?;
                    let people = among(&rank.among, self, everyone, source, now)?;
                    let members = cut(rank, &people, source, now)?;
                    self.found.push((&**rank, members));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Who is in a rank, if it was found.
    pub fn members(&self, rank: &Rank) -> Option<&Seats> {
        self.found.iter().find(|(found, _)| *found == rank).map(|(_, members)| members)
    }
}

/// Those of the ranked whose value lies in the part.
fn cut(
    rank: &Rank,
    people: &Seats,
    source: &Source<'_>,
    now: Timestamp,
) -> Result<Seats, ScanError> {
    let rows = values(&[&rank.value], people, source, now)?;
    let keyed: Vec<_> = people
        .iter()
        .zip(rows)
        .filter_map(|(seat, row)| Some((seat, key(row.first()?, rank.reads)?)))
        .collect();
    let mut keys: Vec<i128> = keyed.iter().map(|(_, key)| *key).collect();
    let Some((least, greatest)) = bounds(rank.cut, &mut keys) else { return Ok(Seats::default()) };
    let inside = keyed.iter().filter(|(_, key)| least <= *key && *key <= greatest);
    Ok(inside.map(|(seat, _)| *seat).collect())
}

/// The values of those who are ranked, ascending.
pub fn ranked(
    rank: &Rank,
    everyone: &Seats,
    source: &Source<'_>,
    now: Timestamp,
) -> Result<Vec<Value>, ScanError> {
    let ranks = Ranks::of(&rank.among, everyone, source, now)?;
    let people = among(&rank.among, &ranks, everyone, source, now)?;
    let rows = values(&[&rank.value], &people, source, now)?;
    let known = rows.into_iter().flatten().filter_map(|it| Some((key(&it, rank.reads)?, it)));
    let mut all: Vec<(i128, Value)> = known.collect();
    all.sort_by_key(|(key, _)| *key);
    Ok(all.into_iter().map(|(_, value)| value).collect())
}

/// A whole number in the order of the values of one kind.
fn key(value: &Value, reads: Kind) -> Option<i128> {
    match (value, reads) {
        (Value::Number(number), Kind::Number) => Some(number.billionths()),
        (Value::Instant(at), Kind::Instant) => Some(at.millis().into()),
        (Value::Date(date), Kind::Date) => Some(date.days().into()),
        _ => None,
    }
}

/// The least and the greatest key of a part. Whoever has the key of somebody
/// inside is inside, so ties stay together.
fn bounds(cut: Cut, keys: &mut [i128]) -> Option<(i128, i128)> {
    let n = keys.len();
    let how_many = |size: Size| match size {
        Size::Count(count) => usize::try_from(count).map_or(n, |count| count.min(n)),
        Size::Share(share) => {
            let exact = share.billionths() * n as i128;
            (exact / 1_000_000_000) as usize + usize::from(exact % 1_000_000_000 != 0)
        }
    };
    // From so many people with smaller values on, and below so many.
    let [from, to] = match cut {
        Cut::Top(size) => [n - how_many(size), n],
        Cut::Bottom(size) => [0, how_many(size)],
        Cut::Part { number, of } => {
            [number.saturating_sub(1), number].map(|q| (q as usize * n).div_ceil(of as usize))
        }
    };
    if from >= to {
        return None;
    }
    let mut nth = |place: usize| *keys.select_nth_unstable(place).1;
    let least = match cut {
        // Whoever is tied with the least of them is as near to the top.
        Cut::Top(_) => nth(from),
        _ if from == 0 => i128::MIN,
        _ => nth(from - 1) + 1,
    };
    Some((least, nth(to - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys inside, of these.
    fn check(cut: Cut, keys: &[i128], inside: &[i128]) {
        let found = bounds(cut, &mut keys.to_vec());
        let is_in = |key: &&i128| found.is_some_and(|(a, b)| a <= **key && **key <= b);
        assert_eq!(keys.iter().filter(is_in).copied().collect::<Vec<_>>(), inside, "{cut:?}");
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
