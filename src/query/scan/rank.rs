//! Ranks: the value column of those who are ranked, cut where the part of the
//! order begins and where it ends.

use super::answer::{among, values_by};
use super::plan::Plan;
use super::source::{ScanError, Source};
use crate::index::Seats;
use crate::model::{Kind, Timestamp, Value};
use crate::query::predicate::{Cut, Expr, PersonLeaf, Rank, Size};

/// Whoever exists, looked for only where somebody is ranked.
pub type Everyone<'a> = &'a dyn Fn() -> Result<Seats, ScanError>;

/// Who is in each rank that a question names, the inner ones found before the outer.
#[derive(Default)]
pub struct Ranks<'c> {
    found: Vec<(&'c Rank, Seats)>,
}

impl<'c> Ranks<'c> {
    /// Finds these among everyone; each stands behind those that it names itself.
    pub fn of(
        named: &[&'c Rank],
        everyone: Everyone<'_>,
        source: &Source<'_>,
        now: Timestamp,
    ) -> Result<Ranks<'c>, ScanError> {
        let mut ranks = Ranks::default();
        if named.is_empty() {
            return Ok(ranks);
        }
        let everyone = everyone()?;
        for rank in named {
            if ranks.members(rank).is_none() {
                let beside = ranks.beside(rank, named);
                ranks.cut(&beside, &everyone, source, now)?;
            }
        }
        Ok(ranks)
    }

    /// Those that are found with a rank: of the same people, by what is known already.
    fn beside(&self, rank: &Rank, named: &[&'c Rank]) -> Vec<&'c Rank> {
        let known = |inner: &Rank| self.members(inner).is_some();
        let mut beside: Vec<&Rank> = Vec::new();
        for other in named.iter().filter(|other| other.among == rank.among) {
            let is_new = !known(other) && !beside.contains(other);
            if is_new && other.inner().into_iter().all(known) {
                beside.push(other);
            }
        }
        beside
    }

    /// Cuts the orders of the same people, each value read once.
    fn cut(
        &mut self,
        ranks: &[&'c Rank],
        everyone: &Seats,
        source: &Source<'_>,
        now: Timestamp,
    ) -> Result<(), ScanError> {
        let Some(first) = ranks.first() else { return Ok(()) };
        let people = among(&first.among, self, everyone, source, now)?;
        let mut values: Vec<&Expr<PersonLeaf>> = Vec::new();
        let mut place_of = |value: &'c Expr<PersonLeaf>| {
            values.iter().position(|known| *known == value).unwrap_or_else(|| {
                values.push(value);
                values.len() - 1
            })
        };
        let places: Vec<usize> = ranks.iter().map(|rank| place_of(&rank.value)).collect();
        let rows =
            values_by(Plan::new(now, self).knowing(source.attributes), &values, &people, source)?;
        for (rank, place) in ranks.iter().zip(places) {
            self.found.push((rank, inside(rank, &people, rows.iter().map(|row| &row[place]))));
        }
        Ok(())
    }

    /// Who is in a rank, if it was found.
    pub fn members(&self, rank: &Rank) -> Option<&Seats> {
        self.found.iter().find(|(found, _)| *found == rank).map(|(_, members)| members)
    }
}

/// Those of the ranked whose value lies in the part.
fn inside<'v>(rank: &Rank, people: &Seats, values: impl Iterator<Item = &'v Value>) -> Seats {
    let keyed: Vec<_> = people
        .iter()
        .zip(values)
        .filter_map(|(seat, value)| Some((seat, key(value, rank.reads)?)))
        .collect();
    let mut keys: Vec<i128> = keyed.iter().map(|(_, key)| *key).collect();
    let Some((least, greatest)) = bounds(rank.cut, &mut keys) else { return Seats::default() };
    let inside = keyed.iter().filter(|(_, key)| least <= *key && *key <= greatest);
    inside.map(|(seat, _)| *seat).collect()
}

/// The values of those who are ranked, ascending.
pub fn ranked(
    rank: &Rank,
    everyone: &Seats,
    source: &Source<'_>,
    now: Timestamp,
) -> Result<Vec<Value>, ScanError> {
    let ranks = Ranks::of(&rank.inner(), &|| Ok(everyone.clone()), source, now)?;
    let people = among(&rank.among, &ranks, everyone, source, now)?;
    let rows = values_by(Plan::new(now, &ranks), &[&rank.value], &people, source)?;
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
