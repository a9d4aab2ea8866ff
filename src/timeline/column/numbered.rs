//! Texts that are numbers in a common dress: `p3776`, `/p/255`, `0042`, or an
//! instant in UTC. A dictionary of such takes a few bits for each.

use crate::model::Timestamp;
use crate::timeline::bytes::{
    Reader, pack, pack_ascending, packed, packed_ascending, put_text, put_varint,
};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Bytes that may stand before the number.
const PREFIX_BYTES_MAX: usize = 64;
/// Digits that every number of so many can have.
const DIGITS_MAX: usize = 18;
/// Fewer texts are kept as they are.
const TEXTS_MIN: usize = 8;

const DIGITS: u8 = 0;
const INSTANT: u8 = 1;

/// The dress.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Dress {
    /// A prefix, then a number of so many digits; 0: of as many as it needs.
    Digits { prefix: String, width: u8 },
    /// An instant as it is written here.
    Instant,
}

/// A dictionary of which most texts wear one dress.
#[derive(Debug)]
pub struct Numbered<'a> {
    dress: Dress,
    numbers: Vec<i64>,
    /// The texts that do not wear it.
    others: Vec<&'a str>,
    /// By place in the dictionary that it was made of, the place in this one.
    pub places: Vec<u32>,
    /// Whether the two are the same.
    pub keeps_order: bool,
}

impl<'a> Numbered<'a> {
    /// The dictionary, if that pays. Numbers are sorted, unless all must stay in their order.
    pub fn of(texts: &[&'a str], keep_order: bool) -> Option<Numbered<'a>> {
        let dress = (texts.len() >= TEXTS_MIN).then(|| Dress::of(texts)).flatten()?;
        let mut numbers: Vec<(i64, usize)> = Vec::with_capacity(texts.len());
        let mut others = Vec::new();
        for (place, text) in texts.iter().enumerate() {
            match dress.number(text) {
                Some(number) => numbers.push((number, place)),
                None => others.push((*text, place)),
            }
        }
        let keeps_order = keep_order && others.is_empty();
        if !keeps_order {
            numbers.sort_unstable();
        }
        let mut places = vec![0; texts.len()];
        let olds = numbers.iter().map(|(_, old)| old).chain(others.iter().map(|(_, old)| old));
        olds.zip(0..).for_each(|(old, new)| places[*old] = new);
        let pays = others.len() <= texts.len() / 4;
        pays.then(|| Numbered {
            dress,
            numbers: numbers.into_iter().map(|(number, _)| number).collect(),
            others: others.into_iter().map(|(text, _)| text).collect(),
            places,
            keeps_order,
        })
    }

    pub fn put(&self, out: &mut Vec<u8>) {
        self.dress.put(out);
        out.push(u8::from(self.keeps_order));
        put_varint(out, self.numbers.len() as u64);
        match self.keeps_order {
            true => pack(out, self.numbers.iter().copied()),
            false => pack_ascending(out, self.numbers.iter().copied()),
        }
        put_varint(out, self.others.len() as u64);
        self.others.iter().for_each(|text| put_text(out, text));
    }
}

/// The texts that [`Numbered::put`] wrote, at most so many, in one piece, and
/// where each of them ends.
pub fn read_numbered(reader: &mut Reader<'_>, n_max: usize) -> Option<(String, Vec<usize>)> {
    let dress = Dress::read(reader)?;
    let keeps_order = reader.byte()? == 1;
    let n_numbers = reader.below(n_max + 1)?;
    let numbers = match keeps_order {
        true => packed(reader, n_numbers)?,
        false => packed_ascending(reader, n_numbers)?,
    };
    let (mut text, mut ends) = (String::new(), Vec::with_capacity(n_numbers));
    for number in numbers {
        dress.put_on(number, &mut text)?;
        ends.push(text.len());
    }
    for _ in 0..reader.count(1)? {
        text.push_str(reader.text()?);
        ends.push(text.len());
    }
    Some((text, ends))
}

impl Dress {
    /// What most of the texts seem to wear.
    fn of(texts: &[&str]) -> Option<Dress> {
        if Dress::Instant.number(texts[0]).is_some() {
            return Some(Dress::Instant);
        }
        let mut prefixes: BTreeMap<&str, usize> = BTreeMap::new();
        for prefix in texts.iter().filter_map(|text| prefix(text)) {
            *prefixes.entry(prefix).or_default() += 1;
        }
        let (prefix, _) = prefixes.into_iter().max_by_key(|(_, n_texts)| *n_texts)?;
        let digits = || texts.iter().filter_map(|text| text.strip_prefix(prefix));
        let zero_led = digits().find(|digits| digits.len() > 1 && digits.starts_with('0'));
        let width = zero_led.map_or(0, |digits| digits.len().min(DIGITS_MAX));
        // One with a zero too many among others without does not decide.
        let n_as_wide = digits().filter(|digits| digits.len() == width).count();
        let width = if 2 * n_as_wide >= texts.len() { width as u8 } else { 0 };
        Some(Dress::Digits { prefix: prefix.to_owned(), width })
    }

    /// The number that wears it as this text.
    fn number(&self, text: &str) -> Option<i64> {
        let Dress::Digits { prefix, width } = self else {
            let at = text.ends_with('Z').then(|| text.parse::<Timestamp>().ok()).flatten()?;
            return (at.to_string() == text).then(|| at.millis());
        };
        let digits = text.strip_prefix(&**prefix)?;
        let is_number = !digits.is_empty()
            && digits.len() <= DIGITS_MAX
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        let is_as_wide = match width {
            0 => digits == "0" || !digits.starts_with('0'),
            width => digits.len() == usize::from(*width),
        };
        if is_number && is_as_wide { digits.parse().ok() } else { None }
    }

    /// The text of a number behind what is there.
    fn put_on(&self, number: i64, text: &mut String) -> Option<()> {
        let Dress::Digits { prefix, width } = self else {
            return write!(text, "{}", Timestamp::from_millis(number)?).ok();
        };
        let number = u64::try_from(number).ok()?;
        text.push_str(prefix);
        match usize::from(*width) {
            0 => write!(text, "{number}").ok(),
            width => write!(text, "{number:0width$}").ok(),
        }
    }

    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Dress::Digits { prefix, width } => {
                out.push(DIGITS);
                put_text(out, prefix);
                out.push(*width);
            }
            Dress::Instant => out.push(INSTANT),
        }
    }

