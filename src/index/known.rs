//! What is known of everybody: one value for each seat, coded.
//!
//! Values are words of a dictionary, in the order of their size, so that most
//! tests let a range of codes through. Numbers of which there are many are
//! their own codes. Of few words it is kept who has each.

use super::Seats;
use super::codes::Codes;
use super::holders::Holders;
use super::seats::CHUNK_WORDS;
use crate::model::{Decimal, Ordinal, Value};
use foldhash::fast::FixedState;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Different numbers that are worth a word each.
const FEW: usize = 2_048;
/// Bits that the difference of two numbers may have.
const BITS: u32 = 40;
/// Ranges of codes that are looked for one by one.
const RANGES: usize = 12;

/// A value for each seat; where nothing is known there is none. A clone shares
/// every page until it is written.
///
/// ```
/// use throng::index::{Known, Passing};
/// use throng::model::{Ordinal, Value};
/// let mut known = Known::of([(Ordinal(3), "DK".into()), (Ordinal(9), "SK".into())]);
/// known.set(Ordinal(3), "SK".into());
/// known.set(Ordinal(9), Value::Null);
/// assert_eq!([3, 9].map(|seat| known.get(Ordinal(seat))), ["SK".into(), Value::Null]);
/// let is_sk = |value: &Value| *value == Value::text("SK");
/// let sk = known.holders(0, &known.judge(&is_sk), &Passing::Each(&is_sk));
/// assert!(sk.iter().eq([Ordinal(3)]));
/// ```
#[derive(Clone, Debug)]
pub struct Known {
    codes: Codes,
    words: Arc<Words>,
    holders: Holders,
    many: Option<Many>,
}

/// Which words of what is known pass a test.
#[derive(Clone, Debug)]
pub struct Judged {
    passing: Vec<bool>,
    ranges: Vec<(u64, u64)>,
}

/// Which numbers pass that have no words.
pub enum Passing<'p> {
    /// Those between two, in billionths, both included.
    Between(i128, i128),
    /// Those of which this says so.
    Each(&'p dyn Fn(&Value) -> bool),
}

/// The n-th word has the code n + 1.
#[derive(Clone, Debug, Default)]
struct Words {
    values: Vec<Value>,
    codes: HashMap<Value, u32, FixedState>,
    /// How many there were at first; those that came later have no order.
    n_sorted: usize,
}

/// Numbers that have no words: `base` plus so many units as the code says, less one.
#[derive(Clone, Debug)]
struct Many {
    base: i128,
    unit: i128,
    codes: Codes,
}

impl Known {
    /// The values of these seats, each met once.
    pub fn of(values: impl IntoIterator<Item = (Ordinal, Value)>) -> Known {
        let values: Vec<(Ordinal, Value)> = values.into_iter().collect();
        let many = Many::of(&values);
        let has_word = |value: &Value| {
            let number = many.as_ref().zip(billionths_of(value));
            number.is_none_or(|(many, number)| many.code(number).is_none())
        };
        let words = Words::of(values.iter().map(|(_, value)| value).filter(|it| has_word(it)));
        let n_words = words.values.len();
        let (codes, holders) = (Codes::default(), Holders::default());
        let mut known = Known { codes, words: Arc::new(words), holders, many };
        values.into_iter().for_each(|(seat, value)| known.set(seat, value));
        // Beside numbers that have no words a test looks at everybody anyway.
        if known.many.is_none() {
            known.holders = Holders::of(&known.codes, n_words);
        }
        known
    }

    /// What a seat has.
    pub fn get(&self, seat: Ordinal) -> Value {
        let code = self.codes.get(seat.0);
        if code > 0 {
            return self.words.values[code as usize - 1].clone();
        }
        let number = self.many.as_ref().and_then(|many| many.get(seat.0));
        number.map_or(Value::Null, Value::Number)
    }

