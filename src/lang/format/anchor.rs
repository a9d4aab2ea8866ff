//! Where the words of a text stand in what is printed of it.
//!
//! The printer leaves words out, adds some and moves clauses: most words keep
//! their order, and of the others each is looked for by itself.

use super::{Token, TokenKind};

/// More steps than this are not spent on the order of words.
const STEPS_MAX: usize = 1 << 22;

/// For each word of the text where it begins and ends among the printed ones, if it is there.
pub(super) struct Anchors {
    places: Vec<Option<(usize, usize)>>,
    n_printed: usize,
}

impl Anchors {
    pub fn new(text: &[Token], printed: &[Token]) -> Anchors {
        let (from, to) = (keys(text), keys(printed));
        let mut found: Vec<Option<usize>> = vec![None; from.len()];
        let mut taken = vec![false; to.len()];
        for (a, b) in in_order(&from, &to) {
            found[a] = Some(b);
            taken[b] = true;
        }
        for a in 0..from.len() {
            // A clause that was moved stays together: what follows the word before comes first.
            let next = a.checked_sub(1).and_then(|before| found[before]).map_or(0, |b| b + 1);
            if found[a].is_none() {
                let is_it = |b: &usize| !taken[*b] && to[*b].0 == from[a].0;
                found[a] = (next..to.len()).find(is_it).or_else(|| (0..next).find(is_it));
                found[a].into_iter().for_each(|b| taken[b] = true);
            }
        }
        let mut places = vec![None; text.len()];
        for (a, b) in found.into_iter().enumerate().filter_map(|(a, b)| Some((a, b?))) {
            let place: &mut Option<(usize, usize)> = &mut places[from[a].1];
            let first = place.map_or(to[b].1, |(first, _)| first);
            *place = Some((first, to[b].1));
        }
        Anchors { places, n_printed: printed.len() }
    }

    /// The gap behind a word, or behind the nearest one before it.
    pub fn behind(&self, place: usize) -> usize {
        let found = self.places[..=place].iter().rev().find_map(|at| *at);
        found.map_or(0, |(_, last)| last + 1)
    }

    /// The gap before a word, or before the nearest one behind it.
    pub fn before(&self, place: usize) -> usize {
        let found = self.places.get(place..).unwrap_or_default().iter().find_map(|at| *at);
        found.map_or(self.n_printed, |(first, _)| first)
    }
}

/// What a token says, however it is written, and its place.
fn keys(tokens: &[Token]) -> Vec<(String, usize)> {
    let said = |token: &Token| match &token.kind {
        TokenKind::Word(word) => vec![plain(&word.to_lowercase())],
        TokenKind::Ticked(name) | TokenKind::Text(name) => vec![plain(&name.to_lowercase())],
        TokenKind::Short(digits, letters) => vec![digits.to_string(), long(letters).to_owned()],
        TokenKind::Span(count, unit) => vec![count.to_string(), format!("{}s", unit.name())],
        TokenKind::Number(digits) => vec![digits.to_string()],
        TokenKind::Sign(sign) => vec![(*sign).to_owned()],
        other => vec![format!("{other:?}")],
    };
    let keyed = tokens.iter().enumerate();
    keyed.flat_map(|(place, token)| said(token).into_iter().map(move |key| (key, place))).collect()
}

/// Words that are printed in another form than they may be written.
fn plain(word: &str) -> String {
    match word {
        "is" => "=".to_owned(),
        "time" => "times".to_owned(),
        "millisecond" | "second" | "minute" | "hour" | "day" | "week" | "month" | "quarter"
        | "year" => format!("{word}s"),
        other => other.to_owned(),
    }
}

fn long(letters: &str) -> &'static str {
    match &*letters.to_lowercase() {
        "ms" => "milliseconds",
        "s" => "seconds",
        "m" => "minutes",
        "h" => "hours",
        "w" => "weeks",
        _ => "days",
    }
}

/// Pairs of equal words, in order: all at both ends, and the most in between.
fn in_order(from: &[(String, usize)], to: &[(String, usize)]) -> Vec<(usize, usize)> {
    let same = |(a, b): &(&(String, usize), &(String, usize))| a.0 == b.0;
    let n_first = from.iter().zip(to).take_while(same).count();
    let [from_left, to_left] = [&from[n_first..], &to[n_first..]];
    let n_last = from_left.iter().rev().zip(to_left.iter().rev()).take_while(same).count();
    let [n, m] = [from_left.len() - n_last, to_left.len() - n_last];
    let mut pairs: Vec<(usize, usize)> = (0..n_first).map(|place| (place, place)).collect();
    if n * m <= STEPS_MAX {
        let inside = longest(&from_left[..n], &to_left[..m]);
        pairs.extend(inside.into_iter().map(|(a, b)| (a + n_first, b + n_first)));
    }
    pairs.extend((0..n_last).map(|place| (from.len() - n_last + place, to.len() - n_last + place)));
    pairs
}

/// A longest common row of words.
fn longest(from: &[(String, usize)], to: &[(String, usize)]) -> Vec<(usize, usize)> {
    let width = to.len() + 1;
    let mut best = vec![0_u32; (from.len() + 1) * width];
    for a in (0..from.len()).rev() {
        for b in (0..to.len()).rev() {
            best[a * width + b] = match from[a].0 == to[b].0 {
                true => best[(a + 1) * width + b + 1] + 1,
                false => best[(a + 1) * width + b].max(best[a * width + b + 1]),
            };
        }
    }
    let (mut a, mut b, mut pairs) = (0, 0, Vec::new());
    while a < from.len() && b < to.len() {
        if from[a].0 == to[b].0 {
            pairs.push((a, b));
            (a, b) = (a + 1, b + 1);
        } else if best[(a + 1) * width + b] >= best[a * width + b + 1] {
            a += 1;
        } else {
            b += 1;
        }
    }
    pairs
}
