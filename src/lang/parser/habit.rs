//! Slips of those who know SQL, or who say it in an English of their own: what
//! was written stands at most a few tokens before the place that did not fit.

use super::input::Input;
use super::literal::MONTHS;
use super::parameter::is_given;
use super::slip::Slip;
use super::trouble::Expected;
use crate::lang::token::TokenKind;
use crate::model::{Date, Timestamp};

/// The slip of a habit that was made around the place where the text did not go on.
pub(super) fn habit(start: Input<'_>, input: Input<'_>) -> Option<Slip> {
    // Of a value that was given it is told what it is.
    if is_given(input) {
        return None;
    }
    let before = |n: usize| input.at().checked_sub(n).map(|at| start.moved_to(at));
    foreign_clause(start, input)
        .or_else(|| before(1).and_then(|before| clause_behind(start, before, input)))
        .or_else(|| quoted_or_not(start, input))
        .or_else(|| dated(input))
        .or_else(|| month(before(1)?, input))
        .or_else(|| negated(start, before(1)?, input))
        .or_else(|| (1..=4).filter_map(before).find_map(|from| said(from, input)))
        .or_else(|| arrow_of_steps(start, input))
}

/// Clauses that SQL has and a question has not.
fn foreign_clause(start: Input<'_>, input: Input<'_>) -> Option<Slip> {
    let before = input.at().checked_sub(1).map(|at| start.moved_to(at));
    let having = [Some(input), before].into_iter().flatten().find(|it| it.is_word(0, "having"));
    if let Some(having) = having {
        return Slip::new(having.span(), "what people did is a condition")?.help(
            "write `people who did order at least 2 times`, or `people whose count(order) >= 2`",
        );
    }
    if input.is_word(0, "offset") {
        return Slip::new(input.span(), "a list has no pages")?
            .help("`limit` keeps the first rows; for the others narrow the condition");
    }
    if start.is_word(0, "list") && input.at() == 1 && input.is_sign(0, "*") {
        return Slip::new(input.span(), "name what is shown of each: `list user_id, email of ...`");
    }
    let reports = ["list", "total", "count"];
    let is_all = input.is_any(1, &["people", "everyone"]);
    if start.is_any(0, &reports) && input.is_word(0, "from") && (is_all || start.is_word(0, "list"))
    {
        return Slip::new(input.span(), "write `of`")?
            .help("`of people who ...`, or `of everyone` for all of them");
    }
    None
}

/// What goes together with the word before.
fn clause_behind(start: Input<'_>, before: Input<'_>, input: Input<'_>) -> Option<Slip> {
    if input.is_word(0, "with") && input.is_word(1, "hindsight") {
        return Slip::new(input.span_of(2), "it says of which instant: `as of X with hindsight`");
    }
    if before.is_word(0, "everyone") && input.is_any(0, &["where", "whose", "who", "with"]) {
        let ours = if input.is_word(0, "who") { "people who" } else { "people whose" };
        return Slip::new(before.span_of(2), format!("write `{ours}`"));
    }
    if before.is_word(0, "from") && input.is_any(0, &["people", "everyone"]) {
        return Slip::new(before.span(), "write `of`");
    }
    if before.is_word(0, "distinct") || input.is_word(0, "distinct") {
        let span = if before.is_word(0, "distinct") { before.span() } else { input.span() };
        return Slip::new(span, "each person is counted once as it is")?.help(
            "how many values there are of a property: `distinct(order.number)`; each value of an \
             attribute once: `count everyone by country`",
        );
    }
    if let Some(slip) = time_behind(start, before, input) {
        return Some(slip);
    }
    let is_counted = before.at() > 0 && start.moved_to(before.at() - 1).is_word(0, "count");
    if is_counted && before.is_sign(0, "(") && input.is_sign(0, "*") {
        return Slip::new(input.span(), "name what is counted")?.help(
            "`count(order)` says how many orders somebody has; `count people ...` counts people",
        );
    }
    if before.is_any(0, &["count", "of"]) {
        return other_word_for_people(input);
    }
    if matches!(before.first(), Some(TokenKind::Number(_))) && input.is_any(0, &["percent", "pct"])
    {
        let share = input.text(before.span());
        return Slip::new(before.span_of(2), format!("write `{share}%`"));
    }
    audience(start, before, input)
}

