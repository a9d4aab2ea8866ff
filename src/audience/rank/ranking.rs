//! One order of people, and the parts of it that are asked for.

use super::column::Column;
use super::cut::Part;
use super::ladder::Ladder;
use crate::audience::delta::Cause;
use crate::model::{Kind, Value};
use crate::query::predicate::{Condition, Cut, Expr, PersonLeaf};

/// An order of people by a value. The value of a person is told when it changes,
/// and whether they are ranked; both may happen many times before the parts are
/// settled.
#[derive(Debug)]
pub(in crate::audience) struct Ranking {
    /// What gives the order: it moves at no other time than when it is told.
    pub(in crate::audience) by: Expr<PersonLeaf>,
    /// The kind that is ordered.
    pub(in crate::audience) reads: Kind,
    /// Whether a greater one of these stands lower.
    pub(in crate::audience) falls: bool,
    /// Who is ranked.
    pub(in crate::audience) among: Condition,
    /// The node of those who are ranked and have a value.
    pub(in crate::audience) population: u32,
    /// One that ranks people by how others rank them has a higher one.
    pub(in crate::audience) stratum: u32,
    /// Why the order moved since it was settled.
    pub(in crate::audience) cause: Option<Cause>,
    /// Whether it moved since somebody said why.
    pub(in crate::audience) is_stirred: bool,
    /// Entries and buckets that were looked at.
    pub(in crate::audience) n_touched: u64,
    keys: Column,
    ladder: Ladder,
    /// By place whether it is in the order.
    inside: Vec<u64>,
    /// Places that have moved.
    touched: Vec<u32>,
    /// By question the part that it asks for.
    parts: Vec<(u32, Part)>,
}

impl Ranking {
    pub(in crate::audience) fn new(
        by: Expr<PersonLeaf>,
        (reads, falls): (Kind, bool),
        among: Condition,
    ) -> Ranking {
        Ranking {
            by,
            reads,
            falls,
            among,
            population: u32::MAX,
            stratum: 0,
            cause: None,
            is_stirred: false,
            n_touched: 0,
            keys: Column::default(),
            ladder: Ladder::default(),
            inside: Vec::new(),
            touched: Vec::new(),
            parts: Vec::new(),
        }
    }

    /// A question asks for a part from here on.
    pub(in crate::audience) fn cut(&mut self, question: u32, cut: Cut) {
        self.parts.push((question, Part::new(cut)));
    }

    /// A question is no more; gives whether nobody asks any longer.
    pub(in crate::audience) fn uncut(&mut self, question: u32) -> bool {
        self.parts.retain(|(other, _)| *other != question);
        self.parts.is_empty()
    }

    /// The parts that are asked for, each with who asks.
    pub(in crate::audience) fn cuts(&self) -> Vec<(u32, Cut)> {
        self.parts.iter().map(|(question, part)| (*question, part.cut())).collect()
    }

    /// The key of the person of a place.
    pub(in crate::audience) fn key_of(&self, place: usize) -> Option<i128> {
        self.keys.get(place as u32)
    }

    /// A whole number in the order of the values; none for what is not ordered.
    pub(in crate::audience) fn key(&self, value: &Value) -> Option<i128> {
        let key = match (value, self.reads) {
            (Value::Number(number), Kind::Number) => number.billionths(),
            (Value::Instant(at), Kind::Instant) => at.millis().into(),
            (Value::Date(date), Kind::Date) => date.days().into(),
            _ => return None,
        };
        Some(if self.falls { -key } else { key })
    }

    /// The value of somebody is that from here on.
    pub(in crate::audience) fn told(&mut self, place: usize, key: Option<i128>) {
        let place = place as u32;
        if self.keys.get(place) == key {
            return;
        }
        let was_in = self.is_in(place);
        self.leave(place as usize);
        self.keys.set(place, key);
        if was_in {
            self.enter(place as usize);
        }
    }

    /// Somebody is ranked from here on.
    pub(in crate::audience) fn enter(&mut self, place: usize) {
        let number = place as u32;
        let Some(key) = self.keys.get(number).filter(|_| !self.is_in(number)) else { return };
        if self.inside.len() <= place / 64 {
            self.inside.resize(place / 64 + 1, 0);
        }
        self.inside[place / 64] |= 1 << (place % 64);
        self.ladder.insert(number, &self.keys);
        self.moved(number, key, true);
    }

    /// Somebody is ranked no longer.
    pub(in crate::audience) fn leave(&mut self, place: usize) {
        let number = place as u32;
        let Some(key) = self.keys.get(number).filter(|_| self.is_in(number)) else { return };
        self.inside[place / 64] &= !(1 << (place % 64));
        self.ladder.remove(number, &self.keys);
        self.moved(number, key, false);
    }

