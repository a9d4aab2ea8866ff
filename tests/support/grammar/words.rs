//! The words of a text, and which lexical classes each belongs to.

use throng::lang;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// A bare word; whether a dot stands before it.
    Bare(String, bool),
    Ticked,
    Text,
    Number(String),
    Percent,
    Short,
    Date,
    Timestamp,
    Parameter,
    Regex,
    Sign(String),
}

impl Word {
    /// Whether it is this keyword or sign.
    pub fn is(&self, written: &str) -> bool {
        match self {
            Word::Bare(word, _) => word.eq_ignore_ascii_case(written),
            Word::Sign(sign) => sign == written,
            _ => false,
        }
    }

    /// Whether it belongs to a lexical class of the grammar file.
    pub fn is_a(&self, class: &str) -> bool {
        match (self, class) {
            (Word::Bare(word, dotted), "ident") => *dotted || !is_reserved(word),
            (Word::Bare(..), "word") | (Word::Ticked, "ident" | "ticked") => true,
            (Word::Bare(word, _), "unit") => UNITS.contains(&&*one(word)),
            (Word::Bare(word, _), "month") => MONTHS.contains(&&*word.to_lowercase()),
            (Word::Text, "string") | (Word::Percent, "percent") | (Word::Short, "short") => true,
            (Word::Number(digits), "int" | "small-int") => !digits.contains('.'),
            (Word::Number(_), "number") | (Word::Regex, "regex") => true,
            (Word::Date, "date") | (Word::Timestamp, "timestamp") => true,
            (Word::Short, "short-duration") => true,
            (Word::Parameter, "parameter" | "param-name") => true,
            _ => false,
        }
    }
}

const UNITS: [&str; 9] =
    ["millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year"];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

fn one(word: &str) -> String {
    let word = word.to_lowercase();
    word.strip_suffix('s').map_or(word.clone(), str::to_owned)
}

/// Whether a bare word cannot be a name: as one it is printed in backticks.
fn is_reserved(word: &str) -> bool {
    lang::print_name(&word.to_lowercase()).starts_with('`')
}

const SIGNS: [&str; 19] = [
    "!=", "<=", ">=", "<", ">", "=", "+", "-", "*", "/", "(", ")", ",", ";", ":", ".", "[", "]",
    "$",
];

/// The words of a text that has no errors.
pub fn words(text: &str) -> Vec<Word> {
    places(text).into_iter().map(|(word, ..)| word).collect()
}

/// The same, and where each begins and ends.
pub fn places(text: &str) -> Vec<(Word, usize, usize)> {
    let mut words: Vec<(Word, usize, usize)> = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if rest.starts_with("--") {
            rest = rest.split_once('\n').map_or("", |(_, rest)| rest).trim_start();
            continue;
        }
        let start = text.len() - rest.len();
        let (word, n) = word(rest, words.last().map(|(word, ..)| word));
        words.push((word, start, start + n));
        rest = rest[n..].trim_start();
    }
    words
}

fn length(text: &str, is_part: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is_part(c)).unwrap_or(text.len())
}

fn bare(text: &str) -> usize {
    length(text, |c| c.is_alphanumeric() || c == '_' || ('\u{300}'..='\u{36f}').contains(&c))
}

fn word(rest: &str, before: Option<&Word>) -> (Word, usize) {
    let first = rest.chars().next().unwrap();
    let regex = |before: &Word| before.is("matches") || before.is("blocking");
    match first {
        '"' => (Word::Text, quoted(rest, '"')),
        '`' => (Word::Ticked, 2 + rest[1..].find('`').unwrap()),
        '/' if before.is_some_and(regex) => {
            let n = quoted(rest, '/');
            (Word::Regex, n + usize::from(rest[n..].starts_with('i')))
        }
        '$' => (Word::Parameter, 1 + bare(&rest[1..])),
        c if c.is_ascii_digit() => digits(rest),
        c if c.is_alphabetic() || c == '_' => {
            let n = bare(rest);
            (Word::Bare(rest[..n].to_owned(), before.is_some_and(|it| it.is("."))), n)
        }
        _ => {
            let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
            let sign = sign.unwrap_or_else(|| panic!("no word: {rest}"));
            (Word::Sign((*sign).to_owned()), sign.len())
        }
    }
}

/// The length of what stands in quotes, which are escaped by a backslash.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == quote && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    panic!("never closed: {text}")
}

fn digits(rest: &str) -> (Word, usize) {
    let bytes = rest.as_bytes();
    let is_date = bytes.len() >= 10
        && rest.is_char_boundary(10)
        && rest[..10].chars().enumerate().all(|(at, c)| match at {
            4 | 7 => c == '-',
            _ => c.is_ascii_digit(),
        });
    if is_date {
        let clock = length(&rest[10..], |c| c.is_ascii_digit() || ":.TtZz".contains(c));
        let mut n = 10 + clock;
        if clock > 0 && rest[n..].starts_with(['+', '-']) {
            n += 1 + length(&rest[n + 1..], |c| c.is_ascii_digit() || c == ':');
        }
        return (if clock > 0 { Word::Timestamp } else { Word::Date }, n);
    }
    let mut n = length(rest, |c| c.is_ascii_digit());
    let fraction =
        rest[n..].strip_prefix('.').map_or(0, |rest| length(rest, |c| c.is_ascii_digit()));
    n += if fraction > 0 { 1 + fraction } else { 0 };
    match rest[n..].chars().next() {
        Some('%') => (Word::Percent, n + 1),
        Some(c) if c.is_alphabetic() => (Word::Short, n + bare(&rest[n..])),
        _ => (Word::Number(rest[..n].to_owned()), n),
    }
}