/// A length of time where an instant stands, and a window behind what it should stand in.
fn time_behind(start: Input<'_>, before: Input<'_>, input: Input<'_>) -> Option<Slip> {
    let of = if input.is_word(0, "of") { input } else { before };
    let as_of = of.at().checked_sub(1).map(|at| start.moved_to(at));
    let is_length = matches!(of.ahead(1), Some(TokenKind::Number(_) | TokenKind::Short(..)));
    if as_of.is_some_and(|it| it.is_word(0, "as")) && of.is_word(0, "of") && is_length {
        return Slip::new(of.skip(1).span(), "a date or an instant stands here")?.help(
            "`as of 2026-02-10` is the start of that day, `as of 2026-02-10T12:00:00Z` an instant",
        );
    }
    let window = if input.is_word(0, "in") { input } else { before };
    let expected = input.source.expected.borrow();
    let may_be_zone = expected.contains(&Expected::Word("timezone"));
    let is_behind = before.is_sign(0, ")") && expected.contains(&Expected::Word("of"));
    let is_window = window.is_word(0, "in") && window.is_any(1, &["last", "this"]);
    if start.is_any(0, &["list", "total"]) && is_window && (may_be_zone || is_behind) {
        return Slip::new(window.span_of(2), "a window stands inside of the parentheses")?
            .help("`sum(order.total in last 90 days)`; by periods there is `trend ... per month`");
    }
    None
}

fn other_word_for_people(input: Input<'_>) -> Option<Slip> {
    let words = ["customers", "users", "profiles", "persons", "contacts", "visitors", "clients"];
    if !input.is_any(0, &words) {
        return None;
    }
    let is_all = input.rest.len() == 1 || input.is_any(1, &["by", "sort", "limit", "as"]);
    Slip::new(input.span(), if is_all { "write `everyone`" } else { "write `people`" })
}

/// A name behind `in`, where an audience could have been meant.
fn audience(start: Input<'_>, before: Input<'_>, input: Input<'_>) -> Option<Slip> {
    let is_expected = input.source.expected.borrow().contains(&Expected::Word("audience"));
    let ends = input.rest.len() == 1
        || input.is_sign(1, ")")
        || input.is_any(1, &["and", "or", "by", "as", "sort", "limit", "in"]);
    let is_name = matches!(input.first(), Some(TokenKind::Word(_) | TokenKind::Text(_)));
    if before.is_word(0, "in") && is_expected && is_name && ends {
        let name = input.text(input.span());
        return Slip::new(input.span(), format!("write `in audience {name}`"))?
            .help("or `in list` for a list of people");
    }
    let behind_audience =
        input.at().checked_sub(2).is_some_and(|at| start.moved_to(at).is_word(0, "audience"));
    let is_dated = matches!(input.ahead(1), Some(TokenKind::Date(_) | TokenKind::Timestamp(_)));
    if behind_audience && is_dated && input.is_any(0, &["on", "at", "since"]) {
        return Slip::new(input.span(), "write `as of`");
    }
    None
}

/// Texts stand in quotes, and a person is named by a text.
fn quoted_or_not(start: Input<'_>, input: Input<'_>) -> Option<Slip> {
    let written = input.text(input.span());
    let is_text = matches!(input.first(), Some(TokenKind::Text(_)));
    let is_word = matches!(input.first(), Some(TokenKind::Word(_)));
    if start.is_word(0, "why") && start.is_word(1, "is") && (is_word || is_text) {
        let at = input.at();
        if at == 2 || at == 3 && start.is_word(2, "profile") {
            // A name with its namespace may stand there without its quotes.
            let span = input.span_of(if input.is_sign(1, ":") { 3 } else { 1 });
            let bare = input.text(span).trim_matches('"');
            let name = if bare.contains(':') { bare.to_owned() } else { format!("user_id:{bare}") };
            return Slip::new(
                span,
                format!("write `{}\"{name}\"`", if at == 2 { "profile " } else { "" }),
            );
        }
    }
    let expected = input.source.expected.borrow();
    let texts = expected.iter().all(|it| *it == Expected::Thing("a text in double quotes"));
    (is_word && texts && !expected.is_empty())
        .then(|| Slip::new(input.span(), format!("write `\"{written}\"`")))
        .flatten()
}

/// Dates as they are written elsewhere.
fn dated(input: Input<'_>) -> Option<Slip> {
    let expected = input.source.expected.borrow();
    let is_date =
        |it: &Expected| matches!(it, Expected::Thing(thing) if thing.starts_with("a date"));
    if !expected.iter().any(is_date) {
        return None;
    }
    if let Some(TokenKind::Text(text)) = input.first() {
        let is_date = text.parse::<Date>().is_ok() || text.parse::<Timestamp>().is_ok();
        let shown = if is_date { text } else { "2026-03-01" };
        return Slip::new(input.span(), format!("a date has no quotes: write `{shown}`"));
    }
    let numbers = (input.first()?, input.ahead(2)?, input.ahead(4)?);
    let (TokenKind::Number(a), TokenKind::Number(b), TokenKind::Number(c)) = numbers else {
        return None;
    };
    let are_signs = |sign| input.is_sign(1, sign) && input.is_sign(3, sign);
    let year_first = a.len() == 4 && (are_signs("-") || are_signs("/"));
    let label = if year_first {
        format!("write `{a}-{b:0>2}-{c:0>2}`")
    } else {
        "a date is written year, month, day: `2026-03-01`".to_owned()
    };
    Slip::new(input.span_of(5), label)
}