    fn is_in(&self, place: u32) -> bool {
        let word = self.inside.get(place as usize / 64);
        word.is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    fn moved(&mut self, place: u32, key: i128, came: bool) {
        self.parts.iter_mut().for_each(|(_, part)| part.note(key, came));
        self.n_touched += 1;
        self.is_stirred = true;
        if self.touched.last() != Some(&place) {
            self.touched.push(place);
        }
    }

    /// Whether parts have to be looked for again.
    pub(in crate::audience) fn is_open(&self) -> bool {
        !self.touched.is_empty() || self.parts.iter().any(|(_, part)| part.is_new)
    }

    /// Finds every part again. Each question is told of everyone who may have
    /// entered or left its part, and where they are now.
    pub(in crate::audience) fn settle(&mut self, tell: &mut dyn FnMut(u32, usize, bool)) {
        let mut touched = std::mem::take(&mut self.touched);
        touched.sort_unstable();
        touched.dedup();
        let mut parts = std::mem::take(&mut self.parts);
        for (question, part) in &mut parts {
            let ranges = part.settle(&self.ladder, &self.keys, &mut self.n_touched);
            let is_inside = |place: u32| {
                let key = self.keys.get(place).filter(|_| self.is_in(place));
                key.is_some_and(|key| part.keys.contains(&key))
            };
            let mut n_told = touched.len() as u64;
            touched.iter().for_each(|place| tell(*question, *place as usize, is_inside(*place)));
            for range in ranges.into_iter().filter(|range| !range.is_empty()) {
                for place in self.ladder.between(range, &self.keys) {
                    tell(*question, place as usize, is_inside(place));
                    n_told += 1;
                }
            }
            self.n_touched += n_told;
        }
        self.parts = parts;
    }

    /// Bytes of memory.
    pub(in crate::audience) fn bytes(&self) -> usize {
        self.keys.bytes() + self.ladder.bytes() + self.inside.capacity() * 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::predicate::{Size, Tree};
    use std::collections::{BTreeMap, BTreeSet};

    /// Who is inside by counting, straight from what a part means.
    fn plain(keys: &BTreeMap<usize, i128>, cut: Cut) -> BTreeSet<usize> {
        let n = keys.len();
        let k = |size: Size| match size {
            Size::Count(count) => count as usize,
            Size::Share(share) => {
                (share.billionths() * n as i128).div_euclid(1_000_000_000) as usize
                    + usize::from(share.billionths() * n as i128 % 1_000_000_000 != 0)
            }
        };
        let is_in = |key: i128| {
            let less = keys.values().filter(|other| **other < key).count();
            let more = keys.values().filter(|other| **other > key).count();
            match cut {
                Cut::Top(size) => more < k(size),
                Cut::Bottom(size) => less < k(size),
                Cut::Part { number, of } => 1 + of as usize * less / n == number as usize,
            }
        };
        keys.iter().filter(|(_, key)| is_in(**key)).map(|(place, _)| *place).collect()
    }

    fn ranking() -> Ranking {
        Ranking::new(Expr::Literal(Value::Null), (Kind::Number, false), Tree::always())
    }

    #[test]
    fn whoever_moves_and_whomever_they_pass_is_told_and_nobody_else() {
        let share = |text: &str| Size::Share(text.parse().unwrap());
        let cuts = [
            Cut::Top(share("0.1")),
            Cut::Top(Size::Count(3)),
            Cut::Bottom(share("0.333333333")),
            Cut::Part { number: 1, of: 5 },
            Cut::Part { number: 3, of: 4 },
            Cut::Part { number: 10, of: 10 },
        ];
        for spread in [3, 40, 1_000_000] {
            let mut seed: u64 = spread;
            let mut below = |end: u64| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (seed >> 33) % end
            };
            let mut ranking = ranking();
            cuts.iter().enumerate().for_each(|(n, cut)| ranking.cut(n as u32, *cut));
            let (mut keys, mut inside) = (BTreeMap::new(), vec![BTreeSet::new(); cuts.len()]);
            for _ in 0..400 {
                for _ in 0..below(4) {
                    let (place, key) = (below(70) as usize, i128::from(below(spread)));
                    ranking.told(place, Some(key));
                    if below(3) == 0 {
                        ranking.leave(place);
                        keys.remove(&place);
                    } else {
                        ranking.enter(place);
                        keys.insert(place, key);
                    }
                }
                ranking.settle(&mut |question, place, is_in| {
                    let inside: &mut BTreeSet<usize> = &mut inside[question as usize];
                    if is_in {
                        inside.insert(place)
                    } else {
                        inside.remove(&place)
                    };
                });
                for (cut, inside) in cuts.iter().zip(&inside) {
                    assert_eq!(*inside, plain(&keys, *cut), "{cut:?} of {keys:?}");
                }
            }
        }
    }

    #[test]
    fn the_work_follows_the_change_and_not_how_many_there_are() {
        let work = |n: usize| {
            let mut ranking = ranking();
            ranking.cut(0, Cut::Top(Size::Share("0.05".parse().unwrap())));
            ranking.cut(1, Cut::Part { number: 5, of: 5 });
            for place in 0..n {
                // Spread evenly, without an order of places.
                let key = (place * 7_919 % n) as i128 * (1_000_000_000 / n as i128);
                ranking.told(place, Some(key));
                ranking.enter(place);
            }
            ranking.settle(&mut |_, _, _| {});
            let before = ranking.n_touched;
            for event in 0..2_000usize {
                let place = event * 104_729 % n;
                let key = (event * 15_485_863 % 1_000_000_000) as i128;
                ranking.told(place, Some(key));
                ranking.settle(&mut |_, _, _| {});
            }
            (ranking.n_touched - before) as f64 / 2_000.0
        };
        let (few, many) = (work(2_000), work(20_000));
        assert!(few < 12.0 && many < few * 1.3 && few < many * 1.3, "{few} and {many}");
    }
}
