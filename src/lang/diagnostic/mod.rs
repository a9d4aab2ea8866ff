//! Diagnostics: data until the last moment, then a picture.

mod code;
mod picture;

pub use code::{Code, explanation};

use super::Span;

/// What is wrong with a text (or odd about it), where, and how to mend it.
///
/// ```
/// use throng::lang::{self, Code};
/// let parsed = lang::parse("count people who did order in last 30 dais");
/// assert_eq!(parsed.diagnostics[0].code, Code::Unit);
/// assert_eq!(parsed.diagnostics[0].label, "did you mean `days`?");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its stable name.
    pub code: Code,
    /// What is wrong, in one line.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What stands beside the underlining; may be empty.
    pub label: String,
    /// A second place that matters, and what to say of it.
    pub secondary: Option<(Span, String)>,
    /// How to mend it, one a line. A line that begins with `or: ` or `why: `
    /// is drawn under that word instead of `help`.
    pub helps: Vec<String>,
    /// Whether it stops the statement.
    pub severity: Severity,
}

/// Whether a diagnostic stops its statement.
///
/// ```
/// use throng::lang::{Severity, parse};
/// let severity = |text: &str| parse(text).diagnostics[0].severity;
/// assert_eq!(severity("cuont everyone"), Severity::Error);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// It does.
    Error,
    /// It only says something.
    Warning,
}

impl Diagnostic {
    /// An error.
    ///
    /// ```
    /// use throng::lang::{Code, Diagnostic, Span};
    /// let text = "link a with a";
    /// let wrong = Diagnostic::error(Code::Syntax, Span::new(12, 13), "the two are one")
    ///     .label("the same")
    ///     .also(Span::new(5, 6), "as this")
    ///     .help("name another");
    /// assert_eq!(
    ///     wrong.render(text, None),
    ///     "error[E0001]: the two are one\n \
    ///      1 | link a with a\n   \
    ///        |      -      ^ the same\n   \
    ///        |      as this\n   \
    ///        = help: name another\n"
    /// );
    /// ```
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            message: message.into(),
            span,
            label: String::new(),
            secondary: None,
            helps: Vec::new(),
            severity: Severity::Error,
        }
    }

    /// A warning, which stops nothing.
    ///
    /// ```
    /// use throng::lang::{Code, Diagnostic, Severity, Span};
    /// let odd = Diagnostic::warning(Code::AlwaysOrNever, Span::new(6, 14), "it holds for everyone");
    /// assert_eq!(odd.severity, Severity::Warning);
    /// ```
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, span, message) }
    }

    /// The same, with this beside the underlining.
    pub fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = label.into();
        self
    }

    /// The same, with a second place.
    pub fn also(mut self, span: Span, label: impl Into<String>) -> Diagnostic {
        self.secondary = Some((span, label.into()));
        self
    }

    /// The same, with one more way to mend it.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.helps.push(help.into());
        self
    }

    /// The picture: the message, the line with its underlining, the helps.
    ///
    /// ```
    /// let text = "count people who did order in last 30 dais";
    /// let picture = throng::lang::parse(text).diagnostics[0].render(text, None);
    /// assert!(picture.starts_with("error[E0014]: expected a unit of time, found `dais`\n"));
    /// ```
    pub fn render(&self, text: &str, file: Option<&str>) -> String {
        picture::draw(self, text, file)
    }
}

/// Line and column of a byte of a text, both from 1; columns count characters.
///
/// ```
/// assert_eq!(throng::lang::line_and_column("é\nab", 4), (2, 2));
/// ```
pub fn line_and_column(text: &str, byte: u32) -> (usize, usize) {
    let before = &text[..floor(text, byte as usize)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// The nearest place at or before `byte` where a character begins.
fn floor(text: &str, byte: usize) -> usize {
    let mut at = byte.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
