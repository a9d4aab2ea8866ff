//! The picture of a diagnostic: the line, what is underlined in it, and the helps.

use super::{Diagnostic, Severity, floor, line_and_column};
use crate::lang::Span;
use std::fmt::Write;

/// Characters of one line that are shown at most; a longer one is cut around its underlining.
const WIDTH_MAX: usize = 160;

/// An underlining within one line: columns from 0, in characters.
struct Mark<'a> {
    line: usize,
    from: usize,
    to: usize,
    sign: char,
    label: &'a str,
}

pub(super) fn draw(diagnostic: &Diagnostic, text: &str, file: Option<&str>) -> String {
    let marks = marks(diagnostic, text);
    let gutter = marks.iter().map(|mark| mark.line).max().unwrap_or(1).to_string().len() + 1;
    let mut out = headline(diagnostic);
    if let Some(file) = file {
        let (line, column) = line_and_column(text, diagnostic.span.start);
        let _ = writeln!(out, "{:gutter$}--> {file}:{line}:{column}\n{:gutter$} |", "", "");
    }
    let mut shown = 0;
    for line in marks.iter().map(|mark| mark.line) {
        if line <= shown {
            continue;
        }
        if shown > 0 && line > shown + 1 {
            out.push_str("...\n");
        }
        let of_line: Vec<&Mark<'_>> = marks.iter().filter(|mark| mark.line == line).collect();
        draw_line(&mut out, text, gutter, line, &of_line);
        shown = line;
    }
    draw_helps(&mut out, diagnostic, gutter);
    out
}

fn headline(diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    format!("{severity}[{}]: {}\n", diagnostic.code, printable(&diagnostic.message))
}

/// The underlinings, from the first to the last in the text.
fn marks<'a>(diagnostic: &'a Diagnostic, text: &str) -> Vec<Mark<'a>> {
    let mut marks = vec![mark(text, diagnostic.span, '^', &diagnostic.label)];
    if let Some((span, label)) = &diagnostic.secondary {
        marks.push(mark(text, *span, '-', label));
    }
    marks.sort_by_key(|mark| (mark.line, mark.from));
    marks
}

/// What is underlined of a span: its part in its first line, at least one character wide.
fn mark<'a>(text: &str, span: Span, sign: char, label: &'a str) -> Mark<'a> {
    let (line, column) = line_and_column(text, span.start);
    let start = floor(text, span.start as usize);
    let end = floor(text, span.end as usize).max(start);
    let covered = text[start..end].lines().next().unwrap_or_default();
    let width = covered.chars().count().max(1);
    Mark { line, from: column - 1, to: column - 1 + width, sign, label }
}

