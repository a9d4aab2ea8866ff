//! Where something stands in a text.

/// A stretch of a text, in bytes, half-open.
///
/// ```
/// use throng::lang::Span;
/// let [first, second] = [Span::new(0, 5), Span::new(6, 14)];
/// assert_eq!(first.to(second), Span { start: 0, end: 14 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Its first byte.
    pub start: u32,
    /// The byte behind its last.
    pub end: u32,
}

impl Span {
    /// The stretch from `start` to before `end`.
    pub fn new(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    /// The least stretch that holds both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// Something of the text, and where it stands.
///
/// ```
/// use throng::lang::{Span, Spanned, parse, tree::StatementKind};
/// let text = "drop audience lapsed";
/// let StatementKind::Drop(_, name) = &parse(text).statements[0].kind else { panic!() };
/// assert_eq!(*name, Spanned::new("lapsed".into(), Span::new(14, 20)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What it is.
    pub node: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `node`, standing at `span`.
    pub fn new(node: T, span: Span) -> Spanned<T> {
        Spanned { node, span }
    }
}