    fn read(reader: &mut Reader<'_>) -> Option<Dress> {
        match reader.byte()? {
            DIGITS => {
                let prefix = reader.text().filter(|prefix| prefix.len() <= PREFIX_BYTES_MAX)?;
                let width = reader.byte().filter(|width| usize::from(*width) <= DIGITS_MAX)?;
                Some(Dress::Digits { prefix: prefix.to_owned(), width })
            }
            INSTANT => Some(Dress::Instant),
            _ => None,
        }
    }
}

/// What stands before the digits at the end of a text that has some.
fn prefix(text: &str) -> Option<&str> {
    let prefix = text.trim_end_matches(|letter: char| letter.is_ascii_digit());
    (prefix.len() < text.len() && prefix.len() <= PREFIX_BYTES_MAX).then_some(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The dictionary as it comes back, in the order of what was given; none if it stays as it is.
    fn back(texts: &[&str], keep_order: bool) -> Option<(Vec<String>, usize)> {
        let numbered = Numbered::of(texts, keep_order)?;
        let mut out = Vec::new();
        numbered.put(&mut out);
        let mut reader = Reader::new(&out);
        let (text, ends) = read_numbered(&mut reader, texts.len()).unwrap();
        assert!(reader.is_empty());
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let read: Vec<&str> = starts.zip(&ends).map(|(start, end)| &text[start..*end]).collect();
        assert!(!numbered.keeps_order || keep_order);
        let places = numbered.places.iter().map(|place| read[*place as usize].to_owned());
        Some((places.collect(), out.len()))
    }

    #[test]
    fn texts_come_back_whatever_they_wear() {
        let products: Vec<String> = (0..500).map(|n| format!("p{}", n * 7_919 % 5_000)).collect();
        let padded: Vec<String> = (0..100).map(|n| format!("/p/{:05}", n * 37)).collect();
        let instants: Vec<String> =
            (0..90).map(|n| Timestamp::EPOCH.plus_ms(n * 86_400_007).to_string()).collect();
        let mut strange = products.clone();
        strange.extend(
            ["", "p", "p01", "p-1", "p99999999999999999999", "q7", "p7 "].map(String::from),
        );
        for texts in [products, padded, instants, strange] {
            let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
            for keep_order in [false, true] {
                let (read, n_bytes) = back(&texts, keep_order).unwrap();
                assert_eq!(read, texts);
                assert!(n_bytes < texts.len() * 6, "{n_bytes} bytes");
            }
        }
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        let words = ["shoes", "coats", "hats", "bags", "belts", "socks", "shirts", "skirts", "a1"];
        assert_eq!(back(&words, false), None);
        assert_eq!(back(&["p1", "p2"], false), None);
        let spread: Vec<String> = (0..50).map(|n| format!("{n}-{n}")).collect();
        assert_eq!(back(&spread.iter().map(|text| &**text).collect::<Vec<_>>(), false), None);
    }

    #[test]
    fn no_dress_blows_up() {
        let mut out = vec![DIGITS];
        put_text(&mut out, "p");
        out.extend([0, 1]);
        put_varint(&mut out, 1 << 40);
        out.extend([0, 0, 0]);
        assert_eq!(read_numbered(&mut Reader::new(&out), 2_048), None);
    }
}