fn draw_line(out: &mut String, text: &str, gutter: usize, line: usize, marks: &[&Mark<'_>]) {
    let full: Vec<char> =
        printable(text.lines().nth(line - 1).unwrap_or_default()).chars().collect();
    let (cut, shown) = window(&full, marks);
    let _ = writeln!(out, "{line:>gutter$} | {}", shown.trim_end());
    let mut rows = vec![String::new()];
    for mark in marks {
        underline(&mut rows[0], mark, cut, shown.chars().count());
    }
    // The label of the last stands beside it; that of one before stands below it.
    for (place, mark) in marks.iter().enumerate().filter(|(_, mark)| !mark.label.is_empty()) {
        if place + 1 == marks.len() {
            let _ = write!(rows[0], " {}", printable(mark.label));
        } else {
            rows.push(format!(
                "{:1$}{2}",
                "",
                mark.from - cut.min(mark.from),
                printable(mark.label)
            ));
        }
    }
    for row in rows {
        let _ = writeln!(out, "{:gutter$} | {}", "", row.trim_end());
    }
}

fn underline(row: &mut String, mark: &Mark<'_>, cut: usize, width: usize) {
    let from = mark.from.saturating_sub(cut).min(width);
    let to = mark.to.saturating_sub(cut).clamp(from + 1, width.max(from + 1));
    let drawn = row.chars().count();
    row.extend(std::iter::repeat_n(' ', from.saturating_sub(drawn)));
    row.extend(std::iter::repeat_n(mark.sign, to - from.max(drawn).min(to)));
}

/// What is shown of a line, and how many characters were left out before it.
fn window(full: &[char], marks: &[&Mark<'_>]) -> (usize, String) {
    if full.len() <= WIDTH_MAX {
        return (0, full.iter().collect());
    }
    let first = marks.first().map_or(0, |mark| mark.from);
    let cut = first.saturating_sub(WIDTH_MAX / 2).min(full.len() - WIDTH_MAX);
    (cut, full[cut..cut + WIDTH_MAX].iter().collect())
}

fn draw_helps(out: &mut String, diagnostic: &Diagnostic, gutter: usize) {
    for help in &diagnostic.helps {
        let (word, help) = match help.split_once(": ") {
            Some(("or", rest)) => ("or:  ", rest),
            Some(("why", rest)) => ("why:", rest),
            _ => ("help:", help.as_str()),
        };
        let _ = writeln!(out, "{:gutter$} = {word} {}", "", printable(help));
    }
}

/// The text with signs that would move a terminal's cursor made harmless; a tab is one space.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' => ' ',
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Code;

    fn at(text: &str, part: &str) -> Span {
        let start = text.find(part).unwrap();
        Span::new(start as u32, (start + part.len()) as u32)
    }

    #[test]
    fn a_file_is_named_with_line_and_column() {
        let text = "create audience winback is\n\n  people who did oder_completed in last 90 days";
        let diagnostic = Diagnostic::error(
            Code::UnknownEvent,
            at(text, "oder_completed"),
            "unknown event `oder_completed`",
        )
        .label("no such event (148 known)")
        .help("did you mean `order_completed` (1,204,551 events, last seen 2 minutes ago)?");
        assert_eq!(
            diagnostic.render(text, Some("winback.who")),
            "\
error[E0102]: unknown event `oder_completed`
  --> winback.who:3:18
   |
 3 |   people who did oder_completed in last 90 days
   |                  ^^^^^^^^^^^^^^ no such event (148 known)
   = help: did you mean `order_completed` (1,204,551 events, last seen 2 minutes ago)?
"
        );
    }

    #[test]
    fn of_two_labels_in_a_line_the_left_stands_below() {
        let text = "create audience a is\n  people whose max(order.total) > \"100\"";
        let message = "`order.total` is a number, compared with text";
        let diagnostic = Diagnostic::error(Code::TypeMismatch, at(text, "\"100\""), message)
            .label("text; remove the quotes")
            .also(at(text, "order.total"), "number, as `describe audience` shows");
        assert_eq!(
            diagnostic.render(text, None),
            "\
error[E0211]: `order.total` is a number, compared with text
 2 |   people whose max(order.total) > \"100\"
   |                    -----------    ^^^^^ text; remove the quotes
   |                    number, as `describe audience` shows
"
        );
    }

    #[test]
    fn why_comes_before_help_and_lines_far_apart_are_parted() {
        let text = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj";
        let diagnostic = Diagnostic::warning(Code::NotLive, at(text, "j"), "odd")
            .also(at(text, "b"), "this")
            .help("why: it moves")
            .help("mend it");
        assert_eq!(
            diagnostic.render(text, None),
            "\
warning[E0311]: odd
  2 | b
    | - this
...
 10 | j
    | ^
    = why: it moves
    = help: mend it
"
        );
    }

    #[test]
    fn any_span_of_any_text_can_be_drawn() {
        let text = "é\t\u{1b}[31m x\r\n\u{0}日本".repeat(40) + &"y".repeat(1_000);
        for start in 0..text.len() as u32 + 2 {
            for end in [start, start + 1, start + 300, 0, u32::MAX] {
                let diagnostic = Diagnostic::error(Code::Syntax, Span::new(start, end), "m")
                    .label("l")
                    .also(Span::new(end, start), "k");
                let picture = diagnostic.render(&text, Some("f"));
                assert!(!picture.contains('\u{1b}'), "{start}..{end}");
                assert!(picture.lines().all(|line| line.chars().count() < 400));
            }
        }
    }
}