    /// A seat has another value from here on.
    pub fn set(&mut self, seat: Ordinal, value: Value) {
        let mut code = 0;
        if let Some(many) = &mut self.many {
            code = billionths_of(&value).and_then(|number| many.code(number)).unwrap_or(0);
            many.codes.set(seat.0, code);
        }
        let has_word = code == 0 && !value.is_null();
        let word = if has_word { Words::code(&mut self.words, value) } else { 0 };
        if self.holders.are_kept() {
            self.holders.change(seat, self.codes.get(seat.0), word.into());
        }
        self.codes.set(seat.0, word.into());
    }

    /// Which words pass, each asked once: most tests ask that of few.
    pub fn judge(&self, passes: &dyn Fn(&Value) -> bool) -> Judged {
        let passing: Vec<bool> = self.words.values.iter().map(passes).collect();
        Judged { ranges: ranges(&passing), passing }
    }

    /// All who have a value that passes, where that is one word and it is kept who has it.
    pub fn holders_of_word(&self, judged: &Judged) -> Option<&Seats> {
        match judged.ranges[..] {
            [(first, last)] if first == last && self.many.is_none() => self.holders.of_word(first),
            _ => None,
        }
    }

    /// Those of a chunk who have a value that passes.
    pub fn holders(&self, chunk: u32, judged: &Judged, numbers: &Passing<'_>) -> Seats {
        let mut bits = [0; CHUNK_WORDS];
        self.mark(chunk, judged, numbers, &mut bits);
        Seats::of_chunk(chunk, &bits)
    }

    /// Sets the bits of those of a chunk who have a value that passes.
    pub fn mark(
        &self,
        chunk: u32,
        judged: &Judged,
        numbers: &Passing<'_>,
        bits: &mut [u64; CHUNK_WORDS],
    ) {
        self.spell(chunk, judged, bits);
        match (&self.many, numbers) {
            (None, _) => {}
            (Some(many), Passing::Between(least, most)) => {
                if let Some(codes) = many.codes_within(*least, *most) {
                    many.codes.between(chunk, codes, bits);
                }
            }
            (Some(many), Passing::Each(passes)) => {
                let passes = &mut |code| passes(&Value::Number(many.number(code)));
                many.codes.passing(chunk, passes, bits);
            }
        }
    }

    /// Whether so many words came later that it should be made anew.
    pub fn is_worn(&self) -> bool {
        self.words.values.len() > 2 * self.words.n_sorted + 1_024
    }

    /// Roughly the bytes of memory held.
    pub fn memory(&self) -> usize {
        let words = self.words.values.iter().map(|word| 2 * size_of::<Value>() + 16 + beyond(word));
        let many = self.many.as_ref().map_or(0, |many| many.codes.memory());
        self.codes.memory() + self.holders.memory() + many + words.sum::<usize>()
    }

    /// Adds whoever has a word that passes.
    fn spell(&self, chunk: u32, judged: &Judged, bits: &mut [u64; CHUNK_WORDS]) {
        if judged.ranges.len() <= RANGES {
            judged.ranges.iter().for_each(|range| self.codes.between(chunk, *range, bits));
            return;
        }
        let passes = &mut |code: u64| judged.passing.get(code as usize - 1) == Some(&true);
        self.codes.passing(chunk, passes, bits);
    }
}

/// The codes that pass, from the first to the last of each range.
fn ranges(passing: &[bool]) -> Vec<(u64, u64)> {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for (code, _) in (1..).zip(passing).filter(|(_, passes)| **passes) {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == code => *last = code,
            _ => ranges.push((code, code)),
        }
    }
    ranges
}

impl Words {
    fn of<'v>(values: impl Iterator<Item = &'v Value>) -> Words {
        let known = values.filter(|value| !value.is_null());
        let different: HashSet<&Value, FixedState> = known.collect();
        let mut values: Vec<Value> = different.into_iter().cloned().collect();
        values.sort_by(order);
        let codes = values.iter().cloned().zip(1..).collect();
        Words { n_sorted: values.len(), values, codes }
    }

    /// The code of a word, which is added where it is new.
    fn code(words: &mut Arc<Words>, value: Value) -> u32 {
        if let Some(code) = words.codes.get(&value) {
            return *code;
        }
        let words = Arc::make_mut(words);
        words.values.push(value.clone());
        let code = words.values.len() as u32;
        words.codes.insert(value, code);
        code
    }
}