/// A month by its first letters.
fn month(before: Input<'_>, input: Input<'_>) -> Option<Slip> {
    let Some(TokenKind::Word(word)) = input.first() else { return None };
    let is_audience = input.source.expected.borrow().contains(&Expected::Word("audience"));
    if !before.is_any(0, &["in", "any"]) || is_audience || word.len() < 3 {
        return None;
    }
    let word = word.to_ascii_lowercase();
    let (month, _) = MONTHS.iter().zip(1..).find(|(month, _)| month.starts_with(&*word))?;
    Slip::new(input.span(), format!("write `{month}`"))
}

/// `did never order`, `did none of (a, b)`, `did (no order then view)`.
fn negated(start: Input<'_>, before: Input<'_>, input: Input<'_>) -> Option<Slip> {
    if before.is_word(0, "did") && input.is_word(0, "never") {
        return Slip::new(before.span_of(2), "write `never did`");
    }
    if before.is_word(0, "did") && input.is_any(0, &["none", "no", "neither"]) {
        let n = if input.is_word(1, "of") { 3 } else { 2 };
        let ours = if n == 3 { "did not any of" } else { "did not" };
        return Slip::new(before.span_of(n), format!("write `{ours}`"));
    }
    let is_first = before.is_sign(0, "(")
        && before.at() > 0
        && start.moved_to(before.at() - 1).is_any(0, &["did", "not", "funnel"]);
    let absent = input.text(input.skip(1).span());
    (is_first && input.is_word(0, "no") && input.is_word(2, "then"))
        .then(|| {
            let next = input.text(input.skip(3).span());
            let help = format!("write `did {next} and did not {absent} before first {next}`");
            Slip::new(input.span_of(2), "a sequence begins with what happened")?.help(help)
        })
        .flatten()
}

/// Phrases that begin at a token at or before the place that did not fit.
fn said(from: Input<'_>, input: Input<'_>) -> Option<Slip> {
    let n_before = input.at() - from.at();
    if from.is_word(0, "within") && (2..=3).contains(&n_before) {
        let expected = input.source.expected.borrow();
        let is_point = input.is_any(0, &["first", "last"]);
        let is_window = !is_point
            && expected.contains(&Expected::Word("after"))
            && expected.contains(&Expected::Word("of"));
        let span = from.span_of(n_before);
        let length = from.text(from.skip(1).span_of(n_before - 1));
        return is_window
            .then(|| Slip::new(span, format!("write `in last {length}`")))
            .flatten()?
            .help("`within` is followed by a point in time: `within 7 days after first order`");
    }
    number_before_name(from)
}

/// `did at least 2 orders`: the event stands before its count.
fn number_before_name(from: Input<'_>) -> Option<Slip> {
    if !from.is_word(0, "did") {
        return None;
    }
    let words = match () {
        () if from.is_word(1, "at") && from.is_any(2, &["least", "most"]) => 2,
        () if from.is_any(1, &["more", "fewer", "less"]) && from.is_word(2, "than") => 2,
        () if from.is_word(1, "exactly") => 1,
        () => 0,
    };
    let number = from.skip(1 + words);
    let Some(TokenKind::Number(n)) = number.first() else { return None };
    let Some(TokenKind::Word(name)) = number.ahead(1) else { return None };
    if number.is_any(1, &["of", "times", "time"]) {
        return None;
    }
    let compared = from.skip(1);
    let compared = if words == 0 { "exactly" } else { compared.text(compared.span_of(words)) };
    let compared = compared.replace("less", "fewer");
    let times = if **n == *"1" { "time" } else { "times" };
    Slip::new(from.span_of(words + 3), format!("write `did {name} {compared} {n} {times}`"))
}

/// Steps without their parentheses, an adverb for a unit, and `ever`.
fn arrow_of_steps(start: Input<'_>, input: Input<'_>) -> Option<Slip> {
    if start.is_word(0, "funnel") && input.at() == 1 && !input.is_sign(0, "(") {
        return Slip::new(input.span(), "the steps stand in parentheses: `funnel (a then b)`");
    }
    let is_did = input.at().checked_sub(2).is_some_and(|at| start.moved_to(at).is_word(0, "did"));
    if is_did && input.is_word(0, "then") {
        return Slip::new(input.span(), "a sequence stands in parentheses: `did (a then b)`");
    }
    if input.is_word(0, "ever") {
        return Slip::new(input.span(), "without a window all of the past counts")?
            .help("write `did order`, or `never did order`");
    }
    let Some(TokenKind::Word(word)) = input.first() else { return None };
    let adverbs = [
        ("hourly", "hour"),
        ("daily", "day"),
        ("weekly", "week"),
        ("monthly", "month"),
        ("quarterly", "quarter"),
        ("yearly", "year"),
    ];
    let (_, unit) = adverbs.iter().find(|(adverb, _)| word.eq_ignore_ascii_case(adverb))?;
    Slip::new(input.span(), format!("write `per {unit}`"))
}