/// By size, texts by their letters; what has no order keeps its place.
fn order(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.billionths().cmp(&b.billionths()),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Instant(a), Value::Instant(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.days().cmp(&b.days()),
        (Value::Duration(a), Value::Duration(b)) => a.cmp(b),
        _ => left.kind().cmp(&right.kind()),
    }
}

fn billionths_of(value: &Value) -> Option<i128> {
    match value {
        Value::Number(number) => Some(number.billionths()),
        _ => None,
    }
}

/// Bytes that a value holds outside of its place.
fn beyond(value: &Value) -> usize {
    match value {
        Value::Text(text) | Value::Digits(text) => 16 + text.len(),
        Value::List(list) => list.iter().map(|value| size_of::<Value>() + beyond(value)).sum(),
        Value::Object(object) => {
            object.iter().map(|(key, value)| 64 + key.len() + beyond(value)).sum()
        }
        _ => 0,
    }
}

impl Many {
    /// Where numbers begin and how far they are apart, if there are many different ones.
    fn of(values: &[(Ordinal, Value)]) -> Option<Many> {
        let all = || values.iter().filter_map(|(_, value)| billionths_of(value));
        let mut different: HashSet<i128, FixedState> = HashSet::default();
        all()
            .take_while(|number| {
                different.insert(*number);
                different.len() <= FEW
            })
            .for_each(drop);
        if different.len() <= FEW {
            return None;
        }
        let powers = (0..=Decimal::SCALE).rev().map(|zeros| 10_i128.pow(zeros));
        let unit = powers.into_iter().find(|unit| all().all(|number| number % unit == 0))?;
        let (base, most) = (all().min()? / unit, all().max()? / unit);
        let fits = most - base < 1 << BITS;
        fits.then(|| Many { base, unit, codes: Codes::default() })
    }

    fn code(&self, billionths: i128) -> Option<u64> {
        if billionths % self.unit != 0 {
            return None;
        }
        let units = (billionths / self.unit).checked_sub(self.base)?;
        (0..1 << BITS).contains(&units).then(|| units as u64 + 1)
    }

    fn number(&self, code: u64) -> Decimal {
        let billionths = (self.base + i128::from(code) - 1) * self.unit;
        Decimal::from_billionths(billionths).unwrap_or(Decimal::ZERO)
    }

    fn get(&self, seat: u32) -> Option<Decimal> {
        let code = self.codes.get(seat);
        (code > 0).then(|| self.number(code))
    }

    /// The codes of the numbers between two.
    fn codes_within(&self, least: i128, most: i128) -> Option<(u64, u64)> {
        let first = least.div_euclid(self.unit) + i128::from(least.rem_euclid(self.unit) != 0);
        let last = most.div_euclid(self.unit);
        let units = |number: i128| number.saturating_sub(self.base).clamp(-1, 1 << BITS);
        let (low, high) = (units(first).max(0) + 1, units(last) + 1);
        (1 <= high && low <= high).then_some((low as u64, high as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Value {
        Value::Number(text.parse().unwrap())
    }

    fn of(values: &[(u32, Value)]) -> Known {
        Known::of(values.iter().map(|(seat, value)| (Ordinal(*seat), value.clone())))
    }

    fn found(known: &Known, passes: &dyn Fn(&Value) -> bool) -> Vec<u32> {
        let judged = known.judge(passes);
        let found = [0, 1].map(|chunk| known.holders(chunk, &judged, &Passing::Each(passes)));
        found.iter().flat_map(Seats::iter).map(|seat| seat.0).collect()
    }

    /// Who is found by the sets of words is found by the codes.
    fn check_words(known: &Known) {
        for word in &known.words.values {
            let is_it = |value: &Value| value == word;
            let judged = known.judge(&is_it);
            if let Some(holders) = known.holders_of_word(&judged) {
                let holders: Vec<u32> = holders.iter().map(|seat| seat.0).collect();
                assert_eq!(holders, found(known, &is_it), "{word:?}");
            }
        }
    }

    /// What each seat has, one by one, and who is found.
    fn check(values: &[(u32, Value)], passes: &dyn Fn(&Value) -> bool) {
        let known = of(values);
        for (seat, value) in values {
            assert_eq!(known.get(Ordinal(*seat)), *value);
        }
        let right = values.iter().filter(|(_, value)| !value.is_null() && passes(value));
        let right: Vec<u32> = right.map(|(seat, _)| *seat).collect();
        assert_eq!(found(&known, passes), right);
        check_words(&known);
    }

    #[test]
    fn values_of_every_kind_lie_side_by_side() {
        let list = Value::List(vec![1.into(), "a".into()]);
        let mixed = [number("1.5"), "b".into(), Value::Null, list, true.into(), "a".into()];
        let values: Vec<(u32, Value)> =
            (0..70_000).step_by(997).map(|seat| (seat, mixed[seat as usize % 6].clone())).collect();
        check(&values, &|value| matches!(value, Value::Text(_) | Value::List(_)));
    }

    #[test]
    fn many_numbers_are_their_own_codes_and_the_others_are_words() {
        let value = |seat: u32| match seat % 50 {
            0 => "none".into(),
            1 => number("0.001"),
            2 => number("1000000"),
            n => Value::Number(Decimal::from(i64::from(seat) * i64::from(n) - 9_000)),
        };
        let values: Vec<(u32, Value)> = (1..9_000).map(|seat| (seat, value(seat))).collect();
        check(&values, &|value| billionths_of(value).is_some_and(|n| n % 7 == 0));
        let known = of(&values);
        assert!(known.many.is_some());
        for (least, most) in [(-5_500_000_000_001, 17_000_000_000), (1, 1), (i128::MIN, i128::MAX)]
        {
            let inside = |n: i128| least <= n && n <= most;
            let passes = |value: &Value| billionths_of(value).is_some_and(inside);
            let judged = known.judge(&passes);
            let within = known.holders(0, &judged, &Passing::Between(least, most));
            let each = known.holders(0, &judged, &Passing::Each(&passes));
            assert_eq!(within, each, "{least} to {most}");
        }
    }

    #[test]
    fn many_words_that_pass_here_and_there_are_all_found() {
        let values: Vec<(u32, Value)> =
            (1..5_000).map(|seat| (seat, Value::text(&format!("w{}", seat % 300)))).collect();
        check(&values, &|value| value.as_text().is_some_and(|text| text.ends_with('7')));
    }

    #[test]
    fn who_has_a_word_is_kept_while_words_are_few() {
        let word = |n: u32| Value::text(&format!("w{n}"));
        let mut known = of(&(1..100_000).map(|seat| (seat, word(seat % 40))).collect::<Vec<_>>());
        let kept = known.clone();
        let is_kept = |known: &Known, n: u32| {
            let judged = known.judge(&|value| *value == word(n));
            known.holders_of_word(&judged).map(Seats::len)
        };
        assert_eq!([0, 39].map(|n| is_kept(&known, n)), [Some(2_499), Some(2_500)]);
        for n in 0..64 {
            known.set(Ordinal(n + 70_000), word(n));
            known.set(Ordinal(n + 5), Value::Null);
        }
        check_words(&known);
        assert_eq!(is_kept(&known, 63), Some(1));
        known.set(Ordinal(9), word(64));
        assert_eq!([0, 64].map(|n| is_kept(&known, n)), [None; 2], "there are too many words");
        check_words(&kept);
        assert_eq!(is_kept(&kept, 0), Some(2_499));
    }

    #[test]
    fn what_is_set_later_is_found_like_what_was_there() {
        let mut known = Known::of([(Ordinal(1), number("3")), (Ordinal(2), "b".into())]);
        let kept = known.clone();
        known.set(Ordinal(1), "a".into());
        known.set(Ordinal(2), number("7"));
        known.set(Ordinal(70_000), "a".into());
        assert_eq!(found(&known, &|value| *value == Value::text("a")), [1, 70_000]);
        assert_eq!(known.get(Ordinal(2)), number("7"));
        assert_eq!([1, 2].map(|seat| kept.get(Ordinal(seat))), [number("3"), "b".into()]);
    }
}
